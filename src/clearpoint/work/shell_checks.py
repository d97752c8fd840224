"""Shell commands: which of them check the work, and which still fail. Pure.

A command line is taken apart into its simple commands, without their noise, so that the same
check is known again however it was typed. Whether it failed is the client's word, not its output.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from clearpoint.models.work import WorkState

    Kind = Literal["test", "lint", "build", "run"]

CHECK_CHARS = 120
LINE_CHARS = 4_000
FAILING_LIMIT = 20
CHECKS_IN_LINE = 8
JOINT = " && "

KINDS: dict[Kind, frozenset[str]] = {
    "test": frozenset(("test", "tests", "pytest", "jest", "vitest", "rspec", "ctest", "tox", "nox",
                       "unittest", "mocha", "phpunit", "playwright", "cypress", "e2e")),
    "lint": frozenset(("lint", "ruff", "mypy", "eslint", "flake8", "pylint", "pyright", "black",
                       "isort", "prettier", "clippy", "vet", "fmt", "format", "typecheck",
                       "golangci", "rubocop", "shellcheck", "biome", "check")),
    "build": frozenset(("build", "compile", "make", "cargo", "cmake", "ninja", "tsc", "webpack",
                        "vite", "gradle", "gradlew", "mvn", "bazel", "dotnet", "xcodebuild",
                        "javac", "gcc", "docker", "terraform")),
    "run": frozenset(("python", "python3", "node", "npm", "pnpm", "yarn", "mise", "just", "deno",
                      "bun", "bash", "sh", "ruby", "php", "java")),
}  # fmt: skip
PASSED_OVER = frozenset(("git", "gh", "grep", "rg", "ls", "cat", "echo", "find", "cd", "rm", "cp",
                         "mv", "mkdir", "sed", "awk", "head", "tail", "curl", "wget", "sleep",
                         "kill", "pkill", "touch", "chmod", "which", "type", "export", "source",
                         "test", "[", "printf", "wc", "sort", "diff", "tree", "ps", "xargs", "jq",
                         "ssh", "brew", "apt", "apt-get", "pip", "true", "exit"))  # fmt: skip
NOISE = frozenset(("-v", "-vv", "-q", "-s", "-x", "--verbose", "--quiet", "-count=1", "--silent",
                   "--color=no", "--no-color", "2>&1", "-race"))  # fmt: skip
INLINE = frozenset(("-c", "-e", "-", "--version", "--help", "-h"))
SELECTING = ("-run", "-k", "-t", "--filter", "--grep", "-m", "-p", "--testNamePattern")
WRAPPERS = frozenset(("sudo", "time", "env", "nice", "command", "exec"))


def checks(line: str) -> list[str]:
    """The simple commands of a command line that test, lint, build or run the work."""
    line = line[:LINE_CHARS].split("<<", 1)[0]
    for separator in ("||", ";", "\n"):
        line = line.replace(separator, "&&")
    found = []
    for piece in line.split("&&"):
        if piece.count('"') % 2 or piece.count("'") % 2:
            continue  # a separator inside a quoted text
        words = _words(_before_pipe(piece))
        if words and _kind(words):
            found.append(" ".join(words)[:CHECK_CHARS])
    return list(dict.fromkeys(found))[:CHECKS_IN_LINE]


def _before_pipe(piece: str) -> str:
    """The command whose result counts: what stands before the first pipe outside quotes."""
    place = piece.find("|")
    while place >= 0 and (piece.count('"', 0, place) % 2 or piece.count("'", 0, place) % 2):
        place = piece.find("|", place + 1)
    return piece[:place] if place >= 0 else piece


def kind_of(check: str) -> Kind | None:
    """Whether a simple command tests, lints, builds or runs; None for everything else."""
    return _kind(check.split())


def _words(piece: str) -> list[str]:
    words = [word for word in piece.split() if word not in NOISE]
    while words and (words[0] in WRAPPERS or _is_assignment(words[0])):
        del words[0]
    for place, word in enumerate(words):
        if word.startswith((">", "2>", "<", "&>")):
            return words[:place]
    return words


def _is_assignment(word: str) -> bool:
    name, equals, _ = word.partition("=")
    return bool(equals) and name.isidentifier()


def _kind(words: list[str]) -> Kind | None:
    if not words or words[0] in PASSED_OVER or words[0].startswith("#"):
        return None
    parts: set[str] = set()
    for word in words[:4]:
        if not word.startswith("-"):
            parts.update(_parts(word))
    for kind, known in KINDS.items():
        if kind == "run":
            own_script = words[0].startswith("./")
            inline = not INLINE.isdisjoint(words)
            return kind if (words[0] in known or own_script) and not inline else None
        if not known.isdisjoint(parts):
            return kind
    return None


def _parts(word: str) -> list[str]:
    for mark in ":/-._":
        word = word.replace(mark, " ")
    return word.split()


def is_whole(check: str) -> bool:
    """Whether a check covers everything, and not some chosen tests or files."""
    return not any(
        word.startswith(SELECTING) or "::" in word or ("/" in word and not word.endswith("..."))
        for word in check.split()[1:]
    )


def passed(work: WorkState, done: list[str]) -> None:
    """These checks passed: what failed of them is settled, and parts that a whole one covers."""
    whole = {kind_of(check) for check in done if is_whole(check)}
    for line, entry in list(work["failing"].items()):
        parts = line.split(JOINT)
        left = [
            part
            for part in parts
            if part not in done and (is_whole(part) or kind_of(part) not in whole)
        ]
        if len(left) < len(parts):
            del work["failing"][line]
        if left and len(left) < len(parts):
            work["failing"][JOINT.join(left)] = entry


def failed(work: WorkState, done: list[str], entry: str) -> None:
    """A line with these checks failed; which of them is not known."""
    passed(work, done)
    work["failing"][JOINT.join(done)] = entry
    while len(work["failing"]) > FAILING_LIMIT:
        del work["failing"][next(iter(work["failing"]))]
