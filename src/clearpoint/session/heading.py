"""A session's state as the index has it; what the index lacks is read if it is asked for."""

from __future__ import annotations

from clearpoint.config.defaults import DEFAULTS
from clearpoint.session.state import new_state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from clearpoint.models.state import State

PARTS = ("usage", "advice")
"""Of these the index has a part only."""


class Heading(dict):  # type: ignore[type-arg]
    """The beginning of a state, which becomes the whole of it when more is asked."""

    def __init__(self, noted: dict[str, Any], whole: Callable[[], State | None]) -> None:
        super().__init__(noted)
        self._whole = whole
        for name in PARTS:
            self[name] = Part(noted[name], self, name)

    def __missing__(self, name: str) -> Any:
        """Read the state; one that cannot be read any more has no work."""
        self.fill()
        return self[name]

    def fill(self) -> None:
        """Become the whole state."""
        state = self._whole() or new_state(self["session_id"], self["last_updated"], DEFAULTS)
        self.update(state)


class Part(dict):  # type: ignore[type-arg]
    """Some fields of a part of a state, which becomes the whole of it when more is asked."""

    def __init__(self, noted: dict[str, Any], heading: Heading, name: str) -> None:
        super().__init__(noted)
        self._heading, self._name = heading, name

    def __missing__(self, field: str) -> Any:
        """Read the state."""
        self._heading.fill()
        self.update(self._heading[self._name])
        return self[field]


def heading(noted: dict[str, Any], whole: Callable[[], State | None]) -> State:
    """The state that begins like this; `whole` reads it, and gives None if that fails."""
    found: Any = Heading(noted, whole)
    state: State = found
    return state
