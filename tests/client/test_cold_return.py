"""A return to an expired prompt cache in the real client: told at resume, and at a prompt."""

import re
import time
from datetime import datetime, timedelta
from pathlib import Path

from clearpoint.install.executables import executables_dir
from clearpoint.install.registering import install
from clearpoint.session.load import read
from clearpoint.store.store import Store

from .conftest import ClientFactory

AWAY = timedelta(hours=2)
STAMP = re.compile(r'"timestamp":"(\d{4}-[\d:T-]+\.\d+)Z"')


def make_old(transcript: Path) -> None:
    """Have everything in a transcript be two hours older."""

    def older(found: re.Match[str]) -> str:
        then = datetime.fromisoformat(found[1]) - AWAY
        return f'"timestamp":"{then.isoformat(timespec="milliseconds")}Z"'

    transcript.write_text(STAMP.sub(older, transcript.read_text()))


def leave(store: Store, session_id: str) -> None:
    """Have the newest turn of a session end two hours ago."""
    state = read(store, session_id)
    assert state is not None
    state["system"]["left_at"] = time.time() - AWAY.total_seconds()
    store.write_state(state)


def test_a_return_to_a_cold_cache_is_told_at_resume_and_at_a_prompt(client: ClientFactory) -> None:
    lab = client()
    install("project", lab.project, config_dir=lab.home / ".claude", executables=executables_dir())
    terminal = lab.start("--model", "claude-opus-5-5")
    terminal.say("hello")
    terminal.say("USAGE:126000@@ and on")
    (begun,) = terminal.events("SessionStart")
    terminal.kill()
    make_old(Path(str(begun.payload["transcript_path"])))
    again = lab.start("--resume", begun.session_id, "--model", "claude-opus-5-5")
    (resumed,) = again.events("SessionStart", source="resume")
    assert resumed.payload["prompt_cache_likely_expired"] is True
    again.wait_for_text(
        "The prompt cache has expired: continuing re-sends 126k tokens uncached (about $"
    )
    again.say("USAGE:127000@@ go on")
    leave(Store(str(lab.state)), begun.session_id)
    again.say("USAGE:128000@@ and on")
    again.wait_for_text(
        "UserPromptSubmit says: The prompt cache has expired: continuing re-sends 127k"
    )
