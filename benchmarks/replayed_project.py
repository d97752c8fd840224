"""A project rebuilt in a git repository of its own from what a transcript shows of its files.

Replayed are reads (for what a file held), edits, here documents, `rm`, `mv`, `sed -i` and git's own
commands on files, branches and commits, each only where its result was no error. What a formatter,
a generator or another program wrote is not in a transcript, and missing here.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from clearpoint.work import named_files, shell, shell_command, shell_files, version_control

Entry = dict[str, Any]
PLAYED = frozenset(("checkout", "switch", "restore", "stash", "reset", "rm", "mv", "merge",
                    "cherry-pick", "revert", "branch"))  # fmt: skip
"""What git does with files and branches, played as it was typed."""
WHO = ("-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "core.hooksPath=/dev/null")
SHORT = 7
BEGIN = "Begin"
"""The commit that stands for all that were made before."""


class Project:
    """A project rebuilt from what a transcript shows of its files."""

    def __init__(self, folder: Path, branch: str) -> None:
        self.folder = folder
        self.branch = branch or "main"
        self.commands: dict[str, tuple[str, str]] = {}
        self.told: dict[str, str] = {}
        """Hashes here, and those that the transcript has for the same commits."""
        folder.mkdir(parents=True)
        self.git("init", "-q", "-b", self.branch)

    def git(self, *arguments: str) -> str:
        """What git prints in the project, run as nobody in particular."""
        command = ["git", "-C", str(self.folder), *WHO, *arguments]
        done = subprocess.run(command, capture_output=True, check=False, text=True)
        return done.stdout.strip()

    def begin(self, entries: list[Entry]) -> None:
        """Commit the files as these entries first saw them."""
        known: dict[str, str] = {}
        sure: set[str] = set()
        for entry in entries:
            if (seen := original(entry)) and seen[0] not in sure:
                path, text, is_whole = seen
                if is_whole or path not in known:
                    known[path] = text
            if written := changed(entry, ""):
                sure.add(written[0])
        for path, text in known.items():
            self.put(path, text)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", BEGIN)
        origin = str(self.folder.parent / "origin.git")
        self.git("init", "-q", "--bare", origin)
        self.git("remote", "add", "origin", origin)

    def put(self, path: str, text: str) -> None:
        """Write one of its files."""
        file = Path(path)
        if self.is_within(file):
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
            except OSError:
                return

    def is_within(self, file: Path) -> bool:
        """Whether a path is one of the project's files."""
        parts = Path(file).parts
        return Path(file).is_relative_to(self.folder) and not {"..", ".git"} & set(parts)

    def follow(self, entry: Entry) -> None:
        """What one entry wrote, or did with git."""
        name = entry.get("gitBranch")
        if name and name not in (self.branch, "HEAD"):
            self.branch = name
            if name != self.git("branch", "--show-current"):
                self.git("checkout", "-q", name)
            if name != self.git("branch", "--show-current"):
                self.git("checkout", "-q", "-B", name)
        message = entry.get("message")
        content = message.get("content") if isinstance(message, dict) else None
        for block in content if isinstance(content, list) else ():
            if isinstance(block, dict):
                self._block(entry, block)
        path = str((entry.get("toolUseResult") or {}).get("filePath") or "") if isinstance(
            entry.get("toolUseResult"), dict) else ""  # fmt: skip
        now = ""
        if path and self.is_within(Path(path)) and Path(path).is_file():
            now = Path(path).read_text(errors="replace")
        if written := changed(entry, now):
            self.put(*written)

    def _block(self, entry: Entry, block: dict[str, Any]) -> None:
        if block.get("name") == "Bash":
            line = str(block["input"].get("command"))
            self.commands[block["id"]] = line, str(entry.get("cwd") or self.folder)
        elif block.get("tool_use_id") in self.commands and not block.get("is_error"):
            line, folder = self.commands[block["tool_use_id"]]
            said = block.get("content")
            if isinstance(said, list):
                said = "\n".join(one.get("text") or "" for one in said if isinstance(one, dict))
            self._shell(line, folder, str(said or ""))

    def _shell(self, line: str, folder: str, said: str) -> None:
        """What a shell line that succeeded did to the files."""
        made = version_control.hashes(said)
        for command, place in shell_files.placed(shell.commands(line), folder):
            bare = command.unwrapped()
            if place is None or not (self.is_within(Path(place)) or place == str(self.folder)):
                continue
            if bare.name == "git":
                self._git(bare, place, (made, said))
            else:
                self._files(bare, place)

    def _git(self, command: shell_command.Command, place: str, told: tuple[list[str], str]) -> None:
        verb = version_control.verb_of(command.words)
        words = command.words[command.words.index(verb) + 1 :] if verb else []
        if "-C" in command.words[:-1]:
            place = str(Path(place, command.words[command.words.index("-C") + 1]))
        is_here = self.is_within(Path(place)) or place == str(self.folder)
        if not is_here or any("$" in word for word in words if verb != "commit"):
            return
        inside = ("-C", place) if Path(place).is_dir() else ()
        if verb == "add":
            for word in words:
                self.git(*inside, "add", word)
        elif verb == "commit":
            self._commit(command, *told)
        elif verb == "push":
            force = [word for word in words if word.startswith(("-f", "--force"))]
            self.git("push", "-q", "-u", *force, "origin", "HEAD")
        elif verb in PLAYED and "-i" not in words:
            self.git(*inside, verb, *words)

    def _commit(self, command: shell_command.Command, made: list[str], said: str) -> None:
        subject = version_control.subject_of(command)
        is_amended = "--amend" in command.words
        if any(word in ("-a", "-am", "--all") for word in command.words):
            self.git("add", "-u")
        elif not self.git("diff", "--cached", "--name-only") and not is_amended:
            self.git("add", "-A")  # what it commits was written in a way that is not seen here
        amend = ("--amend",) if is_amended else ()
        subject = subject or subject_told(said, made[0] if made else "")
        message = ("--no-edit",) if is_amended and not subject else ("-m", subject or "Commit")
        self.git("commit", "-q", "--allow-empty", *amend, *message)
        if made:
            self.told[self.git("rev-parse", "HEAD")] = made.pop(0)

    def _files(self, command: shell_command.Command, place: str) -> None:
        """A command that writes or removes files."""
        rest = [str(Path(place, word)) for word, _ in named_files.operands(command, command.name)]
        if command.name == "rm":
            for path in filter(self.is_within, map(Path, rest)):
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        elif command.name == "mv" and len(rest) == 2 and all(map(self.is_within, map(Path, rest))):
            if Path(rest[0]).exists():
                Path(rest[1]).parent.mkdir(parents=True, exist_ok=True)
                shutil.move(rest[0], rest[1])
        elif command.name == "sed" and self.is_within(Path(rest[-1] if rest else "/")):
            given = ["sed", "--sandbox", *command.words[1:]]
            subprocess.run(given, cwd=place, capture_output=True, check=False, timeout=5)
        for operator, target, is_literal in command.redirections:
            if operator in (">", ">|") and command.text is not None and is_literal:
                self.put(str(Path(place, target)), command.text)

    def as_here(self, text: str) -> str:
        """A line of the transcript with the hashes that its commits have here."""
        for here, there in self.told.items():
            text = text.replace(there, here[: len(there)])
        return text

    def as_told(self, block: str) -> str:
        """A text about the project with the hashes of the transcript, and without the beginning."""
        for here, there in self.told.items():
            block = block.replace(here[:SHORT], there[:SHORT])
        begun = rf"(: | · )[0-9a-f]{{7}} {BEGIN}\b"
        return re.sub(rf"( Newest commits|, commits){begun}\.?|{begun}", "", block)


