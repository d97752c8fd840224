"""The next archive is recorded turn by turn, and closed as if it had been made at once."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from builders import payload, send, session_file, state_of, transcript_of, written
from made import answer, blocks, boundary, call, entry, prompt, result

from clearpoint.config.defaults import DEFAULTS
from clearpoint.handlers import stop as handler
from clearpoint.session import archive, pieces, recording
from clearpoint.session import state as session
from clearpoint.store.store import Store
from clearpoint.transcript.reader import Transcript
from clearpoint.work.spoken import Speech

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from clearpoint.models.state import State
    from clearpoint.transcript.entry import Entry

SECRET = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"
REFUSED = (
    "The user doesn't want to proceed with this tool use. The tool use was rejected. "
    "To tell you how to proceed, the user said:\nUse tabs."
)
ANSWERED = 'User has answered your questions: "Which one?"="The second". You can now continue.'
FILE: Any = {"type": "text", "file": {"content": "x = 1"}}
THOUGHT: Any = {"type": "thinking", "thinking": "Hm.", "signature": "x"}


def asked(tool_id: str) -> Entry:
    return call("AskUserQuestion", tool_id=tool_id, questions=[{"question": "Which one?"}])


def parts(*said: Any) -> Entry:
    """A line of the user's side with these blocks."""
    return entry("user", uuid="p", message={"role": "user", "content": list(said)})


def result_of(tool_id: str, content: Any, **fields: Any) -> dict[str, Any]:
    return {"tool_use_id": tool_id, "type": "tool_result", "content": content, **fields}


KINDS: dict[str, list[Entry]] = {
    "a result": [call("Read", file_path="/p/a.py"), result("x = 1")],
    "a file": [call("Read", file_path="/p/a.py"), {**result("x = 1"), "toolUseResult": FILE}],
    "words beside a file": [call("Read"), {
        **parts(result_of("t1", "x"), {"text": "Stop that", "type": "text"}),
        "toolUseResult": FILE}],
    "a check": [call("Bash", tool_id="b", command="pytest -q"), result("3 passed", tool_id="b")],
    "a check that failed": [call("Bash", tool_id="b", command="pytest"),
                            result("1 failed", tool_id="b", failed=True)],
    "a check far behind in its line": [call("Bash", command="echo " + "x" * 5_000 + "; pytest -q"),
                                       result("3 passed")],
    "no check": [call("Bash", tool_id="b", command="ls"), result("3 passed", tool_id="b")],
    "a refusal": [call("Edit", file_path="/p/a.py"), result(REFUSED, failed=True)],
    "an answer": [asked("q"), result(ANSWERED, tool_id="q")],
    "two results in a line": [call("Read", tool_id="1"), asked("q"),
                              parts(result_of("1", "x"), result_of("q", ANSWERED))],
    "words beside a result": [call("Read"), parts(result_of("t1", "x"),
                                                  {"type": "text", "text": "Stop that"})],
    "a result of several parts": [call("Task"), parts(result_of("t1", [{"type": "text",
                                                                        "text": "Found."}]))],
    "a result without a call": [result("lost", tool_id="none")],
    "a result of a refused call, its parts otherwise": [
        call("Edit"), parts({"type": "tool_result", "content": REFUSED, "is_error": True,
                             "tool_use_id": "t1"})],
    "thinking": [blocks([THOUGHT], "m1", 20_000, 1, "claude-sonnet-4-6", "x")],
    "thinking before words": [blocks([THOUGHT, {"type": "text", "text": "So it is."}], "m1",
                                     20_000, 1, "claude-sonnet-4-6", "x")],
    "a secret that was typed": [prompt(f"The key is {SECRET}, use it.")],
    "a secret in a refusal": [call("Edit"), result(f"{REFUSED} key {SECRET}", failed=True)],
    "a secret in a call": [call("Write", file_path="/p/a", content=f"KEY={SECRET}" + "x" * 3_000)],
    "typed while Claude worked": [entry("queue-operation", operation="enqueue", content="And b"),
                                  prompt("And b", uuid="u2")],
    "a compaction": [boundary(9_000), {**prompt("<summary>It went on.</summary>"),
                                       "isCompactSummary": True}],
    "a subagent": [{**call("Read"), "isSidechain": True}, {**result("x"), "isSidechain": True}],
}  # fmt: skip


