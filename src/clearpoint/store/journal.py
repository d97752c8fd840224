"""A session's journal as people read it: its events in order, each of them in words."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.clock import seconds_of
from clearpoint.lowlevel.files import open_regular
from clearpoint.text.phrases import short

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from clearpoint.store.store import Store

ID_CHARS = 8
TITLES = {
    "SessionStart": "start",
    "UserPromptSubmit": "prompt",
    "Stop": "answer",
    "PreCompact": "compaction",
    "SessionEnd": "end",
    "Create": "created",
    "Set": "set by hand",
    "Restore": "restored",
}
"""What the events are called; others keep their own name."""


class Occurrence(NamedTuple):
    """One event of the journal."""

    at: float
    """Seconds since 1970."""
    event: str
    facts: dict[str, Any]
    """What was noted of it, as JSON."""

    @property
    def title(self) -> str:
        """What it is called."""
        return TITLES.get(self.event, self.event)

    @property
    def used(self) -> int | None:
        """Tokens in use at that time, None if they were not noted."""
        used = self.facts.get("used")
        return used if isinstance(used, int) else None

    def text(self, name: str) -> str:
        """A fact that is text, empty if it is none."""
        value = self.facts.get(name)
        return value if isinstance(value, str) else ""

    @property
    def words(self) -> str:
        """The facts in words, the most telling first."""
        told = WORDS.get(self.event, _others)(self)
        return "; ".join(filter(None, told))


def occurrences(store: Store, session_id: str) -> Iterator[Occurrence]:
    """The journal's events, as they were written; lines that are torn or damaged are left out.

    Nothing if there is no journal. Raises OSError if there is one that cannot be read.
    """
    try:
        descriptor = open_regular(store.path(session_id, "journal.jsonl"), os.O_RDONLY)
    except FileNotFoundError:
        return
    with open(descriptor, "rb") as lines:
        for line in lines:
            found = parsed(line)
            if found is not None:
                yield found


def parsed(line: bytes) -> Occurrence | None:
    """One line of the journal, None if it is none."""
    try:
        facts = fast_json.loads(line)
    except fast_json.MalformedJSONError:
        return None
    if not isinstance(facts, dict):
        return None
    at, event = facts.pop("at", None), facts.pop("event", None)
    seconds = seconds_of(at) if isinstance(at, str) else None
    return (
        Occurrence(seconds, event, facts)
        if seconds is not None and isinstance(event, str)
        else None
    )


def _start(one: Occurrence) -> list[str]:
    parent = one.text("parent")
    sure = one.text("confidence")
    tokens = one.facts.get("reload_tokens")
    return [
        one.text("source"),
        f"continued from {parent[:ID_CHARS]} ({sure})" if parent else "",
        f"{tokens} tokens reloaded" if isinstance(tokens, int) and tokens else "",
    ]


def _prompt(one: Occurrence) -> list[str]:
    said = {
        "held": "held and saved",
        "released": "the prompt held before was sent along",
        "told": "Claude was told how full the window is",
        "interrupted": "the turn before was interrupted",
        "reloaded_again": "the reload was sent again",
    }
    happened = (words for name, words in said.items() if one.facts.get(name))
    return [one.text("command"), _capped(one), *happened]


def _answer(one: Occurrence) -> list[str]:
    return [_size(one), _capped(one), advised(one)]


def _compaction(one: Occurrence) -> list[str]:
    archive = one.text("archive")
    at = f"at {_size(one)}" if one.used else ""
    return [f"{one.text('trigger')} {at}".strip(), f"archived in {archive}" if archive else ""]


def _end(one: Occurrence) -> list[str]:
    return [one.text("reason"), _size(one)]


def _others(one: Occurrence) -> list[str]:
    """The facts by their names, for an event without words of its own."""
    shown = {name: _plain(value) for name, value in one.facts.items() if value not in (None, [])}
    return [f"{name.replace('_', ' ')} {value}" for name, value in shown.items()]


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _size(one: Occurrence) -> str:
    return "" if one.used is None else f"{short(one.used)} in use"


def _capped(one: Occurrence) -> str:
    """A projection that was not believed, empty if there was none."""
    found = one.facts.get("implausible")
    if not isinstance(found, int) or not found:
        return ""
    return f"a projection of {short(found)} is implausible and was ignored"


def advised(one: Occurrence) -> str:
    """What set off the advice that was given at the end of a turn, empty if none was."""
    trigger = one.text("advice")
    reached = "how full it is" if trigger == "level" else trigger.replace("_", " ")
    return f"you were told: {reached}" if trigger else ""


WORDS: dict[str, Callable[[Occurrence], list[str]]] = {
    "SessionStart": _start,
    "UserPromptSubmit": _prompt,
    "Stop": _answer,
    "PreCompact": _compaction,
    "SessionEnd": _end,
}
