"""Whether anybody can read a remote: it is asked as a stranger would ask."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from clearpoint.sync.git import OWN, GitError, run

if TYPE_CHECKING:
    from collections.abc import Mapping

SCP = re.compile(r"(?:[^/@\s]+@)?([\w.-]{2,}):(?!//)([^\s]+)")
SSH = re.compile(r"ssh://(?:[^/@\s]+@)?([\w.-]+)(?::\d+)?/([^\s]+)")
WEB = re.compile(r"(https?://)(?:[^/@\s]+@)?([^\s]+)")
ANYBODYS = "git://"
"""Git's own protocol, which has no users."""
STRANGER = ("credential.helper=", "core.askPass=true", "http.extraHeader=", "http.cookieFile=")
ASK_S = 10.0
PUBLIC = (
    "{url} can be read by anyone. Sessions hold your prompts, Claude's answers and file names."
    " Choose another remote, encrypt with --recipient, or add it anyway with --yes."
)


def stranger_url(url: str) -> str:
    """The address at which a stranger would try to read a remote; empty if there is none."""
    if url.startswith(ANYBODYS):
        return url
    if found := WEB.fullmatch(url):
        return found[1] + found[2]
    if found := SSH.fullmatch(url) or SCP.fullmatch(url):
        return f"https://{found[1]}/{found[2].lstrip('/')}"
    return ""


def is_public(url: str, env: Mapping[str, str]) -> bool:
    """Whether the remote answers a stranger; a path on a disk is nobody else's business."""
    address = stranger_url(url)
    if not address:
        return False
    settings = [word for one in STRANGER for word in ("-c", one)]
    alone = {name: value for name, value in env.items() if not name.startswith("GIT_")} | OWN
    alone |= {"HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"}
    try:
        run(["git", *settings, "ls-remote", "--quiet", address, "HEAD"], alone, timeout_s=ASK_S)
    except GitError:
        return False
    return True
