"""Which files one command of the shell names, and what it does to them. Pure. Fast lane."""

from __future__ import annotations

from clearpoint.work import check_commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.work.shell_command import Command

    Named = tuple[str, str, bool]
    """What is done, the path, and whether it stands there literally."""

READ, WRITE, CREATE, REMOVE = "read", "write", "create", "remove"
READERS = frozenset(("cat", "head", "tail", "less", "more", "wc", "nl", "bat", "tac", "sed", "grep",
                     "egrep", "fgrep", "rg", "awk", "jq", "diff", "sort", "cut", "xxd",
                     "od", "file", "uniq", "column", "yq"))  # fmt: skip
SCRIPTED = frozenset(("sed", "grep", "egrep", "fgrep", "rg", "awk", "jq", "yq"))
"""Readers whose first operand is a script or a pattern."""
PRINTERS = frozenset(("cat", "head", "tail", "less", "more", "nl", "bat", "tac"))
"""Readers that print what they read."""
MAKERS = frozenset(("go", "gcc", "g++", "cc", "c++", "clang", "clang++", "rustc", "curl", "swiftc",
                    "pandoc", "ld", "nasm", "ghc", "zig", "dot", "sort", "wget", "esbuild",
                    "rollup", "sass", "cover"))  # fmt: skip
"""Programs whose `-o` names the file that they make."""
REPORTS = frozenset(("-coverprofile", "--coverprofile", "-cpuprofile", "-memprofile", "--junitxml",
                     "--junit-xml", "--outfile", "--output-file", "--outputFile", "--out-file",
                     "--outFile"))  # fmt: skip
OUTPUTS = REPORTS | {"-o", "--output"}
CHANGED_FROM = {"chmod": 1, "chown": 1, "truncate": 0, "ln": 1, "patch": 0}
"""Programs that change the files they are told, from which operand on."""
UNSHOWN = ("--stat", "--name-only", "--name-status", "--quiet", "--numstat", "--shortstat",
           "--check", "--summary", "--dirstat")  # fmt: skip
"""Options of `git diff` with which it shows nothing of the files themselves."""
SCRIPT_OPTIONS = ("-e", "-f", "--regexp", "--expression", "--file", "-E")
VALUED = {
    "head": ("-n", "-c"), "tail": ("-n", "-c"), "cut": ("-d", "-f", "-c"), "sort": ("-k", "-t"),
    "grep": ("-A", "-B", "-C", "-m", "-e", "-f", "--include", "--exclude"),
    "egrep": ("-A", "-B", "-C", "-m", "-e", "-f"), "fgrep": ("-A", "-B", "-C", "-m", "-e", "-f"),
    "rg": ("-A", "-B", "-C", "-m", "-e", "-f", "-g", "-t", "--glob", "--type"),
    "sed": ("-e", "-f"), "awk": ("-F", "-v", "-f"), "jq": ("--arg", "--argjson", "-f"),
    "tail -f": (), "xxd": ("-l", "-s"), "od": ("-N", "-j", "-t"), "nl": ("-b",), "bat": ("-r",
    "-l"),
    "column": ("-t", "-s"), "cp": ("-t",), "mv": ("-t",), "install": ("-m", "-o", "-g"),
    "truncate": ("-s", "-r"), "git": ("-C", "-c"),
}  # fmt: skip
"""Options that take the next word."""
RECURSIVE = ("-r", "-R", "--recursive", "--files", "-l", "-rn", "-rln", "-rl")


def of(command: Command) -> Iterator[Named]:
    """What one command does to files, with whether the path is literal."""
    name = command.name
    if name == "git" and len(command.words) > 1:
        yield from _git(command)
    elif name in READERS:
        yield from _read(command, name)
    elif name in ("cp", "mv", "rm", "tee", "touch", "unlink", "install"):
        yield from _moved(name, operands(command, name))
    elif name in CHANGED_FROM:
        rest = operands(command, name)[CHANGED_FROM[name] :]
        yield from ((WRITE, word, sure and _has_ending(word)) for word, sure in rest)
    elif name == "perl" and any(word.startswith("-") and "i" in word for word in command.words[:3]):
        yield from ((WRITE, word, sure) for word, sure in operands(command, name)[1:])
    yield from _put_out(command)
    yield from _redirected(command)


def prints(command: Command) -> bool:
    """Whether a command does nothing but print the files that it names."""
    is_kept = any(target != "/dev/null" for operator, target, _ in command.redirections
                  if operator != "<")  # fmt: skip
    is_diff = command.name == "git" and command.words[1:2] == ["diff"]
    return (command.name in PRINTERS or is_diff) and not is_kept


def _put_out(command: Command) -> Iterator[Named]:
    """The file that an option names for what a program makes: `-o bin/app`, `-coverprofile=c`."""
    program = check_commands.program(check_commands.carried(command.words))
    named = OUTPUTS if program in MAKERS else REPORTS
    for place, word in enumerate(command.words):
        option, equals, value = word.partition("=")
        sure = command.literal[place]
        is_named = option in named or (program == "wget" and option == "-O")
        if is_named and not equals:
            value = command.words[place + 1] if place + 1 < len(command.words) else ""
            sure = bool(value) and command.literal[place + 1]
        if is_named and value and not value.endswith("/") and not value.startswith("-"):
            yield WRITE, value, sure


def _redirected(command: Command) -> Iterator[Named]:
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


def _read(command: Command, name: str) -> Iterator[Named]:
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


def _moved(name: str, rest: list[tuple[str, bool]]) -> Iterator[Named]:
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
) -> Iterator[Named]:
    """Each source is read or taken away, and the target written: in it where it is a folder."""
    where, sure = target
    for source, known in sources:
        is_file = _has_ending(source)
        inside = len(sources) > 1 or where.endswith("/") or where in (".", "..")
        inside = inside or (is_file and not _has_ending(where))
        path = f"{where.rstrip('/')}/{source.rpartition('/')[2]}" if inside else where
        yield REMOVE if name == "mv" else READ, source, known and is_file
        yield CREATE, path, sure and known and is_file


def _git(command: Command) -> Iterator[Named]:
    """What git does to files of the worktree that it is told by name."""
    rest = operands(command, "git")
    verb, named = (rest[0][0], rest[1:]) if rest else ("", [])
    if verb == "mv" and len(named) >= 2:
        yield from _transferred("mv", named[:-1], named[-1])
    elif verb == "rm" and "--cached" not in command.words:
        yield from ((REMOVE, word, sure and _has_ending(word)) for word, sure in named)
    elif verb in ("diff", "blame"):
        yield from _shown_by_git(command, named)
    elif verb == "restore" and "--staged" not in command.words:
        yield from ((WRITE, word, sure and _has_ending(word)) for word, sure in named)
    elif verb == "checkout" and (mark := {"--", "--theirs", "--ours"} & {*command.words}):
        place = max(command.words.index(one) for one in mark) + 1
        for word, sure in zip(command.words[place:], command.literal[place:], strict=True):
            yield WRITE, word, sure and _has_ending(word)


def _shown_by_git(command: Command, named: list[tuple[str, bool]]) -> Iterator[Named]:
    """The files of the worktree of which git shows a part: no other two commits are compared."""
    words = command.words
    is_between = any(".." in word.replace("../", "") for word in words)
    if is_between or any(word.startswith(UNSHOWN) for word in words):
        return
    if "--" in words:
        place = words.index("--") + 1
        named = list(zip(words[place:], command.literal[place:], strict=True))
    for word, sure in named:
        if _has_ending(word) and word.rpartition(".")[2].isalpha():
            yield READ, word, sure
