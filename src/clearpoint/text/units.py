"""Taking a message apart into what a summary takes or leaves as one. Pure."""

from __future__ import annotations

from clearpoint.text import sentences
from clearpoint.text.passages import FENCES, label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import NamedTuple
else:
    from clearpoint.lowlevel.records import Record as NamedTuple

CALL_HEAD_CHARS = 40
BULLETS = ("- ", "* ", "• ", "+ ")
SAID_NOTHING = "#>|<"
"""How lines begin that are nobody's sentence: headings, quotes, tables, tags."""


class Unit(NamedTuple):
    """What is taken or left as one: a sentence, a call, an item of a list, a set of options."""

    text: str
    lead: str = ""
    """What leads into the list of which it is an item."""
    is_announcement: bool = False


def units(text: str) -> Iterator[Unit]:
    """The units of a message, in order. Code blocks are left to the original."""
    is_code, lead = False, ""
    options: list[str] = []
    for line in text.splitlines():
        bare = line.strip()
        if bare.startswith(FENCES):
            is_code = not is_code
        if is_code or not bare or bare[0] in SAID_NOTHING or bare.startswith(FENCES):
            continue
        if is_call(line):
            yield Unit(sentences.cut(line))
        elif label(line):
            options.append(" ".join(bare.replace("**", "").split()))
        elif bare.startswith(BULLETS):
            yield Unit(_unmarked(bare), lead)
        else:
            if options:
                yield from _together(options, lead)
                options = []
            said = [sentences.cut(one) for one in sentences.split(_unmarked(line))]
            yield from (Unit(one, "", sentences.is_announcement(one)) for one in said)
            lead = said[-1] if said and said[-1].endswith((":", "：")) else ""
    yield from _together(options, lead)


def _together(options: Sequence[str], lead: str) -> Iterator[Unit]:
    """Labelled options as one unit."""
    if options:
        yield Unit(" / ".join(options), lead)


def _unmarked(line: str) -> str:
    """A line without the marks of lists and stress."""
    return line.strip().lstrip("-*+• ").replace("**", "")


def is_call(line: str) -> bool:
    """Whether a line of an archive is a tool call."""
    return line.startswith("- ") and ": `" in line[:CALL_HEAD_CHARS]
