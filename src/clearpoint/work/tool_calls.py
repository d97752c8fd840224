"""Tool calls as part of the work: what each says when it is made, and when its result comes. Pure.

Of a result only that it failed counts, the numbers and ids that the client gives out, and the
person's answers to questions; never what a tool printed, which may hold hostile text.
"""

from __future__ import annotations

from clearpoint.text import identifiers, sentences
from clearpoint.work import agents, file_activity, notes, phases, shell_checks, tasks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from clearpoint.models.work import WorkState
    from clearpoint.transcript.entry import Block, Entry

ARTIFACTS_LIMIT = 40
PLAN_CHARS = 4_000
PASSED_OVER = ("file_path", "old_string", "new_string", "content", "notebook_path", "status",
               "subagent_type", "output_mode")  # fmt: skip
"""Texts of a call that name no more than is known already."""
REJECTED = ("The user doesn't want", "[Request interrupted")
ASKED = '"{}"="'
"""How the client gives the person's answer to one of its questions."""
LISTED_LIMIT = 64
SPEC_CHARS = 2_000


def texts(given: dict[str, Any]) -> Iterator[str]:
    """The texts of a call: its own, and those of the edits, to-dos or questions that it lists."""
    for key, value in given.items():
        if isinstance(value, str):
            if key not in PASSED_OVER:
                yield value
        elif isinstance(value, list):
            for item in value[:LISTED_LIMIT]:
                if isinstance(item, dict):
                    yield from (
                        text
                        for key, text in item.items()
                        if isinstance(text, str) and key not in PASSED_OVER
                    )


def call(work: WorkState, name: str, given: dict[str, Any]) -> str:
    """Take in a tool call; give what is to be known of it when its result comes."""
    if take := CALLS.get(name):
        return take(work, given) or ""
    if path := file_activity.touched_path(name, given):
        _touch(work, name, path, given)
    elif name.startswith(agents.SERVER_MARK):
        agents.note_server(work, name)
    return ""


def result(work: WorkState, entry: Entry, block: Block) -> None:
    """That a call ended, and whether it failed; never what it printed."""
    name, known = work["running"].pop(str(block.get("tool_use_id")), ["", ""])
    content = block.get("content")
    said = _first_text(content)
    failed = bool(block.get("is_error"))
    if name == "Bash" and known and not said.startswith(REJECTED):
        done = known.split(shell_checks.JOINT)
        if failed:
            shell_checks.failed(work, done, str(entry.get("uuid") or ""))
        else:
            shell_checks.passed(work, done)
            _settle(work, done)
    elif failed:
        return
    elif name == "ExitPlanMode":
        approve(work, entry, work["plan"] or "")
    elif name == "TaskCreate":
        tasks.renumber(work, known, said)
    elif name in agents.STARTERS:
        agents.note_agent(work, known, content)
    elif name == "AskUserQuestion":
        notes.note(work["decisions"], entry, chosen(known, said))


def _settle(work: WorkState, done: list[str]) -> None:
    """All tests passed: nothing is `still failing` any more."""
    if any(
        shell_checks.kind_of(check) == "test" and shell_checks.is_whole(check) for check in done
    ):
        work["issues"] = [
            issue
            for issue in work["issues"]
            if notes.is_own(issue)
            or not any(word in issue["text"].lower() for word in sentences.FAILURES)
        ]


def approve(work: WorkState, entry: Entry, plan: str) -> None:
    """A plan was approved: the work on it begins."""
    work["plan"], work["approved"] = plan[:PLAN_CHARS] or work["plan"], True
    work["planned"] = work["turn"]
    phases.set_phase(work, "implementation")
    title = next((line.strip("# ") for line in plan.splitlines() if line.strip("# ")), "")
    if title:
        notes.note(work["decisions"], entry, [sentences.cut(f"Plan approved: {title}")])


def chosen(questions: str, said: str) -> Iterator[str]:
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
    touched = file_activity.touch(work, name, path)
    if name == "Read":
        return
    edits = file_activity.edits_in(given)
    file_activity.change(touched, edits)
    if path not in work["artifacts"]:
        work["artifacts"] = [*work["artifacts"], path][-ARTIFACTS_LIMIT:]
    phases.follow_edit(work, path)
    for _, text in edits:
        identifiers.hear(work, text)


def _bash(work: WorkState, given: dict[str, Any]) -> str:
    command = given.get("command")
    found = shell_checks.checks(command) if isinstance(command, str) else []
    if any(shell_checks.kind_of(check) == "test" for check in found):
        phases.follow_test(work)
    return shell_checks.JOINT.join(found)


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
        phases.set_spec(work, plan[:SPEC_CHARS])


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
