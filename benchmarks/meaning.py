"""What a work state says of real sessions against labels that were set by hand.

usage: python benchmarks/meaning.py [--corpus ../shared/corpus] [--misses]

`labels/meaning.json` holds positions (transcript and uuid of an entry) and labels, and no text:
whether a prompt or an answer decides something, whether a message names an open issue, whether
words of the user state a preference, whether a command result is red, green or tells nothing, how
many files a shell line reads and changes, and which pull request it opens or settles. Commits are
held against the lines in which git itself names them. `--misses` names the positions that are
wrong. Precision and recall are of what is labelled; `labelling.py` is for a second reader.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from clearpoint.config.defaults import DEFAULTS
from clearpoint.session import state as session
from clearpoint.transcript import utterances
from clearpoint.transcript.content import blocks_of, texts_in
from clearpoint.transcript.reader import Transcript
from clearpoint.work import shell_checks, shell_work, version_control
from clearpoint.work.initial import new_work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.models.outcomes import Commit, PullRequest
    from clearpoint.models.state import State

LABELS = Path(__file__).parent / "labels" / "meaning.json"
SAID = ("decisions", "issues", "preferences")


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
    parser.add_argument("--labels", type=Path, default=LABELS)
    parser.add_argument("--misses", action="store_true")
    given = parser.parse_args()
    if not given.corpus.is_dir():
        print(f"{given.corpus} is absent: nothing to measure")
        return
    labels = json.loads(given.labels.read_text(encoding="utf-8"))
    print("\n".join(label_rates(given.corpus, labels, misses=given.misses)))


def label_rates(corpus: Path, labels: dict[str, Any], *, misses: bool = False) -> Iterator[str]:
    """A line for each kind of label: precision and recall; `misses` names what is wrong."""
    rows: dict[str, list[tuple[str, Any, Any]]] = {}
    for path in sorted(corpus.glob("*.jsonl")):
        for name, place, label, found in judged(path, labels):
            rows.setdefault(name, []).append((f"{path.stem} {place}", label, found))
    for name, pairs in sorted(rows.items()):
        yield f"{name:12} {len(pairs):4}  {score(pairs)}"
        for place, label, found in pairs if misses else ():
            if label != found:
                yield f"    {place}: labelled {label}, found {found}"


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
        pulled = list(state["work_state"]["pull_requests"])
        session.fold(state, [entry], DEFAULTS)
        for name in SAID:
            said[name] |= _noted(state, entry, name)
        yield from _results(path, entry, calls, (labels, state, pulled))
    transcript.close()
    for name in SAID:
        for uuid, label in labels.get(name, {}).get(path.stem, {}).items():
            yield name, uuid, label, int(uuid in said[name])


def _noted(state: State, entry: Any, name: str) -> set[str]:
    """The entries that something was noted from: of preferences this one, where it holds one."""
    if name != "preferences":
        return {one["entry"] or "" for one in state["work_state"][name]}  # type: ignore[literal-required]
    said = " ".join(text for _, text, _ in utterances.spoken(entry, state["work_state"]["running"]))
    wishes = (one.rstrip("…") for one in state["user_context"]["preferences"])
    holds = any(one in " ".join(said.split()) for one in wishes)
    return {str(entry.get("uuid"))} if holds else set()


def _results(
    path: Path,
    entry: Any,
    calls: dict[str, tuple[str, str]],
    known: tuple[dict[str, Any], State, list[PullRequest]],
) -> Iterator[tuple[str, str, Any, Any]]:
    """What the results of shell lines in an entry tell."""
    labels, state, pulled = known
    uuid = str(entry.get("uuid"))
    for block in [] if entry.get("isSidechain") else blocks_of(entry):
        if block.get("type") == "tool_use" and block.get("name") == "Bash":
            given = block.get("input") or {}
            calls[str(block.get("id"))] = (str(given.get("command")), entry.get("cwd") or "")
        elif (ran := calls.get(str(block.get("tool_use_id")))) is not None:
            said = "\n".join(texts_in(block.get("content")))
            failed = bool(block.get("is_error"))
            yield from _commit(uuid, ran[0], said, state["work_state"]["commits"])
            found = {
                "checks": outcome(entry, ran, said, failed=failed),
                "files": files(entry, ran, said, failed=failed),
                "pulls": _pulled(state["work_state"]["pull_requests"], pulled),
            }
            for name, value in found.items():
                if uuid in (of := labels.get(name, {}).get(path.stem, {})):
                    yield name, uuid, of[uuid], value


def files(entry: Any, ran: tuple[str, str], said: str, *, failed: bool) -> list[int]:
    """How many files a shell line has read, and how many it has changed."""
    work = new_work()
    shell_work.ran(work, entry, list(ran), said, failed=failed)
    changed = sum(bool(touched["edits"]) for touched in work["files"].values())
    return [len(work["files"]) - changed, changed]


def _pulled(after: list[PullRequest], before: list[PullRequest]) -> int:
    """The number of the pull request that has come or changed."""
    return next((one["number"] for one in after if one not in before), 0)


def outcome(entry: Any, known: tuple[str, str], said: str, *, failed: bool) -> str:
    """Whether a line's checks are red, green or not known."""
    if shell_work.is_interrupted(entry, said) or "running in background" in said[:400]:
        return "none"
    code = shell_work.exit_code(said) if failed else 0
    passed = [one for _, one in shell_checks.outcomes(*known, said, code)]
    return "none" if not passed else "green" if all(passed) else "red"


def _commit(
    uuid: str, command: str, said: str, commits: list[Commit]
) -> Iterator[tuple[str, str, Any, Any]]:
    """A commit as git names it, against the subject that is kept of it."""
    for row in said.splitlines():
        hashes = version_control.hashes(row)
        if hashes and "git" in command and "commit" in command and "git init" not in command:
            subject = row.partition("] ")[2].strip()
            made = (one["subject"] for one in commits if one["hash"] == hashes[0])
            yield "commits", uuid, subject, next(made, None)


if __name__ == "__main__":
    main()
