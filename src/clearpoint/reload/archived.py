"""Where the conversation can be read after a compaction; prompts that the summary lacks. Pure."""

from __future__ import annotations

from clearpoint.reload import contents, task
from clearpoint.reload.lines import Line
from clearpoint.reload.view import Room
from clearpoint.text import sentences
from clearpoint.work.outcomes import PLAN_PROMPT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.models.words import Utterance
    from clearpoint.reload.view import View

FEW = 2
PLACE_RANK = 3.8
BEGAN_RANK = 4.0
LOST_RANK = 4.5
PLAN_RANK = 4.2
LOST_ROOM = Room(110, 90, 160, 90)
MISSING_RANK = 11.0
CONTENTS_RANK = 45.0
MISSING_SHOWN = 3


def history(view: View) -> list[Line]:
    """Where the conversation can be read; first the prompts that the summary does not have.

    A summary that has lost most of them is of no use for them: they come before all but facts.
    """
    if not view.labels:
        return []
    said = task.prompts(view.work)[:-1]
    if view.known:
        said = [one for one in said if _is_new(view, one)]
    missing = [one for one in said if view.known and not view.known.says(one["text"])]
    is_lost = len(missing) > max(FEW, len(said) / 2)
    narrow = view._replace(room=LOST_ROOM) if is_lost else view
    archived = contents.rows(narrow, {}, has_outcomes=is_lost)
    rows = [(one, row) for one, row in archived if one in said]
    base = LOST_RANK if is_lost else MISSING_RANK
    first = (
        missing if is_lost else [one for one in missing if one["entry"] == view.work["task_entry"]]
    )
    if view.known and not is_lost:
        rows = [(one, row) for one, row in rows if one in first][-MISSING_SHOWN:]
    shown = [
        Line((base if one in first else CONTENTS_RANK) + age / 10, f"- {row}")
        for age, (one, row) in zip(range(len(rows), 0, -1), rows, strict=True)
    ][-contents.ROWS_SHOWN :]
    shown = [*_plan(view), *shown]
    is_second = is_lost or view.state["usage"]["compactions"] > 0
    began = _beginning(view) if is_second else ()
    return [*began, *contents.place_of(view, contents.BRIEFLY, PLACE_RANK), *shown]


def _plan(view: View) -> Iterator[Line]:
    """Where the plan stands that the session was begun with; a summary has only what it is about.

    Not while its prompt is told with the others, nor once a commit has ended the work on it.
    """
    one = next((one for one in view.work["said"] if one["text"].startswith(PLAN_PROMPT)), None)
    place = view.place(one.get("pointer")) if one else ""
    if one and place and not view.work["task_done"]:
        title = task.plan_in_short(one["text"]).partition("\n")[0].removeprefix(PLAN_PROMPT)
        yield Line(PLAN_RANK, f"- The plan, whole{place}:{title}")


def _is_new(view: View, one: Utterance) -> bool:
    """Whether no commit has met a prompt, and no earlier summary knew it."""
    commits, newest = view.work["commits"], next(iter(view.labels))
    is_open = not commits or one["turn"] > commits[-1]["turn"]
    return is_open and one.get("pointer", "").rpartition(":")[0] == newest


def _beginning(view: View) -> Iterator[Line]:
    """The prompt that the session began with, where the summary has forgotten it."""
    first = view.work["first_prompt"] or ""
    is_plan = first.startswith(PLAN_PROMPT)
    if view.known and first and not is_plan and not view.known.says(first):
        yield Line(BEGAN_RANK, f"The session began with: “{sentences.cut(first, view.room.words)}”")