def subject_told(said: str, name: str) -> str:
    """The subject that git gives in the line which names a commit; empty without one."""
    rows = said.splitlines() if name else []
    return next((row.partition(f"{name}] ")[2].strip() for row in rows if f"{name}] " in row), "")


def original(entry: Entry) -> tuple[str, str, bool] | None:
    """A file, what it held before this entry changed it or as it was read, and whether that is all.

    Nothing for a file that the entry creates.
    """
    seen = entry.get("toolUseResult")
    if not isinstance(seen, dict):
        return None
    file = seen.get("file")
    if isinstance(file, dict) and file.get("filePath") and isinstance(file.get("content"), str):
        is_whole = file.get("numLines") == file.get("totalLines")
        return file["filePath"], file["content"], is_whole
    for name in ("originalFile", "oldString"):
        if isinstance(seen.get(name), str) and seen.get("filePath"):
            return seen["filePath"], seen[name], name == "originalFile"
    return None


def changed(entry: Entry, now: str) -> tuple[str, str] | None:
    """A file and what it holds after this entry wrote it; `now` is what it held."""
    seen = entry.get("toolUseResult")
    if not isinstance(seen, dict) or not seen.get("filePath"):
        return None
    if seen.get("type") in ("create", "update") and isinstance(seen.get("content"), str):
        return seen["filePath"], seen["content"]
    before, old = seen.get("originalFile"), seen.get("oldString")
    if not isinstance(before, str):
        before = now
    if isinstance(old, str):
        new = str(seen.get("newString"))
        whole = before.replace(old, new, 1) if old in before else f"{before}\n{new}\n"
        return seen["filePath"], whole
    return None
