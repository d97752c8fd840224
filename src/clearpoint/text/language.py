"""The language that a text is in. Pure."""

from __future__ import annotations

LANGUAGES = {"ko": "Korean", "ja": "Japanese", "zh": "Chinese", "ru": "Russian", "de": "German",
             "es": "Spanish", "fr": "French", "pt": "Portuguese"}  # fmt: skip


COMMON = {
    "en": frozenset(("the", "and", "is", "to", "of", "can", "you", "it", "we", "this", "that",
                     "for", "with", "in", "not", "let's")),
    "de": frozenset(("und", "der", "die", "das", "nicht", "ist", "bitte", "ich", "wir", "mit",
                     "für", "ein", "eine", "auf", "wie", "kann", "den", "dem", "es", "auch")),
    "es": frozenset(("que", "el", "la", "los", "por", "para", "con", "una", "está", "como",
                     "favor", "en", "es", "del", "las", "pero", "más", "y", "un")),
    "fr": frozenset(("le", "les", "des", "est", "une", "pour", "pas", "dans", "avec", "que",
                     "et", "je", "nous", "vous", "ce", "il", "sur", "plus")),
    "pt": frozenset(("que", "não", "uma", "para", "com", "os", "por", "favor", "isso", "você",
                     "está", "do", "da", "em", "mais", "e", "um")),
}  # fmt: skip
SHOWING_CHARS = 400
"""The beginning of a text tells its language; what follows may be pasted."""


def code_of(name: str) -> str:
    """The code of a language that is given by its English name; anything else as it is."""
    codes = {known.casefold(): code for code, known in {**LANGUAGES, "en": "English"}.items()}
    return codes.get(name.casefold(), name)


def of(text: str) -> str | None:
    """The language of a text by its script, else by its common words; None if neither tells."""
    shown = text[:SHOWING_CHARS]
    return (None if shown.isascii() else _by_script(shown)) or _by_words(shown)


def _by_script(shown: str) -> str | None:
    counts = {"ko": 0, "ja": 0, "zh": 0, "ru": 0}
    for char in shown:
        if "가" <= char <= "힣":
            counts["ko"] += 1
        elif "぀" <= char <= "ヿ":
            counts["ja"] += 2
        elif "一" <= char <= "鿿":
            counts["zh"] += 1
        elif "Ѐ" <= char <= "ӿ":
            counts["ru"] += 1
    best = max(counts, key=lambda name: counts[name])
    return best if 5 * counts[best] >= len(shown) / 4 else None


def _by_words(shown: str) -> str | None:
    words = shown.lower().replace(",", " ").replace(".", " ").split()
    counts = {name: sum(word in common for word in words) for name, common in COMMON.items()}
    first, second, *_ = sorted(counts, key=lambda name: counts[name], reverse=True)
    clear = counts[first] >= 2 and counts[first] > counts[second]
    return first if clear else None
