"""The demonstration: a sample session that the real executables see, and what is shown of it."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from pathlib import Path  # noqa: TC003

import pytest

from clearpoint.cli.main import main
from clearpoint.demo.stage import (
    CHARS_PER_TOKEN,
    SYSTEM_TOKENS,
    Call,
    Conversation,
    Stage,
    StageError,
)
from clearpoint.demo.story import story
from clearpoint.tokens.counts import counts_of
from clearpoint.tokens.usage import fold, new_usage
from clearpoint.transcript.fast_decoder import decode

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample project of one demonstration, and what it printed."""
    return tmp_path_factory.mktemp("demo") / "sample"


@pytest.fixture(scope="module")
def printed(kept: Path) -> str:
    """What one demonstration prints."""
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()) as out:
        patch.setenv("COLUMNS", "100")
        patch.setenv("CLEARPOINT_DIR", "/nowhere/at/all")
        assert main(["demo", "--keep", str(kept)]) == 0
    return out.getvalue()


@pytest.mark.parametrize(
    "part",
    [
        pytest.param("SPEC-AUTH-001 · implementation", id="the status line"),
        pytest.param("Each request now re-sends", id="advice"),
        pytest.param("Stop says: Context: ", id="a higher level"),
        pytest.param("Claude is told: Context: ", id="the note for Claude"),
        pytest.param("less than a turn until", id="the highest level before compaction"),
        pytest.param(
            "Please keep in the summary what is easily lost:", id="the summarizer's instructions"
        ),
        pytest.param("SessionStart says: Picked up SPEC-AUTH-001 from", id="clear"),
        pytest.param("Clearpoint reload", id="the reload context"),
        pytest.param(
            "Checks after the last edit: pytest tests/test_limits.py FAILED.", id="a failing test"
        ),
        pytest.param("20k/200k window 10%", id="the room after the clear"),
        pytest.param("state.json", id="where the state is"),
        pytest.param("Median time of each hook", id="how long it took"),
    ],
)
def test_the_demonstration_shows(part: str, printed: str) -> None:
    assert part in printed


def test_the_state_is_in_the_sample_project_whatever_the_environment_says(
    kept: Path, printed: str
) -> None:
    assert printed
    assert len([*kept.glob(".claude/clearpoint/projects/*/sessions/*")]) == 2


def test_a_folder_that_is_not_empty_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.txt").touch()
    assert main(["demo", "--keep", str(tmp_path)]) == 1
    assert "is not empty; name a new folder" in capsys.readouterr().err
    assert [*tmp_path.iterdir()] == [tmp_path / "mine.txt"]


def test_a_hook_that_fails_is_told_in_one_line(tmp_path: Path) -> None:
    stage = Stage(tmp_path, {})
    with pytest.raises(StageError, match="clearpoint-no-such-event did not run"):
        stage.send("NoSuchEvent", stage.begin())


def test_the_sample_transcript_counts_as_the_client_counts(tmp_path: Path) -> None:
    about = Conversation(tmp_path / "s.jsonl")
    about.prompt("x" * round(1_000 * CHARS_PER_TOKEN))
    about.call(Call("Read", {"file_path": "/a.py"}, tokens=2_000))
    about.say("Done.")
    counted = new_usage()
    for line in about.path.read_bytes().splitlines():
        fold(counted, decode(line))
    assert counted["used"] == about.tokens
    assert SYSTEM_TOKENS + 3_000 <= about.tokens <= SYSTEM_TOKENS + 3_100


def test_every_line_of_the_sample_hangs_on_the_one_before(tmp_path: Path) -> None:
    about = Conversation(tmp_path / "s.jsonl")
    for turn in story(str(tmp_path)):
        about.prompt(turn.prompt)
        for call in turn.calls:
            about.call(call)
        about.say(turn.answer)
    lines = [json.loads(line) for line in about.path.read_text(encoding="utf-8").splitlines()]
    assert [line["parentUuid"] for line in lines] == [None, *(line["uuid"] for line in lines[:-1])]
    assert sum(counts_of(line) is not None for line in lines) == about.requests