def lines_of(kind: str) -> list[bytes]:
    """A session that holds this kind, as the client writes it."""
    around = [prompt("Begin", uuid="b"), answer("Begun.", uuid="c")]
    entries = [*around, *KINDS[kind], prompt("Go on", uuid="g"), answer("Gone.", uuid="h")]
    return [written(one) for one in entries]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_passed_over_says_nothing(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(b"".join(lines_of(kind)))
    whole = list(pieces.pieces(Transcript(str(path), None).entries(), Speech()))
    assert list(pieces.read(Transcript(str(path), None), Speech())) == whole


@pytest.mark.parametrize("glued", [b"", b'{"parentUuid":null,"type":"user","message":{"role":"us'])
def test_what_is_glued_to_a_result_is_read(glued: bytes, tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    back, said = written(result("x")).strip(), written(prompt("Stop that"))
    path.write_bytes(back + glued + said)
    assert [one[-1] for one in pieces.read(Transcript(str(path), None), Speech())] == ["Stop that"]


class Recorder:
    """One session whose transcript grows, and whose archive is recorded meanwhile."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.path = folder / "t.jsonl"
        self.path.touch()
        self.folder = folder
        self.store = Store(str(folder / "state"))
        self.store.prepare("s")
        self.state: State = session.new_state("s", "", DEFAULTS)

    def grow(self, lines: Sequence[bytes]) -> Recorder:
        """Write and fold some lines."""
        with self.path.open("ab") as stream:
            stream.write(b"".join(lines))
        transcript = Transcript(str(self.path), self.state["transcript"])
        session.fold(self.state, transcript.entries(), DEFAULTS)
        transcript.close()
        self.state["transcript"] = transcript.cursor
        return self

    def record(self) -> Recorder:
        """What a turn's end does."""
        recording.record(self.store, self.state)
        return self

    def open_file(self) -> Path:
        """Where the next archive is recorded."""
        return self.folder / "state/sessions/s/archive/0001.open"

    def closed(self) -> tuple[list[str], dict[str, bytes], Any]:
        """What a compaction makes of it: the archives, the files and the pointers."""
        archive.archive(self.store, self.state, 60)
        kept = self.folder / "state/sessions/s/archive"
        files = {one.name: one.read_bytes() for one in kept.iterdir()}
        work = self.state["work_state"]
        return self.state["archives"], files, [one.get("pointer") for one in work["said"]]


def at_once(folder: Path, lines: Sequence[bytes]) -> Any:
    """What one archive of all lines makes."""
    return Recorder(folder).grow(lines).closed()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", KINDS)
def test_an_archive_recorded_in_parts_is_the_one_made_at_once(
    kind: str, seed: int, tmp_path: Path
) -> None:
    lines, drawn = lines_of(kind), random.Random(seed)  # noqa: S311
    recorded, start = Recorder(tmp_path / "parts"), 0
    while start < len(lines):
        end = start + drawn.randint(1, 3)
        recorded.grow(lines[start:end])
        if drawn.random() < 0.8:
            recorded.record()
        start = end
    assert recorded.closed() == at_once(tmp_path / "once", lines)


SEVERAL = ("a check", "a refusal", "typed while Claude worked", "a secret that was typed")
LINES = [line for kind in SEVERAL for line in lines_of(kind)]


def lose(path: Path) -> None:
    path.unlink()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5])


def damage(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"Begin", b"Began"))


def grow(path: Path) -> None:
    """As a turn's end leaves it that does not come to writing the state."""
    path.write_bytes(path.read_bytes() + b'["u","2026",false,"Prompt","twi')


@pytest.mark.parametrize("is_recorded_on", [True, False])
@pytest.mark.parametrize("happens", [lose, cut, damage, grow])
def test_a_recording_that_is_lost_or_damaged_is_made_again(
    happens: Callable[[Path], None], is_recorded_on: bool, tmp_path: Path
) -> None:
    recorded = Recorder(tmp_path / "parts").grow(LINES[:9]).record()
    happens(recorded.open_file())
    recorded.grow(LINES[9:])
    if is_recorded_on:
        recorded.record()
    assert recorded.closed() == at_once(tmp_path / "once", LINES)


def test_a_state_from_before_the_last_turn_records_that_turn_again(tmp_path: Path) -> None:
    recorded = Recorder(tmp_path / "parts").grow(LINES[:5]).record()
    before = recorded.state["recording"]
    recorded.grow(LINES[5:9]).record()
    recorded.state["recording"] = before
    recorded.grow(LINES[9:]).record()
    assert recorded.closed() == at_once(tmp_path / "once", LINES)


