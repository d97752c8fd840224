"""What a work state says of real sessions against labels that were set by hand.

usage: python benchmarks/meaning.py [--corpus ../shared/corpus] [--misses]

`labels/meaning.json` holds positions (transcript and uuid of an entry) and labels, and no text:
whether a prompt or an answer decides something, whether a sentence names an issue, whether a
command result is red, green or tells nothing, and how many files a shell line reads and changes.
Commits are held against the lines in which git itself names them. `--misses` names the positions
that are wrong. Precision and recall are of what is labelled.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from clearpoint.config.defaults import DEFAULTS
from clearpoint.session import state as session
from clearpoint.transcript.content import blocks_of, texts_in
from clearpoint.transcript.reader import Transcript
from clearpoint.work import shell, shell_checks, shell_files, shell_work, version_control

if TYPE_CHECKING:
    from collections.abc import Iterator

LABELS = Path(__file__).parent / "labels" / "meaning.json"
SAID = ("decisions", "issues")


class Score(NamedTuple):
    """How often what was found was right, was wrong, and was missed."""

    right: int
    wrong: int
    missed: int

    def __str__(self) -> str:
        found, there = self.right + self.wrong, self.right + self.missed
        precision = f"{self.right / found:.3f}" if found else "-"
        recall = f"{self.right / there:.3f}" if there else "-"
        return f"precision {precision}  recall {recall}  ({self.right} of {there} found)"


def main() -> None:
    """Score every transcript that has labels and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    parser.add_argument("--misses", action="store_true")
    given = parser.parse_args()
    if not given.corpus.is_dir():
        print(f"{given.corpus} is absent: nothing to measure")
        return
    labels = json.loads(LABELS.read_text(encoding="utf-8"))
    rows: dict[str, list[tuple[str, Any, Any]]] = {}
    for path in sorted(given.corpus.glob("*.jsonl")):
        for name, place, label, found in judged(path, labels):
            rows.setdefault(name, []).append((f"{path.stem} {place}", label, found))
    for name, pairs in sorted(rows.items()):
        print(f"{name:12} {len(pairs):4}  {score(pairs)}")
        for place, label, found in pairs if given.misses else ():
            if label != found:
                print(f"    {place}: labelled {label}, found {found}")


def score(pairs: list[tuple[str, Any, Any]]) -> Score:
    """The score of positions, each with its label and what was found; nothing is 0 or none."""
    nothing = (0, None, "none", [0, 0])
    right = sum(label == found and found not in nothing for _, label, found in pairs)
    wrong = sum(label != found and found not in nothing for _, label, found in pairs)
    missed = sum(label != found and label not in nothing for _, label, found in pairs)
    return Score(right, wrong, missed)


def judged(path: Path, labels: dict[str, Any]) -> Iterator[tuple[str, str, Any, Any]]:
    """Each labelled position of a transcript: what it is about, where, its label, what is found."""
    said: dict[str, set[str]] = {name: set() for name in SAID}
    state = session.new_state("s", "", DEFAULTS)
    calls: dict[str, tuple[str, str]] = {}
    transcript = Transcript(str(path), None)
    for entry in transcript.entries():
        yield from _results(path, entry, calls, labels)
        session.fold(state, [entry], DEFAULTS)
        for name in SAID:
            said[name] |= {one["entry"] or "" for one in state["work_state"][name]}  # type: ignore[literal-required]
    transcript.close()
    for name in SAID:
        for uuid, label in labels[name].get(path.stem, {}).items():
            yield name, uuid, label, int(uuid in said[name])


def _results(
    path: Path, entry: Any, calls: dict[str, tuple[str, str]], labels: dict[str, Any]
) -> Iterator[tuple[str, str, Any, Any]]:
    """What the results of shell lines in an entry tell."""
    for block in [] if entry.get("isSidechain") else blocks_of(entry):
        if block.get("type") == "tool_use" and block.get("name") == "Bash":
            given = block.get("input") or {}
            calls[str(block.get("id"))] = (str(given.get("command")), entry.get("cwd") or "")
        elif (known := calls.get(str(block.get("tool_use_id")))) is not None:
            said = "\n".join(texts_in(block.get("content")))
            failed = bool(block.get("is_error"))
            uuid = str(entry.get("uuid"))
            yield from _commit(uuid, known[0], said)
            if uuid in (of := labels["checks"].get(path.stem, {})):
                yield "checks", uuid, of[uuid], outcome(entry, known, said, failed=failed)
            if uuid in (of := labels["files"].get(path.stem, {})):
                deeds = [
                    deed for deed, _ in shell_files.effects(shell.commands(known[0]), known[1])
                ]
                reads = deeds.count(shell_files.READ)
                yield "files", uuid, of[uuid], [reads, len(deeds) - reads]


def outcome(entry: Any, known: tuple[str, str], said: str, *, failed: bool) -> str:
    """Whether a line's checks are red, green or not known."""
    if shell_work.is_interrupted(entry, said) or "running in background" in said[:400]:
        return "none"
    code = shell_work.exit_code(said) if failed else 0
    passed = [one for _, one in shell_checks.outcomes(*known, said, code)]
    return "none" if not passed else "green" if all(passed) else "red"


def _commit(uuid: str, command: str, said: str) -> Iterator[tuple[str, str, Any, Any]]:
    """A commit as git names it, against the subject that the command tells."""
    for row in said.splitlines():
        hashes = version_control.hashes(row)
        if hashes and "git" in command and "commit" in command:
            made = [one.unwrapped() for one in shell.commands(command)]
            found = [version_control.subject_of(one) for one in made if "commit" in one.words[1:4]]
            subject = row.partition("] ")[2].strip()
            yield "commits", uuid, subject, next((one for one in found if one), None)


if __name__ == "__main__":
    main()
