"""From one version of the state to the next. Pure.

A new field needs no migration: a state that lacks it is filled from a new one. A field that is
renamed, moved or means something else needs one: raise `SCHEMA_VERSION` in `session.state`, add the
function here, and keep a state of the version before in `tests/samples`.
"""

from __future__ import annotations

from clearpoint.lowlevel.checks import is_count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    Migration = Callable[[dict[str, Any]], dict[str, Any]]

MIGRATIONS: dict[int, Migration] = {}
"""By version of the state: what turns a state of it into one of the next."""


def migrate(
    state: dict[str, Any],
    migrations: Mapping[int, Migration],
    wanted: int,
) -> dict[str, Any] | None:
    """The state in the wanted version; None if no way leads there."""
    version = state.get("schema_version")
    while version != wanted:
        if not is_count(version) or version not in migrations:
            return None
        state = {**migrations[version](state), "schema_version": version + 1}
        version += 1
    return state
