"""Tags: `@CONFIG-001` stands for a file or a text, kept once and called in by name.

A tag's name is capitals and digits joined by hyphens, with a number at its end. Finding them in a
prompt is cheap and needs the standard library only; what they stand for is read when it is needed.
"""

from __future__ import annotations

import os

from clearpoint import quickjson
from clearpoint.files import make_folder, read_bytes, write_atomically

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from clearpoint.models import Tag

NAME_CHARS = 64
CONTENT_BYTES = 200_000
LONG_CHARS = 400
"""A longer value of a context is worth a reference."""
SERIES = "CONTEXT"
FOUND_AT_MOST = 16


class TagError(ValueError):
    """A tag cannot be made or found; the text is one line for a person."""


def found_in(text: str) -> list[str]:
    """The tag names that a text calls for, each once, in order; whether they exist is not asked."""
    found: dict[str, None] = {}
    place = text.find("@")
    while place >= 0 and len(found) < FOUND_AT_MOST:
        end = place + 1
        while end < len(text) and _is_part(text[end]):
            end += 1
        name = text[place + 1 : end].rstrip("-")
        if is_name(name) and not (place and (text[place - 1].isalnum() or text[place - 1] == "@")):
            found[name] = None
        place = text.find("@", max(end, place + 1))
    return list(found)


def is_name(name: str) -> bool:
    """Whether this can name a tag: `CONFIG-001`, `API-SCHEMA-2`."""
    first, *others = name.split("-")
    return (
        len(name) <= NAME_CHARS
        and bool(others)
        and all(part and all(map(_is_part, part)) for part in (first, *others))
        and first[0].isalpha()
        and others[-1].isdigit()
    )


def _is_part(char: str) -> bool:
    return char == "-" or (char.isascii() and (char.isdigit() or char.isupper()))


def add(root: str, name: str, tag: Tag) -> None:
    """Keep a tag in the state folder; one of the same name is replaced. Raises TagError."""
    path = _path(root, name)
    make_folder(os.path.dirname(path))
    write_atomically(path, quickjson.encode(quickjson.pretty(dict(tag)) + "\n"))


def names(root: str) -> list[str]:
    """All tags that are kept, by name."""
    try:
        found = os.listdir(os.path.join(root, "tags"))
    except OSError:
        return []
    return sorted(name[:-5] for name in found if name.endswith(".json") and is_name(name[:-5]))


def read(root: str, name: str) -> Tag:
    """One tag; raises TagError where there is none, or it is damaged."""
    try:
        kept: Any = quickjson.loads(read_bytes(_path(root, name)))
    except FileNotFoundError:
        known = ", ".join(names(root)) or "none yet"
        raise TagError(f"no tag {name}; there are: {known}") from None
    except (OSError, quickjson.MalformedJSONError):
        raise TagError(f"tag {name} cannot be read; add it again") from None
    if not isinstance(kept, dict) or not isinstance(kept.get("text") or kept.get("path"), str):
        raise TagError(f"tag {name} is damaged; add it again")
    return {"text": kept.get("text"), "path": kept.get("path")}


def remove(root: str, name: str) -> None:
    """Forget a tag; raises TagError where there is none."""
    try:
        os.unlink(_path(root, name))
    except FileNotFoundError:
        raise TagError(f"no tag {name}") from None


def content(tag: Tag, project: str) -> str:
    """What a tag stands for: its text, or its file as it is now. Raises OSError."""
    if tag["text"] is not None:
        return tag["text"]
    path = os.path.join(project, tag["path"] or "")
    return read_bytes(path, CONTENT_BYTES).decode("utf-8", "replace")


def resolve(root: str, prompt: str, project: str, limit: int, measure: Callable[[str], int]) -> str:
    """What the tags of a prompt stand for, as context within `limit` tokens; empty without any.

    Beyond the limit, or where a file cannot be read, a tag gives a pointer. Unknown tags are left
    alone.
    """
    known = set(names(root))
    blocks = []
    left = limit
    for name in found_in(prompt):
        if name not in known:
            continue
        try:
            tag = read(root, name)
        except TagError as error:
            blocks.append(str(error))
            continue
        where = tag["path"] or f".clearpoint/tags/{name}.json"
        try:
            block = f"@{name} ({where}):\n{content(tag, project).rstrip()}"
        except OSError as error:
            blocks.append(f"@{name} stands for {where}, which cannot be put here: {error.strerror}")
            continue
        size = measure(block)
        if size > left:
            block = f"@{name} stands for {where}, {size} tokens: too long to be put here."
        left -= measure(block)
        blocks.append(block)
    return "\n\n".join(blocks)


def condense(
    context: Mapping[str, Any], taken: list[str], long_chars: int = LONG_CHARS
) -> tuple[dict[str, Any], dict[str, str]]:
    """A context with its long texts replaced by references, and what they stand for by name.

    `taken` are names that cannot be given out again. Pure, and `expand` undoes it.
    """
    made: dict[str, str] = {}

    def short(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: short(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [short(inner) for inner in value]
        if not isinstance(value, str) or len(value) <= long_chars:
            return value
        for name, text in made.items():
            if text == value:
                return f"@{name}"
        number = len(made) + 1
        while f"{SERIES}-{number:03}" in taken or f"{SERIES}-{number:03}" in made:
            number += 1
        made[f"{SERIES}-{number:03}"] = value
        return f"@{SERIES}-{number:03}"

    return {key: short(value) for key, value in context.items()}, made


def expand(context: Any, known: Mapping[str, str]) -> Any:
    """A context with its references replaced by what they stand for; unknown ones stay. Pure."""
    if isinstance(context, dict):
        return {key: expand(value, known) for key, value in context.items()}
    if isinstance(context, list):
        return [expand(value, known) for value in context]
    if isinstance(context, str) and context.startswith("@"):
        return known.get(context[1:], context)
    return context


def _path(root: str, name: str) -> str:
    if not is_name(name):
        raise TagError(f"{name!r} cannot name a tag: capitals and a number, as in CONFIG-001")
    return os.path.join(root, "tags", f"{name}.json")
