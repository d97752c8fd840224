"""Where the work stands, and what it is made of."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

from clearpoint.models.outcomes import (
    Background,
    Check,
    Commit,
    FailedCommand,
    Filed,
    GitStatus,
    PullRequest,
)
from clearpoint.models.words import Answer, CompactSummary, Handover, Noted, Question, Utterance

Phase = Literal[
    "initialization",
    "planning",
    "implementation",
    "testing",
    "documentation",
    "review",
    "completed",
]


StepSource = Literal["todo", "plan", "answer", "file", "hand"]
"""Where steps are known from: a to-do tool, the approved plan, a list in an answer of Claude's,
the checkboxes of a file of the specification, or the user's own commands."""


Weights = dict[str, list[float]]
"""Names in play: what each weighed when it was last met, and the entry number of that."""


class FileTouch(TypedDict):
    """One file in play."""

    reads: int
    edits: int
    turn: int
    """The turn of the newest touch."""
    order: int
    added: NotRequired[int]
    """Lines that edits added in all."""
    removed: NotRequired[int]
    created: NotRequired[bool]
    deleted: NotRequired[bool]
    defined: NotRequired[list[str]]
    """What the newest changes define: functions, types, the newest last."""


class Agent(TypedDict):
    """One agent that was started."""

    kind: str
    task: str
    turn: int
    """The turn in which it was started or last answered."""
    transcripts: NotRequired[str]
    """The folder of its own transcript, once the session that started it is another one."""
    is_running: NotRequired[bool]
    """Whether its end is not known: it was called, or put into the background."""


class StepSpan(TypedDict):
    """The work on one step, while it was the current one."""

    step: str
    begun: str
    """The uuid of the transcript entry that took it up."""
    ended: str | None
    """The same of the one that left it; None while it is the current one."""
    pointer: NotRequired[str]
    """File and line of the archived original, below the state folder."""
    gist: NotRequired[str]
    """What was said in the course of it, where that was long."""


class Unread(TypedDict):
    """A session whose work was taken over before all of it was read."""

    session: str
    transcript: str
    """Where its conversation stands; empty if that is not known."""
    is_end: bool
    """Whether the newest part is missing, and not an older one; no longer, once there is a newer
    prompt."""
    turn: int
    """The turn as far as it was known."""


class WorkState(TypedDict):
    """Where the work stands."""

    current_spec: str | None
    phase: Phase
    completed_steps: list[str]
    current_step: str | None
    pending_steps: list[str]
    next_step: str | None
    artifacts: list[str]
    """Files that were written or changed."""
    decisions: list[Noted]
    issues: list[Noted]
    notes: list[Noted]
    files: dict[str, FileTouch]
    tasks: dict[str, list[str]]
    """Tasks by id: subject and status."""
    plan: str | None
    """The newest plan, of plan mode."""
    first_prompt: str | None
    last_prompt: str | None
    last_answer: str | None
    failing: dict[str, str]
    """Commands that failed and have not passed since, by command, with the entry."""
    running: dict[str, list[str]]
    """Tool calls without a result yet: id to name and what is to be known when it comes."""
    touches: int
    """Reads and edits so far."""
    hand_set: list[str]
    """Fields that were set by hand, which the transcript does not change."""
    clock: int
    """Entries taken in: the time that names are weighed by."""
    turn: int
    """Prompts that the user typed."""
    prompts: list[str]
    """The newest prompts, shortened, the newest last."""
    last_words: str
    """The end of the last answer, where nothing was called after it: it may ask something."""
    asked: str
    """What Claude had asked when the last prompt was typed; empty if it had asked nothing."""
    approved: bool
    """Whether the plan was approved."""
    planned: int
    """The turn of the plan."""
    stepped: int
    """The turn in which the steps were last changed."""
    spans: list[StepSpan]
    """The work on the newest steps, the newest last."""
    said: list[Utterance]
    """Words of the user on the live branch, the newest last."""
    task_entry: str
    """The uuid of the words that are the task; empty if none are."""
    task_done: bool
    """Whether a commit has ended the task."""
    commanded: bool
    """Whether the work that a slash command began still runs."""
    answer: Answer | None
    """The last answer, whole: the text blocks since the last prompt or call."""
    waiting: Question | None
    """What Claude waits for the user to answer; None if it waits for nothing."""
    remaining: list[str]
    """What the last answer lists as still to be done."""
    steps_source: StepSource | None
    """Where the steps are known from; None if nothing is known of steps."""
    steps_entry: str
    """The uuid of the entry, or the path of the file, that the steps are from."""
    steps_old: bool
    """Whether an answer that is newer than the list says that some of its open steps are done."""
    promised: list[str]
    """What Claude said it will do once something is done; gone when it goes on with its work."""
    checks: dict[str, Check]
    """The newest outcome of each check, by command, the newest last."""
    edited: int
    """Touches when a file was changed last."""
    commits: list[Commit]
    filed: list[Filed]
    """Issues and comments that Claude has filed, the newest last."""
    pull_requests: list[PullRequest]
    background: dict[str, Background]
    """Commands that run in the background, by the id that the client gave."""
    git: GitStatus | None
    base: str
    """The folder that the session began in."""
    checkouts: list[str]
    """Worktrees of the project that the work has added."""
    shell_folder: dict[str, str]
    """Where a `cd` has left the shell, by the folder that the client says it is in."""
    named_artifacts: dict[str, str]
    """Artifacts that were set by hand: name to path."""
    hand_steps: dict[str, str]
    """Steps that were set by hand: text to status, `removed` for one that is to be left out."""
    hand_removed: list[str]
    """Texts of decisions and issues that were taken away by hand, and are not noted again."""
    listed: list[str]
    """The steps that Claude numbered last, if it has not begun to count them off."""
    itemized: Answer | None
    """The labelled items of the newest earlier answer that has such."""
    failed_command: FailedCommand | None
    """The newest shell line, where it failed."""
    recent_calls: list[list[str]]
    """Claude's newest calls since the last prompt, the newest last: `read`, `edited` or `ran`;
    the path or command; the lines that were read, or `failed`."""
    interrupted: bool
    """Whether the last turn was interrupted."""
    handover: Handover | None
    """The newest handover note of Claude's."""
    handover_turn: int
    """The turn whose answer shall end with one; -1 where none was asked for."""
    handover_wanted: bool
    """Whether the user asked for it, and not a setting."""
    unread: Unread | None
    """The session before, where it was not read whole yet."""
    summary: CompactSummary | None
    """What the newest compaction's summary says of the work that is left."""
    branches: list[list[str]]
    """Prompts that others can hang beside after a rewind: parent and own uuid."""
    dead: list[list[str]]
    """Rewound stretches of the transcript: the uuid of their first prompt and of the prompt that
    goes on in their place."""
    dead_until: str
    """Within such a stretch, the uuid of the prompt that ends it; otherwise empty."""
    names: Weights
    """Identifiers in play."""
    mentions: Weights
    """File names that were spoken of."""
    servers: dict[str, int]
    """MCP servers in use, with the turn of the newest call."""
    agents: dict[str, Agent]
    """Agents in use, by their id; by that of the call while it has no result."""
