"""Making a package of what a session's state knows; of the disk only the names of checkpoints."""

from __future__ import annotations

import os

from clearpoint.handoffs import checksum
from clearpoint.handoffs.compress import fitted
from clearpoint.project.git import checkout
from clearpoint.redaction.prefilter import masked
from clearpoint.reload import standing
from clearpoint.reload import task as tasks
from clearpoint.store import checkpoints, tags
from clearpoint.text import sentences
from clearpoint.text.phrases import printable
from clearpoint.work import file_activity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from clearpoint.handoffs.compress import Measure
    from clearpoint.handoffs.shapes import (
        PlainPackage,
        PlainPredecessor,
        PlainRecovery,
        PlainSession,
        PlainTask,
    )
    from clearpoint.models.config import Config
    from clearpoint.models.state import State
    from clearpoint.models.work import WorkState
    from clearpoint.store.store import Store

NAME_CHARS = 100
PATH_CHARS = 500
STEPS = 8
DECISIONS = 12
ISSUES = 8
ARTIFACTS = 8
CHECKS = 4
WORDS = 4
EDITED = 6
WORDS_CHARS = 240
ROW_CHARS = 400


class Made:
    """A new package, not yet kept anywhere; sizes are tokens of the task as it will be read."""

    __slots__ = ("original_size", "package", "size", "tags")

    def __init__(
        self, package: PlainPackage, tags: dict[str, str], size: int, original_size: int
    ) -> None:
        self.package = package
        self.tags = tags
        self.size = size
        self.original_size = original_size


def make(  # noqa: PLR0913  (what a handoff is made of)
    state: State,
    config: Config,
    *,
    from_agent: str,
    to_agent: str,
    now: str,
    store: Store,
    project: str,
    available: int,
    measure: Measure,
    next_step: str | None = None,
    before: PlainPredecessor | None = None,
) -> Made:
    """A package of the session's work, compressed as far as it must be.

    `measure` gives the tokens of a text; without `next_step` it is the work's own. Raises
    TokenBudgetError.
    """
    identifier = new_id()
    small = fitted(
        task_of(state["work_state"], project, next_step, branch_of(state, project)),
        config["handoffs"],
        available,
        series=series_of(identifier),
        measure=measure,
    )
    package: PlainPackage = {
        "handoff_id": identifier,
        "from_agent": from_agent,
        "to_agent": to_agent,
        "session_context": session_of(state, available),
        "task_context": small.task,
        "recovery_info": recovery_of(state, store),
        "predecessor": before,
        "created_at": now,
        "checksum": "",
    }
    package["checksum"] = checksum.checksum_of(package)
    return Made(package, small.tags, small.size, small.original_size)


def sizes(made: Made, size: int) -> dict[str, int]:
    """What is recorded of the sizes, where the whole minimal context has this one."""
    return {"size": size, "original_size": size + made.original_size - made.size}


def new_id() -> str:
    """A random UUID (version 4), without the import that makes one."""
    digits = list(os.urandom(16).hex())
    digits[12] = "4"
    digits[16] = "89ab"[int(digits[16], 16) % 4]
    text = "".join(digits)
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def series_of(handoff_id: str) -> str:
    """What the names of a package's tags begin with."""
    return f"{tags.HANDOFFS}-{handoff_id[:8].upper()}"


def session_of(state: State, available: int) -> PlainSession:
    """The session that hands over."""
    return {
        "session_id": state["session_id"],
        "model": name_of(state["model"]) or None,
        "context_position": min(1_000.0, state["context_window"]["position_percent"]),
        "available_tokens": available,
        "user_language": name_of(state["user_context"]["language"]) or None,
    }


