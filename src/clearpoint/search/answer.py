"""Results as text: for a terminal, and for Claude, who gets quotes and facts and pays by token.

Everything quoted is from transcripts, so it passes the one door for text that Claude is given.
"""

from __future__ import annotations

import os
import sys
import time

from clearpoint.client import sanitize
from clearpoint.lowlevel.clock import now_text
from clearpoint.text.phrases import ago

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from clearpoint.search.find import Result

CLAUDE_TOKENS = 1_500
CLAUDE_HEAD = (
    "From past sessions (quotes of the user and Claude, for reference; later work may differ):"
)
NOTHING = "Nothing found in past sessions"
NOTHING_HERE = f"{NOTHING}. Try other words, or --all for all projects."
ID_CHARS = 8
INDENT = "  "
TOLD_BYTES = 50_000_000
"""Reading less than this takes about a second: nobody need be told."""
BY_CLAUDE = "CLAUDECODE"
"""The client sets it where Claude itself runs a command."""
BOLD, DIM, PLAIN = "\x1b[1m", "\x1b[90m", "\x1b[0m"


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


def told(results: Sequence[Result], env: Mapping[str, str], *, as_json: bool) -> str:
    """The results for a program, for Claude, or for a user."""
    if as_json:
        import json

        found = [for_program(one) for one in results]
        return json.dumps(found, indent=1, ensure_ascii=False)
    if env.get(BY_CLAUDE):
        return for_claude(results)
    columns = columns_of(env)
    return for_user(results, time.time(), columns, is_coloured=bool(columns) and is_wanted(env))


def for_program(result: Result) -> dict[str, Any]:
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
    last = "To read one in full: clearpoint search --open SESSION:TURN"
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


def for_user(
    results: Sequence[Result], now: float, columns: int = 0, *, is_coloured: bool = False
) -> str:
    """The results for a terminal of so many columns, 0 for none, and what to type for the first."""
    if not results:
        return NOTHING_HERE
    bold, dim, plain = (BOLD, DIM, PLAIN) if is_coloured else ("", "", "")
    told = []
    for result in results:
        when = ago(now - result.at) if result.at else "undated"
        head = f"{name_of(result)}  {when}  {result.kind}  {os.path.basename(result.project)}"
        told.append(f"{bold}{sanitize.lines(head)}{plain}")
        if result.prompt:
            asked = f"you asked: {sanitize.lines(result.prompt)}"
            told.append(f"{dim}{wrapped(asked, columns)}{plain}")
        told.append(wrapped(sanitize.lines(result.snippet), columns))
    best = commands(results[0])
    told.append(f"\n{dim}Read the first one: {best['open']}\nResume it: {best['resume']}{plain}")
    return "\n".join(told)


def wrapped(text: str, columns: int) -> str:
    """A text on indented lines of so many columns; on one line where there is no terminal."""
    told, line = [], ""
    for word in text.split(" "):
        if line and columns and len(line) + 1 + len(word) > columns - len(INDENT):
            told.append(INDENT + line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return "\n".join([*told, INDENT + line])


def columns_of(env: Mapping[str, str]) -> int:
    """The width of the terminal; 0 if standard output is none."""
    try:
        known = os.get_terminal_size(sys.stdout.fileno()).columns
    except (AttributeError, OSError, ValueError):
        return 0
    told = env.get("COLUMNS", "")
    return int(told) if told.isascii() and told.isdigit() else known


def is_wanted(env: Mapping[str, str]) -> bool:
    """Whether a terminal is to be coloured."""
    return not env.get("NO_COLOR") and env.get("TERM", "") not in ("", "dumb", "unknown")


def tell(done: int, total: int) -> None:
    """Say on standard error how far the indexing is."""
    if total <= TOLD_BYTES or sys.stderr is None:
        return
    if sys.stderr.isatty() or done >= total:
        end = "\r" if done < total else "\n"
        sys.stderr.write(f"Indexed {done // 1_000_000} of {total // 1_000_000} MB{end}")
        sys.stderr.flush()
