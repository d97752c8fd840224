"""Recognizing secrets: every kind of rule behind one function. Pure.

Rules are published ones (`redaction.published`), our own by makers' prefixes (`makers`), by names
(`keyed`), by programs (`commands`) and by sentences (`spoken`). Each pattern has a limit to every
repetition, so that the time is linear in the text, and is compiled when a text first has a word
that it needs. Commit hashes and identifiers stay: the work needs them.
"""

from __future__ import annotations

import re

from clearpoint.redaction import (
    calls,
    commands,
    gate,
    keyed,
    makers,
    manifests,
    nearby,
    phrases,
    published,
    spoken,
    tables,
    values,
)
from clearpoint.redaction.patterns import compiled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Span = tuple[int, int, str]

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
SHORTEST_CHARS = 12
GENERIC_CHARS = 26
BETWEEN = dict.fromkeys(map(ord, "\"'`=:,;()<>[]{}|\\?&/@#%*!~"), " ")
SECRETS_LIMIT = 40
AGAIN_CHARS = 8
"""A secret of this length is masked wherever else it stands in the text."""


def mask(text: str) -> str:
    """The text with a mark in place of each secret."""
    done, place = [], 0
    for start, end, kind in spans(text):
        done += [text[place:start], f"[masked: {kind}]"]
        place = end
    return "".join([*done, text[place:]])


def spans(text: str) -> list[Span]:
    """Where secrets stand, in order, none within another."""
    low = text.lower()
    if len(low) != len(text):  # a letter that has two small ones
        low = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    found = list(private_keys(text))
    for start, end in slices(text, low):
        part = _found(text[start:end], low[start:end])
        found += [
            (start + begin, _whole(text, start + stop, end), kind) for begin, stop, kind in part
        ]
    known = {text[begin:stop]: kind for begin, stop, kind in found[:SECRETS_LIMIT]}
    for secret, kind in known.items():
        found += _again(text, secret, kind)
    return _apart(found)


def slices(text: str, low: str) -> Iterator[tuple[int, int]]:
    """The parts of a text that the rules look at: all of a short one, else what is suspect."""
    if len(text) <= SLICE_CHARS:
        yield 0, len(text)
        return
    done = 0
    for first, last in _ranges(text, low):
        start = max(done, first)
        while start < last:
            done = min(start + SLICE_CHARS, last)
            yield max(0, start - OVERLAP_CHARS), done
            start = done


def _ranges(text: str, low: str) -> Iterator[tuple[int, int]]:
    """What is suspect with what stands around it, joined where it touches."""
    first = last = -1
    for place in sorted(set(gate.places(text, low))):
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


def _found(text: str, low: str) -> Iterator[Span]:
    yield from _made_by(text, low)
    yield from _shaped(text, low)
    yield from _published(text, low)
    yield from keyed.found(text, low)
    yield from commands.found(text, low)
    yield from spoken.found(text, low)
    yield from manifests.found(text, low)
    yield from tables.found(text, low)
    yield from calls.found(text, low)
    yield from nearby.found(text, low)
    yield from phrases.found(text, low)


def _made_by(text: str, low: str) -> Iterator[Span]:
    words = [word for word in _words(low) if len(word) >= SHORTEST_CHARS]
    for prefix, kind, tail in makers.PREFIXES:
        if prefix in low and any(word.startswith(prefix) for word in words):
            pattern = rf"(?<![A-Za-z0-9])(?i:{re.escape(prefix)})(?:{tail})"
            for start, end in _matches(pattern, text):
                if _is_made(text[start:end], prefix):
                    yield start, end, kind
    if any(len(word) >= GENERIC_CHARS for word in words):
        yield from _unlisted(text, low)


def _unlisted(text: str, low: str) -> Iterator[Span]:
    """Keys of makers that nobody has listed: a prefix, or parts between dots."""
    for match in compiled(makers.GENERIC).finditer(text):
        if not low.startswith(makers.KNOWN_IDS, match.start()) and is_drawn(match["r"]):
            yield *match.span(), "Key"
    for match in compiled(makers.PREFIXED).finditer(text):
        if _is_prefixed(match["p"].lower(), match["r"]):
            yield *match.span(), "Key"
    for match in compiled(makers.DOTTED).finditer(text):
        runs = match[0].split(".")[1:]
        is_mixed = all(values.classes(run) >= 3 for run in runs)
        if is_mixed and values.is_lot("".join(runs)) and not values.is_slug(match[0]):
            yield *match.span(), "Token"


def _words(low: str) -> Iterator[str]:
    """The runs that a maker's prefix can begin, also behind a sign within a longer one."""
    for word in low.translate(BETWEEN).split():
        yield word
        for sign in "-_.":
            yield word.partition(sign)[2]


def _shaped(text: str, low: str) -> Iterator[Span]:
    for hints, kind, pattern in makers.SHAPES:
        if any(hint in low for hint in hints):
            for start, end in _matches(pattern, text):
                if not values.is_stand_in(text[start:end]):
                    yield start, end, kind


def _is_made(value: str, prefix: str) -> bool:
    """Whether more than the prefix is there, and no word: `sk-learn-contrib-example-project`."""
    tail = value[len(prefix) :]
    if values.has_digit(tail):
        return len(set(tail)) >= 5
    return len(tail) >= 16 and values.classes(tail) >= 2 and 3 * values.flips(tail) > len(tail)


def _is_prefixed(prefix: str, run: str) -> bool:
    """Whether digits and small letters behind a short prefix are a key: `zt_0a1b…`, and no id or hash."""
    if prefix.startswith(makers.KNOWN_IDS) or prefix.strip("_-") in makers.HASHES:
        return False
    if prefix.endswith("-") and len(run) in (32, 40, 64):
        return False  # a build or an image, named by its commit
    return values.turns(run) >= 6 and values.is_lot(run)


def is_drawn(run: str) -> bool:
    """Whether capitals, small letters and digits are mixed as by lot."""
    return values.classes(run) >= 3 and values.turns(run) >= 4 and len(set(run)) >= 12


def _published(text: str, low: str) -> Iterator[Span]:
    for hints, kind, pattern in published.RULES:
        if any(hint in low for hint in hints):
            for start, end in _matches(pattern, text):
                if values.has_digit(text[start:end]) and not values.is_stand_in(text[start:end]):
                    yield start, end, kind


def _matches(pattern: str, text: str) -> Iterator[tuple[int, int]]:
    """Where the secret stands in each match: its group `v`, its first group, or all of it."""
    made = compiled(pattern)
    group = "v" if "v" in made.groupindex else 1 if made.groups else 0
    for match in made.finditer(text):
        if match.span(group)[0] >= 0:
            yield match.span(group)


def _again(text: str, secret: str, kind: str) -> Iterator[Span]:
    """Where else in the text the same secret stands."""
    if len(secret) < AGAIN_CHARS:
        return
    place = text.find(secret)
    while place >= 0:
        yield place, place + len(secret), kind
        place = text.find(secret, place + len(secret))


def _apart(found: Iterable[Span]) -> list[Span]:
    """In order and joined where they overlap."""
    done: list[Span] = []
    for start, end, kind in sorted(found):
        if done and start < done[-1][1]:
            done[-1] = (done[-1][0], max(end, done[-1][1]), done[-1][2])
        elif end > start:
            done.append((start, end, kind))
    return done
