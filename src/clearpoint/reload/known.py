"""What the summary of a compaction says already, so that it is not said twice. Pure."""

from __future__ import annotations

from clearpoint.text import similarity

VERBATIM_CHARS = 60
"""A text whose beginning stands there as it is, is there."""
QUOTED_CHARS = 80
SHARE = 0.6
"""The same where one line has so much of the words that carry it."""
SCATTERED = 0.85
"""The same where they are spread over the whole."""
FEWEST = 2
"""A text of fewer such words ("yes", "1") says nothing by itself."""
MARKS = str.maketrans("", "", "*`\"'“”‘’")


class Known:
    """The text of a summary; empty if there is none, which says nothing."""

    __slots__ = ("_all", "_flat", "_lines", "text")

    def __init__(self, summary: str) -> None:
        self.text = summary
        self._flat = flat(summary)
        self._lines = [words for row in summary.splitlines() if (words := similarity.carrying(row))]
        self._all = frozenset[str]().union(*self._lines)

    def __bool__(self) -> bool:
        return bool(self._flat)

    def says(self, text: str) -> bool:
        """Whether one line of the summary says what a text says, or nearly so."""
        if not self:
            return False
        words = similarity.carrying(text)
        if len(words) < FEWEST or flat(text)[:VERBATIM_CHARS] in self._flat:
            return True
        is_near = any(len(words & line) >= SHARE * len(words) for line in self._lines)
        return is_near or len(words & self._all) >= SCATTERED * len(words)

    def quotes(self, text: str) -> bool:
        """Whether the beginning of a text stands in the summary word for word."""
        return bool(self) and flat(text)[:QUOTED_CHARS] in self._flat

    def names(self, word: str) -> bool:
        """Whether a name stands in the summary as it is."""
        return word.lower() in self._flat


def flat(text: str) -> str:
    """The text in lower case on one line, without marks of stress and quotation."""
    return " ".join(text.lower().translate(MARKS).split())
