"""The work state: a fold over entries to spec, phase, steps, decisions, issues and files.

Everything is taken from what the person typed and what Claude said and called; never from tool
output, which may hold hostile text: of a result only that it failed counts, the numbers that the
client gives out, and the person's answers to questions. The newest wins, except over what was
set by hand. Pure.
"""

from __future__ import annotations

from clearpoint.text import choices, identifiers, language, sentences
from clearpoint.transcript.content import is_human
from clearpoint.work import notes, phases, step_spans, tool_calls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.state import State
    from clearpoint.models.work import Phase, WorkState
    from clearpoint.transcript.entry import Block, Entry

PROMPT_CHARS = 2_000
PROMPTS_KEPT = 6
SHORT_PROMPT_CHARS = 300
ANSWER_CHARS = 2_000
OUTCOME_CHARS = 240
LAST_WORDS_CHARS = 2_000
RUNNING_LIMIT = 64
SPOKEN_CHARS = 1_500
"""What a prompt holds beyond this was pasted; a longer one tells no preferences."""
PLAN_PROMPT = "Implement the following plan:"
"""How the client begins a session with a plan that was approved in another."""

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
        "outcomes": [],
        "last_words": "",
        "asked": "",
        "approved": False,
        "planned": 0,
        "stepped": 0,
        "spans": [],
        "said": [],
        "answer": None,
        "waiting": None,
        "remaining": [],
        "steps_source": None,
        "steps_entry": "",
        "checks": {},
        "edited": 0,
        "commits": [],
        "pull_requests": [],
        "background": {},
        "git": None,
        "shell_folder": "",
        "named_artifacts": {},
        "branches": [],
        "dead": [],
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
                tool_calls.result(work, entry, block)
            elif isinstance(text := block.get("text"), str):
                _typed(state, entry, text, phase_commands)


def _typed(state: State, entry: Entry, text: str, phase_commands: dict[str, Phase]) -> None:
    """A prompt or a slash command."""
    work = state["work_state"]
    if "<command-name>" in text and not entry.get("isMeta"):
        _command(work, text, phase_commands)
    elif is_human(entry, text):
        _remember_prompt(work, text)
        chosen = choices.decision(work["last_words"], text)
        work["asked"], work["last_words"] = sentences.question(work["last_words"]) or "", ""
        notes.note(work["decisions"], entry, [chosen] if chosen else sentences.decisions(text))
        if text.startswith(PLAN_PROMPT):
            tool_calls.approve(work, entry, text[len(PLAN_PROMPT) :].strip())
        phases.set_spec(work, text)
        notes.note(work["issues"], entry, sentences.issues(text))
        identifiers.hear(work, text[:SPOKEN_CHARS])
        person = state["user_context"]
        person["language"] = language.of(text) or person["language"]
        for said in sentences.preferences(text) if len(text) <= SPOKEN_CHARS else ():
            person["preferences"] = notes.wish(person["preferences"], said)


def _remember_prompt(work: WorkState, text: str) -> None:
    work["turn"] += 1
    if work["prompts"]:
        outcome = _outcome(work["last_words"], work["last_answer"] or "")
        work["outcomes"] = [*work["outcomes"], outcome][1 - PROMPTS_KEPT :]
    work["last_prompt"] = text[:PROMPT_CHARS]
    work["last_answer"] = None
    work["first_prompt"] = work["first_prompt"] or text[:PROMPT_CHARS]
    short = sentences.cut(text[:PROMPT_CHARS], SHORT_PROMPT_CHARS)
    work["prompts"] = [*work["prompts"], short][-PROMPTS_KEPT:]


def _outcome(words: str, answer: str) -> str:
    """What came of a prompt: the beginning of the last answer, without its announcements.

    `words` is the end of it, with its lines, which is all of a short one.
    """
    is_whole = 0 < len(words) < LAST_WORDS_CHARS
    found = sentences.sentences(words) if is_whole else sentences.split(answer.replace("**", ""))
    said = " ".join(one for one in found if not sentences.is_announcement(one))
    return sentences.cut(said or answer, OUTCOME_CHARS)


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
            work["last_words"] = text[-LAST_WORDS_CHARS:]
        notes.note(work["decisions"], entry, sentences.decisions(text))
        notes.note(work["issues"], entry, sentences.issues(text))
        identifiers.hear(work, text)
    elif kind == "tool_use" and isinstance(given := block.get("input"), dict):
        name = str(block.get("name"))
        work["last_words"] = ""
        work["running"][str(block.get("id"))] = [name, tool_calls.call(work, name, given)]
        step_spans.follow(work, entry)
        while len(work["running"]) > RUNNING_LIMIT:
            del work["running"][next(iter(work["running"]))]
        for value in tool_calls.texts(given) if name != "Read" else ():
            identifiers.count(work["names"], identifiers.names_in(value)[0], work["clock"])


def _between(text: str, opening: str, closing: str) -> str:
    start = text.find(opening)
    end = text.find(closing, start)
    return text[start + len(opening) : end] if 0 <= start < end else ""
