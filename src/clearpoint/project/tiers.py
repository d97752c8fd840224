"""Progressive disclosure: which files matter how much, in four tiers. Pure.

1 always: the project's instructions and configuration. 2: the specification and the files being
worked on. 3: what belongs to those: what they import, their tests, what changes with them.
4: reference documents, on demand. Every file comes once, in its highest tier, with its reason.
"""

from __future__ import annotations

from clearpoint.work import file_activity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from typing import NamedTuple

    from clearpoint.models.state import DisclosedFile
    from clearpoint.models.work import WorkState
else:
    from clearpoint.lowlevel.records import Record as NamedTuple

ALWAYS = ("CLAUDE.md", "CLAUDE.local.md", ".claude/settings.json", "pyproject.toml",
          "package.json", "go.mod", "Cargo.toml", "pom.xml", "Gemfile", "Makefile")  # fmt: skip
CONFIGURATION = frozenset(("config.json", "config.toml", "config.yaml", "config.yml"))
"""Configuration wherever it is: at the top of the project, or in folders for it alone."""
CONFIGURATION_FOLDERS = frozenset(("config", "conf", "settings"))
CLIENT_LOADS = ("CLAUDE.md", "CLAUDE.local.md")
"""What the client itself gives Claude at every start, at the top of the project."""
INSTRUCTIONS = "instructions"
DOCUMENTS = (".md", ".rst", ".adoc", ".txt")
WORKED_ON = 10
RELATED_LIMIT = 40
IMPORT_LINES = 200
IMPORTING = ("import ", "from ", "use ", "#include", "require", "export ", "const ", "let ", "var ",
             '"', '\t"', "mod ")  # fmt: skip
DOCSTRING = '"""'
TOGETHER_AT_LEAST = 2
TIERS = (1, 2, 3, 4)


class Disclosed(NamedTuple):
    """One file: `path` is relative to the project; `tokens` is None until it is counted."""

    path: str
    tier: int
    reason: str
    tokens: int | None = None

    @property
    def is_nested_instructions(self) -> bool:
        """Whether it instructs a folder, which the client takes in only with a file of it."""
        return self.tier == 1 and "/" in self.path and self.reason == INSTRUCTIONS

    def as_kept(self) -> DisclosedFile:
        """The same as `state.json` keeps it."""
        return {
            "path": self.path,
            "tier": self.tier,
            "reason": self.reason,
            "tokens": self.tokens,
        }


def disclose(
    work: WorkState,
    project: str,
    files: Collection[str],
    texts: Mapping[str, str],
    together: Mapping[str, int] | None = None,
) -> list[Disclosed]:
    """The project's files by tier, the likeliest needed first.

    `files` are all of the project, relative to it; `texts` what those being worked on hold, by
    path, as far as it was read; `together` the commits that changed a file along with one of them.
    """
    known = set(files)
    current = worked_on(work, project)
    spec = work["current_spec"] or "\0"
    played = in_play(work, project)
    offered = [
        *((path, 1, INSTRUCTIONS if path in CLIENT_LOADS else "configuration") for path in ALWAYS),
        *((path, 1, "configuration") for path in sorted(known) if is_configuration(path)),
        *((path, 1, INSTRUCTIONS) for path in _instructions(current)),
        *((path, 2, f"specification {spec}") for path in sorted(known) if spec in path),
        *((path, 2, reason) for path, reason in current.items()),
        *((path, 3, why) for path, why in _related(current, known, texts, together or {})),
        *((path, 3, "read in this work") for path in played if not path.endswith(DOCUMENTS)),
        *((path, 4, "read in this work") for path in played),
        *((path, 4, "document") for path in sorted(known) if path.endswith(DOCUMENTS)),
    ]
    found: dict[str, Disclosed] = {}
    for path, tier, reason in offered:
        if path in known and path not in found:
            found[path] = Disclosed(path, tier, reason)
    return list(found.values())


def is_configuration(path: str) -> bool:
    """Whether a file configures the project as a whole: `config.json`, `.moai/config/config.yaml`.

    One deep in the sources configures something else.
    """
    *folders, name = path.split("/")
    return name in CONFIGURATION and all(
        folder in CONFIGURATION_FOLDERS or folder.startswith(".") for folder in folders
    )


