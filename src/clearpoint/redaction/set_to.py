"""What stands after a name: words in quotes, or an expression that sets it. Pure. Fast lane."""

from __future__ import annotations

SETTING_CHARS = 60
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
FOUND = "[masked"
"""What stands where a secret was found."""


def is_quoted(text: str, end: int) -> bool:
    """Whether a name is set to words in quotes: `="two words 9!"`."""
    head = text[end : end + SETTING_CHARS].lstrip(LETTERS).lstrip(" \t")
    if head[:1] in ('"', "'", "`") and head[1:].lstrip(" \t)]")[:1] in ("=", ":"):
        head = head[1:]  # the name is quoted itself
    value = head.lstrip(" \t:=>)]")
    quote = value[:1]
    return quote in ('"', "'") and " " in value[1:].partition(quote)[0]


def is_settled(text: str, end: int) -> bool:
    """Whether a name is set by an expression: `=os.environ`, `: $TOKEN`; or what it names was found."""
    head = text[end : end + SETTING_CHARS].lstrip(LETTERS)
    if head.lstrip(" \t\"'`:=").startswith(FOUND):
        return True
    bare = head.lstrip(" \t\"'`)]")
    value = bare.lstrip(" \t:=>")
    if value[:2] in ("${", "$(") or (value[:1] == "$" and value[1:2].isupper()):
        return len(bare) > len(value)
    name = 0
    while value[name : name + 1].isidentifier() or value[name : name + 1] == ".":
        name += 1
    is_expression = "." in value[1 : name - 1] or value[name : name + 1] in ("(", "[")
    return bare[:1] in ("=", ":") and name > 0 and is_expression
