"""Play cuts of real transcripts through the hooks: what Claude gets, and what came next.

usage: python benchmarks/handover_cuts.py OUT [--corpus DIR] [--bin DIR] [--turns 2] [--only ID]

A cut is a compaction, or the end of a turn in the middle of the work, after which the user clears.
The project is rebuilt roughly in a git repository of its own: the files as the transcript's reads
and edits show them, and its commits. For each cut OUT gets a folder with `block.md` (ours),
`instructions.md` (what PreCompact tells the summarizer), `summary.md` (the client's own),
`last.md` (what stood before) and `next.md` (what happened next). Printed are the measures that
need no reader: closing paragraphs and options kept, and sizes in tokens of cl100k_base.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sysconfig
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Entry = dict[str, Any]
NEXT_ENTRIES = 60
NEXT_CHARS = 12_000
POINTING_CHARS = 80
POINTING = ("yes", "yep", "yeah", "ok", "okay", "sure", "do it", "go ", "option", "no,", "both",
            "let's", "1", "2", "3", "a", "b", "c")  # fmt: skip
OPTION_MARKS = "-*#> "


@dataclass(frozen=True)
class Cut:
    """One cut: the number of lines before it, and why it is made."""

    session: str
    place: int
    reason: str
    last: str
    """Claude's last answer before it."""
    reply: str
    """The prompt that comes next."""

    @property
    def name(self) -> str:
        """What its folder is called."""
        return f"{self.session[:8]}-{self.place}-{self.reason}"


def read(path: Path, project: str) -> tuple[list[Entry], str]:
    """The entries of a transcript, its project moved to another place; and where it was."""
    text = path.read_text("utf-8", "replace")
    whence = next((e["cwd"] for e in parsed(text) if e.get("cwd")), "/")
    return list(parsed(text.replace(json.dumps(whence)[1:-1], project))), whence


def parsed(text: str) -> Iterator[Entry]:
    """The JSON objects of a transcript's text."""
    for line in text.splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            yield entry


def blocks(entry: Entry) -> list[dict[str, Any]]:
    """The content of an entry as blocks; empty for what is no message of the conversation."""
    message = entry.get("message")
    if not isinstance(message, dict) or entry.get("isSidechain") or entry.get("isMeta"):
        return []
    content = message.get("content")
    found = [{"type": "text", "text": content}] if isinstance(content, str) else content or []
    return [block for block in found if isinstance(block, dict)]


def typed(entry: Entry) -> str:
    """What the user typed in this entry; empty where it is something else."""
    if entry.get("type") != "user" or entry.get("isCompactSummary"):
        return ""
    texts = [block.get("text") or "" for block in blocks(entry) if block.get("type") == "text"]
    is_typed = texts and texts[0].strip() and not texts[0].startswith(("<", "[Request", "Caveat"))
    return texts[0] if is_typed else ""