def _instructions(current: Collection[str]) -> Iterator[str]:
    """Where instructions for the folders of these files would be, below the top of the project."""
    for path in current:
        folder = path.rpartition("/")[0]
        while folder:
            yield f"{folder}/{CLIENT_LOADS[0]}"
            folder = folder.rpartition("/")[0]


def worked_on(work: WorkState, project: str) -> dict[str, str]:
    """The files being worked on with their reasons: changed ones, then named, then recent ones."""
    paths = in_play(work, project)
    touched = work["files"]
    prefix = project.rstrip("/") + "/"

    def edits(path: str) -> int:
        return (touched.get(prefix + path) or touched[path])["edits"]

    changed = {path: "changed in this work" for path in paths if edits(path)}
    recent = {path: "read lately" for path in paths[: file_activity.LEADING] if path not in changed}
    named = dict.fromkeys(
        _inside(work["named_artifacts"].values(), project), "named as an artifact"
    )
    return dict([*changed.items()][:WORKED_ON]) | named | recent


def in_play(work: WorkState, project: str) -> list[str]:
    """The files in play within the project, relative to it, the likeliest needed first."""
    return _inside(file_activity.ranked(work), project)


def _inside(paths: Iterable[str], project: str) -> list[str]:
    """Those of the paths that lie within the project, relative to it."""
    prefix = project.rstrip("/") + "/"
    return [path.removeprefix(prefix) for path in paths
            if path.startswith(prefix) or not path.startswith("/")]  # fmt: skip


def _related(
    current: Collection[str],
    known: Collection[str],
    texts: Mapping[str, str],
    together: Mapping[str, int],
) -> Iterator[tuple[str, str]]:
    """What belongs to the files being worked on, with the reason."""
    modules = by_name(known)
    subjects = {
        file_activity.subject(path): path for path in current if file_activity.subject(path)
    }
    for path in sorted(known):
        if path in current or not (origin := subjects.get(file_activity.subject(path))):
            continue
        if is_test(path) != is_test(origin):
            yield path, f"belongs to {origin}"
    number = 0
    for origin in current:
        for path in imported(texts.get(origin, ""), modules):
            if path not in current and number < RELATED_LIMIT:
                number += 1
                yield path, f"imported by {origin}"
    for path, commits in sorted(together.items(), key=lambda item: (-item[1], item[0])):
        if commits >= TOGETHER_AT_LEAST and number < RELATED_LIMIT:
            number += 1
            yield path, f"changed together in {commits} commits"


def is_test(path: str) -> bool:
    """Whether a file tests another, by its name or its folder."""
    return any("test" in part or "spec" in part for part in path.lower().split("/"))


def by_name(files: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """Files by their names without ending, each as its path without ending and its path."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path in sorted(files):
        module = path.rpartition(".")[0]
        found.setdefault(module.rpartition("/")[2], []).append((module, path))
    return found


def imported(text: str, modules: Mapping[str, list[tuple[str, str]]]) -> Iterator[str]:
    """The files (see `by_name`) that a source text imports, by the ends of their paths."""
    for line in text.splitlines()[:IMPORT_LINES]:
        if not line.lstrip().startswith(IMPORTING) or DOCSTRING in line:
            continue
        words = [word.strip("./").removeprefix("crate/") for word in _module_words(line)]
        whence = words[0] if words else ""
        for word in words:
            end = word.rpartition("/")[2]
            meant = {
                path
                for module, path in modules.get(end, ())
                if module.endswith((word, f"{whence}/{word}"))
            }
            if len(meant) == 1:  # more than one: which of them is not known
                yield from meant


def _module_words(line: str) -> Iterator[str]:
    """The module names of a line, with their parts joined by slashes."""
    plain = "".join(char if char.isalnum() or char in "_-./:" else " " for char in line)
    for raw in plain.split():
        word = raw.replace("::", "/")
        if "/" not in word:
            word = word.replace(".", "/")
        if word not in ("import", "from", "use", "const", "require", "export", "include", "as"):
            head, dot, ending = word.rpartition(".")
            yield head if dot and len(ending) <= 4 else word
