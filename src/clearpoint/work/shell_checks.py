"""Shell commands that check the work: which they are, and whether they pass. Pure. Fast lane.

A command line is taken apart into its simple commands, without their noise, so that the same
check is known again however it was typed. Its outcome is the exit code where that is the check's
own; behind a pipe, or before `;`, it is told by fixed marks of the output (see `marks`).
"""

from __future__ import annotations

from clearpoint.work import marks, shell, shell_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from clearpoint.models.work import CheckKind, WorkState
    from clearpoint.work.shell import Command

CHECK_CHARS = 120
LINE_CHARS = 4_000
FAILING_LIMIT = 20
CHECKS_LIMIT = 24
CHECKS_IN_LINE = 8
JOINT = " && "

KINDS: dict[CheckKind, frozenset[str]] = {
    "test": frozenset(("test", "tests", "pytest", "jest", "vitest", "rspec", "ctest", "tox", "nox",
                       "unittest", "mocha", "phpunit", "playwright", "cypress", "e2e", "nextest",
                       "testing", "verify", "ava", "karma", "gotestsum", "spec")),
    "types": frozenset(("mypy", "pyright", "basedpyright", "tsc", "typecheck", "types", "pyre",
                        "flow", "ty")),
    "lint": frozenset(("lint", "ruff", "eslint", "flake8", "pylint", "black", "isort", "prettier",
                       "clippy", "vet", "golangci", "rubocop", "shellcheck",
                       "biome", "check", "staticcheck", "oxlint", "stylelint",
                       "yamllint", "hadolint", "ktlint", "swiftlint", "markdownlint")),
    "build": frozenset(("build", "compile", "cmake", "ninja", "webpack", "xcodebuild", "javac",
                        "gcc", "clang", "rustc", "assemble", "package", "bundle")),
}  # fmt: skip
ALONE: dict[str, CheckKind] = {"make": "build", "gradle": "build", "gradlew": "build",
                               "ninja": "build", "tox": "test", "nox": "test"}  # fmt: skip
"""Programs that check something where they are told nothing else."""
RUNNERS = frozenset(("python", "python3", "node", "npm", "pnpm", "yarn", "npx", "bunx", "mise",
                     "just", "deno", "bun", "bash", "sh", "ruby", "php", "java", "uv", "uvx",
                     "poetry",
                     "pdm", "hatch", "pipenv", "rye", "make", "cargo", "go", "gradle", "gradlew",
                     "mvn", "mvnw", "dotnet", "bazel", "swift", "mix", "rake", "rails", "turbo",
                     "nx", "lerna", "task", "composer", "tsx", "ts-node", "docker",
                     "xcodebuild", "zig", "pre-commit", "invoke", "ng", "next", "vite", "moon",
                     "lein", "sbt", "flutter", "dart", "stack", "cabal", "cmake", "bundle",
                     "meson"))  # fmt: skip
"""Programs that check only where one of the words behind them says so."""
NO_CHECKS = frozenset(("install", "add", "remove", "ci", "run-dev", "dev", "start", "serve", "init",
                       "watch", "publish", "--watch", "--help", "-h", "--version", "generate",
                       "clean", "--fix-only", "list", "ls", "info", "view", "up", "down",
                       "exec-dev",
                       "get", "mod", "env", "sync", "lock", "pip", "create",
                       "uninstall"))  # fmt: skip
PASSED_OVER = ("run", "exec", "tool", "x", "compose", "-m", "dlx", "--", "r", "workspace")
NOISE = frozenset(("-v", "-vv", "-q", "-s", "-x", "--verbose", "--quiet", "-count=1", "--silent",
                   "--color=no", "--no-color", "-race"))  # fmt: skip
INLINE = frozenset(("-c", "-e", "-", "--version", "--help", "-h", "--watch", "--collect-only"))
SELECTING = ("-run", "-k", "-t", "--filter", "--grep", "-m", "-p", "--testNamePattern", "--lf")
RANKS: dict[CheckKind, tuple[CheckKind, ...]] = {
    "test": ("test", "build"), "build": ("build",), "types": ("types",), "lint": ("lint",),
}  # fmt: skip
"""What a pass of all of a kind settles."""
HARMLESS = frozenset(("cd", "export", "set", "echo", "mkdir", "source", ".", "pwd", "true", "sleep",
                      "printf", "pushd", "clear", "date", "cat", "ls", "touch", "rm"))  # fmt: skip
