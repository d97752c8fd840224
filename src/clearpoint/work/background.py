"""Commands that run in the background: begun by a call, ended by the client's own word. Pure."""

from __future__ import annotations

from clearpoint.client.vocabulary import BACKGROUND_ENDED, BACKGROUND_IDS, BACKGROUND_STARTED
from clearpoint.work import agents

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from clearpoint.models.work import WorkState
    from clearpoint.transcript.entry import Entry
    from clearpoint.work.shell_command import Command

LIMIT = 12
COMMAND_CHARS = 160
ID_CHARS = 40
SEEN_CHARS = 400
DETACHED = "&"
ENDING = ("wait", "kill", "pkill", "killall")


def started(entry: Entry, said: str) -> str:
    """The id of the command that a result says runs in the background; empty if none does."""
    kept = entry.get("toolUseResult")
    found = kept.get("backgroundTaskId") if isinstance(kept, dict) else None
    if isinstance(found, str) and _is_id(found):
        return found
    rest = said[:SEEN_CHARS].partition(BACKGROUND_STARTED)[2]
    word = rest.split()[0].rstrip(".,;") if rest.split() else ""
    return word if _is_id(word) else ""


def begin(work: WorkState, name: str, command: str, entry: Entry) -> None:
    """A command runs in the background from now on."""
    line = " ".join(command.split())
    shown = line if len(line) <= COMMAND_CHARS else line[: COMMAND_CHARS - 1] + "…"
    running = {key: one for key, one in work["background"].items() if key != name}
    running[name] = {"command": shown, "turn": work["turn"], "entry": entry.get("uuid") or ""}
    work["background"] = dict(list(running.items())[-LIMIT:])


def detach(work: WorkState, commands: list[Command], entry: Entry) -> None:
    """Note the commands of a line that `&` leaves running; a kill or a wait ends what is known."""
    for command in commands:
        bare = command.unwrapped()
        if bare.name in ENDING:
            kept = work["background"].items()
            work["background"] = {key: one for key, one in kept if not one.get("is_detached")}
        elif command.joint == "&" and bare.words:
            name = f"{DETACHED}{work['clock']}"
            begin(work, name, " ".join(bare.words), entry)
            work["background"][name]["is_detached"] = True


def end(work: WorkState, name: str) -> None:
    """A command or an agent in the background has ended."""
    work["background"].pop(name, None)
    agents.end(work, name)


def hear(work: WorkState, text: str) -> None:
    """The client's note that a background task has ended."""
    if has_ended(text) and (work["background"] or work["agents"]):
        for opening, closing in BACKGROUND_IDS:
            end(work, text.partition(opening)[2].partition(closing)[0].strip())


def has_ended(text: str) -> bool:
    """Whether the client says of a background task that it has ended."""
    return any(mark in text for mark in BACKGROUND_ENDED)


def is_busy(work: WorkState) -> bool:
    """Whether a command or an agent runs whose end the client will tell."""
    commands = work["background"].values()
    return any(not one.get("is_detached") for one in commands) or bool(agents.unfinished(work))


def keep_running(work: WorkState, tasks: Any) -> None:
    """The client has listed what runs: what it does not name has ended."""
    if not isinstance(tasks, list):
        return
    known = set(_ids(tasks))
    agents.keep_running(work, known)
    if work["background"]:
        work["background"] = {
            name: one
            for name, one in work["background"].items()
            if name in known or one.get("is_detached")
        }


def _ids(tasks: Iterable[Any]) -> list[str]:
    return [str(task.get("id")) for task in tasks if isinstance(task, dict)]


def named(given: dict[str, Any]) -> str:
    """The id of a background task that a call stops or asks about."""
    names = ("shell_id", "task_id", "bash_id", "agentId", "agent_id")
    return next((str(given[name]) for name in names if given.get(name)), "")


def _is_id(word: str) -> bool:
    return 0 < len(word) <= ID_CHARS and word.isascii() and word.replace("_", "").isalnum()
