"""Paths in worktrees that are gone, made to lead to the checkout that is left. Pure."""

from __future__ import annotations

from clearpoint.lowlevel.paths import portable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from clearpoint.models.work import FileTouch, WorkState

OF_THE_CLIENT = "/.claude/worktrees/"
"""Where the client makes worktrees, in the main checkout. Source: measured on 2.1.329."""
KEPT = 8


def with_newest(checkouts: list[str], newest: str) -> list[str]:
    """The checkouts that the work was done in, with the one that it is done in now."""
    if checkouts[-1:] == [newest]:
        return checkouts
    return [*(one for one in checkouts if one != newest), newest][-KEPT:]


def of_the_client(work: WorkState) -> set[str]:
    """The client's own worktrees that files of the work lie in."""
    return {_of_the_client(path) for path in (*work["files"], *work["artifacts"])} - {""}


def relocate(work: WorkState, gone: Collection[str], here: str) -> None:
    """Have the paths in checkouts that are gone lead to the same files in the one that is here."""

    def moved(path: str) -> str:
        top = next((one for one in gone if path == one or path.startswith(one + "/")), None)
        return path if top is None else here + path[len(top) :]

    files: dict[str, FileTouch] = {}
    for path, touched in work["files"].items():
        files[moved(path)] = _together(files.get(moved(path)), touched)
    work["files"] = files
    work["artifacts"] = list(dict.fromkeys(map(moved, work["artifacts"])))
    work["named_artifacts"] = {name: moved(path) for name, path in work["named_artifacts"].items()}
    work["steps_entry"] = moved(work["steps_entry"])
    work["base"] = moved(work["base"])
    work["shell_folder"] = {}


def _of_the_client(path: str) -> str:
    """The client's worktree that a path lies in, empty for none."""
    before, mark, inside = portable(path).partition(OF_THE_CLIENT)
    name = inside.partition("/")[0]
    return f"{before}{mark}{name}" if before and name else ""


def _together(one: FileTouch | None, other: FileTouch) -> FileTouch:
    """What was done to one file under two paths: the newest, with all reads and edits."""
    if one is None:
        return other
    newest = max(one, other, key=lambda touched: touched["order"])
    return {
        **newest,
        "reads": one["reads"] + other["reads"],
        "edits": one["edits"] + other["edits"],
    }
