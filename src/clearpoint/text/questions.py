"""The question of an answer that waits for the user: at its end, or before what explains it. Pure.

A question in the middle of an answer waits where it is put to the user and nothing behind it
answers it.
"""

from __future__ import annotations

from clearpoint.text import sentences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MARKS = ("?", "？")
DIRECTED = ("want me", "shall i", "should i", "shall we", "should we", "would you", "do you",
            "did you mean", "could you", "can you", "may i", "can i", "are you ", "have you ",
            "what do you think", "which of", "which one", "which option", "which approach",
            "ready to", "you'd like", "you prefer", "sound good", "sounds good", "make sense",
            "does that match", "does this match", "does that work", "does this work", "is that ok",
            "is this ok", "okay to ", "ok to ", "soll ich", "sollen wir", "möchtest", "willst du",
            "welche", "passt das", "quieres", "prefieres", "debo ", "te parece", "할까요", "까요",
            "ましょうか", "ますか", "でしょうか", "要不要", "可以吗", "好吗", "吗")  # fmt: skip
"""What a question to the user holds; one that Claude puts to itself does not."""
ANSWERING = ("yes", "no,", "no.", "no ", "because", "since ", "the answer", "i chose", "i went",
             "i've gone", "i'll go", "i will go", "i decided", "i have decided", "i'll assume",
             "i assume", "i assumed", "in short", "so i ", "ja,", "nein", "weil ", "sí,",
             "porque")  # fmt: skip
"""How what follows begins where it answers the question."""
REQUESTS = ("let me know which", "let me know whether", "let me know how", "let me know what",
            "let me know if you want me", "let me know if you'd", "let me know when",
            "tell me which", "tell me whether", "tell me how you", "tell me what you",
            "your call", "up to you",
            "waiting for your", "i'll wait for your", "please confirm", "please choose",
            "please pick", "sag mir", "dime si", "dime cuál")  # fmt: skip
"""What a sentence holds that asks without a question mark."""
POLITE = ("anything else", "any questions", "any other", "have questions", "further help")


def waiting(text: str) -> str:
    """What an answer asks the user that nothing in it answers; empty if it asks nothing."""
    asked = sentences.question(text)
    if asked:
        return "" if _is_polite(asked) else asked
    low = text.lower()
    if not any(mark in text for mark in MARKS) and not any(one in low for one in REQUESTS):
        return ""
    said = list(sentences.sentences(text))
    places = [place for place, one in enumerate(said) if _is_put(one)]
    if not places or _is_answered(said[places[-1] + 1 :]):
        return ""
    return sentences.cut(" ".join(_with_context(said, places[-1])))


def _is_put(one: str) -> bool:
    """Whether a sentence asks the user something."""
    low = one.lower()
    is_asked = one.endswith(MARKS) and any(mark in low for mark in DIRECTED)
    return (is_asked or any(mark in low for mark in REQUESTS)) and not _is_polite(low)


def _is_polite(one: str) -> bool:
    return any(mark in one.lower() for mark in POLITE)


def _is_answered(following: list[str]) -> bool:
    return any(one.lower().startswith(ANSWERING) for one in following[:2])


def _with_context(said: list[str], place: int) -> Iterator[str]:
    """A sentence, and the one before it where it says little by itself."""
    if len(said[place]) < sentences.SHORT_CHARS and place > 0:
        yield sentences.cut(said[place - 1], sentences.SENTENCE_CHARS // 2)
    yield said[place]
