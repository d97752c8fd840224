"""How full a session is and what to do about it, in five lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from clearpoint.advice import strategy
from clearpoint.advice.readiness import hindrance
from clearpoint.budget.levels import LEVELS, PRESSING
from clearpoint.cli import render, session_figures
from clearpoint.cli.breakdown_view import stacked
from clearpoint.client.endings import ENDINGS
from clearpoint.text import phrases
from clearpoint.text.phrases import counted, short

if TYPE_CHECKING:
    from rich.console import Console

    from clearpoint.attribution.attribution import Attribution
    from clearpoint.models.config import Config
    from clearpoint.models.state import State

BAR_FROM = 60
"""Narrower terminals show the figures without the bar."""
ID_CHARS = 8
LITTLE = 10
"""A clear that frees less than this part of the use is not worth a line."""
BY_SIZE = ("level", "passed_over", "window_end")
"""Triggers that tell how full it is, which stands there already."""


def show(
    console: Console,
    state: State,
    config: Config,
    parts: Attribution | None,
    *,
    id_chars: int | None = ID_CHARS,
) -> None:
    """Print the answer; `id_chars` shortens the session's id, None shows it whole."""
    console.print(title(state, id_chars))
    console.print(fullness(console, state, parts))
    console.print(Text.assemble(("→ ", "bold"), (verdict(state, config), "bold")))
    for line in (lasting(state), freeing(state, config, parts)):
        if line:
            console.print(line)


def title(state: State, id_chars: int | None) -> Text:
    """Which session it is, how old, and which model it runs on."""
    ended = ENDINGS.get(state["ended"] or "", state["ended"]) or ""
    rest = [render.age(state["last_updated"]), state["model"] or "", ended]
    name = f"Session {state['session_id'][:id_chars]}"
    about = render.safe(" · ".join(filter(None, rest)))
    return Text.assemble((name, "bold"), (f" · {about}", "bright_black"))


def fullness(console: Console, state: State, parts: Attribution | None) -> Text:
    """The bar and the figures; where it is narrow, the figures alone."""
    window, level = state["context_window"], state["budget"]["level"]
    limit = session_figures.limit_of(state)
    told = f"{phrases.fullness(state)}, {render.percent(window['projected'], limit)}"
    said = told if 0 < state["budget"]["tokens"] < window["total"] else phrases.fullness(state)
    if console.width < BAR_FROM:
        return Text(said)
    cells = min(render.BAR_CELLS, max(10, console.width - len(said) - 2))
    coloured = render.is_coloured(console)
    plain = render.bar(window["projected"], limit, level, cells)
    return Text.assemble(stacked(parts, cells, coloured=coloured) if parts else plain, f"  {said}")


def verdict(state: State, config: Config) -> str:
    """What to do, in one sentence."""
    level, open_work = state["budget"]["level"], hindrance(state)
    if state["ended"]:
        return "This session has ended. clearpoint reload shows what the next one is given."
    if not state["context_window"]["projected"]:
        return "Nothing to do: the conversation has not begun."
    found = strategy.should_clear(state, config)
    reason = next((why for name, _, why in found if name not in BY_SIZE), "")
    if reason:
        return f"Good moment to /clear: {reason[:1].lower()}{reason[1:]}."
    if level in PRESSING:
        return "Use /compact now, or finish this and /clear." if open_work else "/clear now."
    if LEVELS.index(level) >= LEVELS.index("warning"):
        return "/clear when this is finished." if open_work else "/clear before the next task."
    return "Nothing to do: carry on."


def lasting(state: State) -> str:
    """How long it lasts at this pace; empty if that is not known yet."""
    growth, left = state["budget"]["growth_per_turn"], state["budget"]["turns_left"]
    if not growth or left is None or state["ended"]:
        return ""
    end = "auto-compaction" if state["context_window"]["compaction_at"] else "the window is full"
    turns = f"About {counted(left, 'turn')}" if left else "Less than a turn"
    return f"{turns} until {end}, at {short(growth)} per turn."


def freeing(state: State, config: Config, parts: Attribution | None) -> str:
    """What /clear would free, and what would carry over."""
    used, work = state["context_window"]["projected"], state["work_state"]
    tokens = session_figures.freed(state, config, parts) if used else 0
    if state["ended"] or LITTLE * tokens < used or not tokens:
        return ""
    steps = len(work["pending_steps"]) + bool(work["current_step"])
    kept = [
        (len(work["decisions"]), "decision"),
        (steps, "open step"),
        (len(work["files"]), "file"),
    ]
    named = [counted(number, what) for number, what in kept if number]
    verb = "carries" if sum(number for number, _ in kept) == 1 else "carry"
    carried = f"; {listed(named)} {verb} over" if named else ""
    return f"/clear would free about {short(tokens)} ({render.percent(tokens, used)}){carried}."


def listed(names: list[str]) -> str:
    """`4 decisions, 2 open steps and 17 files`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
