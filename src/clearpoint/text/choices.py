"""What a reply chooses of what was asked, and what a bare yes is about. Pure.

Options stand in lists, tables or headings before the question: `A. …`, `2) …`, `Option B: …`. A
reply decides only where it chooses: it names an option or one of the alternatives, or says yes or
no to a question about what to do.
"""

from __future__ import annotations

from clearpoint.text import options, questions, replies, sentences, similarity
from clearpoint.text.sentences import YES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

SHORT_CHARS = 3
"""A shorter reply is nothing but the option's letter."""
BARE_CHARS = 12
"""A shorter question says nothing without the sentence before it."""
PASSING = ("commit", "push", "merge", "continue", "proceed", "go on", "move on", "next", "start",
           "begin", "run ", "show", "look", "check", "see ", "ready", "explain", "more detail",
           "dive", "test it", "try ", "review", "open a", "create a pr", "draft")  # fmt: skip
"""What is asked about a moment, and settles nothing for later."""
PASSING_REPLIES = ("commit", "push", "merge")
NO = frozenset(("no", "nope", "nein", "non", "não", "아니요", "いいえ", "不"))
DOING = ("shall ", "should ", "do you want", "would you like", "want me to", "may i", "can i",
         "what do you think", "could i", "is that ok", "is this ok", "does that work",
         "does this work", "sound good",
         "sounds good", "are you ok", "do we want", "do you prefer", "would you prefer", "okay to",
         "ok to", "do you agree", "soll", "möchtest", "quieres", "prefieres", "할까", "ましょうか",
         "ますか", "要不要", "可以吗", "好吗")  # fmt: skip
"""What a question about what to do holds."""
ASKING = ("could ", "can ", "what ", "how ", "why ", "should ", "hmm", "explain", "i don't know",
          "not sure", "depends", "let me ", "from my understanding", "as far as i", "it depends",
          "i'm not sure", "this would depend")  # fmt: skip
"""How an answer begins that asks back or leaves it open."""
CHOOSING = ("let's go", "lets go", "go with", "go for", "let's use", "use ", "i prefer",
            "i'd like", "let's do", "lets do", "take ", "keep ")  # fmt: skip
TALK = (
    "more questions",
    "do next",
    "next area",
    "ready to",
    "move on",
    "want to discuss",
    "like to discuss",
    "to explore",
    "to talk about",
)
"""What a question holds that is about how the talk goes on."""
ASIDE = ("next area", "more questions", "do next", "move on", "discuss", "explore",
         "let me explain", "continue with", "ready to", "no preference", "you decide",
         "not sure")  # fmt: skip
"""What a short answer to a question holds that is about that."""
ASIDE_WORDS = 8
POINTING = ("that", "this", "it", "so", "these", "those", "das", "dies", "eso", "esto")
RECOMMENDING = ("recommend", "i would take", "i'd take", "i would go", "i'd go", "my suggestion",
                "i suggest", "i propose", "my proposal", "empfehl", "recomiend", "i'd do",
                "i would do",
                "best option", "i'd keep", "i would keep", "i'd use", "i would use")  # fmt: skip
REPLY_WORDS = 14
TOLD_WORDS = 30
FEWEST_TOLD = 4
LETS_WITHIN = 4
MOMENTARY = frozenset(("commit", "push", "merge", "continue", "proceed", "start", "begin", "see",
                       "look", "check", "run", "try", "test", "fix", "move", "get", "make",
                       "review",
                       "talk", "think", "discuss", "go", "do", "take", "first", "update",
                       "respond", "rebase", "tackle", "mark", "roll", "open", "launch", "wait",
                       "resume", "work", "finish", "clean"))  # fmt: skip
"""What one does for a moment; it settles nothing for later."""
BARE_WORDS = 4
"""A reply of so few words is bare: what it is about has to be said."""


