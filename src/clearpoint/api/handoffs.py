"""Handoffs for any program: made, compressed, checked."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clearpoint.handoffs import HandoffError, validate
from clearpoint.handoffs.package import Package
from clearpoint.lowlevel.files import read_bytes
from clearpoint.session.find import existing_folder
from clearpoint.store.layout import state_root
from clearpoint.tokens.encoder import count

if TYPE_CHECKING:
    from clearpoint.handoffs.pipeline import HandoffService

    Path = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class Handoff:
    """One handoff as it was made; sizes are tokens of what the next agent reads."""

    package: Package
    """The whole package, frozen and sealed by its checksum."""
    context: str
    """What the next agent reads: put it before its prompt."""
    warning: str
    """Why the pair of agents deserves a second look; empty if it does not."""
    tokens: int
    original_tokens: int
    """Before it was compressed."""

    @property
    def handoff_id(self) -> str:
        """The id, whose beginning is enough for `clearpoint handoff show`."""
        return self.package.handoff_id

    def save(self, path: Path) -> None:
        """Write the package to a file, for another process or machine."""
        with open(path, "w", encoding="utf-8") as file:
            json.dump(self.package.plain, file, indent=1, ensure_ascii=False)


def hand_over(  # noqa: PLR0913  (what a handoff is made of)
    service: HandoffService,
    session_id: str,
    from_: str,
    to: str,
    *,
    next_step: str | None,
    available: int | None,
    allowed: bool,
) -> Handoff:
    """Make and record a handoff; see `Session.hand_over`."""
    if available is not None and (not isinstance(available, int) or available < 0):
        raise ValueError(f"available must be 0 tokens or more, not {available!r}")
    package, warning = service.create(
        session_id, from_, to, next_step=next_step, available=available, agreed=allowed
    )
    sizes = {one["handoff_id"]: one for one in service.handoffs(session_id)}
    made = sizes[package.handoff_id]
    return Handoff(package, service.context(package), warning, made["size"], made["original_size"])


def validate_handoff(
    package: Package | Mapping[str, Any] | bytes | Path,
    project: Path | None = None,
    *,
    allowed: bool = False,
    env: Mapping[str, str] | None = None,
) -> Package:
    """The package, once it is sure that it is whole and may be taken over.

    It is given as a package, a dictionary, the bytes of a file, or the path of one. The settings
    are those of the project, or the built-in ones. Raises PackageError, IntegrityError,
    AgentCompatibilityError (unless the pair is `allowed`) or TokenBudgetError.
    """
    from clearpoint.config.defaults import DEFAULTS
    from clearpoint.handoffs.pipeline import HandoffService

    settings = DEFAULTS["handoffs"]
    if project is not None:
        known = os.environ if env is None else env
        folder = existing_folder(project)
        settings = HandoffService(folder, state_root(folder, known), known).settings
    found, _ = validate.taken(_bytes_of(package))
    validate.admit(found, settings, measure=count, agreed=allowed)
    return found


def _bytes_of(package: Package | Mapping[str, Any] | bytes | Path) -> bytes:
    if isinstance(package, bytes):
        return package
    if isinstance(package, Package):
        return json.dumps(package.plain).encode()
    if isinstance(package, Mapping):
        return json.dumps(dict(package)).encode()
    if not isinstance(package, str | os.PathLike):
        raise HandoffError(f"a handoff is a package, a dictionary, bytes or a path: {package!r}")
    try:
        return read_bytes(os.fspath(package), validate.FILE_BYTES + 1, follow=True)
    except OSError as error:
        raise HandoffError(f"{package}: {error.strerror}") from None
