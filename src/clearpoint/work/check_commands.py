"""Which commands check the work: tests, builds, type checks and linters. Pure. Fast lane.

What only carries another command (`uv run`, `npx`, `docker compose exec web`, `bash -c`) is taken
away first, so that a check is of the same tool however it was started.
"""

from __future__ import annotations

from clearpoint.work import shell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.outcomes import CheckKind

KINDS: dict[CheckKind, frozenset[str]] = {
    "test": frozenset(("test", "tests", "pytest", "jest", "vitest", "rspec", "ctest", "tox", "nox",
                       "unittest", "mocha", "phpunit", "playwright", "cypress", "e2e", "nextest",
                       "testing", "verify", "ava", "karma", "gotestsum", "spec")),
    "types": frozenset(("mypy", "pyright", "basedpyright", "tsc", "typecheck", "types", "pyre",
                        "flow", "ty")),
    "lint": frozenset(("lint", "ruff", "eslint", "flake8", "pylint", "black", "isort", "prettier",
                       "clippy", "vet", "golangci", "rubocop", "shellcheck", "analyze", "validate",
                       "biome", "check", "staticcheck", "oxlint", "stylelint",
                       "yamllint", "hadolint", "ktlint", "swiftlint", "markdownlint")),
    "build": frozenset(("build", "compile", "cmake", "ninja", "webpack", "xcodebuild", "javac",
                        "gcc", "clang", "rustc", "assemble", "package", "bundle")),
}  # fmt: skip
ALONE: dict[str, CheckKind] = {"make": "build", "gradle": "build", "gradlew": "build",
                               "ninja": "build"}  # fmt: skip
"""Programs that check something where they are told nothing else."""
ALWAYS: dict[str, CheckKind] = {"tox": "test", "nox": "test"}
FORMATTERS = ("fmt", "gofmt", "rustfmt")
"""They check only where they are told not to write: `cargo fmt --check`."""
UNWRITTEN = frozenset(("--check", "-l"))
RUNNERS = frozenset(("python", "python3", "node", "npm", "pnpm", "yarn", "npx", "bunx", "mise",
                     "just", "deno", "bun", "bash", "sh", "ruby", "php", "java", "uv", "uvx",
                     "poetry",
                     "pdm", "hatch", "pipenv", "rye", "make", "cargo", "go", "gradle", "gradlew",
                     "mvn", "mvnw", "dotnet", "bazel", "swift", "mix", "rake", "rails", "turbo",
                     "nx", "lerna", "task", "composer", "tsx", "ts-node", "docker",
                     "xcodebuild", "zig", "invoke", "ng", "next", "vite", "moon",
                     "lein", "sbt", "flutter", "dart", "stack", "cabal", "cmake", "bundle",
                     "meson", "buf", "helm", "terraform", "tofu", "forge"))  # fmt: skip
"""Programs that check only where one of the words after them says so."""
NO_CHECKS = frozenset(("install", "add", "remove", "ci", "run-dev", "dev", "start", "serve", "init",
                       "watch", "publish", "--watch", "--help", "-h", "--version", "generate",
                       "clean", "--fix-only", "list", "ls", "info", "view", "up", "down",
                       "exec-dev",
                       "get", "mod", "env", "sync", "lock", "pip", "create",
                       "uninstall"))  # fmt: skip
PASSED_OVER = ("run", "exec", "tool", "x", "compose", "-m", "dlx", "--", "r", "workspace")
INLINE = frozenset(("-c", "-e", "-", "--version", "--help", "-h", "--watch", "--collect-only"))

ENVIRONMENTS = frozenset(("uv", "poetry", "pdm", "hatch", "pipenv", "rye", "conda", "mamba", "pipx",
                          "micromamba", "pixi", "bundle", "mise", "direnv"))  # fmt: skip
"""Programs that run the command behind `run` or `exec`."""
PACKAGES = ("npm", "pnpm", "yarn", "bun")
CONTAINERS = ("docker", "docker-compose", "podman", "podman-compose", "nerdctl")
CARRYING = ("run", "exec", "dlx", "x")
VALUED = frozenset(("--extra", "--with", "--group", "--python", "-p", "-n", "--name", "--project",
                    "--directory", "-e", "--env", "--env-file", "--package", "--from", "-u",
                    "--user", "-w", "--workdir", "--entrypoint", "-v", "--volume", "-f", "--file",
                    "--profile", "--filter", "-F", "--prefix", "-C", "--with-requirements",
                    "--env-from", "-i"))  # fmt: skip
"""Options of such programs that take a value."""
DEPTH = 4
SELECTING = ("-run", "-k", "-t", "--filter", "--grep", "-m", "-p", "--testNamePattern", "--lf",
             "--testPath", "--only", "--last-failed", "--changed", "-w", "--workspace", "-F",
             "--spec", "--related")  # fmt: skip
ENDINGS = (".py", ".ts", ".js", ".tsx", ".jsx", ".go", ".rs", ".rb", ".java", ".kt", ".php")
SAME_SCRIPT = frozenset(("fix", "ci", "all", "check", "cov", "coverage", "run", "verbose", "write",
                         "once", "quiet"))  # fmt: skip
"""What stands behind the name of a script that does the same: `lint:fix`."""


def kind_of(check: str) -> CheckKind | None:
    """Whether a simple command tests, builds, type-checks or lints; None for everything else."""
    return kind(check.split())


