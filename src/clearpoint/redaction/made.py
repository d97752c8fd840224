"""Finding secrets by how their makers write them. Pure.

Our own patterns (`makers`) and published ones (`published`); each is compiled when a text first has
a word that it needs.
"""

from __future__ import annotations

import re
from itertools import repeat

from clearpoint.redaction import lots, makers, shapes, values
from clearpoint.redaction.patterns import compiled, hinted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    Span = tuple[int, int, str]

SHORTEST_CHARS = 12
GENERIC_CHARS = 26
HEAD_CHARS = 2
"""No prefix is shorter."""
BETWEEN = dict.fromkeys(map(ord, "\"'`=:,;()<>[]{}|\\?&/@#%*!~"), " ")


def by_prefix(text: str, low: str) -> Iterator[Span]:
    """What begins as the keys of a maker do."""
    words = list(_words(low))
    heads = {word[:HEAD_CHARS] for word in words}
    for prefix, kind, tail in makers.PREFIXES:
        is_here = prefix[:HEAD_CHARS] in heads and any(map(str.startswith, words, repeat(prefix)))
        if is_here or (("/" in prefix or ":" in prefix) and prefix in low):
            pattern = rf"(?<![A-Za-z0-9])(?i:{re.escape(prefix)})(?:{tail})"
            for start, end in _matches(pattern, text):
                if _is_made(text[start:end], prefix):
                    yield start, end, kind
    if any(len(word) >= GENERIC_CHARS for word in words):
        yield from _unlisted(text, low)
    yield from lots.found(text, low)


def _unlisted(text: str, low: str) -> Iterator[Span]:
    """Keys of makers that nobody has listed: a prefix, or parts between dots."""
    for match in compiled(makers.GENERIC).finditer(text):
        if not low.startswith(makers.KNOWN_IDS, match.start()) and is_drawn(match["r"]):
            yield *match.span(), "Key"
    for match in compiled(makers.PREFIXED).finditer(text):
        if _is_prefixed(match["p"].lower(), match["r"]):
            yield *match.span(), "Key"
    for match in compiled(makers.STAGED).finditer(text):
        if _is_staged(match[0].lower(), match["r"]):
            yield *match.span(), "Key"
    for match in compiled(makers.DOTTED).finditer(text):
        runs = match[0].split(".")[1:]
        is_mixed = all(values.classes(run) >= 3 for run in runs)
        if is_mixed and values.is_lot("".join(runs)) and not values.is_slug(match[0]):
            yield *match.span(), "Token"


def _words(low: str) -> Iterator[str]:
    """The long runs that a maker's prefix can begin, also behind a sign within a longer one."""
    for word in low.translate(BETWEEN).split():
        if len(word) >= SHORTEST_CHARS:
            yield word
            for sign in "-_.":
                if len(rest := word.partition(sign)[2]) >= SHORTEST_CHARS:
                    yield rest


def by_shape(text: str, low: str) -> Iterator[Span]:
    """What has the whole shape of a maker's keys and addresses."""
    for _, kind, pattern in hinted(shapes.SHAPES, low):
        for start, end in _matches(pattern, text):
            if not values.is_stand_in(text[start:end]):
                yield start, end, kind


def _is_made(value: str, prefix: str) -> bool:
    """Whether more than the prefix is there, and no word: `sk-learn-contrib-example-project`."""
    tail = value[len(prefix) :]
    if values.has_digit(tail):
        return len(set(tail)) >= 5
    return len(tail) >= 16 and values.classes(tail) >= 2 and 3 * values.flips(tail) > len(tail)


def _is_staged(whole: str, run: str) -> bool:
    """Whether words and a run of one case are a key, and no name of something by its hash or id."""
    words = whole[: -len(run)].strip("_").split("_")
    if whole.startswith(makers.KNOWN_IDS) or (
        values.HEX.issuperset(run) and not makers.HASHES.isdisjoint(words)
    ):
        return False
    if values.is_uuid(run):
        return any(stage in whole for stage in makers.STAGES)
    return values.turns(run) >= 6 and values.is_lot(run.replace("_", ""))


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


def by_published(text: str, low: str) -> Iterator[Span]:
    """What the published rules find."""
    from clearpoint.redaction import published

    for _, kind, pattern in hinted(published.RULES, low):
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
