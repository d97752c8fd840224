"""How much of a check's output a line shows: pipes search it, or cut it off. Pure. Fast lane."""

from __future__ import annotations

from clearpoint.work import marks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.work.shell_command import Command

SEARCHES = ("grep", "rg", "egrep", "ag", "awk", "sed")
FAILING = ("FAIL", "fail", "rror")
CUT = ("[output truncated", "<persisted-output>", "Output too large")
"""How an output ends, or begins, of which the client shows the beginning alone."""
HEAD_LINES = 10


def piped(commands: list[Command], place: int) -> list[Command]:
    """The commands that an output goes through, in order."""
    found = []
    while commands[place].joint == "|" and place + 1 < len(commands):
        place += 1
        found.append(commands[place])
    return found


def hides_failures(commands: list[Command], place: int, output: str) -> bool:
    """Whether failures may stand in what is not shown, so that a pass may be of a part alone."""
    lines = output.count("\n") + 1
    if output.startswith(CUT) or any(mark in output[-200:] for mark in CUT):
        return True
    for command in piped(commands, place):
        first = head_lines(command)
        if first is not None and lines >= first:
            return True
        if first is None and command.name in SEARCHES and not _seeks_failures(command):
            return not marks.counts_passes(output)
    return False


def _seeks_failures(command: Command) -> bool:
    """Whether a search shows lines that tell of failures, or leaves out others."""
    sought = " ".join(command.words)
    is_inverted = any(word.startswith("-") and "v" in word for word in command.words[1:3])
    return is_inverted != any(word in sought for word in FAILING)


def head_lines(command: Command) -> int | None:
    """After how many lines a command cuts off what it reads; None if it does not."""
    words = command.words
    if command.name == "sed" and words[1:2] == ["-n"]:
        last = words[2].rstrip("p").rpartition(",")[2] if words[2:] else ""
        return int(last) if last.isdigit() and words[2].endswith("p") else None
    if command.name != "head":
        return None
    told = [word.lstrip("-n=lies") for word in words[1:] if word.lstrip("-n=lies").isdigit()]
    return int(told[0]) if told and len(told[0]) < 7 else HEAD_LINES
