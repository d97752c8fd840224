"""The way in of the command line: nothing is imported from folders that `PYTHONPATH` names.

`PYTHONPATH=.`, or an empty entry in it, would have every command import modules of the project it
is run in. The folders are taken from the path before anything but the interpreter's own start is
imported; that of our own package stays.
"""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run the command line."""
    sys.path[:] = without(sys.path, os.environ.get("PYTHONPATH", ""))
    if sys.argv[1:2] == ["search"]:
        import gc

        from clearpoint.search.quick import run as search

        gc.disable()  # over 100,000 sessions it would take longer than the search
        if (code := search(sys.argv[2:], os.environ)) is not None:
            return code
    from clearpoint.cli.main import main as run

    return run()


def without(path: list[str], named: str) -> list[str]:
    """The path without the folders in `PYTHONPATH`, but for the one that holds this package."""
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    foreign = {absolute(entry) for entry in named.split(os.pathsep)} if named else set()
    return [entry for entry in path if absolute(entry) == own or absolute(entry) not in foreign]


def absolute(entry: str) -> str:
    """A folder's whole path; as it is where the working folder is gone."""
    try:
        return os.path.abspath(entry)
    except OSError:
        return entry
