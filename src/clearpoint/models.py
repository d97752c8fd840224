"""The shapes of everything that is kept: typed dictionaries, the same in memory and on disk.

The fast lane handles them as the plain JSON that they are and never imports this module; type
checkers and the full lane do. There, pydantic validates whatever is not known to be ours.
Times are UTC, ISO 8601, to the second. Sizes are tokens unless a name says otherwise.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

SCHEMA_VERSION = 1

Level = Literal["normal", "monitor", "warning", "critical", "emergency"]
Phase = Literal[
    "initialization",
    "planning",
    "implementation",
    "testing",
    "documentation",
    "review",
    "completed",
]


class Cursor(TypedDict):
    """How far a transcript has been read."""

    path: str
    offset: int
    """Bytes up to the end of the last complete line."""
    line: int
    mark: str
    """A checksum of the first and the last bytes up to the offset: another file has another."""
    skipped: dict[str, int]
    """Lines that were passed over, by kind."""


class Fit(TypedDict):
    """What was learned about how one model counts (see `calibration`)."""

    n: int
    """Requests seen."""
    stale: int
    """Requests since the weights were solved for."""
    matrix: list[float]
    """Lower triangle of the normal matrix, row by row."""
    moment: list[float]
    weights: list[float]


Learner = dict[str, Fit]
"""By model, a few at most."""


class Pending(TypedDict):
    """What was written since the newest request began, as sums of features (see `tokens`)."""

    own: list[float]
    """The newest response's content."""
    since: list[float]
    """Everything else."""
    output: int
    """The client's count of the response."""
    final: bool
    """Whether the client says that the response ended, so that its count is whole."""
    thoughts: float
    """Size of this turn's thinking, which some models leave out once the turn is over."""
    left: int
    """Tokens that a compaction says it left of the conversation."""
    restored: int
    """Tokens that a compaction adds without writing them."""
    files: dict[str, int]
    """Files read or written last, with their size: a compaction may read them again."""
    renders: bool
    """Whether this client writes attachments as the model sees them."""
    model: str | None
    """The model that was chosen for the next request, where the transcript names it."""


class Usage(TypedDict):
    """The exact size of the context, as a fold over entries."""

    message_id: str | None
    model: str | None
    """With its `[1m]` where the client asked for that."""
    used: int
    """All four counts of the newest response on the main chain."""
    input: int
    """The input side of it alone."""
    output: int
    at: str | None
    requests: int
    prompts: int
    since_boundary: int
    """Responses since the last compaction; 0 right after one."""
    boundary_tokens: int | None
    compactions: int
    overhead: int
    """System prompt and tools: what the first request carried beside the messages."""
    peak: int
    pending: Pending
    learner: Learner
    anchors: list[list[Any]]
    """Recent `[parent uuid of a prompt, used, input]`, to find the way back after a rewind."""
    turn_start: int
    growth: list[int]
    """Growth of the newest turns, in tokens."""
    client_version: str | None
    interrupted: bool


class ContextWindow(TypedDict):
    """How large the window is and how full."""

    total: int
    used: int
    available: int
    position_percent: float
    projected: int
    estimated: bool
    """Whether `projected` holds more than the client has counted."""
    source: str
    """Where `total` is known from."""
    compaction_at: int | None
    """Tokens at which the client compacts by itself; None where it does not."""


class Thresholds(TypedDict):
    """Percent of the window at which each level begins."""

    monitor: float
    warning: float
    critical: float
    emergency: float


class Budget(TypedDict):
    """The judgement on the window."""

    level: Level
    thresholds: Thresholds
    growth_per_turn: int
    turns_left: int | None
    """Average turns until auto-compaction, or the end of the window without it."""
    suggestions: list[str]
    allocation: dict[str, dict[str, int]]


class Persistence(TypedDict):
    """What is kept and given back."""

    auto_load_history: bool
    context_preservation: Literal["everything", "full", "balanced", "critical_only", "none"]
    """`full` and `balanced` are the same: what serves best per token."""
    cache_enabled: bool


class Noted(TypedDict):
    """A decision, an issue or a note, with where it was said."""

    text: str
    at: str | None
    entry: str | None
    """The uuid of the transcript entry."""
    pointer: NotRequired[str]
    """File and line of the archived original, below the state folder."""


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
    defined: NotRequired[list[str]]
    """What the newest changes define: functions, types, the newest last."""


