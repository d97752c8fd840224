"""Stop: fold the new turn into the session state, judge it, and advise. Fast lane."""

from __future__ import annotations

import os
import time

from clearpoint.advice import strategy
from clearpoint.budget import levels
from clearpoint.client.replies import reply
from clearpoint.client.settings import config_dir
from clearpoint.redaction.prefilter import masked
from clearpoint.session.update import SessionUpdate, update_for
from clearpoint.store import agents
from clearpoint.tokens import projection
from clearpoint.tokens.sizes import estimated
from clearpoint.tokens.usage import uncounted_model
from clearpoint.work import background, handover

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.client.events import Event
    from clearpoint.models.config import Config
    from clearpoint.models.state import Notices, State
    from clearpoint.models.words import Handover
    from clearpoint.store.store import Store

LAG_S = 1.5
"""On a busy machine the client writes the last answer up to so long after Stop has begun."""
SAME_LAG_S = 0.3
"""For an answer of the same words as the one before it: mostly it is that one, stopping again."""
NO_FILE_LAG_S = 0.3
"""For a transcript that is not there at the first Stop of a session."""
LAG_POLL_S = 0.01
NOTE_FIRST = "note_first"
RECORDED_BYTES = 64 << 10
"""Less is not worth recording: what closes the archive reads so much at once."""
CLEAR = "/clear"
"""What a message says that recommends a clear, and not `/rewind` or `/compact` alone."""


def handle(event: Event) -> dict[str, Any] | None:
    """Bring the state up to date with the turn that just ended."""
    update = update_for(event)
    try:
        return answer(update, event)
    except TimeoutError as error:
        from clearpoint.handlers.unlocked import at_stop

        def due(update: SessionUpdate, state: State) -> tuple[strategy.Advice | None, str]:
            return advised(update, state) if may_speak(event, state) else (None, "")

        return reply("Stop", message=at_stop(update, event, error, due))


def answer(update: SessionUpdate, event: Event) -> dict[str, Any] | None:
    """Fold the turn into the state, and judge it; what there is to say."""
    store = update.store
    with store.lock(event.session_id):
        state = update.load()
        if update.is_new:
            from clearpoint.lineage.takeover import repair

            repair(update, state, event)
        before, noted = state["budget"]["level"], state["work_state"]["handover"]
        read_turn(update, state, event)
        tasks = event.payload.get("background_tasks")
        background.keep_running(state["work_state"], tasks)
        agents.keep_running(store.session_folder(event.session_id), tasks)
        state["ended"] = None
        if state["work_state"]["unread"]:
            from clearpoint.lineage.completing import complete

            complete(update, state)
        record(store, state)
        update.judge(state, event)
        level = state["budget"]["level"]
        said, note = None, ""
        is_plausible = not state["context_window"]["implausible"]
        if is_plausible and not update.behind and may_speak(event, state):
            said, note = advised(update, state)
        is_passed_over = said is not None and said.trigger == "passed_over"
        if is_passed_over or (level != before and level in levels.PRESSING):
            from clearpoint.store.checkpoints import take

            take(store, state, level)
        handed = handed_over(state, update.config, noted)
        update.write(state)
        store.journal(
            event.session_id,
            "Stop",
            used=state["context_window"]["used"],
            projected=state["context_window"]["projected"],
            implausible=state["context_window"]["implausible"],
            level=level,
            advice=said.trigger if said else None,
        )
    parts = (*update.untold(), handed, note, said.message if said else "")
    message = "\n".join(filter(None, parts))
    return reply("Stop", message=message) if message else None


def handed_over(state: State, config: Config, noted: Handover | None) -> str:
    """That a handover note was taken, or what is wrong; empty if none was to come."""
    which, problem = handover.taken(state["work_state"], noted, estimated)
    if not which:
        return ""
    from clearpoint.advice.catalogue import words

    return words(state, config)[which].format(fact=problem)


def uncounted(state: State, config: Config) -> str:
    """One line where nothing that answers reports usage; empty for any other."""
    if not uncounted_model(state["usage"]):
        return ""
    from clearpoint.advice.catalogue import words
    from clearpoint.advice.notes import no_usage

    return no_usage(state["usage"], words(state, config))


def record(store: Store, state: State) -> None:
    """Record for the next archive what was written since this was done last, if that is much."""
    cursor, known = state["transcript"], state["recording"]
    reached = known["offset"] if known else state["archived"]
    if cursor and cursor["offset"] - reached >= RECORDED_BYTES:
        from clearpoint.session import recording

        recording.record(store, state)


def unsaid(note: str, notices: Notices) -> str:
    """A note that was not given in this project yet; empty for one that was."""
    return "" if note in notices["named"] else note


