"""What is said to the person, in their language. Pure; imported only when something is said.

One or two lines: what is so, the cheaper remedy first where there is one, what a clear would free
and carry over. Facts, never orders. The words themselves are in `catalogue`.
"""

from __future__ import annotations

from clearpoint.advice.catalogue import words
from clearpoint.advice.costs import cache_left_s, freed, is_worthwhile
from clearpoint.advice.triggers import is_open
from clearpoint.budget import levels
from clearpoint.text import phrases
from clearpoint.text.phrases import short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.config import Config
    from clearpoint.models.state import State

LONG_TURN_PERCENT = 25
"""A last turn that added more of the window than this is worth taking back."""

LITTLE_PERCENT = 10
"""A clear that frees less of the use than this helps nobody, at no level."""


def reason(state: State, config: Config, trigger: str, fact: str) -> str:
    """What triggered an offer; a level by its name."""
    return words(state, config).get(trigger, "{fact}").format(fact=fact)


def level_message(state: State, config: Config, now: float | None = None) -> str:
    """Two lines when a level is newly reached; `now` in seconds tells of the prompt cache."""
    said, level = words(state, config), state["budget"]["level"]
    head = said["level_reached"].format(level=level, **_facts(state, config, now))
    parts = [
        _rewind(state, config) or _compact(state, config),
        _clear(state, config, level),
        said["kept"] if level == "critical" else "",
        carried(state, config),
    ]
    return f"{head}\n{' '.join(part for part in parts if part)}"


def break_message(state: State, config: Config, why: str, now: float | None = None) -> str:
    """Two lines at a natural break."""
    head = words(state, config)["break"].format(reason=why, **_facts(state, config, now))
    return f"{head}\n{_clear(state, config, 'frees')} {carried(state, config)}"


def passed_over_message(state: State, config: Config, why: str, now: float | None = None) -> str:
    """Two lines when use went on growing after a warning."""
    said = words(state, config)
    head = said["break"].format(reason=why, **_facts(state, config, now))
    parts = [_compact(state, config), _clear(state, config, "frees"), said["kept"]]
    return f"{head}\n{' '.join(part for part in [*parts, carried(state, config)] if part)}"


def carried_over(state: State, config: Config, *, crashed: bool) -> str:
    """One line when a session has taken over the work of another."""
    said, spec = words(state, config), state["work_state"]["current_spec"]
    parts = [
        said["carried_over_of"].format(fact=spec) if spec else said["carried_over"],
        said["after_crash"] if crashed else "",
        carried(state, config),
    ]
    return " ".join(part for part in parts if part)


def held(state: State, config: Config, now: float | None = None) -> str:
    """Three lines for a prompt that is held back: why, and the two ways on."""
    said = words(state, config)
    facts = _facts(state, config, now)
    first = said["held"].format(full=facts["full"], cache=facts["cache"])
    return "\n".join([first, f"{said['held_how']} {carried(state, config)}", said["held_send"]])


def offered_prompts(state: State, config: Config, prompts: list[str]) -> str:
    """The prompts that wait, exactly as they were typed, and what becomes of them."""
    said = words(state, config)
    is_full = config["advice"]["enforce"] and state["budget"]["level"] == "emergency"
    head, end = ("waiting", "held_how") if is_full else ("offered", "offered_how")
    return "\n".join([said[head], *prompts, said[end]])


def carried(state: State, config: Config) -> str:
    """What a clear would carry over, in numbers."""
    work, said = state["work_state"], words(state, config)
    counts = [
        (len(work["decisions"]), "decision"),
        (len(work["pending_steps"]) + bool(work["current_step"]), "step"),
        (len(work["files"]), "file"),
    ]
    parts = [
        said[name if number == 1 else name + "s"].format(n=number)
        for number, name in counts
        if number
    ]
    return said["carried"].format(parts=", ".join(parts)) if parts else said["carried_all"]


def _facts(state: State, config: Config, now: float | None) -> dict[str, str]:
    """How full, how long, and how the prompt cache is."""
    full = phrases.fullness(state, words(state, config)["full"])
    return {"full": full, "turns": _turns(state, config), "cache": _cache(state, config, now)}


def _cache(state: State, config: Config, now: float | None) -> str:
    left = None if now is None else cache_left_s(state, now)
    if left is None:
        return ""
    said = words(state, config)
    return said["cache_warm"].format(n=max(1, round(left / 60))) if left > 0 else said["cache_cold"]


def _clear(state: State, config: Config, which: str) -> str:
    """What a clear frees; where that is little, what takes the room instead."""
    said, used = words(state, config), state["context_window"]["projected"]
    tokens = freed(state, config)
    share = 100 * tokens / max(1, used)
    is_little = share < LITTLE_PERCENT
    if is_little or (which not in levels.PRESSING and not is_worthwhile(state, config)):
        return said["fixed"].format(begins=short(used - tokens))
    return said[which].format(freed=short(tokens), share=f"{share:.0f}")


def _rewind(state: State, config: Config) -> str:
    """The cheapest remedy, where the last turn alone is to blame."""
    counted, total = state["usage"], state["context_window"]["total"]
    grown = counted["used"] - counted["turn_start"]
    if counted["prompts"] > 1 and 100 * grown > LONG_TURN_PERCENT * total:
        return words(state, config)["rewind"].format(grown=short(grown))
    return ""


def _compact(state: State, config: Config) -> str:
    """The remedy that keeps the conversation, where it is still needed."""
    is_due = state["budget"]["level"] in ("warning", "critical")
    return words(state, config)["compact"] if is_due and is_open(state) else ""


def _turns(state: State, config: Config) -> str:
    left, said = state["budget"]["turns_left"], words(state, config)
    if left is None:
        return ""
    end = "end" if state["context_window"]["compaction_at"] is None else "compaction"
    if left == 0:
        return said[f"{end}_now"]
    return said[end].format(n=left, turns=said["turn" if left == 1 else "turns"])
