"""What a new session takes over from the one that it continues. Pure."""

from __future__ import annotations

from clearpoint.advice import strategy
from clearpoint.lowlevel.records import copied
from clearpoint.work import tasks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.state import State
    from clearpoint.models.work import WorkState

COMPLETED_KEPT = 12
ARCHIVES_KEPT = 3
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
