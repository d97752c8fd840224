"""The work state: a fold over entries to spec, phase, steps, decisions, issues and files.

Everything is taken from what the person typed and what Claude said and called; never from tool
output, which may hold hostile text. The newest wins, except over what was set by hand. Pure.
"""

from __future__ import annotations

from clearpoint import sentences, tasks, touches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from clearpoint.entries import Block, Entry
    from clearpoint.models import Noted, Phase, State, WorkState

NOTED_LIMIT = 40
PROMPT_CHARS = 2_000
ANSWER_CHARS = 600
PLAN_CHARS = 4_000
RUNNING_LIMIT = 64
SHOWN_COMMAND_CHARS = 120

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
    }


def fold(state: State, entry: Entry, phase_commands: dict[str, Phase]) -> None:
    """Take one main-chain entry into the work state of a session."""
    message = entry.get("message")
    if not isinstance(message, dict) or entry.get("isSidechain") or entry.get("isCompactSummary"):
        return
    content = message.get("content")
    if entry.get("type") == "assistant":
        for block in content if isinstance(content, list) else ():
            _answer(state, entry, block)
    elif isinstance(content, str):
        _typed(state, entry, content, phase_commands)
    else:
        for block in content if isinstance(content, list) else ():
            if block.get("type") == "tool_result":
                _result(state["work_state"], entry, block)
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
        work["last_prompt"] = text[:PROMPT_CHARS]
        work["last_answer"] = None
        work["first_prompt"] = work["first_prompt"] or text[:PROMPT_CHARS]
        _spec(work, text)
        _note(work["decisions"], entry, text, sentences.DECISIONS)
        _note(work["issues"], entry, text, sentences.ISSUES)
        person = state["user_context"]
        person["language"] = sentences.language(text) or person["language"]
        for said in sentences.matching(text, sentences.PREFERENCES):
            if said not in person["preferences"]:
                person["preferences"] = [*person["preferences"], said][-NOTED_LIMIT:]


def _command(work: WorkState, text: str, phase_commands: dict[str, Phase]) -> None:
    name = _between(text, "<command-name>", "</command-name>").strip()
    name = name if name.startswith("/") else "/" + name
    arguments = _between(text, "<command-args>", "</command-args>").strip()
    if name in phase_commands:
        _set_phase(work, phase_commands[name])
        work["last_prompt"] = f"{name} {arguments}".strip()[:PROMPT_CHARS]
        _spec(work, arguments)


def _answer(state: State, entry: Entry, block: Block) -> None:
    """One block of Claude's answer."""
    work = state["work_state"]
    kind = block.get("type")
    if kind == "text" and isinstance(text := block.get("text"), str):
        if text.strip():
            work["last_answer"] = sentences.cut(text, ANSWER_CHARS)
        _note(work["decisions"], entry, text, sentences.DECISIONS)
        _note(work["issues"], entry, text, sentences.ISSUES)
    elif kind == "tool_use" and isinstance(given := block.get("input"), dict):
        name = str(block.get("name"))
        command = given.get("command")
        argument = command[:SHOWN_COMMAND_CHARS] if isinstance(command, str) else ""
        work["running"][str(block.get("id"))] = [name, argument]
        while len(work["running"]) > RUNNING_LIMIT:
            del work["running"][next(iter(work["running"]))]
        if change := CALLS.get(name):
            change(work, given)
        elif path := touches.touched_path(name, given):
            _touch(work, name, path)


def _result(work: WorkState, entry: Entry, block: Block) -> None:
    """That a call ended, and whether it failed; never what it printed."""
    name, argument = work["running"].pop(str(block.get("tool_use_id")), ["", ""])
    failed = bool(block.get("is_error"))
    if name == "Bash" and argument:
        work["failing"].pop(argument, None)
        if failed:
            work["failing"][argument] = str(entry.get("uuid") or "")
            while len(work["failing"]) > NOTED_LIMIT:
                del work["failing"][next(iter(work["failing"]))]
    elif name == "ExitPlanMode" and not failed:
        _set_phase(work, "implementation")


