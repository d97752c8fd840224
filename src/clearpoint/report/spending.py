"""Where the tokens of a context are: by part of the budget, by tool, by file. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from clearpoint.attribution import breakdown
from clearpoint.attribution.parts import CALLS, FILES, MCP_TOOLS, MEMORY, RESULTS, TOOLS
from clearpoint.client.vocabulary import READ

if TYPE_CHECKING:
    from clearpoint.attribution.attribution import Attribution
    from clearpoint.attribution.breakdown import Row

COLUMNS = {TOOLS: "definition", MCP_TOOLS: "definition", CALLS: "calls", RESULTS: "results",
           FILES: "results"}  # fmt: skip
INDENT = 2


class Share(NamedTuple):
    """One line of the table by part."""

    name: str
    depth: int
    """0 for a category of the budget, 1 for its parts, 2 for a group, 3 for a name in it."""
    tokens: int
    percent: float
    allocated: int | None
    note: str


class Tool(NamedTuple):
    """What one tool takes."""

    name: str
    definition: int
    calls: int
    results: int

    @property
    def tokens(self) -> int:
        """All of it."""
        return self.definition + self.calls + self.results


class File(NamedTuple):
    """What one file takes; the same path may be there as memory and as read."""

    path: str
    tokens: int
    group: str


class Spending(NamedTuple):
    """The three tables; sizes in tokens, the largest first but for the parts."""

    window: int
    used: int
    estimated: bool
    parts: list[Share]
    tools: list[Tool]
    files: list[File]


def spending_of(attribution: Attribution) -> Spending:
    """The tables of an attribution."""
    return Spending(
        attribution["window"],
        attribution["used"],
        attribution["estimated"],
        [share(row) for row in breakdown.rows(attribution) if row.tokens or row.allocated],
        tools(attribution),
        files(attribution),
    )


def share(row: Row) -> Share:
    """A row of the breakdown, its indentation as a number."""
    name = row.label.lstrip()
    depth = (len(row.label) - len(name)) // INDENT
    return Share(name, depth, row.tokens, row.percent, row.allocated, row.note)


def tools(attribution: Attribution) -> list[Tool]:
    """What each tool takes by its definition, its calls and their results.

    An MCP server's definitions are counted for the server, as they are one part.
    """
    found: dict[str, dict[str, int]] = {}
    for part in attribution["parts"]:
        column = COLUMNS.get(part["group"])
        name = READ if part["group"] == FILES else part["name"]
        if column and name:
            taken = found.setdefault(name, {"definition": 0, "calls": 0, "results": 0})
            taken[column] += part["tokens"]
    ordered = [Tool(name, **taken) for name, taken in found.items()]
    return sorted(ordered, key=lambda tool: -tool.tokens)


def files(attribution: Attribution) -> list[File]:
    """What each file takes, read by a tool or loaded as memory."""
    return [
        File(part["name"], part["tokens"], part["group"])
        for part in attribution["parts"]
        if part["group"] in (FILES, MEMORY) and part["name"]
    ]
