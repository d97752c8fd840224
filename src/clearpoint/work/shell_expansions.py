"""What stands for an expansion in a shell line: where it ends, and a here document's text. Pure."""

from __future__ import annotations

ESCAPES = {"n": "\n", "t": "\t", "\\": "\\", "'": "'", '"': '"', "r": "\r", "e": "", "a": ""}
"""What a letter behind a backslash stands for in `$'…'`; others stay as they are."""


class ShellError(ValueError):
    """The line holds syntax that is not known here."""


def document(line: str, start: int) -> tuple[str, int] | None:
    """The text of `cat <<EOF … EOF )` and the place behind its parenthesis; None otherwise."""
    opening, _, rest = line[start:].partition("\n")
    words = opening.replace("<<-", "<<").split("<<")
    if len(words) != 2 or words[0].strip() != "cat" or not words[1].strip():
        return None
    delimiter = words[1].strip().strip("'\"\\")
    rows = rest.split("\n")
    for number, row in enumerate(rows):
        bare = row.strip()
        if bare == delimiter or bare.startswith((f"{delimiter})", f"{delimiter} )")):
            behind = start + len(opening) + 1 + sum(len(one) + 1 for one in rows[:number])
            end = line.find(")", behind)
            between = line[behind:end].strip()
            return (
                ("\n".join(rows[:number]), end + 1) if end >= 0 and between == delimiter else None
            )
    return None


def closing(line: str, place: int) -> int:
    """The place behind the parenthesis that closes what began before `place`."""
    depth, quote = 1, ""
    while place < len(line):
        char = line[place]
        if char == "\\" and quote != "'":
            place += 1
        elif quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in "()":
            depth += 1 if char == "(" else -1
            if not depth:
                return place + 1
        place += 1
    raise ShellError("$(")


def escaped(line: str, start: int) -> tuple[str, int]:
    """What `$'…'` stands for, from behind its first quote, and the place behind its last."""
    parts: list[str] = []
    place = start
    while place < len(line) and line[place] != "'":
        if line[place] == "\\":
            following = line[place + 1 : place + 2]
            parts.append(ESCAPES.get(following, f"\\{following}"))
            place += 2
        else:
            parts.append(line[place])
            place += 1
    if place >= len(line):
        raise ShellError("a quote is not closed")
    return "".join(parts), place + 1
