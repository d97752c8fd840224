"""One session as people and programs see it: the numbers, the work, where it is kept."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from rich.text import Text

from clearpoint import advice, budget, reload, sentences, touches
from clearpoint.cli import render
from clearpoint.window import Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console, RenderableType

    from clearpoint.api import Session
    from clearpoint.models import Level, Noted, State

    Row = tuple[str, RenderableType | Sequence[str] | None]

PROMPT_CHARS = 160


def described(session: Session) -> dict[str, Any]:
    """The session as JSON: the current state's parts, and what follows from them."""
    state = session.current()
    starts = level_starts(state)
    return {
        "session_id": state["session_id"],
        "model": state["model"],
        "created_at": state["created_at"],
        "last_updated": state["last_updated"],
        "ended": state["ended"],
        "context_window": state["context_window"],
        "budget": state["budget"],
        "level_starts": starts,
        "level_reason": level_reason(state, starts),
        "work_state": state["work_state"],
        "user_context": state["user_context"],
        "lineage": state["lineage"],
        "system": state["system"],
        "checkpoints": session.checkpoints,
        "archives": state["archives"],
        "folder": session.folder,
    }


def show(console: Console, session: Session, limit: int | None) -> None:
    """Print the session; `limit` shortens its lists."""
    state = session.current()
    window, level = state["context_window"], state["budget"]["level"]
    facts = [state["model"], f"updated {render.age(state['last_updated'])}"]
    facts += [f"ended ({state['ended']})"] if state["ended"] else []
    console.print(
        Text.assemble(
            ("Session ", "bold"),
            (render.safe(state["session_id"]), "bold"),
            (render.safe("".join(f" · {fact}" for fact in facts if fact)), "bright_black"),
        )
    )
    cells = min(render.BAR_CELLS, max(10, console.width - 44))
    drawn = render.bar(window["projected"], window["total"], level, cells)
    console.print(Text.assemble(drawn, f"  {advice.fullness(state)}  ", render.leveled(level)))
    console.print()
    console.print(render.facts([*numbers(state), *work(session, state, limit)]))


def level_starts(state: State) -> dict[Level, int]:
    """Tokens at which each level begins, as the hooks reckon."""
    window = state["context_window"]
    return budget.level_starts(
        state["budget"]["thresholds"],
        Window(window["total"], window["source"], window["compaction_at"]),
        state["budget"]["growth_per_turn"],
    )


def level_reason(state: State, starts: dict[Level, int]) -> str:
    """Why the level is what it is, in words."""
    level, total = state["budget"]["level"], state["context_window"]["total"]
    if level == "normal":
        start = starts["monitor"]
        return f"monitor begins at {advice.short(start)} ({render.percent(start, total)})"
    start = starts[level]
    early = start < round(total * state["budget"]["thresholds"][level] / 100)
    why = ", a typical turn before auto-compaction" if early else ""
    return f"{level} begins at {advice.short(start)} ({render.percent(start, total)}{why})"


def numbers(state: State) -> list[Row]:
    """The rows about tokens."""
    window, judged, counted = state["context_window"], state["budget"], state["usage"]
    starts = level_starts(state)
    ahead = [
        f"{level} from {advice.short(start)}"
        for level, start in starts.items()
        if start > window["projected"]
    ]
    at = window["compaction_at"]
    end = f"auto-compaction at {advice.short(at)}" if at else "no auto-compaction"
    growth, left = judged["growth_per_turn"], judged["turns_left"]
    until = "auto-compaction" if at else "it is full"
    per_turn = f"{advice.short(growth)} per turn, about {left} turns until {until}"
    mark = ", estimated" if window["estimated"] else ""
    return [
        ("Level", [f"{judged['level']}: {level_reason(state, starts)}", ", ".join(ahead)]),
        ("Window", f"{advice.short(window['total'])} (source: {window['source']}), {end}"),
        (
            "Use",
            f"{window['used']:,} counted, {window['projected']:,} projected{mark}, "
            f"{window['available']:,} available",
        ),
        ("Growth", per_turn if growth else "not known yet: too few turns"),
        ("Conversation", conversation(state)),
        ("Allocation", allocation(state)),
        ("Suggested", judged["suggestions"]),
        ("Compactions", str(counted["compactions"]) if counted["compactions"] else ""),
    ]


