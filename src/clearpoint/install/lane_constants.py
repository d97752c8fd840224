"""Tables that a module works out as it is loaded, worked out when the compiled lane is built. Pure.

Only what follows from constants alone, by what changes nothing and always gives the same: built-in
functions and the methods of such values.
"""

from __future__ import annotations

import ast
import builtins
import marshal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection

BUILT_IN = ("bytes", "chr", "dict", "enumerate", "float", "frozenset", "int", "len", "list", "map",
            "max", "min", "ord", "range", "reversed", "set", "sorted", "str", "sum", "tuple",
            "zip")  # fmt: skip
WORKED_OUT = (ast.Call, ast.BinOp, ast.JoinedStr, ast.GeneratorExp, ast.ListComp, ast.Subscript)
"""What stands in an expression that takes more than to load a constant."""
LIMIT_BYTES = 32 << 10
"""A larger value is worked out as it was: reading it would take longer."""


def with_constants(body: list[ast.stmt], names: Collection[str]) -> list[ast.stmt]:
    """The statements of a module, those of these names with what they come to."""
    known: dict[str, Any] = {}
    return [worked_out(node, names, known) for node in body]


def worked_out(node: ast.stmt, names: Collection[str], known: dict[str, Any]) -> ast.stmt:
    """A statement, or what it comes to; a constant that it names is known from then on."""
    name, value = assigned(node)
    if name not in names or value is None:
        return node
    try:
        found = constant(value, known)
    except (ArithmeticError, AttributeError, LookupError, NameError, TypeError, ValueError):
        return node  # the module may do it in its own way
    known[name] = found
    is_quick = not any(isinstance(one, WORKED_OUT) for one in ast.walk(value))
    return node if is_quick else ast.copy_location(named(name, found), node)


def assigned(node: ast.stmt) -> tuple[str, ast.expr | None]:
    """The name that a statement gives a value, and the value; nothing for other statements."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign):
        targets = [node.target]
    if len(targets) == 1 and isinstance(targets[0], ast.Name):
        return targets[0].id, getattr(node, "value", None)
    return "", None


def named(name: str, value: Any) -> ast.stmt:
    """The statement that gives a name a constant."""
    target = ast.Name(name, ast.Store())
    return ast.fix_missing_locations(ast.Assign([target], ast.Constant(value), lineno=1))


def constant(value: ast.expr, known: dict[str, Any]) -> Any:
    """What an expression comes to; raises an error of any kind where that is no constant."""
    inner = {one.id for one in ast.walk(value)
             if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}  # fmt: skip
    for one in ast.walk(value):
        is_hidden = isinstance(one, ast.Attribute) and one.attr.startswith("_")
        if is_hidden or isinstance(one, ast.NamedExpr | ast.Lambda):
            raise ValueError("it may do more than give a value")
        if isinstance(one, ast.Name) and one.id not in {*inner, *known, *BUILT_IN}:
            raise ValueError("it depends on more than constants")
    code = compile(ast.Expression(value), "", "eval")
    given = {name: getattr(builtins, name) for name in BUILT_IN}
    found = eval(code, {"__builtins__": {}, **given, **known})  # noqa: S307
    if not is_constant(found) or len(marshal.dumps(found)) > LIMIT_BYTES:
        raise ValueError("it is none that code can hold")
    return found


def is_constant(value: Any) -> bool:
    """Whether code can hold a value: nothing that could be changed."""
    if type(value) in (tuple, frozenset):
        return all(map(is_constant, value))
    return value is None or type(value) in (str, bytes, int, float, bool)
