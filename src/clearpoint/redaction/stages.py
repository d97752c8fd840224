"""The rules for secrets, in the order in which they are asked. Pure.

Nearly all secrets are known by their maker or their name. Where nothing suspect is left once these
are found, the other rules are not loaded: to compile their patterns costs as much as a whole hook.
"""

from __future__ import annotations

from clearpoint.redaction import around, gate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Span = tuple[int, int, str]

MARK = "[masked]"
REACH_CHARS = 160
"""So far behind a word that opens the rules by itself what was found settles it, each once."""
WORD_SIGNS = frozenset("+/=_-~")


def found(text: str, low: str) -> list[Span]:
    """What the rules find in a text; `low` is the same in small letters."""
    done: list[Span] = []
    likely = (_given, _told) if " -" in text else (_told, _given)
    for rules in (_made, _keyed, _shaped, *likely, _others):
        number = len(done)
        done += rules(text, low)
        if len(done) > number and not _is_open(text, done):
            break
    return done


def apart(found: Iterable[Span]) -> list[Span]:
    """In order and joined where they overlap."""
    done: list[Span] = []
    for start, end, kind in sorted(found):
        if done and start < done[-1][1]:
            done[-1] = (done[-1][0], max(end, done[-1][1]), done[-1][2])
        elif end > start:
            done.append((start, end, kind))
    return done


def _is_open(text: str, found: list[Span]) -> bool:
    """Whether a text may hold more than was found, be it the rest of the same word."""
    rest, place = [], 0
    for start, end, _ in apart(found):
        behind = text[end : end + 2].lstrip(".")[:1]
        if behind.isalnum() or text[end : end + 1] in WORD_SIGNS:
            return True
        rest += [text[place:start], MARK]
        place = end
    left = "".join([*rest, text[place:]])
    low = left.lower()
    if next(gate.looked_at(left, low), None) is not None:
        return True
    opening = set(around.by_words(left, low))
    is_settled = all(MARK in left[at : at + REACH_CHARS] for at in opening)
    return not is_settled or len(opening) > len(found)


def _made(text: str, low: str) -> Iterator[Span]:
    from clearpoint.redaction import services
    from clearpoint.redaction.made import by_prefix

    yield from by_prefix(text, low)
    yield from services.found(text)


def _keyed(text: str, low: str) -> Iterator[Span]:
    from clearpoint.redaction.keyed import found

    return found(text, low)


def _shaped(text: str, low: str) -> Iterator[Span]:
    from clearpoint.redaction.made import by_shape

    return by_shape(text, low)


def _given(text: str, low: str) -> Iterator[Span]:
    from clearpoint.redaction import commands

    return commands.found(text, low)


def _told(text: str, low: str) -> Iterator[Span]:
    from clearpoint.redaction import spoken

    return spoken.found(text, low)


def _others(text: str, low: str) -> Iterator[Span]:
    from clearpoint.redaction import calls, made, manifests, nearby, phrases, tables

    yield from made.by_published(text, low)
    for rules in (manifests, tables, calls, nearby, phrases):
        yield from rules.found(text, low)
