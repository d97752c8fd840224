"""What git does to commits that are made already, and which of them are the project's. Pure.

Commits that are taken back go; of those that a rebase makes again the hash is not known any more.
Fast lane.
"""

from __future__ import annotations

from clearpoint.work import commit_hashes, named_files, shell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.work import WorkState
    from clearpoint.work.shell_command import Command

SCRATCH = ("/tmp/", "/private/tmp/", "/var/tmp/")  # noqa: S108
"""Files there are Claude's scratch paper: what it writes and reads there is no work."""
ELSEWHERE = (*SCRATCH, "/var/folders/")
BEGUN = ("init", "clone")
"""What makes a repository of its own."""
REBASED = "Successfully rebased"
UNCHANGED = ("is up to date", "up-to-date", "CONFLICT", "could not apply", "fatal:", "error:")
NOT_DONE = ("--abort", "--quit", "--edit-todo", "--show-current-patch")
UPSTREAM = ("@{u}", "@{upstream}")
CHECKOUTS_KEPT = 8
BACK_LIMIT = 99


def is_of_project(
    work: WorkState, commands: list[Command], place: int, where: str | None, folder: str
) -> bool:
    """Whether git runs on the project at a place in a line; `where` it runs, where that is known.

    `folder` is where the client stands: the user has gone there.
    """
    bare = commands[place].unwrapped()
    target = _target(bare, where)
    base = work["base"]
    if target is None or not base:
        return True
    known = (base, folder, *work["checkouts"])
    begun = [one for one in _begun(commands[:place], where) if one not in known]
    if any(is_at(target, one) for one in begun):
        return False
    if any(is_at(target, one) or is_at(one, target) for one in known if one):
        return True
    return not target.startswith(ELSEWHERE) and target.startswith(base)  # such as `shop-fix`


def _target(command: Command, where: str | None) -> str | None:
    """The folder that git is told to work in; None if that is not known."""
    if command.words[1:2] == ["-C"] and len(command.words) > 2:
        sure = command.literal[2] and (where is not None or command.words[2].startswith("/"))
        return shell.joined(where or "", command.words[2]) if sure else None
    return where


def _begun(commands: list[Command], where: str | None) -> list[str]:
    """The folders that a line makes repositories of their own before a place in it."""
    found = []
    for command in commands:
        bare = command.unwrapped()
        if bare.name == "git" and any(word in BEGUN for word in bare.words[1:4]):
            named = [word for word, _ in named_files.operands(bare, "git")[1:]]
            last = named[-1] if named and "clone" not in bare.words else ""
            if where is not None:
                found.append(shell.joined(where, last) if last else where)
    return found


def is_within(path: str, folder: str) -> bool:
    """Whether a path lies below a folder."""
    return bool(folder) and path.startswith(f"{folder}/")


def is_at(path: str, folder: str) -> bool:
    """Whether a path is a folder or lies below it."""
    return path == folder or is_within(path, folder)


def note(work: WorkState, command: Command, output: str, where: str | None, *, ok: bool) -> None:
    """Take in a command of git's that takes commits back, makes them again or adds a worktree."""
    rest = [word for word, sure in named_files.operands(command, "git") if sure]
    verb, named = (rest[0], rest[1:]) if rest else ("", [])
    if not ok:
        return
    if verb == "reset" and "--" not in command.words:
        _take_back(work, named[0] if named else "")
    elif verb == "rebase" and not any(word in command.words for word in NOT_DONE):
        if not any(mark in output for mark in UNCHANGED):
            _make_again(work, every=True)
    elif verb == "pull" and REBASED in output:
        _make_again(work, every=False)
    elif verb == "worktree" and named[:1] == ["add"] and len(named) > 1 and where is not None:
        _add_checkout(work, command, where)


def _add_checkout(work: WorkState, command: Command, where: str) -> None:
    """`git worktree add [-b NAME] PATH [COMMIT]`."""
    words = command.words[command.words.index("add") + 1 :]
    while len(words) > 1 and words[0].startswith("-"):
        words = words[2 if words[0] in ("-b", "-B", "--reason") else 1 :]
    path = shell.joined(where, words[0])
    others = [one for one in work["checkouts"] if one != path]
    work["checkouts"] = [*others, path][-CHECKOUTS_KEPT:]


def _take_back(work: WorkState, target: str) -> None:
    """A reset to a commit: the ones after it are gone."""
    commits = work["commits"]
    if target in UPSTREAM or target.startswith("origin/"):
        work["commits"] = [one for one in commits if one["is_pushed"]]
    elif number := _steps_back(target):
        work["commits"] = commits[:-number]
    else:
        places = [
            at for at, one in enumerate(commits) if commit_hashes.is_same(target, one["hash"])
        ]
        work["commits"] = commits[: places[-1] + 1] if places else commits


def _steps_back(target: str) -> int:
    """How many commits a name goes back from the newest: `HEAD~2`, `HEAD^^`, `@~`."""
    name = target.removeprefix("HEAD") if target.startswith("HEAD") else target.removeprefix("@")
    if name == target or not name or name.strip("^~0123456789"):
        return 0
    mark, digits = name.rstrip("0123456789"), name.lstrip("^~")
    if mark == "~" and digits.isdigit():
        return min(int(digits), BACK_LIMIT) if len(digits) <= 2 else 0
    return len(mark) if not digits else 0


def _make_again(work: WorkState, *, every: bool) -> None:
    """A rebase: of the commits only the subjects are sure now."""
    for commit in work["commits"]:
        if every or not commit["is_pushed"]:
            commit["is_rewritten"] = True


def forces(words: list[str]) -> bool:
    """Whether a push goes over what the remote has."""
    return any(
        word.startswith("--force") or word == "-f" or (word.startswith("+") and len(word) > 1)
        for word in words
    )