"""Commands before a check that hardly ever fail."""
SEARCHES = ("grep", "rg", "egrep", "ag", "awk", "sed")
FAILING = ("FAIL", "fail", "rror")
UNDECIDED = (124, 126, 127, 129, 130, 137, 143)
"""Exit codes of a command that was stopped, or that could not be started."""
SPECIAL = frozenset(" |&;<>()$`\\\"*?'")


class Run:
    """One check in a line that ran: its name, its kind and where it stands in the line."""

    __slots__ = ("folder", "kind", "name", "place")

    def __init__(self, name: str, kind: CheckKind, place: int, folder: str | None) -> None:
        self.name = name
        self.kind = kind
        self.place = place
        self.folder = folder


def checks(line: str) -> list[str]:
    """The simple commands of a command line that test, build, type-check or lint the work."""
    found = runs(shell.commands(line[:LINE_CHARS]), "")
    return list(dict.fromkeys(run.name for run in found))[:CHECKS_IN_LINE]


def runs(commands: list[Command], folder: str) -> list[Run]:
    """The checks among the commands of a line; `folder` is where the shell stands."""
    found = []
    for place, (command, where) in enumerate(shell_files.placed(commands, folder)):
        bare = command.unwrapped()
        if kind := _kind(bare.words):
            found.append(Run(_named(bare)[:CHECK_CHARS], kind, place, where))
    return found[:CHECKS_IN_LINE]


def kind_of(check: str) -> CheckKind | None:
    """Whether a simple command tests, builds, type-checks or lints; None for everything else."""
    return _kind(check.split())


def _named(command: Command) -> str:
    """The command as it is shown: without noise, quoted where it has to be."""
    return " ".join(
        f'"{word}"' if sure and (not word or not SPECIAL.isdisjoint(word)) else word
        for word, sure in zip(command.words, command.literal, strict=True)
        if word not in NOISE
    )


def _kind(words: list[str]) -> CheckKind | None:
    if not words or words[0].startswith("#") or not INLINE.isdisjoint(words):
        return None
    first = words[0].rpartition("/")[2]
    if words[0] == "test":
        return None  # the shell's own
    own_script = words[0].startswith(("./", "scripts/", "bin/", "script/"))
    telling = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
    telling = [word for word in telling if word not in PASSED_OVER][:3]
    if first not in RUNNERS:
        kind = _kind_in(_parts(first))
        return kind if kind and (own_script or _is_checker(first, kind)) else None
    for word in telling[:2]:
        if word in NO_CHECKS:
            return None
        if kind := _kind_in(_parts(word.rpartition("/")[2] or word)):
            return kind
    return ALONE.get(first) if not telling else None


def _is_checker(program: str, kind: CheckKind) -> bool:
    """Whether a program of this name is known to check, and not a file or word that sounds so."""
    known = KINDS[kind]
    return program in known or any(part in known for part in _parts(program.replace("-", " ")))


def _kind_in(parts: list[str]) -> CheckKind | None:
    for kind, known in KINDS.items():
        if not known.isdisjoint(parts):
            return kind
    return None


def _parts(word: str) -> list[str]:
    for mark in ":/-._":
        word = word.replace(mark, " ")
    return word.split()


def is_whole(check: str) -> bool:
    """Whether a check covers everything, and not some chosen tests or files."""
    words = check.split()
    return not any(
        word.startswith(SELECTING)
        or "::" in word
        or ("/" in word and not word.endswith("..."))
        or word.endswith((".py", ".ts", ".js", ".tsx", ".go", ".rs", ".rb"))
        for word in words[1:]
    )


def outcomes(line: str, folder: str, output: str, code: int) -> Iterator[tuple[Run, bool]]:
    """The checks of a line that ran, each with whether it passed; none of which that is not known.

    `code` is the exit code of the line, `output` what it printed.
    """
    commands = shell.commands(line[: shell.LINE_CHARS])
    found = runs(commands, folder)
    if not found or code in UNDECIDED:
        return
    is_faithful = any("pipefail" in command.words for command in commands)
    own = [run for run in found if _is_own(commands, run.place, is_faithful)]
    judged = [(run, True) for run in own] if code == 0 else list(_failed(commands, own, output))
    red = [run.place for run, passed in judged if not passed]
    for run in found:
        is_reached = not red or run.place < red[0]
        if run not in own and is_reached:
            is_shown = len(found) == 1 and not _is_filtered(commands, run.place)
            verdict = marks.verdict(run.kind, output, alone=is_shown)
            if verdict is not None:
                judged.append((run, verdict))
    yield from judged


