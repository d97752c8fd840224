"""Which files the commands of a shell line read, write, move and remove. Pure. Fast lane.

Known from the commands alone; of the output only that the shell could not do something. What a
command does to files that it does not name is not known, and left out.
"""

from __future__ import annotations

from clearpoint.work import shell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from clearpoint.work.shell import Command

    Effect = tuple[str, str]

READ, WRITE, CREATE, REMOVE = "read", "write", "create", "remove"
READERS = frozenset(("cat", "head", "tail", "less", "more", "wc", "nl", "bat", "tac", "sed", "grep",
                     "egrep", "fgrep", "rg", "awk", "jq", "diff", "sort", "cut", "xxd",
                     "od", "file", "uniq", "column", "yq"))  # fmt: skip
SCRIPTED = frozenset(("sed", "grep", "egrep", "fgrep", "rg", "awk", "jq", "yq"))
"""Readers whose first operand is a script or a pattern."""
SCRIPT_OPTIONS = ("-e", "-f", "--regexp", "--expression", "--file", "-E")
VALUED = {
    "head": ("-n", "-c"), "tail": ("-n", "-c"), "cut": ("-d", "-f", "-c"), "sort": ("-k", "-t"),
    "grep": ("-A", "-B", "-C", "-m", "-e", "-f", "--include", "--exclude"),
    "egrep": ("-A", "-B", "-C", "-m", "-e", "-f"), "fgrep": ("-A", "-B", "-C", "-m", "-e", "-f"),
    "rg": ("-A", "-B", "-C", "-m", "-e", "-f", "-g", "-t", "--glob", "--type"),
    "sed": ("-e", "-f"), "awk": ("-F", "-v", "-f"), "jq": ("--arg", "--argjson", "-f"),
    "tail -f": (), "xxd": ("-l", "-s"), "od": ("-N", "-j", "-t"), "nl": ("-b",), "bat": ("-r",
    "-l"),
    "column": ("-t", "-s"), "curl": (), "cp": ("-t",), "mv": ("-t",), "rm": (), "tee": (),
}  # fmt: skip
"""Options that take the next word."""
RECURSIVE = ("-r", "-R", "--recursive", "--files", "-l", "-rn", "-rln", "-rl")
LOST = ("No such file", "cannot open", "can't open", "can't read", "cannot stat", "cannot access",
        "Permission denied", "Is a directory", "cannot remove", "cannot create", "not found",
        "cannot overwrite", "bad source", "did not match")  # fmt: skip
"""What the shell and its tools say of a file that they could not use."""


def effects(commands: Iterable[Command], folder: str) -> Iterator[Effect]:
    """What commands that succeeded did to files, in order: what was done, and the path.

    `folder` is where the shell stood at the beginning.
    """
    for command, place in placed(commands, folder):
        for deed, path, is_literal in _of(command.unwrapped()):
            if is_literal and path and path != "-" and place is not None:
                full = shell.joined(place, path)
                if not is_device(full):
                    yield deed, full


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
    nothing = shell.Command()
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


def _of(command: Command) -> Iterator[tuple[str, str, bool]]:
    """What one command does to files, with whether the path is literal."""
    name = command.name
    if name == "git" and len(command.words) > 1:
        yield from _git(command)
    elif name in READERS:
        yield from _read(command, name)
    elif name in ("cp", "mv", "rm", "tee", "touch", "unlink"):
        yield from _moved(name, operands(command, name))
    elif name == "perl" and any(word.startswith("-") and "i" in word for word in command.words[:3]):
        yield from ((WRITE, word, sure) for word, sure in operands(command, name)[1:])
    yield from _redirected(command)


def _redirected(command: Command) -> Iterator[tuple[str, str, bool]]:
    for operator, target, is_literal in command.redirections:
        if operator == "<":
            yield READ, target, is_literal
        else:
            is_new = operator in (">", ">|") and command.text is not None
            yield CREATE if is_new else WRITE, target, is_literal


