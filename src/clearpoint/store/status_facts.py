"""What the events of a session leave for its status line, in `status.json`. Fast lane.

The status line reads this instead of the state, and loads no more than that takes.
"""

from __future__ import annotations

import os

from clearpoint import __version__
from clearpoint.lowlevel.files import write_atomically
from clearpoint.store.checksummed import DamagedStateError, read_sealed, remainder, seal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.state import StatusFacts

NAME = "status.json"


def read(session_folder: str, session_id: str) -> StatusFacts | None:
    """What the last event of the session left; None if it cannot be read."""
    try:
        facts: StatusFacts = read_sealed(os.path.join(session_folder, NAME), remainder)
    except (OSError, DamagedStateError):
        return None
    ours = facts.pop("written_by", None) == __version__  # type: ignore[typeddict-item]
    return facts if ours and facts["session_id"] == session_id else None


def write(session_folder: str, facts: StatusFacts) -> None:
    """Replace what the status line reads."""
    data = seal({"written_by": __version__, **facts}, 1, remainder)
    write_atomically(os.path.join(session_folder, NAME), data)
