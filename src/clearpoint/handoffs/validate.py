"""Taking a package in: everything that can be wrong with one is found before anything is written.

In this order, so that each fault has one name: its size and shape and the paths that it names
(PackageError), the checksum (IntegrityError), the pair of agents (AgentCompatibilityError), the
tokens (TokenBudgetError).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from clearpoint.handoffs import checksum, compress, matrix
from clearpoint.handoffs.create import series_of
from clearpoint.handoffs.errors import IntegrityError, PackageError
from clearpoint.handoffs.package import Package
from clearpoint.store import tags
from clearpoint.text.phrases import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clearpoint.handoffs.compress import Measure
    from clearpoint.models.config import HandoffsConfig

FILE_BYTES = 1 << 20
TAGS = 16
TAG_CHARS = 20_000
FORMAT = 1
AGAIN = "get it again, or export it with clearpoint handoff export"
REASON_CHARS = 200


class Parcel(BaseModel):
    """What a file holds: a package, and the texts that its tags stand for."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    clearpoint_handoff: int
    package: Package
    tags: Annotated[
        dict[str, Annotated[str, StringConstraints(max_length=TAG_CHARS)]], Field(max_length=TAGS)
    ]
    tags_checksum: str


def written(package: Package, texts: Mapping[str, str]) -> bytes:
    """The bytes of a file for another machine."""
    parcel = {
        "clearpoint_handoff": FORMAT,
        "package": package.plain,
        "tags": dict(texts),
        "tags_checksum": checksum.checksum_of(dict(texts)),
    }
    return json.dumps(parcel, indent=1, ensure_ascii=False).encode() + b"\n"


def taken(data: bytes) -> tuple[Package, dict[str, str]]:
    """The package in a file or in the state folder, and the texts of its tags.

    Raises PackageError, IntegrityError.
    """
    if len(data) > FILE_BYTES:
        raise PackageError(f"the file has {len(data):,} bytes, more than {FILE_BYTES:,}; {AGAIN}")
    try:
        if b'"clearpoint_handoff"' not in data:
            package, texts = Package.model_validate_json(data), {}
        else:
            parcel = Parcel.model_validate_json(data)
            package, texts = parcel.package, parcel.tags
            _refuse_format(parcel)
    except ValidationError as error:
        raise PackageError(f"not a handoff package: {_reason(error)}; {AGAIN}") from None
    _refuse_paths(package)
    _refuse_tags(package, texts)
    if not package.is_whole:
        raise IntegrityError(
            f"handoff {package.handoff_id} was changed after it was made (its checksum does "
            f"not match); {AGAIN}"
        )
    return package, texts


def admit(
    package: Package, settings: HandoffsConfig, *, measure: Measure, agreed: bool = False
) -> str:
    """The warning that a whole package deserves, empty for none.

    `agreed` tells that a user has agreed to its pair of agents. Raises AgentCompatibilityError,
    TokenBudgetError.
    """
    plain = package.plain
    giver = checksum.giver(package.from_agent, plain["predecessor"])
    said = matrix.admit(settings, giver, package.to_agent, agreed=agreed)
    size = compress.size_of(plain["task_context"], measure)
    available = package.session_context.available_tokens
    if size > compress.limit_for(settings, available):
        raise compress.too_large(settings, available, size)
    return said


def _refuse_format(parcel: Parcel) -> None:
    if parcel.clearpoint_handoff != FORMAT:
        raise PackageError(
            f"the file has format {parcel.clearpoint_handoff}, and this version reads {FORMAT}: "
            "upgrade Clearpoint"
        )
    if parcel.tags_checksum != checksum.checksum_of(parcel.tags):
        raise IntegrityError(f"the texts beside the package were changed; {AGAIN}")


def _refuse_paths(package: Package) -> None:
    """Raise PackageError for a path that leads out of the project."""
    task, before = package.task_context, package.predecessor
    for path in [*task.key_artifacts.values(), *(before.files if before else ())]:
        parts = path.replace("\\", "/").split("/")
        drive = len(parts[0]) == 2 and parts[0].endswith(":")
        if not parts[0] or drive or ".." in parts or parts[0].startswith("~"):
            raise PackageError(f"it names {path!r}, which is not a path within a project; {AGAIN}")


def _refuse_tags(package: Package, texts: Mapping[str, str]) -> None:
    """Raise PackageError for a text under a tag that is not this very package's."""
    series = series_of(package.handoff_id)
    for name in texts:
        if not name.startswith(f"{series}-") or not tags.is_name(name):
            raise PackageError(
                f"it contains the tag {name[:40]!r}, which does not belong to it; {AGAIN}"
            )


def _reason(error: ValidationError) -> str:
    """The first thing that is wrong, in one line that quotes nothing."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"] if part != "package")
    text = f"{place}: {first['msg']}" if place else str(first["msg"])
    return printable(text)[:REASON_CHARS]
