"""What the client's summarizer is asked to keep at a compaction. Pure."""

from __future__ import annotations

from clearpoint.reload.compose import shown_path
from clearpoint.reload.lines import plain
from clearpoint.text import identifiers, sentences
from clearpoint.work import file_activity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.state import State

NAMES_KEPT = 30


def instructions(state: State, project_dir: str) -> str:
    """What the summary must keep, as text; empty where nothing is known. Pure."""
    work = state["work_state"]
    parts = []
    if work["current_spec"]:
        parts.append(f"The specification at hand is {work['current_spec']}.")
    steps = [step for step in (work["current_step"], *work["pending_steps"]) if step]
    parts += _kept("the open steps", steps[:15])
    parts += _kept("the decisions", [noted["text"] for noted in work["decisions"][-15:]])
    failing = [f"failing when last run: {command}" for command in reversed(work["failing"])][:5]
    issues = failing + [noted["text"] for noted in work["issues"][-8:]]
    parts += _kept("the open issues", issues)
    paths = [shown_path(path, project_dir) for path in file_activity.ranked(work)[:15]]
    parts += _kept("the files in play, by their paths", paths)
    parts += _kept("what the person prefers", state["user_context"]["preferences"][-8:])
    if asked := sentences.question(work["last_words"]):
        parts.append(f"Asked of the person and not answered yet: {asked}")
    said = "\n".join(parts)
    heavy = (
        name for name in identifiers.heaviest(work["names"], work["clock"]) if name not in said
    )
    if chosen := list(heavy)[:NAMES_KEPT]:
        parts.append(f"Please keep these names as they are written: {', '.join(chosen)}.")
    return "\n".join(plain(line) for part in parts for line in part.split("\n"))


def _kept(what: str, items: list[str]) -> list[str]:
    if not items:
        return []
    return [f"Please keep {what}:", *(f"- {sentences.cut(item)}" for item in items)]
