"""Tags: `@CONFIG-001` stands for a file or a text, kept once and called in by name.

A tag's name is two or more words of capitals and digits, joined by hyphens: `API-SCHEMA`. Finding
tags in a prompt is cheap and needs the standard library only; what a tag stands for is read when it
is needed.
"""

from __future__ import annotations

import errno
import os

from clearpoint.client import sanitize
from clearpoint.client.replies import units
from clearpoint.client.vocabulary import NOTIFICATION
from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.files import make_folder, read_bytes, write_atomically
from clearpoint.lowlevel.paths import portable
from clearpoint.store.layout import event_root
from clearpoint.tokens.sizes import estimated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from clearpoint.client.events import Event
    from clearpoint.models.config import Config
    from clearpoint.models.state import Tag

NAME_CHARS = 64
CONTENT_BYTES = 200_000
LONG_CHARS = 400
"""A longer value of a context is worth a reference."""
SERIES = "CONTEXT"
HANDOFFS = "HANDOFF"
"""The series of what a handoff package leaves out."""
HANDOFF_CHARS = 8
"""Of a handoff's id, in the name of its tags."""
FOUND_AT_MOST = 16
JOINT = "\n\n"
UNITS_LIMIT = 9_000
"""Of the client's limit for one string; the rest is for what else a prompt is told."""
MADE_KEPT = 20


class TagError(ValueError):
    """A tag cannot be made or found; the text is one line for a user."""


def found_in(text: str) -> list[str]:
    """The tag names that a text calls for, each once, in order; whether they exist is not asked."""
    found: dict[str, None] = {}
    place = text.find("@")
    while place >= 0 and len(found) < FOUND_AT_MOST:
        end = place + 1
        while end < len(text) and _is_part(text[end]):
            end += 1
        name = text[place + 1 : end].rstrip("-")
        is_inside = place > 0 and (text[place - 1].isalnum() or text[place - 1] == "@")
        is_cut = text[end : end + 1].isalnum() and text[end].isascii()  # API-Schema, API-1a
        if is_name(name) and not is_inside and not is_cut:
            found[name] = None
        place = text.find("@", max(end, place + 1))
    return list(found)


def is_name(name: str) -> bool:
    """Whether this can name a tag: `CONFIG-001`, `API-SCHEMA`."""
    first, *others = name.split("-")
    return (
        len(name) <= NAME_CHARS
        and bool(others)
        and all(part and all(map(_is_part, part)) for part in (first, *others))
        and first[0].isalpha()
    )


def _is_part(char: str) -> bool:
    return char == "-" or (char.isascii() and (char.isdigit() or char.isupper()))


def is_made(name: str) -> bool:
    """Whether a name is one that Clearpoint gives: to a long value, or to part of a handoff."""
    series, _, rest = name.partition("-")
    handoff, _, number = rest.partition("-")
    is_of_handoff = series == HANDOFFS and len(handoff) == HANDOFF_CHARS and number.isdigit()
    return is_of_handoff or is_long_value(name)


def is_long_value(name: str) -> bool:
    """Whether a name is one that `references` gives."""
    return name.startswith(f"{SERIES}-") and name[len(SERIES) + 1 :].isdigit()


def refuse_reserved(name: str) -> None:
    """Raise TagError for a name that Clearpoint may give to something else, or remove again."""
    if is_made(name):
        raise TagError(
            f"{name} is reserved for Clearpoint; choose another name, such as CONFIG-001"
        )


def called(root: str, prompt: str) -> list[str]:
    """The tags that a user's prompt calls for and that are kept."""
    if "@" not in prompt or prompt.startswith(NOTIFICATION):
        return []
    return [name for name in found_in(prompt) if os.path.exists(_path(root, name))]


def brought_in(event: Event, config: Config) -> str:
    """What the tags of a prompt bring in as context; empty if it calls for none."""
    root = event_root(event)
    found = called(root, event.text("prompt"))
    if not found:
        return ""
    limit = config["tags"]["max_tokens"]
    return resolve(root, found, event.project_dir, limit, estimated)


def add(root: str, name: str, tag: Tag) -> None:
    """Keep a tag in the state folder; one of the same name is replaced. Raises TagError."""
    path = _path(root, name)
    make_folder(os.path.dirname(path))
    write_atomically(path, fast_json.encode(fast_json.pretty(dict(tag)) + "\n"))


def names(root: str) -> list[str]:
    """All tags that are kept, by name."""
    try:
        found = os.listdir(os.path.join(root, "tags"))
    except OSError:
        return []
    return sorted(name[:-5] for name in found if name.endswith(".json") and is_name(name[:-5]))


