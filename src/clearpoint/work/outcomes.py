"""What came of prompts and commands, kept beside them as the work goes on. Pure. Fast lane."""

from __future__ import annotations

from clearpoint.client.vocabulary import AGENT_TOOLS, PLAN, QUESTION, SHELL_PREFIX, SHELLS
from clearpoint.text import keys, passages, sentences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from clearpoint.models.words import Utterance
    from clearpoint.models.work import WorkState
    from clearpoint.transcript.entry import Entry

READ_RESULTS = (*SHELLS, *AGENT_TOOLS, QUESTION, PLAN)
"""The tools whose results are read for more than that they failed."""
BEGINNING = ("prompt", "command", "compaction")
"""How words are said that begin a turn."""
PLAN_PROMPT = "Implement the following plan:"
"""How the client begins a session with a plan that was approved in another."""
SAID_CHARS = 1_000
"""So much is kept of the user's words."""
OUTCOME_CHARS = 240
WORDS_CHARS = 2_000
"""The end of an answer is kept with its lines up to this."""
OUTCOMES_KEPT = 12
ITEMS_CHARS = 2_400
ITEMS_AT_LEAST = 2
INTRODUCED_ROWS = 2
"""Between a list and what introduces it there is an empty row at most."""
INTRODUCTION_CHARS = 300
COMMAND_CHARS = 120
LAST_CHARS = 120
EMPTY_CHARS = 48
EMPTY = ("done", "all tests", "all pass", "all clean", "all good", "tests pass", "clean", "fixed.",
         "that makes sense", "makes sense", "right", "yes", "you're right", "got it", "ok",
         "sure", "all changes are", "all fixes")  # fmt: skip
NAMING = "`/_0123456789"
"""Signs of names and figures, which tell something."""
GAP = " … "
CHAIN = " && "
HERE_DOCUMENT = "$(cat <<'EOF'\n"
"""How Claude begins the message of a commit; of it the subject is told."""
NEWLINE = "\n"


def is_read(running: Mapping[str, Sequence[str]], result: Mapping[str, Any]) -> bool:
    """Whether any words of a tool's result can be kept: the user's own, or of a few tools' marks.

    `running` are the calls without a result. Of all other results only counts that they failed,
    and numbers that the client gives out.
    """
    if result.get("is_error"):
        return True
    row = running.get(str(result.get("tool_use_id")))
    return row is not None and row[0] in READ_RESULTS


def conclude(work: WorkState) -> None:
    """Keep beside the newest prompt what came of it: the next one begins."""
    begun = [one for one in work["said"] if is_answered(one)]
    if begun and "outcome" not in begun[-1]:
        begun[-1]["outcome"] = _outcome(_rows(work), work["last_answer"] or "")
    for old in begun[:-OUTCOMES_KEPT]:
        old.pop("outcome", None)


def is_answered(one: Utterance) -> bool:
    """Whether Claude answers such words: none for the shell, nor for a summary."""
    return one["how"] in ("prompt", "command") and one["about"] != SHELL_PREFIX


def _rows(work: WorkState) -> list[str]:
    """The rows of the last answer without code; of one that is not there whole, its beginning."""
    answer, words = work["answer"], work["last_words"]
    if words and answer and not answer["is_cut"]:
        return list(sentences.lines(answer["text"]))
    if 0 < len(words) < WORDS_CHARS:
        return list(sentences.lines(words))
    return [(work["last_answer"] or "").replace("**", "")]


def _outcome(rows: list[str], answer: str) -> str:
    """What came of a prompt: the first and the last sentence of the answer, no announcements.

    Its rows are parted by ` / `.
    """
    said = sentences.ROWS_PARTED.join(filter(None, (" ".join(_told(row)) for row in rows)))
    return _ended(sentences.closed(said or answer, OUTCOME_CHARS), rows)


def _ended(begun: str, rows: list[str]) -> str:
    """The beginning of an answer; where it is not all, with its last statement behind it."""
    said = [one for row in rows for one in _told(row)]
    told = (one for one in reversed(said) if keys.is_statement(one) and "://" not in one)
    last = next(told, "")
    if not last or last in begun or len(last) > LAST_CHARS:
        return begun
    first = sentences.closed(begun, OUTCOME_CHARS - len(last) - len(GAP))
    return f"{first}{GAP}{last}" if not first.endswith("…") else begun


def _told(row: str) -> list[str]:
    """The sentences of a row from the first one that tells something."""
    found = list(sentences.split(row))
    while found and (sentences.is_announcement(found[0]) or is_empty(found[0])):
        del found[0]
    return found


def is_empty(sentence: str) -> bool:
    """Whether a sentence only says that something is done, or agrees (`All tests pass.`)."""
    low = sentence.lower()
    is_short = len(low) <= EMPTY_CHARS and not any(sign in low for sign in NAMING)
    return is_short and low.startswith(EMPTY)


def set_aside(work: WorkState) -> None:
    """Keep the labelled items of the last answer, before a newer one takes its place."""
    answer = work["answer"]
    if answer and (items := labelled_part(answer["text"])):
        work["itemized"] = {**answer, "text": items, "is_cut": True}


def labelled_part(text: str) -> str:
    """From the first of an answer's labelled items to the end of the last; empty without a list.

    Items in code blocks are none.
    """
    if text.count("\n") < ITEMS_AT_LEAST - 1:
        return ""
    rows = text.splitlines()
    found = [one for one in passages.passages(rows) if not one.is_code]
    labelled = [number for one in found for number in range(one.start, one.end)
                if passages.label(rows[number])]  # fmt: skip
    if len({passages.label(rows[number]) for number in labelled}) < ITEMS_AT_LEAST:
        return ""
    last = max(one.end for one in found if one.start <= labelled[-1])
    if rows[labelled[-1]].lstrip().startswith("#"):  # what a heading is about stands below it
        last = min([one.end for one in found if one.start >= last], default=last)
    return _beginning(rows[_introduced(rows, labelled[0]) : last])


def _introduced(rows: list[str], first: int) -> int:
    """Where the sentence begins that introduces a list: its own row, or the one before the gap."""
    place = first - 1
    while place > 0 and not rows[place].strip():
        place -= 1
    is_near = place >= 0 and first - place <= INTRODUCED_ROWS
    row = rows[place].strip() if is_near else ""
    is_prose = (
        bool(row)
        and not row.startswith(("|", "```", "---", ">"))
        and len(row) <= INTRODUCTION_CHARS
    )
    return place if is_prose else first


def _beginning(rows: list[str]) -> str:
    """As many of the rows as there is room for, and none of them in part."""
    size, kept = 0, 0
    for row in rows:
        size += len(row) + 1
        if size > ITEMS_CHARS:
            break
        kept += 1
    return "\n".join(rows[:kept])


def note_failure(work: WorkState, entry: Entry, command: str, *, failed: bool) -> None:
    """Remember the shell line that failed last; one that succeeds puts an end to that."""
    if not failed:
        work["failed_command"] = None
        return
    before, document, message = command.partition(HERE_DOCUMENT)
    line = f'{before}{message.partition(NEWLINE)[0]}"' if document else command
    line = " ".join(line.split())
    while len(line) > COMMAND_CHARS and CHAIN in line:  # the last of a chain is what it is for
        line = line.partition(CHAIN)[2]
    shown, uuid = sentences.cut(line, COMMAND_CHARS), entry.get("uuid") or ""
    work["failed_command"] = {"command": shown, "entry": uuid, "turn": work["turn"]}
