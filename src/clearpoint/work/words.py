"""The user's words as part of the work: what each kind of them does. Pure. Fast lane.

A prompt begins a turn, and so does a slash command with arguments. Words typed while Claude works,
reasons for refusing a call and answers to questions belong to the turn that goes on.
"""

from __future__ import annotations

from clearpoint.client.vocabulary import SHELL_PREFIX
from clearpoint.text import decisions, identifiers, issues, language, preferences, sentences
from clearpoint.work import (
    agents,
    branches,
    compaction,
    current_task,
    handover,
    notes,
    outcomes,
    phases,
    promises,
    tool_calls,
)
from clearpoint.work.outcomes import PLAN_PROMPT, SAID_CHARS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.state import State
    from clearpoint.models.words import Manner
    from clearpoint.models.work import Phase, WorkState
    from clearpoint.transcript.entry import Entry

PROMPT_CHARS = 2_000
PROMPTS_KEPT = 6
SHORT_PROMPT_CHARS = 300
SPOKEN_CHARS = 1_500
"""What a prompt holds beyond this was pasted; a longer one tells no preferences."""
SAID_KEPT = 40
SAME_WORDS = 6
"""Words that came twice, from a queue and from its end, stand this near together."""
BUILT_IN = frozenset((
    "/clear", "/exit", "/quit", "/model", "/config", "/help", "/status", "/login", "/logout",
    "/ide",
    "/mcp", "/permissions", "/resume", "/context", "/cost", "/doctor", "/hooks", "/memory",
    "/theme",
    "/vim", "/export", "/rewind", "/fast", "/effort", "/agents", "/plugin", "/plugins", "/usage",
    "/terminal-setup", "/add-dir", "/bashes", "/tasks", "/statusline", "/output-style", "/rename",
    "/branch", "/fork", "/continue", "/reload-plugins", "/release-notes", "/upgrade", "/todos",
))  # fmt: skip
"""Commands that the client carries out itself: nothing is asked of Claude."""


def take(
    state: State, entry: Entry, spoken: tuple[Manner, str, str], phase_commands: dict[str, Phase]
) -> None:
    """Take in words of the user: how they were said, the words, and what they are about."""
    work = state["work_state"]
    how, text, about = spoken
    has_chosen, is_reply = how == "answer", bool(work["waiting"])
    if how == "prompt":
        branches.follow(work, entry)
        has_chosen = _prompt(work, entry, text) or text.startswith(PLAN_PROMPT)
    elif how == "command":
        if not _command(work, entry, (about, text), phase_commands):
            return
    elif (how == "while working" and _is_known(work, text)) or (how == "compaction" and not text):
        return
    if text or about:
        _keep_words(work, entry, text, how, about)
        if how in ("prompt", "command"):
            current_task.follow(work, work["said"][-1], is_reply=is_reply)
    if how == "answer":
        from clearpoint.text import choices

        notes.note(work, "decisions", entry, choices.answered(about, text), is_answer=True)
    if about != SHELL_PREFIX and how != "compaction":
        _hear(state, entry, text, decides=not has_chosen)


def _prompt(work: WorkState, entry: Entry, text: str) -> bool:
    """A prompt begins a turn; it may decide what was asked: tell whether it does."""
    answer = work["answer"]
    chosen, asked = None, ""
    if answer and work["last_words"]:
        from clearpoint.text import choices

        chosen = choices.decision(answer["text"], text)
        asked = sentences.question(answer["text"]) or ""
    _remember_prompt(work, text)
    work["asked"], work["last_words"] = asked, ""
    if chosen and answer:
        said, concerning = chosen
        source = (concerning, answer["entry"] or "") if concerning else None
        notes.note(work, "decisions", entry, [said], source, is_answer=bool(concerning))
    if text.startswith(PLAN_PROMPT):
        tool_calls.approve(work, entry, text[len(PLAN_PROMPT) :].strip())
    return chosen is not None


