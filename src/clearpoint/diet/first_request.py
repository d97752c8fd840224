"""What the first request of a session carries, by part, from the transcript's own snapshot.

Newer clients write the system prompt and the tools of a request into the transcript. Each part is
measured and given its share of what the client counted. Older transcripts do not hold them.
"""

from __future__ import annotations

import json
import statistics
from typing import TYPE_CHECKING, Any, NamedTuple

from clearpoint.attribution.attribution import STANDING, segments_of
from clearpoint.attribution.parts import SYSTEM_PROMPT
from clearpoint.tokens.counts import counts_of, input_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

HEAD_BYTES = 8 << 20
"""A first request stands before this in any transcript."""


class Part(NamedTuple):
    """One part of the first request; sizes in the model's own tokens."""

    group: str
    name: str
    tokens: int


class FirstRequest(NamedTuple):
    """The first request of a session, the largest parts first."""

    path: str
    model: str
    is_attended: bool
    """Whether a user sat before it: `claude -p` lists other tools."""
    tokens: int
    """What it carried, as the client counted it."""
    parts: list[Part]


def first_request(path: str, measure: Callable[[str], int]) -> FirstRequest | None:
    """The first request of the session in a transcript; None if no snapshot of it is there.

    Raises OSError for a transcript that cannot be read.
    """
    entries = [*_until_answered(path)]
    segments = segments_of(enumerate(entries, 1), measure)
    if len(segments) == 1:
        return None
    sizes: dict[tuple[str, str], float] = {}
    for piece in segments[0].since:
        key = (piece.group, piece.name)
        sizes[key] = sizes.get(key, 0.0) + piece.size
    if not any(group == SYSTEM_PROMPT for group, _ in sizes):
        return None
    carried = segments[1].carried
    scale = carried / sum(sizes.values())
    parts = [
        Part(group, name, round(size * scale))
        for (group, name), size in sizes.items()
        if group in STANDING
    ]
    model = next((_model(one) for one in reversed(entries) if _model(one)), "")
    attended = not any(one.get("promptSource") == "sdk" for one in entries)
    return FirstRequest(path, model, attended, carried, sorted(parts, key=lambda one: -one.tokens))


def usual_beginning(paths: Iterable[str]) -> int:
    """Tokens of the first request of these sessions, in the median; 0 if none shows one."""
    found = [size for path in paths if (size := _beginning(path))]
    return round(statistics.median(found)) if found else 0


def _beginning(path: str) -> int:
    """Tokens of a session's first request; 0 for a transcript without one."""
    try:
        last = [*_until_answered(path)][-1:]
    except OSError:
        return 0
    counts = counts_of(last[0]) if last and _model(last[0]) else None  # type: ignore[arg-type]
    return input_of(counts) if counts else 0


def _until_answered(path: str) -> Iterator[dict[str, Any]]:
    """The entries up to the first response of the model."""
    with open(path, "rb") as stream:
        for line in stream.read(HEAD_BYTES).splitlines():
            try:
                entry = json.loads(line)
            except ValueError:
                continue  # a torn or foreign line
            if isinstance(entry, dict) and not entry.get("isSidechain"):
                yield entry
                if _model(entry):
                    return


def _model(entry: dict[str, Any]) -> str:
    """The model of a counted response; empty for any other entry."""
    message = entry.get("message")
    if entry.get("type") != "assistant" or not isinstance(message, dict):
        return ""
    usage, model = message.get("usage"), message.get("model")
    counted = isinstance(usage, dict) and any(
        isinstance(value, int) and value > 0 for value in usage.values()
    )
    return model if counted and isinstance(model, str) else ""
