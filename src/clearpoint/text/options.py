"""Options to choose from as a text words them, and the one that a reply names. Pure.

Options stand in lists, tables or headings before the question: `A. …`, `2) …`, `Option B: …`.
"""

from __future__ import annotations

from clearpoint.text import sentences

LETTERS = "abcdefgh"
NAMED_WITHIN = 6
PRAISED_WITHIN = 60
"""The option is named in the first words of a reply."""
BEFORE_NAMES = ("with", "option", "use", "think", "prefer", "do", "choose", "take", "for", "nehme",
                "pick", "approach", "variant")  # fmt: skip
ORDINALS = {"first": "1", "second": "2", "third": "3", "fourth": "4"}
NOUNS = ("one", "option", "approach", "variant", "way")
STOPS = ",.!;:—"
OPTION_CHARS = 140
MARKS = "|-*# >•"
SEPARATORS = (".", ")", ":")
PRAISES = frozenset(("seems like", "seems good", "seems right", "is the", "is correct", "is right",
                     "is good", "is fine", "is better", "sounds good", "sounds right",
                     "sounds like",
                     "looks good", "works for", "makes sense", "makes more"))  # fmt: skip
"""What is said of the option that is chosen."""


def bare_question(words: str) -> str:
    """The question alone, without the sentence before it."""
    found = [one for one in sentences.sentences(words) if one.endswith(("?", "？"))]
    return found[-1] if found else ""


def praised(words: list[str]) -> str:
    """The label of an option that is said to be right; empty if none is."""
    for place, raw in enumerate(words[:-2]):
        word = raw.strip(",.!:;()#")
        is_label = len(word) == 1 and (word in LETTERS or word.isdigit())
        said = f"{words[place + 1]} {words[place + 2].strip(',.!;')}"
        if is_label and said in PRAISES and not (word == "a" and raw == "a"):
            return word
    return ""


def named(reply: str) -> str:
    """The letter or number of the option that a reply names, empty if it names none."""
    if label := _ordinal(reply.lower().split()):
        return label
    before = ""
    for place, raw in enumerate(reply.lower().split()[:NAMED_WITHIN]):
        word = raw.strip(",.!:;()—-#")
        is_label = len(word) == 1 and (word in LETTERS or word.isdigit())
        marked = word != raw or len(reply.split()) == 1 or word.isdigit()
        if is_label and (before in BEFORE_NAMES or (place == 0 and marked)):
            return word
        before = word
    return praised(reply.lower().split()[:PRAISED_WITHIN])


def _ordinal(words: list[str]) -> str:
    """The number of an option that is named by its place: `the second, it is there already`."""
    has_article = words[:1] == ["the"]
    first, *rest = (*words[has_article:], "")
    is_noun = bool(rest) and rest[0].strip(STOPS) in NOUNS
    is_alone = has_article and (rest == [""] or first[-1:] in STOPS)
    return ORDINALS.get(first.strip(STOPS), "") if first and (is_noun or is_alone) else ""


def option(text: str, label: str) -> str | None:
    """The option of this label as the text words it, with its label; None if there is none."""
    return _labelled(text).get(label) if label else None


def options(text: str) -> list[str]:
    """The options that a text gives to choose from, in order; empty if it gives none."""
    known = _labelled(text)
    for labels in ("abcdefgh", "123456789"):
        found = [known.get(label) for label in labels]
        whole = found[: found.index(None)] if None in found else found
        if len(whole) > 1 and (labels[0] == "a" or "option 1" in text.lower() or _chooses(text)):
            return [one for one in whole if one]
    return []


def _chooses(text: str) -> bool:
    """Whether the question at the end of a text is which of several."""
    bare = bare_question(text).lower()
    return any(word in bare for word in ("which", "prefer", "option", "or ", "welche", "cuál"))


def _led(row: str) -> str:
    """A row of a table, its label in a cell of its own, as other rows are: `A. Redis | fast`."""
    label, bar, rest = row.partition("|")
    is_label = bool(bar) and len(label.strip()) == 1 and label.strip().isalnum()
    return f"{label.strip()}. {rest.strip()}" if is_label else row


def _labelled(text: str) -> dict[str, str]:
    """The options of a text by their labels, as it words them: the first of each."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        bare = _led(line.strip().lstrip(MARKS).replace("**", ""))
        if bare.lower().startswith("option "):
            bare = bare[len("option ") :]
        label = bare[:1].lower()
        if label and label not in found and bare[1:2] in SEPARATORS and bare[2:].strip(" |"):
            first, *others = [cell.strip() for cell in bare.split("|") if cell.strip()]
            found[label] = sentences.cut(" — ".join([first, *others[:1]]), OPTION_CHARS)
    return found
