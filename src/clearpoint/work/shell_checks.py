"""Shell commands that check the work: which they are, and whether they pass. Pure. Fast lane.

A command line is taken apart into its simple commands, without their noise, so that the same
check is known again however it was typed. Its outcome is the exit code where that is the check's
own; after a pipe, or before `;`, it is told by fixed marks of the output (see `marks`).
"""

from __future__ import annotations

from clearpoint.work import check_commands, marks, notes, shell, shell_files, view

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from clearpoint.models.outcomes import CheckKind
    from clearpoint.models.work import WorkState
    from clearpoint.work.shell_command import Command

CHECK_CHARS = 120
LINE_CHARS = 4_000
FAILING_LIMIT = 20
CHECKS_LIMIT = 24
CHECKS_IN_LINE = 8
JOINT = " && "

NOISE = frozenset(("-v", "-vv", "-q", "-s", "-x", "--verbose", "--quiet", "-count=1", "--silent",
                   "--color=no", "--no-color", "-race"))  # fmt: skip
RANKS: dict[CheckKind, tuple[CheckKind, ...]] = {
    "test": ("test", "build"), "build": ("build",), "types": ("types",), "lint": ("lint",),
}  # fmt: skip
"""What a pass of all of a kind settles."""
HARMLESS = frozenset(("cd", "export", "set", "echo", "mkdir", "source", ".", "pwd", "true", "sleep",
                      "printf", "pushd", "clear", "date", "cat", "ls", "touch", "rm"))  # fmt: skip
"""Commands before a check that hardly ever fail."""
UNDECIDED = (124, 126, 127, 129, 130, 137, 143)
"""Exit codes of a command that was stopped, or that could not be started."""
HARMLESS_GIT = ("add", "status", "diff", "log", "branch", "show", "stash", "fetch", "restore")
ECHOING = ("echo", "printf")
CODE_DIGITS = 3
CODE_CHARS = 40
SPECIAL = frozenset(" |&;<>()$`\\\"*?'")


class Run:
    """One check in a line that ran: its name, its kind and where it stands in the line."""

    __slots__ = ("folder", "kind", "name", "place", "target")

    def __init__(
        self, name: str, kind: CheckKind, place: int, folder: str | None, target: str
    ) -> None:
        self.name = name
        self.kind = kind
        self.place = place
        self.folder = folder
        self.target = target
        """The script or target that is run, as runners name it where it fails."""


def checks(line: str) -> list[str]:
    """The simple commands of a command line that test, build, type-check or lint the work."""
    found = runs(shell.commands(line[:LINE_CHARS]), "")
    return list(dict.fromkeys(run.name for run in found))[:CHECKS_IN_LINE]


def runs(commands: list[Command], folder: str) -> list[Run]:
    """The checks among the commands of a line; `folder` is where the shell stands."""
    found = []
    for place, (command, where) in enumerate(shell_files.placed(commands, folder)):
        bare = command.unwrapped()
        if kind := check_commands.kind(bare.words):
            target = check_commands.target(bare.words)
            found.append(Run(_named(bare)[:CHECK_CHARS], kind, place, where, target))
    return found[:CHECKS_IN_LINE]


def _named(command: Command) -> str:
    """The command as it is shown: without noise, quoted where it has to be."""
    return " ".join(
        f'"{word}"' if sure and (not word or not SPECIAL.isdisjoint(word)) else word
        for word, sure in zip(command.words, command.literal, strict=True)
        if word not in NOISE
    )


def outcomes(line: str, folder: str, output: str, code: int) -> Iterator[tuple[Run, bool]]:
    """The checks of a line that ran, each with whether it passed; none of which that is not known.

    `code` is the exit code of the line, `output` what it printed.
    """
    return outcomes_of(shell.commands(line[: shell.LINE_CHARS]), folder, output, code)


def outcomes_of(
    commands: list[Command], folder: str, output: str, code: int
) -> Iterator[tuple[Run, bool]]:
    """The same of a line that is taken apart already."""
    found = runs(commands, folder)
    if not found or code in UNDECIDED:
        return
    is_faithful = any("pipefail" in command.words for command in commands)
    own = [run for run in found if _is_own(commands, run.place, is_faithful)]
    judged = [(run, True) for run in own] if code == 0 else list(_failed(commands, own, output))
    is_empty = any(run.kind == "test" for run in found) and marks.ran_nothing(output)
    red = [run.place for run, passed in judged if not passed]
    for run in found:
        is_reached = not red or run.place < red[0]
        if run not in own and is_reached:
            verdict = _by_output(commands, run, output, alone=len(found) == 1)
            if verdict is not None:
                judged.append((run, verdict))
    yield from (one for one in judged if not (is_empty and one[1] and one[0].kind == "test"))


def _is_own(commands: list[Command], place: int, is_faithful: bool) -> bool:
    """Whether the exit code of the line is 0 only where this command's is."""
    joints = [command.joint for command in commands[place:]]
    if joints[0] == "|" and not is_faithful:
        return False
    behind = joints[:-1] if joints[-1] in (";", "") else joints
    return all(joint in ("&&", "|") for joint in behind)


def _by_output(commands: list[Command], run: Run, output: str, *, alone: bool) -> bool | None:
    """Whether a check passed whose exit code is not the line's; `alone` where no other ran."""
    if (code := _echoed(commands, run.place, output)) is not None:
        return code == 0
    if marks.is_shell_error(output):
        return None
    told = (
        marks.verdict(run.kind, output, alone=_is_shown(commands, run))
        if alone
        else marks.own_verdict(run.kind, output)
    )
    return None if told and view.hides_failures(commands, run.place, output) else told


