"""What one habit costs in context, and what ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from clearpoint.text.phrases import short

if TYPE_CHECKING:
    from clearpoint.attribution.attribution import Attribution
    from clearpoint.models.state import State


class Saving(NamedTuple):
    """Something that takes up context without need."""

    check: str
    text: str
    mend: str
    """What to do about it, in words."""
    tokens: int
    """What that saves, about; 0 if it is not known."""
    standing: bool = True
    """Whether every request carries it, else only the session that it happened in."""
    command: str = ""
    """What to type."""

    @property
    def said(self) -> str:
        """What it saves, in words; empty if that is not known."""
        if not self.tokens:
            return ""
        whence = "per request" if self.standing else "in a session like this"
        few = round(self.tokens, -2) or self.tokens
        about = short(self.tokens if self.tokens >= 1_000 else few)
        return f"saves about {about} tokens {whence}"


class Looked(NamedTuple):
    """A session with the parts of its context, and the folders of project and client."""

    state: State
    attribution: Attribution
    project: str
    config_dir: str

    @property
    def transcript(self) -> str:
        """Where its transcript is."""
        return self.state["system"]["transcript_path"] or ""
