"""What the end of an answer leaves open: a question, a request, work under way. Pure. Fast lane.

A text that is taken for open costs one offer; an offer while something is open costs the thread.
"""

from __future__ import annotations

FENCE, TICK = "```", "`"
CODE = "it"
"""What stands for code within a line."""
TELLING = ("you can", "you could")
ASKING = (
    "would you like",
    "would you prefer",
    "would you rather",
    "do you want",
    "do you prefer",
    "want me to",
    "like me to",
    "let me know which",
    "let me know what",
    "let me know how",
    "let me know whether",
    "let me know if",
    "tell me which",
    "tell me what",
    "waiting for your",
    "i'd go with",
    "i would go with",
    "i'd recommend",
    "i recommend",
    "i'd suggest",
    "i suggest",
    "my recommendation",
    "my favorite",
    "my favourite",
    "when you want to",
    "when you're ready",
    "when you are ready",
    "ready for you",
    "let's see",
)
"""Words that ask for an answer, a choice or a go-ahead without a question mark."""
REQUESTING = ("please ", "try it", "try that", "try running", "try again", "run it again",
              "run the test again", "run this and", "when you run it")  # fmt: skip
"""How a sentence begins that has the user do something whose outcome Claude needs."""
POLITE = ("please note", "please see", "please refer", "please find")
UNDER_WAY = ("i'll let you know", "i will let you know", "i'll wait", "i will wait",
             "is still working", "still working on", "still running", "still in progress",
             "once it's done", "once it is done", "once it finishes", "when it finishes",
             "i'll report back", "running in the background")  # fmt: skip
"""Words about work that goes on behind the answer."""
ASKING_WITH_OPTIONS = (
    "want to",
    "should i",
    "should we",
    "shall i",
    "shall we",
    "which",
    "how do",
    "how should",
    "what should",
    "either",
    "options",
    "your options",
    "we could",
    "you could",
    "we can",
    "you can",
    "two ways",
    "next",
)
"""How a sentence begins that puts options below itself."""
PROPOSALS = ("recommendation", "recommendations", "recommended changes", "suggestions",
             "suggested changes", "suggested fixes", "proposed changes", "proposal")  # fmt: skip
"""Headings above what Claude proposes to do."""
REMEDIES = (
    "this is the bug",
    "is a real bug",
    "correct fix would",
    "the fix would be",
    "the fix is to",
    "the fix should",
    "should just be",
    "a fix would",
    "effort fix",
    "needs to be fixed",
)
"""How an answer ends that tells of a fault, or what would repair it, and repairs nothing."""
REMEDY_CHARS = 600
"""So near the end of an answer a remedy is what it comes to."""


def asks(text: str) -> bool:
    """Whether a text asks anything, whatever follows: options may stand below a question."""
    from clearpoint.text import sentences

    plain = _without_code(text)
    return any(_is_question(one, plain) for one in sentences.sentences(plain))


def goes_on(text: str) -> bool:
    """Whether work is under way behind an answer, or it ends with proposals or a remedy."""
    low = text.lower().replace("’", "'")
    end = low[-REMEDY_CHARS:]
    return (
        any(words in low for words in UNDER_WAY)
        or any(words in end for words in REMEDIES)
        or _proposes(low)
    )


def _proposes(text: str) -> bool:
    """Whether a list stands below a heading of proposals."""
    lines = [line.strip("#*: ") for line in text.split("\n") if line.strip()]
    return any(
        line in PROPOSALS and _is_item(lines[place]) for place, line in enumerate(lines[:-1], 1)
    )


def _is_item(line: str) -> bool:
    """Whether a line is one of a list."""
    return line.startswith(("-", "•")) or line.partition(" ")[0].rstrip(".)").isdigit()


def _without_code(text: str) -> str:
    """The text with a mark for each piece of code within a line: operators there ask nothing."""
    lines = []
    for line in text.split("\n"):
        pieces = line.split(TICK)
        is_paired = len(pieces) % 2 and FENCE not in line
        lines.append(CODE.join(pieces[::2]) if is_paired else line)
    return "\n".join(lines)


def _is_question(sentence: str, text: str) -> bool:
    """Whether a sentence ends as a question, or asks with its options below it.

    Where code stands below it, "You can run it with:" tells and does not ask.
    """
    plain = sentence.rstrip("*_`\"')）”» ")
    if plain.endswith(("?", "？")):
        return True
    low = plain.lower().replace("’", "'").lstrip("*_ ")
    if any(words in low for words in ASKING):
        return True
    if low.startswith(REQUESTING) and not low.startswith(POLITE):
        return True
    if not plain.endswith(":"):
        return False
    if low.startswith(TELLING) and text.partition(sentence)[2].lstrip("*_ \n").startswith(FENCE):
        return False
    return low.startswith(ASKING_WITH_OPTIONS) or low.endswith("either:")