def _echoed(commands: list[Command], place: int, output: str) -> int | None:
    """The exit code that the command after a check prints last: `make test; echo "exit $?"`."""
    asked = "$?"
    while commands[place].joint == "|" and place + 1 < len(commands):
        place, asked = place + 1, "PIPESTATUS[0]"
    following = commands[place + 1 :]
    is_told = commands[place].joint == ";" and len(following) == 1
    if not is_told or following[0].name not in ECHOING or not following[0].expands(asked):
        return None
    rows = output.rstrip().splitlines()
    last = rows[-1] if rows else ""
    digits = last[len(last.rstrip("0123456789")) :]
    return int(digits) if 0 < len(digits) <= CODE_DIGITS and len(last) <= CODE_CHARS else None


def _is_shown(commands: list[Command], run: Run) -> bool:
    """Whether a check's silence says something, and it is not that a search found nothing."""
    piped = view.piped(commands, run.place)
    redirected = any(
        operator not in ("<", "<<")
        for command in (commands[run.place], *piped)
        for operator, *_ in command.redirections
    )
    searched = any(command.name in view.SEARCHES for command in piped)
    return not redirected and not searched


def _failed(commands: list[Command], own: list[Run], output: str) -> Iterator[tuple[Run, bool]]:
    """Which of the checks in a chain of `&&` made it fail, and which of them passed before."""
    if not own or marks.is_shell_error(output):
        return
    if len(own) == 1:
        told = marks.verdict(own[0].kind, output, alone=True)
        if told is False or _must_be(commands, own):
            yield own[0], False
        elif told and output.strip():
            yield own[0], True
        return
    verdicts = [marks.own_verdict(run.kind, output) for run in own]
    named = marks.failed_scripts(output)
    guilty = [run for run in own if run.target in named]
    guilty = guilty or [own[place] for place, told in enumerate(verdicts) if told is False]
    suspects = guilty or [own[place] for place, told in enumerate(verdicts) if told is None]
    first = suspects[0].place if suspects else len(commands)
    yield from ((run, True) for run in own if run.place < first and (guilty or run not in suspects))
    if len(suspects) == 1 and (guilty or _must_be(commands, own)):
        yield suspects[0], False
    elif len(suspects) > 1 and (guilty or _must_be(commands, own)):
        yield _compound(suspects), False


def _must_be(commands: list[Command], own: list[Run]) -> bool:
    """Whether nothing but these checks can have made the line fail."""
    places = {run.place for run in own}
    for place, command in enumerate(commands):
        bare = command.unwrapped()
        is_git = bare.name == "git" and bare.words[1:2] and bare.words[1] in HARMLESS_GIT
        is_fed = place > 0 and commands[place - 1].joint == "|"
        if place not in places and not (bare.name in HARMLESS or not bare.name or is_git or is_fed):
            return False
    return True


def _compound(runs: list[Run]) -> Run:
    """Several checks of which one failed, as one."""
    name = JOINT.join(run.name for run in runs)
    return Run(name, runs[0].kind, runs[-1].place, runs[0].folder, "")


def note(work: WorkState, run: Run, *, passed: bool, entry: str, output: str) -> None:
    """Keep the outcome of a check; a pass settles what it covers."""
    key = shown(run, work["base"])
    if passed:
        settle(work, key, run.kind)
        work["failing"].pop(key, None)
        is_whole = run.kind == "test" and check_commands.is_whole(run.name)
        notes.settle(work, whole_tests=is_whole)
        if is_whole:
            work["summary"] = None  # what it says of the work was before that
    else:
        work["failing"].pop(key, None)
        work["failing"][key] = entry
        _trim(work["failing"], FAILING_LIMIT)
    work["checks"].pop(key, None)
    work["checks"][key] = {
        "kind": run.kind,
        "passed": passed,
        "turn": work["turn"],
        "order": work["touches"],
        "entry": entry,
        "failed": [] if passed else marks.failed_tests(output),
    }
    _trim(work["checks"], CHECKS_LIMIT)


def _trim(kept: dict[str, Any], limit: int) -> None:
    while len(kept) > limit:
        del kept[next(iter(kept))]


def shown(run: Run, base: str) -> str:
    """The check's name, with the folder that it ran in if that is not the session's first."""
    folder = run.folder or ""
    if not base or not folder or folder == base:
        return run.name
    inside = folder[len(base) + 1 :] if folder.startswith(f"{base}/") else folder
    return f"cd {inside} && {run.name}"


def settle(work: WorkState, key: str, kind: CheckKind) -> None:
    """A check passed: what it covers is no longer failing.

    Of several that failed as one it is not known which did; the one that is run again and passes
    is taken for it.
    """
    for line in list(work["failing"]):
        parts = line.split(JOINT)
        cd = parts[0] if parts[0].startswith("cd ") else ""
        rest = parts[1:] if cd else parts
        if any(covers(key, kind, f"{cd}{JOINT}{part}" if cd else part) for part in rest):
            work["failing"].pop(line)
            work["checks"].pop(line, None)


def covers(passed: str, kind: CheckKind, failed: str) -> bool:
    """Whether a check that passed shows that another one would pass as well."""
    if passed == failed:
        return True
    folder, check = _folder_of(passed)
    other, part = _folder_of(failed)
    if folder not in ("", other):
        return False
    failing = check_commands.kind_of(part)
    if failing is None or failing not in RANKS[kind]:
        return False
    if check_commands.is_whole(check):
        return folder == other or failing == kind
    return kind == failing and folder == other and check_commands.lies_within(part, check)


def _folder_of(key: str) -> tuple[str, str]:
    cd, joint, rest = key.partition(JOINT)
    return (cd, rest) if joint and cd.startswith("cd ") else ("", key)
