"""Taking texts apart into lines and sentences, and cutting them where they are too long.

Code blocks, headings and quoted lines are not somebody's word and are passed over. Pure.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

SENTENCE_CHARS = 240
SCANNED_CHARS = 40_000
"""As much of one text is looked at; what is longer was pasted."""
ANNOUNCING = (
    "let me ", "let's ", "now let", "now i", "now add", "now update", "now pass", "now run",
    "now the ", "first, ", "next, ", "i'll ", "here's ", "here is ", "i found ", "found it",
    "wait", "good", "excellent", "perfect", "great",
)  # fmt: skip
"""How sentences begin that say what comes next, or nothing."""
ROWS_PARTED = " / "
"""Between rows of an answer that stand on one line."""


PASTE_MARKS = ("❯", "⏺", "⎿", "│", "●", "✻", "$ ", "% ", "+ ", "+++ ", "--- ", "@@",
               "diff --git", "//", "/*", "* @", "PASS", "FAIL", "ok  ", ">>> ", "at ", "✓", "✗",
               "└", "├")  # fmt: skip
"""How lines begin that were printed or are code, and that nobody said."""

ENDS = (". ", "! ", "? ", "。", "！", "？")
"""How a sentence ends before another one."""
SEEN_TIMES, SPLIT_TIMES = 20, 3
"""So many times its limit of a text can matter to an excerpt, with its spaces and without."""
PARTED = "\0"
"""Stands between sentences while a line is taken apart."""
ASKED_LAST = 3
SHORT_CHARS = 80
CHOICE_CHARS = 3
CHOOSING = frozenset(("yes", "yep", "yeah", "ok", "okay", "sure", "no", "nope", "go", "both", "all",
                      "let's", "option", "use", "agreed", "1", "2", "3", "4", "a", "b", "c", "ja",
                      "nein", "sí", "si", "네", "예", "아니요", "はい", "いいえ", "是", "好", "对",
                      "oui", "sim"))  # fmt: skip
"""How a reply begins that takes up what was asked."""
YES = frozenset(("yes", "yep", "yeah", "yup", "ok", "okay", "sure", "please", "agreed", "correct",
                 "exactly", "absolutely", "definitely", "sounds", "good", "great", "perfect",
                 "fine", "right", "ja", "sí", "si", "oui", "sim", "네", "예", "응", "はい", "是",
                 "好", "好的", "对"))  # fmt: skip
"""What consents to something, a word by itself."""
OPINIONS = ("i think", "i'd ", "i prefer", "i agree", "ich denke", "creo que")


def question(text: str) -> str | None:
    """The question that a text ends with, in one of its last sentences; otherwise None.

    A short one means little by itself and comes with the sentence before it.
    """
    if "?" not in text and "？" not in text:
        return None
    said = list(sentences(text))
    places = [at for at in range(len(said))[-ASKED_LAST:] if said[at].endswith(("?", "？"))]
    if not places:
        return None
    asked = said[places[-1]]
    if len(asked) < SHORT_CHARS and places[-1] > 0:
        asked = f"{cut(said[places[-1] - 1], SENTENCE_CHARS // 2)} {asked}"
    return asked


def is_choice(text: str) -> bool:
    """Whether a reply takes up what was asked: it is short, or begins by choosing."""
    first = text.split(maxsplit=1)[0].lower().strip(",.!:;—-") if text.strip() else ""
    lettered = len(first) <= CHOICE_CHARS and first[-1:] == ")"
    begins = lettered or first in CHOOSING or text.lower().startswith(OPINIONS)
    asks = "?" in text or "？" in text or "hmm" in text.lower()
    return (begins or len(text) <= SHORT_CHARS // 2) and len(text) <= SENTENCE_CHARS and not asks


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text outside code blocks, headings, quotes and tables."""
    return (cut(part) for line in lines(text) for part in split(line))


def is_announcement(sentence: str) -> bool:
    """Whether a sentence says what comes next, and nothing of what was found or done."""
    return sentence.endswith(":") or sentence.lower().startswith(ANNOUNCING)


def lines(text: str) -> Iterator[str]:
    """The lines of a text that somebody said, without their marks of lists and stress."""
    in_code = False
    for raw in text[:SCANNED_CHARS].splitlines():
        line = raw.strip()
        if line.startswith("```"):
            in_code = not in_code
        elif line and not in_code and line[0] not in "#>|<" and not is_pasted(line):
            yield _unlisted(line).replace("**", "")


def is_pasted(line: str) -> bool:
    """Whether a line was printed or is code: it has a mark, or a number that lists do not have."""
    if line.startswith(PASTE_MARKS):
        return True
    rest = line.lstrip("0123456789")
    if rest == line:
        return False
    behind = rest.lstrip(" ")
    return behind[:1] in "+|→│:" and behind != "" and not rest[:1].isalpha()


def _unlisted(line: str) -> str:
    """The line without the bullet or the number of a list's item."""
    text = line.lstrip("-*+• ")
    behind = text.lstrip("0123456789")
    is_numbered = behind != text and behind.startswith((". ", ") "))
    return behind[2:].lstrip("-*+• ") if is_numbered else text


def split(line: str) -> Iterator[str]:
    """The sentences of one line."""
    if not any(end in line for end in ENDS):  # as in most lines
        if whole := line.strip():
            yield whole
        return
    for end in ENDS:
        line = line.replace(end, f"{end.rstrip()}{PARTED}")
    for part in line.split(PARTED):
        if said := part.strip():
            yield said


def cut(text: str, limit: int = SENTENCE_CHARS) -> str:
    """The text on one line, cut at a word where it is too long."""
    flat = " ".join(text.split())
    if len(flat) <= limit:
        return flat
    return flat[: limit - 1].rsplit(" ", 1)[0] + "…"


def closed(text: str, limit: int = SENTENCE_CHARS) -> str:
    """As many sentences of a text as there is room for; of a first one that is too long a part.

    Rows may be parted by ` / `. It ends before a code block, and never on a colon.
    """
    flat = " ".join(text[: SEEN_TIMES * limit].partition("```")[0].split())[: SPLIT_TIMES * limit]
    told = ""
    for row in flat.split(ROWS_PARTED):
        for number, one in enumerate(split(row)):
            joint = " " if number else ROWS_PARTED
            longer = f"{told}{joint}{one}" if told else one
            if len(longer) > limit:
                return _unannounced(told or cut(flat, limit))
            told = longer
    return _unannounced(told)


def _unannounced(text: str) -> str:
    """The text without the sentences at its end that announce something with a colon."""
    rows = text.split(ROWS_PARTED)
    while rows and rows[-1].endswith((":", "：")):
        kept = " ".join(list(split(rows.pop()))[:-1])
        rows += [kept] if kept else []
    return ROWS_PARTED.join(rows)
