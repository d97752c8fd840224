"""Whether the work is at a point where a clear can be offered. Pure. Fast lane.

An offer while something is open is wrong whatever it would save: a clear would take away the
question that waits for its answer, the check that fails, or the thread of the step under way.
"""

from __future__ import annotations

CLOSING_CHARS = 1_500
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
    "please choose",
    "please confirm",
    "please decide",
    "please pick",
    "please provide",
    "please review",
    "please select",
    "please share",
)
"""Words that ask without a question mark."""
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

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from clearpoint.models.state import State
    from clearpoint.models.work import WorkState

    Hindrance = Literal["", "question", "check", "steps"]


def hindrance(state: State) -> Hindrance:
    """What keeps a clear from being offered: a question, a check, steps; empty for nothing."""
    work = state["work_state"]
    if is_waiting(work):
        return "question"
    if has_red_check(work):
        return "check"
    return "steps" if has_open_steps(work) else ""


def is_waiting(work: WorkState) -> bool:
    """Whether Claude waits for an answer of the user's."""
    return work["waiting"] is not None or asks(closing(work))


def closing(work: WorkState) -> str:
    """The last part of the last answer."""
    answer = work["answer"]
    whole = answer["text"] if answer else work["last_words"]
    text = whole[-CLOSING_CHARS:]
    if len(whole) > len(text) and text.count(FENCE) % 2:
        return text.partition(FENCE)[2]  # it began inside a code block
    return text


def asks(text: str) -> bool:
    """Whether a text asks anything, whatever follows: options and reasons stand below a question.

    A question that is none costs one offer; an offer while one is open costs the thread.
    """
    from clearpoint.text import sentences

    plain = _without_code(text)
    return any(_is_question(one, plain) for one in sentences.sentences(plain))


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
    low = plain.lower()
    if any(words in low for words in ASKING):
        return True
    if not plain.endswith(":"):
        return False
    if low.startswith(TELLING) and text.partition(sentence)[2].lstrip("*_ \n").startswith(FENCE):
        return False
    return low.startswith(ASKING_WITH_OPTIONS) or low.endswith("either:")


def has_red_check(work: WorkState) -> bool:
    """Whether a test, a linter, a type check or a build failed and has not passed since."""
    return bool(work["failing"]) or any(not check["passed"] for check in work["checks"].values())


def has_open_steps(work: WorkState) -> bool:
    """Whether a step is open, or the last answer lists what remains."""
    return bool(work["current_step"] or work["pending_steps"] or work["remaining"])


def has_known_steps(work: WorkState) -> bool:
    """Whether anything tells of steps; without a source nobody can say that none is open."""
    return work["steps_source"] is not None or bool(work["completed_steps"])
