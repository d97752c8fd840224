"""Other tools' hooks for Claude Code, from their registries, to be measured beside ours.

usage: python benchmarks/peers.py FOLDER

Installs them into a folder that can be thrown away, as npm and pip do it; nothing is registered
with any client. Needs npm, node and, for native modules, a C++ compiler.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

NPM = ("context-mode@1.0.131", "ccstatusline@2.2.30")
PYPI = ("claude-smart-compact==0.1.8",)


class Peer(NamedTuple):
    """One hook of another tool."""

    name: str
    event: str
    argv: tuple[str, ...]
    env: dict[str, str]


def found(folder: Path) -> list[Peer]:
    """The hooks that are there, each as its own documentation registers it."""
    node, python = folder / "node_modules", folder / "python"
    mode, compact = node / "context-mode" / "hooks", python / "claude_smart_compact"
    path = {"PYTHONPATH": str(python)}
    peers = [
        Peer("context-mode", "UserPromptSubmit", ("node", str(mode / "userpromptsubmit.mjs")), {}),
        Peer("context-mode", "SessionStart, resume", ("node", str(mode / "sessionstart.mjs")), {}),
        Peer("context-mode", "PreCompact", ("node", str(mode / "precompact.mjs")), {}),
        Peer("claude-smart-compact", "UserPromptSubmit",
             (sys.executable, str(compact / "user_prompt.py")), path),
        Peer("claude-smart-compact", "PreCompact",
             (sys.executable, str(compact / "pre_compact.py")), path),
        Peer("ccstatusline", "status line",
             ("node", str(node / "ccstatusline/dist/ccstatusline.js")), {}),
    ]  # fmt: skip
    return [peer for peer in peers if os.path.exists(peer.argv[peer.argv[0] in PROGRAMS])]


PROGRAMS = ("node", sys.executable)


def main() -> None:
    """Install them."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text("{}")
    npm = ["npm", "--prefix", str(folder), "--no-audit", "--no-fund"]
    subprocess.run([*npm, "install", "--ignore-scripts", *NPM], check=True)
    subprocess.run([*npm, "rebuild", "better-sqlite3", "--build-from-source"], check=False)
    inner = folder / "node_modules/context-mode/node_modules"  # where it looks for that one
    if not inner.exists():
        inner.symlink_to("..")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--target", str(folder / "python"), *PYPI], check=True)


if __name__ == "__main__":
    main()
