"""What the user wants: the prompt that set the task, what was said since, what is awaited. Pure."""

from __future__ import annotations

from clearpoint.reload.known import flat
from clearpoint.reload.lines import listed
from clearpoint.reload.view import Words, together
from clearpoint.text import sentences
from clearpoint.text.sentences import YES
from clearpoint.work.outcomes import BEGINNING, PLAN_PROMPT, SAID_CHARS
from clearpoint.work.unread import is_at_end

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from clearpoint.models.words import Utterance
    from clearpoint.models.work import WorkState
    from clearpoint.reload.lines import Line
    from clearpoint.reload.view import View

TASK_CHARS = 60
"""A shorter prompt says how to go on, and sets no task."""
LAST_READ = "A later prompt"
DONE_TITLE = "Earlier task, committed since"
SAME_CHARS = 200
PASTED = "… (pasted)"
PLAN_GOAL_CHARS = 240
"""A prompt that is a plan has its title and goal told."""
COMPACT = "compact"
ALONE_CHARS = 24
"""A question that is not shorter is told without what stands before it in the answer."""
SINCE_SHOWN = 5
ALSO_SHOWN = 8
MANNERS = {"rejection": "on rejecting {about}", "while working": "while Claude worked",
           "answer": "asked “{about}”"}  # fmt: skip
BARE_MANNERS = {"rejection": "on rejecting a call", "while working": "while Claude worked",
                "answer": "to a question"}  # fmt: skip
CORRECTING = ("rejection", "while working")
"""Words that a summary drops first."""


def task(view: View) -> list[Line]:
    """The prompt that set the task, and the prompts since, the newest last."""
    work, words = view.work, view.room.words
    said = prompts(work)
    if not said:
        return []
    start = setter(work, said)
    since = said[start + 1 :]
    lines = together(15, _beginning(view, said[max(0, start) :]))
    is_again = start >= 0 and bool(since) and flat(since[-1]["text"]) == flat(said[start]["text"])
    if start >= 0 and not is_again:
        title = DONE_TITLE if work["task_done"] else "Task"
        lines += together(2, _quoted(view, title, said[start]))
    if len(since) > SINCE_SHOWN:
        lines += together(9, [f"({len(since) - SINCE_SHOWN} prompts omitted)"])
    between = since[-SINCE_SHOWN:-1]
    lines += together(
        9, [f"Then{_command(one)}: “{sentences.cut(typed(one['text']), words)}”" for one in between]
    )
    if since:
        title = "Task, and last prompt" if is_again else "Last prompt"
        title = LAST_READ if is_at_end(work) else title
        lines += together(2, _quoted(view, title, since[-1]))
    if work["asked"] and len(said[-1]["text"]) <= TASK_CHARS:
        lines += together(5, [f"Replying to Claude's: “{sentences.cut(work['asked'], words)}”"])
    return lines


