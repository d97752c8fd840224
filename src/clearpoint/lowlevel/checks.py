"""Small checks of values whose origin is outside. Pure."""

from __future__ import annotations

from clearpoint.lowlevel import fast_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeGuard

NAME_CHARS = 4_096
"""The longest name or path; a longer text is something that was said, or is hostile."""
SESSION_ID_CHARS = 64
COUNT_LIMIT = 1 << 53
"""The largest whole number that every reader of JSON keeps exact."""


def is_name(value: Any) -> TypeGuard[str]:
    """Whether this is a text of a name's size."""
    return isinstance(value, str) and len(value) <= NAME_CHARS


def is_count(value: Any) -> TypeGuard[int]:
    """Whether this can be a count of tokens or bytes."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= COUNT_LIMIT


def is_session_id(value: Any) -> TypeGuard[str]:
    """Whether this is a plain identifier, which can be the name of a folder."""
    if not isinstance(value, str) or len(value) > SESSION_ID_CHARS:
        return False
    plain = value.replace("-", "").replace("_", "")
    return plain.isascii() and plain.isalnum()


def is_text(value: Any) -> bool:
    """Whether this is text of any size."""
    return isinstance(value, str)


def is_flag(value: Any) -> bool:
    """Whether this is true or false."""
    return isinstance(value, bool)


def is_object(value: Any) -> bool:
    """Whether this is a JSON object."""
    return isinstance(value, dict)


def has_keys(value: Any, pattern: dict[str, Any]) -> bool:
    """Whether an object has every key that the pattern has, and so on inside."""
    return isinstance(value, dict) and all(
        key in value and (not isinstance(inner, dict) or has_keys(value[key], inner))
        for key, inner in pattern.items()
    )


def whole_text(text: str) -> str:
    """The text with a mark in place of each half of a character, which nothing could write."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _whole(value: Any) -> Any:
    try:
        if isinstance(value, str):
            return whole_text(value)
        if isinstance(value, list):
            return [_whole(part) for part in value]
        if isinstance(value, dict):
            return {whole_text(key): _whole(part) for key, part in value.items()}
    except RecursionError:
        raise fast_json.MalformedJSONError("nested too deep") from None
    return value
