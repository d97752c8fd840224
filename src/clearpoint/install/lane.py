"""The compiled lane: the modules that hooks load, in one file for the current interpreter.

A hook spends most of its time looking for modules. The lane holds them compiled, so that Python
starts without its own search (`-S`) and opens one file instead of fifty. It belongs to one
installation: it carries the time of the installation's record, and where that has changed, or the
file is missing, the hooks load the ordinary modules.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
import marshal
import os
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from clearpoint.install import lane_code
from clearpoint.install.lane_code import Source
from clearpoint.install.lane_start import START
from clearpoint.lowlevel.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from types import CodeType

    Place = tuple[int, int]
    """Where something begins behind the program, and how long it is."""
    Called = Mapping[str, Mapping[str, list[str]]]

NAME = "clearpoint-lane.pyc"
PACKAGE = "clearpoint"
KEPT = frozenset(
    ("advice", "budget", "client", "config", "diet", "handlers", "handoffs", "history", "lineage",
     "lowlevel", "project", "redaction", "reload", "session", "statusline", "store", "text",
     "tokens", "transcript", "work")
)  # fmt: skip
"""Packages that hooks load in the usual case; the door and the package itself go with them."""
UNCHECKED = (1).to_bytes(4, "little") + bytes(8)
"""In a compiled file: it is not compared with a source. Source: PEP 552."""

CALLED = "hook_functions.json"
"""In the package's data: by event, the functions that it calls in the usual case, by module.

Of a session's start that is a new one; behind ` more` stands what another calls beyond that.
"""
MORE = " more"
DIGEST_BYTES = 32

State = Literal["ready", "stale", "missing"]


def build(executables: Path) -> Path | None:
    """Compile the lane beside the executables and return its path; None if it cannot serve.

    It cannot for an editable installation, whose modules change, on Windows, whose hooks start
    otherwise, and in a folder that cannot be written.
    """
    record = record_of_installation()
    if record is None or os.name == "nt":
        return None
    path = executables / NAME
    try:
        write_atomically(str(path), compiled(record))
    except OSError:
        return None
    return path


def state(executables: Path) -> State:
    """Whether the lane in this folder is the one that its installation would make."""
    path, record = executables / NAME, record_of_installation()
    if not path.exists():
        return "missing"
    return "ready" if record and is_made_from(record, path.read_bytes()) else "stale"


def is_made_from(record: Path, data: bytes) -> bool:
    """Whether a lane is whole, and of this installation as it is now."""
    origin, whole = data[-2 * DIGEST_BYTES : -DIGEST_BYTES], data[-DIGEST_BYTES:]
    return digest(data[:-DIGEST_BYTES]) == whole and origin == origin_of(record)


def record_of_installation() -> Path | None:
    """The record of an installation whose modules stand beside it; None for any other."""
    try:
        installed = distribution(PACKAGE)
    except PackageNotFoundError:
        return None
    files = [file for file in installed.files or () if file.name == "RECORD"]
    record = Path(os.path.abspath(str(files[0].locate()))) if files else None
    if record is None or not (record.parent.parent / PACKAGE / "door.py").exists():
        return None
    return record


def compiled(record: Path) -> bytes:
    """The lane's bytes for an installation: the program, and behind it the codes of the modules."""
    site = record.parent.parent
    data = bytearray()
    events, index = kept_codes(data, site)
    start = START.format(
        site=str(site),
        record=str(record),
        stamp=record.stat().st_mtime_ns,
        package=PACKAGE,
        module_of=lane_code.MODULE_OF,
        index=kept(data, index),
        size=len(data) + 2 * DIGEST_BYTES,
        events=events,
    )
    program = marshal.dumps(lane_code.compiled(ast.parse(start).body, NAME))
    made = importlib.util.MAGIC_NUMBER + UNCHECKED + program + bytes(data) + origin_of(record)
    return made + digest(made)


def origin_of(record: Path) -> bytes:
    """A digest of all that the lane is made from.

    Its own bytes would not do: a code's bytes depend on what else its process has loaded.
    """
    package = record.parent.parent / PACKAGE
    paths = (path for _, path in modules(package.parent))
    read = (*paths, package / "data" / CALLED, *sorted(Path(__file__).parent.glob("lane*.py")))
    made_for = f"{record} {record.stat().st_mtime_ns}".encode()
    return digest(b"".join((importlib.util.MAGIC_NUMBER, made_for, *map(Path.read_bytes, read))))


def digest(data: bytes) -> bytes:
    """What tells bytes from others."""
    return hashlib.sha256(data).digest()


def kept_codes(data: bytearray, site: Path) -> tuple[dict[str, list[Place]], dict[str, Place]]:
    """Put the codes of all modules behind the data.

    Gives the places of what each event needs, of each module by its name, and of the places of its
    functions by that and a colon.
    """
    files = dict(modules(site))
    sources = {
        name: Source(name, str(path), path.read_text(encoding="utf-8"), files)
        for name, path in files.items()
    }
    called = json.loads((site / PACKAGE / "data" / CALLED).read_text(encoding="utf-8"))
    events = {event: packs(event, called, sources) for event in called if MORE not in event}
    places = {event: [kept(data, pack) for pack in packed] for event, packed in events.items()}
    index = {name: kept(data, tuple(source.part())) for name, source in sources.items()}
    for name in sorted({name for packed in events.values() for pack in packed for name in pack}):
        if name in sources:
            functions = functions_of(sources[name], sources[name].functions)
            inner = {own.partition(":")[2]: kept(data, code) for own, code in functions.items()}
            index[f"{name}:"] = kept(data, inner)
    return places, index


def packs(event: str, called: Called, sources: Mapping[str, Source]) -> list[dict[str, Any]]:
    """What an event needs, by name: at once, and when it does more than in the usual case."""
    usual, further = called[event], called.get(event + MORE, {})
    handlers = f"{PACKAGE}.handlers"
    names = reached([f"{PACKAGE}.door", handlers, f"{handlers}.{event}", *usual], sources)
    first: dict[str, Any] = {name: tuple(sources[name].part(usual.get(name, ()))) for name in names}
    second: dict[str, Any] = {
        name: tuple(sources[name].part(further.get(name, ())))
        for name in reached(further, sources)
        if name not in first
    }
    for name, (*_, later) in first.items():
        wanted = set(later).intersection(further.get(name, ()))
        second.update(functions_of(sources[name], wanted))
    return [first, second] if second else [first]


def functions_of(source: Source, names: Iterable[str]) -> dict[str, CodeType]:
    """The codes that define some functions of a module."""
    return {f"{source.name}:{name}": source.function(name) for name in sorted(names)}


def kept(data: bytearray, what: Any) -> Place:
    """Put something behind the data; where it is and how long."""
    packed = marshal.dumps(what)
    data += packed
    return len(data) - len(packed), len(packed)


def reached(names: Iterable[str], sources: Mapping[str, Source]) -> list[str]:
    """The modules with all that they import as they are loaded."""
    found: list[str] = []
    waiting = [name for name in names if name in sources]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.append(name)
            waiting += sources[name].needed
    return sorted(found)


def modules(site: Path) -> Iterator[tuple[str, Path]]:
    """Each module's name and file, packages before what is in them."""
    for path in sorted((site / PACKAGE).rglob("*.py")):
        parts = path.relative_to(site).with_suffix("").parts
        if len(parts) > len((PACKAGE, "door")) and parts[1] not in KEPT:
            continue
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path
