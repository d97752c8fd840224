"""The sections of the reload context: what each says of the state, line by line. Pure.

Every line has a rank: the lower, the longer it is kept when space is short.
"""

from __future__ import annotations

from clearpoint.lowlevel.clock import HOUR_S
from clearpoint.project.paths import shown_path
from clearpoint.reload.lines import Line, listed
from clearpoint.text import identifiers, sentences, similarity
from clearpoint.text.language import LANGUAGES
from clearpoint.text.phrases import SPANS
from clearpoint.work import step_spans
from clearpoint.work.words import PLAN_PROMPT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from clearpoint.models.state import State
    from clearpoint.models.work import Agent, Noted, WorkState
    from clearpoint.project.survey import ProjectState

PROMPT_CHARS = 700
PLAN_PROMPT_CHARS = 120
"""A prompt that is a plan has it told as such."""
ANSWER_CHARS = 400
SHORT_CHARS = 120
"""So short a prompt says little without the question that it answers."""
EARLIER_PROMPTS = 4
EARLIER_PROMPT_CHARS = 160
OUTCOME_CHARS = 160
NAMES_IN_LINE = 20
DONE_SHOWN = 8
AGENTS_SHOWN = 4
TAGS_SHOWN = 20
AGENT_TURNS = 5
"""Agents that were last heard of longer ago are not named."""
STEP_TURNS = 5
"""Steps that were last changed longer ago say so."""
PLAN_TURNS = 8
"""An older plan is told only while a step of it is open."""
PLAIN_MODES = ("default", None)


def where(state: State) -> list[Line]:
    """Specification, phase, branch, mode; the person's language; the step at hand."""
    work, system, lines = state["work_state"], state["system"], []
    facts = [f"Spec: {work['current_spec']}"] if work["current_spec"] else []
    if work["phase"] != "initialization":
        facts.append(f"Phase: {work['phase']}")
    if system["branch"]:
        at = f" at {system['head']}" if system["head"] else ""
        facts.append(f"Branch: {system['branch']}{at}")
    if system["permission_mode"] not in PLAIN_MODES:
        facts.append(f"Permission mode: {system['permission_mode']}")
    if facts:
        lines.append(Line(1, " · ".join(sentences.cut(fact) for fact in facts)))
    language = LANGUAGES.get(state["user_context"]["language"] or "")
    if language:
        lines.append(Line(3, f"The person writes in {language}."))
    return lines


def meanwhile(state: State, now: ProjectState, stale_hours: float, project: str) -> list[Line]:
    """What is not as it was when the work was left: age, branch, commit, files."""
    before, lines = state["system"], []
    if stale_hours and now.age_s >= stale_hours * HOUR_S:
        lines.append(Line(0, f"This was recorded {age(now.age_s)} ago."))
    if now.branch and before["branch"] and now.branch != before["branch"]:
        said = f"The branch is now {now.branch}; the work was recorded on {before['branch']}."
        lines.append(Line(0, said))
    elif now.head and before["head"] and now.head != before["head"]:
        said = f"The checkout is now at {now.head}; the work was recorded at {before['head']}."
        lines.append(Line(0, said))
    shown = [shown_path(path, project) for path in now.changed]
    return lines + listed("Changed on disk meanwhile", 10, shown, 12)


def age(seconds: float) -> str:
    """`3 days`, `5 hours`, `20 minutes`, `a moment`."""
    for length, name in SPANS:
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {name}s"
    return "a moment"


def talk(state: State, now: ProjectState, measure: Callable[[str], int]) -> list[Line]:
    """The last prompt and what was answered, and the prompts before it with what came of each."""
    from clearpoint.text.summary import gist

    work, lines = state["work_state"], []
    first, last = work["first_prompt"], work["last_prompt"]
    if last:
        chars = PLAN_PROMPT_CHARS if last.startswith(PLAN_PROMPT) else PROMPT_CHARS
        said = f"Last prompt: “{sentences.cut(last, chars)}”"
        lines.append(Line(4, said + _whole(last, chars, now)))
        if work["asked"] and len(last) <= SHORT_CHARS:
            lines.append(Line(5, f"It answered: “{sentences.cut(work['asked'])}”"))
    if work["last_answer"]:
        answer = gist(work["last_answer"], ANSWER_CHARS, measure=measure)
        lines.append(Line(8, f"The answer to it: “{sentences.cut(answer, 2 * ANSWER_CHARS)}”"))
    shown = list(_earlier(work))
    lines += listed("Prompts before it, newest first, with the answers", 18, shown, EARLIER_PROMPTS)
    if first and first != last and sentences.cut(first)[:80] not in " ".join(shown):
        lines.append(Line(45, f"First prompt: “{sentences.cut(first)}”"))
    return lines


def _earlier(work: WorkState) -> Iterator[str]:
    """The prompts before the last one, the newest first, each with what was answered at the end."""
    earlier = work["prompts"][:-1]
    outcomes = [""] * len(earlier) + work["outcomes"]
    for prompt, outcome in zip(reversed(earlier), reversed(outcomes), strict=False):
        answered = f" — {sentences.cut(outcome, OUTCOME_CHARS)}" if outcome else ""
        yield f"“{sentences.cut(prompt, EARLIER_PROMPT_CHARS)}”{answered}"


def _whole(text: str, shown: int, now: ProjectState) -> str:
    """Where the whole of a text is that is shown in part."""
    name = now.references.get(text)
    if not name or len(text) <= shown:
        return ""
    return f" (the whole: @{name}, {now.root}/tags/{name}.json)"