def decision(words: str, reply: str) -> tuple[str, str] | None:
    """What a reply to Claude's words decides and what that is about; None if it chooses nothing.

    The second text is empty if the first says it all.
    """
    asked = sentences.question(words) or questions.waiting(words)
    if is_list(reply):
        rows = _listed(words, reply) if asked else ""
        return (rows, asked) if rows else None
    label = options.named(reply)
    meant = _meant(words, label, reply)
    said = sentences.cut(reply)
    if meant and (asked or label):
        bare = options.bare_question(words)
        head = bare if len(bare) >= BARE_CHARS else (asked or _heading(words))
        told = meant if len(said) <= SHORT_CHARS else f"{said} ({meant})"
        return (f"{head} — {told}" if head else told), meant
    if asked and (chosen := _answered(words, asked, reply) or _own(words, asked, reply)):
        return chosen
    refused = replies.refusal(reply)
    return (refused, "") if refused else None


def _own(words: str, asked: str, reply: str) -> tuple[str, str] | None:
    """What a reply decides in its own words."""
    said = replies.own_words(asked, reply)
    if not said:
        return None
    about = (
        concerning(words, options.bare_question(words)) if len(said.split()) <= BARE_WORDS else ""
    )
    is_said = not about or about in asked
    return _pair(
        asked if is_said else f"{about} {options.bare_question(words)}", said
    ), "" if is_said else about


def _listed(words: str, reply: str) -> str:
    """The answers of a list to questions that Claude numbered; empty if it numbered none."""
    asked = [row for row in map(str.strip, words.splitlines()) if row[:1].isdigit() and "?" in row]
    rows = [row.strip() for row in reply.splitlines() if row.strip()[:1].isdigit()]
    return sentences.cut(" ".join(rows)) if len(asked) > 1 and len(rows) > 1 else ""


def _answered(words: str, asked: str, reply: str) -> tuple[str, str] | None:
    """What the reply to a question decides by itself, without the label of an option."""
    said = sentences.cut(reply)
    if told := _told(reply):
        return f"{asked} — {told}", ""
    if not sentences.is_choice(reply) or _is_passing(options.bare_question(words), said):
        return None
    if chosen := _alternative(options.bare_question(words), said):
        return f"{asked} — {said}", chosen
    if not _answers(options.bare_question(words), said):
        return None
    about = concerning(words, options.bare_question(words))
    is_said = not about or about in asked
    return (
        f"{asked} — {said}" if is_said else f"{about} {options.bare_question(words)} — {said}"
    ), about


def _told(reply: str) -> str:
    """The first sentence of a reply that says what is to be: `yes, but with a test first`."""
    first = next(iter(sentences.sentences(reply)), "")
    words = [word.strip(",.!:;—-") for word in first.lower().split()]
    if not FEWEST_TOLD <= len(words) <= TOLD_WORDS or first.endswith("?"):
        return ""
    opening = words[:LETS_WITHIN]
    is_but = words[0] in YES | NO and "but" in opening
    place = next((at for at, word in enumerate(opening) if word in ("let's", "lets")), -1)
    verb = words[place + 1] if 0 <= place < len(words) - 1 else ""
    is_let = bool(verb) and verb not in MOMENTARY and "going" not in words[place:][:3]
    return first if is_but or is_let else ""


def answered(question: str, answer: str) -> Iterator[str]:
    """What the answer to a question of Claude's decides: nothing if it asks back."""
    low = answer.lower()
    if "?" in answer:
        chosen = [one for one in sentences.sentences(answer) if _settles(one)]
        yield from (_pair(question, one) for one in chosen[:1])
        return
    is_open = not answer.strip() or low.startswith(ASKING)
    is_aside = len(low.split()) <= ASIDE_WORDS and any(word in low for word in ASIDE)
    if not is_open and not is_aside and not any(word in question.lower() for word in TALK):
        yield _pair(question, answer)


