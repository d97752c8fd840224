"""What a reply chooses of what was asked: the question, and the option that is meant. Pure.

Options stand in lists, tables or headings before the question: `A. …`, `2) …`, `Option B: …`.
"""

from __future__ import annotations

from clearpoint.text import sentences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

LETTERS = "abcdefgh"
SHORT_CHARS = 3
"""A shorter reply is nothing but the option's letter."""
NAMED_WITHIN = 6
"""The option is named in the first words of a reply."""
BEFORE_NAMES = ("with", "option", "use", "think", "prefer", "do", "choose", "take", "for", "nehme")
OPTION_CHARS = 140
BARE_CHARS = 12
"""A shorter question says nothing without the sentence before it."""
MARKS = "|-*# >•"
PASSING = ("commit", "push", "merge")
"""What is asked about a moment, and settles nothing for later."""


def decision(words: str, reply: str) -> str | None:
    """What a reply to Claude's last words decides; None where it takes up no question."""
    asked = sentences.question(words)
    if not asked or not sentences.is_choice(reply):
        return None
    bare = [one for one in sentences.sentences(words) if one.endswith(("?", "？"))][-1]
    if any(passing in bare.lower() for passing in PASSING):
        return None
    said, meant = sentences.cut(reply), option(words, named(reply))
    if meant is None:
        is_passing = any(word.strip(",.;:!") in PASSING for word in said.lower().split())
        return None if is_passing else f"{asked} — {said}"
    bare = bare if len(bare) >= BARE_CHARS else asked
    return f"{bare} — {meant}" if len(said) <= SHORT_CHARS else f"{bare} — {said} ({meant})"


def named(reply: str) -> str:
    """The letter or number of the option that a reply names, empty where it names none."""
    before = ""
    for place, raw in enumerate(reply.lower().split()[:NAMED_WITHIN]):
        word = raw.strip(",.!:;()—-")
        is_label = len(word) == 1 and (word in LETTERS or word.isdigit())
        marked = word != raw or len(reply.split()) == 1 or word.isdigit()
        if is_label and (before in BEFORE_NAMES or (place == 0 and marked)):
            return word
        before = word
    return ""


def option(text: str, label: str) -> str | None:
    """The option of this label as the text words it, with its label; None where there is none."""
    if not label:
        return None
    found = [said for line in text.splitlines() for said in _labelled(line, label)]
    return found[0] if found else None


def _labelled(line: str, label: str) -> Iterator[str]:
    bare = line.strip().lstrip(MARKS).replace("**", "")
    if bare.lower().startswith("option "):
        bare = bare[len("option ") :]
    if bare[:1].lower() == label and bare[1:2] in (".", ")", ":") and bare[2:].strip(" |"):
        first, *others = [cell.strip() for cell in bare.split("|") if cell.strip()]
        yield sentences.cut(" — ".join([first, *others[:1]]), OPTION_CHARS)
