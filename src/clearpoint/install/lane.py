"""The compiled lane: the modules that hooks load, in one file for the current interpreter.

A hook spends most of its time looking for modules. The lane holds them compiled, so that Python
starts without its own search (`-S`) and opens one file instead of fifty. It belongs to one
installation: it carries the time of the installation's record, and where that has changed, or the
file is missing, the hooks load the ordinary modules.
"""

from __future__ import annotations

import ast
import importlib.util
import marshal
import os
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from clearpoint.install.lane_start import START
from clearpoint.lowlevel.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from types import CodeType

    Made = tuple[tuple[str, ...], CodeType, bool]
    """A module: those it imports as it is loaded, its code, and whether it is a package."""

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

FOLD = ("advice.breaks", "redaction.prefilter", "tokens.usage", "work.branches", "work.fold")
"""What is imported where an entry of the transcript is taken into the state."""
ALWAYS = {
    "user_prompt_submit": (),
    "stop": FOLD,
    "statusline": ("store.agents",),
    "session_start": ("reload.excerpt", "reload.sections", "reload.view"),
    "pre_compact": FOLD,
    "session_end": (*FOLD, "history.keep", "history.transcripts", "session.archive"),
}
"""Events whose modules are read at once, each with what it imports late in the usual case.

Code that is read at once shares its names, and making a name once more is half of what it takes.
"""

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
    """The lane's bytes for an installation: the program, and behind it the codes of the modules."""
    site = record.parent.parent
    files = dict(modules(site))
    made: dict[str, Made] = {}
    for name, path in files.items():
        tree = stripped(ast.parse(path.read_text(encoding="utf-8")))
        needed = tuple(dict.fromkeys(imported(tree, files)))
        made[name] = needed, code_of(tree, str(path)), path.name == "__init__.py"
    data = bytearray()
    places = {name: kept(data, one) for name, one in made.items()}
    events = {}
    for event, also in ALWAYS.items():
        names = reached([f"{PACKAGE}.{one}" for one in ("door", f"handlers.{event}", *also)], made)
        events[event] = kept(data, {name: made[name] for name in names})
    start = START.format(
        site=str(site),
        record=str(record),
        stamp=record.stat().st_mtime_ns,
        package=PACKAGE,
        index=kept(data, places),
        size=len(data),
        events=events,
    )
    program = marshal.dumps(code_of(ast.parse(start), NAME))
    return importlib.util.MAGIC_NUMBER + UNCHECKED + program + bytes(data)


def kept(data: bytearray, what: Any) -> tuple[int, int]:
    """Put something behind the data; where it is and how long."""
    packed = marshal.dumps(what)
    data += packed
    return len(data) - len(packed), len(packed)


def reached(names: Iterable[str], made: Mapping[str, Made]) -> list[str]:
    """The modules with all that they import as they are loaded."""
    found: list[str] = []
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.append(name)
            waiting += made[name][0]
    return sorted(found)


def modules(site: Path) -> Iterator[tuple[str, Path]]:
    """Each module's name and file, packages before what is in them."""
    for path in sorted((site / PACKAGE).rglob("*.py")):
        parts = path.relative_to(site).with_suffix("").parts
        if len(parts) > len((PACKAGE, "door")) and parts[1] not in KEPT:
            continue
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imported(tree: ast.Module, known: Collection[str]) -> Iterator[str]:
    """The modules that one imports as it is loaded, as far as they are among those known."""
    for node in tree.body:
        names = []
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
        elif isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        for name in names:
            parts = name.split(".")
            yield from (head for length in range(1, len(parts) + 1)
                        if (head := ".".join(parts[:length])) in known)  # fmt: skip


class _Stripping(ast.NodeTransformer):
    """Takes the annotations from functions, and what is for type checkers only."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Leave the arguments their names and defaults."""
        given = node.args
        for one in (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg):
            if one is not None:
                one.annotation = None
        node.returns = None
        return self.generic_visit(node)

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.AST]:
        """Leave what stands behind `else`."""
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return [self.visit(one) for one in node.orelse]
        return self.generic_visit(node)


def stripped(tree: ast.Module) -> ast.Module:
    """A module without what no hook reads: annotations of functions, imports for type checkers."""
    found: ast.Module = _Stripping().visit(tree)
    return found


def code_of(tree: ast.Module, path: str) -> CodeType:
    """Compiled source, without assertions and docstrings."""
    return compile(tree, path, "exec", dont_inherit=True, optimize=2)
