"""A summary that has its size at any ratio, up to the whole conversation. Pure.

`summary` leaves out code, headings and repetitions, and so cannot always be as long as was asked.
Where it falls short, parts of the original text are taken as they stand: those worth most first,
and some of the last one. Where most is kept, a message of which nothing is left out goes without a
pointer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from clearpoint.text import sentences, summary
from clearpoint.text.passages import FENCES
from clearpoint.text.summary import GAP, Message, Summary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

PART_CHARS = 160
NEAR = summary.TOLERANCE / 2
CODE_SCORE = -0.5
ENDS = (".", "!", "?", ":", "。", "！", "？")
MOST = 0.8
"""From this ratio on most of the text is kept as it stands."""


class Part(NamedTuple):
    """A stretch of a message's text, from `start` to `end`, with what it is worth."""

    message: int
    start: int
    end: int
    score: float


def summarize(
    messages: Sequence[Message], ratio: float, *, measure: Callable[[str], int]
) -> Summary:
    """The messages at this share of their tokens, within a tenth of it; decisions come first.

    Raises ValueError for a ratio that is not above 0 and at most 1.
    """
    summary.refuse_ratio(ratio)
    found = summary.summarize(messages, min(ratio, MOST), measure=measure, keep_decisions=True)
    original = found.original_tokens
    target = ratio * original
    if ratio < MOST and abs(found.tokens - target) <= NEAR * target:
        return found
    text = Selection(messages, target, measure, is_most=ratio >= MOST).text()
    return Summary(text, measure(text), original)


class Selection:
    """The parts of the messages that make up a text of about `target` tokens."""

    __slots__ = ("is_most", "measure", "messages", "parts", "target")

    def __init__(
        self,
        messages: Sequence[Message],
        target: float,
        measure: Callable[[str], int],
        *,
        is_most: bool = False,
    ) -> None:
        self.messages = messages
        self.target = target
        self.measure = measure
        self.is_most = is_most
        found = [part for number in range(len(messages)) for part in parts(number, messages)]
        self.parts = sorted(found, key=lambda part: (-part.score, part.message, part.start))

    def text(self) -> str:
        """The text of the right size: as many parts as fit, and some of the next."""
        if self._fits(self.parts):
            return self._shown(self.parts)
        bare = "\n".join(message.text for message in self.messages)
        if self.is_most and self.measure(bare) <= self.target * (1 + NEAR):
            return bare  # who said what takes too much in a talk of very short messages
        low, high = 0, len(self.parts)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self._fits(self.parts[:middle]) else (low, middle - 1)
        chosen = self.parts[:low]
        if low < len(self.parts) and self._is_short(chosen):
            chosen = self._with_some_of(self.parts[low], chosen)
        return self._shown(chosen)

    def _with_some_of(self, part: Part, chosen: list[Part]) -> list[Part]:
        """The chosen parts with as much of one more as fits, cut between words."""
        text = self.messages[part.message].text
        ends = [at for at in range(part.start + 1, part.end) if text[at].isspace()]
        ends = ends or list(range(part.start + 1, part.end))
        low, high = 0, len(ends)
        while low < high:
            middle = (low + high + 1) // 2
            fits = self._fits([*chosen, part._replace(end=ends[middle - 1])])
            low, high = (middle, high) if fits else (low, middle - 1)
        return [*chosen, part._replace(end=ends[low - 1])] if low else chosen

    def _fits(self, chosen: Sequence[Part]) -> bool:
        return self.measure(self._shown(chosen)) <= self.target * (1 + NEAR)

    def _is_short(self, chosen: Sequence[Part]) -> bool:
        return self.measure(self._shown(chosen)) < self.target * (1 - NEAR)

    def _shown(self, chosen: Sequence[Part]) -> str:
        """The parts in the order of the conversation, with the pointers that they need."""
        by_message: dict[int, list[Part]] = {}
        for part in sorted(chosen, key=lambda part: (part.message, part.start)):
            by_message.setdefault(part.message, []).append(part)
        return "\n".join(self._joined(self.messages[at], held) for at, held in by_message.items())

    def _joined(self, message: Message, held: Sequence[Part]) -> str:
        """The parts of one message, marked with its speaker, its gaps and its pointer."""
        shown, before = [], 0
        for part in held:
            shown.append(message.text[part.start : part.end])
            if part.start != before:
                shown[-1] = f"{GAP} {shown[-1]}"
            before = part.end
        if before < len(message.text) and not shown[-1].rstrip().endswith(ENDS):
            shown[-1] = shown[-1].rstrip() + GAP
        is_whole = sum(part.end - part.start for part in held) == len(message.text)
        is_plain = is_whole and self.is_most
        head = f"[{message.pointer}] " if message.pointer and not is_plain else ""
        speaker = "User: " if message.role == "user" else ""
        return f"{head}{speaker}{''.join(shown).strip()}"


def parts(number: int, messages: Sequence[Message]) -> Iterator[Part]:
    """All of a message in parts: sentences of prose, lines of code, pieces of what is longer."""
    message, start, is_code = messages[number], 0, False
    for line in message.text.splitlines(keepends=True):
        is_fence = line.strip().startswith(FENCES)
        is_code = is_code != is_fence
        for piece in [line] if is_code or is_fence else _sentences(line):
            score = CODE_SCORE if is_code or is_fence else _worth(piece, message.role)
            for begin in range(0, len(piece), PART_CHARS):
                end = min(len(piece), begin + PART_CHARS)
                yield Part(number, start + begin, start + end, score)
            start += len(piece)


def _sentences(line: str) -> Iterator[str]:
    """The sentences of a line with all that is between them."""
    begin = 0
    for said in sentences.split(line):
        at = line.find(said, begin)
        if at > begin:
            yield line[begin:at]
            begin = at
    yield line[begin:]


def _worth(text: str, role: str) -> float:
    if summary.is_decision(text):
        return summary.KEPT_WEIGHT + summary.said_score(text, role)
    return summary.said_score(text, role) - sentences.is_announcement(text.strip())