def question(state: State) -> list[Line]:
    """What Claude asked and nobody has answered."""
    asked = sentences.question(state["work_state"]["last_words"])
    return [Line(5, f"Asked, and not answered yet: {asked}")] if asked else []


def steps(state: State, labels: dict[str, str]) -> list[Line]:
    """The step at hand, the open ones and the newest done ones."""
    work = state["work_state"]
    turns = work["turn"] - work["stepped"]
    old = f" (as of {turns} prompts ago)" if turns > STEP_TURNS else ""
    at_hand = f"Step at hand{old}: {work['current_step']}"
    done = work["completed_steps"][-DONE_SHOWN:]
    return [
        *([Line(2, at_hand)] if work["current_step"] else []),
        *listed(f"Open steps{old}", 10, work["pending_steps"], 15),
        *listed("Done", 60, [_done(work, step, labels) for step in done], DONE_SHOWN),
    ]


def _done(work: WorkState, step: str, labels: dict[str, str]) -> str:
    """A step that is done, and where it can be read."""
    span = step_spans.newest(work, step)
    return step_spans.told(work, step) + _place(span.get("pointer", "") if span else "", labels)


def said(state: State, labels: dict[str, str]) -> list[Line]:
    """Decisions, open issues, notes and preferences, the newest first."""
    work = state["work_state"]
    failing = [f"failing when last run: {command}" for command in reversed(work["failing"])]
    issues = failing + [_said(one, labels) for one in reversed(work["issues"])]
    decisions = [_said(one, labels) for one in reversed(work["decisions"])]
    return [
        *listed("Decisions", 15, decisions, 12),
        *listed("Open issues", 30, issues, 8),
        *listed("Notes", 25, [_said(one, labels) for one in reversed(work["notes"])], 10),
        *listed("The person's preferences", 35, state["user_context"]["preferences"][-8:], 8),
    ]


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
    return listed("Names in play", 33, rows, len(rows))


def tools(state: State) -> list[Line]:
    """MCP servers in use, and agents with the way to go on with each."""
    work, lines = state["work_state"], []
    if work["servers"]:
        servers = ", ".join(reversed(work["servers"]))
        lines.append(Line(40, f"MCP servers in use (/mcp connects): {servers}"))
    recent = [
        (name, agent)
        for name, agent in reversed(work["agents"].items())
        if work["turn"] - agent["turn"] <= AGENT_TURNS
    ]
    here = [_agent(name, agent) for name, agent in recent if "transcripts" not in agent]
    before = [_agent(name, agent) for name, agent in recent if "transcripts" in agent]
    lines += listed("Agents that their ids take up again", 42, here, AGENTS_SHOWN)
    if before:
        place = next(agent["transcripts"] for _, agent in recent if "transcripts" in agent)
        title = f"Agents of the session before, started anew by their type ({place}/agent-ID.jsonl)"
        lines += listed(title, 42, before, AGENTS_SHOWN)
    return lines


def _agent(name: str, agent: Agent) -> str:
    return f"{agent['kind'] or 'agent'} “{agent['task']}”, id {name}"


def plan(state: State, limit: int, now: ProjectState) -> list[Line]:
    """The beginning of the plan, while it is new or a step of it is open."""
    work = state["work_state"]
    text = work["plan"]
    is_new = work["turn"] - work["planned"] <= PLAN_TURNS
    if not text or not (_is_open(work, text) or (is_new and not _is_done(work))):
        return []
    shown = [line.strip(" #") for line in text.splitlines() if line.strip(" #-`")]
    approved = "approved" if work["approved"] else "not yet approved"
    rows = [sentences.cut(row) for row in shown]
    size = sum(map(len, rows[:limit]))
    return listed(f"Plan ({approved}), beginning{_whole(text, size, now)}", 36, rows, limit)


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
    """The tags that the person keeps."""
    if not now.tags:
        return []
    shown = ", ".join(f"@{name}" for name in now.tags[:TAGS_SHOWN])
    return [Line(43, f"Tags the person can call in: {shown}")]


def labels_of(state: State) -> dict[str, str]:
    """A letter for each archive file that something points into, the newest first."""
    work = state["work_state"]
    found: dict[str, None] = {}
    done = [step_spans.newest(work, step) for step in work["completed_steps"][-DONE_SHOWN:]]
    steps = [span for span in done if span]
    for one in (*reversed(work["decisions"]), *reversed(work["issues"]), *reversed(steps)):
        if pointer := one.get("pointer"):
            found[pointer.rpartition(":")[0]] = None
    newest = reversed(state["archives"][-1:])
    return dict(zip({**found, **dict.fromkeys(newest)}, "ABCDEFGH", strict=False))


def legend(labels: dict[str, str], now: ProjectState) -> list[Line]:
    """Where the conversation itself can be read."""
    rows = [f"{letter} = {now.root}/{file}" for file, letter in labels.items()]
    return listed("The conversation is archived, [file:line], with a .summary.md", 28, rows, 8)


def _said(one: Noted, labels: dict[str, str]) -> str:
    return one["text"] + _place(one.get("pointer", ""), labels)


def _place(pointer: str, labels: dict[str, str]) -> str:
    """Where the original stands, by the letter of its file."""
    file, _, line = pointer.rpartition(":")
    return f" [{labels[file]}:{line}]" if file in labels else ""