def operands(command: Command, name: str) -> list[tuple[str, bool]]:
    """The words of a command that are no options and no values of options."""
    found = []
    valued = VALUED.get(name, ())
    skip = ended = False
    for word, is_literal in zip(command.words[1:], command.literal[1:], strict=True):
        if skip:
            skip = False
        elif word == "--" and not ended:
            ended = True
        elif word.startswith("-") and len(word) > 1 and not ended:
            skip = word in valued
        else:
            found.append((word, is_literal))
    return found


def _read(command: Command, name: str) -> Iterator[tuple[str, str, bool]]:
    """A command that reads files; `sed -i` writes them."""
    options = [word for word in command.words[1:] if word.startswith("-")]
    rest = operands(command, name)
    in_place = name == "sed" and any(_is_in_place(option) for option in options)
    if in_place and rest and rest[0][0] == "":
        del rest[0]  # `-i ''`, as BSD's has it
    scripted = name in SCRIPTED and not any(
        option.startswith(SCRIPT_OPTIONS) and option != "-E" for option in options
    )
    rest = rest[1:] if scripted else rest
    if name in ("grep", "rg", "egrep", "fgrep") and (
        name == "rg" or any(_is_recursive(option) for option in options)
    ):
        rest = [(word, sure) for word, sure in rest if _has_ending(word)]
    for word, sure in rest:
        yield WRITE if in_place else READ, word, sure


def _is_in_place(option: str) -> bool:
    return option.startswith(("-i", "--in-place")) or option in ("-ni", "-Ei", "-ri")


def _is_recursive(option: str) -> bool:
    return option == "--recursive" or (
        not option.startswith("--") and not {"r", "R"}.isdisjoint(option)
    )


def _has_ending(word: str) -> bool:
    return "." in word.rpartition("/")[2].lstrip(".")


def _moved(name: str, rest: list[tuple[str, bool]]) -> Iterator[tuple[str, str, bool]]:
    """Files that are copied, moved, removed or made by name."""
    if name in ("rm", "unlink"):
        yield from ((REMOVE, word, sure and _has_ending(word)) for word, sure in rest)
    elif name == "tee":
        yield from ((WRITE, word, sure) for word, sure in rest)
    elif name == "touch":
        yield from ((CREATE, word, sure) for word, sure in rest)
    elif len(rest) >= 2:
        yield from _transferred(name, rest[:-1], rest[-1])


def _transferred(
    name: str, sources: list[tuple[str, bool]], target: tuple[str, bool]
) -> Iterator[tuple[str, str, bool]]:
    """Each source is read or taken away, and the target written: in it where it is a folder."""
    where, sure = target
    for source, known in sources:
        is_file = _has_ending(source)
        inside = len(sources) > 1 or where.endswith("/") or where in (".", "..")
        inside = inside or (is_file and not _has_ending(where))
        path = f"{where.rstrip('/')}/{source.rpartition('/')[2]}" if inside else where
        yield REMOVE if name == "mv" else READ, source, known and is_file
        yield CREATE, path, sure and known and is_file


def _git(command: Command) -> Iterator[tuple[str, str, bool]]:
    """What git does to files of the worktree that it is told by name."""
    rest = operands(command, "git")
    verb, named = (rest[0][0], rest[1:]) if rest else ("", [])
    if verb == "mv" and len(named) >= 2:
        yield from _transferred("mv", named[:-1], named[-1])
    elif verb == "rm" and "--cached" not in command.words:
        yield from ((REMOVE, word, sure and _has_ending(word)) for word, sure in named)
    elif verb == "restore" and "--staged" not in command.words:
        yield from ((WRITE, word, sure and _has_ending(word)) for word, sure in named)
    elif verb == "checkout" and (mark := {"--", "--theirs", "--ours"} & {*command.words}):
        place = max(command.words.index(one) for one in mark) + 1
        for word, sure in zip(command.words[place:], command.literal[place:], strict=True):
            yield WRITE, word, sure and _has_ending(word)
