"""Memory files that are longer than they should be, each with what it imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clearpoint.attribution import memory_files
from clearpoint.attribution.shares import PRIOR
from clearpoint.hygiene.savings import Saving
from clearpoint.project.paths import below
from clearpoint.tokens import encoder
from clearpoint.tokens.families import FAMILIES, family_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.models.config import Config

NAMED = 3


def look(project: str, config_dir: str, config: Config, model: str | None) -> Iterator[Saving]:
    """Each memory file that is too long together with its imports."""
    limit = config["hygiene"]["memory_lines"]
    ratio = PRIOR * FAMILIES[family_of(model or "")][0]
    for path, texts in with_imports(memory_files.memory_files(project, config_dir)).items():
        sizes = {name: len(text.splitlines()) for name, text in texts.items()}
        lines = sum(sizes.values())
        if lines <= limit:
            continue
        tokens = ratio * sum(encoder.count(text) for text in texts.values())
        imports = sorted((name for name in sizes if name != path), key=lambda one: -sizes[one])
        told = ", ".join(f"{below(name, project)} {sizes[name]}" for name in imports[:NAMED])
        yield Saving(
            "context.memory",
            f"{below(path, project)} has {lines:,} lines"
            + (f" with its imports ({told})" if told else "")
            + f"; {limit} is enough for most projects",
            "move rarely needed parts to path-scoped rules (.claude/rules) or a skill",
            round(tokens * (1 - limit / lines)),
        )


def with_imports(files: dict[str, str]) -> dict[str, dict[str, str]]:
    """The files that no other one imports, each with itself and all that it imports."""
    found: dict[str, dict[str, str]] = {}
    covered: set[str] = set()
    for path in files:  # a file comes before what it imports
        if path in covered:
            continue
        group: dict[str, str] = {}
        memory_files.add_memory(group, path)
        found[path] = {name: text for name, text in group.items() if name not in covered}
        covered.update(group)
    return found