def read(root: str, name: str) -> Tag:
    """One tag; raises TagError if there is none, or it is damaged."""
    try:
        kept: Any = fast_json.loads(read_bytes(_path(root, name)))
    except FileNotFoundError:
        known = ", ".join(names(root)) or "none yet"
        raise TagError(f"no tag {name}; available: {known}") from None
    except (OSError, fast_json.MalformedJSONError):
        raise TagError(f"tag {name} cannot be read; add it again") from None
    if not isinstance(kept, dict) or not isinstance(kept.get("text") or kept.get("path"), str):
        raise TagError(f"tag {name} is damaged; add it again")
    return {"text": kept.get("text"), "path": kept.get("path")}


def remove(root: str, name: str) -> None:
    """Forget a tag; raises TagError if there is none."""
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


def refuse_outside(tag: Tag, project: str) -> None:
    """Raise PermissionError for a file that is not in the project: Claude may ask to read it.

    The tag can have come with a repository, and the file can hold anything.
    """
    if tag["text"] is None:
        inside = os.path.realpath(project)
        path = os.path.realpath(os.path.join(inside, tag["path"] or ""))
        if os.path.commonpath((path, inside)) != inside:
            raise PermissionError(errno.EPERM, "it lies outside the project", path)


def resolve(
    root: str, called: list[str], project: str, limit: int, measure: Callable[[str], int]
) -> str:
    """What these tags stand for, as context within `limit` tokens and the client's own limit.

    Beyond either, or where a file cannot be read, a tag gives a pointer.
    """
    blocks: list[str] = []
    for name in called:
        try:
            tag = read(root, name)
        except TagError as error:
            blocks.append(str(error))
            continue
        where = tag["path"] or _shown(_path(root, name), project)
        try:
            refuse_outside(tag, project)
            text = content(tag, project).rstrip()
        except OSError as error:
            blocks.append(f"@{name} stands for {where}, which cannot be included: {error.strerror}")
            continue
        block = f"@{name} ({sanitize.line(where)}):\n{sanitize.lines(text)}"
        if is_too_long(JOINT.join([*blocks, block]), limit, measure):
            block = f"@{name} stands for {where}, too long to include: {len(text):,} characters"
        blocks.append(block)
    return JOINT.join(blocks)


def _shown(path: str, project: str) -> str:
    """A path as Claude can use it: from the project where it lies in it, else whole."""
    prefix = portable(project).rstrip("/") + "/"
    return portable(path).removeprefix(prefix) if project else path


def is_too_long(text: str, limit: int, measure: Callable[[str], int]) -> bool:
    """Whether a text is beyond this many tokens, or beyond what one prompt may bring in."""
    if units(text) > UNITS_LIMIT:
        return True
    return len(text.encode()) > limit and measure(text) > limit


def references(root: str, texts: list[str]) -> dict[str, str]:
    """Long texts with the names that stand for them; nothing is written."""
    known = {name: _text_of(root, name) for name in names(root)}
    short, _ = condense({text: text for text in texts}, known)
    return {text: name[1:] for text, name in short.items() if name != text}


def keep(root: str, references: Mapping[str, str]) -> None:
    """Keep long texts under their names; the oldest of those that were made like this go."""
    for text, name in references.items():
        add(root, name, {"text": text, "path": None})
    made = [_path(root, name) for name in names(root) if is_long_value(name)]
    for path in sorted(made, key=os.path.getmtime)[:-MADE_KEPT]:
        os.unlink(path)


def _text_of(root: str, name: str) -> str:
    try:
        return read(root, name)["text"] or ""
    except TagError:
        return ""


def condense(
    context: Mapping[str, Any], known: Mapping[str, str], long_chars: int = LONG_CHARS
) -> tuple[dict[str, Any], dict[str, str]]:
    """A context with its long texts replaced by references, and what new ones stand for by name.

    `known` are the names that stand for something already. Pure, and `expand` undoes it.
    """
    made: dict[str, str] = {}

    def short(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: short(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [short(inner) for inner in value]
        if not isinstance(value, str) or len(value) <= long_chars:
            return value
        for name, text in (*known.items(), *made.items()):
            if text == value:
                return f"@{name}"
        number = 1
        while (name := f"{SERIES}-{number:03}") in known or name in made:
            number += 1
        made[name] = value
        return f"@{name}"

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
        raise TagError(f"invalid tag name {name!r}{_suggestion(name)}")
    return os.path.join(root, "tags", f"{name}.json")


def _suggestion(name: str) -> str:
    """What to type in place of a name that no tag can have."""
    words = "".join(char if char.isascii() and char.isalnum() else "-" for char in name.upper())
    likely = "-".join(word for word in words.split("-") if word)
    for candidate in (likely, f"{likely}-001"):
        if is_name(candidate):
            return f"; did you mean {candidate}?"
    return ": use capitals and digits joined by hyphens, such as CONFIG-001 or API-SCHEMA"
