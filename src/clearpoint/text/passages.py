"""Passages of a text and its labelled options: what an excerpt keeps whole or leaves out. Pure.

A passage is a heading, a paragraph, a list, a table or a code block, as a range of lines.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FENCES = ("```", "~~~")
MARKS = "-*+#>|_• "
"""Signs of Markdown that a line begins with."""
OPTION_WORDS = ("option", "variant", "approach", "choice", "alternative", "plan", "way",
                "variante", "möglichkeit", "opción", "opção", "選択肢", "案", "方案", "选项",
                "옵션", "방안")  # fmt: skip
LABEL_ENDS = ".):—–-"
DIGITS_AT_MOST = 2
OPEN_WORDS = ("still open", "still to do", "still to be", "remaining", "remains", "what is left",
              "what's left", "left to do", "not yet", "next step", "next up", "next:", "to do",
              "todo", "open question", "open point", "pending", "blocked", "recommend", "caveat",
              "noch offen", "nächste", "pendiente", "falta", "남은", "다음", "残り", "次", "剩余",
              "下一步")  # fmt: skip


class Passage:
    """Lines `start` to `end` (excluded) of a text."""

    __slots__ = ("end", "is_code", "is_heading", "start")

    def __init__(self, start: int, end: int, *, is_code: bool, is_heading: bool) -> None:
        self.start = start
        self.end = end
        self.is_code = is_code
        self.is_heading = is_heading


def passages(lines: Sequence[str]) -> list[Passage]:
    """The passages of a text's lines, in order; blank lines part them."""
    return list(_passages(lines))


def _passages(lines: Sequence[str]) -> Iterator[Passage]:
    place = 0
    while place < len(lines):
        bare = lines[place].strip()
        end = place + 1
        if bare.startswith(FENCES):
            end = _code_end(lines, place)
            yield Passage(place, end, is_code=True, is_heading=False)
        elif bare.startswith("#"):
            yield Passage(place, end, is_code=False, is_heading=True)
        elif bare:
            while end < len(lines) and not _parts(lines[end].strip()):
                end += 1
            yield Passage(place, end, is_code=False, is_heading=False)
        place = end


def _code_end(lines: Sequence[str], start: int) -> int:
    """The line after the fence that closes a code block."""
    fence = lines[start].strip()[:3]
    for place in range(start + 1, len(lines)):
        if lines[place].strip().startswith(fence):
            return place + 1
    return len(lines)


def _parts(bare: str) -> bool:
    """Whether a line ends the passage before it."""
    return not bare or bare.startswith(("#", *FENCES))


def leads_in(line: str) -> bool:
    """Whether a line announces what follows and says little without it."""
    bare = line.strip()
    is_bold = bare.startswith("**") and bare.endswith("**")
    return bare.startswith("#") or is_bold or bare.rstrip("*_ ").endswith((":", "："))


def label(line: str) -> str:
    """The label of an option or a numbered item: `2`, `b`; empty for another line."""
    bare = line.strip().lstrip(MARKS).replace("**", "").lstrip("( ")
    first, _, rest = bare.partition(" ")
    if first.lower().rstrip(":") in OPTION_WORDS and rest:
        first = rest.partition(" ")[0]
        name = first.rstrip(LABEL_ENDS + ",;")
        return name.lower() if _is_label(name) else ""
    name = first.rstrip(LABEL_ENDS)
    return name.lower() if name != first and _is_label(name) else ""


def _is_label(name: str) -> bool:
    is_letter = len(name) == 1 and name.isascii() and name.isalpha()
    return is_letter or (name.isdecimal() and len(name) <= DIGITS_AT_MOST)


def is_open(text: str) -> bool:
    """Whether a passage asks something or says what is still to be done."""
    low = text.lower()
    return "?" in text or "？" in text or any(word in low for word in OPEN_WORDS)
