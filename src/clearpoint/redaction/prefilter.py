"""Secrets in what was typed, said and called are masked before any of it is kept.

Every entry comes by here once, in both lanes. Nearly all texts hold nothing that a secret begins
with or is named by, which a few substring tests tell; the others are given to the full lane's
detector. What is held back for a person stays as it was typed (see `held`). Pure. Fast lane.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.transcript.entry import Entry

HINTS = ("PRIVATE KEY", "AKIA", "ASIA", "AccountKey=", "ghp_", "gho_", "ghu_", "ghs_", "ghr_",
         "github_pat_", "glpat-", "eyJ", "npm_", "_authToken", "sk-ant-", "sk-proj-", "T3BlbkFJ",
         "sk_live_", "rk_live_", "pypi-AgE", "SG.", "xox", "hooks.slack.com/", "sq0csp-",
         "AIza")  # fmt: skip
"""What secrets of known makers begin with, or hold."""
NAMES = ("passw", "passphrase", "secret", "pwd", "api_key", "apikey", "api-key", "token", "earer ")
"""What other secrets are named by, where something is set."""
SAID = ("passw", "passphrase", "pwd")
"""What is told in a sentence as well, with one of these verbs."""
VERBS = (" is", " ist ", " to ", " auf ")
BREAKS = frozenset(" \n\r\t")
NAME_CHARS = 24
"""So near behind its name a secret is set."""
DEPTH_LIMIT = 100
HEAD_CHARS = 40_000
TAIL_CHARS = 4_000
"""Nothing is kept of what stands between the head and the tail of a longer text."""


def masked(text: str) -> str:
    """The text with a mark in place of each secret that is recognized in it."""
    if len(text) > HEAD_CHARS + TAIL_CHARS:
        end = len(text) - TAIL_CHARS
        return masked(text[:HEAD_CHARS]) + text[HEAD_CHARS:end] + masked(text[end:])
    if not may_hold(text):
        return text
    from clearpoint.redaction.detector import mask

    return mask(text)


def may_hold(text: str) -> bool:
    """Whether a text is worth the detector."""
    for hint in HINTS:
        if hint in text:
            return True
    if "://" in text and "@" in text:
        return True
    low = text.lower()
    return any(name in low and _is_set(low, name) for name in NAMES)


def _is_set(low: str, name: str) -> bool:
    """Whether something is set behind one of the places of a name."""
    place = low.find(name)
    while place >= 0:
        end = place + len(name)
        behind = low[end : end + NAME_CHARS]
        rest, sign, _ = behind.replace("=", ":").partition(":")
        is_said = name in SAID and any(verb in behind for verb in VERBS)
        if name[-1] == " " or is_said or (sign and not set(rest.rstrip(" \"'`")) & BREAKS):
            return True
        place = low.find(name, end)
    return False


def mask(entry: Entry) -> Entry:
    """The entry, in which texts and the input of calls are masked in place."""
    message = entry.get("message")
    if not isinstance(message, dict):
        return entry
    content = message.get("content")
    if isinstance(content, str):
        message["content"] = masked(content)
    for block in content if isinstance(content, list) else ():
        if isinstance(text := block.get("text"), str):
            block["text"] = masked(text)
        elif isinstance(given := block.get("input"), dict):
            block["input"] = _inside(given)
    return entry


def _inside(value: Any, depth: int = DEPTH_LIMIT) -> Any:
    """A value with its texts masked; what is nested deeper than the limit is left out."""
    if isinstance(value, str):
        return masked(value)
    if not isinstance(value, dict | list):
        return value
    if not depth:
        return None
    if isinstance(value, dict):
        return {key: _inside(inner, depth - 1) for key, inner in value.items()}
    return [_inside(inner, depth - 1) for inner in value]
