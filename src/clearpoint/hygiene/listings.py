"""What every request lists: skills, commands and agents, and the tools of MCP servers."""

from __future__ import annotations

import os
import re
import shlex
from typing import TYPE_CHECKING, Any

from clearpoint.attribution.parts import AGENTS, COMMANDS, MCP_INSTRUCTIONS, MCP_TOOLS, SKILLS
from clearpoint.client.settings import OWN_FILE_LIMIT_BYTES, SETTINGS_LIMIT_BYTES, read_object
from clearpoint.hygiene.savings import Saving
from clearpoint.text.phrases import short

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from clearpoint.attribution.attribution import Attribution, Part
    from clearpoint.models.config import Config
    from clearpoint.models.state import State

LISTED = (SKILLS, COMMANDS, AGENTS)
NAMED = 5
SESSIONS_AT_LEAST = 3
"""Fewer sessions tell nothing about what is in use."""
NOT_PLAIN = re.compile(r"[^A-Za-z0-9_-]")


def look_at_descriptions(attribution: Attribution, config: Config) -> Iterator[Saving]:
    """Descriptions of skills, commands and agents, where they are large together."""
    found = [part for part in attribution["parts"] if part["group"] in LISTED]
    whole, limit = _sum(found), config["hygiene"]["listing_tokens"]
    if whole <= limit:
        return
    largest = [part for part in found if part["name"]][:NAMED]
    told = ", ".join(f"{part['name']} {short(part['tokens'])}" for part in largest)
    yield Saving(
        "context.descriptions",
        f"Skills, commands and agents are described in {short(whole)} tokens, above"
        f" {short(limit)}; the largest: {told}",
        "shorten their descriptions, or set disable-model-invocation: true in those that only"
        " you call",
        whole - limit,
    )


def look_at_servers(
    configured: Mapping[str, str], states: Sequence[State], attribution: Attribution | None
) -> Iterator[Saving]:
    """MCP servers that no session has used: those configured, by name with their scope, and others.

    The others are what requests list beyond them: servers of plugins and connectors.
    """
    if len(states) < SESSIONS_AT_LEAST:
        return
    used = {plain(name) for state in states for name in state["work_state"]["servers"]}
    costs = _costs(attribution)
    known = {plain(name) for name in configured}
    others = {name: "plugin or connector" for name in costs if name not in known}
    for name, scope in {**configured, **others}.items():
        if plain(name) in used:
            continue
        tokens = costs.get(plain(name), 0)
        cost = f"; tools and instructions take {short(tokens)} tokens" if tokens else ""
        removal = f"claude mcp remove {shlex.quote(name)} --scope {scope}"
        yield Saving(
            "context.servers",
            f"The MCP server {name} ({scope}) was not used in the last {len(states)}"
            f" sessions{cost}",
            "switch it off with /mcp, or remove it:" if name in configured else "see /mcp",
            tokens,
            command=removal if name in configured else "",
        )


def _costs(attribution: Attribution | None) -> dict[str, int]:
    """What tools and instructions of each server take in every request, by its plain name."""
    found: dict[str, int] = {}
    for part in attribution["parts"] if attribution else ():
        if part["group"] in (MCP_TOOLS, MCP_INSTRUCTIONS) and part["name"]:
            found[plain(part["name"])] = found.get(plain(part["name"]), 0) + part["tokens"]
    return found


def configured_servers(project: str, config_dir: str, own_file: str) -> dict[str, str]:
    """The MCP servers that this project's sessions start, by name with the client's scope.

    `own_file` is the client's own `.claude.json`. Switched off ones are left out.
    """
    known = read_object(own_file, OWN_FILE_LIMIT_BYTES)
    here = _table(_table(known.get("projects")).get(project))
    shared = read_object(os.path.join(project, ".mcp.json"), SETTINGS_LIMIT_BYTES)
    found = {
        **dict.fromkeys(_table(known.get("mcpServers")), "user"),
        **dict.fromkeys(_table(shared.get("mcpServers")), "project"),
        **dict.fromkeys(_table(here.get("mcpServers")), "local"),
    }
    off = set(_names(here.get("disabledMcpServers")))
    for folder in (os.path.join(project, ".claude"), config_dir):
        for file in ("settings.json", "settings.local.json"):
            settings = read_object(os.path.join(folder, file), SETTINGS_LIMIT_BYTES)
            off.update(_names(settings.get("disabledMcpjsonServers")))
    return {name: scope for name, scope in found.items() if name not in off}


def plain(name: str) -> str:
    """A server's name as the client writes it into the names of its tools."""
    return NOT_PLAIN.sub("_", name)


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _names(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _sum(parts: Iterable[Part]) -> int:
    return sum(part["tokens"] for part in parts)
