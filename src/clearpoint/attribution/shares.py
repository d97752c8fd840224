"""Fitting the sizes of pieces to what the client has counted. Pure.

Every response says how large its request was. What came between two requests is therefore known
to the token as a whole, and only has to be shared out among the few pieces that were written in
between; so is what the first request carried.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from clearpoint.attribution.parts import (
    FILES,
    ON_DISK,
    OVERHEAD,
    REMINDERS,
    RESULTS,
    SUMMARY,
    SYSTEM_PROMPT,
    THINKING,
    Piece,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Key = tuple[str, str]

Basis = Literal["exact", "shared", "estimated"]
"""How the tokens of a part are known."""

PRIOR = 1.15
"""Tokens of models up to 4.6 per token of cl100k_base."""
LEAST_RATIO, MOST_RATIO = 0.8, 3.0
"""Growth outside of these, per token written, tells nothing about the ratio."""
LEAST_GROWTH, MOST_GROWTH = 0.6, 1.7
"""Growth outside of these parts of what is expected has another cause than what was written."""
SLACK_TOKENS = 150
RESTORED = "restored by Claude Code"
UNSEEN = "not in the transcript"
GIVEN_UP: tuple[Callable[[Key], bool], ...] = (
    lambda key: key[0] == THINKING,
    lambda key: key[1] == RESTORED,
    lambda key: key[0] in (RESULTS, FILES),
)
"""What a client may leave out of later requests: thinking, files it restored, old results."""
PARTIAL_OUTPUT = 0.7
"""A count of output below this part of what is expected is a partial one."""


class Segment:
    """A request: its size, its answer, and what was written until the next one."""

    def __init__(
        self,
        message_id: str = "",
        carried: int = 0,
        prior: float = PRIOR,
        parent: str | None = None,
    ) -> None:
        self.message_id = message_id
        self.carried = carried
        self.prior = prior
        """The model's tokens per token of cl100k_base, as a rule."""
        self.parent = parent
        """The entry that it answers."""
        self.cleared = 0
        """Tokens of old results that were cleared before the next request."""
        self.output = 0
        self.answer: list[Piece] = []
        self.since: list[Piece] = []

    @property
    def written(self) -> list[Piece]:
        """What the next request carries beyond this one."""
        return self.answer + self.since


class Share:
    """The tokens of one part."""

    def __init__(self) -> None:
        self.alone = 0.0
        """Counted by the client, with nothing else in the count."""
        self.shared = 0.0
        """A share of what was counted."""
        self.estimated = 0.0

    @property
    def tokens(self) -> float:
        """All of them."""
        return self.alone + self.shared + self.estimated

    @property
    def basis(self) -> Basis:
        """Where most of the tokens are known from; exact only where all are."""
        if self.estimated > self.tokens / 2:
            return "estimated"
        return "shared" if self.shared or self.estimated else "exact"


class Shares:
    """The tokens of every part so far."""

    def __init__(self) -> None:
        self.parts: dict[Key, Share] = {}

    def add(self, pieces: Iterable[Piece], total: float, *, counted: bool) -> None:
        """Share a total out among pieces by their sizes."""
        sizes: dict[Key, float] = {}
        for group, name, size in pieces:
            sizes[group, name] = sizes.get((group, name), 0.0) + size
        whole = sum(sizes.values())
        if whole <= 0:
            sizes, whole = {(REMINDERS, ""): 1.0}, 1.0
        for key, size in sizes.items():
            share = self.parts.setdefault(key, Share())
            if not counted:
                share.estimated += total * size / whole
            elif len(sizes) == 1:
                share.alone += total
            else:
                share.shared += total * size / whole

    def take(self, tokens: float, order: Iterable[Callable[[Key], bool]]) -> None:
        """Take away what the client sends no longer, as far as it is there, in this order."""
        for leaves_out in order:
            found = [share for key, share in self.parts.items() if leaves_out(key)]
            there = sum(share.tokens for share in found)
            part = min(1.0, tokens / there) if there > 0 else 0.0
            for share in found:
                share.estimated = (1.0 - part) * share.tokens
                share.alone = share.shared = 0.0
            tokens -= part * there

    def scale_to(self, total: float) -> None:
        """Count everything again: another model has another tokenizer."""
        there = sum(share.tokens for share in self.parts.values())
        for share in self.parts.values():
            share.shared = total * share.tokens / there if there else 0.0
            share.alone = share.estimated = 0.0

    def settle(self, total: int) -> dict[Key, tuple[int, Basis]]:
        """Tokens of every part, in whole numbers that add up to the total."""
        counted = sum(share.alone + share.shared for share in self.parts.values())
        estimated = sum(share.estimated for share in self.parts.values())
        scale = (total - counted) / estimated if estimated else 0.0
        fixed = 1.0
        if scale <= 0 and abs(total - counted) >= 1:
            scale = fixed = total / (counted + estimated) if counted + estimated else 0.0
        sizes = {
            key: max(0.0, (share.alone + share.shared) * fixed + share.estimated * scale)
            for key, share in self.parts.items()
        }
        whole = in_whole_tokens(sizes, total)
        return {
            key: (tokens, self.parts[key].basis if fixed == 1.0 else "estimated")
            for key, tokens in whole.items()
            if tokens
        }


