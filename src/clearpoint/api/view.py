"""What there is to read of a session: its state, budget, work, files, tags, handoffs, summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clearpoint.api.budget import BudgetFigures, figures_of
from clearpoint.api.conversation import conversation
from clearpoint.api.reasons import Reason, should_clear
from clearpoint.api.summary import Summary, summarized
from clearpoint.api.tags import Tags
from clearpoint.handoffs.pipeline import HandoffService
from clearpoint.project import files, tiers
from clearpoint.store import checkpoints
from clearpoint.text.summary import RATIO
from clearpoint.tokens import encoder

if TYPE_CHECKING:
    from clearpoint.handoffs.shapes import Handoff as RecordedHandoff
    from clearpoint.models.config import Config
    from clearpoint.models.state import Level, State
    from clearpoint.models.work import WorkState
    from clearpoint.project.tiers import Disclosed
    from clearpoint.session.stored import StoredSession


class SessionView:
    """A session to read; nothing here changes it, and each property is read again."""

    __slots__ = ("_kept", "project")

    def __init__(self, project: str, kept: StoredSession) -> None:
        self.project = project
        self._kept = kept

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.project!r}, {self.session_id!r})"

    @property
    def session_id(self) -> str:
        """The whole id."""
        return self._kept.session_id

    @property
    def root(self) -> str:
        """The project's state folder."""
        return self._kept.store.root

    @property
    def folder(self) -> str:
        """Where the session's files are."""
        return self._kept.store.session_folder(self.session_id)

    @property
    def state(self) -> State:
        """The whole state as last written, in the shape of `clearpoint.models.state.State`."""
        return self._kept.read()

    @property
    def config(self) -> Config:
        """The settings in force."""
        return self._kept.config

    def current(self) -> State:
        """The state with what the transcript holds beyond it; nothing is written."""
        return self._kept.current()

    @property
    def budget(self) -> BudgetFigures:
        """The budget and how much of it is used, as last written."""
        return figures_of(self.state)

    @property
    def level(self) -> Level:
        """`normal`, `monitor`, `warning`, `critical` or `emergency`."""
        return self.state["budget"]["level"]

    @property
    def work(self) -> WorkState:
        """Spec, phase, steps, artifacts, decisions, issues, files."""
        return self.state["work_state"]

    @property
    def checkpoints(self) -> list[str]:
        """The names of the checkpoints, the oldest first."""
        return checkpoints.names(self._kept.store, self.session_id)

    @property
    def tags(self) -> Tags:
        """The project's tags, to add to, look up and resolve."""
        return Tags(self.root, self.project)

    @property
    def files(self) -> dict[int, list[Disclosed]]:
        """The project's files by tier, the likeliest needed first.

        1 always (instructions, configuration), 2 worked on, 3 related, 4 on demand (documents).
        """
        found = files.disclosed(self.current(), self.project, self.root, encoder.count)
        return {tier: [file for file in found if file.tier == tier] for tier in tiers.TIERS}

    @property
    def handoffs(self) -> list[RecordedHandoff]:
        """The handoffs of this session and of those it continues, newest first."""
        return self._handoffs.handoffs(self.session_id)

    @property
    def _handoffs(self) -> HandoffService:
        return HandoffService(self.project, self.root, self._kept.env)

    def summary(self, ratio: float = RATIO) -> Summary:
        """The conversation at this share of its tokens; decisions come first.

        A pointer, `[0001.md:12]`, is a line of the session's archive, of which
        `summary.original("0001.md:12")` gives the message whether or not it is archived yet.
        """
        return summarized(conversation(self._kept), ratio)

    def should_clear(self) -> list[Reason]:
        """The reasons to clear now; empty if there are none."""
        return should_clear(self.current(), self.config)
