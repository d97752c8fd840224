"""One session, as `state.json` keeps it, and the small files beside it."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

from clearpoint.models.config import Persistence, Thresholds
from clearpoint.models.usage import Cursor, Recording, Stretch, Usage
from clearpoint.models.work import Phase, WorkState

Level = Literal["normal", "monitor", "warning", "critical", "emergency"]


class ContextWindow(TypedDict):
    """How large the window is and how full."""

    total: int
    room: int
    """What is left of it by the user's own settings for auto-compaction."""
    used: int
    """As the client has counted it."""
    available: int
    """Of the window, beyond what is in use."""
    position_percent: float
    """What is in use, of the room."""
    projected: int
    """What the next request will carry."""
    estimated: bool
    """Whether `projected` holds more than the client has counted."""
    implausible: int
    """A projection that cannot be true and was capped: nothing is done by it; 0 for none."""
    source: str
    """Where `total` is known from."""
    compaction_at: int | None
    """Tokens at which the client compacts by itself; None if it does not."""


class Budget(TypedDict):
    """What one wants a context to stay within, and how the session stands to it."""

    tokens: int
    """The budget; 0 before it is judged."""
    available: int
    """Of the budget, beyond what is in use."""
    level: Level
    thresholds: Thresholds
    growth_per_turn: int
    turns_left: int | None
    """Average turns until auto-compaction, or the end of the window without it."""
    suggestions: list[str]
    allocation: dict[str, dict[str, int]]


class UserContext(TypedDict):
    """The user."""

    language: str | None
    """Of the prompts, as a code of two letters."""
    user_name: str | None
    expertise: str | None
    """Such as `beginner`, or `expert in Python, new to React`; only ever set by hand."""
    preferences: list[str]
    """Sentences that say how the user wants things done."""
    hand_set: list[str]
    """The fields that were set by hand and stay as they are."""


class DisclosedFile(TypedDict):
    """A file of the project, by how much it matters for the work."""

    path: str
    """Within the project."""
    tier: int
    """1 always, 2 worked on, 3 related, 4 on demand."""
    reason: str
    tokens: int | None


class Lineage(TypedDict):
    """Which session this one continues."""

    parent_id: str | None
    reason: str
    """How it began: `startup`, `resume`, `clear`, `compact`, `fork`, or after a `crash`."""
    confidence: str
    """`exact`, `probable` or `unknown`."""
    evidence: str
    """What it is known from, in words."""


class Process(TypedDict):
    """What makes a client process itself, beside its number."""

    boot: str
    """This run of the machine, and the machine."""
    namespace: str
    """The process namespace: a container has its own."""
    pid: int
    started: str
    """When it started, in the system's own unit."""


class System(TypedDict):
    """The client and the place."""

    client_pid: int | None
    process: Process | None
    """The client process that was seen last; None if it cannot be told apart from others."""
    project: str | None
    """The checkout that the session works in: worktrees of a repository share a state folder."""
    checkouts: list[str]
    """The top folders of the checkouts that the work was done in, here and before, the newest
    last."""
    client_version: str | None
    transcript_path: str | None
    permission_mode: str | None
    cwd: str | None
    branch: str | None
    head: str | None
    """The beginning of the hash of the commit that was checked out."""
    attended: bool | None
    """Whether a user is there (not `claude -p`)."""
    answered: str | None
    """The newest response when a turn ended last."""
    heard: int
    """Lines of answers with text up to then."""
    is_missing: bool
    """Whether the transcript was found deleted, and that was said."""
    left_at: float | None
    """When a turn ended last, in seconds of the epoch."""
    awaiting: str
    """The mark of a reload context whose arrival is not yet seen."""
    reloaded_at: int
    """Responses when work was given back last."""
    reloaded_behind: int
    """Bytes of the transcript that the context given then stands behind."""
    client_file: list[int]
    """The client's own file as it was read last: time in ns, size, number, whether it compacts."""


class Breaks(TypedDict):
    """The newest natural breaks, each by what it came with."""

    commit: str
    """The call that committed or merged."""
    green: str
    """The call whose tests passed after a change."""
    topic: str
    """The prompt that began another topic."""
    changed: bool
    """Whether files were changed since tests passed last."""
    uncommitted: bool
    """Whether files were changed since the newest commit."""
    watched: dict[str, str]
    """Calls without a result yet, by what they would be."""


class AdviceState(TypedDict):
    """What has been said, so that it is said once."""

    level_said: Level
    level_told: Level
    fired: dict[str, str]
    """Trigger to its newest occurrence."""
    refused: list[str]
    """Triggers that were offered at this level and passed over."""
    offered_at: int
    """Tokens in use when something was said last; 0 when that is past."""
    messages: int
    """Messages said to the user so far."""
    begins: int
    """What the first request carried beside the prompt: the least that a clear leaves."""
    breaks: Breaks
    cleared: bool
    """Whether the session began by a clear, or with another one's work."""
    spoken_at: int
    """The number of prompts when something was said last."""
    warned_at: int
    """Tokens in use when the warning was said; 0 once it was heeded or said again in earnest."""
    allowed: bool
    """Whether the user lets prompts through at emergency, until use has fallen."""
    snoozed: bool
    """Whether advice is put off for this session."""
    snoozed_to: int
    """Tokens up to which advice is put off; 0 if it is not."""
    cold_at: int
    """When the user had left before the return that was told last, in seconds of the epoch."""


class DietTrial(TypedDict):
    """A diet whose effect is not measured yet."""

    at: str
    model: str
    """Whose first request was measured before it."""
    attended: bool
    tokens: int
    """What every session began with."""


class Notices(TypedDict):
    """What was told or put off for the whole project."""

    snoozed_until: float
    """When advice is heard again, in seconds of the epoch."""
    named: list[str]
    """What is named once in a project and was."""
    diet: DietTrial | None


class State(TypedDict):
    """One session, as `state.json` keeps it."""

    schema_version: int
    session_id: str
    model: str | None
    created_at: str
    last_updated: str
    ended: str | None
    """Why it ended, as the client says; None while it goes on, or after a crash."""
    context_window: ContextWindow
    budget: Budget
    persistence: Persistence
    work_state: WorkState
    user_context: UserContext
    lineage: Lineage
    system: System
    advice: AdviceState
    usage: Usage
    transcript: Cursor | None
    origin: str | None
    """The machine that a pulled session ran on; None for one of this machine."""
    archived: int
    """Bytes of the transcript that the archives cover."""
    recording: Recording | None
    """What is recorded of the next archive."""
    backlog: int
    """Up to where the transcript was skipped to reach its newest lines, in bytes; 0 once all of it
    was read."""
    to_count: list[Stretch]
    """What was skipped and is not counted yet; empty but for very long transcripts."""
    archives: list[str]
    """The archive files, relative to the state folder."""
    disclosure: list[DisclosedFile]
    """The project's files by tier, as they were when work was last given back."""


class StatusFacts(TypedDict):
    """What the status line reads instead of the state."""

    session_id: str
    projected: int
    estimated: bool
    total: int
    compaction_at: int | None
    growth: int
    spec: str | None
    phase: Phase
    pull_request: int
    """The number of the open one that was seen last; 0 for none."""


class Tag(TypedDict):
    """What a tag stands for: a text, or a file by its path within the project."""

    text: str | None
    path: str | None
