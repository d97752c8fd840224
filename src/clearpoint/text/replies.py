"""Replies that choose in their own words: consent, refusal, and another way than was asked. Pure.

Only what answers a question or an offer of Claude's decides, or says no to what Claude does; an
instruction of its own is the user's word and no choice.
"""

from __future__ import annotations

from clearpoint.text import sentences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

CONSENT = frozenset(("yes", "yep", "yeah", "yup", "ok", "okay", "sure", "absolutely", "definitely",
                     "agreed", "exactly", "correct", "perfect", "great", "sounds", "looks", "ja",
                     "sí", "si", "oui", "sim", "네", "예", "はい", "是", "好", "好的",
                     "对"))  # fmt: skip
REFUSAL = frozenset(("no", "nah", "nope", "nein", "non", "não", "아니요", "いいえ", "不"))
POLITE = ("no problem", "no worries", "no idea", "no rush", "no clue", "no question", "no change",
          "no luck", "no error", "no output", "no need to thank", "no thanks to", "no comment",
          "no such", "no more", "no response", "no one", "no matter")  # fmt: skip
"""How sentences begin that hold the word and refuse nothing."""
PASSING = ("commit", "push", "merge", "continue", "proceed", "go on", "go ahead", "move on",
           "show me", "rerun", "run it", "get back", "update from", "pull ", "examine", "look at",
           "look into", "see ", "check ", "test ", "run ", "review ", "open ", "discuss", "talk ",
           "try again", "retry", "thanks", "thank you")  # fmt: skip
"""What is asked for, or said yes to, about a moment alone."""
ASKED_IN_PASSING = ("commit", "push", "merge", "continue", "proceed", "go on", "move on", "next",
                    "ready to", "more detail", "explain", "walk you through", "show you",
                    "look at the", "see the", "me to check", "look at what", "look into",
                    "anything else", "run the", "test it", "try it")  # fmt: skip
OFFERS = ("want me to", "shall i", "should i", "should we", "shall we", "would you like",
          "do you want", "want to ", "look right", "looks right", "look complete", "look good",
          "looks good", "sound good", "sounds good", "sound right", "does that match",
          "does this match", "match your", "make sense", "are you thinking", "should that",
          "should this", "should it", "should the", "does that work", "does this work",
          "is that ok", "is this ok", "what do you think", "thoughts?", "any adjustments",
          "do you agree", "may i", "can i ", "do you prefer", "would you prefer", "is that right",
          "is this right", "soll ich", "sollen wir", "möchtest", "quieres", "할까",
          "ましょうか", "要不要", "可以吗")  # fmt: skip
"""What a question about what to do holds, or one that asks for approval."""
OPEN = ("which ", "what's your preference", "what is your preference", "are you thinking",
        "do you prefer", "would you prefer", "how should", "where should", "what should",
        "should i keep", "what do you think", "thoughts?", "your preference")  # fmt: skip
"""What a question holds that any plain answer settles."""
WILLING = ("should", "need", "must", "instead", "let's", "lets ", "i'd like", "i'd go", "i'd keep",
           "i'd rather", "i would", "rather", "prefer", "keep ", "don't want", "do not want",
           "don't like", "i feel like", "ideally", "how about", "handle it", "i'll ", "later",
           "for now", "leave ", "use ", "go with", "go for", "only ", "why the heck not",
           "fine")  # fmt: skip
"""What an answer in own words holds that says how it is to be."""
UNSURE = ("can we", "could we", "can you", "could you", "would you", "this is not a case",
          "not sure", "don't know", "do not know", "i wonder", "what ", "why ", "how do",
          "how does", "can you explain", "could you explain", "is there", "are there", "do we",
          "does it", "did you", "hmm", "wait", "you decide", "up to you", "let me ", "same ",
          "still ", "i get ", "i got ", "it fails", "error")  # fmt: skip
"""How an answer begins that asks back, leaves it open, or tells what happened."""
OF_A_MOMENT = ("commit", "push ", "merge", "continue", "proceed to the", "go on", "move on")
FILLING = frozenset(("ok", "okay", "great", "perfect", "sounds", "looks", "correct"))
"""Words of consent that also begin what is about something else."""
TAKING_BACK = ("revert", "undo", "ignore", "stop", "roll back", "rollback", "don't", "do not",
               "drop ", "remove ", "not ", "never", "put it back", "take it out")  # fmt: skip
TELLING = frozenset(("its", "it's", "it", "there", "there's", "that", "that's", "i", "i'm", "you",
                     "he", "she", "they", "this", "the", "we're", "i've"))  # fmt: skip
"""What follows a no that only says how something is."""
FEWEST_WORDS = 4
BARE_WORDS = 3
MOST_WORDS = 60
ASKED_CHARS = 240


def own_words(asked: str, reply: str) -> str:
    """What a reply to a question decides in its own words; empty if it decides nothing."""
    first = opening(reply)
    low = first.lower()
    if not first or first.endswith(("?", "？")) or len(first.split()) > MOST_WORDS:
        return ""
    word, question = _word(low), asked.lower()
    rest = low[len(word) :].strip(" ,.!:;—-…") if word in CONSENT | REFUSAL else low
    if word in REFUSAL:
        return first if not low.startswith(POLITE) else ""
    if (
        rest.removeprefix("please ")
        .removeprefix("let's ")
        .removeprefix("lets ")
        .startswith(PASSING)
    ):
        return ""
    is_offer = any(mark in question for mark in OFFERS)
    is_plain = word in CONSENT - FILLING or len(low.split()) <= BARE_WORDS
    if word in CONSENT and is_plain:
        is_moment = any(mark in question for mark in (*OF_A_MOMENT, *ASKED_IN_PASSING))
        return first if is_offer and not (is_moment and len(rest.split()) < FEWEST_WORDS) else ""
    if low.startswith(UNSURE) or any(mark in question for mark in OF_A_MOMENT):
        return ""
    is_willing = any(mark in low for mark in WILLING)
    is_open = any(mark in question for mark in OPEN)
    is_taken_up = is_offer and len(low.split()) <= FEWEST_WORDS and f" {word} " in f" {question} "
    return first if is_taken_up or ((is_offer or is_open) and is_willing) else ""


def refusal(reply: str) -> str:
    """What a prompt refuses of what Claude does, where nothing was asked; empty if nothing."""
    first = opening(reply)
    low = first.lower()
    is_told = FEWEST_WORDS <= len(low.split()) <= MOST_WORDS and not first.endswith(("?", "？"))
    if not is_told or _word(low) not in REFUSAL or low.startswith(POLITE):
        return ""
    words = low.replace(",", " ").split()
    is_order = any(mark in low for mark in (*WILLING, *TAKING_BACK))
    return first if is_order and (words[1] not in TELLING or "should" in words) else ""


def opening(reply: str) -> str:
    """The first sentence of a reply; with the second one where it is but a word."""
    found = _few(reply)
    first = next(found, "").removeprefix("Q: ")
    if len(first.split()) < BARE_WORDS and not first.endswith(("?", "？")):
        following = next(found, "")
        if following and not following.endswith(("?", "？")):
            return sentences.cut(f"{first} {following}")
    return first


def _few(reply: str) -> Iterator[str]:
    return iter(list(sentences.sentences(reply[:2_000]))[:2])


def _word(low: str) -> str:
    """The first word, without its stops."""
    return low.split(maxsplit=1)[0].strip(",.!:;—-…") if low.strip() else ""