def advised(update: SessionUpdate, state: State) -> tuple[strategy.Advice | None, str]:
    """What to say at the end of this turn, if anything, and a note that goes before it."""
    notices = update.store.read_notices()
    note = unsaid(uncounted(state, update.config), notices)
    said = strategy.advise(state, update.starts, update.config, time.time(), notices)
    named = [name for name in (note, said.named if said else "") if name]
    new = {**notices, "named": [*notices["named"], *named]} if named else notices
    if said is None and notices["diet"] and (said := weighed(state, update.config, notices)):
        new = {**new, "diet": None}
    if new is not notices:
        update.store.write_notices(new)
    if said and said.offers and CLEAR in said.message and offers_note(update, state):
        from clearpoint.advice.messages import note_first

        said.message = f"{said.message} {note_first(state, update.config)}"
        state["advice"]["fired"][NOTE_FIRST] = "said"
    return said, note


def offers_note(update: SessionUpdate, state: State) -> bool:
    """Whether the command for a handover note is there and still to be named.

    It is not once there is a current note, nor a second time in a session and those after it.
    """
    if handover.is_current(state["work_state"]) or NOTE_FIRST in state["advice"]["fired"]:
        return False
    env, project = update.env, os.path.join(update.project, ".claude")
    folders = filter(None, (project, config_dir(env)))
    paths = [os.path.join(folder, "commands", "clearpoint", "handover.md") for folder in folders]
    return bool(env.get("CLAUDE_PLUGIN_ROOT")) or any(map(os.path.exists, paths))


def weighed(state: State, config: Config, notices: Notices) -> strategy.Advice | None:
    """What a diet has changed, once, at the first turn of a session that began after it."""
    trial, path = notices["diet"], state["system"]["transcript_path"]
    if trial is None or path is None or state["created_at"] < trial["at"]:
        return None
    from clearpoint.advice.catalogue import words
    from clearpoint.diet.first_request import first_request
    from clearpoint.diet.verdict import is_comparable, verdict

    try:
        first = first_request(path, estimated)  # loading the encoder can take too long for a hook
    except OSError:
        return None  # the client has not written the first turn yet: the next one tells
    if first is None or not is_comparable(first, trial):
        return None
    return strategy.Advice("diet", verdict(first, trial, words(state, config)), offers=False)


def may_speak(event: Event, state: State) -> bool:
    """Whether the turn is over: no agent is at work for it, and it has not had its message.

    Another hook can continue a turn that has stopped, which then stops again.
    """
    if event.payload.get("stop_hook_active") is True:
        return state["advice"]["spoken_at"] != state["usage"]["prompts"]
    tasks: Any = event.payload.get("background_tasks")
    rows = [task for task in tasks if isinstance(task, dict)] if isinstance(tasks, list) else []
    is_busy = any(task.get("type") == agents.AGENT for task in rows)
    return not is_busy or state["budget"]["level"] in levels.PRESSING


def read_turn(update: SessionUpdate, state: State, event: Event) -> None:
    """Read the new lines, waiting a moment for the last answer if it is not there yet."""
    update.catch_up(state)
    expected = " ".join(masked(event.text("last_assistant_message")).split())
    began, is_first = time.monotonic(), state["system"]["left_at"] is None
    while (
        expected
        and not update.behind
        and not has_answer(state, expected, time.monotonic() - began)
        and time.monotonic() - began < lag_of(state, is_first=is_first)
    ):
        time.sleep(LAG_POLL_S)
        update.catch_up(state)
    state["system"]["answered"] = state["usage"]["message_id"]
    state["system"]["heard"] = state["usage"]["spoken"]
    state["system"]["left_at"] = round(time.time(), 3)


def lag_of(state: State, *, is_first: bool) -> float:
    """Seconds to wait for an answer that is not there.

    No transcript is written without the client's session persistence; a run without a terminal
    can end its first turn a moment before it creates one.
    """
    if state["transcript"]:
        return LAG_S
    return NO_FILE_LAG_S if is_first else 0.0


def has_answer(state: State, expected: str, waited_s: float = 0.0) -> bool:
    """Whether the answer that ends the turn was read: a new one that ends it, or the one expected.

    An id cannot tell where a gateway gives none, or one for all; nor can the usage where it
    reports none. So the text decides, if it was said since the newest prompt. One that was there
    at the last Stop already is taken for this one only after a while.
    """
    counted, system = state["usage"], state["system"]
    is_new = counted["message_id"] != system["answered"]
    if is_new and projection.ends_turn(counted["pending"]):
        return True
    if counted["spoken"] <= counted["asked"]:
        return False
    is_old = counted["spoken"] == system["heard"]
    return says(state, expected) and (not is_old or waited_s >= SAME_LAG_S)


def says(state: State, expected: str) -> bool:
    """Whether the newest answer that was read is the end of the expected one, or all of it."""
    answer = state["work_state"]["last_answer"] or ""
    whole = answer.removesuffix("…")
    if not whole:
        return False
    return whole in expected if answer != whole else expected.endswith(whole)