def _beginning(view: View, shown: Sequence[Utterance]) -> list[str]:
    """The prompt that the work began with, if it is not one of those that are shown anyway."""
    first = view.work["first_prompt"] or ""
    if not first or any(one["text"][:SAME_CHARS] == first[:SAME_CHARS] for one in shown):
        return []
    plan = " ".join(plan_in_short(first).splitlines())
    words = plan or sentences.cut(typed(first), view.room.words // 2)
    return [f"The work began with: “{words}”"]


def _quoted(view: View, title: str, one: Utterance) -> list[str]:
    text = one["text"]
    shown = plan_in_short(text) or typed(text)
    is_cut = len(text) >= SAID_CHARS or shown != text
    words = Words(shown, one.get("pointer"), is_cut)
    return view.quoted(f"{title}{_command(one)}", words, view.room.prompt, opens=True)


def plan_in_short(text: str) -> str:
    """Of a prompt that is a plan its title and the first sentences, its goal; otherwise empty."""
    if not text.startswith(PLAN_PROMPT):
        return ""
    plan = text[len(PLAN_PROMPT) :]
    headings = [row.lstrip("# ").strip() for row in plan.splitlines() if row.startswith("#")]
    goal = sentences.closed(sentences.ROWS_PARTED.join(sentences.lines(plan)), PLAN_GOAL_CHARS)
    title = f" {headings[0]}" if headings else ""
    return "\n".join(filter(None, [f"{PLAN_PROMPT}{title}", goal]))


def typed(text: str) -> str:
    """A prompt without what was plainly pasted into it: printed lines, code with line numbers."""
    rows: list[str] = []
    for row in text.splitlines():
        bare = row.strip()
        is_within = bool(rows) and rows[-1] == PASTED and not any(map(str.isalnum, bare))
        if not (is_within or sentences.is_pasted(bare)):
            rows.append(row)
        elif not rows or rows[-1] != PASTED:
            rows.append(PASTED)
    return "\n".join(rows)


def prompts(work: WorkState) -> list[Utterance]:
    """What began the turns, the newest last; a command without words says nothing."""
    said = [one for one in work["said"] if one["how"] in BEGINNING and not is_bare(one)]
    last = work["last_prompt"]
    if not said and last:
        return [{"text": last, "how": "prompt", "about": "", "entry": None, "turn": work["turn"]}]
    return said


def is_bare(one: Utterance) -> bool:
    """Whether it is a command without words of its own, or a line for the shell."""
    is_command = one["how"] != "prompt"
    return not one["text"].strip() or (is_command and one["about"] in ("!", one["text"].strip()))


def setter(work: WorkState, said: Sequence[Utterance]) -> int:
    """The place of what sets the task; -1 if that is not known."""
    entries = [one["entry"] for one in said]
    return entries.index(work["task_entry"]) if work["task_entry"] in entries else -1


def _command(one: Utterance) -> str:
    """` (/review)` for what was said with a slash command."""
    return f" ({one['about']})" if one["how"] == "command" and one["about"] else ""


def also_said(view: View) -> list[Line]:
    """What the user said otherwise than in prompts, the newest first."""
    rows = list(_also(view))[:ALSO_SHOWN]
    return listed("The user also said, newest first", 10, rows, ALSO_SHOWN)


def _also(view: View) -> Iterator[str]:
    decided = "\n".join(one["text"] for one in view.work["decisions"])
    words = view.room.words
    for one in reversed(view.work["said"]):
        if one["how"] in MANNERS and one["text"] not in decided and not is_assent(one["text"]):
            shown = sentences.cut(one["text"], words)
            yield f"{manner(one, words)}: “{shown}”{view.place(one.get('pointer'))}"


def is_assent(text: str) -> bool:
    """Whether words are nothing but a yes or praise."""
    words = [word.strip(".,;:!") for word in text.lower().split()]
    return bool(words) and all(word in YES for word in words)


def manner(one: Utterance, chars: int) -> str:
    """How words were said, as the beginning of a line: `on rejecting Edit mover.py`."""
    form = MANNERS[one["how"]] if one["about"] else BARE_MANNERS[one["how"]]
    return form.format(about=sentences.cut(one["about"], chars // 2))


def open_question(work: WorkState) -> str:
    """What Claude asked and nobody has answered; empty if there is nothing."""
    return work["waiting"]["text"] if work["waiting"] else ""


def waiting(view: View) -> list[Line]:
    """What Claude asked and nobody has answered."""
    asked = open_question(view.work)
    if not asked:
        return []
    text = asked if view.reason == COMPACT else _alone(asked, view.work)
    text = sentences.cut(text, view.room.words)
    return together(4, [f"Waiting for the user. Asked and not answered: {text}"])


def _alone(asked: str, work: WorkState) -> str:
    """A question without the row before it, which the answer below shows where it belongs."""
    rows = work["answer"]["text"].splitlines() if work["answer"] else []
    ends = [row.strip() for row in rows if len(row) >= ALONE_CHARS]
    return next((row for row in reversed(ends) if flat(asked).endswith(flat(row))), asked)
