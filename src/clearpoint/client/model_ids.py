"""Model ids as the client reads them: one plain name for one model, from any provider. Pure.

Providers wrap the name: `us.anthropic.claude-sonnet-4-5-20250929-v1:0` on Bedrock,
`claude-sonnet-4-5@20250929` on Vertex, `anthropic/claude-sonnet-4.5` on OpenRouter. The client
finds the name inside; window, calibration and prices all go by it. Fast lane.
Source: what Claude Code 2.1.329 answered for some fifty ids.
"""

from __future__ import annotations

LONG_SUFFIX = "[1m]"
"""What asks for the window of a million tokens where a model has two."""
MARKS = "[@._:/ "
"""What stands before a date or version, or between its numbers, beside the dash."""
VERSION_DIGITS = 2
"""A longer number is a date."""
KNOWN_LIMIT = 64
_known: dict[str, str] = {}
"""Names that were asked for: one model answers thousands of lines."""


def is_long(model: str | None) -> bool:
    """Whether the id asks for the longer window."""
    return (model or "").lower().endswith(LONG_SUFFIX)


def whole_id(model: str | None) -> str:
    """The id in lower case, without the mark of the longer window."""
    return (model or "").lower().removesuffix(LONG_SUFFIX).strip()


def plain_name(model: str | None) -> str:
    """The model's name alone: `claude-opus-4-6` in any id of it, other ids in lower case.

    Provider, region, date, variant and the mark of the longer window are left out.
    """
    given = model or ""
    if given not in _known:
        if len(_known) >= KNOWN_LIMIT:
            _known.clear()
        _known[given] = _plain(given)
    return _known[given]


def _plain(model: str) -> str:
    name = whole_id(model)
    start = name.rfind("claude-")
    if start < 0:
        return name[name.rfind("/") + 1 :]
    return "-".join(["claude", *_words(name[start:])])


def _words(name: str) -> list[str]:
    """Family and version behind `claude`, as far as they go."""
    for mark in MARKS:
        name = name.replace(mark, "-")
    words: list[str] = []
    has_family = has_version = False
    for word in name.split("-")[1:]:
        if word.isdecimal():
            if len(word) > VERSION_DIGITS:
                break
            has_version = True
        elif not word or (has_family and has_version):
            break
        else:
            has_family = True
        words.append(word)
    return words


def is_same(one: str | None, other: str | None) -> bool:
    """Whether two ids mean one model, whichever window they ask for."""
    return plain_name(one) == plain_name(other)


def version_of(model: str | None) -> tuple[int, int] | None:
    """Major and minor version of a Claude model, None if its name tells none."""
    words = plain_name(model).split("-")
    numbers = [int(word) for word in words if word.isdecimal()]
    if words[0] != "claude" or not numbers:
        return None
    return numbers[0], numbers[1] if len(numbers) > 1 else 0
