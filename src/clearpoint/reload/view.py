"""What the sections of a reload are composed from, and how they quote. Pure."""

from __future__ import annotations

from clearpoint.reload.excerpt import excerpt
from clearpoint.reload.lines import Line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import NamedTuple

    from clearpoint.models.state import State
    from clearpoint.models.work import WorkState
    from clearpoint.project.survey import ProjectState
    from clearpoint.reload.known import Known
else:
    from clearpoint.lowlevel.records import Record as NamedTuple

ON_A_LINE_CHARS = 240
INDENT = "  "


class Room(NamedTuple):
    """How much is shown of what was said, if there is room for so much."""

    answer: int
    """Tokens of the last answer."""
    prompt: int
    """Tokens of the prompt that set the task, and of the newest."""
    words: int
    """Characters of what is quoted on one line."""
    listed: int
    """Characters of one row of the table of contents."""


ROOMS = (Room(1_300, 700, 700, 260), Room(850, 450, 360, 200), Room(700, 260, 240, 140),
         Room(700, 160, 160, 100), Room(700, 100, 120, 80), Room(450, 100, 120, 80),
         Room(260, 100, 100, 60))  # fmt: skip
"""The most generous first."""


BESIDE_SUMMARY = Room(110, 90, 240, 150)


class Words(NamedTuple):
    """What is quoted."""

    text: str
    pointer: str | None
    """Where it stands in the archive."""
    is_cut: bool = False
    """Whether the text is not all that was said."""


class View(NamedTuple):
    """A state, and how it is to be shown."""

    state: State
    labels: Mapping[str, str]
    """Letters of the archive files."""
    room: Room
    measure: Callable[[str], int]
    """The tokens of a text."""
    now: ProjectState
    project: str
    known: Known
    """What the summary of a compaction says."""
    reason: str
    """Why the session starts."""

    @property
    def work(self) -> WorkState:
        """Where the work stands."""
        return self.state["work_state"]

    def place(self, pointer: str | None) -> str:
        """Where the original stands, by the letter of its file: ` [A:120]`."""
        file, _, line = (pointer or "").rpartition(":")
        return f" [{self.labels[file]}:{line}]" if file in self.labels else ""

    def quoted(self, title: str, words: Words, tokens: int, *, opens: bool = False) -> list[str]:
        """A text under its title, whole if it takes no more than these tokens (see `excerpt`)."""
        text, place = words.text, self.place(words.pointer)
        shown, is_whole = excerpt(text, tokens, self.measure, opens=opens)
        is_whole = is_whole and not words.is_cut
        if is_whole and len(shown) == 1 and len(text) <= ON_A_LINE_CHARS:
            return [f"{title}{place}: “{text.strip()}”"]
        where = f", in part; the whole:{place}" if place else ", in part"
        return [f"{title}, whole{place}:" if is_whole else f"{title}{where}:",
                *((INDENT + line).rstrip() for line in shown)]  # fmt: skip


def together(rank: float, texts: Iterable[str]) -> list[Line]:
    """Lines that stay or go as one."""
    return [Line(rank, text) for text in texts]
