"""The name that was probably meant by one that does not exist. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LIKELY = 0.6
TYPED_CHARS = 80


def nearest(typed: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant, None for a guess that would not help.

    The beginning of a name, or of one of its words, means that name if it fits no other; a slip of
    the finger means the most similar one.

    >>> nearest("impl", ["planning", "implementation"])
    'implementation'
    >>> nearest("tokens", ["token_usage", "message_count"])
    'token_usage'
    """
    import difflib  # few runs of the command line have a wrong name

    names, low = list(known), typed[:TYPED_CHARS].casefold()
    beginning = low.removesuffix("s")  # docs
    begun = [name for name in names if beginning and name.casefold().startswith(beginning)]
    if len(begun) == 1:
        return begun[0]
    whole = {name.casefold(): name for name in begun or names}
    words = {word: name for name in names for word in _words(name)}
    for parts, likely in ((whole, 0.0 if begun else LIKELY), (words, LIKELY)):
        if similar := difflib.get_close_matches(low, parts, 1, likely):
            return parts[similar[0]]
    return None


def hint(typed: str, known: Iterable[str]) -> str:
    """`; did you mean implementation?`, or nothing."""
    near = nearest(typed, known)
    return f"; did you mean {near}?" if near else ""


def _words(name: str) -> list[str]:
    """The words of a name of several."""
    words = name.casefold().replace("-", "_").replace(".", "_").split("_")
    return [word for word in words if len(word) > 3] if len(words) > 1 else []
