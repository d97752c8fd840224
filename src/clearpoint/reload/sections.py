"""The sections of the reload context: what each says of the state, line by line. Pure.

Every line has a rank: the lower, the longer it is kept when space is short.
"""

from __future__ import annotations

from clearpoint.lowlevel.clock import HOUR_S
from clearpoint.project.paths import shown_path
from clearpoint.reload.lines import Line, listed
from clearpoint.reload.view import Words, together
from clearpoint.text import identifiers, sentences, similarity
from clearpoint.text.language import LANGUAGES
from clearpoint.text.phrases import SPANS
from clearpoint.work import step_spans
from clearpoint.work.agents import CALLED
from clearpoint.work.unread import is_at_end

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.models.state import State
    from clearpoint.models.words import Noted
    from clearpoint.models.work import Agent, WorkState
    from clearpoint.project.survey import ProjectState
    from clearpoint.reload.view import View

NAMES_IN_LINE = 20
REPLY = " — "
"""What parts a question from its answer in a decision."""
FEW_WORDS = 3
TOGETHER = frozenset(("let's", "lets"))
OFFERING = ("want me to", "shall i", "should i ", "would you like", "do you want me", "can i ",
            "may i ", "is this good for now", "ready for me to")  # fmt: skip
"""What Claude offers to do with."""
HERE = ("", ".")
"""The worktree that is the project's own."""
DONE_SHOWN = 8
OPEN_SHOWN = 15
DECISIONS_SHOWN = 10
ISSUES_SHOWN = 6
NOTES_SHOWN = 10
PREFERENCES_SHOWN = 5
AGENTS_SHOWN = 4
TAGS_SHOWN = 20
AGENT_TURNS = 5
"""Agents that were last heard of longer ago are not named."""
STEP_TURNS = 5
"""Steps that were last changed longer ago say so."""
LAST_STEP_TURNS = 3
"""The last open step of a list that was changed longer ago may be done: only the count is told."""
PLAN_TURNS = 8
"""An older plan is told only while a step of it is open."""
SOURCES = {"plan": " of the approved plan", "answer": ", as Claude listed them",
           "file": " in {file}"}  # fmt: skip
NAMES_RANK = 90.0
SERVERS_RANK = 40.0
DONE_RANK = 21.0
OUTDATED = " (older than Claude's last answer, which calls some of them done)"
UNREAD = " (as far as that session was read)"


def user(view: View) -> list[Line]:
    """Who the user is, as far as it was set by hand, and their language if it is not English."""
    known = view.state["user_context"]
    name = LANGUAGES.get(known["language"] or "")
    who = f"The user is {known['user_name']}" if known["user_name"] else ""
    skill = f"Expertise: {known['expertise']}" if known["expertise"] else ""
    said = [part for part in (who, skill, f"The user writes in {name}" if name else "") if part]
    return [Line(8, ". ".join(said) + ".")] if said else []


def meanwhile(view: View, stale_hours: float, *, is_looked_up: bool) -> list[Line]:
    """What is not as it was when the work was left: age, branch, commit, files.

    `is_looked_up` says whether git was asked about the folder of the work just now.
    """
    now, lines = view.now, []
    if stale_hours and now.age_s >= stale_hours * HOUR_S:
        lines.append(Line(0, f"This was recorded {age(now.age_s)} ago."))
    lines += together(0, _moved(view, is_looked_up=is_looked_up))
    shown = [shown_path(path, view.project) for path in now.changed]
    return lines + listed("Changed on disk meanwhile", 10, shown, 12)


def _moved(view: View, *, is_looked_up: bool) -> Iterator[str]:
    """That the folder of the work has another branch or commit checked out than at its end."""
    before, now, git = view.state["system"], view.now, view.work["git"]
    branch = (git["branch"] if git and is_looked_up else None) or now.branch
    if git and not is_looked_up and git["worktree"] not in HERE:
        branch = None  # the work is in another worktree than the project's own
    if branch and before["branch"] and branch != before["branch"]:
        yield f"The work was on branch {before['branch']}; {branch} is checked out now."
    elif now.head and before["head"] and now.head != before["head"]:
        yield f"HEAD is {now.head} now; it was {before['head']} at the end of the work."


