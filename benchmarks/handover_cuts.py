"""Play cuts of real transcripts through the hooks: what Claude gets, and what came next.

usage: python benchmarks/handover_cuts.py OUT [--corpus DIR] [--bin DIR] [--turns 2] [--only ID]
       python benchmarks/handover_cuts.py OUT --beside CHECKOUT [--cuts 36] [--seed N]
       python benchmarks/handover_cuts.py OUT --tally

A cut is a compaction, or the end of a turn in the middle of the work, after which the user clears.
Every hook runs at its place in the conversation, and the project is rebuilt beside it in a git
repository of its own, as far as the transcript shows it (`replayed_project.py`). For each cut OUT
gets a folder with `block.md` (ours), `instructions.md` (what PreCompact tells the summarizer),
`summary.md` (the client's own), `last.md` (what stood before) and `next.md` (what happened next).
Printed are the measures that need no reader: closing paragraphs and options kept, and sizes in
tokens of cl100k_base.

With `--beside`, the cuts are played with the version of another checkout too, and OUT gets a folder
`reading`: a file for each of so many cuts, in random order, with what happened next and the blocks
under letters in random order, each under the same first line and headings; no session is there
twice while there are others. `scores.csv` there is to be filled in by somebody who has not seen
OUT's `key.json`. `--tally` then prints the scores of each version.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from replayed_project import Project

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
    """What the user typed in this entry; empty if it is something else."""
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
        if entry.get("type") == "assistant" and (said := text_of(entry)):
            return said
    return ""


def text_of(entry: Entry) -> str:
    """The last text in an entry of Claude's; empty if it has none."""
    texts = [one["text"] for one in blocks(entry) if one.get("type") == "text"]
    return str(texts[-1]) if texts and texts[-1].strip() else ""


@dataclass(frozen=True)
class Version:
    """A version of Clearpoint: a folder of installed hooks, or a checkout."""

    folder: Path
    is_checkout: bool = False

    def command(self, event: str) -> list[str]:
        """What runs the hook for an event."""
        name = "".join(f"-{c.lower()}" if c.isupper() else c for c in event).strip("-")
        if not self.is_checkout:
            return [str(self.folder / f"clearpoint-{name}")]
        return [sys.executable, str(self.folder / "hooks" / f"{name.replace('-', '_')}.py")]

    def env(self) -> dict[str, str]:
        """What the hook is to find in the environment."""
        return {"PYTHONPATH": str(self.folder / "src")} if self.is_checkout else {}


