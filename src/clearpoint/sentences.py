"""Finding the sentences that matter in what was said: decisions, issues, preferences.

Plain substring tests before any splitting, because this runs at every turn. Code blocks,
headings and quoted lines are not somebody's word and are passed over. Pure.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

SENTENCE_CHARS = 240

DECISIONS = ("decided", "agreed", "we will use", "we'll use", "i'll use", "let's use", "chosen",
             "let's go with", "going with", "결정", "合意", "決定", "决定", "entschieden",
             "decidido", "decidimos")  # fmt: skip
ISSUES = ("TODO", "FIXME", "BUG:", "known issue", "still fails", "still failing", "not yet fixed")
PREFERENCES = ("always ", "never ", "please don't", "please do not", "from now on")


def matching(text: str, keys: tuple[str, ...]) -> Iterator[str]:
    """The sentences of a text that hold one of the keys, cleaned and cut to one line.

    Keys in capitals are met as written, others in any case.
    """
    lower = text.lower()
    present = [key for key in keys if (key in text if key.isupper() else key in lower)]
    if not present:
        return
    for sentence in sentences(text):
        low = sentence.lower()
        if any(key in sentence if key.isupper() else key in low for key in present):
            yield sentence


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text outside code blocks, headings, quotes and tables."""
    in_code = False
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("```"):
            in_code = not in_code
        elif line and not in_code and line[0] not in "#>|<":
            for part in split(line.lstrip("-*+•0123456789.) ").replace("**", "")):
                yield cut(part)


def split(line: str) -> Iterator[str]:
    """The sentences of one line."""
    start = 0
    for place, char in enumerate(line):
        ends = char in "。！？" or (char in ".!?" and line[place + 1 : place + 2] in ("", " "))
        if ends and line[start : place + 1].strip():
            yield line[start : place + 1].strip()
            start = place + 1
    if line[start:].strip():
        yield line[start:].strip()


def cut(text: str, limit: int = SENTENCE_CHARS) -> str:
    """The text on one line, cut at a word where it is too long."""
    flat = " ".join(text.split())
    if len(flat) <= limit:
        return flat
    return flat[: limit - 1].rsplit(" ", 1)[0] + "…"


def language(text: str) -> str | None:
    """The language of a text by its script, None where the script does not tell."""
    if text.isascii():
        return None
    counts = {"ko": 0, "ja": 0, "zh": 0, "ru": 0}
    for char in text[:2_000]:
        if "가" <= char <= "힣":
            counts["ko"] += 1
        elif "぀" <= char <= "ヿ":
            counts["ja"] += 2
        elif "一" <= char <= "鿿":
            counts["zh"] += 1
        elif "Ѐ" <= char <= "ӿ":
            counts["ru"] += 1
    best = max(counts, key=lambda name: counts[name])
    return best if 5 * counts[best] >= len(text[:2_000]) / 4 else None
