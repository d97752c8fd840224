"""The work state: a fold over entries to spec, phase, steps, decisions, issues and files.

Everything is taken from what the user said and what Claude said and called; never from tool output,
which may hold hostile text: of a result count that it failed, the numbers that the client gives
out, the fixed marks of checks and of git, and the user's own words. A call counts when its result
comes. The newest wins, except over what was set by hand. Pure.
"""

from __future__ import annotations

from clearpoint.client.vocabulary import AGENT_TOOLS, INTERRUPTED, SYNTHETIC
from clearpoint.text import decisions, identifiers, issues, options, questions, sentences
from clearpoint.transcript import utterances
from clearpoint.transcript.content import blocks_of
from clearpoint.work import (
    agents,
    background,
    check_reasons,
    compaction,
    handover,
    notes,
    outcomes,
    promises,
    step_lists,
    step_spans,
    tool_calls,
    words,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.state import State
    from clearpoint.models.work import Phase, WorkState
    from clearpoint.transcript.entry import Block, Entry

ANSWER_CHARS = 2_000
RUNNING_LIMIT = 64

WHOLE_CHARS = 12_000
"""As much of the last answer is kept whole."""
LINES = ("user", "assistant", "attachment", "queue-operation")
"""The kinds of entries that say something of the work."""


def fold(state: State, entry: Entry, phase_commands: dict[str, Phase]) -> None:
    """Take one main-chain entry into the work state of a session."""
    work = state["work_state"]
    kind = entry.get("type")
    if entry.get("isSidechain") or is_of_the_client(entry):
        return
    if entry.get("isCompactSummary"):
        compaction.hear(work, entry)
        return
    if kind == "assistant":
        work["clock"] += 1
        for block in blocks_of(entry):
            _answer(work, entry, block)
        return
    if kind == "user":
        work["clock"] += 1
        work["base"] = work["base"] or entry.get("cwd") or ""
    for spoken in utterances.spoken(entry, work["running"]):
        words.take(state, entry, spoken, phase_commands)
    if kind == "user":
        _results(state, entry)
    elif kind == "queue-operation" and entry.get("operation") == "popAll":
        words.take_back(work, entry)
    elif not utterances.queued(entry):
        background.hear(work, utterances.machine_text(entry))


def is_of_the_client(entry: Entry) -> bool:
    """Whether the client speaks in Claude's place: of an error, or "No response requested."."""
    message = entry.get("message")
    is_synthetic = isinstance(message, dict) and message.get("model") == SYNTHETIC
    return is_synthetic or bool(entry.get("isApiErrorMessage"))


def _results(state: State, entry: Entry) -> None:
    """The results of calls in a line of the user's side, and the client's own notes there."""
    work = state["work_state"]
    for block in blocks_of(entry):
        text = block.get("text")
        if block.get("type") == "tool_result":
            tool_calls.result(state, entry, block)
            work["waiting"] = None
        elif isinstance(text, str) and text.startswith(INTERRUPTED):
            work["interrupted"] = True
            work["waiting"] = None
        elif isinstance(text, str):
            background.hear(work, text)


def _answer(work: WorkState, entry: Entry, block: Block) -> None:
    """One block of Claude's answer."""
    kind = block.get("type")
    if kind == "text" and isinstance(text := block.get("text"), str):
        if text.strip():
            work["last_answer"] = sentences.cut(text, ANSWER_CHARS)
            if said := handover.hear(work, entry, text):
                _words(work, entry, said)
        notes.note(work, "decisions", entry, decisions.told(text))
        notes.note(work, "issues", entry, issues.named(text))
        notes.close(work, issues.fixed(text))
        if work["checks"]:
            check_reasons.hear(work, text)
        identifiers.hear(work, text)
    elif kind == "tool_use" and isinstance(given := block.get("input"), dict):
        name = str(block.get("name"))
        work["last_words"], work["waiting"] = "", None
        spoken = " ".join(tool_calls.names_of(name, given))
        known = tool_calls.call(work, entry, name, given)
        call_id = str(block.get("id"))
        work["running"][call_id] = [name, *known, spoken, entry.get("uuid") or ""]
        if name in AGENT_TOOLS:
            agents.call(work, call_id, known[0])
        elif work["promised"] and not given.get("run_in_background"):
            promises.go_on(work)
        while len(work["running"]) > RUNNING_LIMIT:
            del work["running"][next(iter(work["running"]))]


def _words(work: WorkState, entry: Entry, text: str) -> None:
    """What Claude says: more of the answer, or a new one where something was called since."""
    answer = work["answer"]
    earlier = answer["text"] if answer and work["last_words"] else ""
    if not earlier:
        outcomes.set_aside(work)
    whole = f"{earlier}\n\n{text}" if earlier else text
    work["last_words"] = text[-outcomes.WORDS_CHARS :]
    work["answer"] = {
        "text": whole[-WHOLE_CHARS:],
        "is_cut": len(whole) > WHOLE_CHARS or (bool(earlier) and bool(answer and answer["is_cut"])),
        "entry": entry.get("uuid"),
        "turn": work["turn"],
        "touches": work["touches"],
    }
    if work["summary"]:
        work["summary"]["is_answered"] = True
    asked = questions.waiting(whole)
    work["waiting"] = (
        {"text": asked, "entry": entry.get("uuid"), "options": options.options(whole)}
        if asked
        else None
    )
    promises.go_on(work)  # a report that was promised is an answer without a call
    promises.hear(work, text)
    step_lists.hear(work, entry, whole)
    step_spans.follow(work, entry)
