"""What the user and Claude have said, as the work state keeps it."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

Manner = Literal["prompt", "while working", "rejection", "command", "answer", "compaction"]
"""How words of the user were said: typed as a prompt, typed while Claude worked, given as the
reason for rejecting a call or a plan, as arguments of a slash command or skill, as the answer to
a question of Claude's, or behind `/compact`."""


class Noted(TypedDict):
    """A decision, an issue or a note, with where it was said."""

    text: str
    at: str | None
    entry: str | None
    """The uuid of the transcript entry; None if it was set by hand."""
    pointer: NotRequired[str]
    """File and line of the archived original, below the state folder."""
    object: NotRequired[str]
    """What a decision was about where the reply alone does not say it: the heading, the option or
    the recommendation above the question."""
    object_entry: NotRequired[str]
    """The uuid of Claude's message that asked."""
    object_pointer: NotRequired[str]
    """File and line of that message, once it is archived."""
    turn: NotRequired[int]
    """The turn in which it was said."""
    order: NotRequired[int]
    """Touches when it was said."""
    is_answer: NotRequired[bool]
    """Whether it answers a question of choice: kept until that is answered otherwise."""


class Utterance(TypedDict):
    """Words of the user."""

    text: str
    """Shortened where they are long; the archive has them whole."""
    how: Manner
    about: str
    """What they were said to: the call that was rejected (`Edit mover.py`), the command
    (`/review`), the question that they answer; empty for a prompt."""
    entry: str | None
    turn: int
    pointer: NotRequired[str]
    outcome: NotRequired[str]
    """What came of a prompt or command: the beginning of the answer, once the next one has come;
    of the newest dozen."""


class Answer(TypedDict):
    """The last answer of Claude's, with its lines."""

    text: str
    """Whole, or its end where `is_cut`."""
    is_cut: bool
    entry: str | None
    turn: int
    touches: NotRequired[int]
    """Touches of files when it was given: what is edited later has more."""
    pointer: NotRequired[str]


class Question(TypedDict):
    """What Claude waits for the user to answer."""

    text: str
    entry: str | None
    """The uuid of the message that asks."""
    options: list[str]
    """The options to choose from, as they are worded; empty for an open question."""


class Handover(TypedDict):
    """The handover note that Claude wrote."""

    text: str
    at: str
    entry: str
    turn: int
    touches: int
    """Touches of files when it was written: it is current while no file was changed since."""
    problem: str
    """What is wrong with its size or shape; empty if nothing is."""
    pointer: NotRequired[str]


class CompactSummary(TypedDict):
    """What the client's own summary of a compaction says of the work that is left."""

    text: str
    """Its sections on pending tasks, current work and the next step."""
    turn: int
    is_answered: NotRequired[bool]
    """Whether Claude has said something since: at the end of a turn it is old then."""
    entry: str
    pointer: NotRequired[str]
