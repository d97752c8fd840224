"""The package as frozen models: what comes from outside is one of these before anything is done.

No field has a default, so that one that is missing is found too; but for those that packages of
earlier versions lack, which stay out of their checksums.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from clearpoint.handoffs import checksum as sealing
from clearpoint.handoffs.create import NAME_CHARS, PATH_CHARS
from clearpoint.handoffs.shapes import Status  # noqa: TC001  (pydantic reads it)

if TYPE_CHECKING:
    from clearpoint.handoffs.shapes import PlainPackage

TEXT_CHARS = 1_000
ITEMS = 40
ID_PATTERN = r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
SESSION_PATTERN = r"^[A-Za-z0-9_-]{1,64}$"
TIME_PATTERN = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"


def printable(text: str) -> str:
    """The text, where it holds nothing that a terminal or a prompt would obey."""
    if any(not (char.isprintable() or char == "\n") for char in text):
        raise ValueError("it contains control characters")
    return text


Plain = AfterValidator(printable)
Name = Annotated[str, StringConstraints(min_length=1, max_length=NAME_CHARS), Plain]
Text = Annotated[str, StringConstraints(max_length=TEXT_CHARS), Plain]
Path = Annotated[str, StringConstraints(min_length=1, max_length=PATH_CHARS), Plain]
HandoffId = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
SessionId = Annotated[str, StringConstraints(pattern=SESSION_PATTERN)]
Time = Annotated[str, StringConstraints(pattern=TIME_PATTERN)]
Tokens = Annotated[int, Field(ge=0, le=1 << 53)]
Texts = Annotated[tuple[Text, ...], Field(max_length=ITEMS)]


class _Frozen(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, hide_input_in_errors=True, allow_inf_nan=False
    )


class SessionContext(_Frozen):
    """The session that hands over."""

    session_id: SessionId
    model: Name | None
    context_position: Annotated[float, Field(ge=0, le=1_000)]
    """How full its context window is, in percent."""
    available_tokens: Tokens
    """What the receiver has left: a subagent has a window of its own."""
    user_language: Name | None


class TaskContext(_Frozen):
    """Where the work stands: critical fields, and references in place of content."""

    spec_id: Name | None
    current_phase: Name
    completed_steps: Texts
    next_step: Text | None
    key_artifacts: Annotated[dict[Name, Path], Field(max_length=ITEMS)]
    """Paths within the project, or tags, by a short name."""
    critical_decisions: Texts
    blocking_issues: Texts
    where: Text | None = None
    """Branch, commits of the session, files edited and not committed."""
    checks: Texts = ()
    """What passed and failed after the last edit, and before it."""
    also_said: Texts = ()
    """What the user said otherwise than in prompts, the newest last."""


class RecoveryInfo(_Frozen):
    """What there is to fall back on."""

    last_checkpoint: Name | None
    recovery_tokens_reserved: Tokens
    session_fork_available: bool


class Predecessor(_Frozen):
    """The agent before, and what became of it."""

    handoff_id: HandoffId
    agent: Name
    outcome: Status
    tokens: Tokens
    """What its context held in the end."""
    files: Annotated[tuple[Path, ...], Field(max_length=ITEMS)]
    """Files that it changed."""


class Package(_Frozen):
    """What one agent hands over to the next."""

    handoff_id: HandoffId
    from_agent: Name
    to_agent: Name
    session_context: SessionContext
    task_context: TaskContext
    recovery_info: RecoveryInfo
    predecessor: Predecessor | None
    created_at: Time
    checksum: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

    @property
    def plain(self) -> PlainPackage:
        """The package as plain JSON, with the fields that it came with."""
        value: Any = self.model_dump(mode="json", exclude_unset=True)
        return value  # type: ignore[no-any-return]

    @property
    def is_whole(self) -> bool:
        """Whether it is as it was sealed."""
        return self.checksum == sealing.checksum_of(self.plain)
