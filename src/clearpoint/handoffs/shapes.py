"""The package and its history as plain JSON: what the hooks make and read without loading pydantic.

Type checkers alone import this module. `package` has the same shapes as frozen models, for whatever
is not known to be Clearpoint's, and a test holds the two together.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

Status = Literal[
    "created", "imported", "running", "completed", "failed", "interrupted", "not started", "refused"
]
Line = dict[str, Any]
"""One line of a record's history."""


class PlainSession(TypedDict):
    """The session that hands over."""

    session_id: str
    model: str | None
    context_position: float
    available_tokens: int
    user_language: str | None


class PlainTask(TypedDict):
    """Where the work stands; packages of earlier versions lack the last three."""

    spec_id: str | None
    current_phase: str
    completed_steps: list[str]
    next_step: str | None
    key_artifacts: dict[str, str]
    critical_decisions: list[str]
    blocking_issues: list[str]
    where: NotRequired[str | None]
    checks: NotRequired[list[str]]
    also_said: NotRequired[list[str]]


class PlainRecovery(TypedDict):
    """What there is to fall back on."""

    last_checkpoint: str | None
    recovery_tokens_reserved: int
    session_fork_available: bool


class PlainPredecessor(TypedDict):
    """The agent before."""

    handoff_id: str
    agent: str
    outcome: Status
    tokens: int
    files: list[str]


class PlainPackage(TypedDict):
    """What one agent hands over to the next."""

    handoff_id: str
    from_agent: str
    to_agent: str
    session_context: PlainSession
    task_context: PlainTask
    recovery_info: PlainRecovery
    predecessor: PlainPredecessor | None
    created_at: str
    checksum: str


class Handoff(TypedDict):
    """One handoff and what became of it; sizes are tokens."""

    handoff_id: str
    session_id: str
    from_agent: str
    to_agent: str
    created_at: str
    status: Status
    policy: str
    task: str
    """What the client calls the agent's task."""
    predecessor: str | None
    size: int
    """Of the minimal context."""
    original_size: int
    """Before it was compressed."""
    caller: str | None
    """The id of the agent that started this one; None for the main thread."""
    call: str
    """The client's id of the call."""
    prompt_id: str
    transcript: str
    """The session's."""
    pid: int | None
    agent_id: str | None
    rounds: int
    """How often the agent was started or taken up again."""
    ended_at: str | None
    tokens: int
    """What the agent's context held in the end."""
    requests: int
    result: str
    """The beginning of what it reported."""
    result_chars: int
    files: list[str]
    """What it changed."""
    note: str