def test_words_of_a_transcript_that_has_gone_are_archived_from_the_recording(
    tmp_path: Path,
) -> None:
    recorded = Recorder(tmp_path / "parts").grow(LINES).record()
    recorded.path.unlink()
    assert recorded.closed() == at_once(tmp_path / "once", LINES)


def test_no_secret_is_recorded(tmp_path: Path) -> None:
    lines = [line for kind in KINDS if "secret" in kind for line in lines_of(kind)]
    recorded = Recorder(tmp_path / "parts").grow(lines).record()
    assert SECRET not in recorded.open_file().read_text()


def test_a_long_prompt_is_recorded_whole_however_little_time_there_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(recording, "RECORD_S", 0.0)
    line = written(prompt("Count these words. " * 4_000, uuid="1"))
    recorded = Recorder(tmp_path / "parts").grow([line]).record()
    assert recorded.closed() == at_once(tmp_path / "once", [line])


def test_a_turn_is_kept_where_it_cannot_be_recorded(tmp_path: Path) -> None:
    recorded = Recorder(tmp_path / "parts").grow(LINES)
    recorded.open_file().mkdir(parents=True)
    recorded.record()
    recorded.open_file().rmdir()
    assert recorded.closed() == at_once(tmp_path / "once", LINES)


def test_what_cannot_be_recorded_whole_takes_no_room(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    recorded = Recorder(tmp_path / "parts").grow(LINES)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        recorded.record()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (recorded.state["recording"], recorded.open_file().stat().st_size) == (None, 0)


def test_half_a_character_is_recorded_as_it_stands(tmp_path: Path) -> None:
    line = written(prompt("cut here", uuid="1")).replace(b"here", b"\\ud83d here")
    recorded = Recorder(tmp_path / "parts").grow([line]).record()
    assert recorded.closed() == at_once(tmp_path / "once", [line])


def test_turns_are_recorded_and_a_compaction_closes_the_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handler, "RECORDED_BYTES", 1_000)
    transcript_of(tmp_path).write_bytes(b"".join(LINES))
    send("stop", payload(tmp_path))
    known = state_of(tmp_path)["recording"]
    is_open = session_file(tmp_path, "archive", "0001.open").exists()
    send("pre_compact", payload(tmp_path, trigger="manual"))
    names = sorted(one.name for one in session_file(tmp_path, "archive").iterdir())
    state = state_of(tmp_path)
    assert (known and known["offset"], is_open, names, state["recording"]) == (
        len(b"".join(LINES)),
        True,
        ["0001.md", "0001.summary.md"],
        None,
    )


REWOUND = [
    *map(written, (prompt(f"Prompt {n}", uuid=f"u{n}", parent=f"a{n - 1}") for n in (1, 2, 3))),
    written(answer("Third.", uuid="a3")),
    written(prompt("Another way", uuid="u4", parent="a1")),
    written(answer("Mine.", uuid="a4")),
]
"""The user has gone back to the second prompt."""


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(REWOUND, id="a rewind"),
        pytest.param(lines_of("a compaction"), id="a compaction"),
        pytest.param([*lines_of("a check"), b'{"parentUuid":null,"type":"us'], id="a torn line"),
    ],
)
def test_stops_record_what_one_compaction_would_archive(
    lines: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handler, "RECORDED_BYTES", 1)
    found = []
    for name, is_recorded in (("turns", True), ("once", False)):
        project = tmp_path / name
        project.mkdir()
        for number in range(len(lines)):
            transcript_of(project).write_bytes(b"".join(lines[: number + 1]))
            if is_recorded:
                send("stop", payload(project))
        send("pre_compact", payload(project, trigger="manual"))
        found.append(session_file(project, "archive", "0001.md").read_bytes())
    assert found[0] == found[1]


def test_a_transcript_that_was_replaced_is_recorded_from_its_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handler, "RECORDED_BYTES", 1)
    for lines in (lines_of("a check"), REWOUND):
        transcript_of(tmp_path).write_bytes(b"".join(lines))
        send("stop", payload(tmp_path))
    send("pre_compact", payload(tmp_path, trigger="manual"))
    told = session_file(tmp_path, "archive", "0001.md").read_text()
    assert [told.count(words) for words in ("Begin", "Prompt 1", "Mine.")] == [0, 1, 1]
