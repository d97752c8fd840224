"""What is said to the user, in their language. Pure; imported only when something is said.

Two lines at most: what is so, why it matters, and one thing to do. Facts, never orders. The words
themselves are in `catalogue`.
"""

from __future__ import annotations

from clearpoint.advice.catalogue import words
from clearpoint.advice.costs import beginning, freed, is_worthwhile
from clearpoint.advice.readiness import has_known_steps, hindrance
from clearpoint.budget import levels
from clearpoint.text import phrases
from clearpoint.text.phrases import short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.config import Config
    from clearpoint.models.state import State

LONG_TURN_PERCENT = 25
"""A last turn that added more of the budget than this is worth taking back."""
LARGEST_BEGINNING_TOKENS = 100_000
"""What begins with more holds pasted or attached content too."""
LITTLE_PERCENT = 10
"""A clear that frees less of the use than this helps nobody, at no level."""
NEAR_TURNS = 10
"""More turns than this until compaction are no news."""


def reason(state: State, config: Config, trigger: str, fact: str) -> str:
    """What triggered an offer, in words; empty if there is nothing to say but the figures."""
    if trigger == "between_tasks" and not has_known_steps(state["work_state"]):
        return ""
    if trigger == "level":
        return _reached(state, config)
    return words(state, config).get(trigger, "{fact}").format(fact=fact)


def level_message(state: State, config: Config, *, names_key: bool = False) -> str:
    """Two lines when a level is newly reached."""
    said = words(state, config)
    rest = [_remedy(state, config)]
    if names_key:
        rest.append(said["long_context"])
    elif state["budget"]["level"] == "critical" and not hindrance(state):
        rest.append(_kept(state, config))
    return f"{_reached(state, config)}\n{' '.join(rest)}"


def break_message(state: State, config: Config, why: str, *, names_key: bool = False) -> str:
    """Two lines at a natural break."""
    said = words(state, config)
    head = _reached(state, config)
    if why:
        head = _because(state, config, why)
    rest = [_after_clear(state, config), said["long_context"] if names_key else ""]
    return f"{head}\n{' '.join(filter(None, rest))}"


def passed_over_message(state: State, config: Config, why: str, *, names_key: bool = False) -> str:
    """Two lines when use went on growing after a warning."""
    said, head = words(state, config), _because(state, config, why)
    rest = said["long_context"] if names_key else _kept(state, config)
    return f"{head}\n{_after_clear(state, config)} {rest}"


def end_message(state: State, config: Config) -> str:
    """Two lines when the window is nearly full and nothing compacts before its end."""
    said = words(state, config)
    is_only_compacted = hindrance(state) or _frees_little(state, config)
    which = "almost_full_open" if is_only_compacted else "almost_full"
    return f"{_reached(state, config)}\n{said[which].format(freed=short(freed(state, config)))}"


def offers_clear(state: State, config: Config) -> bool:
    """Whether the message at a level offers a clear."""
    pays = is_worthwhile(state, config) or state["budget"]["level"] in levels.PRESSING
    return pays and not hindrance(state) and not _frees_little(state, config)


def note_first(state: State, config: Config) -> str:
    """That Claude can write a note for the session after a clear."""
    return words(state, config)["note_first"]


def carried_over(state: State, config: Config, *, crashed: bool) -> str:
    """One line when a session has taken over the work of another."""
    said, spec = words(state, config), state["work_state"]["current_spec"]
    which = ("after_crash" if crashed else "carried_over") + ("_of" if spec else "")
    return " ".join(filter(None, [said[which].format(fact=spec), carried(state, config)]))


def held(state: State, config: Config) -> str:
    """Three lines for a prompt that is held: why, and the two ways on."""
    said = words(state, config)
    first = said["held"].format(full=_full(state, config))
    how = " ".join(filter(None, [said["held_how"], carried(state, config)]))
    return "\n".join([first, how, said["held_send"]])


