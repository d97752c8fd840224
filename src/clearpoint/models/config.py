"""The settings: what the documented file says of a key is the docstring here."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

from clearpoint.models.work import Phase

StatusPiece = Literal[
    "bar",
    "tokens",
    "projected",
    "level",
    "turns_left",
    "five_hour",
    "week",
    "agents",
    "spec",
    "phase",
    "cache",
    "branch",
    "pull_request",
    "cost",
    "model",
]
StatusPreset = Literal["minimal", "default", "full"]
ColourName = Literal[
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright_black",
    "bright_red",
    "bright_green",
    "bright_yellow",
    "bright_blue",
    "bright_magenta",
    "bright_cyan",
    "bright_white",
]
Colour = ColourName | int
LevelName = Literal["normal", "monitor", "warning", "critical", "emergency"]
HandoffPolicy = Literal["allow", "warn", "refuse", "ask", "deny"]


class Thresholds(TypedDict):
    """Percent of the budget at which each level begins."""

    monitor: float
    """Finish the current step."""
    warning: float
    """Clear at the next natural break."""
    critical: float
    """Clear now; it begins a typical turn before auto-compaction, if that is earlier."""
    emergency: float
    """Nearly all of the budget is in use."""


class BudgetConfig(TypedDict):
    """`[budget]`."""

    window: int
    """Size of the context window in tokens; 0: find it out."""
    tokens: int | Literal["window"]
    """Tokens that you want a context to stay within; never more than the window. Levels, advice and
    allocation follow it. "window" is the whole window, for long contexts."""
    large_window: int
    """From this size of the budget on, the large thresholds apply."""
    thresholds: Thresholds
    """Percent of the budget at which each level begins."""
    large_thresholds: Thresholds
    """The same, for large budgets."""
    allocation: dict[str, dict[str, int]]
    """Tokens of a budget of 200,000 that each part is given, scaled to the one in force."""


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
    """Offer a clear when a prompt shares no name with the current work."""
    message_count: bool
    """Offer a clear when there were many prompts in one conversation."""
    messages: int
    """How many prompts of the user that is."""
    between_tasks: bool
    """Offer a clear at the end of any turn with no step open and no check failing."""
    frees_percent: float
    """A clear is offered only where it frees this share of the use."""
    frees_tokens: int
    """And as many tokens."""
    cold_tokens: int
    """At a return after the prompt cache has expired, say what going on costs from so many tokens
    on; 0: never."""
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
    handover: Literal["manual", "auto"]
    """Who asks Claude for a handover note: you, with `/clearpoint:handover`, or Clearpoint too,
    from the warning level on, in each turn that has no current note yet (`auto`).
    """


class TagsConfig(TypedDict):
    """`[tags]`."""

    max_tokens: int
    """The most that the tags of one prompt bring in; beyond it, a pointer."""


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


class WorkConfig(TypedDict):
    """`[work]`."""

    phase_commands: dict[str, Phase]
    """Slash commands that begin a phase."""


class StateConfig(TypedDict):
    """`[state]`."""

    location: Literal["user", "project"]
    """Where the state is kept: with the client's own files, or in `.clearpoint` in the project.
    Counts in your settings for all projects alone.
    """


class StatuslineConfig(TypedDict):
    """`[statusline]`."""

    colour: bool
    """Show the line in colour, where NO_COLOR is not set."""
    bar_cells: int
    """Width of the bar."""
    preset: StatusPreset
    """What the line shows: `minimal`, `default` or `full`."""
    pieces: list[StatusPiece]
    """What it shows instead, in this order; where the terminal is narrow, the last go first. Empty:
    what the preset shows."""
    colours: dict[LevelName | StatusPiece, Colour]
    """The colour of the bar at each level, or of a piece: one of the terminal's sixteen colours by
    name (`cyan`, `bright_cyan`) or one of its 256 by number."""
    icons: dict[StatusPiece, str]
    """A sign to put before a piece, by its name."""
    wait_seconds: float
    """The longest wait for another status-line command that Clearpoint's is set beside."""


class HandoffsConfig(TypedDict):
    """`[handoffs]`."""

    subagents: bool
    """Whether the subagents that Claude starts get a package."""
    matrix: dict[str, list[str]]
    """Which agents each may hand over to."""
    policies: dict[str, HandoffPolicy]
    """By pair, `giver -> taker`; it goes before the matrix."""
    outside: HandoffPolicy
    """What happens with a pair outside the matrix. `refuse`: commands and Python refuse it unless
    you agree, and in Claude Code you are told; `warn`: a warning everywhere."""
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


class RemoteConfig(TypedDict):
    """`[remote]`."""

    sync: bool
    """Push at the end of a session and pull at the start of one, in the background."""
    archive: bool
    """Whether a pushed session brings its archived conversation along."""


class TelemetryConfig(TypedDict):
    """`[telemetry]`."""

    metrics: bool
    """Send metrics of each session that ends to the OpenTelemetry endpoint that Claude Code has."""


class Config(TypedDict):
    """All settings, in the order of the documented file."""

    budget: BudgetConfig
    advice: AdviceConfig
    reload: ReloadConfig
    tags: TagsConfig
    persistence: Persistence
    work: WorkConfig
    state: StateConfig
    statusline: StatuslineConfig
    handoffs: HandoffsConfig
    hygiene: HygieneConfig
    retention: RetentionConfig
    remote: RemoteConfig
    telemetry: TelemetryConfig
    messages: dict[str, dict[str, str]]
    """`[messages.LANGUAGE]`: the user's own wording, by the names of `advice.catalogue`."""
