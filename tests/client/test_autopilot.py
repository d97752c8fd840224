"""Autopilot in the real client: it compacts where it was told to, and is taken back exactly."""

import json

import pytest
from builders import transcript_lines
from made import answer, prompt

from clearpoint.cli.main import main
from clearpoint.history.transcripts import folder_name
from clearpoint.hygiene import autopilot
from clearpoint.install import own_values
from clearpoint.install.executables import executables_dir
from clearpoint.install.registering import install
from clearpoint.session.load import read
from clearpoint.store.store import Store
from clearpoint.transcript.entry import Entry

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
    with lab.stream("--model", model) as stream:
        stream.prompt("For SPEC-AUTH-001 we decided to use JWT.")
        stream.prompt(f"USAGE:{POINT - 5_000}@@ nearly there")
        stream.prompt("still below")
        assert lab.requests(kind="summary") == []
        stream.prompt(f"USAGE:{POINT + 1_000}@@ past the point")
        session_id = stream.prompt("one more")["session_id"]
    (summary,) = lab.requests(kind="summary")
    assert "we decided to use JWT" in summary.text.rpartition("Additional Instructions:")[2]
    blocks = [text for _, text in lab.requests()[-1].blocks if "Clearpoint" in text]
    assert any("SPEC-AUTH-001" in text for text in blocks)
    state = read(Store(str(lab.state)), session_id)
    assert state is not None
    assert state["context_window"]["compaction_at"] == POINT
    own_values.take_back(path, autopilot.FEATURE)
    assert path.read_bytes() == watched


def test_autopilot_chooses_a_size_by_earlier_sessions_and_compaction_strikes_there(
    client: ClientFactory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lab = client()
    folder = lab.home / ".claude" / "projects" / folder_name(str(lab.project))
    folder.mkdir(parents=True)
    (folder / "earlier.jsonl").write_bytes(transcript_lines(*session(30_000, 170_000, 2_000)))
    places = {"HOME": lab.home, "CLAUDE_CONFIG_DIR": lab.home / ".claude"}
    for name, value in {**places, "CLAUDE_PROJECT_DIR": lab.project}.items():
        monkeypatch.setenv(name, str(value))
    path = lab.project / ".claude" / "settings.json"
    path.write_text(SETTINGS)
    assert main(["autopilot", "on", "--at", "auto"]) == 0
    told = capsys.readouterr().out
    point = autopilot.point_of(json.loads(path.read_text())["autoCompactWindow"])
    assert told.startswith(f"at {point // 1_000}k: ")
    terminal = lab.start("--model", "claude-opus-5-5")
    terminal.say("hello")
    terminal.say(f"USAGE:{point - 5_000}@@ nearly there")
    terminal.say("still below")
    before = len(lab.requests(kind="summary"))
    terminal.say(f"USAGE:{point + 1_000}@@ past the point")
    terminal.say("one more")
    assert (before, len(lab.requests(kind="summary"))) == (0, 1)
    assert main(["autopilot", "off"]) == 0
    assert path.read_text() == SETTINGS


def session(*uses: int) -> list[Entry]:
    """A session that goes from one use to another in steps, as the client writes it."""
    return [
        entry
        for number, used in enumerate(range(*uses))
        for entry in (
            prompt(f"Prompt {number}.", uuid=f"u{number}", parent=f"a{number - 1}"),
            answer(message_id=f"m{number}", used=used, uuid=f"a{number}"),
        )
    ]
