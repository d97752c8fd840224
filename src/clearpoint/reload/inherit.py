"""What a new session takes over from the one that it continues. Pure."""

from __future__ import annotations

from clearpoint.advice import strategy
from clearpoint.lowlevel.records import copied
from clearpoint.work import tasks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.models.state import State
    from clearpoint.models.work import WorkState

COMPLETED_KEPT = 12
ARCHIVES_KEPT = 3
ADDED = ("said", "decisions", "notes", "commits")
"""What is completed once the parent is read to its end."""
OWN = ("client_pid", "process", "project", "transcript_path", "awaiting")
"""What tells of a session itself, and of no other."""


def carry(parent: State, child: State) -> None:
    """Give the child the parent's work, person and what was learned; not its conversation."""
    work = copied(parent["work_state"])
    work["running"] = {}
    work["dead"], work["branches"], work["dead_until"] = [], [], ""
    work["shell_folder"], work["interrupted"] = {}, False
    work["completed_steps"] = work["completed_steps"][-COMPLETED_KEPT:]
    work["tasks"] = earlier_tasks(work["tasks"])
    _leave_agents(work, parent)
    child["work_state"] = work
    child["archives"] = parent["archives"][-ARCHIVES_KEPT:]
    child["user_context"] = copied(parent["user_context"])
    child["persistence"] = {**parent["persistence"]}
    child["usage"]["learner"] = copied(parent["usage"]["learner"])
    child["usage"]["overhead"] = parent["usage"]["overhead"]
    child["usage"]["model"] = parent["usage"]["model"]
    child["model"] = child["model"] or parent["model"]
    checkouts = [*parent["system"]["checkouts"], *child["system"]["checkouts"]]
    known = {key: value for key, value in child["system"].items() if value is not None}
    own = {name: child["system"][name] for name in OWN}  # type: ignore[literal-required]
    child["system"] = {**parent["system"], **known, **own}  # type: ignore[typeddict-item]
    child["system"]["checkouts"] = checkouts
    child["advice"] = strategy.inherited(parent["advice"])


def _leave_agents(work: WorkState, parent: State) -> None:
    """The client takes them up in the parent's session only: say where their transcripts are."""
    place = (parent["system"]["transcript_path"] or "").removesuffix(".jsonl")
    for agent in work["agents"].values():
        agent.setdefault("transcripts", f"{place}/subagents")


def complete(parent: State, child: State, turn: int) -> None:
    """Add to the child's work what the parent has said and done beyond what was carried over.

    That was all until a `turn`: nothing of it counts as newer than that.
    """
    work, whole = child["work_state"], parent["work_state"]
    for name in ADDED:
        own: list[Any] = work[name]  # type: ignore[literal-required]
        added: list[Any] = whole[name]  # type: ignore[literal-required]
        known = {_identity(one): one for one in own}
        earlier = [known.pop(_identity(one), None) or _as_of(one, turn) for one in added]
        kept = [one for one in earlier if one.get("text") not in work["hand_removed"]]
        work[name] = [*kept, *known.values()]  # type: ignore[literal-required]
    archives = [one for one in parent["archives"] if one not in child["archives"]]
    child["archives"] = [*archives[-ARCHIVES_KEPT:], *child["archives"]]


def _as_of(one: dict[str, Any], turn: int) -> dict[str, Any]:
    """A copy of what was said or done, as of a turn at most."""
    return {**copied(one), "turn": min(one.get("turn", turn), turn)}


def _identity(one: dict[str, Any]) -> tuple[str | None, str]:
    """What makes two notes, utterances or commits the same."""
    return one["entry"], one.get("text") or one.get("hash") or ""


def earlier_tasks(known: dict[str, list[str]]) -> dict[str, list[str]]:
    """The tasks under other keys: the client numbers those of a new session from 1 again."""
    finished = [key for key, task in known.items() if task[1] == "completed"]
    left_out = set(finished[:-COMPLETED_KEPT])
    renamed: dict[str, list[str]] = {}
    for key, task in known.items():
        if key not in left_out and task[1] in (*tasks.OPEN, "completed"):
            name = key if key.startswith(tasks.EARLIER) else tasks.EARLIER + key
            while name in renamed:
                name += "+"
            renamed[name] = task
    return renamed


def copy_conversation(parent: State, child: State) -> None:
    """A fork carries the conversation too, until its own transcript can be read."""
    child["usage"] = copied(parent["usage"])
    child["transcript"] = {**parent["transcript"], "path": ""} if parent["transcript"] else None
