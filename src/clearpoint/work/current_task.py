"""The task: the newest prompt that asks for something, until a commit ends it. Pure. Fast lane.

A short reply to a question of Claude's says how to go on, and so does what is said while the work
of a slash command runs.
"""

from __future__ import annotations

from clearpoint.client.vocabulary import SHELL_PREFIX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.words import Utterance
    from clearpoint.models.work import WorkState

TASK_CHARS = 60
"""A shorter prompt goes on with a task that is not done."""
REPLY_WORDS = 20
BEGUN_WORDS = 4
GOING_ON = frozenset(("commit", "push", "merge", "continue", "proceed", "go", "retry", "rerun",
                      "again", "stop", "wait", "on", "ahead", "resume", "weiter", "sigue", "继续",
                      "続けて", "계속"))  # fmt: skip
"""Words that begin a prompt which only says how to go on."""
GOING_ON_PAIRS = ("force push", "open pr", "create pr", "make pr", "ship it", "amend commit",
                  "squash commits", "rebase main")  # fmt: skip
GOING_ON_WORDS = 25
AGREEING = frozenset(("thats", "that's", "exactly", "agree", "agreed", "sounds", "makes", "correct",
                      "right", "true", "indeed", "genau", "exacto"))  # fmt: skip
"""Words that begin a reply which agrees, behind a yes or without one."""
FILLING = frozenset(("yes", "yep", "yeah", "ok", "okay", "no", "nope", "thanks", "thank", "great",
                     "perfect", "nice", "good", "cool", "sure", "done", "so", "and", "then", "now",
                     "alright", "please", "just", "also", "can", "could", "you", "we", "i", "let's",
                     "lets", "let", "us", "do", "it", "this", "that", "them", "these", "all",
                     "both", "the", "a", "an", "to", "in", "for", "me", "try", "keep", "going",
                     "with", "my", "our", "your", "changes", "everything", "one", "more", "time",
                     "first", "next", "back", "up", "saved", "bitte", "danke", "ja", "nein",
                     "gracias", "sí", "好", "好的", "はい", "네"))  # fmt: skip
"""Words that ask for nothing by themselves."""


def follow(work: WorkState, one: Utterance, *, is_reply: bool) -> None:
    """Take words that begin a turn for the task, where they ask for something new.

    `is_reply` says that Claude had asked something.
    """
    if one["about"] == SHELL_PREFIX:
        return
    if one["how"] == "command":
        work["commanded"] = True
        is_new = one["text"] != one["about"]  # a command alone hides no prompt
    else:
        is_new = _sets(work, one["text"], is_reply=is_reply)
    if is_new:
        work["commanded"] = one["how"] == "command"
        work["task_entry"], work["task_done"] = one["entry"] or "", False


def end(work: WorkState) -> None:
    """A commit has ended the task, and what a slash command began."""
    work["task_done"], work["commanded"] = True, False


def _sets(work: WorkState, text: str, *, is_reply: bool) -> bool:
    """Whether a prompt asks for something new."""
    if not work["task_entry"] and work["turn"] <= 1:
        return True  # whatever it is, there is nothing else yet
    is_short = len(text) < TASK_CHARS
    is_running = work["commanded"] and not work["task_done"]
    if is_reply and (is_running or len(text.split()) < REPLY_WORDS):
        return False
    if _agrees(text, is_reply=is_reply):
        return False
    is_free = work["task_done"] or not work["task_entry"]
    return not (is_short and (is_running or not is_free)) and not is_passing(text)


def _agrees(text: str, *, is_reply: bool) -> bool:
    """Whether words begin by agreeing: what follows says why. If nothing was asked, with a yes."""
    words = [word.strip(".,!?:;-—…").lower() for word in text.split()]
    if not is_reply:
        return bool(words) and words[0] in FILLING and "exactly" in words[1:BEGUN_WORDS]
    return next((word for word in words if word not in FILLING), "") in AGREEING


def is_passing(text: str) -> bool:
    """Whether a prompt only says how to go on: `commit this`, `yes, continue`, `thanks`."""
    words = [word.strip(".,!?:;-—…").lower() for word in text.split()]
    telling = [word for word in words if word not in FILLING]
    if not telling:
        return True
    is_passing = telling[0] in GOING_ON or " ".join(telling[:2]) in GOING_ON_PAIRS
    return is_passing and len(words) <= GOING_ON_WORDS
