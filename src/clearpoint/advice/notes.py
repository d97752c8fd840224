"""What is said beside advice, in the user's language: each once, where something asks for it. Pure.

`said` is a catalogue.
"""

from __future__ import annotations

from clearpoint.budget.window import doubt
from clearpoint.tokens.usage import uncounted_model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from clearpoint.models.state import State
    from clearpoint.models.usage import Usage


def no_usage(usage: Usage, said: Mapping[str, str]) -> str:
    """One line where nothing that answers reports usage; empty for any other."""
    model = uncounted_model(usage)
    return said["no_usage"].format(fact=model) if model else ""


def assumed_window(state: State, said: Mapping[str, str]) -> str:
    """One line on a window that nothing has told; empty for any other."""
    known, model = state["context_window"], state["model"]
    which = doubt(known["source"])
    return said[which].format(fact=model, total=f"{known['total']:,}") if which and model else ""