def _touch(work: WorkState, name: str, path: str) -> None:
    """A file read or changed."""
    touches.touch(work, name, path)
    if name == "Read":
        return
    if path not in work["artifacts"]:
        work["artifacts"] = [*work["artifacts"], path][-NOTED_LIMIT:]
    spec = spec_in(path)
    if spec and "current_spec" not in work["hand_set"]:
        work["current_spec"] = spec
    elif not path.endswith((".md", ".txt")) and work["phase"] in ("initialization", "testing"):
        _set_phase(work, "implementation")


def _bash(work: WorkState, given: dict[str, Any]) -> None:
    command = given.get("command")
    if not isinstance(command, str):
        return
    if work["phase"] == "implementation" and any(word in command for word in TEST_COMMANDS):
        _set_phase(work, "testing")


TEST_COMMANDS = ("pytest", "go test", "cargo test", "npm test", "npm run test", "make test",
                 "vitest", "jest", "mvn test", "gradle test", "ctest", "rspec", "unittest",
                 "mise run test", "yarn test", "pnpm test")  # fmt: skip


def _steps(work: WorkState, given: dict[str, Any]) -> None:
    tasks.set_todos(work, given)
    _follow_steps(work)


def _task_created(work: WorkState, given: dict[str, Any]) -> None:
    tasks.create(work, given)
    _follow_steps(work)


def _task_updated(work: WorkState, given: dict[str, Any]) -> None:
    tasks.update(work, given)
    _follow_steps(work)


def _follow_steps(work: WorkState) -> None:
    """All steps done completes the work; a new open one takes it up again."""
    if work["completed_steps"] and not work["pending_steps"] and not work["current_step"]:
        _set_phase(work, "completed")
    elif work["phase"] == "completed":
        _set_phase(work, "implementation")


def _plan_mode(work: WorkState, _given: dict[str, Any]) -> None:
    _set_phase(work, "planning")


def _plan(work: WorkState, given: dict[str, Any]) -> None:
    if isinstance(plan := given.get("plan"), str):
        work["plan"] = plan[:PLAN_CHARS]
        _spec(work, plan[:PROMPT_CHARS])


CALLS: dict[str, Callable[[WorkState, dict[str, Any]], None]] = {
    "Bash": _bash,
    "TodoWrite": _steps,
    "TaskCreate": _task_created,
    "TaskUpdate": _task_updated,
    "EnterPlanMode": _plan_mode,
    "ExitPlanMode": _plan,
}


def _set_phase(work: WorkState, phase: Phase) -> None:
    if "phase" not in work["hand_set"]:
        work["phase"] = phase


def _spec(work: WorkState, text: str) -> None:
    spec = spec_in(text)
    if spec and "current_spec" not in work["hand_set"]:
        work["current_spec"] = spec


def spec_in(text: str) -> str | None:
    """The first `SPEC-…` identifier in a text or path, None where there is none."""
    start = text.find("SPEC-")
    if start < 0:
        return None
    end = start + 5
    while end < len(text) and is_name_char(text[end]):
        end += 1
    spec = text[start:end].rstrip("-_")
    return spec if len(spec) > 5 else None


def is_name_char(char: str) -> bool:
    """Whether an identifier can hold the character."""
    return (char.isascii() and char.isalnum()) or char in "-_"


def _note(noted: list[Noted], entry: Entry, text: str, keys: tuple[str, ...]) -> None:
    """Keep the matching sentences, each once, the newest last."""
    for said in sentences.matching(text, keys):
        noted[:] = [old for old in noted if old["text"] != said][1 - NOTED_LIMIT :]
        noted.append({"text": said, "at": entry.get("timestamp"), "entry": entry.get("uuid")})


def _between(text: str, opening: str, closing: str) -> str:
    start = text.find(opening)
    end = text.find(closing, start)
    return text[start + len(opening) : end] if 0 <= start < end else ""
