"""Identifiers and file names in play: which names the talk and the changes turn around. Pure.

Each name has a weight that grows by one with each text that holds it and halves with time, which
is counted in entries, so that what is frequent and what is recent both come first. No `re`: this
runs at every turn, and `bytes.translate` splits at the speed of C.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.work import Weights, WorkState

TEXT_CHARS = 3_000
"""As much of one text is looked at."""
NAME_CHARS = 48
DIGITS_AT_MOST = 4
"""More of them make a hash or an id, which nobody needs by heart."""
HALF_LIFE = 100
"""Entries after which a mention counts half."""
LIMIT = 240
KEPT = 180
ENDING_CHARS = 6
ESCAPES = ("\\n", "\\t", "\\r", "\\b", "\\f", "\\v", "\\x1b", "\\033", "\\u001b", "\\0")
"""How strings in code write what is no letter; the letter behind it would join the next word."""
FOREIGN = frozenset((
    "os", "fmt", "io", "strings", "strconv", "bytes", "errors", "filepath", "path", "http", "json",
    "time", "sync", "context", "sort", "log", "slog", "math", "rand", "bufio", "regexp", "exec",
    "reflect", "testing", "require", "assert", "url", "xml", "sql", "atomic", "unicode", "utf8",
    "sys", "re", "shutil", "subprocess", "itertools", "functools", "collections", "typing",
    "logging", "asyncio", "random", "datetime", "pathlib", "tempfile", "argparse", "threading",
    "np", "pd", "plt", "torch", "pytest", "unittest", "click", "requests", "console", "process",
    "Object", "Array", "JSON", "Math", "Promise", "String", "Number", "Date", "React", "document",
    "window", "fs", "Buffer", "vi", "jest", "expect", "std", "chrono", "serde", "tokio", "System",
    "Arrays", "Collections", "Optional", "Files", "Paths", "fs-extra", "util", "crypto", "node",
))  # fmt: skip
"""Packages that come with a language or from elsewhere: what they hold is known without us."""
REMEMBERED = 20_000
"""Words whose kind a process keeps in mind."""

_LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"


_SPLIT = bytes(byte if byte in _LETTERS + b"./-" else 32 for byte in range(256))
_prose: set[str] = set()
_names: dict[str, tuple[list[str], list[str]]] = {}
_MARKS = {ord(mark): " " for mark in "./-"}


def hear(work: WorkState, text: str) -> None:
    """Take in what is talked of: identifiers and files."""
    found, files = names_in(text)
    count(work["names"], found, work["clock"])
    count(work["mentions"], files, work["clock"])


def identifiers(text: str) -> list[str]:
    """The identifiers of a text, each once."""
    return names_in(text)[0]


def names_in(text: str) -> tuple[list[str], list[str]]:
    """The identifiers and the file names of a text, each once.

    Identifiers are `snake_case`, `camelCase` and `CamelCase`; a file name goes without its folder.
    What a word is has to be found out once per process: most words come again and again.
    """
    found: list[str] = []
    files: list[str] = []
    for word in [word for word in dict.fromkeys(_split(text)) if word not in _prose]:
        known = _names.get(word) or _look_at(word)
        found += known[0]
        files += known[1]
    return found, files


def _look_at(word: str) -> tuple[list[str], list[str]]:
    """What a word names: identifiers, and files without their folders."""
    parts = word.translate(_MARKS).split() if not word.isidentifier() else [word]
    if len(parts) > 1 and parts[0] in FOREIGN:
        parts = parts[:1]  # `os.MkdirAll`: a name of somebody else's package
    found = [part for part in parts if is_identifier(part)]
    name = _file_name(word)
    if not found and name is None:
        if len(_prose) > REMEMBERED:
            _prose.clear()
        _prose.add(word)
        return [], []
    if len(_names) > REMEMBERED:
        _names.clear()
    _names[word] = found, [name] if name else []
    return _names[word]


def _file_name(word: str) -> str | None:
    """The file that a word names, without its folders: `reload.py` of `src/reload.py`."""
    stem, _, ending = word.rpartition("/")[2].strip(".-").rpartition(".")
    is_file = stem[:1].isalpha() and ending.isalnum() and len(ending) <= ENDING_CHARS
    abbreviates = len(stem) == len(ending) == 1  # e.g, i.e
    return f"{stem}.{ending}" if is_file and not abbreviates else None


def is_identifier(word: str) -> bool:
    """Whether a word is a name of code, and not prose, a number or a hash."""
    if not 3 <= len(word) <= NAME_CHARS:
        return False
    if "_" not in word.strip("_") and (
        word.islower() or word.isupper() or word[1:].islower() or word[0].isdigit()
    ):
        return False
    return sum(map(str.isdigit, word)) <= DIGITS_AT_MOST


def count(weights: Weights, names: list[str], now: int) -> None:
    """One more mention of each name; beyond the limit the lightest names are forgotten."""
    for name in names:
        known = weights.get(name)
        if known is None:
            weights[name] = [1.0, now]
        else:
            known[0] = round(1 + known[0] * 0.5 ** ((now - known[1]) / HALF_LIFE), 2)
            known[1] = now
    if len(weights) > LIMIT:
        kept = sorted(weights, key=lambda name: weight(weights[name], now), reverse=True)[:KEPT]
        for name in set(weights).difference(kept):
            del weights[name]


def weight(known: list[float] | None, now: int) -> float:
    """What a name weighs now."""
    return known[0] * 0.5 ** ((now - known[1]) / HALF_LIFE) if known else 0.0


def heaviest(weights: Weights, now: int) -> list[str]:
    """The names, the heaviest first."""
    return sorted(weights, key=lambda name: weight(weights[name], now), reverse=True)


def _split(text: str) -> list[str]:
    """The words of a text that can be names; one that was cut at the end is left out."""
    head = text[:TEXT_CHARS]
    if len(text) > TEXT_CHARS and not text[TEXT_CHARS].isspace():
        head = head[: max(head.rfind(" "), head.rfind("\n"), 0)]
    if "\\" in head:
        for escape in ESCAPES:
            head = head.replace(escape, " ")
    return head.encode("ascii", "replace").translate(_SPLIT).decode("ascii").split()
