"""The archive holds what was said and called, at the lines that its pointers name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from made import answer, call, prompt, result

from clearpoint import archive, session
from clearpoint.config import DEFAULTS
from clearpoint.store import Store
from clearpoint.transcript import Transcript

if TYPE_CHECKING:
    from pathlib import Path

    from clearpoint.models import State

ENTRIES = [
    prompt("Let's go with JWT for the login.", uuid="1", timestamp="2026-01-01T00:00:00Z"),
    answer("I write it.\n\nIt takes a while.", uuid="2"),
    call("Write", file_path="/p/a.py", content="x"),
    result("secret output"),
    answer("Done. TODO: expire old tokens.", uuid="4"),
]


def archived(folder: Path) -> tuple[State, str]:
    path = folder / "t.jsonl"
    path.write_text("".join(json.dumps(entry) + "\n" for entry in ENTRIES))
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
