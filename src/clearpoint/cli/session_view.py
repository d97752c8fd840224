"""One session as people and programs see it: the numbers, the work, where it is kept."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from rich.text import Text

from clearpoint.attribution import attribution
from clearpoint.attribution.breakdown import heavy_note
from clearpoint.cli import answer, render, session_figures
from clearpoint.cli.breakdown_view import by_part, categories
from clearpoint.client.endings import ENDINGS
from clearpoint.reload import compose
from clearpoint.session import manual_edits
from clearpoint.statusline.facts import told_phase
from clearpoint.text import phrases as wording
from clearpoint.text import sentences
from clearpoint.work import file_activity, step_spans

if TYPE_CHECKING:
    from rich.console import Console

    from clearpoint.api.session import Session
    from clearpoint.attribution.attribution import Attribution
    from clearpoint.cli.render import Row
    from clearpoint.models.state import State
    from clearpoint.models.words import Noted

PROMPT_CHARS = 160
PATH_CHARS = 46
BRIEFLY = ("Work", "Last prompt", "Open steps", "Decisions", "Open issues", "Files")
"""The rows of the work that a short answer shows."""


def attributed(session: Session, state: State, config_dir: str) -> Attribution | None:
    """Where the session's tokens go; None without a transcript, or with nothing in it yet.

    `config_dir` is the client's own folder.
    """
    path = state["system"]["transcript_path"]
    if path is None or not state["context_window"]["projected"]:
        return None
    try:
        return attribution.attribute(path, state, session.config, session.project, config_dir)
    except OSError:
        return None


def described(session: Session, config_dir: str) -> dict[str, Any]:
    """The session as JSON: the current state's parts, and what follows from them."""
    state = session.current()
    starts = session_figures.level_starts(state)
    parts = attributed(session, state, config_dir)
    return {
        "session_id": state["session_id"],
        "model": state["model"],
        "created_at": state["created_at"],
        "last_updated": state["last_updated"],
        "ended": state["ended"],
        "context_window": state["context_window"],
        "budget": state["budget"],
        "level_starts": starts,
        "level_reason": session_figures.level_reason(state, starts),
        "advice_pending": session_figures.pending(state, session.config),
        "freed_by_clear": session_figures.freed(state, session.config, parts),
        "prompt_cache": session_figures.cache(state, time.time()),
        "attribution": parts,
        "work_state": state["work_state"],
        "user_context": state["user_context"],
        "lineage": state["lineage"],
        "system": state["system"],
        "checkpoints": session.checkpoints,
        "archives": state["archives"],
        "folder": session.folder,
    }


def show(console: Console, session: Session, config_dir: str) -> None:
    """Print all that is known of the session."""
    state = session.current()
    parts = attributed(session, state, config_dir)
    answer.show(console, state, session.config, parts, id_chars=None)
    if parts:
        console.print()
        render.show(console, by_part(parts, console.width))
    console.print()
    rows = session_figures.numbers(state, parts, time.time())
    render.show(console, render.facts(rows + work(session, state, None)))
    for archived in state["archives"][-1:]:
        place(console, "Archived", os.path.join(session.root, archived))
    place(console, "Stored in", session.folder)


def show_answer(console: Console, session: Session, config_dir: str, limit: int) -> None:
    """Print how full it is, what to do, and the work, its lists shortened to `limit`."""
    state = session.current()
    answer.show(console, state, session.config, attributed(session, state, config_dir))
    if rows := [row for row in work(session, state, limit) if row[0] in BRIEFLY and row[1]]:
        console.print()
        render.show(console, render.facts(rows, brief=True))


def show_parts(console: Console, session: Session, config_dir: str) -> None:
    """Print where the tokens go, down to each tool, server and file."""
    state = session.current()
    parts = attributed(session, state, config_dir)
    answer.show(console, state, session.config, parts)
    console.print()
    if parts is None:
        console.print("No transcript yet to break down.")
        return
    coloured = render.is_coloured(console)
    render.show(console, categories(parts, console.width, coloured=coloured))
    console.print()
    render.show(console, by_part(parts, console.width))
    if note := heavy_note(parts):
        console.print()
        console.print(render.text(f"Fixed overhead: {note}."))


def place(console: Console, label: str, path: str) -> None:
    """A path, which is never broken into lines."""
    console.print(Text.assemble((f"{label:<14}", "bold"), render.safe(path)), soft_wrap=True)


def work(session: Session, state: State, limit: int | None) -> list[Row]:
    """The rows about the work, and where it is kept."""
    kept, project = state["work_state"], session.project
    opened = [*([f"▸ {kept['current_step']}"] if kept["current_step"] else [])]
    opened += kept["pending_steps"]
    failing = [f"failing: {command}" for command in kept["failing"]]
    done = reversed(kept["completed_steps"])
    width = None if limit is None else PATH_CHARS
    files = [file_line(state, path, project, width) for path in file_activity.ranked(kept)]
    by_hand = ", ".join(name for name, key in manual_edits.NAMES.items() if key in kept["hand_set"])
    return [
        ("Work", " · ".join(filter(None, (kept["current_spec"], told_phase(kept["phase"]))))),
        ("Set by hand", by_hand),
        ("Last prompt", sentences.cut(kept["last_prompt"] or "", PROMPT_CHARS)),
        ("Open steps", shortened(opened, limit)),
        ("Done", shortened([step_spans.told(kept, one) for one in done], limit)),
        ("Decisions", shortened(said(kept["decisions"]), limit)),
        ("Open issues", shortened([*failing, *said(kept["issues"])], limit)),
        ("Notes", shortened(said(kept["notes"]), limit)),
        ("Preferences", shortened(state["user_context"]["preferences"][::-1], limit)),
        ("Files", shortened(files, limit)),
        ("Continued from", continues(state)),
        ("Ended", ENDINGS.get(state["ended"] or "", state["ended"]) or ""),
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
        wording.counted(number, name)
        for number, name in ((touched["edits"], "edit"), (touched["reads"], "read"))
        if number
    ]
    shown = compose.shown_path(path, project)
    if width:
        shown = render.end_of(shown, width)
    return f"{shown} ({', '.join(counts)})"


def continues(state: State) -> str:
    """Which session this one continues, and how sure that is."""
    lineage = state["lineage"]
    if lineage["parent_id"] is None:
        return ""
    return (
        f"{lineage['parent_id']} (after {lineage['reason']};"
        f" {lineage['confidence']} confidence: {lineage['evidence']})"
    )
