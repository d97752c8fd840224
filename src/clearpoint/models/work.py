"""Where the work stands, and what it is made of."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

Phase = Literal[
    "initialization",
    "planning",
    "implementation",
    "testing",
    "documentation",
    "review",
    "completed",
]


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
