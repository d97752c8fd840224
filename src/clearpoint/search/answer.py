"""Results as text: for a terminal, and for Claude, who gets quotes and facts and pays by token.

Everything quoted is from transcripts, so it passes the one door for text that Claude is given.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from clearpoint.client import sanitize
from clearpoint.lowlevel.clock import now_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clearpoint.search.find import Result

CLAUDE_TOKENS = 1_500
CLAUDE_HEAD = (
    "From past sessions, found by their words (quotes of the user and of Claude, for reference;"
    " the newest may differ):"
)
NOTHING = "Nothing found in past sessions"
ID_CHARS = 8


def name_of(result: Result) -> str:
    """What `--open` takes: the session, and the turn in it."""
    return f"{result.session[:ID_CHARS]}:{result.turn}"


def commands(result: Result) -> dict[str, str]:
    """What to type to read the turn, and to continue its session."""
    return {
        "open": f"clearpoint search --open {name_of(result)}",
        "resume": f"claude --resume {result.session}",
        "continue": f"/clearpoint:continue {result.session[:ID_CHARS]}",
    }


def as_json(result: Result) -> dict[str, Any]:
    """A result for programs."""
    return {
        "score": round(result.score, 3),
        "kind": result.kind,
        "at": now_text(result.at) if result.at else None,
        "project": result.project,
        "session_id": result.session,
        "turn": result.turn,
        "prompt": result.prompt,
        "snippet": result.snippet,
        **commands(result),
    }


def for_claude(results: Sequence[Result], limit: int = CLAUDE_TOKENS) -> str:
    """As many results as fit into so many tokens; the last line says how to read one whole."""
    from clearpoint.tokens.sizes import estimated  # a user's own search counts nothing

    if not results:
        return f"{NOTHING}."
    last = "Read one whole: clearpoint search --open SESSION:TURN"
    lines, room = [CLAUDE_HEAD], limit - estimated(CLAUDE_HEAD) - estimated(last)
    for result in results:
        block = "\n".join(sanitize.line(one) for one in facts(result))
        room -= estimated(block) + 2
        if room < 0:
            break
        lines.append(block)
    return "\n".join([*lines, last])


def facts(result: Result) -> list[str]:
    """A result in two or three lines."""
    day = time.strftime("%Y-%m-%d", time.gmtime(result.at)) if result.at else "no date"
    project = os.path.basename(result.project)
    asked = [f"  asked: {result.prompt}"] if result.prompt else []
    return [
        f"- {name_of(result)} {day} {result.kind}, {project}",
        *asked,
        f"  {result.snippet}",
    ]