def cuts(session: str, entries: list[Entry], turns: int) -> Iterator[Cut]:
    """The compactions of a session, and as many ends of turns spread over it."""
    prompts = [place for place, entry in enumerate(entries) if typed(entry)]
    ends = [place for place in prompts[1:] if answer_before(entries, place)]
    chosen = {ends[len(ends) * (n + 1) // (turns + 1)] for n in range(turns) if ends}
    for place, entry in enumerate(entries):
        is_boundary = entry.get("subtype") == "compact_boundary"
        if is_boundary or place in chosen:
            reply = next((said for one in entries[place:] if (said := typed(one))), "")
            reason = "compact" if is_boundary else "clear"
            yield Cut(session, place, reason, answer_before(entries, place), reply)


def answer_before(entries: list[Entry], place: int) -> str:
    """The last text that Claude wrote before a place."""
    for entry in reversed(entries[:place]):
        if typed(entry):
            return ""
        if entry.get("type") == "assistant":
            texts = [one["text"] for one in blocks(entry) if one.get("type") == "text"]
            if texts and texts[-1].strip():
                return str(texts[-1])
    return ""


class Project:
    """A project rebuilt from what a transcript shows of its files."""

    def __init__(self, folder: Path, branch: str) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        self.git("init", "-q", "-b", branch or "main")

    def git(self, *arguments: str) -> None:
        """Run git in the project, as nobody in particular."""
        who = ("-c", "user.name=n", "-c", "user.email=n@example.org")
        subprocess.run(
            ["git", "-C", str(self.folder), *who, *arguments], capture_output=True, check=False
        )

    def put(self, path: str, text: str) -> None:
        """Write one of its files."""
        file = Path(path)
        if file.is_relative_to(self.folder) and ".git" not in file.parts:
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
            except OSError:
                return

    def rebuild(self, entries: list[Entry]) -> None:
        """Bring the files to where these entries leave them, with a commit where one was made."""
        known: dict[str, str] = {}
        for path, text in filter(None, map(original, entries)):
            known.setdefault(path, text)
        for path, text in known.items():
            self.put(path, text)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "Begin")
        commands: dict[str, str] = {}
        for entry in entries:
            self.replay(entry, commands)

    def replay(self, entry: Entry, commands: dict[str, str]) -> None:
        """What one entry wrote or committed."""
        for block in blocks(entry):
            if block.get("name") == "Bash":
                commands[block["id"]] = str(block["input"].get("command"))
            command = commands.get(block.get("tool_use_id", ""), "")
            if "git commit" in command and not block.get("is_error"):
                self.git("add", "-A")
                self.git("commit", "-q", "-m", subject_of(command))
        if written := changed(entry):
            self.put(*written)


def subject_of(command: str) -> str:
    """The subject that a commit command gives."""
    text = command.partition("git commit")[2].partition("-m")[2].strip().lstrip("\"'")
    lines = [line for line in text.splitlines() if line.strip() and "<<" not in line]
    return lines[0].strip(" \"'") if lines else "Commit"


def original(entry: Entry) -> tuple[str, str] | None:
    """A file and what it held before this entry changed it, or as it was read."""
    seen = entry.get("toolUseResult")
    if not isinstance(seen, dict):
        return None
    file = seen.get("file")
    if isinstance(file, dict) and file.get("filePath") and isinstance(file.get("content"), str):
        return file["filePath"], file["content"]
    if isinstance(seen.get("originalFile"), str) and seen.get("filePath"):
        return seen["filePath"], seen["originalFile"]
    return None


def changed(entry: Entry) -> tuple[str, str] | None:
    """A file and what it holds after this entry wrote it."""
    seen = entry.get("toolUseResult")
    if not isinstance(seen, dict) or not seen.get("filePath"):
        return None
    if seen.get("type") in ("create", "update") and isinstance(seen.get("content"), str):
        return seen["filePath"], seen["content"]
    before, old = seen.get("originalFile"), seen.get("oldString")
    if isinstance(before, str) and isinstance(old, str):
        return seen["filePath"], before.replace(old, str(seen.get("newString")), 1)
    return None


class Client:
    """Runs the hooks as the client does."""

    def __init__(self, scripts: Path, place: Path, session: str) -> None:
        self.scripts, self.place, self.session = scripts, place, session
        self.project, self.transcript = place / "proj", place / f"{session}.jsonl"

    def hook(self, event: str, **fields: object) -> str:
        """What the executable for one event prints."""
        body = {"hook_event_name": event, "session_id": self.session, "cwd": str(self.project),
                "transcript_path": str(self.transcript), **fields}  # fmt: skip
        name = "".join(f"-{c.lower()}" if c.isupper() else c for c in event).strip("-")
        env = {"PATH": os.environ["PATH"], "HOME": str(self.place / "home"), "LANG": "C.UTF-8",
               "CLAUDE_PROJECT_DIR": str(self.project), "CLAUDE_PID": str(os.getpid())}  # fmt: skip
        done = subprocess.run([str(self.scripts / f"clearpoint-{name}")], input=json.dumps(body),
                              capture_output=True, text=True, env=env, check=False,
                              cwd=self.project)  # fmt: skip
        if done.returncode or done.stderr:
            print(f"{event}: {done.returncode} {done.stderr[-300:]}")
        return done.stdout

    def start(self, source: str) -> str:
        """The context that SessionStart gives."""
        said = self.hook("SessionStart", source=source)
        found = json.loads(said) if said.strip() else {}
        return str(found.get("hookSpecificOutput", {}).get("additionalContext", ""))

    def cleared(self, last: str) -> str:
        """The block that a session gets after /clear."""
        self.hook("Stop", stop_hook_active=False, last_assistant_message=last)
        self.hook("SessionEnd", reason="clear")
        self.session = str(uuid.uuid4())
        self.transcript = self.place / f"{self.session}.jsonl"
        return self.start("clear")


def play(cut: Cut, entries: list[Entry], scripts: Path, out: Path) -> str:
    """Play one cut, write its folder, and give the block."""
    place = out / cut.name
    place.mkdir(parents=True, exist_ok=True)
    project = Path(entries_project(entries))
    client = Client(scripts, project.parent, cut.session)
    branch = next((one["gitBranch"] for one in entries if one.get("gitBranch")), "main")
    Project(project, branch).rebuild(entries[: cut.place])
    before = entries[: cut.place]
    client.transcript.write_text("".join(json.dumps(entry) + "\n" for entry in before))
    if cut.reason == "compact":
        (place / "instructions.md").write_text(client.hook("PreCompact", trigger="auto"))
        block = client.start("compact")
        (place / "summary.md").write_text(summary_after(entries[cut.place :]))
    else:
        block = client.cleared(cut.last)
    (place / "block.md").write_text(block)
    (place / "last.md").write_text("\n\n".join(told(before[-NEXT_ENTRIES:]))[-NEXT_CHARS:])
    ahead = entries[cut.place : cut.place + 4 * NEXT_ENTRIES]
    (place / "next.md").write_text("\n\n".join(told(ahead))[:NEXT_CHARS])
    return block


def entries_project(entries: list[Entry]) -> str:
    """The project of a moved transcript."""
    return next(str(one["cwd"]) for one in entries if one.get("cwd"))


def summary_after(entries: list[Entry]) -> str:
    """The client's own summary that follows a compaction."""
    for entry in entries[:20]:
        if entry.get("isCompactSummary"):
            return str(blocks(entry)[0].get("text"))
    return ""


def told(entries: list[Entry]) -> Iterator[str]:
    """What was typed, said and called, for a reader."""
    for entry in entries:
        if said := typed(entry):
            yield f"USER: {said[:2_000]}"
        for block in blocks(entry) if entry.get("type") == "assistant" else ():
            if block.get("type") == "text":
                yield f"CLAUDE: {block['text']}"
            elif block.get("type") == "tool_use":
                yield f"CALL {block['name']}: {json.dumps(block['input'])[:240]}"


def flat(text: str) -> str:
    """The text with single spaces."""
    return " ".join(text.split())


def closing(text: str) -> str:
    """The last paragraph."""
    return text.strip().rpartition("\n\n")[2]


def options(text: str) -> list[str]:
    """The beginnings of the labelled options of an answer."""
    found = []
    for line in text.splitlines():
        bare = line.strip().lstrip(OPTION_MARKS)
        label = bare.removeprefix("Option ")[:2]
        if label[:1].isalnum() and len(label) == 2 and label[1] in ".):":
            found.append(bare[:30])
    return found


def is_pointing(reply: str) -> bool:
    """Whether a prompt means nothing without what it answers."""
    return 0 < len(reply) <= POINTING_CHARS and reply.lower().startswith(POINTING)


def main() -> None:
    """Play the cuts and print the measures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    parser.add_argument("--bin", type=Path, default=Path(sysconfig.get_path("scripts")))
    parser.add_argument("--turns", type=int, default=2, help="ends of turns in each session")
    parser.add_argument("--only", default="", help="the beginning of a cut's name")
    given = parser.parse_args()
    found: list[tuple[Cut, str]] = []
    for path in sorted(given.corpus.glob("*.jsonl")):
        for cut in cuts(path.stem, read(path, "/p")[0], given.turns):
            if cut.name.startswith(given.only):
                with tempfile.TemporaryDirectory(prefix="cut-") as folder:
                    entries, _ = read(path, f"{folder}/proj")
                    found.append((cut, play(cut, entries, given.bin.absolute(), given.out)))
    print("\n".join(measures(found)))


def measures(found: list[tuple[Cut, str]]) -> Iterator[str]:
    """The measures that need no reader, one line each."""
    from clearpoint.tokens import encoder

    for reason in ("clear", "compact"):
        sizes = sorted(encoder.count(block) for cut, block in found if cut.reason == reason)
        if sizes:
            yield (f"{reason}: {len(sizes)} cuts, tokens {statistics.mean(sizes):.0f} in the mean, "
                   f"{sizes[int(0.95 * (len(sizes) - 1))]} at p95")  # fmt: skip
    cleared = [(cut, flat(block)) for cut, block in found if cut.reason == "clear" and cut.last]
    whole = [cut.name for cut, block in cleared if flat(closing(cut.last)) not in block]
    yield f"closing paragraph whole: {len(cleared) - len(whole)} of {len(cleared)}; not in {whole}"
    pointing = [(cut, block) for cut, block in cleared if is_pointing(cut.reply)]
    lost = [
        cut.name
        for cut, block in pointing
        if any(flat(one) not in block for one in options(cut.last))
    ]
    kept = f"{len(pointing) - len(lost)} of {len(pointing)}; not in {lost}"
    yield f"options there when the reply points back: {kept}"


if __name__ == "__main__":
    main()
