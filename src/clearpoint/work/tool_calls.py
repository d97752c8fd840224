"""Tool calls as part of the work: each counts when its result comes and is no error. Pure.

Of a result only that it failed counts, the numbers and ids that the client gives out, the fixed
marks of checks and of git, and the user's own words; never what a tool printed otherwise, which may
hold hostile text.
"""

from __future__ import annotations

from clearpoint.client.vocabulary import (
    AGENT_TOOLS,
    EDITED_PLAN,
    NEVER_RAN,
    OUTPUTS,
    PATH_ARGUMENTS,
    PLAN,
    PLAN_BEGUN,
    PLAN_MODE,
    QUESTION,
    READ,
    SERVER_MARK,
    SHELL_ENDS,
    SHELLS,
    SKILL,
    TASK_CREATED,
    TASK_UPDATED,
    TODO_LIST,
)
from clearpoint.text import identifiers as names
from clearpoint.transcript import utterances
from clearpoint.transcript.content import texts_in
from clearpoint.work import (
    agents,
    background,
    file_activity,
    notes,
    phases,
    recent_calls,
    step_lists,
    step_spans,
    tasks,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from clearpoint.models.state import State
    from clearpoint.models.work import WorkState
    from clearpoint.transcript.entry import Block, Entry

    Outcome = Callable[[State, Entry, list[str], str], None]

PLAN_CHARS = 4_000
PASSED_OVER = ("file_path", "old_string", "new_string", "content", "notebook_path", "status",
               "subagent_type", "output_mode")  # fmt: skip
"""Texts of a call that name no more than is known already."""
LISTED_LIMIT = 64
SPEC_CHARS = 2_000
NAMES_LIMIT = 60
COMMAND_CHARS = 12_000
STATUS_CHARS = 200
SEPARATOR = "\x1f"


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


def call(work: WorkState, entry: Entry, name: str, given: dict[str, Any]) -> list[str]:
    """What is to be known of a tool call when its result comes."""
    if take := KNOWN.get(name):
        return take(work, entry, given)
    if path := file_activity.touched_path(name, given):
        return _changing(name, path, given)
    return []


def names_of(name: str, given: dict[str, Any]) -> list[str]:
    """The identifiers that a call names beside the file that it is about."""
    found: list[str] = []
    for value in texts(given) if name != READ else ():
        found += names.names_in(value)[0]
    return list(dict.fromkeys(found))[:NAMES_LIMIT]


def result(state: State, entry: Entry, block: Block) -> None:
    """The result of a call has come: what the call was about has happened, unless it failed."""
    work = state["work_state"]
    row = work["running"].pop(str(block.get("tool_use_id")), None)
    if not row:
        return
    name, *known, spoken, uuid = row
    if name in AGENT_TOOLS:
        agents.returned(work, str(block.get("tool_use_id")))
    said = "\n".join(texts_in(block.get("content")))
    failed = bool(block.get("is_error")) or said.startswith(NEVER_RAN)
    if failed and (utterances.is_rejection(said) or said.startswith(NEVER_RAN)):
        return
    recent_calls.note(work, name, known, failed=failed)
    called: Entry = {**entry, "uuid": uuid}  # where the archive has it
    if name in SHELLS:
        from clearpoint.work import shell_work

        shell_work.ran(work, called, known, said, failed=failed)
    elif failed:
        return
    elif take := OUTCOMES.get(name):
        take(state, called, known, said)
    elif name in PATH_ARGUMENTS and known:  # nothing is known of a path that cannot be one
        _touched(work, name, known)
    elif name.startswith(SERVER_MARK):
        agents.note_server(work, name)
        from clearpoint.work import filed

        filed.note_tool(work, name, said, uuid)
    step_spans.follow(work, called)
    if spoken:
        names.count(work["names"], spoken.split(), work["clock"])


def approve(work: WorkState, entry: Entry, plan: str) -> None:
    """A plan was approved: the work on it begins."""
    work["plan"], work["approved"] = plan[:PLAN_CHARS] or work["plan"], True
    work["planned"] = work["turn"]
    phases.set_phase(work, "implementation")
    title = next((line.strip("# ") for line in plan.splitlines() if line.strip("# ")), "")
    if title:
        notes.note(work, "decisions", entry, [f"Plan approved: {title}"])
    step_lists.take_plan(work, entry, work["plan"] or "")


def _changing(name: str, path: str, given: dict[str, Any]) -> list[str]:
    """A file that is to be read or changed, and what the change would be."""
    if name == READ:
        return [path, recent_calls.span(given)]
    edits = file_activity.edits_in(given)
    added, removed, defined, is_new = file_activity.measure(edits)
    text = "\n".join(new for _, new in edits)
    identifiers, files = names.names_in(text)
    steps = step_lists.in_file(path, text)
    return [
        path,
        str(added),
        str(removed),
        "new" if is_new else "",
        " ".join(defined),
        " ".join(identifiers[:NAMES_LIMIT]),
        " ".join(files[:NAMES_LIMIT]),
        SEPARATOR.join(f"{status} {step}" for step, status in steps),
        "whole" if name == "Write" else "",
    ]


def _touched(work: WorkState, name: str, known: list[str]) -> None:
    """A file was read or changed."""
    path = known[0]
    touched = file_activity.touch(work, path, is_edit=name != READ)
    if name == READ or len(known) < 9:
        return
    _, added, removed, is_new, defined, identifiers, files, steps, whole = known
    file_activity.change(touched, (int(added), int(removed), defined.split(), bool(is_new)))
    file_activity.keep_artifact(work, path)
    phases.follow_edit(work, path)
    names.count(work["names"], identifiers.split(), work["clock"])
    names.count(work["mentions"], files.split(), work["clock"])
    if steps:
        rows = [one.partition(" ")[::2] for one in steps.split(SEPARATOR)]
        step_lists.take_file(work, path, [(step, status) for status, step in rows], bool(whole))


def _plan(work: WorkState, _entry: Entry, given: dict[str, Any]) -> list[str]:
    """A plan is proposed; one that was approved stays in force until this one is."""
    found = given.get("plan")
    plan = found[:PLAN_CHARS] if isinstance(found, str) else ""
    if plan and not (work["approved"] and work["plan"]):
        work["plan"], work["planned"] = plan, work["turn"]
        phases.set_spec(work, plan[:SPEC_CHARS])
    return [plan]


def _asked(work: WorkState, entry: Entry, given: dict[str, Any]) -> list[str]:
    """Questions to the user, who is waited for until they are answered."""
    asked = given.get("questions")
    rows = [one for one in asked if isinstance(one, dict)] if isinstance(asked, list) else []
    questions = utterances.known_of(QUESTION, given)
    if questions:
        found = rows[0].get("options")
        labels = (
            [one.get("label") for one in found if isinstance(one, dict)]
            if isinstance(found, list)
            else []
        )
        work["waiting"] = {
            "text": " ".join(questions[0].split()),
            "entry": entry.get("uuid"),
            "options": [label for label in labels if isinstance(label, str)],
        }
    return questions


def _shell(_work: WorkState, entry: Entry, given: dict[str, Any]) -> list[str]:
    command = given.get("command")
    folder = entry.get("cwd") or ""
    return [command[:COMMAND_CHARS] if isinstance(command, str) else "", folder]


def _agent_started(state: State, _entry: Entry, known: list[str], said: str) -> None:
    work = state["work_state"]
    if phase := phases.phase_of(known[0].partition(agents.PARTS)[0]):
        phases.set_phase(work, phase)
    agents.note_agent(work, known[0], said)


def _plan_approved(state: State, entry: Entry, known: list[str], said: str) -> None:
    """The plan is approved, as the user may have changed it; plan mode ends with that."""
    edited = said.partition(EDITED_PLAN)[2].partition("\n")[2].strip()
    plan = edited or known[0] or state["work_state"]["plan"] or ""
    approve(state["work_state"], entry, plan)
    if state["system"]["permission_mode"] == PLAN_MODE:
        state["system"]["permission_mode"] = "default"


def _plan_begun(state: State, _entry: Entry, _known: list[str], _said: str) -> None:
    phases.set_phase(state["work_state"], "planning")
    state["system"]["permission_mode"] = PLAN_MODE


def _todos(state: State, entry: Entry, known: list[str], _said: str) -> None:
    rows = [one.partition(" ")[::2] for one in known]
    tasks.set_todos(state["work_state"], [(text, status) for status, text in rows])
    _stepped(state["work_state"], entry)


def _created(state: State, entry: Entry, known: list[str], said: str) -> None:
    tasks.create(state["work_state"], known[0], said)
    _stepped(state["work_state"], entry)


def _updated(state: State, entry: Entry, known: list[str], _said: str) -> None:
    if tasks.update(state["work_state"], *known):
        _stepped(state["work_state"], entry)


def _stepped(work: WorkState, entry: Entry) -> None:
    work["steps_source"], work["steps_entry"] = "todo", entry.get("uuid") or ""
    phases.follow_steps(work)


def _skill_used(state: State, _entry: Entry, known: list[str], _said: str) -> None:
    if phase := phases.phase_of(known[0]):
        phases.set_phase(state["work_state"], phase)


def _stopped(state: State, _entry: Entry, known: list[str], _said: str) -> None:
    background.end(state["work_state"], known[0])


def _looked(state: State, _entry: Entry, known: list[str], said: str) -> None:
    """The output of a background task was asked for: the client says first whether it runs."""
    if background.has_ended(said[:STATUS_CHARS]):
        background.end(state["work_state"], known[0])


KNOWN: dict[str, Callable[[WorkState, Entry, dict[str, Any]], list[str]]] = {
    **dict.fromkeys(AGENT_TOOLS, lambda _work, _entry, given: [agents.starting(given)]),
    **dict.fromkeys(SHELLS, _shell),
    **dict.fromkeys(
        (*SHELL_ENDS, *OUTPUTS), lambda _work, _entry, given: [background.named(given)]
    ),
    QUESTION: _asked,
    PLAN: _plan,
    SKILL: lambda _work, _entry, given: [str(given.get("skill") or given.get("command"))],
    TASK_CREATED: lambda _work, _entry, given: [tasks.subject(given)],
    TASK_UPDATED: lambda _work, _entry, given: tasks.changes(given),
    TODO_LIST: lambda _work, _entry, given: tasks.rows(given),
}
OUTCOMES: dict[str, Outcome] = {
    **dict.fromkeys(AGENT_TOOLS, _agent_started),
    **dict.fromkeys(SHELL_ENDS, _stopped),
    **dict.fromkeys(OUTPUTS, _looked),
    PLAN_BEGUN: _plan_begun,
    PLAN: _plan_approved,
    SKILL: _skill_used,
    TASK_CREATED: _created,
    TASK_UPDATED: _updated,
    TODO_LIST: _todos,
}
