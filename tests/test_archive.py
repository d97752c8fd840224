"""The archive holds what was said and called, at the lines that its pointers name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from made import answer, done, entry, prompt, result

from clearpoint.config.defaults import DEFAULTS
from clearpoint.reload import compose
from clearpoint.session import archive
from clearpoint.session import state as session
from clearpoint.store.store import Store
from clearpoint.transcript.reader import Transcript
from clearpoint.work import step_spans

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from clearpoint.models.state import State
    from clearpoint.transcript.entry import Entry

ENTRIES = [
    prompt("Let's go with JWT for the login.", uuid="1", timestamp="2026-01-01T00:00:00Z"),
    answer("I write it.\n\nIt takes a while.", uuid="2"),
    *done("Write", file_path="/p/a.py", content="x"),
    result("secret output"),
    answer("Done. TODO: expire old tokens.", uuid="4"),
]


def archived(folder: Path, entries: Sequence[Entry] = ENTRIES) -> tuple[State, str]:
    path = folder / "t.jsonl"
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    store = Store(str(folder / ".clearpoint"))
    store.prepare("s")
    state = session.new_state("s", "", DEFAULTS)
    transcript = Transcript(str(path), None)
    session.fold(state, transcript.entries(), DEFAULTS)
    transcript.close()
    state["transcript"] = transcript.cursor
    relative = archive.archive(store, state)
    assert relative
    return state, (folder / ".clearpoint" / relative).read_text()


def test_prompts_answers_and_calls_are_kept_and_tool_output_is_not(tmp_path: Path) -> None:
    assert archived(tmp_path)[1] == (
        "## Prompt, 2026-01-01T00:00:00Z\n\nLet's go with JWT for the login.\n\n"
        "## Claude\n\nI write it.\n\nIt takes a while.\n\n"
        '- Write: `{"file_path": "/p/a.py", "content": "x"}`\n\n'
        "Done. TODO: expire old tokens.\n\n"
    )


def test_pointers_name_the_line_at_which_it_was_said(tmp_path: Path) -> None:
    state, text = archived(tmp_path)
    work = state["work_state"]
    pointers = [one["pointer"] for one in (*work["decisions"], *work["issues"])]
    lines = [text.splitlines()[int(one.rpartition(":")[2]) - 1] for one in pointers]
    assert lines == ["Let's go with JWT for the login.", "Done. TODO: expire old tokens."]


def test_words_typed_before_the_prompt_ahead_of_them_keep_their_order(tmp_path: Path) -> None:
    typed = [entry("queue-operation", operation="enqueue", content=text) for text in ("b", "a")]
    handed_in = [prompt("a", uuid="1"), prompt("b", uuid="2"), prompt("a", uuid="3")]
    state, _ = archived(tmp_path, [*typed, *handed_in])
    pointers = [one["pointer"] for one in state["work_state"]["said"] if one["how"] == "prompt"]
    assert [one.rpartition(":")[2] for one in pointers] == ["7", "11", "15"]


def stepping(number: int, status: str) -> list[Entry]:
    return done("TaskUpdate", tool_id=f"{number}-{status}", taskId=str(number), status=status)


def said_in(words: str) -> list[Entry]:
    return [
        *done("TaskCreate", subject="hash the tokens", tool_id="new-1"),
        *done("TaskCreate", subject="write the endpoint", tool_id="new-2"),
        *stepping(1, "in_progress"),
        answer(words, uuid="w"),
        *stepping(1, "completed"),
        *stepping(2, "in_progress"),
        answer("The endpoint is next.", uuid="x"),
    ]


def test_a_step_that_has_ended_says_where_its_work_stands(tmp_path: Path) -> None:
    state, text = archived(tmp_path, said_in("Short."))
    first, second = state["work_state"]["spans"]
    line = text.splitlines()[int(first["pointer"].rpartition(":")[2]) - 1]
    assert line == '- TaskUpdate: `{"taskId": "1", "status": "in_progress"}`'
    assert step_spans.told(state["work_state"], "hash the tokens") == "hash the tokens"
    assert (second["ended"], "pointer" in second) == (None, False)


def test_what_came_of_a_long_step_is_summed_up(tmp_path: Path) -> None:
    talk = "".join(f"Let me look at part {number} of it now. Hm, I see.\n" for number in range(30))
    found = "We will use argon2id in `hash_token`, because bcrypt cuts long tokens."
    state, _ = archived(tmp_path, said_in(f"{talk}{found}\nAll 14 tests pass."))
    told = step_spans.told(state["work_state"], "hash the tokens")
    assert told.startswith("hash the tokens — ")
    assert found in told
    assert "Let me" not in told
    assert len(told) < 300


def test_a_step_taken_up_before_the_archive_begins_with_it(tmp_path: Path) -> None:
    state, _ = archived(tmp_path, said_in("Short."))
    path = tmp_path / "t.jsonl"
    with path.open("a") as file:
        file.write(json.dumps(answer("More of it.", uuid="y")) + "\n")
        file.writelines(json.dumps(line) + "\n" for line in stepping(2, "completed"))
    transcript = Transcript(str(path), state["transcript"])
    session.fold(state, transcript.entries(), DEFAULTS)
    transcript.close()
    state["transcript"] = transcript.cursor
    relative = archive.archive(Store(str(tmp_path / ".clearpoint")), state)
    assert state["work_state"]["spans"][1]["pointer"] == f"{relative}:1"


def test_a_reload_tells_the_steps_done_with_their_places(tmp_path: Path) -> None:
    state, _ = archived(tmp_path, said_in("Short."))
    text = compose.compose(state, "clear", DEFAULTS, mark="m", measure=len)
    place = state["work_state"]["spans"][0]["pointer"].rpartition(":")[2]
    assert f"- hash the tokens [A:{place}]" in text
