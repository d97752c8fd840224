"""What the project and the user's own folder add to every session, read from disk.

For transcripts of older clients, which do not tell. Memory files are the `CLAUDE.md` files with
what they import and the rules that hold everywhere; skills, agents and commands count with their
descriptions. What cannot be read is left out. Source: the client's documentation.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from clearpoint.attribution.parts import AGENTS, COMMANDS, MEMORY, SKILLS
from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE_LIMIT_BYTES = 1 << 20
FILES_LIMIT = 200
IMPORT_DEPTH = 5
IMPORT = re.compile(r"(?:^|\s)@((?:~/|\.{0,2}/)?[\w./-]*\w)")
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE)
OPENING = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)


def standing_texts(project: str, config_dir: str | None) -> list[tuple[str, str, str]]:
    """Group, name and text of everything that a session of this project begins with."""
    folders = [os.path.join(project, ".claude"), *([config_dir] if config_dir else [])]
    found = [(MEMORY, path, text) for path, text in memory_files(project, config_dir).items()]
    for folder in folders:
        for group, kind in ((SKILLS, "skills"), (AGENTS, "agents"), (COMMANDS, "commands")):
            for path in markdown_files(os.path.join(folder, kind)):
                name = name_of(path, kind == "skills")
                if text := described(read_text(path)) if name else "":
                    found.append((group, name, f"- {name}: {text}"))
    return found


def memory_files(project: str, config_dir: str | None) -> dict[str, str]:
    """The memory files by path, in the order in which the client loads them."""
    found: dict[str, str] = {}
    above = [project]
    while (parent := os.path.dirname(above[0])) != above[0]:
        above.insert(0, parent)
    if config_dir:
        add_memory(found, os.path.join(config_dir, "CLAUDE.md"))
        add_rules(found, os.path.join(config_dir, "rules"))
    for folder in above:
        add_memory(found, os.path.join(folder, "CLAUDE.md"))
        add_memory(found, os.path.join(folder, ".claude", "CLAUDE.md"))
        add_rules(found, os.path.join(folder, ".claude", "rules"))
        add_memory(found, os.path.join(folder, "CLAUDE.local.md"))
    return found


def add_memory(found: dict[str, str], path: str, depth: int = 0) -> None:
    """Add a file and what it imports, each once."""
    text = read_text(path)
    if not text or path in found or len(found) >= FILES_LIMIT:
        return
    found[path] = text
    if depth < IMPORT_DEPTH:
        for name in IMPORT.findall(CODE.sub("", text)):
            target = os.path.join(os.path.dirname(path), os.path.expanduser(name))
            add_memory(found, os.path.normpath(target), depth + 1)


def add_rules(found: dict[str, str], folder: str) -> None:
    """Add the rules that are not bound to paths."""
    for path in markdown_files(folder):
        opening = OPENING.match(read_text(path))
        if opening is None or "paths:" not in opening[1]:
            add_memory(found, path)


def mcp_servers(project: str) -> list[str]:
    """The servers that the project configures; how large their tools are, no file tells."""
    try:
        known = fast_json.loads(read_bytes(os.path.join(project, ".mcp.json"), FILE_LIMIT_BYTES))
    except (OSError, fast_json.MalformedJSONError):
        return []
    servers = known.get("mcpServers") if isinstance(known, dict) else None
    return list(servers) if isinstance(servers, dict) else []


def command_names(project: str, config_dir: str | None) -> set[str]:
    """The names of the user's own slash commands, which the client lists among the skills."""
    folders = [os.path.join(project, ".claude"), *([config_dir] if config_dir else [])]
    paths = (path for one in folders for path in markdown_files(os.path.join(one, "commands")))
    return {name_of(path, is_skill=False) for path in paths}


def name_of(path: str, is_skill: bool) -> str:
    """What a skill, agent or command is called; empty for a file that is none."""
    folder, file = os.path.split(path)
    if is_skill:
        return os.path.basename(folder) if file == "SKILL.md" else ""
    return file.removesuffix(".md")


def described(text: str) -> str:
    """The description of a skill, agent or command."""
    opening = OPENING.match(text)
    lines = opening[1].split("\n") if opening else []
    said = [line.partition(":")[2].strip() for line in lines if line.startswith("description:")]
    return said[0] if said else text.strip().partition("\n")[0][:100]


def markdown_files(folder: str) -> Iterator[str]:
    """The Markdown files of a folder and those below, in order."""
    for place, folders, files in os.walk(folder):
        folders.sort()
        yield from (os.path.join(place, name) for name in sorted(files) if name.endswith(".md"))


def read_text(path: str) -> str:
    """The text of a file, empty if there is none that can be read."""
    try:
        return read_bytes(path, FILE_LIMIT_BYTES, follow=True).decode("utf-8", "replace")
    except OSError:
        return ""