def _is_own(commands: list[Command], place: int, is_faithful: bool) -> bool:
    """Whether the exit code of the line is 0 only where this command's is."""
    joints = [command.joint for command in commands[place:]]
    if joints[0] == "|" and not is_faithful:
        return False
    behind = joints[:-1] if joints[-1] in (";", "") else joints
    return all(joint in ("&&", "|") for joint in behind)


def _is_filtered(commands: list[Command], place: int) -> bool:
    """Whether a search stands behind a check that lets failures go by: its silence says nothing."""
    while place + 1 < len(commands) and commands[place].joint == "|":
        place += 1
        sought = " ".join(commands[place].words)
        if commands[place].name in SEARCHES and not any(word in sought for word in FAILING):
            return True
    return False


def _failed(commands: list[Command], own: list[Run], output: str) -> Iterator[tuple[Run, bool]]:
    """Which of the checks in a chain of `&&` made it fail."""
    if not own or marks.is_shell_error(output):
        return
    guilty = [run for run in own if marks.is_guilty(run.kind, output)]
    if len(own) == 1:
        is_red = marks.verdict(own[0].kind, output, alone=True) is False
        guilty = own if is_red or _must_be(commands, own[0].place) else []
    if len(guilty) == 1:
        yield from ((run, True) for run in own if run.place < guilty[0].place)
        yield guilty[0], False
    elif len(own) > 1:
        yield _compound(own), False


def _must_be(commands: list[Command], place: int) -> bool:
    """Whether nothing but this command can have made the line fail."""
    before = [command.unwrapped().name for command in commands[:place]]
    behind = [command for command in commands[place:] if command.joint not in ("|", "")]
    is_last = not behind or (len(commands) == place + 1)
    return is_last and all(name in HARMLESS or not name for name in before)


def _compound(own: list[Run]) -> Run:
    """Several checks of which one failed, as one."""
    return Run(JOINT.join(run.name for run in own), own[0].kind, own[-1].place, own[0].folder)


def note(work: WorkState, run: Run, *, passed: bool, entry: str, output: str) -> None:
    """Keep the outcome of a check; a pass settles what it covers."""
    key = shown(run, work["base"])
    if passed:
        settle(work, key, run.kind)
        work["failing"].pop(key, None)
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
    """The check's name, with the folder that it ran in where that is not the session's first."""
    folder = run.folder or ""
    if not base or not folder or folder == base:
        return run.name
    inside = folder[len(base) + 1 :] if folder.startswith(f"{base}/") else folder
    return f"cd {inside} && {run.name}"


def settle(work: WorkState, key: str, kind: CheckKind) -> None:
    """A check passed: what it covers is no longer failing."""
    for line in list(work["failing"]):
        parts = line.split(JOINT)
        cd = parts[0] if parts[0].startswith("cd ") else ""
        rest = parts[1:] if cd else parts
        left = [
            part for part in rest if not covers(key, kind, f"{cd}{JOINT}{part}" if cd else part)
        ]
        if len(left) == len(rest):
            continue
        entry = work["failing"].pop(line)
        was = work["checks"].pop(line, None)
        if left:
            name = JOINT.join([cd, *left] if cd else left)
            work["failing"][name] = entry
            if was:
                work["checks"][name] = was


def covers(passed: str, kind: CheckKind, failed: str) -> bool:
    """Whether a check that passed shows that another one would pass as well."""
    if passed == failed:
        return True
    folder, check = _folder_of(passed)
    other, part = _folder_of(failed)
    if folder not in ("", other):
        return False
    failing = kind_of(part)
    if failing is None or failing not in RANKS[kind]:
        return False
    if is_whole(check):
        return folder == other or failing == kind
    return kind == failing and folder == other and _lies_within(part, check)


def _folder_of(key: str) -> tuple[str, str]:
    cd, joint, rest = key.partition(JOINT)
    return (cd, rest) if joint and cd.startswith("cd ") else ("", key)


def _lies_within(part: str, check: str) -> bool:
    """Whether the files or tests of a check are among those of another run of the same program."""
    words, others = part.split(), check.split()
    chosen = [word for word in others[1:] if not word.startswith("-")]
    if words[:1] != others[:1] or any(word.startswith(SELECTING) for word in others):
        return False
    return all(
        any(word == one or word.startswith((one.rstrip("/.") + "/", one + "::")) for one in chosen)
        for word in words[1:]
        if "/" in word or "::" in word
    ) and any("/" in word or "::" in word for word in words[1:])
