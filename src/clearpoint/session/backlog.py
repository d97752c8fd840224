"""A transcript that is too long to be read at once: its newest lines first, all of it in slices.

There are two folds. The state of the session skips to the newest lines, so that level and newest
work are right at once; what it skips is counted (see `counting`). A copy of it that has skipped
nothing is kept beside it in `whole.json`; it reads a slice at each event, and takes the state's
place once it has read as far. Without that file, or where it is damaged, the copy begins again: the
state alone says that lines were skipped.
"""

from __future__ import annotations

import os
import time

from clearpoint.advice import strategy
from clearpoint.config.defaults import DEFAULTS
from clearpoint.lowlevel.checks import has_keys, is_count
from clearpoint.lowlevel.files import write_atomically
from clearpoint.lowlevel.records import copied
from clearpoint.session import counting, recovery
from clearpoint.session import state as session
from clearpoint.store.checksummed import DamagedStateError, read_sealed, seal
from clearpoint.transcript.reader import Transcript

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from clearpoint.models.config import Config
    from clearpoint.models.state import State
    from clearpoint.models.usage import Learner
    from clearpoint.models.work import WorkState
    from clearpoint.store.store import Store

FILE = "whole.json"
SLICE_S = 0.3
LEAST_S = 0.05
"""The first slice holds what a session begins with, even if the newest lines took all the time."""


class Whole:
    """The copy of a state that has skipped nothing.

    `known` is how many rewinds it knew when it began to read: where it has found more at the end,
    it reads once more without what they left.
    """

    __slots__ = ("has_read", "known", "state")

    def __init__(self, state: State, known: int) -> None:
        self.state = state
        self.known = known
        self.has_read = False

    def reaches(self, state: State) -> bool:
        """Whether it has read as far as the state."""
        own, other = self.state["transcript"], state["transcript"]
        return own is not None and other is not None and own["offset"] >= other["offset"]

    def read_on(self, store: Store, path: str, config: Config, end: float | None) -> int:
        """Fold one slice, which is over at `end`; return the number of entries."""
        if self.has_read and end is not None:
            return 0
        self.has_read = True
        if end is not None:
            now = time.monotonic()
            end = max(now + LEAST_S, min(end, now + SLICE_S))
        number, is_behind = self._read(store, path, config, end)
        while not is_behind and len(self.state["work_state"]["dead"]) > self.known:
            self.known = len(self.state["work_state"]["dead"])
            recovery.go_back(store, self.state)
            added, is_behind = self._read(store, path, config, end)
            number += added
        return number

    def _read(self, store: Store, path: str, config: Config, end: float | None) -> tuple[int, bool]:
        """Fold what can be read by `end`; the number of entries, and whether there are more.

        Texts are checked for secrets to their end: what is withheld in a slice would stay so.
        """
        try:
            transcript = Transcript(path, self.state["transcript"])
        except OSError:
            return 0, True
        try:
            if transcript.fresh and self.state["transcript"] is not None:
                recovery.start_over(store, self.state)
            transcript.end = end
            self.state["transcript"] = transcript.cursor
            return session.fold(self.state, transcript.entries(), config), transcript.behind
        finally:
            transcript.close()


def skip(state: State, transcript: Transcript) -> Whole | None:
    """Have the state go on with the newest lines; return what reads the others, if that is new.

    What they hold of responses and prompts is counted at once.
    """
    before, start = copied(state), transcript.cursor["offset"]
    if not transcript.skip_to_newest():
        return None
    is_first = not state["backlog"]
    end = state["backlog"] = transcript.cursor["offset"]
    older = state["usage"]["message_id"] or ""
    state["to_count"].append({"start": start, "end": end, "older": older, "newer": ""})
    counting.count(state, transcript.descriptor, is_new=True)
    return Whole(before, len(before["work_state"]["dead"])) if is_first else None


def load(store: Store, state: State, warm_start: Callable[[], Learner]) -> Whole:
    """The copy as it was kept; one that begins again where that cannot be read.

    `warm_start` gives what a new session knows of token sizes.
    """
    pattern = {"known": 0, "state": {**session.new_state("", "", DEFAULTS)}}
    try:
        kept = read_sealed(store.path(state["session_id"], FILE))
    except (OSError, DamagedStateError):
        kept = None
    is_whole = has_keys(kept, pattern) and is_count(kept["known"])
    if is_whole and kept["state"]["session_id"] == state["session_id"]:
        return Whole(kept["state"], kept["known"])
    fresh = copied(state)
    recovery.go_back(store, fresh)
    fresh["usage"]["learner"] = warm_start()
    new = strategy.new_said()
    fresh["advice"]["begins"], fresh["advice"]["breaks"] = new["begins"], new["breaks"]
    return Whole(fresh, len(fresh["work_state"]["dead"]))


def keep(store: Store, state: State, whole: Whole) -> None:
    """Keep the copy for the next event, before the state is written that needs it."""
    value = {"known": whole.known, "state": whole.state}
    path = store.path(state["session_id"], FILE)
    if os.path.isdir(path):  # no file could take its place
        store.quarantine(state["session_id"], FILE)
    write_atomically(path, seal(value))


def forget(store: Store, session_id: str) -> None:
    """Remove the copy, after the state was written that has taken it in."""
    try:
        os.unlink(store.path(session_id, FILE))
    except FileNotFoundError:
        pass  # it was not kept yet


def take_beginning(state: State, whole: Whole) -> None:
    """Take over what only the first lines of a session tell.

    What each request begins with, the first prompt, and the folder that the work began in.
    """
    state["usage"]["overhead"] = whole.state["usage"]["overhead"]
    state["advice"]["begins"] = whole.state["advice"]["begins"]
    work, begun = state["work_state"], whole.state["work_state"]
    work["first_prompt"], work["base"] = begun["first_prompt"], begun["base"] or work["base"]


def take_place(state: State, whole: Whole) -> None:
    """Put what was folded from all lines in the place of what the newest alone told.

    What was set by hand stays, and so does what events have told; where they have noted a count,
    it goes on from the larger one.
    """
    found, kept = whole.state, whole.state["work_state"]
    for name in counting.NOTED:
        more = found["usage"][name] - state["usage"][name]  # type: ignore[literal-required]
        counting.go_on(state, name, more)
    _take_handover(state["work_state"], kept)
    session.carry_by_hand(state["work_state"], kept, but=("dead",))
    kept["git"] = state["work_state"]["git"]
    state["work_state"], state["usage"] = kept, found["usage"]
    state["transcript"] = found["transcript"]
    recovery.carry_user(state["user_context"], found["user_context"])
    state["user_context"] = found["user_context"]
    state["advice"]["breaks"] = found["advice"]["breaks"]
    state["advice"]["begins"] = found["advice"]["begins"]
    state["advice"]["fired"].pop("message_count", None)
    state["backlog"], state["to_count"] = 0, []


def _take_handover(work: WorkState, kept: WorkState) -> None:
    """Take over a note that a setting asked for, of which the lines do not tell, and the wish."""
    turns = kept["turn"] - work["turn"]
    if work["handover_turn"] >= 0:
        kept["handover_turn"] = work["handover_turn"] + turns
        kept["handover_wanted"] = work["handover_wanted"]
    if (note := work["handover"]) and not kept["handover"]:
        touches = note["touches"] + kept["touches"] - work["touches"]
        kept["handover"] = {**note, "turn": note["turn"] + turns, "touches": touches}
