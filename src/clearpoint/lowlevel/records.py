"""Named tuples without `typing` and `collections`, which take as long as half a hook. Fast lane.

Where types are checked, `typing.NamedTuple` stands in for this one:

    if TYPE_CHECKING:
        from typing import NamedTuple
    else:
        from clearpoint.lowlevel.records import Record as NamedTuple
"""

from __future__ import annotations

from _operator import itemgetter  # the C half of `operator`

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Self


class Record(tuple):  # type: ignore[type-arg]
    """Base of a tuple whose places have the names of the class's annotations, in their order."""

    __slots__ = ()
    _fields: tuple[str, ...] = ()
    _defaults: dict[str, Any] = {}  # noqa: RUF012  (each class has its own)

    def __init_subclass__(cls) -> None:
        """Name the places, and remember what the class body gave some of them."""
        cls._fields = tuple(cls.__annotations__)
        cls._defaults = {name: vars(cls)[name] for name in cls._fields if name in vars(cls)}
        for place, name in enumerate(cls._fields):
            setattr(cls, name, property(itemgetter(place)))

    def __new__(cls, *values: Any, **named: Any) -> Self:
        """Fill the places by order, by name, and from the defaults; raises TypeError."""
        if len(values) == len(cls._fields) and not named:  # as nearly all are made
            return tuple.__new__(cls, values)
        names = cls._fields[len(values) :]
        if len(values) > len(cls._fields) or not named.keys() <= set(names):
            raise TypeError(f"{cls.__name__} has no such fields")
        known = {**cls._defaults, **named}
        if missing := [name for name in names if name not in known]:
            raise TypeError(f"{cls.__name__} lacks {', '.join(missing)}")
        return tuple.__new__(cls, (*values, *[known[name] for name in names]))

    def __getnewargs__(self) -> tuple[Any, ...]:
        """What a copy in another process is made of."""
        return tuple(self)

    def __repr__(self) -> str:
        """The record as it would be written."""
        fields = zip(self._fields, self, strict=True)
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in fields)})"

    def _asdict(self) -> dict[str, Any]:
        """The fields by name."""
        return dict(zip(self._fields, self, strict=True))

    def _replace(self, **named: Any) -> Self:
        """The record with other values in some places."""
        return type(self)(**{**self._asdict(), **named})


def copied(value: Any) -> Any:
    """A plain JSON value once more, all the way down."""
    if isinstance(value, dict):
        return {key: copied(inner) for key, inner in value.items()}
    return [copied(inner) for inner in value] if isinstance(value, list) else value
