"""The work state: a fold over entries to spec, phase, steps, decisions, issues and files.

Everything is taken from what the person typed and what Claude said and called; never from tool
output, which may hold hostile text: of a result only that it failed counts, the numbers that the
client gives out, and the person's answers to questions. The newest wins, except over what was
set by hand. Pure.
"""

from __future__ import annotations

from clearpoint import agents, commands, names, noted, phases, sentences, tasks, touches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from clearpoint.entries import Block, Entry
    from clearpoint.models import Phase, State, WorkState

ARTIFACTS_LIMIT = 40
PROMPT_CHARS = 2_000
PROMPTS_KEPT = 6
SHORT_PROMPT_CHARS = 300
ANSWER_CHARS = 600
PLAN_CHARS = 4_000
RUNNING_LIMIT = 64
SPOKEN_CHARS = 1_500
"""What a prompt holds beyond this was pasted; a longer one tells no preferences."""
PLAN_PROMPT = "Implement the following plan:"
"""How the client begins a session with a plan that was approved in another."""
REJECTED = ("The user doesn't want", "[Request interrupted")
PASSED_OVER = ("file_path", "old_string", "notebook_path", "model", "subagent_type")
"""Texts of a call that name no more than is known already."""
PASSING = ("commit", "push", "merge")
"""What is asked about a moment, and settles nothing for later."""
ASKED = '"{}"="'
"""How the client gives the person's answer to one of its questions."""

HAND_SET_KEYS = {"steps": ("completed_steps", "current_step", "pending_steps", "next_step")}
"""What a hand-set name covers, where that is more than the key of the same name."""


def new_work() -> WorkState:
    """The work state of a session in which nothing has happened yet."""
    return {
        "current_spec": None,
        "phase": "initialization",
        "completed_steps": [],
        "current_step": None,
        "pending_steps": [],
        "next_step": None,
        "artifacts": [],
        "decisions": [],
        "issues": [],
        "notes": [],
        "files": {},
        "tasks": {},
        "plan": None,
        "first_prompt": None,
        "last_prompt": None,
        "last_answer": None,
        "failing": {},
        "running": {},
        "touches": 0,
        "hand_set": [],
        "clock": 0,
        "turn": 0,
        "prompts": [],
        "question": None,
        "approved": False,
        "planned": 0,
        "names": {},
        "mentions": {},
        "servers": {},
        "agents": {},
    }


def fold(state: State, entry: Entry, phase_commands: dict[str, Phase]) -> None:
    """Take one main-chain entry into the work state of a session."""
    message = entry.get("message")
    if not isinstance(message, dict) or entry.get("isSidechain") or entry.get("isCompactSummary"):
        return
    content = message.get("content")
    work = state["work_state"]
    work["clock"] += 1
    if entry.get("type") == "assistant":
        for block in content if isinstance(content, list) else ():
            _answer(work, entry, block)
    elif isinstance(content, str):
        _typed(state, entry, content, phase_commands)
    else:
        for block in content if isinstance(content, list) else ():
            if block.get("type") == "tool_result":
                _result(work, entry, block)
            elif isinstance(text := block.get("text"), str):
                _typed(state, entry, text, phase_commands)


def is_human(entry: Entry, text: str) -> bool:
    """Whether a person typed this, and not the client or a machine."""
    origin = entry.get("origin")
    kind = origin.get("kind") if isinstance(origin, dict) else None
    if entry.get("isMeta") or kind not in (None, "human"):
        return False
    return bool(text.strip()) and not text.startswith(("<", "[Request interrupted"))


def _typed(state: State, entry: Entry, text: str, phase_commands: dict[str, Phase]) -> None:
    """A prompt or a slash command."""
    work = state["work_state"]
    if "<command-name>" in text and not entry.get("isMeta"):
        _command(work, text, phase_commands)
    elif is_human(entry, text):
        _remember_prompt(work, text)
        _answered(work, entry, text)
        if text.startswith(PLAN_PROMPT):
            _approve(work, entry, text[len(PLAN_PROMPT) :].strip())
        phases.set_spec(work, text)
        noted.note(work["decisions"], entry, sentences.decisions(text))
        noted.note(work["issues"], entry, sentences.issues(text))
        _speak(work, text[:SPOKEN_CHARS])
        person = state["user_context"]
        person["language"] = sentences.language(text) or person["language"]
        for said in sentences.preferences(text) if len(text) <= SPOKEN_CHARS else ():
            person["preferences"] = noted.wish(person["preferences"], said)


