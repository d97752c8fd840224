"""Recognizing secrets: every kind of rule behind one function. Pure.

The rules stand in `stages`. Each pattern has a limit to every repetition, so that the time is
linear in the text. Commit hashes and identifiers stay: the work needs them.
"""

from __future__ import annotations

from clearpoint.redaction import gate, stages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Span = tuple[int, int, str]
    Places = Callable[[str, str], Iterator[int]]

SLICE_CHARS = 2_000
"""The rules see no more at a time: whatever a pattern takes for so much, the whole is linear."""
OVERLAP_CHARS = 600
BEFORE_CHARS = 300
BEHIND_CHARS = 1_200
KEY_CHARS = 40_000
"""A private key is at most this long."""
KEY_BODY = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=: \t\r\n\\-,"
)
SECRETS_LIMIT = 40
PARTS_LIMIT = 1_000
"""What the rules found in so many parts of texts is remembered: files are written again and again."""
_parts: dict[tuple[str, str], list[Span]] = {}
AGAIN_CHARS = 8
"""A secret of this length is masked wherever else it stands in the text."""


def mask(text: str, places: Places = gate.places) -> str:
    """The text with a mark in place of each secret; `places` tells where one may stand."""
    done, place = [], 0
    for start, end, kind in spans(text, places):
        done += [text[place:start], f"[masked: {kind}]"]
        place = end
    return "".join([*done, text[place:]])


def spans(text: str, places: Places = gate.places) -> list[Span]:
    """Where secrets stand, in order, none within another."""
    low = text.lower()
    if len(low) != len(text):  # a letter that has two small ones
        low = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    found = list(private_keys(text))
    for start, end in slices(text, low, places):
        found += [
            (start + begin, _whole(text, start + stop, end), kind)
            for begin, stop, kind in _found(text[start:end], low[start:end])
        ]
    known = {text[begin:stop]: kind for begin, stop, kind in found[:SECRETS_LIMIT]}
    for secret, kind in known.items():
        found += _again(text, secret, kind)
    return stages.apart(found)


def _found(part: str, low: str) -> list[Span]:
    """What the rules find in a part of a text."""
    if (part, low) not in _parts:
        if len(_parts) == PARTS_LIMIT:
            _parts.clear()
        _parts[part, low] = stages.found(part, low)
    return _parts[part, low]


def slices(text: str, low: str, places: Places) -> Iterator[tuple[int, int]]:
    """The parts of a text that the rules look at: all of a short one, else what is suspect."""
    if len(text) <= SLICE_CHARS:
        yield 0, len(text)
        return
    done = 0
    for first, last in _ranges(text, low, places):
        start = max(done, first)
        while start < last:
            done = min(start + SLICE_CHARS, last)
            yield max(0, start - OVERLAP_CHARS), done
            start = done


def _ranges(text: str, low: str, places: Places) -> Iterator[tuple[int, int]]:
    """What is suspect with what stands around it, joined where it touches."""
    first = last = -1
    for place in sorted(set(places(text, low))):
        start, end = max(0, place - BEFORE_CHARS), min(len(text), place + BEHIND_CHARS)
        if start > last:
            if last > 0:
                yield first, last
            first = start
        last = end
    if last > 0:
        yield first, last


def _whole(text: str, stop: int, limit: int) -> int:
    """Where a secret ends that goes on behind the slice it was found in."""
    while stop >= limit and stop < len(text) and (text[stop].isalnum() or text[stop] in "+/=_-."):
        stop += 1
    return stop


def private_keys(text: str) -> Iterator[Span]:
    """Whole private keys, and as much of one as there is where its end is missing."""
    place = text.find("-----BEGIN")
    while place >= 0:
        end = place + 10
        if "PRIVATE KEY" in text[place : place + 80]:
            body = text.find("-----", end) + 5
            end = _end_of_key(text, body, place + KEY_CHARS)
            if end - body > 24:
                yield place, end, "Private Key"
        place = text.find("-----BEGIN", max(end, place + 10))


def _end_of_key(text: str, body: int, limit: int) -> int:
    end = text.find("-----END", body, limit)
    if end >= 0:
        return max(end + 8, text.find("-----", end + 8, end + 80) + 5)
    end = body
    while end < min(len(text), limit) and text[end] in KEY_BODY:
        end += 1
    return end


def _again(text: str, secret: str, kind: str) -> Iterator[Span]:
    """Where else in the text the same secret stands."""
    if len(secret) < AGAIN_CHARS:
        return
    place = text.find(secret)
    while place >= 0:
        yield place, place + len(secret), kind
        place = text.find(secret, place + len(secret))
