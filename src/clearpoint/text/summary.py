"""Progressive summarization: the sentences that carry a conversation, each with its pointer. Pure.

Extractive and deterministic, without a model: sentences are scored by what they say (decisions,
code changes, open issues, results), by who says it, and by how much of the whole conversation's
words they carry; the best ones per token fill the target. Labelled options come together or not at
all, items of a list with what leads into it, announcements never, and each gap is marked. Nothing
is lost: each message keeps the pointer, file and line, at which the archived original can be read.
"""

from __future__ import annotations

import math

from clearpoint.text import decisions, identifiers, issues, similarity
from clearpoint.text.keys import Keys
from clearpoint.text.units import is_call, units

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import NamedTuple
else:
    from clearpoint.lowlevel.records import Record as NamedTuple

RATIO = 0.3
TOLERANCE = 0.1
"""The summary's size is within this share of its target, where there is enough to choose from."""
RESULTS = Keys(
    ("pass", "fix", "add", "implement", "commit", "remov", "caus", "because", "now ", "done",
     "creat", "chang", "updat", "found"),
    "tests pass", "passed", "passes", "fixed", "implemented", "committed", "removed", "added",
    "root cause", "the cause", "because", "is now", "are now", "created", "changed", "updated",
    "found", "done",
)  # fmt: skip
SAID_WEIGHTS = ((decisions.DECISIONS, 1.5), (issues.ISSUES, 1.0), (RESULTS, 0.6))
ASKED_WEIGHT = 1.5
"""What the user says."""
KEPT_WEIGHT = 5.0
"""A decision that is to be kept: more than any other sentence can have."""
CHANGE_WEIGHT = 0.8
"""A tool call that changes a file."""
CALL_WEIGHT = -0.6
EDGE_WEIGHT = 0.3
"""The first and the last sentence of a message."""
NAME_WEIGHT = 0.7
NAMES_COUNTED = 4
CENTRAL_WEIGHT = 1.0
CHANGING = ("- Edit:", "- Write:", "- MultiEdit:", "- NotebookEdit:")
REPEATED = 0.7
"""A sentence that shares this much of its words with a chosen one says nothing new."""
FEWEST_WORDS = 2
GAP = "…"


class Message(NamedTuple):
    """One message: `role` is `user` or `assistant`; `pointer` is where the original stands."""

    role: str
    text: str
    pointer: str = ""


class Sentence(NamedTuple):
    """One unit of one message, with its score and its size in tokens."""

    message: int
    place: int
    text: str
    score: float
    tokens: int
    words: frozenset[str]
    lead: str
    is_kept: bool = False
    """Whether it comes before all others, and even if another says much the same."""


class Summary(NamedTuple):
    """A summary; sizes are tokens."""

    text: str
    tokens: int
    original_tokens: int

    @property
    def ratio(self) -> float:
        """What is left of the original, as a share of its tokens."""
        return self.tokens / max(1, self.original_tokens)


def summarize(
    messages: Sequence[Message],
    ratio: float = RATIO,
    *,
    measure: Callable[[str], int],
    keep_decisions: bool = False,
) -> Summary:
    """The messages at this share of their tokens; `measure` gives the tokens of a text.

    With `keep_decisions` sentences that decide something come before all others. Raises ValueError
    for a ratio that is not above 0 and at most 1.
    """
    refuse_ratio(ratio)
    original = sum(measure(message.text) for message in messages)
    target = round(original * ratio)
    found = scored(messages, measure)
    if keep_decisions:
        found = [kept(one) if is_decision(one.text) else one for one in found]
    chosen = choose(found, messages, target, measure)
    text = shown(chosen, messages)
    return Summary(text, measure(text), original)


def refuse_ratio(ratio: float) -> None:
    """Raise ValueError for a ratio that no summary can have."""
    if not 0 < ratio <= 1:
        raise ValueError(f"the ratio must be above 0 and at most 1, not {ratio!r}")


def gist(text: str, chars: int, *, measure: Callable[[str], int]) -> str:
    """The sentences that carry one message, of about this many characters; a shorter one whole."""
    if len(text) <= chars:
        return text
    return summarize([Message("assistant", text)], chars / len(text), measure=measure).text


def scored(messages: Sequence[Message], measure: Callable[[str], int]) -> list[Sentence]:
    """All sentences of the messages, each once, with their scores."""
    found: list[Sentence] = []
    seen: set[str] = set()
    for number, message in enumerate(messages):
        said = list(units(message.text))
        for place, unit in enumerate(said):
            text = unit.text
            if text in seen or (unit.is_announcement and not is_decision(text)):
                continue
            seen.add(text)
            score = said_score(text, message.role)
            score += EDGE_WEIGHT * (place in (0, len(said) - 1))
            tokens = measure(f"{unit.lead} {text}") + 1
            words = similarity.carrying(text)
            found.append(Sentence(number, place, text, score, tokens, words, unit.lead))
    spread: dict[str, int] = {}
    for word in (word for one in found for word in one.words):
        spread[word] = spread.get(word, 0) + 1
    most = math.log1p(max(spread.values(), default=1))
    central = {word: math.log1p(number) / most for word, number in spread.items()}
    return [one._replace(score=one.score + carried_score(one.words, central)) for one in found]


