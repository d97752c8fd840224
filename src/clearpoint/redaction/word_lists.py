"""The lists of words that ship with the rules, read when one is first asked for. Fast lane."""

from __future__ import annotations

import os

SEEDS, SERVICES = "seed_words.txt", "services.txt"
_read: dict[str, frozenset[str]] = {}


def word_list(name: str) -> frozenset[str]:
    """The words of a list, in small letters: those that wallets draw from, or names of services."""
    if name not in _read:
        path = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", name)
        with open(path, encoding="ascii") as stream:
            _read[name] = frozenset(stream.read().split())
    return _read[name]
