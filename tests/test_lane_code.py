"""A module in the compiled lane does what it did, with less to load."""

from __future__ import annotations

import ast
import json
import os
from importlib import import_module, util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import clearpoint
from clearpoint.install import lane
from clearpoint.install.lane_code import MODULE_OF, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

KNOWN = ("pack", "pack.inner", "pack.other")
MODULE = '''
"""A module."""
from __future__ import annotations
import os
from pack import inner, other as renamed
from pack.inner import value
TYPE_CHECKING = False
if TYPE_CHECKING:
    from pack.other import Kind
def usual(given: Kind, more: list[Kind] = [value]) -> Kind:
    from pack import other
    from pack.inner import value as late
    return given, more, other, late
def rare(given: int = value) -> int:
    return given + usual(1)[0]
def twice():
    return 1
if os.sep == "/":
    def twice():
        return 2
@staticmethod
def decorated():
    return 3
table = {"rare": rare}
'''


def source() -> Source:
    """That module as the lane takes it."""
    return Source("pack.made", "pack/made.py", MODULE, KNOWN)


def names_of(later: dict[str, Any]) -> dict[str, Any]:
    """The module's names where it was loaded with one function left out."""
    needed, given, code, _, left_out = source().part(["usual"])
    assert (needed, left_out) == (KNOWN, ("rare",))
    places: dict[str, Any] = {"pack.inner": {"value": 5}, "pack.other": {}}
    names: dict[str, Any] = {
        own: places[place][name] if name else place for own, place, name in given
    }
    names |= {name: later[name] for name in left_out}
    names["__builtins__"] = {**vars(__import__("builtins")), MODULE_OF: _Module}
    exec(code, names)  # noqa: S102
    return names


class _Module:
    """A module that says of each name where it is from."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Module) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __getattr__(self, name: str) -> str:
        return f"{self.name}.{name}"


@pytest.mark.parametrize("text", ["from pack import inner, beside", "from pack import beside"])
def test_a_package_that_is_not_in_the_lane_is_imported(text: str) -> None:
    late = f"def late():\n    {text}\n"
    made = Source("pack.made", "pack/made.py", f"{text}\n{late}", KNOWN)
    assert (made.given, [ast.unparse(node) for node in made.body]) == ((), [text, late.rstrip()])


def looked_up_by(made: Source) -> Iterator[tuple[str, str]]:
    """What a module looks up in others as it is loaded and later, as their names and its own."""
    yield from ((place, name) for _, place, name in made.given if name)
    for node in (inner for statement in made.body for inner in ast.walk(statement)):
        match node:
            case ast.Attribute(ast.Call(ast.Name(id), [ast.Constant(str(place))]), name):
                if id == MODULE_OF:
                    yield place, name


def test_all_that_is_looked_up_in_the_lane_is_there() -> None:
    files = dict(lane.modules(Path(clearpoint.__file__).parents[1]))
    made = [Source(name, str(path), path.read_text("utf-8"), files) for name, path in files.items()]
    found = {pair for one in made for pair in looked_up_by(one)}
    assert len(found) > 300
    assert [pair for pair in found if not hasattr(import_module(pair[0]), pair[1])] == []


def test_imports_are_looked_up() -> None:
    names = names_of({"rare": len})
    found = (names["inner"], names["renamed"], names["value"], names["usual"](1))
    late = (1, [5], _Module("pack.other"), "pack.inner.value")
    assert found == ("pack.inner", "pack.other", 5, late)


def test_a_function_left_out_is_defined_when_it_is_called() -> None:
    names = names_of({"rare": len})
    left_out = names["table"]["rare"]
    exec(source().function("rare"), names)  # noqa: S102
    assert (left_out, names["rare"]()) == (len, 6)


TABLES = """
import os
letters = "a b"
words = frozenset(letters.split())
doubled = tuple(2 * number for number in (1, 2))
signs = bytes(byte if byte in b"a" else 32 for byte in range(98))
here = os.sep.join(letters)
grown = [letters.upper()]
"""


def test_tables_are_worked_out_when_the_lane_is_built() -> None:
    code = Source("made", "made.py", TABLES, ()).part().code
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102
    found = [names[name] for name in ("words", "doubled", "signs", "here", "grown")]
    own = ["os", "letters", "words", "doubled", "signs", "here", "grown"]
    left = [name for name in code.co_names if name not in own]
    assert found == [{"a", "b"}, (2, 4), bytes([32] * 97) + b"a", f"a{os.sep} {os.sep}b", ["A B"]]
    assert left == ["sep", "join", "upper"]


def test_what_is_decorated_or_defined_twice_is_never_left_out() -> None:
    assert source().part([])[-1] == ("usual", "rare")


@pytest.mark.parametrize("event", ["user_prompt_submit", "stop", "session_start", "pre_compact"])
def test_what_was_recorded_of_hooks_is_still_there(event: str) -> None:
    folder = Path(clearpoint.__file__).parent
    recorded = json.loads((folder / "data" / lane.CALLED).read_text())[event]
    called = {(module, name) for module, names in recorded.items() for name in names}
    gone = called - {(module, name) for module in recorded for name in functions_of(module)}
    assert len(gone) <= len(called) / 10, "python benchmarks/recorded.py"


def functions_of(module: str) -> list[str]:
    """The functions of a module; none of one that is there no more."""
    try:
        spec = util.find_spec(module)
    except ModuleNotFoundError:
        return []
    body = ast.parse(Path(spec.origin).read_text()).body if spec and spec.origin else []
    return [
        node.name for node in ast.walk(ast.Module(body, [])) if isinstance(node, ast.FunctionDef)
    ]
