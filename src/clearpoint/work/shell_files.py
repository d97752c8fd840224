"""Which files the commands of a shell line read, write, move and remove. Pure. Fast lane.

Known from the commands alone; of the output only that the shell could not do something. What a
command does to files that it does not name is not known, and left out.
"""

from __future__ import annotations

from itertools import pairwise

from clearpoint.work import marks, named_files, shell, shell_command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from clearpoint.work.shell_command import Command

    Effect = tuple[str, str]

NOWHERE = "/dev/null"
SILENT = ("cd", "export", "set", "mkdir", "touch", "rm", "cp", "mv", "true", "sleep", "source", "")
ECHOING = ("echo", "printf")
LOST = ("No such file", "cannot open", "can't open", "can't read", "cannot stat", "cannot access",
        "Permission denied", "Is a directory", "cannot remove", "cannot create", "not found",
        "cannot overwrite", "bad source", "did not match")  # fmt: skip
"""What the shell and its tools say of a file that they could not use."""


def effects(commands: list[Command], folder: str, output: str | None = None) -> Iterator[Effect]:
    """What commands that succeeded did to files, in order: what was done, and the path.

    `folder` is where the shell stood at the beginning. `output` is what they printed, where that
    is known: of a file that was to be printed and was not, nothing was read.
    """
    behind = {id(one): other for one, other in pairwise(commands)}
    for command, place in placed(reached(commands), folder):
        following = behind.get(id(command))
        is_silent = output is not None and (
            _printed_nothing(command, following, output) or _may_be_missing(commands, command)
        )
        for deed, path, is_literal in named_files.of(command.unwrapped()):
            is_shown = deed != named_files.READ or not is_silent
            if is_shown and is_literal and path and path != "-" and place is not None:
                full = shell.joined(place, path)
                if not is_device(full):
                    yield deed, full


def _may_be_missing(commands: list[Command], command: Command) -> bool:
    """Whether a file may not be there: nobody is told, and others wrote into the output as well."""
    if not any(target == NOWHERE for _, target, _ in command.redirections):
        return False
    printing = [
        one
        for number, one in enumerate(reached(commands))
        if one.name not in SILENT and not (number and commands[number - 1].joint == "|")
    ]
    return named_files.prints(command.unwrapped()) and len(printing) > 1


def _printed_nothing(command: Command, following: Command | None, output: str) -> bool:
    """Whether a command that prints a file has printed none of it."""
    if not named_files.prints(command.unwrapped()) or command.joint == "|":
        return False
    text = output.strip()
    told = following.words[1:] if following and following.name in ECHOING else []
    is_instead = command.joint == "||" and bool(told) and " ".join(told) == text
    return text in marks.EMPTY or is_instead


def reached(line: list[Command]) -> list[Command]:
    """The commands of a line that surely ran: not what stands behind `||`."""
    found: list[Command] = []
    is_alternative = False
    for command in line:
        if not is_alternative:
            found.append(command)
        is_alternative = command.joint == "||" or (is_alternative and command.joint == "|")
    return found


def is_device(path: str) -> bool:
    """Whether a path is a device, such as `/dev/null`; `/dev/shm` holds ordinary files."""
    return path.startswith("/dev/") and not path.startswith("/dev/shm/")  # noqa: S108


def placed(commands: Iterable[Command], folder: str) -> Iterator[tuple[Command, str | None]]:
    """Each command with the folder that it runs in, None if that is not known."""
    place: str | None = folder
    outside: list[str | None] = []
    for command in commands:
        outside += [place] * command.opens
        yield command, place
        if command.name == "cd" and command.joint not in ("|", "||"):
            place = _entered(command, place, folder)
        for _ in range(command.closes):
            place = outside.pop() if outside else place


def left_in(commands: Iterable[Command], folder: str) -> str | None:
    """Where a line that succeeded leaves the shell; None if that is not known."""
    line = list(commands)
    if not any(command.name == "cd" for command in line):
        return folder
    nothing = shell_command.Command()
    *_, (_, place) = placed([*line, nothing], folder)
    return place


def _entered(command: Command, place: str | None, folder: str) -> str | None:
    """Where `cd` leads; None if that is not known."""
    words = [word for word in command.words[1:] if word != "--"]
    if len(words) != 1 or not command.literal[-1] or words[0] == "-":
        return None
    if words[0].startswith("/"):
        return shell.joined(folder or "/", words[0])
    return None if place is None else shell.joined(place, words[0])


def is_lost(output: str, path: str) -> bool:
    """Whether the output says of a file that it could not be used."""
    name = path.rpartition("/")[2]
    if name not in output:
        return False
    return any(
        name in row and any(mark in row for mark in LOST) for row in output[:4_000].splitlines()
    )
