"""Words as they are indexed and asked for: what SQLite's tokenizer does not do by itself. Pure.

Chinese, Japanese and Korean have no spaces, so their characters are indexed in pairs; a camelCase
name is indexed whole and by its parts. A query becomes two: one for words, one for pieces of code.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NamedTuple
else:
    from clearpoint.lowlevel.records import Record as NamedTuple

PHRASE = re.compile(r'"([^"]+)"|(\S+)')
CAMEL = re.compile(r"\b[A-Za-z][a-z0-9]*+(?:[A-Z]++[a-z0-9]*+)+")
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
UNSPACED = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+")
"""Runs of characters that no spaces divide into words."""
TOKEN = re.compile(r"\w+")
CODE = re.compile(r"[\w)][_./:\-(@#]\w|[a-z0-9][A-Z]|\d[a-z]|[a-z]\d")
"""What tells a name, a path or a call from a word."""
FEWEST_GRAM_CHARS = 3
TERMS_LIMIT = 24
STOP_WORDS = frozenset((
    "a", "about", "after", "all", "also", "an", "and", "any", "are", "as", "at", "be", "been",
    "but", "by", "can", "could", "did", "do", "does", "for", "from", "had", "has", "have", "how",
    "i", "if", "in", "into", "is", "it", "its", "just", "like", "me", "my", "no", "not", "now",
    "of", "on", "or", "our", "out", "please", "should", "so", "some", "than", "that", "the",
    "their", "them", "then", "there", "these", "they", "this", "to", "up", "us", "use", "was",
    "we", "were", "what", "when", "where", "which", "who", "why", "will", "with", "would", "you",
    "your", "der", "die", "das", "und", "ist", "ein", "eine", "wie", "wir",
))  # fmt: skip
"""Words that nearly every passage has; dropped where others are left."""


class Query(NamedTuple):
    """What is asked of each of the two indexes, empty for nothing; and what to show in a result."""

    words: str
    grams: str
    terms: tuple[str, ...]


def indexed(text: str) -> str:
    """A text as the index of words takes it."""
    humps = " ".join(HUMP.sub(" ", name) for name in CAMEL.findall(text))
    whole = f"{text} {humps}" if humps else text
    return whole if whole.isascii() else UNSPACED.sub(paired, whole)


def paired(run: re.Match[str]) -> str:
    """A run of characters as its overlapping pairs."""
    chars = run[0]
    pairs = [chars[place : place + 2] for place in range(max(1, len(chars) - 1))]
    return f" {' '.join(pairs)} "


def query(text: str) -> Query:
    """What is asked for: any of the terms; a part in quotes is one term."""
    given = [quoted or word for quoted, word in PHRASE.findall(text)][:TERMS_LIMIT]
    telling = [one for one in given if one.lower().strip("?!.,;:") not in STOP_WORDS] or given
    words = [phrase for one in telling if (phrase := as_phrase(one))]
    grams = [
        '"' + one.replace('"', '""') + '"'
        for one in map(bare, telling)
        if len(one) >= FEWEST_GRAM_CHARS and CODE.search(one)
    ]
    return Query(" OR ".join(words), " OR ".join(grams), tuple(map(bare, telling)))


def bare(term: str) -> str:
    """A term without the punctuation around it."""
    return term.strip("?!.,;:'`()[]{}<>*")


def as_phrase(term: str) -> str:
    """A term as a phrase of the index of words, empty if nothing in it is a word.

    One character of those that are indexed in pairs is the beginning of a pair.
    """
    found = bare(term)
    if len(found) == 1 and UNSPACED.fullmatch(found):
        return f'"{found}" *'
    tokens = TOKEN.findall(UNSPACED.sub(paired, found))
    return '"' + " ".join(tokens) + '"' if tokens else ""


def code_in(text: str) -> str:
    """The names, paths and calls in what was said: pieces of the words around them serve nobody."""
    return " ".join(word for word in text.split() if CODE.search(word))
