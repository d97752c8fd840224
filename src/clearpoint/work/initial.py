"""The work state at the beginning of a session. Pure. Fast lane.

It stands apart from the fold, which most events that only read a state need not load.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.work import WorkState


def new_work() -> WorkState:
    """The work state of a session in which nothing has happened yet."""
    return {
        "current_spec": None,
        "phase": "initialization",
        "completed_steps": [],
        "current_step": None,
        "pending_steps": [],
        "next_step": None,
        "artifacts": [],
        "decisions": [],
        "issues": [],
        "notes": [],
        "files": {},
        "tasks": {},
        "plan": None,
        "first_prompt": None,
        "last_prompt": None,
        "last_answer": None,
        "failing": {},
        "running": {},
        "touches": 0,
        "hand_set": [],
        "clock": 0,
        "turn": 0,
        "prompts": [],
        "last_words": "",
        "asked": "",
        "approved": False,
        "planned": 0,
        "stepped": 0,
        "spans": [],
        "said": [],
        "task_entry": "",
        "task_done": False,
        "commanded": False,
        "answer": None,
        "waiting": None,
        "remaining": [],
        "steps_source": None,
        "steps_entry": "",
        "steps_old": False,
        "promised": [],
        "checks": {},
        "edited": 0,
        "commits": [],
        "filed": [],
        "pull_requests": [],
        "background": {},
        "git": None,
        "base": "",
        "checkouts": [],
        "shell_folder": {},
        "named_artifacts": {},
        "hand_steps": {},
        "hand_removed": [],
        "listed": [],
        "itemized": None,
        "failed_command": None,
        "interrupted": False,
        "handover": None,
        "handover_turn": -1,
        "handover_wanted": False,
        "summary": None,
        "branches": [],
        "dead": [],
        "dead_until": "",
        "names": {},
        "mentions": {},
        "servers": {},
        "agents": {},
    }