class Client:
    """Runs the hooks as the client does."""

    def __init__(self, version: Version, place: Path, session: str) -> None:
        self.version, self.place, self.session = version, place, session
        self.project, self.transcript = place / "proj", place / f"{session}.jsonl"

    def hook(self, event: str, **fields: object) -> str:
        """What the executable for one event prints."""
        body = {"hook_event_name": event, "session_id": self.session, "cwd": str(self.project),
                "transcript_path": str(self.transcript), **fields}  # fmt: skip
        env = {"PATH": os.environ["PATH"], "HOME": str(self.place / "home"), "LANG": "C.UTF-8",
               "CLAUDE_PROJECT_DIR": str(self.project), "CLAUDE_PID": str(os.getpid()),
               **self.version.env()}  # fmt: skip
        done = subprocess.run(self.version.command(event), input=json.dumps(body),
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

    def play(self, entries: list[Entry], project: Project) -> None:
        """Have a conversation go on, each hook at its place; its transcript and project follow."""
        self.start("startup")
        last, is_open = "", False
        with self.transcript.open("a") as stream:
            for place, entry in enumerate(entries):
                if said := typed(entry):
                    if is_open:
                        self.stop(last)
                    self.hook("UserPromptSubmit", prompt=said)
                    last, is_open = "", True
                elif entry.get("subtype") == "compact_boundary":
                    self.compacted(raw_summary(summary_after(entries[place:])))
                elif entry.get("type") == "assistant":
                    last = text_of(entry) or last
                project.follow(entry)
                stream.write(project.as_here(json.dumps(entry)) + "\n")
                stream.flush()

    def stop(self, last: str) -> None:
        """A turn of Claude's ends."""
        self.hook("Stop", stop_hook_active=False, last_assistant_message=last)

    def compacted(self, summary: str) -> tuple[str, str]:
        """What the summarizer is told, and the block that stands beside its summary."""
        told = self.hook("PreCompact", trigger="auto")
        self.hook("SubagentStop", agent_id=uuid.uuid4().hex[:17], agent_type="",
                  stop_hook_active=False, last_assistant_message=summary)  # fmt: skip
        return told, self.start("compact")

    def cleared(self, last: str) -> str:
        """The block that a session gets after /clear."""
        self.stop(last)
        self.hook("SessionEnd", reason="clear")
        self.session = str(uuid.uuid4())
        self.transcript = self.place / f"{self.session}.jsonl"
        return self.start("clear")


def play(cut: Cut, entries: list[Entry], version: Version) -> tuple[str, str]:
    """Play one cut; give the block, and what the summarizer is told."""
    before, folder = entries[: cut.place], Path(entries_project(entries))
    client = Client(version, folder.parent, cut.session)
    branch = next((one["gitBranch"] for one in entries if one.get("gitBranch")), "main")
    project = Project(folder, branch)
    project.begin(before)
    client.play(before, project)
    if cut.reason == "clear":
        return project.as_told(client.cleared(project.as_here(cut.last))), ""
    told, block = client.compacted(raw_summary(summary_after(entries[cut.place :])))
    return project.as_told(block), told


def played(path: Path, cut: Cut, version: Version) -> tuple[str, str]:
    """The same in a folder of its own, which nobody sees afterwards."""
    with tempfile.TemporaryDirectory(prefix="cut-") as folder:
        return play(cut, read(path, f"{folder}/proj")[0], version)


def show(cut: Cut, entries: list[Entry], out: Path) -> dict[str, str]:
    """Write what stood before a cut, what came next and the client's summary; give the texts."""
    ahead = entries[cut.place : cut.place + 4 * NEXT_ENTRIES]
    texts = {
        "last": "\n\n".join(told(entries[: cut.place][-NEXT_ENTRIES:]))[-NEXT_CHARS:],
        "next": "\n\n".join(told(ahead))[:NEXT_CHARS],
    }
    if cut.reason == "compact":
        texts["summary"] = summary_after(entries[cut.place :])
    place = out / cut.name
    place.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (place / f"{name}.md").write_text(text)
    return texts


def entries_project(entries: list[Entry]) -> str:
    """The project of a moved transcript."""
    return next(str(one["cwd"]) for one in entries if one.get("cwd"))


def summary_after(entries: list[Entry]) -> str:
    """The client's own summary that follows a compaction."""
    for entry in entries[:20]:
        if entry.get("isCompactSummary"):
            return str(blocks(entry)[0].get("text"))
    return ""


def raw_summary(shown: str) -> str:
    """A summary as the summarizer gives it, from what the transcript shows of it."""
    _, has_analysis, rest = shown.partition("Analysis:\n")
    analysis, _, body = rest.partition("\nSummary:\n")
    if not has_analysis:
        return f"<summary>\n{shown}\n</summary>"
    return f"<analysis>\n{analysis}\n</analysis>\n\n<summary>\n{body}\n</summary>"


def told(entries: list[Entry]) -> Iterator[str]:
    """What was typed, said and called, for a reader."""
    for entry in entries:
        if said := typed(entry):
            yield f"USER: {said[:2_000]}"
        for block in blocks(entry) if entry.get("type") == "assistant" else ():
            if block.get("type") == "text" and block["text"].strip():
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
    """Play the cuts and print the measures, or the scores that a reader gave."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    parser.add_argument("--bin", type=Path, default=Path(sysconfig.get_path("scripts")))
    parser.add_argument("--turns", type=int, default=2, help="ends of turns in each session")
    parser.add_argument("--only", default="", help="the beginning of a cut's name")
    parser.add_argument("--beside", type=Path, help="a checkout of the version to compare with")
    parser.add_argument("--cuts", type=int, default=36, help="so many are read")
    parser.add_argument("--seed", type=int, default=20261127)
    parser.add_argument("--tally", action="store_true", help="print what the reader's scores say")
    given = parser.parse_args()
    import handover_reading as reading

    if given.tally:
        print("\n".join(reading.tally(given.out)))
        return
    found = list(all_cuts(given.corpus, given.turns, given.only))
    if given.beside:
        found = reading.drawn(found, given.cuts, given.seed)
    now = Version(given.bin.absolute())
    then = Version(given.beside.absolute(), is_checkout=True) if given.beside else None
    played_cuts = [(cut, run(path, cut, given.out, [now, then])) for path, cut in found]
    if given.beside:
        reading.write(given.out, [cut.name for cut, _ in played_cuts], given.seed)
    print("\n".join(measures(played_cuts)))


def all_cuts(corpus: Path, turns: int, only: str) -> Iterator[tuple[Path, Cut]]:
    """The cuts of all transcripts, with where each is."""
    for path in sorted(corpus.glob("*.jsonl")):
        for cut in cuts(path.stem, read(path, "/p")[0], turns):
            if cut.name.startswith(only):
                yield path, cut


def run(path: Path, cut: Cut, out: Path, versions: list[Version | None]) -> str:
    """Play one cut with each version, write its folder, and give the block of the first."""
    show(cut, read(path, "/home/user/project")[0], out)
    blocks_of_versions = []
    for name, version in zip(("block", "block-then"), versions, strict=True):
        if version is not None:
            block, instructions = played(path, cut, version)
            blocks_of_versions.append(block)
            (out / cut.name / f"{name}.md").write_text(block)
            if name == "block" and cut.reason == "compact":
                (out / cut.name / "instructions.md").write_text(instructions)
    return blocks_of_versions[0]


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