def fit(segments: list[Segment], used: int, overhead: int = 0) -> dict[Key, tuple[int, Basis]]:
    """Tokens of every part, which add up to `used`.

    The first segment holds what the first request carried, and has no answer. What was written
    after the last answer is not in use yet. `overhead` is what the session's very first request
    carried beside its messages, 0 if that is not known.
    """
    base, *requests = segments
    shares, factor = Shares(), factor_of(requests)
    first, prior = (requests[0].carried, requests[0].prior) if requests else (used, base.prior)
    begin(shares, base.since, min(used, first), factor * prior, overhead)
    for request, following in pairwise(requests):
        if following.prior == request.prior:
            grow(shares, request, following.carried - request.carried, factor * request.prior)
        else:
            shares.add(request.written, size(request.written) * request.prior, counted=False)
            shares.scale_to(following.carried)
    if requests:
        shares.add(requests[-1].answer, max(0, used - requests[-1].carried), counted=True)
    return shares.settle(used)


def begin(shares: Shares, pieces: list[Piece], first: int, ratio: float, overhead: int) -> None:
    """Share out what the first request carried.

    What is not named is system prompt and tools. After a compaction that is what it was at the
    start of the session, and beyond it are the files that older clients read again unsaid.
    """
    expected = ratio * size(pieces)
    if any(piece.group == SYSTEM_PROMPT for piece in pieces) or expected >= first:
        shares.add(pieces, first, counted=True)
        return
    shares.add(pieces, expected, counted=False)
    rest = first - expected
    if overhead and any(piece.group == SUMMARY for piece in pieces):
        standing = ratio * size(piece for piece in pieces if piece.group in ON_DISK)
        rest = min(rest, max(0.0, overhead - standing))
        shares.add([Piece(FILES, RESTORED, 1.0)], first - expected - rest, counted=False)
    unnamed = [piece for piece in pieces if piece.group == OVERHEAD] or [Piece(OVERHEAD, "", 0.0)]
    shares.add([unnamed[0]._replace(size=1.0)], rest, counted=False)


def grow(shares: Shares, request: Segment, growth: int, ratio: float) -> None:
    """Share out what a request and the next one differ by."""
    if request.cleared:
        shares.take(request.cleared, GIVEN_UP[-1:])
        growth += request.cleared
    expected = ratio * size(request.written)
    if is_growth_of(request.written, growth, ratio):
        rest = growth - request.output
        is_whole = request.output >= PARTIAL_OUTPUT * ratio * size(request.answer)
        if is_whole and rest > 0 and is_growth_of(request.since, rest, ratio):
            shares.add(request.answer, request.output, counted=True)
            shares.add(request.since, rest, counted=True)
        else:
            shares.add(request.written, growth, counted=True)
    else:
        shares.add(request.written, expected, counted=False)
        if growth < expected:
            shares.take(expected - growth, GIVEN_UP)
        else:
            shares.add([Piece(REMINDERS, UNSEEN, 1.0)], growth - expected, counted=False)


def factor_of(requests: list[Segment]) -> float:
    """The session's own ratio, as a multiple of the prior: from the growth that tells it."""
    grown = expected = 0.0
    for request, following in pairwise(requests):
        growth, written = following.carried - request.carried, size(request.written)
        tells = LEAST_RATIO * written <= growth <= MOST_RATIO * written
        if tells and request.prior == following.prior:
            grown, expected = grown + growth, expected + request.prior * written
    return grown / expected if expected else 1.0


def is_growth_of(pieces: Iterable[Piece], growth: float, ratio: float) -> bool:
    """Whether these pieces, and nothing else, can be what the requests differ by."""
    expected = ratio * size(pieces)
    return (
        LEAST_GROWTH * expected - SLACK_TOKENS <= growth <= MOST_GROWTH * expected + SLACK_TOKENS
        and growth >= 0
    )


def size(pieces: Iterable[Piece]) -> float:
    """The measured size of all of them."""
    return sum(piece.size for piece in pieces)


def in_whole_tokens(sizes: Mapping[Key, float], total: int) -> dict[Key, int]:
    """Sizes rounded so that they add up: the largest remainders are rounded up."""
    scale = total / whole if (whole := sum(sizes.values())) > 0 else 0.0
    exact = {key: size * scale for key, size in sizes.items()}
    rounded = {key: int(size) for key, size in exact.items()}
    left = total - sum(rounded.values())
    by_remainder = sorted(exact, key=lambda key: rounded[key] - exact[key])
    for key in by_remainder[:left]:
        rounded[key] += 1
    return rounded
