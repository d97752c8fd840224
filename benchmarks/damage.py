"""Damage done at random to whole inputs: to their bytes, or to one value of their JSON."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random

SIZE_LIMIT = 24_000
"""Bytes of one input."""
TOKENS = (
    b"null",
    b"true",
    b"[]",
    b"{}",
    b'""',
    b"-1",
    b"0",
    b"1e999",
    b"9" * 30,
    b"NaN",
    b"\0",
    b"\n",
    b"\r\n",
    b'"',
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\\ud800",
    b"\xff",
    b"\xf0\x9f\x98\x80",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"../",
    b"\x1b[2J",
    b"\\u0000",
    b'"type":"assistant"',
    b'"isSidechain":true',
    b'"subtype":"compact_boundary"',
    b'"usage":null',
    b'"content":5',
    b"<system-reminder>",
    b"<command-name>/clear",
)
ODD: tuple[Any, ...] = (
    None, True, 5, -1, 10**400, 1.5, float("inf"), "", "x" * 6_000, "\ud800", "\0", "a\nb", [],
    ["a"], [None], [[]], {}, {"type": 5}, {"a": {"b": []}}, [{"type": None, "text": {}}],
    [{"type": "tool_use", "input": []}], [{"type": "tool_result", "content": [5, {"text": 5}]}],
    "<system-reminder>", "../../x", "compact_boundary", "assistant", "claude-opus-4-6[1m]",
)  # fmt: skip


def damaged(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """The bytes with one to five things done to them."""
    made = bytearray(data[:SIZE_LIMIT])
    for _ in range(chance.choice((1, 1, 2, 3, 5))):
        at = chance.randrange(len(made) + 1)
        to = min(len(made), at + chance.choice((1, 1, 2, 8, 40, 400)))
        match chance.randrange(8):
            case 0:
                made[at:to] = b""
            case 1:
                made[at:at] = chance.choice(TOKENS)
            case 2:
                made[at:to] = chance.choice(TOKENS)
            case 3:
                made[at:at] = made[at:to] * chance.choice((1, 2, 20))
            case 4 if at < len(made):
                made[at] ^= 1 << chance.randrange(8)
            case 5:
                made[at:at] = other[chance.randrange(len(other) + 1) :][:4_000]
            case 6:
                made[at:to] = bytes(to - at)
            case _:
                made[at:] = b"" if chance.random() < 0.3 else made[at:]
    return bytes(made)


def odd(data: bytes, chance: random.Random) -> bytes:
    """JSON lines with one value in them replaced by an odd one; other bytes as they are."""
    lines = data.splitlines(keepends=True)
    at = chance.randrange(len(lines))
    value = json.loads(lines[at])
    place, key = value, chance.choice([*value])
    while isinstance(place[key], dict | list) and place[key] and chance.random() < 0.8:
        place = place[key]
        key = chance.choice([*place] if isinstance(place, dict) else range(len(place)))
    if chance.random() < 0.2 and isinstance(place, dict):
        del place[key]
    else:
        place[key] = copy.deepcopy(chance.choice(ODD))
    return b"".join([*lines[:at], json.dumps(value).encode() + b"\n", *lines[at + 1 :]])
