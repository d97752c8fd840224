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
StatusPiece = Literal[
    "bar", "tokens", "projected", "level", "turns_left", "spec", "phase", "cache", "branch"
]
HandoffPolicy = Literal["allow", "warn", "ask", "deny"]
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
    """Lines up to there."""
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
    """The newest response, to which several lines may belong."""
    model: str | None
    """With its `[1m]` where the client asked for that."""
    used: int
    """All four counts of the newest response on the main chain."""
    input: int
    """The input side of it alone."""
    output: int
    at: str | None
    """When that was."""
    requests: int
    prompts: int
    since_boundary: int
    """Responses since the last compaction; 0 right after one."""
    boundary_tokens: int | None
    """What the client says that the last compaction left."""
    compactions: int
    compacted_at: int
    """Tokens in use when the client last compacted by itself; 0 if it never did."""
    overhead: int
    """System prompt and tools: what the first request carried beside the messages."""
    peak: int
    pending: Pending
    learner: Learner
    anchors: list[list[Any]]
    """Recent `[parent uuid of a prompt, used, input]`, to find the way back after a rewind."""
    turn_start: int
    """Tokens in use when the turn at hand began."""
    growth: list[int]
    """Growth of the newest turns, in tokens."""
    client_version: str | None
    interrupted: bool
    """Whether the person broke the newest turn off."""
    cache_seconds: int
    """How long the prompt cache keeps what was newly written to it; 0 until that is seen."""


class ContextWindow(TypedDict):
    """How large the window is and how full."""

    total: int
    used: int
    """As the client has counted it."""
    available: int
    """Of the window, beyond what is in use."""
    position_percent: float
    """What is in use, of the window."""
    projected: int
    """What the next request will carry."""
    estimated: bool
    """Whether `projected` holds more than the client has counted."""
    source: str
    """Where `total` is known from."""
    compaction_at: int | None
    """Tokens at which the client compacts by itself; None where it does not."""


class Thresholds(TypedDict):
    """Percent of the window at which each level begins."""

    monitor: float
    """Finish the step at hand."""
    warning: float
    """Clear at the next natural break."""
    critical: float
    """Clear now; it begins a typical turn before auto-compaction, if that is earlier."""
    emergency: float
    """The next prompt may not fit."""


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
    """Give the work back at session start at all."""
    context_preservation: Literal["everything", "full", "balanced", "critical_only", "none"]
    """How much of it: `everything` brings more names and more of the plan, `full` and `balanced`
    what serves best per token, `critical_only` spec, steps, decisions, issues and files.
    """
    cache_enabled: bool
    """Keep what was learned about token sizes for the project's next sessions."""


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
    transcripts: NotRequired[str]
    """The folder of its own transcript, once the session that started it is another one."""


class StepSpan(TypedDict):
    """The work on one step, while it was at hand."""

    step: str
    begun: str
    """The uuid of the transcript entry that took it up."""
    ended: str | None
    """The same of the one that left it; None while it is at hand."""
    pointer: NotRequired[str]
    """File and line of the archived original, below the state folder."""
    gist: NotRequired[str]
    """What was said in the course of it, where that was long."""


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
    """Tool calls without a result yet: id to name and argument."""
    touches: int
    """Reads and edits so far."""
    hand_set: list[str]
    """Fields that were set by hand, which the transcript does not change."""
    clock: int
    """Entries taken in: the time that names are weighed by."""
    turn: int
    """Prompts that the person typed."""
    prompts: list[str]
    """The newest prompts, shortened, the newest last."""
    outcomes: list[str]
    """The last answers to those prompts but the newest, shortened."""
    last_words: str
    """The end of the last answer, where nothing was called after it: it may ask something."""
    asked: str
    """What Claude had asked when the last prompt was typed; empty where it had asked nothing."""
    approved: bool
    """Whether the plan was approved."""
    planned: int
    """The turn of the plan."""
    stepped: int
    """The turn in which the steps were last changed."""
    spans: list[StepSpan]
    """The work on the newest steps, the newest last."""
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


class DisclosedFile(TypedDict):
    """A file of the project, by how much it matters for the work."""

    path: str
    """Within the project."""
    tier: int
    """1 always, 2 worked on, 3 related, 4 on demand."""
    reason: str
    tokens: int | None


class UserContext(TypedDict):
    """The person."""

    language: str | None
    """Of the prompts, as a code of two letters."""
    preferences: list[str]
    """Sentences that say how the person wants it."""


class Lineage(TypedDict):
    """Which session this one continues."""

    parent_id: str | None
    reason: str
    """How it began: `startup`, `resume`, `clear`, `compact`, `fork`, or after a `crash`."""
    confidence: str
    """`exact`, `high`, `low` or `none`."""
    evidence: str
    """What it is known from, in words."""


