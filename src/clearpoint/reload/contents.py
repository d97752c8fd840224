"""The conversation's table of contents: a line for each prompt, and where it can be read. Pure."""

from __future__ import annotations

from itertools import zip_longest

from clearpoint.reload.lines import Line
from clearpoint.reload.task import LAST_READ, prompts, setter, typed
from clearpoint.text import sentences
from clearpoint.work import step_spans
from clearpoint.work.outcomes import BEGINNING, is_empty
from clearpoint.work.unread import is_at_end

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clearpoint.models.state import State
    from clearpoint.models.words import Utterance
    from clearpoint.models.work import WorkState
    from clearpoint.reload.view import View

ROWS_SHOWN = 12
LETTERS = "ABCDEFGH"
HASH_CHARS = 7
HEAD_RANK = 8.5
RANK = 21.0
BRIEFLY = "`grep -n WORD FILE` or Read"
READ_WITH = f"{BRIEFLY}; the .summary.md beside it has an index"


def labels_of(state: State, done_shown: int) -> dict[str, str]:
    """A letter for each archive file that something points into, the newest first."""
    work = state["work_state"]
    pointers = (*_pointers(work, done_shown), *(f"{name}:1" for name in state["archives"][-1:]))
    found = sorted({pointer.rpartition(":")[0] for pointer in pointers}, reverse=True)
    newest = [name for name in reversed(state["archives"]) if name in found]
    others = [name for name in found if name not in newest]
    return dict(zip([*newest, *others], LETTERS, strict=False))


def _pointers(work: WorkState, done_shown: int) -> Iterator[str]:
    noted: list[object] = [work["answer"], work["itemized"], *work["said"]]
    noted += [*work["decisions"], *work["issues"]]
    noted += [step_spans.newest(work, step) for step in work["completed_steps"][-done_shown:]]
    for one in noted:
        if isinstance(one, dict) and one.get("pointer"):
            yield str(one["pointer"])


def contents(view: View) -> list[Line]:
    """Where the conversation is archived; its prompts with their lines and what came of them."""
    if not view.labels:
        return []
    shown = list(rows(view, _named(view)))[-ROWS_SHOWN:]
    lines = [Line(RANK + len(shown) - age, f"- {row}") for age, (_, row) in enumerate(shown)]
    return [*place_of(view), *lines]


def place_of(view: View, how: str = READ_WITH, rank: float = HEAD_RANK) -> list[Line]:
    """Where the conversation is archived, and how it is read; a folder is named once."""
    named: list[str] = []
    beside = ""
    for file, letter in view.labels.items():
        folder, _, name = file.rpartition("/")
        named.append(
            f"{letter} = {name}" if folder == beside else f"{letter} = {view.now.root}/{file}"
        )
        beside = folder
    where = "; ".join(named)
    return [Line(rank, f"Conversation: {where} ({how}).")]


def _named(view: View) -> dict[int, str]:
    """What is said of prompts whose words stand above, by their identity."""
    said = prompts(view.work)
    task = setter(view.work, said)
    last = LAST_READ.lower() if is_at_end(view.work) else "the last prompt"
    known = {id(said[-1]): last} if said else {}
    return {**known, id(said[task]): "the task"} if task >= 0 else known


def rows(
    view: View, known: Mapping[int, str], *, has_outcomes: bool = True
) -> Iterator[tuple[Utterance, str]]:
    """The prompts that are archived, the oldest first: their lines, their words, what came.

    `known` are those whose words need not be told, by their identity.
    """
    chars = view.room.listed
    said = [one for one in view.work["said"]
            if one["how"] in BEGINNING and _place(one)[0] in view.labels]  # fmt: skip
    said.sort(key=lambda one: (-ord(view.labels[_place(one)[0]]), _place(one)[1]))
    for one, following in zip_longest(said, said[1:]):
        file, first = _place(one)
        last = _place(following) if following else ("", 0)
        until = str(last[1] - 1) if last[0] == file and last[1] > first else ""
        outcome = one.get("outcome", "")
        came = "" if is_empty(outcome) else sentences.closed(outcome, chars)
        came = came or _committed(view.work, one)
        came = f" — {came}" if came and has_outcomes else ""
        words = known.get(id(one)) or words_of(one, chars)
        yield one, f"[{view.labels[file]}:{first}-{until}] {words}{came}"


def _committed(work: WorkState, one: Utterance) -> str:
    """`committed 1a2b3c4`, where a prompt has no other outcome."""
    made = [commit["hash"][:HASH_CHARS] for commit in work["commits"]
            if commit["turn"] == one["turn"] and commit["hash"]]  # fmt: skip
    return f"committed {', '.join(made)}" if made else ""


def words_of(one: Utterance, chars: int) -> str:
    """A prompt in short, a command with its arguments."""
    words = f"“{sentences.cut(typed(one['text']), chars)}”"
    if one["how"] == "prompt":
        return words
    return one["about"] if one["text"] in ("", one["about"]) else f"{one['about']} {words}"


def _place(one: Utterance) -> tuple[str, int]:
    file, _, line = one.get("pointer", "").rpartition(":")
    return file, int(line) if line.isdecimal() else 0