def _hear(state: State, entry: Entry, text: str, *, decides: bool) -> None:
    """What any words of the user may say: decisions, issues, preferences, names."""
    work, person = state["work_state"], state["user_context"]
    if decides:
        notes.note(work, "decisions", entry, decisions.made(text))
    phases.set_spec(work, text)
    notes.note(work, "issues", entry, issues.named(text))
    identifiers.hear(work, text[:SPOKEN_CHARS])
    if "language" not in person["hand_set"]:
        person["language"] = language.of(text) or person["language"]
    for said in preferences.stated(text) if len(text) <= SPOKEN_CHARS else ():
        person["preferences"] = notes.wish(person["preferences"], said)


def _remember_prompt(work: WorkState, text: str) -> None:
    """A turn begins; a prompt that was interrupted and is typed again goes on with its turn."""
    is_again = work["interrupted"] and (work["last_prompt"] or "") == text[:PROMPT_CHARS]
    work["interrupted"] = False
    work["waiting"], work["remaining"], work["recent_calls"] = None, [], []
    if is_again:
        was = work["said"].pop() if work["said"] else None
        if was and was["entry"] == work["task_entry"]:
            work["task_entry"] = ""  # it is typed once more
        return
    work["turn"] += 1
    if work["unread"]:
        work["unread"]["is_end"] = False
    agents.drop_calls(work)
    promises.go_on(work)
    if not compaction.is_current(work):
        work["summary"] = None
    outcomes.conclude(work)
    outcomes.set_aside(work)
    work["last_prompt"] = text[:PROMPT_CHARS]
    work["last_answer"] = work["answer"] = None
    work["first_prompt"] = work["first_prompt"] or text[:PROMPT_CHARS]
    short = sentences.cut(text[:PROMPT_CHARS], SHORT_PROMPT_CHARS)
    work["prompts"] = [*work["prompts"], short][-PROMPTS_KEPT:]


def _keep_words(work: WorkState, entry: Entry, text: str, how: Manner, about: str) -> None:
    """Keep words of the user; a prompt that stood in a queue before is the prompt alone."""
    kept = work["said"]
    if how == "prompt":
        near = kept[-SAME_WORDS:]
        again = [
            one
            for one in near
            if one["how"] == "while working" and one["text"] == text[:SAID_CHARS]
        ]
        kept = [one for one in kept if not any(one is other for other in again)]
    said = text if len(text) <= SAID_CHARS else text[: SAID_CHARS - 1] + "…"
    task = [one for one in kept[: 1 - SAID_KEPT] if one["entry"] == work["task_entry"]]
    work["said"] = [
        *task,
        *kept[1 + len(task) - SAID_KEPT :],
        {
            "text": said or about,
            "how": how,
            "about": " ".join(about.split())[: sentences.SENTENCE_CHARS],
            "entry": entry.get("uuid"),
            "turn": work["turn"],
        },
    ]


def _is_known(work: WorkState, text: str) -> bool:
    """Whether these words are there already: older clients write them twice."""
    return any(one["text"] == text[:SAID_CHARS] for one in work["said"][-SAME_WORDS:])


def take_back(work: WorkState, entry: Entry) -> None:
    """The user took what was queued back into the input box."""
    text = str(entry.get("content") or "")
    work["said"] = [
        one for one in work["said"] if one["how"] != "while working" or one["text"] not in text
    ]


def _command(
    work: WorkState, entry: Entry, command: tuple[str, str], phase_commands: dict[str, Phase]
) -> bool:
    """A slash command: with arguments it is a task like a prompt; tell whether it says anything."""
    name, arguments = command
    if phase := phase_commands.get(name) or phases.phase_of(name):
        phases.set_phase(work, phase)
        phases.set_spec(work, arguments)
    if name == handover.COMMAND:
        handover.ask(work, work["turn"], wanted=True)
    if name in BUILT_IN or name.startswith(handover.OURS):
        return False
    if name != SHELL_PREFIX and arguments:
        branches.follow(work, entry)
        _remember_prompt(work, f"{name} {arguments}")
        work["asked"], work["last_words"] = "", ""
    elif name != SHELL_PREFIX:  # what comes now is the command's answer, and not the prompt's
        outcomes.conclude(work)
        outcomes.set_aside(work)
        work["last_words"], work["last_answer"] = "", None
    return bool(arguments) or name != SHELL_PREFIX