def _remember_prompt(work: WorkState, text: str) -> None:
    work["turn"] += 1
    work["last_prompt"] = text[:PROMPT_CHARS]
    work["last_answer"] = None
    work["first_prompt"] = work["first_prompt"] or text[:PROMPT_CHARS]
    short = sentences.cut(text[:PROMPT_CHARS], SHORT_PROMPT_CHARS)
    work["prompts"] = [*work["prompts"], short][-PROMPTS_KEPT:]


def _answered(work: WorkState, entry: Entry, text: str) -> None:
    """What the person says to Claude's question decides it, where it takes the question up."""
    asked, work["question"] = work["question"], None
    if asked and sentences.is_choice(text) and not any(word in asked.lower() for word in PASSING):
        noted.note(work["decisions"], entry, [f"{asked} — {sentences.cut(text)}"])


def _command(work: WorkState, text: str, phase_commands: dict[str, Phase]) -> None:
    name = _between(text, "<command-name>", "</command-name>").strip()
    name = name if name.startswith("/") else "/" + name
    arguments = _between(text, "<command-args>", "</command-args>").strip()
    if phase := phase_commands.get(name) or phases.phase_of(name):
        phases.set_phase(work, phase)
        work["last_prompt"] = f"{name} {arguments}".strip()[:PROMPT_CHARS]
        phases.set_spec(work, arguments)


def _answer(work: WorkState, entry: Entry, block: Block) -> None:
    """One block of Claude's answer."""
    kind = block.get("type")
    if kind == "text" and isinstance(text := block.get("text"), str):
        if text.strip():
            work["last_answer"] = sentences.cut(text, ANSWER_CHARS)
            work["question"] = sentences.question(text)
        noted.note(work["decisions"], entry, sentences.decisions(text))
        noted.note(work["issues"], entry, sentences.issues(text))
        _speak(work, text)
    elif kind == "tool_use" and isinstance(given := block.get("input"), dict):
        name = str(block.get("name"))
        work["question"] = None
        work["running"][str(block.get("id"))] = [name, _call(work, name, given)]
        while len(work["running"]) > RUNNING_LIMIT:
            del work["running"][next(iter(work["running"]))]
        for value in _texts(given):
            names.count(work["names"], names.identifiers(value), work["clock"])


def _speak(work: WorkState, text: str) -> None:
    """What is talked of: identifiers and files."""
    names.count(work["names"], names.identifiers(text), work["clock"])
    names.count(work["mentions"], names.file_names(text), work["clock"])


def _texts(given: dict[str, Any]) -> Iterator[str]:
    """The texts of a call: its own, and those of the edits, to-dos or questions that it lists."""
    for key, value in given.items():
        if isinstance(value, str):
            if key not in PASSED_OVER:
                yield value
        elif isinstance(value, list):
            for item in value[:RUNNING_LIMIT]:
                if isinstance(item, dict):
                    yield from (text for text in item.values() if isinstance(text, str))


def _call(work: WorkState, name: str, given: dict[str, Any]) -> str:
    """Take in a tool call; give what is to be known of it when its result comes."""
    if take := CALLS.get(name):
        return take(work, given) or ""
    if path := touches.touched_path(name, given):
        _touch(work, name, path, given)
    elif name.startswith(agents.SERVER_MARK):
        agents.note_server(work, name)
    return ""


def _result(work: WorkState, entry: Entry, block: Block) -> None:
    """That a call ended, and whether it failed; never what it printed."""
    name, known = work["running"].pop(str(block.get("tool_use_id")), ["", ""])
    content = block.get("content")
    said = _first_text(content)
    failed = bool(block.get("is_error"))
    if name == "Bash" and known and not said.startswith(REJECTED):
        done = known.split(commands.JOINT)
        if failed:
            commands.failed(work, done, str(entry.get("uuid") or ""))
        else:
            commands.passed(work, done)
            _settle(work, done)
    elif failed:
        return
    elif name == "ExitPlanMode":
        _approve(work, entry, work["plan"] or "")
    elif name == "TaskCreate":
        tasks.renumber(work, known, said)
    elif name in agents.STARTERS:
        agents.note_agent(work, known, content)
    elif name == "AskUserQuestion":
        noted.note(work["decisions"], entry, _chosen(known, said))


