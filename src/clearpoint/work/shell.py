"""Shell command lines taken apart into simple commands. Pure. Fast lane.

A small strict reader of what Claude types: quotes, pipes, lists, groups, redirections, here
documents and `$(cat <<EOF)`. A word that the shell would expand is not literal, and a line with
syntax that is not known here (loops, conditions, functions) has no commands: nothing is guessed.
"""

from __future__ import annotations

from clearpoint.work import shell_expansions
from clearpoint.work.shell_command import Command
from clearpoint.work.shell_expansions import ShellError

LINE_CHARS = 40_000
COMMANDS_LIMIT = 64
DEPTH_LIMIT = 16
KEYWORDS = frozenset(("if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done",
                      "case", "esac", "select", "function", "coproc", "[[", "((", "}"))  # fmt: skip
SPACE = " \t\r"
JOINTS = ("&&", "||", "|&", ";;", "|", ";", "&", "\n")
OPERATORS = ("<<<", "<<-", "<<", "&>>", "&>", ">>", ">|", ">&", "<&", "<>", ">", "<")
UNQUOTED_END = " \t\r\n|&;()<>"
EXPANDED = "*?[{"
ORDINARY = str.maketrans("", "", "-_./:,@%+=")
"""Signs in words that the shell takes as they are."""
OPERATING = "0123456789<>&"


def commands(line: str) -> list[Command]:
    """The simple commands of a line, in order; none if its syntax is not known."""
    if len(line) > LINE_CHARS:
        return []
    try:
        return _Reader(line).read()
    except (ShellError, IndexError, RecursionError):
        return []