def offered_prompts(state: State, config: Config, prompts: list[str]) -> str:
    """The prompts that wait, exactly as they were typed, and what becomes of them."""
    said = words(state, config)
    is_full = config["advice"]["enforce"] and state["budget"]["level"] == "emergency"
    head, end = ("waiting", "held_how") if is_full else ("offered", "offered_how")
    return "\n".join([said[head], *prompts, said[end]])


def carried(state: State, config: Config) -> str:
    """What a clear would carry over, in numbers; empty if there is nothing."""
    parts = counted(state, config, with_files=True)
    return words(state, config)["carried"].format(parts=parts) if parts else ""


def counted(state: State, config: Config, *, with_files: bool = False) -> str:
    """`3 decisions and 2 open steps`; empty if there is nothing to count."""
    work, said = state["work_state"], words(state, config)
    counts = [
        (len(work["decisions"]), "decision"),
        (len(work["pending_steps"]) + bool(work["current_step"]), "step"),
        (len(work["files"]) if with_files else 0, "file"),
    ]
    parts = [
        said[name if number == 1 else name + "s"].format(n=number)
        for number, name in counts
        if number
    ]
    return said["and"].join([", ".join(parts[:-1]), parts[-1]]) if parts[1:] else "".join(parts)


def _reached(state: State, config: Config) -> str:
    """How full the context is, and how long it lasts if that is not long."""
    said = words(state, config)
    return said["level_reached"].format(full=_full(state, config), turns=_turns(state, config))


def _because(state: State, config: Config, why: str) -> str:
    """The same after what triggered the message."""
    full, turns = _full(state, config), _turns(state, config)
    return words(state, config)["break"].format(reason=why, full=full, turns=turns)


def _full(state: State, config: Config) -> str:
    said = words(state, config)
    return phrases.fullness(state, said["full_budget"], said["full_over"], said["full"])


def _remedy(state: State, config: Config) -> str:
    """Why the size matters, and the one thing to do about it."""
    said, used = words(state, config), state["context_window"]["projected"]
    if hindrance(state):
        return said["compact"].format(used=short(used))
    if grown := _last_turn(state):
        return said["rewind"].format(grown=short(grown))
    if offers_clear(state, config):
        return _after_clear(state, config)
    begins = beginning(state)
    which = "fixed" if begins <= min(used, LARGEST_BEGINNING_TOKENS) else "compact"
    return said[which].format(used=short(used), begins=short(begins))


def _after_clear(state: State, config: Config) -> str:
    """What each request re-sends now, and what it would after a clear."""
    said, used = words(state, config), state["context_window"]["projected"]
    parts, left = counted(state, config), used - freed(state, config)
    which = "resend_kept" if parts else "resend"
    return said[which].format(used=short(used), left=short(left), parts=parts)


def _kept(state: State, config: Config) -> str:
    """That a checkpoint was saved, and what a compaction keeps where there is something to keep."""
    return words(state, config)["kept" if counted(state, config) else "saved"]


def _frees_little(state: State, config: Config) -> bool:
    used = state["context_window"]["projected"]
    return 100 * freed(state, config) < LITTLE_PERCENT * used


def _last_turn(state: State) -> int:
    """What the last turn added, where that is much and it changed no file; otherwise 0."""
    counted_now, budget = state["usage"], state["budget"]["tokens"]
    grown = counted_now["used"] - counted_now["turn_start"]
    is_long = counted_now["prompts"] > 1 and 100 * grown > LONG_TURN_PERCENT * budget
    turn = state["work_state"]["turn"]
    has_changed = any(
        one["edits"] and one["turn"] == turn for one in state["work_state"]["files"].values()
    )
    return grown if is_long and not has_changed else 0


def _turns(state: State, config: Config) -> str:
    left, said = state["budget"]["turns_left"], words(state, config)
    if left is None or left > NEAR_TURNS or "assumed" in state["context_window"]["source"]:
        return ""
    end = "end" if state["context_window"]["compaction_at"] is None else "compaction"
    if left == 0:
        return said[f"{end}_now"]
    return said[end].format(n=left, turns=said["turn" if left == 1 else "turns"])