def kind(words: list[str]) -> CheckKind | None:
    """The same of a command's words."""
    is_own = words[:1] == ["test"]  # the shell's own
    words = carried(words)
    first = program(words)
    if first in ALWAYS:
        return None if NO_CHECKS & {*words} else ALWAYS[first]
    if not words or is_own or words[0].startswith("#") or not INLINE.isdisjoint(words):
        return None
    if first in FORMATTERS or (first == "cargo" and words[1:2] == ["fmt"]):
        return None if UNWRITTEN.isdisjoint(words) else "lint"
    if first == "cargo" and words[1:2] in (["check"], ["c"]):
        return "build"
    if first == "pre-commit":
        return "lint" if "run" in words else None
    return _run_by(first, words) if first in RUNNERS else _own_kind(first, words)


def _own_kind(first: str, words: list[str]) -> CheckKind | None:
    """What a program checks by itself."""
    found = _kind_in(_parts(first))
    is_script = words[0].startswith(("./", "scripts/", "bin/", "script/"))
    return found if found and (is_script or _is_checker(first, found)) else None


def _run_by(first: str, words: list[str]) -> CheckKind | None:
    """What a runner checks by the words after it."""
    telling = _telling(words)
    for word in telling[:2]:
        parts = _parts(word.rpartition("/")[2] or word)
        if word in NO_CHECKS or "watch" in parts:
            return None
        if found := _kind_in(parts):
            return found
    return ALONE.get(first) if not telling else None


def program(words: list[str]) -> str:
    """The program of a command, without its folder."""
    return words[0].rpartition("/")[2] if words else ""


def carried(words: list[str]) -> list[str]:
    """The command that is carried by others: of `uv run pytest -q` it is `pytest -q`."""
    for _ in range(DEPTH):
        inner = _inner(words)
        if not inner:
            break
        words = inner
    return words


def _inner(words: list[str]) -> list[str]:  # noqa: PLR0911  (one way out for each carrier)
    """The command that the first program only carries; none if it does the work itself."""
    first, rest = program(words), words[1:]
    if first in ("npx", "bunx", "uvx"):
        return _behind_options(rest)
    if first.startswith("python") and "-m" in rest[:2]:
        return rest[rest.index("-m") + 1 :]
    if first in ENVIRONMENTS and (place := _place(rest, ("run", "exec"), 4)) >= 0:
        return _behind_options(rest[place + 1 :])
    if first in PACKAGES and (place := _place(rest, ("exec", "dlx", "x"), 4)) >= 0:
        return _behind_options(rest[place + 1 :])
    if first in CONTAINERS and (place := _place(rest, ("exec", "run"), 6)) >= 0:
        return _behind_options(rest[place + 1 :])[1:]
    if first in ("bash", "sh", "zsh") and rest[:1] and rest[0] in ("-c", "-lc", "-ec", "-euc"):
        found = shell.commands(rest[1]) if len(rest) == 2 else []
        return found[0].unwrapped().words if len(found) == 1 else []
    if "--" in rest and first not in RUNNERS and not _kind_in(_parts(first)):
        return rest[rest.index("--") + 1 :]
    return []


def _place(words: list[str], sought: tuple[str, ...], within: int) -> int:
    """Where one of some words stands near the beginning; -1 where none does."""
    return next((place for place, word in enumerate(words[:within]) if word in sought), -1)


def _behind_options(words: list[str]) -> list[str]:
    """The words after options and their values, and behind `--`."""
    place = 0
    while place < len(words) and words[place].startswith("-"):
        if words[place] == "--":
            return words[place + 1 :]
        place += 2 if words[place] in VALUED else 1
    return words[place:]


def _telling(words: list[str]) -> list[str]:
    """The words after a program that may say what it is to do."""
    found = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
    return [word for word in found if word not in PASSED_OVER][:3]


def _is_checker(name: str, found: CheckKind) -> bool:
    """Whether a program of this name is known to check, and not a file or word that sounds so."""
    known = KINDS[found]
    return name in known or any(part in known for part in _parts(name.replace("-", " ")))


def _kind_in(parts: list[str]) -> CheckKind | None:
    for found, known in KINDS.items():
        if not known.isdisjoint(parts):
            return found
    return None


def _parts(word: str) -> list[str]:
    for mark in ":/-._":
        word = word.replace(mark, " ")
    return word.split()


def target(words: list[str]) -> str:
    """The script or target that a runner is told to run; else the program: `lint`, `pytest`."""
    inner = carried(words)
    if program(inner) not in RUNNERS:
        return program(inner)
    return next((word for word in _telling(inner) if _kind_in(_parts(word))), program(inner))


def family(words: list[str]) -> str:
    """What stays the same where a check is run with other flags: of `lint:fix` it is `lint`."""
    name, mark, rest = target(words).partition(":")
    return name if not mark or rest in SAME_SCRIPT else f"{name}:{rest}"


def is_whole(check: str) -> bool:
    """Whether a check covers everything, and not some chosen tests or files."""
    words = carried(check.split())
    name, mark, rest = target(words).replace("-", ":", 1).partition(":")
    is_part = mark and name in KINDS["test"] | KINDS["lint"] and rest not in SAME_SCRIPT
    return not is_part and not any(
        word.startswith(SELECTING)
        or "::" in word
        or ("/" in word and not word.endswith("..."))
        or word.endswith(ENDINGS)
        for word in words[1:]
    )


def lies_within(part: str, check: str) -> bool:
    """Whether the files or tests of a check are among those of another run of the same tool."""
    words, others = carried(part.split()), carried(check.split())
    chosen = [word for word in others[1:] if not word.startswith("-")]
    if family(words) != family(others) or any(word.startswith(SELECTING) for word in others):
        return False
    if set(words) <= set(others):
        return True
    named = [word for word in words[1:] if "/" in word or "::" in word]
    return bool(named) and all(
        any(word == one or word.startswith((one.rstrip("/.") + "/", one + "::")) for one in chosen)
        for word in named
    )
