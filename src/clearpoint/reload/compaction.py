"""What the client's summarizer is asked to keep at a compaction. Pure.

It asks for what summaries lose, and states only what is sure; the user sees it at `/compact`.
"""

from __future__ import annotations

from clearpoint.reload import standing, task
from clearpoint.reload.lines import plain
from clearpoint.text import sentences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.models.state import State
    from clearpoint.models.work import WorkState

HEAD = "Please keep in the summary what is easily lost:"
ALWAYS = (
    "the closing paragraph of the last answer, word for word",
    "any question that the user has not answered, word for word, with its options",
    "what the user rejected or corrected, and why",
    "what was tried and given up, and why",
    "files that were made, moved or changed through the shell",
)
WORDS_SHOWN = 6
WORDS_CHARS = 240
STEPS_SHOWN = 12
DECISIONS_SHOWN = 8


def instructions(state: State) -> str:
    """What the summary must keep, as text; empty if nothing happened yet."""
    work = state["work_state"]
    if not (work["last_prompt"] or work["said"]):
        return ""
    items = [*ALWAYS, *_known(work)]
    return "\n".join([HEAD, *(f"- {plain(item)}" for item in items)])


def _known(work: WorkState) -> Iterator[str]:
    """What is known of the things that a summary shall name."""
    if work["current_spec"]:
        yield f"the specification: {work['current_spec']}"
    if asked := work["waiting"]:
        yield f"the open question: {sentences.cut(asked['text'])}"
    for one in work["said"][-WORDS_SHOWN:]:
        if one["how"] in task.MANNERS:
            words = sentences.cut(one["text"], WORDS_CHARS)
            yield f"the user's words {task.manner(one, WORDS_CHARS)}: “{words}”"
    if work["decisions"]:
        decided = (sentences.cut(one["text"]) for one in work["decisions"][-DECISIONS_SHOWN:])
        yield f"the decisions: {'; '.join(decided)}"
    yield from standing.outcomes(work)
    if commits := standing.commits(work):
        yield f"commits: {' · '.join(commits)}"
    yield from standing.pull_requests(work)
    steps = [step for step in (work["current_step"], *work["pending_steps"]) if step]
    if steps:
        yield f"the open steps: {'; '.join(map(sentences.cut, steps[:STEPS_SHOWN]))}"
