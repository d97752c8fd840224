"""The session state: made, brought up to date from entries, and judged. Pure.

Layers of `state.json`, L1 to L6: context window and budget, persistence, work state, user context,
lineage, system; behind them what the folds need to go on where they stopped.
"""

from __future__ import annotations

from clearpoint.advice import strategy
from clearpoint.budget import levels, window
from clearpoint.tokens import usage
from clearpoint.work.initial import new_work

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from clearpoint.client.events import Event
    from clearpoint.models.config import Config
    from clearpoint.models.state import Level, Lineage, State, StatusFacts, System, UserContext
    from clearpoint.models.usage import Usage
    from clearpoint.models.work import WorkState
    from clearpoint.transcript.entry import Entry

SCHEMA_VERSION = 1
"""The version of `state.json`: it grows where a field is renamed, moved or means something else."""
HAND_SET = ("hand_set", "hand_steps", "hand_removed", "named_artifacts", "notes", "dead")
"""What of the work belongs to no reading of the transcript."""


def new_state(session_id: str, now: str, config: Config) -> State:
    """The state of a session that has just begun; `now` as text."""
    return {
        "schema_version": SCHEMA_VERSION,
        "session_id": session_id,
        "model": None,
        "created_at": now,
        "last_updated": now,
        "ended": None,
        "context_window": {
            "total": 0,
            "room": 0,
            "used": 0,
            "available": 0,
            "position_percent": 0.0,
            "projected": 0,
            "estimated": True,
            "implausible": 0,
            "source": "not known yet",
            "compaction_at": None,
        },
        "budget": {
            "tokens": 0,
            "available": 0,
            "level": "normal",
            "thresholds": config["budget"]["thresholds"],
            "growth_per_turn": 0,
            "turns_left": None,
            "suggestions": [],
            "allocation": {},
        },
        "persistence": {**config["persistence"]},
        "work_state": new_work(),
        "user_context": new_user(),
        "lineage": unlinked("startup"),
        "system": new_system(),
        "advice": strategy.new_said(),
        "usage": usage.new_usage(),
        "transcript": None,
        "origin": None,
        "archived": 0,
        "recording": None,
        "backlog": 0,
        "to_count": [],
        "archives": [],
        "disclosure": [],
    }


def new_user() -> UserContext:
    """Nothing known of the user."""
    return {
        "language": None,
        "user_name": None,
        "expertise": None,
        "preferences": [],
        "hand_set": [],
    }


def new_system() -> System:
    """Nothing known of the client and the place."""
    return {
        "client_pid": None,
        "process": None,
        "project": None,
        "checkouts": [],
        "client_version": None,
        "transcript_path": None,
        "permission_mode": None,
        "cwd": None,
        "branch": None,
        "head": None,
        "attended": None,
        "answered": None,
        "heard": 0,
        "left_at": None,
        "is_missing": False,
        "awaiting": "",
        "reloaded_at": 0,
        "reloaded_behind": 0,
        "client_file": [],
    }


def unlinked(reason: str) -> Lineage:
    """The lineage of a session that continues no other."""
    return {"parent_id": None, "reason": reason, "confidence": "unknown", "evidence": ""}


def start_over(state: State, ground: WorkState) -> None:
    """Forget what was derived from the transcript: back to the ground, but for hand-set values.

    What is known of rewinds stays, for the same transcript is read again after one.
    """
    from clearpoint.work import tasks

    carry_by_hand(state["work_state"], ground)
    tasks.show(ground)
    state["work_state"] = ground
    state["usage"] = {**usage.new_usage(), "learner": state["usage"]["learner"]}
    state["backlog"], state["to_count"] = 0, []


def carry_by_hand(work: WorkState, ground: WorkState, but: tuple[str, ...] = ()) -> None:
    """Give the ground what was set by hand in a work, and what no transcript tells."""
    from clearpoint.work import notes, tasks

    old: Any = work
    kept: Any = ground
    for name in (*old["hand_set"], *HAND_SET):
        if name not in but:
            kept[name] = old[name]
    for name in ("decisions", "issues"):
        by_hand = [one for one in old[name] if notes.is_own(one)]
        texts = {*(one["text"] for one in by_hand), *old["hand_removed"]}
        kept[name] = [one for one in kept[name] if one["text"] not in texts] + by_hand
    if old["hand_steps"]:
        tasks.show(ground)