class Agent(TypedDict):
    """One agent that was started."""

    kind: str
    task: str
    turn: int
    """The turn in which it was started or last answered."""


class WorkState(TypedDict):
    """Where the work stands."""

    current_spec: str | None
    phase: Phase
    completed_steps: list[str]
    current_step: str | None
    pending_steps: list[str]
    next_step: str | None
    artifacts: list[str]
    decisions: list[Noted]
    issues: list[Noted]
    notes: list[Noted]
    files: dict[str, FileTouch]
    tasks: dict[str, list[str]]
    """Tasks by id: subject and status."""
    plan: str | None
    first_prompt: str | None
    last_prompt: str | None
    last_answer: str | None
    failing: dict[str, str]
    """Commands that failed and have not passed since, by command, with the entry."""
    running: dict[str, list[str]]
    """Tool calls without a result yet: id to name and argument."""
    touches: int
    hand_set: list[str]
    clock: int
    """Entries taken in: the time that names are weighed by."""
    turn: int
    """Prompts that the person typed."""
    prompts: list[str]
    """The newest prompts, shortened, the newest last."""
    last_words: str
    """The end of the last answer, where nothing was called after it: it may ask something."""
    approved: bool
    """Whether the plan was approved."""
    planned: int
    """The turn of the plan."""
    names: Weights
    """Identifiers in play."""
    mentions: Weights
    """File names that were spoken of."""
    servers: dict[str, int]
    """MCP servers in use, with the turn of the newest call."""
    agents: dict[str, Agent]
    """Agents in use, by their id."""


class Tag(TypedDict):
    """What a tag stands for: a text, or a file by its path within the project."""

    text: str | None
    path: str | None


class UserContext(TypedDict):
    """The person."""

    language: str | None
    preferences: list[str]


class Lineage(TypedDict):
    """Which session this one continues."""

    parent_id: str | None
    reason: str
    confidence: str
    evidence: str


class System(TypedDict):
    """The client and the place."""

    client_pid: int | None
    client_version: str | None
    transcript_path: str | None
    permission_mode: str | None
    cwd: str | None
    branch: str | None
    attended: bool | None
    answered: str | None
    """The newest response when a turn ended last."""


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
    """Messages said to the person so far."""
    begins: int
    """What the first request carried beside the prompt: the least that a clear leaves."""
    breaks: Breaks


class State(TypedDict):
    """One session, as `state.json` keeps it."""

    schema_version: int
    session_id: str
    model: str | None
    created_at: str
    last_updated: str
    ended: str | None
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
    archived: int
    """Bytes of the transcript that the archives cover."""
    archives: list[str]
    """The archive files, relative to the state folder."""


class StatusFacts(TypedDict):
    """What the status line shows beside the client's own figures."""

    total: int
    compaction_at: int | None
    growth: int
    estimated: bool
    spec: str | None
    phase: Phase


class Verdict(TypedDict):
    """What `UserPromptSubmit` reads instead of the state."""

    session_id: str
    level: Level
    projected: int
    next_level_at: int | None
    size: int
    """Bytes of the transcript up to the cursor."""
    note: str
    """A line for Claude, not yet said."""
    awaiting: str
    """The mark of a reload context whose arrival is not yet seen."""
    line: StatusFacts


class BudgetConfig(TypedDict):
    """`[budget]`."""

    window: int
    large_window: int
    thresholds: Thresholds
    large_thresholds: Thresholds
    allocation: dict[str, dict[str, int]]


class AdviceConfig(TypedDict):
    """`[advice]`."""

    level: bool
    steps_done: bool
    commit_made: bool
    tests_green: bool
    phase_transition: bool
    spec_created: bool
    model_switch: bool
    topic_change: bool
    message_count: bool
    messages: int
    between_tasks: bool
    frees_percent: float
    frees_tokens: int
    rearm_points: float


class ReloadConfig(TypedDict):
    """`[reload]`."""

    max_tokens: int
    files: int
    after_crash_hours: float


class WorkConfig(TypedDict):
    """`[work]`."""

    phase_commands: dict[str, Phase]


class StatuslineConfig(TypedDict):
    """`[statusline]`."""

    colour: bool
    bar_cells: int


class Config(TypedDict):
    """All settings, in the order of the documented file."""

    budget: BudgetConfig
    advice: AdviceConfig
    reload: ReloadConfig
    persistence: Persistence
    work: WorkConfig
    statusline: StatuslineConfig