def age(seconds: float) -> str:
    """`3 days`, `5 hours`, `20 minutes`, `a moment`."""
    for length, name in SPANS:
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {name}s"
    return "a moment"


def answer(view: View) -> list[Line]:
    """Claude's last answer, with its lines, whole if there is room for it."""
    last = view.work["answer"]
    text = last["text"] if last else ""
    if not last or not text.strip():
        return []
    words = Words(text, last.get("pointer"), last["is_cut"])
    return together(6, view.quoted("Claude's last answer", words, view.room.answer))


def steps(view: View) -> list[Line]:
    """How many are done, the current one, the open ones, and the newest done ones."""
    work = view.work
    done, now, opened = work["completed_steps"], work["current_step"], work["pending_steps"]
    number = len(done) + len(opened) + bool(now)
    if not number:
        return []
    turns = work["turn"] - work["stepped"]
    is_last = turns > LAST_STEP_TURNS and bool(done) and len(opened) + bool(now) < 2
    old = f" (last updated {turns} prompts ago)" if is_last or turns > STEP_TURNS else ""
    if work["steps_old"] and (now or opened):
        old = UNREAD if is_at_end(work) else OUTDATED
    if work["steps_source"] == "answer" and not (now or opened):
        return []
    source = SOURCES.get(work["steps_source"] or "", "").format(file=work["steps_entry"])
    if is_last and (now or opened):
        return together(5, [f"Steps{source}{old}: {len(done)} of {number} done."])
    is_past = turns > STEP_TURNS and not (now or opened)
    newest = [] if is_past else [_done(view, step) for step in reversed(done[-DONE_SHOWN:])]
    return [
        *together(5, [f"Steps{source}{old}: {len(done)} of {number} done."]),
        *together(5, [f"Current step: {now}"] if now else []),
        *listed("Open steps", 7, opened, OPEN_SHOWN),
        *listed("Done, newest first", DONE_RANK, newest, DONE_SHOWN),
    ]


def steps_left(view: View) -> list[Line]:
    """The same without those that are done; nothing of steps that are long untouched."""
    is_old = view.work["turn"] - view.work["stepped"] > STEP_TURNS
    return [] if is_old else [line for line in steps(view) if line.rank < DONE_RANK]


def _done(view: View, step: str) -> str:
    """A step that is done, and where it can be read."""
    span = step_spans.newest(view.work, step)
    return step + view.place(span.get("pointer") if span else None)


def decided(view: View) -> list[Line]:
    """What was decided, the newest first; no bare yes to what was done at once."""
    told = [one for one in reversed(view.work["decisions"]) if not is_bare(one)]
    rows = [decision(view, one) for one in told]
    return listed("Decided, newest first", 11, rows, DECISIONS_SHOWN)


def is_bare(one: Noted) -> bool:
    """Whether a decision is a yes in few words to an offer: what was offered was done at once."""
    asked, is_reply, said = one["text"].lower().rpartition(REPLY)
    begins = said.replace(",", " ").strip(".!").split()[:1]
    is_assent = bool(begins) and begins[0].strip(".!") in (*sentences.YES, *TOGETHER)
    few = len(similarity.carrying(said) - sentences.YES - TOGETHER) <= FEW_WORDS
    return bool(is_reply) and is_assent and few and any(words in asked for words in OFFERING)


def decision(view: View, one: Noted) -> str:
    """A decision, what it was about, and where both can be read."""
    about = one.get("object", "")
    shown = f"{one['text']} (on: {about})" if about and about not in one["text"] else one["text"]
    return shown + view.place(one.get("pointer") or one.get("object_pointer"))


def noted_down(view: View, told: list[Noted] | None = None) -> list[Line]:
    """Notes, open issues and preferences, the newest first; of issues those, if any are given."""
    work, wishes = view.work, view.state["user_context"]["preferences"][::-1]
    notes = [one["text"] + view.place(one.get("pointer")) for one in reversed(work["notes"])]
    known = work["issues"] if told is None else told
    issues = [one["text"] + view.place(one.get("pointer")) for one in reversed(known)]
    return [
        *listed("Notes", 12, notes, NOTES_SHOWN),
        *listed("Open issues", 17, issues, ISSUES_SHOWN),
        *listed("The user prefers", 19, wishes, PREFERENCES_SHOWN),
    ]


