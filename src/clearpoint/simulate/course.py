"""One simulated course of a session: how large its context would have been, and what it cost. Pure.

A course follows the real session at a distance, its offset: a clear takes it to the size of a new
session, a compaction to what that leaves, files that must be read again add to it, and compactions
that it does not need fall away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypedDict

from clearpoint.hygiene.autopilot import with_room

if TYPE_CHECKING:
    from collections.abc import Callable

    from clearpoint.models.state import AdviceState
    from clearpoint.simulate.bill import Bill

NEXT_TOUCHES = 20
"""Touches of files after a clear within which it counts what is needed again."""
FULL_PERCENT = 80
LEFT_TOKENS = 11_000
"""What a compaction leaves of a conversation, where the session shows none: the median of 21."""
SUMMARY_TOKENS = 4_000
"""What the client's summarizer writes: the output of the request that a compaction takes."""
RESTORED_FILES = 5
"""Files that the client reads again by itself after a compaction."""


class Figures(TypedDict):
    """What a course comes to; sizes in tokens."""

    requests: int
    prompts: int
    input: int
    """Summed over the requests."""
    uncached: int
    """The part of it that was not read from the prompt cache."""
    peak: int
    output: int
    """Written by the model, summaries included."""
    cost: float
    """Dollars for all requests whose model has a price."""
    unpriced: int
    """Requests of models without a price."""
    full: int
    """Requests above 80 % of where compaction strikes, or the window ends."""
    compactions: int
    messages: int
    """Said to the user."""
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


class Request(NamedTuple):
    """One request as it really was; sizes in tokens."""

    carried: int
    cached: int
    """Read from the prompt cache."""
    added: int
    """What the prompt added to it."""
    prefix: int
    """System prompt and tools that stay in the cache over a clear or a compaction."""
    end: int
    """Where compaction strikes, or the window ends."""
    bill: Bill | None


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

    def __init__(self, advice: AdviceState, compacts_at: int = 0, spared: int = 0) -> None:
        self.figures = new_figures()
        self.advice = advice
        self.offset = 0
        self.compacts_at = compacts_at
        """Where compaction is set to strike; 0 if the client decides."""
        self.spared = spared
        """Tokens that every request of this course begins with less."""
        self.pause_s = 0.0
        """Seconds between the last answer and the prompt that follows."""
        self.prompts = 0
        """Prompts since the last clear."""
        self.in_context: set[str] = set()
        """Files touched since the last clear."""
        self.is_new = False
        """Whether a clear has just been made and no request since."""
        self._watched: list[Watched] = []
        self._size = 0
        self._begins = 0
        self._is_compacted = self._has_lost = False
        self._stuck_turn = -1
        self._bill: Bill | None = None
        self._recent: list[str] = []

    def keep_room(self, start: int) -> None:
        """Compact no earlier than leaves room above what the session begins with, in tokens."""
        if self.compacts_at:
            self.compacts_at = with_room(self.compacts_at, start - self.spared)

    def prompt(self) -> None:
        """The user typed."""
        self.prompts += 1
        self.figures["prompts"] += 1

    def size(self, carried: int) -> int:
        """What a request carries here that really carried so much."""
        return max(0, carried + self.offset - self.spared)

    def is_compacting(self, carried: int, limit: int) -> bool:
        """Whether the client compacts before this request, where it really did not.

        What is too large even after a compaction is compacted once a turn at most.
        """
        if not self.figures["requests"]:
            return False  # there is nothing to sum up yet
        if self.compacts_at:
            is_due = self.size(carried) >= min(self.compacts_at, limit)
            return is_due and self._stuck_turn != self.figures["prompts"]
        return self.offset != 0 and self.size(carried) >= limit

    def request(self, real: Request) -> None:
        """A request, as it really was."""
        if self.is_new:
            self.offset = max(self.offset, self._begins + real.added - real.carried)
        self._bill = real.bill
        self._size = self.size(real.carried)
        if self._is_compacted and self._size >= self.compacts_at > 0:
            self._stuck_turn = self.figures["prompts"]
        is_cold = real.cached * 2 < real.carried
        if self.is_new or self._is_compacted:
            fresh = self._size - (0 if is_cold else min(self._size, real.prefix))
        elif is_cold and (self.offset or self.spared):
            fresh = self._size
        else:
            fresh = min(self._size, real.carried - real.cached)
        self.is_new = self._is_compacted = False
        self._count(self._size, fresh, real.end)

    def answer(self, output: int) -> None:
        """The newest request was answered in so many tokens."""
        self.figures["output"] += output
        if self._bill:
            self.figures["cost"] += self._bill.cost(0, 0, output)

    def _count(self, size: int, fresh: int, end: int) -> None:
        figures = self.figures
        figures["requests"] += 1
        figures["input"] += size
        figures["uncached"] += fresh
        figures["peak"] = max(figures["peak"], size)
        figures["full"] += size * 100 > end * FULL_PERCENT
        if self._bill:
            figures["cost"] += self._bill.cost(size, fresh, 0)
        else:
            figures["unpriced"] += 1

    def touch(self, path: str, cost: int | None, *, is_read: bool, end: int) -> None:
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
        is_gone = path not in self.in_context and self._has_lost
        if cost is not None and is_gone and not is_read:
            self._read_again(cost, end)
        self.in_context.add(path)
        if path in self._recent:
            self._recent.remove(path)
        self._recent = [*self._recent, path][-RESTORED_FILES:]

    def _read_again(self, cost: int, end: int) -> None:
        """One request more, and its result stays in the context."""
        self.offset += cost
        self._size += cost
        self.figures["read_again"] += cost
        self._count(self._size, cost, end)

    def boundary(self) -> bool:
        """A real compaction: whether it happens here too, where the context is as large."""
        self.offset = min(0, self.offset)
        if self.offset:
            return False
        self._summarize()
        return True

    def compact(self, offset: int) -> None:
        """The client compacts; from here on the context differs by so much from the real one."""
        self._summarize()
        self.offset = offset
        self._is_compacted = self._has_lost = True
        self.in_context = {*self._recent}

    def _summarize(self) -> None:
        """The request in which the conversation is summed up, from the cache as far as it goes."""
        self.figures["compactions"] += 1
        self._count(self._size, 0, self._size * 2)
        self.answer(SUMMARY_TOKENS)

    def clear(
        self, used: int, start: int, known: frozenset[str], names: Callable[[str], bool]
    ) -> None:
        """The conversation is cleared at its real size and begins again at this size."""
        figures = self.figures
        before = max(1, self.size(used))
        figures["clears"] += 1
        figures["freed"].append(max(0.0, 1 - (start - self.spared) / before))
        self._has_lost = True
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
        "output": 0,
        "cost": 0.0,
        "unpriced": 0,
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
