"""Whether two sentences are about the same thing. Pure."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

SAME = 0.75
"""Of the words that carry the shorter of two notes, the share that makes them one."""
REVERSED = 0.3
"""The same where the newer one says that it takes something back."""
FEWEST = 3
PLAIN = frozenset((
    "the", "and", "for", "with", "use", "will", "decided", "agreed", "let's", "our", "that", "this",
    "from", "into", "going", "should", "have", "are", "was", "not", "instead", "actually", "chosen",
    "longer", "anymore", "rather", "than", "switch", "yes", "okay", "please", "we'll", "i'll",
    "die", "der", "das", "und", "wir", "für", "statt", "nicht", "mehr", "beschlossen",
    "entschieden", "nehmen", "los", "las", "que", "por", "para", "con", "una", "usar", "vamos",
))  # fmt: skip
"""Words that carry nothing when two notes are compared."""


def is_about(words: frozenset[str], other: str, share: float) -> bool:
    """Whether another text turns around the same things as these words."""
    others = carrying(other)
    fewer = min(len(words), len(others))
    common = len(words & others)
    if share == SAME and fewer < FEWEST:
        return bool(words) and words == others
    return fewer > 0 and common / fewer >= share


def carrying(text: str) -> frozenset[str]:
    """The words that a text turns around; of scripts without spaces, the pairs of signs."""
    return frozenset(_carrying(text))


def _carrying(text: str) -> Iterator[str]:
    for raw in text.lower().split():
        word = raw.strip(".,;:!?()[]{}\"'`“”*。、，！？")
        if len(word) >= 3 and word.isascii():
            if word not in PLAIN:
                yield word
        elif not word.isascii() and word[:1] < "ⷿ":  # Latin with accents, Cyrillic
            if word not in PLAIN and len(word) >= 3:
                yield word
        else:
            yield from (word[place : place + 2] for place in range(len(word) - 1))
