"""The minimal context: what the next agent reads of a package. Pure.

Facts and references, never the conversation and never an order: the task itself is in the agent's
own prompt. What the agent before reported is not repeated; its files are named.
"""

from __future__ import annotations

from clearpoint.client import sanitize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from clearpoint.handoffs.shapes import PlainPackage, PlainPredecessor, PlainTask

MARK = "Clearpoint handoff"
HEADING = "Background only; your task is in the prompt."
UNKNOWN_PHASE = "initialization"
USUAL_LANGUAGE = "en"
ID_SHOWN = 8
FILES_SHOWN = 8
BESIDE_SHOWN = 6


def minimal_context(
    package: PlainPackage, *, place: str, beside: Sequence[tuple[str, str]] = ()
) -> str:
    """The text for the agent; `place` is where the whole package is kept.

    `beside` are the id and the task of each agent of its kind that starts together with it: which
    of them it is, only its prompt tells.
    """
    head = f"{MARK} {short(package['handoff_id'])}"
    if beside:
        shown = "; ".join(f"{short(name)} “{task}”" for name, task in beside[:BESIDE_SHOWN])
        more = f" and {len(beside) - BESIDE_SHOWN} more" if len(beside) > BESIDE_SHOWN else ""
        head = f"{MARK}, one of {len(beside)} that start together ({shown}{more})"
    agents = f"from {package['from_agent']} to {package['to_agent']}"
    lines = [f"{head}: {agents}. {HEADING}", *task_lines(package["task_context"])]
    language = package["session_context"]["user_language"]
    if language and language != USUAL_LANGUAGE:
        lines.append(f"The user writes in {_language(language)}.")
    if package["predecessor"]:
        lines.append(_before(package["predecessor"]))
    if any(text.startswith("@") for text in _texts(package["task_context"])):
        root = place.partition("/handoffs/")[0]
        lines.append(f"@NAME stands for a text in {root}/tags/NAME.json.")
    lines.append(f"Full package: {place}")
    return "\n".join(sanitize.line(one) for one in lines)


def _language(code: str) -> str:
    from clearpoint.text.language import LANGUAGES

    return LANGUAGES.get(code, code)


def short(handoff_id: str) -> str:
    """The beginning of an id, by which every command finds it."""
    return handoff_id[:ID_SHOWN]


def task_lines(task: PlainTask) -> list[str]:
    """Where the work stands, line by line."""
    facts = [f"Spec: {task['spec_id']}"] if task["spec_id"] else []
    if task["current_phase"] != UNKNOWN_PHASE:
        facts.append(f"Phase: {task['current_phase']}")
    lines = [" · ".join(facts)] if facts else []
    if where := task.get("where"):
        lines.append(f"Where: {where}.")
    lines += [f"{row}." for row in task.get("checks", [])]
    if task["next_step"]:
        lines.append(f"Next step: {task['next_step']}")
    lines += _listed("The user also said, newest first", task.get("also_said", [])[::-1])
    lines += _listed("Decided, newest first", task["critical_decisions"][::-1])
    lines += _listed("Done, newest first", task["completed_steps"][::-1])
    lines += _listed("Open issues", task["blocking_issues"])
    lines += _listed(
        "Files, most relevant first", [_artifact(*one) for one in task["key_artifacts"].items()]
    )
    return lines


def _texts(task: PlainTask) -> list[str]:
    return [
        *task["completed_steps"],
        *task["critical_decisions"],
        *task["blocking_issues"],
        *task.get("checks", []),
        *task.get("also_said", []),
        *task["key_artifacts"].values(),
    ]


def _artifact(name: str, path: str) -> str:
    return path if path.rpartition("/")[2] == name else f"{name}: {path}"


def _listed(title: str, items: Sequence[str]) -> list[str]:
    return [f"{title}:", *(f"- {item}" for item in items)] if items else []


def _before(before: PlainPredecessor) -> str:
    """`Before: planner, completed, 21,035 tokens of context, changed a.md (handoff …)`."""
    parts = [before["agent"], before["outcome"]]
    if before["tokens"]:
        parts.append(f"{before['tokens']:,} tokens of context")
    if before["files"]:
        more = ", …" if len(before["files"]) > FILES_SHOWN else ""
        parts.append(f"changed {', '.join(before['files'][:FILES_SHOWN])}{more}")
    return f"Previous agent: {', '.join(parts)} (handoff {short(before['handoff_id'])})"