def _pair(question: str, answer: str) -> str:
    """Question and answer on one line: of a long question its end, where the asking is."""
    said = sentences.cut(answer, sentences.SENTENCE_CHARS * 2 // 3)
    room = sentences.SENTENCE_CHARS - len(said) - 3
    flat = " ".join(question.split())
    asked = flat if len(flat) <= room else f"…{flat[-room + 1 :].partition(' ')[2]}"
    return f"{asked} — {said}"


def _settles(sentence: str) -> bool:
    """Whether a sentence says of an option that it is the one: `#2 is the way to go`."""
    return bool(options.praised(sentence.lower().split()))


def is_list(reply: str) -> bool:
    """Whether a reply goes through several points, or takes up a list of its own."""
    rows = [row.strip() for row in reply.splitlines() if row.strip()]
    numbered = [row for row in rows if row[:1].isdigit() and row[1:2] in (".", ")")]
    points = sum(word.rstrip(".)").isdigit() and word[-1:] in ".)" for word in reply.split())
    return len(numbered) > 1 or points > 1


def _meant(words: str, label: str, reply: str) -> str | None:
    """The option that a reply means by its label; what it says beside that must not be of another.

    A reply that begins with a number and goes on with other words quotes some other list.
    """
    found = options.option(words, label)
    if found is None or found.endswith("?"):
        return None
    first, _, rest = reply.strip().partition(" ")
    quoted = similarity.carrying(rest) if first.strip(".:)(").lower() == label else frozenset()
    is_quote = label.isdigit() and len(quoted) > BARE_WORDS and first[-1:] in ".)"
    common = quoted & similarity.carrying(found)
    return None if is_quote and len(common) < len(quoted) / 2 else found


def _is_passing(question: str, reply: str) -> bool:
    low = question.lower()
    is_moment = any(passing in low for passing in PASSING)
    return is_moment or any(
        word.strip(",.;:!") in PASSING_REPLIES for word in reply.lower().split()
    )


def _answers(question: str, reply: str) -> bool:
    """Whether a reply says yes or no to a question about what to do, and little else."""
    first = reply.split(maxsplit=1)[0].lower().strip(",.!:;—-…") if reply.strip() else ""
    is_short = len(reply.split()) <= REPLY_WORDS
    low = question.lower()
    is_open = low.startswith(("which", "what", "how", "where", "welche", "cuál"))
    if (is_open and not low.startswith("what do you think")) or ", which" in low:
        return is_short and first not in NO and any(word in reply.lower() for word in CHOOSING)
    is_clear = " or " not in low or len(reply.split()) > BARE_WORDS
    is_told = first in YES or first in NO
    return is_short and is_told and is_clear and any(word in low for word in DOING)


def _alternative(question: str, reply: str) -> str:
    """The alternative of `A or B?` that a reply names; empty if it names none or both."""
    low = question.lower()
    if " or " not in low or len(reply.split()) > REPLY_WORDS:
        return ""
    before, _, after = low.rpartition(" or ")
    words = similarity.carrying(reply)
    one, other = similarity.carrying(before), similarity.carrying(after)
    first, second = words & (one - other), words & (other - one)
    if bool(first) == bool(second):
        return ""
    return sentences.cut(question)


def concerning(words: str, question: str) -> str:
    """What a bare yes is about: the recommendation, the sentence or the heading above the question.

    Empty if the question says it itself.
    """
    if len(similarity.carrying(question)) >= BARE_WORDS and not _points(question):
        return ""
    said = [one for one in sentences.sentences(words) if not one.endswith(("?", "？"))]
    advised = [one for one in said if any(word in one.lower() for word in RECOMMENDING)]
    if advised:
        return advised[-1]
    before = [one for one in said if not one.endswith(":") and one[:1].isupper()]
    heading = _heading(words)
    if before and len(similarity.carrying(before[-1])) >= BARE_WORDS - 1:
        return before[-1]
    return heading or (before[-1] if before else "")


def _points(question: str) -> bool:
    return not frozenset(POINTING).isdisjoint(question.lower().strip("?？ .").split())


def _heading(words: str) -> str:
    """The last heading of a text."""
    rows = [row.strip() for row in words.splitlines()]
    found = [
        row for row in rows if row.startswith("#") or (row[:2] == row[-2:] == "**" and len(row) > 4)
    ]
    return sentences.cut(found[-1].strip("#* ")) if found else ""
