"""The settings described: as a JSON schema for editors, and as the documented default file.

The texts are those of the models, and the values those that are built in.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, get_type_hints

from pydantic import TypeAdapter
from typing_extensions import is_typeddict

from clearpoint.config.defaults import DEFAULTS
from clearpoint.config.file import LIMITS, OPEN_TABLES
from clearpoint.models.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TITLE = "Clearpoint settings (config.toml)"
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
LINE_CHARS = 98
HEAD = """\
# Clearpoint settings. Every key is optional and shown with its default: uncomment a line to
# change it. `clearpoint config` shows what is in force, and from where.
"""


def schema() -> dict[str, Any]:
    """The JSON schema of a settings file: every key optional, unknown ones wrong."""
    for shape in _shapes(Config):
        shape.__pydantic_config__ = {"use_attribute_docstrings": True}
    made = TypeAdapter(Config).json_schema()
    rules = made.pop("$defs")
    described: Any = _table(_resolved(made, rules), DEFAULTS, "")
    return {"$schema": DIALECT, **described, "title": TITLE}


def documented(settable: tuple[str, ...] = ("",)) -> str:
    """The default settings as a TOML file that says what each key is for.

    Only those are in it whose names begin with one of `settable`.
    """
    return HEAD + "".join(_tables(schema(), _chosen(DEFAULTS, settable, ""), ()))


def _chosen(values: Any, settable: tuple[str, ...], prefix: str) -> dict[str, Any]:
    """The values of the keys that may be set, in their tables."""
    found: dict[str, Any] = {}
    for key, value in values.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and value and name not in OPEN_TABLES:
            if inner := _chosen(value, settable, f"{name}."):
                found[key] = inner
        elif name.startswith(settable):
            found[key] = value
    return found


def _shapes(shape: Any) -> Iterator[Any]:
    """A typed dictionary, and those in it."""
    yield shape
    for inner in get_type_hints(shape).values():
        if is_typeddict(inner):
            yield from _shapes(inner)


def _resolved(rule: Any, rules: dict[str, Any]) -> Any:
    """The rule with what it refers to put in."""
    if isinstance(rule, list):
        return [_resolved(one, rules) for one in rule]
    if not isinstance(rule, dict):
        return rule
    named = rule.get("$ref", "").rpartition("/")[2]
    found = {**rules[named], **rule} if named else rule
    return {key: _resolved(value, rules) for key, value in found.items() if key != "$ref"}


def _table(rule: dict[str, Any], value: Any, name: str) -> dict[str, Any]:
    """A rule with the built-in value and its limits; those of a table with its keys'."""
    found = {key: inner for key, inner in rule.items() if key not in ("required", "title")}
    if "description" in found:
        found["description"] = " ".join(found["description"].split())
    if "properties" in found:
        found["properties"] = {
            key: _table(inner, value[key], f"{name}.{key}".lstrip("."))
            for key, inner in found["properties"].items()
        }
        return {**found, "additionalProperties": False}
    if found.get("type") in ("integer", "number"):
        limit = [most for start, most in LIMITS.items() if name.startswith(start)]
        found |= {"minimum": 0, **({"maximum": limit[0]} if limit else {})}
    return {**found, "default": value}


def _tables(rule: dict[str, Any], values: Any, path: tuple[str, ...]) -> list[str]:
    """A table's own keys, then the tables in it."""
    rules, about = rule.get("properties", {}), rule.get("description", "")
    lines, inner = [], []
    for key, value in values.items():
        known = rules.get(key, {})
        if isinstance(value, dict):
            inner += _tables(known, value, (*path, key))
        else:
            lines += [*_comment(known.get("description", "")), f"#{_key(key)} = {toml(value)}"]
    is_open = ".".join(path) in OPEN_TABLES
    if path:
        told = [] if about.startswith("`[") and not is_open else _comment(about)
        title = [f"[{'.'.join(map(_key, path))}]"] if lines or is_open else []
        lines = ["", *told, *title, *lines] if told or title else []
    return ["".join(f"{line}\n" for line in lines), *inner]


def _comment(text: str) -> list[str]:
    """A text as comment lines."""
    lines, words = [], text.split()
    while words:
        line = "#"
        while words and len(line) + 1 + len(words[0]) <= LINE_CHARS:
            line += f" {words.pop(0)}"
        lines.append(line)
    return lines


def _key(name: str) -> str:
    return name if BARE_KEY.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def toml(value: Any) -> str:
    """A value as TOML writes it; of tables only those that fit on a line."""
    if isinstance(value, dict):
        items = ", ".join(f"{_key(key)} = {toml(one)}" for key, one in value.items())
        return f"{{ {items} }}" if items else "{}"
    return json.dumps(value, ensure_ascii=False)
