"""One simple command of a shell line, and what it is unwrapped. Pure. Fast lane."""

from __future__ import annotations

WRAPPERS = {"sudo": 0, "time": 0, "env": 0, "nice": 0, "command": 0, "exec": 0, "nohup": 0,
            "timeout": 1, "xvfb-run": 0, "caffeinate": 0, "stdbuf": 0, "setsid": 0,
            "rtk": 0}  # fmt: skip
"""Commands that run the command after them, by the number of operands before it."""
VALUED = {"nice": ("-n",), "timeout": ("-k", "-s"), "sudo": ("-u", "-g"), "env": ("-u", "-C")}


class Command:
    """One simple command.

    `joint` is what stands between it and the next one: `&&`, `||`, `|`, `;`, `&`, or nothing.
    `opens` and `closes` count the groups that begin before it and end behind it.
    """

    __slots__ = ("closes", "joint", "literal", "opens", "redirections", "text", "words")

    def __init__(self) -> None:
        self.words: list[str] = []
        self.literal: list[bool] = []
        self.redirections: list[tuple[str, str, bool]] = []
        """Operator, target and whether that is literal."""
        self.text: str | None = None
        """The here document that it reads."""
        self.joint = ""
        self.opens = self.closes = 0

    @property
    def name(self) -> str:
        """The program, without its folder; empty if it is not literal."""
        return self.words[0].rpartition("/")[2] if self.words and self.literal[0] else ""

    def expands(self, what: str) -> bool:
        """Whether one of its words holds this expansion."""
        pairs = zip(self.words, self.literal, strict=True)
        return any(what in word for word, is_literal in pairs if not is_literal)

    def unwrapped(self) -> Command:
        """The command without assignments before it and without `sudo`, `time` and the like."""
        place = 0
        words = self.words
        while place < len(words):
            word = words[place]
            if _is_assignment(word):
                place += 1
            elif word in WRAPPERS:
                place = _behind_wrapper(words, place)
            else:
                break
        bare = Command()
        bare.words, bare.literal = words[place:], self.literal[place:]
        bare.redirections, bare.text, bare.joint = self.redirections, self.text, self.joint
        bare.opens, bare.closes = self.opens, self.closes
        return bare


def _behind_wrapper(words: list[str], place: int) -> int:
    """Where the command begins that a wrapper runs."""
    wrapper = words[place]
    operands = WRAPPERS[wrapper]
    place += 1
    while place < len(words):
        if words[place].startswith("-"):
            place += 2 if words[place] in VALUED.get(wrapper, ()) else 1
        elif _is_assignment(words[place]):
            place += 1
        elif operands:
            operands -= 1
            place += 1
        else:
            break
    return place


def _is_assignment(word: str) -> bool:
    name, equals, _ = word.partition("=")
    return bool(equals) and name.isidentifier()