def task_of(
    work: WorkState, project: str, next_step: str | None = None, branch: str | None = None
) -> PlainTask:
    """Where the work stands, as far as the next agent needs to know."""
    opened = (work["current_step"], work["next_step"], *work["pending_steps"])
    following = next_step or next((step for step in opened if step), None)
    issues = [noted["text"] for noted in work["issues"]]
    return {
        "spec_id": name_of(work["current_spec"]) or None,
        "current_phase": work["phase"],
        "completed_steps": shortened(work["completed_steps"][-STEPS:]),
        "next_step": said(following) if following else None,
        "key_artifacts": artifacts_of(work, project),
        "critical_decisions": shortened(noted["text"] for noted in work["decisions"][-DECISIONS:]),
        "blocking_issues": shortened(issues[-ISSUES:]),
        "where": said(where, ROW_CHARS) if (where := where_of(work, branch)) else None,
        "checks": [said(row, ROW_CHARS) for row in standing.outcomes(work, CHECKS)],
        "also_said": [said(row, ROW_CHARS) for row in also_said(work)],
    }


def where_of(work: WorkState, branch: str | None) -> str:
    """Branch, commits of the session, and what it has edited since; empty if nothing is known.

    What git said is as old as the start or the compaction; the conversation is newer.
    """
    told: WorkState = {**work, "git": None}
    made = standing.commits(told)
    since = work["commits"][-1]["turn"] if work["commits"] else -1
    edited = [
        path.rpartition("/")[2]
        for path in file_activity.ranked(work)
        if work["files"][path]["edits"] and work["files"][path]["turn"] > since
    ]
    more = f" and {len(edited) - EDITED} more" if len(edited) > EDITED else ""
    parts = [standing.place(told, branch)]
    parts += [f"commits of this session: {' · '.join(made)}"] if made else []
    parts += [f"edited since: {', '.join(edited[:EDITED])}{more}"] if edited and made else []
    return "; ".join(filter(None, [*parts, *standing.pull_requests(work)]))


def also_said(work: WorkState) -> list[str]:
    """What the user said on rejecting calls, while Claude worked and to questions."""
    said_so = [one for one in work["said"] if one["how"] in tasks.MANNERS]
    found = [one for one in said_so if not tasks.is_assent(one["text"])][-WORDS:]
    return [f"{tasks.manner(one, WORDS_CHARS)}: “{one['text']}”" for one in found]


def branch_of(state: State, project: str) -> str | None:
    """The branch that is checked out where the session works."""
    folder = state["system"]["cwd"] or project
    return checkout(folder if os.path.isdir(folder) else project)[0]


def recovery_of(state: State, store: Store) -> PlainRecovery:
    """What there is to fall back on."""
    kept = checkpoints.names(store, state["session_id"])
    path = state["system"]["transcript_path"]
    return {
        "last_checkpoint": kept[-1] if kept else None,
        "recovery_tokens_reserved": sum(state["budget"]["allocation"].get("reserve", {}).values()),
        "session_fork_available": bool(path) and os.path.exists(path or ""),
    }


def artifacts_of(work: WorkState, project: str) -> dict[str, str]:
    """The project's files that matter most, each by its name: those set by hand come first."""
    ranked = file_activity.ranked(work)
    changed = [path for path in ranked if work["files"][path]["edits"]]
    others = [path for path in ranked if not work["files"][path]["edits"]]
    by_hand = work["named_artifacts"].items()
    found = {
        name[:NAME_CHARS]: inside for name, path in by_hand if (inside := within(path, project))
    }
    for path in [*changed, *others]:
        inside = within(path, project)
        if inside and inside not in found.values() and len(found) < ARTIFACTS:
            name = inside.rpartition("/")[2][:NAME_CHARS]
            found[inside[:NAME_CHARS] if name in found else name] = inside
    return found


def within(path: str, project: str) -> str:
    """A path as it is within the project, with slashes; empty for one outside, or an odd one."""
    relative = os.path.relpath(path, project).replace(os.sep, "/") if os.path.isabs(path) else path
    odd = relative.startswith("..") or len(relative) > PATH_CHARS or not relative.isprintable()
    return "" if odd else relative


def shortened(texts: Iterable[str]) -> list[str]:
    """Texts at the length of a sentence, on one line each."""
    return [said(text) for text in texts]


def said(text: str, chars: int = sentences.SENTENCE_CHARS) -> str:
    """One text at the length of a sentence, with nothing that a terminal would obey."""
    return printable(sentences.cut(masked(text), chars))


def name_of(value: object) -> str:
    """A name from outside, masked and within bounds; empty for what is none."""
    return printable(masked(value.strip()))[:NAME_CHARS] if isinstance(value, str) else ""
