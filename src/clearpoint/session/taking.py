"""One entry of the transcript taken into the state. Pure."""

from __future__ import annotations

from clearpoint.advice import breaks
from clearpoint.redaction import prefilter
from clearpoint.tokens import projection, usage
from clearpoint.work import branches, outcomes
from clearpoint.work import fold as work

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.state import State, System
    from clearpoint.models.work import Phase
    from clearpoint.transcript.entry import Entry


def take(state: State, entry: Entry, commands: dict[str, Phase], until: float | None) -> None:
    """Take one entry into the state."""
    counted, said = state["usage"], state["advice"]
    usage.fold(counted, entry)
    kind = entry.get("type")
    if kind == "system" and entry.get("subtype") == "compact_boundary":
        branches.cross_boundary(state["work_state"])
    if kind in work.LINES and branches.is_live(state["work_state"], entry):
        running = state["work_state"]["running"]
        prefilter.mask(entry, until, lambda result: outcomes.is_read(running, result))
        breaks.fold(said["breaks"], state["work_state"], entry)
        _note_place(state["system"], entry)
        work.fold(state, entry, commands)
        if counted["requests"] == 1 and not said["begins"]:
            said["begins"] = _beginning(state)
        elif counted["compactions"] and counted["since_boundary"] == 1:
            said["begins"] = min(said["begins"], counted["input"])


def _beginning(state: State) -> int:
    """What the first request carried beside the prompt."""
    counted, prompt = state["usage"], state["work_state"]["first_prompt"] or ""
    typed = projection.estimate_prompt(counted["learner"], counted["model"], prompt)
    return max(counted["input"] - typed, counted["overhead"])


def _note_place(system: System, entry: Entry) -> None:
    """Where an entry was written: folder, branch, permission mode, client version."""
    system["cwd"] = entry.get("cwd") or system["cwd"]
    branch = entry.get("gitBranch") or ""
    system["branch"] = system["branch"] if branch.startswith(".") else branch or system["branch"]
    system["permission_mode"] = entry.get("permissionMode") or system["permission_mode"]
    system["client_version"] = entry.get("version") or system["client_version"]