def artifacts(view: View) -> list[Line]:
    """What the user has named as results of the work."""
    named = view.work["named_artifacts"].items()
    rows = [path if path.endswith(name) else f"{name}: {path}" for name, path in named]
    return listed("Artifacts", 13, rows, len(rows))


def names_in_play(state: State, limit: int, already: list[Line]) -> list[Line]:
    """The identifiers that the newest work turns around, but for those already named."""
    work = state["work_state"]
    named = "\n".join(line.text for line in already)
    heavy = [
        name for name in identifiers.heaviest(work["names"], work["clock"]) if name not in named
    ]
    chosen = heavy[:limit]
    rows = [
        ", ".join(chosen[start : start + NAMES_IN_LINE])
        for start in range(0, len(chosen), NAMES_IN_LINE)
    ]
    return listed("Identifiers in use", NAMES_RANK, rows, len(rows))


def tools(state: State) -> list[Line]:
    """MCP servers in use, and agents with the way to go on with each."""
    work, lines = state["work_state"], []
    if work["servers"]:
        servers = ", ".join(reversed(work["servers"]))
        lines.append(Line(SERVERS_RANK, f"MCP servers in use (/mcp connects them): {servers}"))
    recent = [
        (name, agent)
        for name, agent in reversed(work["agents"].items())
        if work["turn"] - agent["turn"] <= AGENT_TURNS
        and not (name.startswith(CALLED) or agent.get("is_running"))
    ]
    here = [_agent(name, agent) for name, agent in recent if "transcripts" not in agent]
    before = [_agent(name, agent) for name, agent in recent if "transcripts" in agent]
    lines += listed("Subagents (resume by id)", 42, here, AGENTS_SHOWN)
    if before:
        folder = next(agent["transcripts"] for _, agent in recent if "transcripts" in agent)
        title = "Subagents from the previous session (start again by type;"
        title = f"{title} {folder}/agent-ID.jsonl)"
        lines += listed(title, 42, before, AGENTS_SHOWN)
    return lines


def _agent(name: str, agent: Agent) -> str:
    return f"{agent['kind'] or 'agent'} “{agent['task']}”, id {name}"


def plan(state: State, limit: int, now: ProjectState) -> list[Line]:
    """The beginning of the plan, while it is new and not committed, or a step of it is open."""
    work = state["work_state"]
    text = work["plan"]
    is_met = any(one["turn"] >= work["planned"] for one in work["commits"])
    is_new = work["turn"] - work["planned"] <= PLAN_TURNS and not is_met
    if not text or not (_is_open(work, text) or (is_new and not _is_done(work))):
        return []
    shown = [line.strip(" #") for line in text.splitlines() if line.strip(" #-`")]
    approved = "approved" if work["approved"] else "not yet approved"
    rows = [sentences.cut(row) for row in shown]
    size = sum(map(len, rows[:limit]))
    return listed(f"Plan ({approved}), beginning{_whole(text, size, now)}", 36, rows, limit)


def _whole(text: str, shown: int, now: ProjectState) -> str:
    """Where the whole of a text is that is shown in part."""
    name = now.references.get(text)
    if not name or len(text) <= shown:
        return ""
    return f" (the whole: @{name}, {now.root}/tags/{name}.json)"


def _is_done(work: WorkState) -> bool:
    """Whether there were steps, and none is open."""
    return bool(work["completed_steps"]) and not (work["current_step"] or work["pending_steps"])


def _is_open(work: WorkState, plan: str) -> bool:
    """Whether one of the open steps is about what the plan is about."""
    words = similarity.carrying(plan)
    opened = [step for step in (work["current_step"], *work["pending_steps"]) if step]
    return any(
        len(words & carried) > len(carried) / 2 for carried in map(similarity.carrying, opened)
    )


def tags(now: ProjectState) -> list[Line]:
    """The tags that the user keeps."""
    if not now.tags:
        return []
    shown = ", ".join(f"@{name}" for name in now.tags[:TAGS_SHOWN])
    return [Line(43, f"Tags the user can insert with @: {shown}")]
