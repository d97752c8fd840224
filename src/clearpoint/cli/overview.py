"""One session as people and programs see it: the numbers, the work, where it is kept."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from rich.text import Text

from clearpoint import advice, budget, manual, reload
from clearpoint.cli import render
from clearpoint.window import Window
from clearpoint.work import sentences, touches

if TYPE_CHECKING:
    from rich.console import Console

    from clearpoint.api import Session
    from clearpoint.models import Level, Noted, State

    Row = tuple[str, str | list[str]]

PROMPT_CHARS = 160
PATH_CHARS = 46


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
    name = Text.assemble("Session ", render.safe(state["session_id"]), style="bold")
    console.print(name, Text(f"· {render.age(state['last_updated'])}", "bright_black"))
    cells = min(render.BAR_CELLS, max(10, console.width - 44))
    drawn = render.bar(window["projected"], window["total"], level, cells)
    console.print(Text.assemble(drawn, f"  {advice.fullness(state)}  ", render.leveled(level)))
    console.print()
    render.show(console, render.facts([*numbers(state), *work(session, state, limit)]))
    for archived in state["archives"][-1:]:
        place(console, "Archived", os.path.join(session.root, archived))
    place(console, "Kept in", session.folder)


def place(console: Console, label: str, path: str) -> None:
    """A path, which is never broken into lines."""
    console.print(Text.assemble((f"{label:<14}", "bold"), render.safe(path)), soft_wrap=True)


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
    level = state["budget"]["level"]
    if level == "normal":
        return "no level has begun"
    start, window = starts[level], state["context_window"]
    early = start < round(window["total"] * state["budget"]["thresholds"][level] / 100)
    why = ", a typical turn before auto-compaction" if early and level == "critical" else ""
    return f"since {advice.short(start)} ({render.percent(start, window['total'])}{why})"


def level_line(state: State) -> str:
    """The level, why it is this one, and where the next ones begin."""
    starts, projected = level_starts(state), state["context_window"]["projected"]
    ahead = [
        f"{level} from {advice.short(start)}"
        for level, start in starts.items()
        if start > projected
    ]
    level = state["budget"]["level"]
    here = level if level == "normal" else f"{level}, {level_reason(state, starts)}"
    return "; ".join([here, ", ".join(ahead)]) if ahead else here


def numbers(state: State) -> list[Row]:
    """The rows about tokens."""
    window, judged = state["context_window"], state["budget"]
    at = window["compaction_at"]
    end = f"auto-compaction at {advice.short(at)}" if at else "no auto-compaction"
    growth, left = judged["growth_per_turn"], judged["turns_left"]
    turns = f"about {left} turns" if left else "less than a turn"
    until = f"{turns} until {'auto-compaction' if at else 'it is full'}"
    mark = "~" if window["estimated"] else ""
    use = f"{window['used']:,} counted, {mark}{window['projected']:,} projected"
    return [
        ("Level", level_line(state)),
        ("Model", state["model"] or "not known yet"),
        ("Window", f"{advice.short(window['total'])} (source: {window['source']}), {end}"),
        ("Use", f"{use}, {window['available']:,} available"),
        (
            "Growth",
            f"{advice.short(growth)} per turn, {until}" if growth else "too few turns to tell",
        ),
        ("Conversation", conversation(state)),
        ("Allocation", allocation(state)),
        ("Suggested", judged["suggestions"]),
    ]


def conversation(state: State) -> str:
    """What has been said, in numbers."""
    counted = state["usage"]
    named = [render.counted(counted["prompts"], "prompt")]
    named += [render.counted(counted["requests"], "request")]
    if counted["compactions"]:
        named += [render.counted(counted["compactions"], "compaction")]
    return ", ".join(named)


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
    width = None if limit is None else PATH_CHARS
    files = [file_line(state, path, project, width) for path in touches.ranked(kept)]
    by_hand = ", ".join(name for name, key in manual.NAMES.items() if key in kept["hand_set"])
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
        ("Ended", state["ended"] or ""),
        ("Checkpoints", shortened(session.checkpoints[::-1], limit)),
    ]


def said(noted: list[Noted]) -> list[str]:
    """What was noted, the newest first."""
    return [one["text"] for one in reversed(noted)]


def shortened(items: list[str], limit: int | None) -> list[str]:
    """The first items, and how many more there are."""
    if limit is None or len(items) <= limit:
        return items
    return [*items[:limit], f"… and {len(items) - limit} more"]


def file_line(state: State, path: str, project: str, width: int | None = None) -> str:
    """A file in play: its path, of which the end is kept within a width, edits and reads."""
    touched = state["work_state"]["files"][path]
    counts = [
        render.counted(number, name)
        for number, name in ((touched["edits"], "edit"), (touched["reads"], "read"))
        if number
    ]
    shown = reload.shown_path(path, project)
    if width and len(shown) > width:
        shown = "…" + shown[1 - width :]
    return f"{shown} ({', '.join(counts)})"


def continues(state: State) -> str:
    """Which session this one continues, and how sure that is."""
    lineage = state["lineage"]
    if lineage["parent_id"] is None:
        return ""
    return (
        f"{lineage['parent_id']} after {lineage['reason']}"
        f" ({lineage['confidence']}: {lineage['evidence']})"
    )
