"""What stands beside the client's own summary after a compaction: what that may lack. Pure.

What git and the checks say, whatever the summary says of it; what of its pending items is done;
then only what the summary does not say: words of the user, steps, decisions, notes, commits.
Where the summary is not known, the newest of all these is told.
"""

from __future__ import annotations

from clearpoint.reload import (
    against_summary,
    archived,
    changes,
    last_calls,
    sections,
    standing,
    task,
)
from clearpoint.reload.known import flat
from clearpoint.reload.lines import Line, listed
from clearpoint.reload.view import together
from clearpoint.text import sentences, similarity
from clearpoint.work import compaction, current_task
from clearpoint.work.outcomes import PLAN_PROMPT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from clearpoint.models.words import Answer, Noted, Utterance
    from clearpoint.models.work import WorkState
    from clearpoint.reload.view import View

    Part = Callable[[View], list[Line]]

DONE_SHOWN = 3
WORDS_SHOWN = 5
FRESH_TURNS = 4
STEPS_SHOWN = 6
DECISIONS_SHOWN = 5
COMMITS_SHOWN = 3
CHECKS_SHOWN = 4
LATEST_CHARS = 400
COMMAND = "`/"
"""What names only what could be typed next begins so."""
ENDED = ("done", "complete", "resolved", "finished", "fixed", "✅", "[x]", "~~")
"""What a pending item says of itself that is none."""
FEWEST_WORDS = 2


def lines(view: View) -> list[Line]:
    """What there is to say, in its order."""
    parts: tuple[Part, ...] = (
        standing.unfinished, tree, checks, done_since, latest, awaited, last_words,
        last_calls.last_calls, words, steps, decided, noted, agents, archived.history,
    )  # fmt: skip
    return [line for part in parts for line in part(view)]


def tree(view: View) -> list[Line]:
    """Branch and uncommitted files; commits and pull requests that the summary does not name."""
    work, known = view.work, view.known
    parts = [standing.place(work, view.now.branch or view.state["system"]["branch"])]
    made = [one for one in standing.commits(work) if not known.names(one.partition(" ")[0])]
    if made:
        parts.append(f"Newest commits: {' · '.join(made[:COMMITS_SHOWN])}")
    if work["git"]:
        wrong = against_summary.about_commits(view)
        told = changes.beside_summary(view, work["git"])
        parts.append(f"{told}, though {wrong}" if wrong else told)
    where = together(2, [f"Where: {'. '.join(filter(None, parts))}."] if any(parts) else [])
    shown = work["pull_requests"][-standing.PULL_REQUESTS_SHOWN :]
    pulls = zip(shown, standing.pull_requests(work), strict=True)
    made = [text for one, text in pulls if not known.names(f"#{one['number']}")]
    made += [text for text in standing.filed(work) if not known.says(text)]
    return where + together(2.5, [f"In this session: {'. '.join(made)}."] if made else [])


def checks(view: View) -> list[Line]:
    """What passed and what failed, and the command that failed last."""
    work = view.work
    told = (standing.outcomes(work, CHECKS_SHOWN), standing.reported(work), standing.failure(work))
    rows = [row for part in told for row in part]
    return [Line(3 + number / 10, f"{row}.") for number, row in enumerate(rows)]


def done_since(view: View) -> list[Line]:
    """Steps that the summary lists as pending although they are done."""
    pending = [
        row
        for row in map(flat, compaction.pending(view.known.text))
        if not any(word in row for word in ENDED)
    ]
    done = [
        step
        for step in view.work["completed_steps"]
        if len(similarity.carrying(step)) > 1 and any(flat(step) in row for row in pending)
    ]
    rows = [*against_summary.already_run(view), *done[::-1]]
    return listed("Pending in the summary, but done", 5, rows, DONE_SHOWN)


def latest(view: View) -> list[Line]:
    """The newest prompt word for word, where the summary does not quote it and it is not met."""
    said = task.prompts(view.work)
    if said and _is_committed(view.work, said[-1]):
        return []
    text = task.typed(said[-1]["text"]).partition(task.PASTED)[0].strip() if said else ""
    is_told = view.known.quotes(text) or view.known.says(text)
    if is_told or not view.known or not text or text.startswith(PLAN_PROMPT):
        return []
    place = view.place(said[-1].get("pointer"))
    return together(6, [f"Last prompt{place}: “{sentences.cut(text, LATEST_CHARS)}”"])


def _is_committed(work: WorkState, one: Utterance) -> bool:
    """Whether a few words say how to go on, and a commit of their turn or a later one met them."""
    text = one["text"]
    later = [commit for commit in work["commits"] if commit["turn"] >= one["turn"]]
    is_met = any(commit["is_pushed"] or "push" not in text.lower() for commit in later)
    return is_met and len(text) <= task.TASK_CHARS and current_task.is_passing(text)