def conversation(state: State) -> str:
    """What has been said, in numbers."""
    counted = state["usage"]
    named = [(counted["prompts"], "prompt"), (counted["requests"], "request")]
    return ", ".join(f"{number} {name}{'' if number == 1 else 's'}" for number, name in named)


def allocation(state: State) -> list[str]:
    """The shares that the budget gives out, and what is known of their use."""
    shares = state["budget"]["allocation"]
    given = [f"{name} {advice.short(sum(parts.values()))}" for name, parts in shares.items()]
    if not given:
        return []
    overhead, used = state["usage"]["overhead"], state["context_window"]["used"]
    if not overhead or overhead > used:
        return [" · ".join(given)]
    talk = advice.short(used - overhead)
    return [
        " · ".join(given),
        f"in use: system prompt and tools ~{advice.short(overhead)}, conversation ~{talk}",
    ]


def work(session: Session, state: State, limit: int | None) -> list[Row]:
    """The rows about the work, and where it is kept."""
    kept, project = state["work_state"], session.project
    opened = [*([f"▸ {kept['current_step']}"] if kept["current_step"] else [])]
    opened += kept["pending_steps"]
    failing = [f"failing when last run: {command}" for command in kept["failing"]]
    files = [file_line(state, path, project) for path in touches.ranked(kept)]
    by_hand = ", ".join(name.removeprefix("current_") for name in kept["hand_set"])
    return [
        ("Work", " · ".join(filter(None, (kept["current_spec"], kept["phase"])))),
        ("Set by hand", by_hand),
        ("Last prompt", sentences.cut(kept["last_prompt"] or "", PROMPT_CHARS)),
        ("Open steps", shortened(opened, limit)),
        ("Done", shortened(kept["completed_steps"][::-1], limit)),
        ("Decisions", shortened(said(kept["decisions"]), limit)),
        ("Open issues", shortened([*failing, *said(kept["issues"])], limit)),
        ("Notes", shortened(said(kept["notes"]), limit)),
        ("Preferences", shortened(state["user_context"]["preferences"][::-1], limit)),
        ("Files", shortened(files, limit)),
        ("Continues", continues(state)),
        ("Checkpoints", shortened(session.checkpoints[::-1], limit)),
        ("Archived", [os.path.join(session.root, name) for name in state["archives"]][-1:]),
        ("Kept in", session.folder),
    ]


def said(noted: list[Noted]) -> list[str]:
    """What was noted, the newest first."""
    return [one["text"] for one in reversed(noted)]


def shortened(items: list[str], limit: int | None) -> list[str]:
    """The first items, and how many more there are."""
    if limit is None or len(items) <= limit:
        return items
    return [*items[:limit], f"… and {len(items) - limit} more"]


def file_line(state: State, path: str, project: str) -> str:
    """A file in play: its path, edits and reads."""
    touched = state["work_state"]["files"][path]
    counts = [
        f"{number} {name}{'' if number == 1 else 's'}"
        for number, name in ((touched["edits"], "edit"), (touched["reads"], "read"))
        if number
    ]
    return f"{reload.shown_path(path, project)} ({', '.join(counts)})"


def continues(state: State) -> str:
    """Which session this one continues, and how sure that is."""
    lineage = state["lineage"]
    if lineage["parent_id"] is None:
        return ""
    return (
        f"{lineage['parent_id']} after {lineage['reason']}"
        f" ({lineage['confidence']}: {lineage['evidence']})"
    )
