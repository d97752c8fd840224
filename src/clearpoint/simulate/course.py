"""One simulated course of a session: how large its context would have been, and what it cost. Pure.

A course follows the real session at a distance, its offset: a clear takes it to the size of a new
session, files that must be read again add to it, and compactions that it does not need fall away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Callable

    from clearpoint.models.state import AdviceState

NEXT_TOUCHES = 20
"""Touches of files after a clear within which it counts what is needed again."""
FULL_PERCENT = 80
SUMMARY_TOKENS = 10_000
"""What a compaction leaves of a conversation, where the session shows none."""


class Figures(TypedDict):
    """What a course comes to; sizes in tokens."""

    requests: int
    prompts: int
    input: int
    """Summed over the requests."""
    uncached: int
    """The part of it that was not read from the prompt cache."""
    peak: int
    full: int
    """Requests above 80 % of the window."""
    compactions: int
    messages: int
    """Said to the person."""
    clears: int
    """Offered, and made."""
    freed: list[float]
    """The share of the use that each clear frees."""
    read_again: int
    """Tokens of files read once more because of a clear."""
    needed: int
    """Known files among the next touches after the clears."""
    named: int
    """Those of them that the reload context names."""
    regained: int
    """Those of them that it names, or that the session read again by itself."""


class Watched:
    """A clear whose next touches are still being watched."""

    __slots__ = ("known", "left", "names", "seen")

    def __init__(self, known: frozenset[str], names: Callable[[str], bool]) -> None:
        self.known = known
        self.names = names
        self.left = NEXT_TOUCHES
        self.seen: set[str] = set()


class Course:
    """The simulated session under one strategy."""

    def __init__(self, advice: AdviceState) -> None:
        self.figures = new_figures()
        self.advice = advice
        self.offset = 0
        self.prompts = 0
        """Prompts since the last clear."""
        self.in_context: set[str] = set()
        """Files touched since the last clear."""
        self.is_new = False
        """Whether a clear has just been made and no request since."""
        self._watched: list[Watched] = []
        self._size = 0
        self._begins = 0

    def prompt(self) -> None:
        """The person typed."""
        self.prompts += 1
        self.figures["prompts"] += 1

    def request(self, carried: int, cached: int, added: int, window: int) -> None:
        """A request that really carried so much; `added` is what the prompt added to it."""
        figures = self.figures
        if self.is_new:
            self.offset = max(self.offset, self._begins + added - carried)
        self._size = max(0, carried + self.offset)
        is_cold = cached * 2 < carried
        if self.is_new or (is_cold and self.offset):
            fresh = self._size
        else:
            fresh = min(self._size, carried - cached)
        self.is_new = False
        self._count(self._size, fresh, window)
        figures["requests"] += 1

    def _count(self, size: int, fresh: int, window: int) -> None:
        figures = self.figures
        figures["input"] += size
        figures["uncached"] += fresh
        figures["peak"] = max(figures["peak"], size)
        figures["full"] += size * 100 > window * FULL_PERCENT

    def touch(self, path: str, cost: int | None, *, is_read: bool, window: int) -> None:
        """A file is read or changed; `cost` is what it took to read it, None for a new one."""
        for clear in self._watched:
            clear.left -= 1
            if path in clear.known and path not in clear.seen:
                clear.seen.add(path)
                is_named = clear.names(path)
                self.figures["needed"] += 1
                self.figures["named"] += is_named
                self.figures["regained"] += is_named or is_read
        self._watched = [clear for clear in self._watched if clear.left > 0]
        is_gone = path not in self.in_context and self.figures["clears"] > 0
        if cost is not None and is_gone and not is_read:
            self._read_again(cost, window)
        self.in_context.add(path)

    def _read_again(self, cost: int, window: int) -> None:
        """One request more, and its result stays in the context."""
        self.offset += cost
        self._size += cost
        self.figures["read_again"] += cost
        self.figures["requests"] += 1
        self._count(self._size, cost, window)

    def boundary(self) -> bool:
        """A real compaction: whether it happens here too, where the context is as large."""
        self.offset = min(0, self.offset)
        if self.offset:
            return False
        self.compact(0)
        return True

    def compact(self, offset: int) -> None:
        """The client compacts; from here on the context differs by so much from the real one."""
        self.offset = offset
        self.figures["compactions"] += 1

    def clear(
        self, used: int, start: int, known: frozenset[str], names: Callable[[str], bool]
    ) -> None:
        """The conversation is cleared at its real size and begins anew at this size."""
        figures = self.figures
        before = max(1, used + self.offset)
        figures["clears"] += 1
        figures["freed"].append(max(0.0, 1 - start / before))
        self.offset = start - used
        self._begins = start
        self.prompts = 0
        self.is_new = True
        self.in_context = set()
        self._watched.append(Watched(known, names))


def new_figures() -> Figures:
    """Nothing counted yet."""
    return {
        "requests": 0,
        "prompts": 0,
        "input": 0,
        "uncached": 0,
        "peak": 0,
        "full": 0,
        "compactions": 0,
        "messages": 0,
        "clears": 0,
        "freed": [],
        "read_again": 0,
        "needed": 0,
        "named": 0,
        "regained": 0,
    }


def total(found: list[Figures]) -> Figures:
    """The figures of several sessions together."""
    summed = new_figures()
    for figures in found:
        for key, value in figures.items():
            if key == "peak":
                summed["peak"] = max(summed["peak"], figures["peak"])
            else:
                summed[key] += value  # type: ignore[literal-required]
    return summed
