"""What a model's name tells about how it counts. Pure.

Models up to 4.6 share one tokenizer, about 1.15 times cl100k_base; newer ones count 1.5 to 1.75
times. Where a name tells no version, something between is the first guess.
"""

from __future__ import annotations

FAMILIES = {"early": (1.0, 0.2, 1.0), "late": (1.42, 0.2, 2.0), "unknown": (1.2, 0.3, 2.0)}
"""Scale against models up to 4.6, spread of the scale, and factor on every other spread."""
LAST_EARLY = (4, 6)
VERSION_MARKS = "[@._:/"
DATE_DIGITS = 8


def plain_name(model: str | None) -> str:
    """A model's name without the mark of a longer window."""
    return (model or "").removesuffix("[1m]")


def is_same(one: str | None, other: str | None) -> bool:
    """Whether two names mean one model: an alias is the full name without its date."""
    short, long = sorted((_bare_name(one), _bare_name(other)), key=len)
    date = long[len(short) :]
    dated = len(date) > DATE_DIGITS and date[1 : DATE_DIGITS + 1].isdigit()
    return long.startswith(short) and (dated or not date)


def _bare_name(model: str | None) -> str:
    """A model's name without the provider before it."""
    name = plain_name(model)
    return name[max(0, name.find("claude")) :]


def version_of(model: str) -> tuple[int, int] | None:
    """Major and minor version in a model's name, None where it tells none."""
    _, found, rest = model.lower().partition("claude")
    for mark in VERSION_MARKS:
        rest = rest.replace(mark, "-")
    numbers = [int(part) for part in rest.split("-") if part.isdigit() and len(part) < 3]
    return (numbers[0], numbers[1] if len(numbers) > 1 else 0) if found and numbers else None


def family_of(model: str) -> str:
    """The family of models that count alike."""
    version = version_of(model)
    if version is None:
        return "unknown"
    return "early" if version <= LAST_EARLY else "late"


def drops_thinking(model: str) -> bool:
    """Whether earlier turns' thinking leaves the context: before Opus 4.5 and Sonnet 4.6."""
    version = version_of(model)
    return version is not None and version < ((4, 5) if "opus" in model else (4, 6))