class System(TypedDict):
    """The client and the place."""

    client_pid: int | None
    client_version: str | None
    transcript_path: str | None
    permission_mode: str | None
    cwd: str | None
    branch: str | None
    head: str | None
    """The beginning of the hash of the commit that was checked out."""
    attended: bool | None
    """Whether a person is there (not `claude -p`)."""
    answered: str | None
    """The newest response when a turn ended last."""
    left_at: float | None
    """When a turn ended last, in seconds of the epoch."""
    awaiting: str
    """The mark of a reload context whose arrival is not yet seen."""
    reloaded_at: int
    """Responses when work was given back last."""
    reloaded_behind: int
    """Bytes of the transcript that the context given then stands behind."""


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
    cleared: bool
    """Whether the session began by a clear, or with another one's work."""
    spoken_at: int
    """The number of prompts when something was said last."""
    warned_at: int
    """Tokens in use when the warning was said; 0 once it was heeded or said again in earnest."""
    allowed: bool
    """Whether the person lets prompts through at emergency, until use has fallen."""


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
    archived: int
    """Bytes of the transcript that the archives cover."""
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


class BudgetConfig(TypedDict):
    """`[budget]`."""

    window: int
    """Size of the context window in tokens; 0: find it out."""
    large_window: int
    """From this size on the large thresholds apply."""
    thresholds: Thresholds
    """Percent of the window at which each level begins."""
    large_thresholds: Thresholds
    """The same, for large windows."""
    allocation: dict[str, dict[str, int]]
    """Tokens of a 200,000 window that each part is given, scaled to the real one."""


class AdviceConfig(TypedDict):
    """`[advice]`."""

    language: str
    """Of the messages; empty: that of the prompts."""
    enforce: bool
    """At emergency, hold prompts back and offer them after a clear."""
    level: bool
    """Say when a level is newly reached."""
    passed_over: bool
    """Say once more when a warning was passed over."""
    steps_done: bool
    """Offer a clear when all steps are done."""
    commit_made: bool
    """Offer a clear when a commit or a merge was made."""
    tests_green: bool
    """Offer a clear when tests pass after a change."""
    phase_transition: bool
    """Offer a clear when the work enters a new stage."""
    spec_created: bool
    """Offer a clear when a specification has been written."""
    model_switch: bool
    """Offer a clear when the model was changed."""
    topic_change: bool
    """Offer a clear when a prompt shares no name with the work at hand."""
    message_count: bool
    """Offer a clear when there were many prompts in one conversation."""
    messages: int
    """How many prompts of the person that is."""
    between_tasks: bool
    """Offer a clear at the end of any turn with no step open and no check failing."""
    frees_percent: float
    """A clear is offered only where it frees this share of the use."""
    frees_tokens: int
    """And as many tokens."""
    rearm_points: float
    """Points that use must fall before a level is said again, and rise between two messages."""


class ReloadConfig(TypedDict):
    """`[reload]`."""

    max_tokens: int
    """The most that a reload context may take."""
    files: int
    """The most files that it names."""
    after_crash_hours: float
    """How old a crashed session may be to be carried over, and one with open steps to be named."""
    stale_hours: float
    """From this age on, work that is given back says how old it is."""


class TagsConfig(TypedDict):
    """`[tags]`."""

    max_tokens: int
    """The most that the tags of one prompt bring in; beyond it, a pointer."""


class WorkConfig(TypedDict):
    """`[work]`."""

    phase_commands: dict[str, Phase]
    """Slash commands that begin a phase."""


class HandoffsConfig(TypedDict):
    """`[handoffs]`."""

    subagents: bool
    """Whether the subagents that Claude starts get a package."""
    matrix: dict[str, list[str]]
    """Which agents each may hand over to."""
    policies: dict[str, HandoffPolicy]
    """By pair, `giver -> taker`; it goes before the matrix."""
    outside: HandoffPolicy
    """What is done about pairs outside the matrix."""
    unknown_agents: bool
    """Whether agents that the matrix does not name may hand over to anyone."""
    min_tokens: int
    """With fewer available, packages are compressed to the same share of them."""
    max_tokens: int
    """The most that the minimal context of a package takes."""


class HygieneConfig(TypedDict):
    """`[hygiene]`."""

    note: bool
    """Say at the start of a session, in one line, what takes up context without need."""
    sessions: int
    """How many of the newest sessions are looked at for that."""
    memory_lines: int
    """Lines of a memory file, with its imports, above which it is named."""
    listing_tokens: int
    """Tokens of skill, command and agent descriptions above which they are named."""


class RetentionConfig(TypedDict):
    """`[retention]`."""

    days: int
    """`clearpoint gc` removes what was not written for so long; 0: however old, it stays."""
    megabytes: int
    """And then the oldest, until the state folder is this small; 0: whatever its size."""


class StatuslineConfig(TypedDict):
    """`[statusline]`."""

    colour: bool
    """Colour the bar and the level, where NO_COLOR is not set."""
    bar_cells: int
    """Width of the bar."""
    pieces: list[StatusPiece]
    """What the line shows, in this order; what does not fit the terminal is left out."""
    wait_seconds: float
    """The longest wait for another status-line command that ours is set beside."""


class Config(TypedDict):
    """All settings, in the order of the documented file."""

    budget: BudgetConfig
    advice: AdviceConfig
    reload: ReloadConfig
    tags: TagsConfig
    persistence: Persistence
    work: WorkConfig
    statusline: StatuslineConfig
    handoffs: HandoffsConfig
    hygiene: HygieneConfig
    retention: RetentionConfig
    messages: dict[str, dict[str, str]]
    """`[messages.LANGUAGE]`: the person's own wording, by the names of `advice.catalogue`."""
