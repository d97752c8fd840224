"""Autopilot in the real client: it compacts where it was told to, and is taken back exactly."""

import pytest

from clearpoint.hygiene import autopilot
from clearpoint.install import own_values
from clearpoint.install.executables import executables_dir
from clearpoint.install.registering import install
from clearpoint.session.load import read
from clearpoint.store.store import Store

from .conftest import ClientFactory

POINT = 120_000
SETTINGS = '{ "permissions": {"allow": ["Bash"]} }'


@pytest.mark.parametrize("model", ["claude-opus-5-5", "claude-haiku-4-5-20251001"])
def test_with_autopilot_on_compaction_strikes_there_and_the_work_goes_on(
    client: ClientFactory, model: str
) -> None:
    lab = client()
    path = lab.project / ".claude" / "settings.json"
    path.write_text(SETTINGS)
    install("project", lab.project, config_dir=lab.home / ".claude", executables=executables_dir())
    watched = path.read_bytes()
    own_values.put(path, autopilot.FEATURE, autopilot.edits(POINT))
    terminal = lab.start("--model", model)
    terminal.say("For SPEC-AUTH-001 we decided to use JWT.")
    terminal.say(f"USAGE:{POINT - 5_000}@@ nearly there")
    terminal.say("still below")
    assert lab.requests(kind="summary") == []
    terminal.say(f"USAGE:{POINT + 1_000}@@ past the point")
    terminal.say("one more")
    (summary,) = lab.requests(kind="summary")
    assert "we decided to use JWT" in summary.text.rpartition("Additional Instructions:")[2]
    blocks = [text for _, text in lab.requests()[-1].blocks if "Clearpoint" in text]
    assert any("SPEC-AUTH-001" in text for text in blocks)
    state = read(Store(str(lab.state)), terminal.session_id)
    assert state is not None
    assert state["context_window"]["compaction_at"] == POINT
    own_values.take_back(path, autopilot.FEATURE)
    assert path.read_bytes() == watched
