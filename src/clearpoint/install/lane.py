"""The compiled lane: the modules that hooks load, in one file for the interpreter at hand.

A hook spends most of its time looking for modules. The lane holds them compiled, so that Python
starts without its own search (`-S`) and opens one file instead of fifty. It belongs to one
installation: it carries the time of the installation's record, and where that has changed, or the
file is missing, the hooks load the ordinary modules.
"""

from __future__ import annotations

import importlib.util
import marshal
import os
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from clearpoint.lowlevel.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType

NAME = "clearpoint-lane.pyc"
PACKAGE = "clearpoint"
KEPT = frozenset(
    ("advice", "budget", "client", "config", "handlers", "handoffs", "history", "lineage",
     "lowlevel", "project", "redaction", "reload", "session", "statusline", "store", "text",
     "tokens", "transcript", "work")
)  # fmt: skip
"""Packages that hooks load in the usual case; the door and the package itself go with them."""
UNCHECKED = (1).to_bytes(4, "little") + bytes(8)
"""In a compiled file: it is not compared with a source. Source: PEP 552."""

State = Literal["ready", "stale", "missing"]

START = """
import gc
import os
import sys

gc.disable()  # a hook is over before a collection could pay for itself
SITE = {site!r}
sys.path.append(SITE)
try:
    fits = os.stat({record!r}).st_mtime_ns == {stamp}
except OSError:
    fits = False
if fits:
    import marshal

    CODES = {codes}
    Spec = type(sys.__spec__)

    class Lane:
        @staticmethod
        def find_spec(name, path=None, target=None):
            found = CODES.get(name)
            if found is None:
                return None
            spec = Spec(name, Lane, origin=SITE + found[0], is_package=found[1])
            if found[1]:
                spec.submodule_search_locations = [os.path.dirname(spec.origin)]
            return spec

        @staticmethod
        def create_module(spec):
            return None

        @staticmethod
        def exec_module(module):
            spec = module.__spec__
            module.__file__ = spec.origin
            exec(marshal.loads(CODES[spec.name][2]), module.__dict__)

    sys.meta_path.insert(0, Lane)
event = sys.argv.pop(1)
from clearpoint.door import run

run("clearpoint.handlers." + event)
"""
"""What the lane does when it is started with an event's name."""


def build(executables: Path) -> Path | None:
    """Compile the lane beside the executables and give its path; None where it cannot serve.

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
    return "ready" if record and path.read_bytes() == compiled(record) else "stale"


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
    """The lane's bytes for an installation."""
    site = record.parent.parent
    start = START.format(
        site=str(site),
        record=str(record),
        stamp=record.stat().st_mtime_ns,
        codes=dict(modules(site)),
    )
    return importlib.util.MAGIC_NUMBER + UNCHECKED + marshal.dumps(code_of(start, NAME))


def modules(site: Path) -> Iterator[tuple[str, tuple[str, bool, bytes]]]:
    """Each module's name with its path below `site`, whether it is a package, and its code."""
    for path in sorted((site / PACKAGE).rglob("*.py")):
        parts = path.relative_to(site).with_suffix("").parts
        if len(parts) > len((PACKAGE, "door")) and parts[1] not in KEPT:
            continue
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        code = marshal.dumps(code_of(path.read_text(encoding="utf-8"), str(path)))
        yield name, (str(path).removeprefix(str(site)), is_package, code)


def code_of(source: str, path: str) -> CodeType:
    """Compiled source, without assertions and docstrings."""
    return compile(source, path, "exec", dont_inherit=True, optimize=2)
