"""The pieces of the status line: which there are, and the text of each. Pure. Fast lane."""

from __future__ import annotations

from clearpoint.text.phrases import counted, short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypedDict

    from clearpoint.models.config import StatuslineConfig, StatusPiece
    from clearpoint.models.state import Level

    Limit = tuple[int, str]
    """Percent of a limit in use, and when it starts over."""

    class Shown(TypedDict):
        """What there is to show; tokens are 0 and texts empty if nothing is known."""

        budget: int
        """What the bar and the percentages are of; never more than the window."""
        window: int
        used: int
        """Counted by the client."""
        projected: int
        """What the next request will carry, where that is more than was counted."""
        estimated: bool
        level: Level
        turns_left: int | None
        spec: str
        phase: str
        cache: str
        branch: str
        changed: int
        """Files that git says are changed; 0 if that is not known."""
        cost: float
        """Of this session, in dollars."""
        five_hour: Limit | None
        week: Limit | None
        model: str
        agents: int
        pull_request: int
        """The number of the open one; 0 for none."""


PRESETS: dict[str, tuple[StatusPiece, ...]] = {
    "minimal": ("bar", "tokens", "level", "turns_left"),
    "default": ("bar", "tokens", "projected", "level", "turns_left", "five_hour", "week", "branch",
                "cost", "agents", "spec", "phase", "cache"),
    "full": ("bar", "tokens", "projected", "level", "turns_left", "five_hour", "week", "model",
             "branch", "pull_request", "cost", "agents", "spec", "phase", "cache"),
}  # fmt: skip
"""Pieces in the order of their worth: where the terminal is narrow, the last go first."""
FULL, EMPTY = "█", "░"
OVER = "over budget"
TURNS_SHOWN = 20
"""With more turns left nobody plans by their number."""
LIMIT_NEAR = 80
"""From so many percent of a rate limit on, it is coloured and always told with its reset."""
WHOLE_DOLLARS_FROM = 100
NAME_CHARS = 32


def wanted(config: StatuslineConfig) -> Sequence[StatusPiece]:
    """The names of the pieces that the settings ask for, in order."""
    return config["pieces"] or PRESETS[config["preset"]]


def pieces(
    shown: Shown, config: StatuslineConfig, *, is_brief: bool = False
) -> Iterable[tuple[StatusPiece, str]]:
    """The name and the text of each piece that is wanted and has something to say."""
    names, icons = wanted(config), config["icons"]
    made = texts(shown, config, is_alone="tokens" not in names, is_brief=is_brief)
    return [
        (one, f"{name(icons[one])} {made[one]}" if one in icons else made[one])
        for one in names
        if made[one]
    ]


def texts(
    shown: Shown, config: StatuslineConfig, *, is_alone: bool, is_brief: bool = False
) -> dict[StatusPiece, str]:
    """The text of every piece; `is_alone` is the projection without the count before it."""
    tokens = max(shown["used"], shown["projected"])
    return {
        "bar": bar(tokens, shown["budget"], config["bar_cells"]) if tokens else "",
        "tokens": fullness(shown, shown["used"], is_brief=is_brief) if shown["used"] else "",
        "projected": projection(shown, is_alone=is_alone, is_brief=is_brief),
        "level": OVER if tokens > shown["budget"] else "",
        "turns_left": turns(shown["turns_left"]),
        "five_hour": limit("5h", shown["five_hour"], is_brief=is_brief),
        "week": limit("week", shown["week"], is_brief=is_brief),
        "agents": agents(shown["agents"], is_brief=is_brief),
        "spec": name(shown["spec"]),
        "phase": shown["phase"],
        "cache": shown["cache"],
        "branch": branch(shown, is_brief=is_brief),
        "pull_request": f"PR #{shown['pull_request']}" if shown["pull_request"] else "",
        "cost": dollars(shown["cost"]),
        "model": name(shown["model"]),
    }


def bar(tokens: int, total: int, size: int) -> str:
    """`██████░░░░`."""
    filled = min(size, round(size * tokens / total))
    return FULL * filled + EMPTY * (size - filled)


def fullness(shown: Shown, tokens: int, mark: str = "", *, is_brief: bool = False) -> str:
    """`84k/200k budget 42% (window 1M)`; of the window where that is the budget.

    In brief `84k/200k 42%`.
    """
    budget, window = shown["budget"], shown["window"]
    figures = f"{mark}{short(tokens)}/{short(budget)}"
    if is_brief:
        return f"{figures} {share(tokens, budget)}"
    if budget == window:
        return f"{figures} window {share(tokens, budget)}"
    return f"{figures} budget {share(tokens, budget)} (window {short(window)})"


def share(tokens: int, budget: int) -> str:
    """`42%`."""
    return f"{100 * tokens / budget:.0f}%" if tokens >= budget / 200 else "<1%"


def projection(shown: Shown, *, is_alone: bool, is_brief: bool = False) -> str:
    """`→ ~86k`: what the next request will carry, where it differs; `~` for an estimate."""
    tokens, used = shown["projected"], shown["used"]
    mark = "~" if not used or (shown["estimated"] and tokens != used) else ""
    if is_alone or not used:
        return fullness(shown, tokens, mark, is_brief=is_brief) if tokens else ""
    return f"→ {mark}{short(tokens)}" if short(tokens) != short(used) else ""


def turns(left: int | None) -> str:
    """`9 turns left`, once they are few."""
    if left is None or left > TURNS_SHOWN:
        return ""
    return f"{counted(left, 'turn')} left" if left else "<1 turn left"


def limit(title: str, known: Limit | None, *, is_brief: bool = False) -> str:
    """`5h 82% (resets 14:00)`; in brief without the reset, unless the limit is near."""
    if known is None:
        return ""
    percent, resets = known
    is_told = resets and (not is_brief or percent >= LIMIT_NEAR)
    return f"{title} {percent}%{f' (resets {resets})' if is_told else ''}"


def agents(number: int, *, is_brief: bool = False) -> str:
    """`2 agents running`; in brief `2 agents`."""
    return f"{counted(number, 'agent')}{'' if is_brief else ' running'}" if number else ""


def branch(shown: Shown, *, is_brief: bool = False) -> str:
    """`main (3 changed)`; in brief the branch alone."""
    changed = "" if is_brief or not shown["changed"] else f" ({shown['changed']} changed)"
    return f"{name(shown['branch'])}{changed}" if shown["branch"] else ""


def dollars(cost: float) -> str:
    """`$0.42`; nothing below a cent."""
    if cost < 0.005:
        return ""
    return f"${cost:.2f}" if cost < WHOLE_DOLLARS_FROM else f"${cost:,.0f}"


def name(text: str) -> str:
    """A name as a terminal may see it: without control characters, and not too long."""
    plain = "".join(char for char in text if char.isprintable())
    return plain if len(plain) <= NAME_CHARS else plain[: NAME_CHARS - 1] + "…"
