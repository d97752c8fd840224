"""A module as the compiled lane holds it: what it takes to load, and little to run. Pure.

An import statement looks for more than it needs: in the lane it is a look-up. Functions that a
usual event does not call are compiled by themselves, and read when they are first called.
"""

from __future__ import annotations

import ast
from inspect import CO_VARARGS, CO_VARKEYWORDS
from types import CodeType
from typing import TYPE_CHECKING, NamedTuple

from clearpoint.install.lane_constants import with_constants

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

FLAGS = annotations.compiler_flag
MODULE_OF = "__module_of__"
"""What the lane's program calls the function that gives a module by its name."""

Given = tuple[str, str, str]
"""A name that a module imports: as it calls it, from where, and its name there; none for all."""


class Part(NamedTuple):
    """What loads one module."""

    needed: tuple[str, ...]
    """The modules that it imports as it is loaded."""
    given: tuple[Given, ...]
    code: CodeType
    is_package: bool
    later: tuple[str, ...]
    """The functions that `code` leaves out."""


class Source:
    """A module of the lane: its syntax, from which its parts are compiled."""

    def __init__(self, name: str, path: str, text: str, known: Collection[str]) -> None:
        """`known` are all modules of the lane."""
        tree: ast.Module = _Cheaper(known).visit(ast.parse(text))
        self.name = name
        self.path = path
        self.is_package = path.endswith("__init__.py")
        self.needed = tuple(dict.fromkeys(needed_by(tree, known)))
        self.given = tuple(given_to(tree, known))
        self.body = [node for node in tree.body if not is_settled(node, known)]
        self.functions = functions(self.body)
        bound = [name for node in self.body for name in bound_by(node)]
        self.body = with_constants(self.body, {one for one in bound if bound.count(one) == 1})

    def part(self, called: Collection[str] | None = None) -> Part:
        """What loads the module with the functions that are called; with all by default."""
        later = {} if called is None else {
            name: node for name, node in self.functions.items() if name not in called
        }  # fmt: skip
        left_out = set(map(id, later.values()))
        body = [node for node in self.body if id(node) not in left_out]
        code = compiled(body, self.path)
        return Part(self.needed, self.given, code, self.is_package, tuple(later))

    def function(self, name: str) -> CodeType:
        """What defines one function."""
        return compiled([self.functions[name]], self.path)


def compiled(body: list[ast.stmt], path: str) -> CodeType:
    """Compiled statements of a module, without assertions and docstrings."""
    tree = ast.Module(body, type_ignores=[])
    return with_few_names(compile(tree, path, "exec", FLAGS, dont_inherit=True, optimize=2))


def with_few_names(code: CodeType) -> CodeType:
    """The same code with the same few names for what is its own: each other one takes time.

    Parameters keep theirs, and so does what an inner function uses.
    """
    parameters = code.co_argcount + code.co_kwonlyargcount
    parameters += bool(code.co_flags & CO_VARARGS) + bool(code.co_flags & CO_VARKEYWORDS)
    names = [
        name if place < parameters or name in code.co_cellvars else f"_{place}"
        for place, name in enumerate(code.co_varnames)
    ]
    consts = (with_few_names(one) if isinstance(one, CodeType) else one for one in code.co_consts)
    return code.replace(co_varnames=tuple(names), co_qualname=code.co_name, co_consts=tuple(consts))


def needed_by(tree: ast.Module, known: Collection[str]) -> Iterator[str]:
    """The modules that one imports as it is loaded, as far as they are among those known."""
    for node in tree.body:
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
        elif isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        for name in names:
            parts = name.split(".")
            yield from (head for length in range(1, len(parts) + 1)
                        if (head := ".".join(parts[:length])) in known)  # fmt: skip


def given_to(tree: ast.Module, known: Collection[str]) -> Iterator[Given]:
    """The names that a module imports from others of the lane as it is loaded."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and is_of_lane(node, known):
            yield from (given_by(node, one, known) for one in node.names)


def given_by(node: ast.ImportFrom, one: ast.alias, known: Collection[str]) -> Given:
    """One name that an import brings: a module, or what is in one."""
    inner = f"{node.module}.{one.name}"
    place, name = (inner, "") if inner in known else (node.module or "", one.name)
    return one.asname or one.name, place, name


def is_of_lane(node: ast.stmt, known: Collection[str]) -> bool:
    """Whether a statement imports names from a module of the lane.

    Those that it imports from the whole package can be other packages, which are not in the lane.
    """
    if not isinstance(node, ast.ImportFrom) or (node.module or "") not in known:
        return False
    place = node.module or ""
    names = (one.name for one in node.names)
    return "." in place or all(name[:2] == "__" or f"{place}.{name}" in known for name in names)


def is_settled(node: ast.stmt, known: Collection[str]) -> bool:
    """Whether a statement has nothing left to do when the lane's program has loaded a module."""
    is_future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
    return is_future or is_of_lane(node, known)


def functions(body: list[ast.stmt]) -> Mapping[str, ast.FunctionDef]:
    """The functions that can be defined later: plain ones, of a name that nothing else has."""
    found = {node.name: node for node in body if isinstance(node, ast.FunctionDef)}
    names = [name for node in body for name in bound_by(node)]
    return {name: node for name, node in found.items()
            if names.count(name) == 1 and not node.decorator_list}  # fmt: skip


def bound_by(node: ast.stmt) -> Iterator[str]:
    """The names that a statement of a module may set."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
        return
    for one in ast.walk(node):
        if isinstance(one, ast.FunctionDef | ast.ClassDef):
            yield one.name
        elif isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            yield one.id
        elif isinstance(one, ast.alias):
            yield one.asname or one.name.partition(".")[0]


class _Cheaper(ast.NodeTransformer):
    """Takes away what is for type checkers only, and makes imports within functions look-ups."""

    def __init__(self, known: Collection[str]) -> None:
        self.known = known
        self.is_in_function = False

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Leave the arguments their names and defaults."""
        given = node.args
        for one in (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg):
            if one is not None:
                one.annotation = None
        node.returns = None
        outer, self.is_in_function = self.is_in_function, True
        self.generic_visit(node)
        self.is_in_function = outer
        return node

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.AST]:
        """Leave what stands behind `else`."""
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return [self.visit(one) for one in node.orelse]
        return self.generic_visit(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | list[ast.stmt]:
        """Look a module of the lane up instead of importing it."""
        if not self.is_in_function or not is_of_lane(node, self.known):
            return node
        return [self.looked_up(node, *given_by(node, one, self.known)) for one in node.names]

    def looked_up(self, node: ast.ImportFrom, own: str, place: str, name: str) -> ast.stmt:
        """The statement that gives a name what is looked up."""
        value: ast.expr = ast.Call(ast.Name(MODULE_OF, ast.Load()), [ast.Constant(place)], [])
        if name:
            value = ast.Attribute(value, name, ast.Load())
        made = ast.Assign([ast.Name(own, ast.Store())], value)
        return ast.fix_missing_locations(ast.copy_location(made, node))