def awaited(view: View) -> list[Line]:
    """The open question where the summary does not have it; the last answer itself stays."""
    return [] if view.known.says(task.open_question(view.work)) else task.waiting(view)


def last_words(view: View) -> list[Line]:
    """What Claude said last, where it is more than an announcement and the summary lacks it."""
    answer = view.work["answer"]
    paragraphs = [one for one in (answer["text"] if answer else "").split("\n\n") if one.strip()]
    last = paragraphs[-1].lstrip("-* ") if paragraphs else ""
    if not (answer and view.known and last) or last.startswith(COMMAND):
        return []
    rows = [row for row in sentences.lines(last) if not sentences.is_announcement(row)]
    if any(row.startswith(COMMAND) for row in rows):
        return []
    text = sentences.closed(sentences.ROWS_PARTED.join(rows), LATEST_CHARS)
    if not text or view.known.says(text) or text == task.open_question(view.work):
        return []
    place, since = view.place(answer.get("pointer")), _edited_since(view, answer)
    return together(7, [f"Claude's last words before the compaction{place}: “{text}”{since}"])


def _edited_since(view: View, answer: Answer) -> str:
    """`, then rows.py was edited`, where a file was edited after an answer."""
    work = view.work
    if work["edited"] <= answer.get("touches", work["edited"]):
        return ""
    last = next((path for path, one in work["files"].items() if one["order"] == work["edited"]), "")
    return f", then {changes.name_of(last)} was edited" if last else ""


def words(view: View) -> list[Line]:
    """What the user said otherwise than in prompts."""
    chars = view.room.words
    rows = [
        f"{task.manner(one, chars)}: “{sentences.cut(one['text'], chars)}”"
        f"{view.place(one.get('pointer'))}"
        for one in reversed(view.work["said"])
        if one["how"] in task.CORRECTING and _is_fresh(view.work, one)
        if not (view.known.says(one["text"]) or task.is_assent(one["text"]))
    ]
    return listed("The user also said, newest first", 8, rows, WORDS_SHOWN)


def _is_fresh(work: WorkState, one: Utterance | Noted) -> bool:
    """Whether words are of the newest turns, and no commit has met them."""
    since = work["commits"][-1]["turn"] if work["commits"] else -1
    turn = one.get("turn", -1)
    return turn > since and work["turn"] - turn <= FRESH_TURNS


def steps(view: View) -> list[Line]:
    """The open steps that the summary does not name, where the list was touched in this turn."""
    work = view.work
    opened = [step for step in (work["current_step"], *work["pending_steps"]) if step]
    is_old = work["steps_old"] or work["turn"] - work["stepped"] > (
        0 if view.known else sections.STEP_TURNS
    )
    missing = [] if is_old else [step for step in opened if not view.known.says(step)]
    if view.known:
        return listed("Open steps that the summary leaves out", 10, missing, STEPS_SHOWN)
    done = len(work["completed_steps"])
    title = f"Open steps ({done} of {done + len(opened)} are done)"
    return listed(title, 10, missing, STEPS_SHOWN)


def decided(view: View) -> list[Line]:
    """What was decided and the summary does not say.

    Of a summary that has most of the decisions an old one that seems to be missing is there in
    other words: what was decided in the newest turns or set by hand remains.
    """
    named = [one for one in reversed(view.work["decisions"]) if not sections.is_bare(one)]
    missing = [one for one in named if view.known and not _is_said(view, one)]
    if 2 * len(missing) <= len(named):
        missing = [one for one in missing if one["entry"] is None or _is_fresh(view.work, one)]
    rows = [sections.decision(view, one) for one in missing]
    return listed("Decided, newest first", 14, rows, DECISIONS_SHOWN)


def _is_said(view: View, one: Noted) -> bool:
    """Whether the summary says a decision, in its order or another, or quotes what was chosen."""
    asked, _, said = one["text"].rpartition(sections.REPLY)
    is_phrase = len(said.split()) >= FEWEST_WORDS
    is_quoted = view.known.quotes(said) if is_phrase else bool(asked) and view.known.says(asked)
    whole = f"{one.get('object', '')} {one['text']}"
    return is_quoted or view.known.says(one["text"]) or view.known.says(whole)


def noted(view: View) -> list[Line]:
    """Notes and preferences that the summary does not say, and issues set by hand.

    Other issues are from the conversation, which the summary knows better.
    """
    by_hand = [one for one in view.work["issues"] if one["entry"] is None] if view.known else None
    told = sections.noted_down(view, by_hand)
    return [line for line in told if line.text.endswith(":") or not view.known.says(line.text)]


def agents(view: View) -> list[Line]:
    """The subagents that can be continued."""
    return [line for line in sections.tools(view.state) if line.rank > sections.SERVERS_RANK]