def fold(state: State, entries: Iterable[Entry], config: Config, until: float | None = None) -> int:
    """Take new entries into the state; return how many there were.

    `until` is when a hook must be done: texts that are not checked by then are withheld.
    """
    number = 0
    commands = config["work"]["phase_commands"]
    for entry in entries:
        if not number:  # at most prompts nothing is new, and this is half of what a hook loads
            from clearpoint.session.taking import take
        number += 1
        take(state, entry, commands, until)
    return number


def note_client(state: State, event: Event, *, is_late: bool = False) -> None:
    """Take what an event tells of the client and of where it works.

    One that `is_late` may tell of the place that the client goes to: at the end of a session in a
    worktree that it removes, the main checkout.
    """
    system = state["system"]
    system["client_pid"] = event.client_pid
    if not is_late or system["project"] is None:
        system["project"] = event.project_dir
        system["cwd"] = event.text("cwd") or system["cwd"]
    system["permission_mode"] = event.text("permission_mode") or system["permission_mode"]
    system["attended"] = system["attended"] if event.attended is None else event.attended
    state["model"] = event.text("model") or state["model"]


def judge(  # noqa: PLR0913, PLR0917  (one per source)
    state: State,
    config: Config,
    table: dict[str, Any],
    reported_window: int,
    env: Mapping[str, str],
    newest: Usage | None = None,
) -> dict[Level, int]:
    """Bring window and budget up to date; return the tokens at which each level begins.

    `newest` is the use at the end of a transcript that was not read so far yet.
    """
    counted = newest or state["usage"]
    state["model"] = counted["model"] or state["model"]
    found = window.find_window(
        state["model"],
        table=table,
        configured=config["budget"]["window"],
        reported=reported_window,
        observed=counted["peak"],
        compacted_at=counted["compacted_at"],
        client=counted["client_version"],
        env=env,
    )
    growth = levels.growth_per_turn(counted["growth"])
    limit = levels.budget_tokens(config["budget"], found.total)
    thresholds = levels.thresholds_for(config["budget"], limit)
    starts = levels.level_starts(thresholds, found, growth, limit)
    projected, estimated = usage.projected(counted)
    state["context_window"] = {
        "total": found.total,
        "room": found.room,
        "used": counted["used"],
        "available": max(0, found.total - counted["used"]),
        "position_percent": round(100 * counted["used"] / found.room, 1),
        "projected": counted["used"],
        "estimated": estimated,
        "implausible": 0,
        "source": found.source,
        "compaction_at": found.compaction_at,
    }
    project(state, projected)
    tokens = state["context_window"]["projected"]
    level = level_now(state, starts)
    state["budget"] = {
        "tokens": limit,
        "available": max(0, limit - counted["used"]),
        "level": level,
        "thresholds": thresholds,
        "growth_per_turn": growth,
        "turns_left": levels.turns_left(tokens, found, growth),
        "suggestions": list(levels.SUGGESTIONS[level]),
        "allocation": levels.scaled_allocation(config["budget"], limit),
    }
    return starts


def project(state: State, tokens: int) -> None:
    """Set what the next request will carry; what cannot be true is capped, and marked so."""
    window_now = state["context_window"]
    likely = levels.plausible(tokens, window_now["used"], window_now["total"])
    if likely != tokens:
        window_now["implausible"], window_now["estimated"] = tokens, True
    window_now["projected"] = likely


def level_now(state: State, starts: dict[Level, int]) -> Level:
    """The level that the projection has reached; by the count alone if that is not plausible."""
    window_now = state["context_window"]
    counts = window_now["used"] if window_now["implausible"] else window_now["projected"]
    return levels.level_of(counts, starts)


def status_of(state: State) -> StatusFacts:
    """What the status line needs to know of the state."""
    window_now = state["context_window"]
    return {
        "session_id": state["session_id"],
        "projected": window_now["used" if window_now["implausible"] else "projected"],
        "estimated": window_now["estimated"],
        "total": window_now["total"],
        "compaction_at": window_now["compaction_at"],
        "growth": state["budget"]["growth_per_turn"],
        "spec": state["work_state"]["current_spec"],
        "phase": state["work_state"]["phase"],
        "pull_request": open_pull_request(state["work_state"]),
    }


def open_pull_request(work: WorkState) -> int:
    """The number of the open pull request that was seen last; 0 for none."""
    numbers = [one["number"] for one in work["pull_requests"] if one["status"] in ("open", "draft")]
    return numbers[-1] if numbers else 0
