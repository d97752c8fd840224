"""How often search finds what a later prompt refers back to, among its first five results.

Each question was made by hand from a prompt that takes up something said before: the words that a
user would search with, and the turns that hold the answer. It is asked twice of all sessions of the
corpus: among what was written before that prompt, and among everything, as long after. Beside it,
`grep`: the turns of the lines with the most of the words, tool output and all, the newest first.

    python benchmarks/search_recall.py [CORPUS]
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from clearpoint.search.entries import decode
from clearpoint.search.find import Wanted, find
from clearpoint.search.passages import passages
from clearpoint.search.reading import seconds
from clearpoint.search.refresh import opened
from clearpoint.search.words import query

if TYPE_CHECKING:
    from clearpoint.search.index import Index

CORPUS = "../shared/corpus"
SHOWN = 5
LIMIT = 200


class Question(NamedTuple):
    """What is asked at a turn of a session, and the turns of it that answer."""

    session: str
    asked_at: int
    words: str
    turns: tuple[int, ...]


QUESTIONS = tuple(
    Question(*one)
    for one in (
        ("0276a600", 5, "line attribution option simple improvement", (4,)),
        ("0276a600", 6, "ADR summary of options attribution", (4, 5)),
        ("0276a600", 11, "binary files worktree attribution", (10,)),
        ("0276a600", 12, "UserAddedPerFile missing conversion", (8,)),
        ("0276a600", 19, "test script go run latest code", (17,)),
        ("0442a060", 5, "go-git worktree.Add cache stale", (1, 2, 3, 4)),
        ("0442a060", 11, "rm deleted files not committed auto-commit", (8, 9, 10)),
        ("0442a060", 13, "same issue other places code base git add", (11, 12)),
        ("1284c080", 12, "commitWithMetadataGemini callers", (10, 11)),
        ("1284c080", 28, "merge conflicts parent phase-aware-git-hooks", (1, 3, 5)),
        ("1284c080", 32, "logs printed into log of a different session", (19,)),
        ("12f1f541", 3, "public key corekit keypair privacy", (1, 2)),
        ("170cebcc", 9, "terminal field bug form", (7, 8)),
        ("1e0816ef", 11, "summarise checkpoint scope instead of whole transcript", (9, 10)),
        ("1e0816ef", 11, "config setting summarise nested strategy options", (2, 3)),
        ("1e0816ef", 17, "import cycle unused deleted", (15, 16)),
        ("1e0816ef", 25, "skill loads stripped from summarisation", (20, 21, 22, 24)),
        ("1e0816ef", 31, "merge summaries array or map by session", (28, 29, 30)),
        ("1e0816ef", 32, "PR review comments grouped by priority", (15, 26)),
        ("1ed0d37a", 10, "PromptAttributions not cleared after condensation", (6, 7)),
        ("21a2e002", 6, "checkpoints listed under each branch", (5,)),
        ("21a2e002", 14, "naming conflict checkpoints rename steps", (9, 10, 13)),
        ("21a2e002", 18, "steps_count backwards compatibility", (13,)),
        ("21a2e002", 20, "steps_count auto-commit", (13, 18, 19)),
        ("392fa55d", 8, "tauri-action not allowed staging", (7,)),
        ("392fa55d", 10, "workflow not valid tag-staging error", (7, 8, 9)),
        ("4fec7ea0", 4, "unstaged changes manual commit", (2, 3)),
        ("4fec7ea0", 7, "getAllChangedFilesBetweenTrees performance", (5,)),
        ("598cc9c4", 5, "only file selected by default", (2,)),
        ("75a1a0f1", 4, "zsh completions compinit", (3,)),
        ("75a1a0f1", 5, "duplicated case statement shell completion", (4,)),
        ("7aa4bfa8", 7, "multiple commits in one prompt same checkpoint id", (5,)),
        ("7f78a542", 7, "git_operations own package strategy", (5, 6)),
        ("7f78a542", 8, "explain on main show all checkpoints limit", (2, 3)),
        ("7f78a542", 20, "explain shows too few checkpoints maxDepth", (12, 13, 14, 15, 16)),
        ("7f78a542", 22, "explain list drop committed mark temporary", (19,)),
        ("7f78a542", 25, "short flag -c explain checkpoint", (24,)),
        ("8209f1c2", 5, "both Agents.md and Claude.md", (3,)),
        ("8ecab05f", 4, "tree view bugged Uncaught error", (3,)),
        ("9f67aee2", 6, "truncated address display aes", (2, 3, 4, 5)),
        ("9f67aee2", 8, "contract wallet authentication", (7,)),
        ("a318ad73", 9, "disable-multisession-warning", (8,)),
        ("a318ad73", 10, "integration tests scenarios TDD", (9,)),
        ("a318ad73", 12, "second session overlapping files shadow branch", (4, 5, 6, 7)),
        ("af74d9e0", 6, "status in its own file", (4, 5)),
        ("af74d9e0", 13, "lint failing assignments", (11, 12)),
        ("b82405ba", 7, "CodeLearning line numbers", (5,)),
        ("b82405ba", 14, "failed to parse summary JSON", (13,)),
        ("b82405ba", 21, "1M sonnet model large transcript", (17, 18, 19, 20)),
        ("ce99376e", 8, "amend loses checkpoint trailer", (5, 6, 7)),
        ("e8811ad6", 11, "commit by subagent checkpoint trailer debug", (7, 8)),
        ("e8811ad6", 17, "hasNew condense ACTIVE trailer", (11, 14, 15, 16)),
        ("e8811ad6", 19, "rebase onto one-to-one-checkpoints", (1, 2)),
        ("fdd24234", 6, "worktree e2e test critical path", (5,)),
        ("fdd24234", 15, "short line filtering chars alphanumeric", (12, 13, 14)),
        ("fdd24234", 17, "unit tests extractSignificantLines isTrivialLine", (9, 10, 11)),
    )
)


class Said(NamedTuple):
    """A line of a transcript, for grep."""

    session: str
    turn: int
    at: int
    low: bytes


def main() -> None:
    """Ask all questions of both, and print how many each answers."""
    corpus = Path(sys.argv[1] if len(sys.argv) > 1 else CORPUS)
    lines, starts = read(corpus)
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home, ".claude", "projects", "-corpus")
        folder.mkdir(parents=True)
        for path in corpus.glob("*.jsonl"):
            shutil.copy(path, folder)
        index = opened(f"{home}/clearpoint", {"HOME": home})
        for when in ("before", "everything"):
            ends = [starts[one.session, one.asked_at] for one in QUESTIONS]
            if when == "everything":
                ends = [max(starts.values()) + 1] * len(QUESTIONS)
            asked = list(zip(QUESTIONS, ends, strict=True))
            found = [ask(index, one, end) for one, end in asked]
            grepped = [grep(lines, one, end) for one, end in asked]
            report(when, found, grepped)


def report(when: str, found: list[bool], grepped: list[bool]) -> None:
    """Print which questions search did not answer, and the shares."""
    for one, answered in zip(QUESTIONS, found, strict=True):
        if not answered:
            print(f"  not found: {one.session}:{one.asked_at} {one.words}")
    total = len(QUESTIONS)
    print(f"{when}: recall@{SHOWN} of {total} questions: search {sum(found) / total:.2f}, ", end="")
    print(f"grep {sum(grepped) / total:.2f}")


def ask(index: Index, asked: Question, end: int) -> bool:
    """Whether the answer is among the first results from before a time."""
    results = find(index, Wanted(asked.words, limit=LIMIT), end)
    shown = [(one.session[:8], one.turn) for one in results if one.at < end][:SHOWN]
    return any((asked.session, turn) in shown for turn in asked.turns)


def grep(lines: list[Said], asked: Question, end: int) -> bool:
    """The same with the lines that hold the most of the words, the newest first."""
    words = [term.lower().encode() for term in query(asked.words).terms]
    scored = [(sum(word in one.low for word in words), one) for one in lines if one.at < end]
    shown: list[tuple[str, int]] = []
    for count, one in sorted(scored, key=lambda one: (-one[0], -one[1].at)):
        if count and (one.session, one.turn) not in shown:
            shown.append((one.session, one.turn))
        if len(shown) == SHOWN:
            break
    return any((asked.session, turn) in shown for turn in asked.turns)


def read(corpus: Path) -> tuple[list[Said], dict[tuple[str, int], int]]:
    """All lines, as grep sees them, and when each turn began."""
    lines: list[Said] = []
    starts: dict[tuple[str, int], int] = {}
    for path in sorted(corpus.glob("*.jsonl")):
        turn, at, session = 0, 0, path.stem[:8]
        for data in path.read_bytes().splitlines():
            if line := decode(data):
                at = seconds(line.timestamp) or at
                turn += sum(one.kind == "prompt" for one in passages(line))
                starts.setdefault((session, turn), at)
            lines.append(Said(session, turn, at, data.lower()))
    return lines, starts


if __name__ == "__main__":
    main()
