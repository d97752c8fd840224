"""The packages: no logic where they begin, one public interface, and pure modules that are pure."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import clearpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(clearpoint.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
IMPURE = frozenset(
    ("os", "pathlib", "shutil", "subprocess", "sys", "tempfile", "time", "datetime",
     "random", "clearpoint.lowlevel.files", "clearpoint.store", "clearpoint.config.load")
)  # fmt: skip
"""What gives a clock, a file or the environment."""


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def imports_of(tree: ast.AST) -> Iterator[str]:
    """The modules that a module imports when it runs, wherever in it."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)
        else:
            yield from imports_of(node)


def is_reexport(node: ast.stmt) -> bool:
    """Whether a statement only says what the package offers."""
    if isinstance(node, ast.ImportFrom):
        return True
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("*/__init__.py")), ids=name_of)
def test_a_package_begins_with_nothing_but_what_it_offers(path: Path) -> None:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    assert [ast.unparse(node) for node in body if not is_reexport(node)] == []


def test_only_the_ways_in_stand_beside_the_packages() -> None:
    assert {path.name for path in PACKAGE.glob("*.py")} == {"__init__.py", "command.py", "door.py"}


def is_pure(path: Path) -> bool:
    """Whether a module says of itself that it is pure."""
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return "Pure." in said.partition("\n")[0]


@pytest.mark.parametrize("path", [path for path in MODULES if is_pure(path)], ids=name_of)
def test_a_pure_module_has_no_clock_file_or_environment(path: Path) -> None:
    found = set(imports_of(ast.parse(path.read_text(encoding="utf-8"))))
    beginnings = {".".join(one.split(".")[:n]) for one in found for n in (1, 2, 3)}
    assert beginnings & IMPURE == set()


def parameters(member: object) -> str:
    """A function's parameters by name, `(self, used, window=)`; nothing for a property."""
    found = member.__func__ if isinstance(member, classmethod) else member
    if not inspect.isfunction(found):
        return ""
    known = inspect.signature(found).parameters.values()
    named = [one.name + "=" * (one.default is not one.empty) for one in known]
    return f"({', '.join(named)})"


def members(thing: type) -> set[str]:
    """The public members of a class and of ours that it extends, each with its parameters."""
    ours = [one for one in thing.__mro__ if one.__module__.startswith("clearpoint")]
    found = {name: one for base in reversed(ours) for name, one in vars(base).items()}
    return {name + parameters(one) for name, one in found.items() if not name.startswith("_")}


UPDATE_WORK = (
    "update_work(self, spec=, phase=, completed_step=, pending_step=, artifact=, decision=, issue=,"
    " note=)"
)
HAND_OVER = "hand_over(self, from_, to, next_step=, available=, allowed=)"


def test_the_public_interface_is_this() -> None:
    everything = {name: getattr(clearpoint, name) for name in clearpoint.__all__}
    errors = {name for name in everything if name.endswith("Error")}
    found = {
        name: members(thing) if inspect.isclass(thing) else parameters(thing)
        for name, thing in everything.items()
        if name not in errors
    }
    assert errors == {
        "AgentCompatibilityError", "CheckpointError", "HandoffError", "IntegrityError",
        "NewerStateError", "NoSessionError", "PackageError", "SessionError", "TagError",
        "TokenBudgetError", "WorkError",
    }  # fmt: skip
    assert found == {
        "Budget": {"percent", "available", "suggestions", "update(self, used)",
                   "on(self, level, callback)"},
        "Handoff": {"package", "context", "warning", "tokens", "original_tokens", "handoff_id",
                    "save(self, path)"},
        "Level": "",
        "Phase": "",
        "Reason": {"name", "text"},
        "Session": {
            "project", "create(cls, project, session_id=, model=, user_context=, env=)",
            "load(cls, project, session_id=, env=)", "list(cls, project, env=)",
            "session_id", "root", "folder", "state", "config", "current(self)", "work", "budget",
            "level", "checkpoints", "user_context", "tags", "files", "handoffs",
            UPDATE_WORK,
            "changing_work(self)", "resolve(self, issue)",
            "update_usage(self, used, window=)", "on(self, level, callback)",
            "summary(self, ratio=)", "should_clear(self)",
            HAND_OVER,
            "resumption_context(self, reason=)", "prepare_for_clear(self)",
            "fork(self, session_id=)", "checkpoint(self, name=)", "restore(self, name)",
        },
        "Summary": {"text", "tokens", "original_tokens", "messages", "ratio",
                    "original(self, pointer)"},
        "count_tokens": "(text)",
        "should_clear": "(context, config=)",
        "summarize": "(messages, ratio=)",
        "validate_handoff": "(package, project=, allowed=, env=)",
    }  # fmt: skip