def is_decision(text: str) -> bool:
    """Whether a sentence decides something."""
    return any(decisions.made(text))


def kept(one: Sentence) -> Sentence:
    """The sentence as one that comes before all others."""
    return one._replace(score=one.score + KEPT_WEIGHT * math.sqrt(one.tokens), is_kept=True)


def carried_score(words: frozenset[str], central: Mapping[str, float]) -> float:
    """What a sentence is worth by the words it carries; one without any says nothing."""
    mean = sum(central[word] for word in words) / len(words) if words else 0.0
    return CENTRAL_WEIGHT * mean - (len(words) < FEWEST_WORDS)


def said_score(text: str, role: str) -> float:
    """What a sentence is worth by what it says and who says it."""
    score = ASKED_WEIGHT if role == "user" else 0.0
    if is_call(text):
        return score + (CHANGE_WEIGHT if text.startswith(CHANGING) else CALL_WEIGHT)
    score += sum(weight for keys, weight in SAID_WEIGHTS if keys.present(text))
    found, files = identifiers.names_in(text)
    return score + NAME_WEIGHT * min(NAMES_COUNTED, len(found) + len(files))


def choose(
    found: list[Sentence],
    messages: Sequence[Message],
    target: int,
    measure: Callable[[str], int],
) -> list[Sentence]:
    """The best sentences whose text, with its pointers, has the target's size."""
    chosen: list[Sentence] = []
    opened: set[int] = set()
    left = float(target)
    held: list[Sentence] = []
    for one in sorted(found, key=_rank):
        cost = one.tokens + (0 if one.message in opened else _opening(messages, one, measure))
        if not one.is_kept and any(_repeats(one, other) for other in chosen[-40:]):
            held.append(one)
        elif cost <= left:
            chosen.append(one)
            opened.add(one.message)
            left -= cost
        if left < target * TOLERANCE / 4:
            break
    for one in held:  # rather said again than missing, where there is room
        if left < target * TOLERANCE / 2:
            break
        if one.tokens <= left:
            chosen.append(one)
            left -= one.tokens
    return _fitted(chosen, found, messages, target, measure)


def _rank(one: Sentence) -> tuple[float, int, int]:
    """The best first, short ones before long ones of the same worth."""
    return (-one.score / math.sqrt(one.tokens), one.message, one.place)


def _opening(messages: Sequence[Message], one: Sentence, measure: Callable[[str], int]) -> int:
    return measure(_head(messages[one.message])) + 1


def _repeats(one: Sentence, other: Sentence) -> bool:
    fewer = min(len(one.words), len(other.words))
    return fewer > 0 and len(one.words & other.words) >= REPEATED * fewer


def _fitted(
    chosen: list[Sentence],
    found: list[Sentence],
    messages: Sequence[Message],
    target: int,
    measure: Callable[[str], int],
) -> list[Sentence]:
    """The choice corrected by the real size of its text: the worst go, or the next best come."""
    chosen = list(chosen)
    size = measure(shown(chosen, messages))
    while chosen and size > target * (1 + TOLERANCE / 2):
        over = size - target
        while chosen and over > 0:
            over -= chosen.pop().tokens
        size = measure(shown(chosen, messages))
    taken = {id(one) for one in chosen}
    rest = sorted((one for one in found if id(one) not in taken), key=_rank)
    for one in rest:
        if size >= target * (1 - TOLERANCE / 2):
            break
        if size + one.tokens <= target * (1 + TOLERANCE / 2):
            size = measure(shown([*chosen, one], messages))
            chosen.append(one)
    return chosen


def shown(chosen: Iterable[Sentence], messages: Sequence[Message]) -> str:
    """The units in their order, those of one message on a line that its pointer begins."""
    by_message: dict[int, list[Sentence]] = {}
    for one in chosen:
        by_message.setdefault(one.message, []).append(one)
    lines = []
    for number in sorted(by_message):
        said = sorted(by_message[number], key=lambda one: one.place)
        lines.append(_head(messages[number]) + " ".join(_joined(said)))
    return "\n".join(lines)


def _joined(said: Iterable[Sentence]) -> Iterator[str]:
    """The units with their leads, and a mark where something between two was left out."""
    before, lead = -1, ""
    for one in said:
        has_new_lead = bool(one.lead) and one.lead != lead
        if before >= 0 and one.place - has_new_lead > before + 1:
            yield GAP
        if has_new_lead:
            yield one.lead
        yield one.text
        before, lead = one.place, one.lead


def _head(message: Message) -> str:
    who = "User: " if message.role == "user" else ""
    return f"[{message.pointer}] {who}" if message.pointer else who