def _settle(work: WorkState, done: list[str]) -> None:
    """All tests passed: nothing is `still failing` any more."""
    if any(commands.kind_of(check) == "test" and commands.is_whole(check) for check in done):
        work["issues"] = [
            issue
            for issue in work["issues"]
            if noted.is_own(issue)
            or not any(word in issue["text"].lower() for word in sentences.FAILURES)
        ]


def _approve(work: WorkState, entry: Entry, plan: str) -> None:
    """A plan was approved: the work on it begins."""
    work["plan"], work["approved"] = plan[:PLAN_CHARS] or work["plan"], True
    work["planned"] = work["turn"]
    phases.set_phase(work, "implementation")
    title = next((line.strip("# ") for line in plan.splitlines() if line.strip("# ")), "")
    if title:
        noted.note(work["decisions"], entry, [sentences.cut(f"Plan approved: {title}")])


def _chosen(questions: str, said: str) -> Iterator[str]:
    """The person's answers to the questions that were asked."""
    for question in questions.splitlines():
        start = said.find(mark := ASKED.format(question))
        if start >= 0:
            start += len(mark)
            ends = [end for close in ('",', '".', '" ') if (end := said.find(close, start)) >= 0]
            answer = said[start : min(ends)] if ends else said[start:].rstrip('"')
            yield sentences.cut(f"{question} — {answer}")


def _first_text(content: Any) -> str:
    if isinstance(content, list):
        content = next((one.get("text") for one in content if isinstance(one, dict)), "")
    return content if isinstance(content, str) else ""


def _touch(work: WorkState, name: str, path: str, given: dict[str, Any]) -> None:
    """A file read or changed."""
    touched = touches.touch(work, name, path)
    if name == "Read":
        return
    touches.change(touched, name, given)
    if path not in work["artifacts"]:
        work["artifacts"] = [*work["artifacts"], path][-ARTIFACTS_LIMIT:]
    phases.follow_edit(work, path)
    for _, text in touches.edits_in(name, given):
        names.count(work["mentions"], names.file_names(text), work["clock"])


def _bash(work: WorkState, given: dict[str, Any]) -> str:
    command = given.get("command")
    found = commands.checks(command) if isinstance(command, str) else []
    if any(commands.kind_of(check) == "test" for check in found):
        phases.follow_test(work)
    return commands.JOINT.join(found)


def _steps(work: WorkState, given: dict[str, Any]) -> None:
    tasks.set_todos(work, given)
    phases.follow_steps(work)


def _task_created(work: WorkState, given: dict[str, Any]) -> str:
    key = tasks.create(work, given)
    phases.follow_steps(work)
    return key


def _task_updated(work: WorkState, given: dict[str, Any]) -> None:
    tasks.update(work, given)
    phases.follow_steps(work)


def _plan_mode(work: WorkState, _given: dict[str, Any]) -> None:
    phases.set_phase(work, "planning")


def _plan(work: WorkState, given: dict[str, Any]) -> None:
    if isinstance(plan := given.get("plan"), str):
        work["plan"], work["approved"] = plan[:PLAN_CHARS], False
        work["planned"] = work["turn"]
        phases.set_spec(work, plan[:PROMPT_CHARS])


def _agent(work: WorkState, given: dict[str, Any]) -> str:
    if phase := phases.phase_of(str(given.get("subagent_type"))):
        phases.set_phase(work, phase)
    return agents.starting(given)


def _skill(work: WorkState, given: dict[str, Any]) -> None:
    if phase := phases.phase_of(str(given.get("skill") or given.get("command"))):
        phases.set_phase(work, phase)


def _asked(_work: WorkState, given: dict[str, Any]) -> str:
    asked = given.get("questions")
    rows = [one for one in asked if isinstance(one, dict)] if isinstance(asked, list) else []
    return "\n".join(str(one.get("question"))[: sentences.SENTENCE_CHARS] for one in rows)


CALLS: dict[str, Callable[[WorkState, dict[str, Any]], str | None]] = {
    "Agent": _agent,
    "AskUserQuestion": _asked,
    "Bash": _bash,
    "EnterPlanMode": _plan_mode,
    "ExitPlanMode": _plan,
    "Skill": _skill,
    "Task": _agent,
    "TaskCreate": _task_created,
    "TaskUpdate": _task_updated,
    "TodoWrite": _steps,
}


def _between(text: str, opening: str, closing: str) -> str:
    start = text.find(opening)
    end = text.find(closing, start)
    return text[start + len(opening) : end] if 0 <= start < end else ""
