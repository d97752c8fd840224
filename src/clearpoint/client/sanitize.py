"""The one door for text that Claude is given: no markup of the client's, no hidden characters.

Names of files, branches and agents, steps, answers and tags can hold anything. `line` is for what
stands on one line, `lines` for a text of several, and `outgoing` for a whole reply, which may
hold our own wrappers. Pure. Standard library only.
"""

from __future__ import annotations

VISIBLE = "\t\xa0\u200c\u200d\u3000"
"""Not printable by Python's rule, but part of words, emoji and what is written on one line."""
DROPPED = dict.fromkeys(map(ord, "\u00ad\u200b\u200e\u200f\u2060\u061c\ufeff"))
"""Soft hyphens, joiners of no width and marks of direction: they show nothing."""
CLIENT_TAGS = (
    "system-reminder", "task-notification", "command-name", "command-message", "command-args",
    "command-contents", "command-stdout", "command-stderr", "local-command-stdout",
    "local-command-stderr", "local-command-caveat", "bash-input", "bash-stdout", "bash-stderr",
    "user-prompt-submit-hook", "persisted-output", "teammate-message", "tool-use-error",
    "function-calls", "function-results", "tool-result",
)  # fmt: skip
"""What the client puts around its own words in a conversation."""
OWN_TAGS = ("held-prompt",)
"""What we put around a text that is quoted as it was typed."""
LOOKALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0455\u0442\u043c\u043d\u043a\u0501\uff1c"
    "\ufe64\u2039\u3008\u27e8\uff1e\ufe65\u203a\u3009\u27e9",
    "aeopcyxistmhkd<<<<<>>>>>",
)
"""Letters and brackets of other scripts that look like these."""
MARKUP = "<>\uff1c\ufe64\u2039\u3008\u27e8\uff1e\ufe65\u203a\u3009\u27e9"


def line(text: str) -> str:
    """The text as one line that closes no markup and hides nothing."""
    return _without_tags(_shown(text), CLIENT_TAGS + OWN_TAGS)


def lines(text: str) -> str:
    """The text with its line ends, none of which begins a turn of somebody else's."""
    return _quiet(_lines_shown(text), CLIENT_TAGS + OWN_TAGS)


def outgoing(text: str) -> str:
    """A whole reply as Claude gets it: like `lines`, but our own wrappers stay."""
    return _quiet(_lines_shown(text), CLIENT_TAGS)


def _shown(text: str) -> str:
    """The text without invisible characters; others that cannot be printed become `?`."""
    if text.isprintable():
        return text
    kept = text.translate(DROPPED)
    return "".join(char if char.isprintable() or char in VISIBLE else "?" for char in kept)


def _lines_shown(text: str) -> str:
    ended = text.replace("\r\n", "\n")
    return "\n".join(_shown(one) for one in ended.split("\n"))


def _quiet(text: str, tags: tuple[str, ...]) -> str:
    """Several lines without the tags, and with no line that reads as a new turn."""
    text = _without_tags(text, tags)
    if "\n" not in text or ("Human" not in text and "Assistant" not in text):
        return text
    import re

    return re.sub(r"(?m)^([ \t]{0,40})(Human|Assistant)(?=[ \t]{0,8}:)", r"\1(\2)", text)


def _without_tags(text: str, tags: tuple[str, ...]) -> str:
    """The text with `[name]` in place of each of these tags, however it is spelled."""
    if not any(sign in text for sign in MARKUP) and "&" not in text:
        return text
    alike = _folded(text)
    letters = "".join(filter(str.isalnum, alike))
    spelled = [_spelled(name) for name in tags if name.replace("-", "") in letters]
    if not spelled:  # compiling the pattern of all tags costs more than everything else here
        return text
    import re

    names = "|".join(spelled)
    near = r"[^\w<>]{0,8}"
    opened = rf"(?:<|&lt;|&\#0{{0,4}}60;|&\#x0{{0,4}}3c;)(?P<slash>{near})"
    closed = r"(?:[^<>\n]{0,300}?(?:>|&gt;|&\#0{0,4}62;|&\#x0{0,4}3e;))"
    pattern = re.compile(rf"{opened}(?P<name>{names}){closed}?|(?P<end>{names}){near}(?:>|&gt;)")
    done, start = [], 0
    for found in pattern.finditer(alike):
        name = "".join(filter(str.isalnum, found["name"] or found["end"]))
        slash = "/" if "/" in (found["slash"] or "") else ""
        done += [text[start : found.start()], f"[{slash}{_plain(name, tags)}]"]
        start = found.end()
    return "".join([*done, text[start:]])


def _plain(letters: str, tags: tuple[str, ...]) -> str:
    """`system reminder` for `systemreminder`."""
    return next(name for name in tags if name.replace("-", "") == letters).replace("-", " ")


def _spelled(name: str) -> str:
    """A pattern of a name with up to two other characters between any of its letters."""
    return r"(?:(?![<>])[\W_]){0,2}".join(name.replace("-", ""))


def _folded(text: str) -> str:
    """The text in small letters, character for character, each as what it looks like."""
    if text.isascii():
        return text.lower()
    from unicodedata import normalize

    def alike(char: str) -> str:
        small = char if char.isascii() else normalize("NFKC", char).lower().translate(LOOKALIKES)
        return small.lower() if len(small) == 1 else char

    return "".join(map(alike, text))