class _Reader:
    """Reads one line from its beginning to its end."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.place = 0
        self.depth = 0
        self.waiting: list[tuple[Command, str, bool]] = []
        """Here documents whose text begins behind the line: command, delimiter, dash."""
        self.found: list[Command] = []

    def read(self) -> list[Command]:
        """All commands; raises ShellError if something is not known."""
        current = Command()
        while self.place < len(self.line):
            current = self._step(current)
            if len(self.found) > COMMANDS_LIMIT:
                raise ShellError("too many commands")
        self._end(current, "")
        if self.depth or self.waiting:
            raise ShellError("something is not closed")
        return self.found

    def _step(self, current: Command) -> Command:
        """Take the next piece of the line; return the command that what follows belongs to."""
        line, place = self.line, self.place
        char = line[place]
        if char in SPACE:
            self.place += 1
        elif line.startswith("\\\n", place):
            self.place += 2
        elif char == "#":
            end = line.find("\n", place)
            self.place = len(line) if end < 0 else end
        elif char in "()" or (char in "{}" and line[place + 1 : place + 2] in ("", *" \t\n;)")):
            return self._group(current, char)
        elif char in OPERATING and (digits := self._operator()) is not None:
            self._redirect(current, digits)
        elif char in "&|;\n" and (
            joint := next((one for one in JOINTS if line.startswith(one, place)), "")
        ):
            return self._join(current, joint)
        else:
            word, is_literal = self._word()
            if not current.words and word in KEYWORDS and is_literal:
                raise ShellError(word)
            current.words.append(word)
            current.literal.append(is_literal)
        return current

    def _join(self, current: Command, joint: str) -> Command:
        if joint == ";;":
            raise ShellError(joint)
        self.place += len(joint)
        self._end(current, "|" if joint == "|&" else joint)
        if joint == "\n":
            self._take_documents()
        return Command() if current.words or current.redirections else current

    def _end(self, current: Command, joint: str) -> None:
        """A command is complete; a line break or `;` behind nothing ends nothing."""
        if current.words or current.redirections:
            current.joint = ";" if joint == "\n" else joint
            self.found.append(current)
        elif joint in ("&&", "||", "|"):
            if not (self.found and self.found[-1].closes and not self.found[-1].joint):
                raise ShellError(joint)
            self.found[-1].joint = joint
        elif joint and self.found and not self.found[-1].joint:
            self.found[-1].joint = ";" if joint == "\n" else joint

    def _group(self, current: Command, char: str) -> Command:
        """A group opens or closes."""
        self.place += 1
        if char in "({":
            if current.words or current.redirections or self.line.startswith("(", self.place):
                raise ShellError(char)  # a function, an array or arithmetic
            self.depth += 1
            current.opens += 1
            if self.depth > DEPTH_LIMIT:
                raise ShellError("too deep")
            return current
        self._end(current, "")
        self.depth -= 1
        if self.depth < 0 or not self.found:
            raise ShellError(char)
        self.found[-1].closes += 1
        self.found[-1].joint = ""
        return Command()

    def _operator(self) -> str | None:
        """The digits before a redirection that stands here; None if none does."""
        end = self.place
        while end < len(self.line) and self.line[end].isdigit():
            end += 1
        operator = next((one for one in OPERATORS if self.line.startswith(one, end)), None)
        if operator is None or (end > self.place and operator.startswith("&")):
            return None
        return self.line[self.place : end]

    def _redirect(self, current: Command, digits: str) -> None:
        self.place += len(digits)
        operator = next(one for one in OPERATORS if self.line.startswith(one, self.place))
        self.place += len(operator)
        while self.place < len(self.line) and self.line[self.place] in SPACE:
            self.place += 1
        if self.line.startswith("(", self.place):
            raise ShellError("process substitution")
        start = self.place
        word, is_literal = self._word()
        if not word and start == self.place:
            raise ShellError(operator)
        if operator in ("<<", "<<-"):
            self.waiting.append((current, word, operator == "<<-"))
        elif operator == "<<<":
            current.text = word if is_literal else None
        elif operator not in (">&", "<&", "<>"):
            is_output = digits in ("", "1", "2") or operator.startswith("&")
            current.redirections.append((operator, word, is_literal and is_output))

    def _take_documents(self) -> None:
        """The here documents that begin behind the line break that was just passed."""
        for command, delimiter, dash in self.waiting:
            text: list[str] = []
            while True:
                if self.place >= len(self.line):
                    raise ShellError("a here document has no end")
                end = self.line.find("\n", self.place)
                end = len(self.line) if end < 0 else end
                row = self.line[self.place : end]
                self.place = min(end + 1, len(self.line))
                row = row.lstrip("\t") if dash else row
                if row == delimiter:
                    break
                text.append(row)
            command.text = "\n".join(text)
        self.waiting = []

    def _word(self) -> tuple[str, bool]:
        """The word that begins here, without its quotes, and whether it is literal."""
        line = self.line
        end = line.find(" ", self.place)
        whole = line[self.place : end if end >= 0 else len(line)]
        if whole.translate(ORDINARY).isalnum() and whole.isascii():  # as most words are
            self.place += len(whole)
            return whole, True
        parts: list[str] = []
        is_literal = True
        if line.startswith("~", self.place):
            is_literal = False
        while self.place < len(line) and (char := line[self.place]) not in UNQUOTED_END:
            if char == "'":
                end = line.index("'", self.place + 1) if "'" in line[self.place + 1 :] else -1
                if end < 0:
                    raise ShellError("a quote is not closed")
                parts.append(line[self.place + 1 : end])
                self.place = end + 1
            elif char == '"':
                self.place += 1
                text, plain = self._quoted()
                parts.append(text)
                is_literal &= plain
            elif char == "\\":
                following = line[self.place + 1 : self.place + 2]
                parts.append("" if following == "\n" else following)
                self.place += 2
            elif line.startswith("$'", self.place):
                text, self.place = shell_expansions.escaped(line, self.place + 2)
                parts.append(text)
            elif char in "$`":
                text, plain = self._expansion()
                parts.append(text)
                is_literal &= plain
            else:
                is_literal &= char not in EXPANDED or line[self.place : self.place + 2] == "{}"
                parts.append(char)
                self.place += 1
        return "".join(parts), is_literal

    def _quoted(self) -> tuple[str, bool]:
        """What stands between double quotes, from behind the first of them."""
        parts: list[str] = []
        is_literal = True
        while (char := self.line[self.place]) != '"':
            if char == "\\":
                following = self.line[self.place + 1]
                kept = following if following in '"\\$`' else char + following
                parts.append("" if following == "\n" else kept)
                self.place += 2
            elif char in "$`":
                text, plain = self._expansion()
                parts.append(text)
                is_literal &= plain
            else:
                parts.append(char)
                self.place += 1
        self.place += 1
        return "".join(parts), is_literal

    def _expansion(self) -> tuple[str, bool]:
        """What stands for an expansion: the text of `$(cat <<EOF)`, else nothing that is known."""
        line, start = self.line, self.place
        if line.startswith("$(", start):
            if found := shell_expansions.document(line, start + 2):
                self.place = found[1]
                return found[0], True
            self.place = shell_expansions.closing(line, start + 2)
            return line[start : self.place], False
        if line[start] == "`":
            self.place = line.index("`", start + 1) + 1 if "`" in line[start + 1 :] else len(line)
            return line[start : self.place], False
        if line.startswith("${", start):
            end = line.find("}", start)
            if end < 0:
                raise ShellError("${")
            self.place = end + 1
            return line[start : self.place], False
        following = line[start + 1 : start + 2]
        self.place += 1
        return "$", not (
            following.isalnum() or following in ("_", "'", '"', "@", "?", "!", "#", "*")
        )


def joined(folder: str, path: str) -> str:
    """A path as the shell in this folder means it, without `.` and `..`."""
    path = path.replace("\\", "/")
    is_absolute = path.startswith("/") or path[1:3] == ":/"
    whole = path if is_absolute or not folder else f"{folder}/{path}"
    parts: list[str] = []
    for part in whole.split("/"):
        if part == ".." and parts and parts[-1] not in ("", ".."):
            del parts[-1]
        elif part not in ("", ".") or (part == "" and not parts):
            parts.append(part)
    return "/".join(parts) or "/"
