"""Cuts laid out for a blind reading, and what the reader's scores say.

Run by `handover_cuts.py --beside CHECKOUT` and `handover_cuts.py --tally`.
"""

from __future__ import annotations

import csv
import json
import random
import re
import statistics
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from handover_cuts import Cut

NEXT_SHOWN = 4_000
FILES = {"now": "block.md", "then": "block-then.md"}
ALONE = "the summary alone"
OPENING = "What was kept of the work so far, for reference:"
HEADINGS = {
    r"Where: branch |(Phase: \w+ · )?Branch: ": "Where: branch ",
    r"The answer to it:|Claude's last answer(, whole|, in part; the whole:)?": "Last answer",
    r"Prompts before it, newest first, with the answers:": "Earlier prompts:",
    r"Then: |Then \(": "Earlier prompt: ",
    r"First prompt:|The work began with:|The session began with:": "First prompt:",
    r"Decisions:|Decided, newest first:": "Decided:",
    r"Done:|Done, newest first:": "Done:",
    r"Step at hand|Current step": "Current step",
    r"Files in play, the likeliest needed first:|Files changed, most relevant first:": "Files:",
    r"Names in play:|Identifiers in use:": "Names:",
    r"Changed last, |Quoted from the file ": "Quoted from ",
    r"Agents that their ids take up again:|Subagents \(resume by id\):": "Subagents:",
}
"""What the versions call a section, and what the reader finds for either."""
SCALE = """Score each lettered block by how well a model that has only it (and the project's files)
could go on: 0, a newcomer would be lost; 5, an index of files without the thread; 8.7, a careful
summary by a model; 10, nothing missing or misleading. Give the reason in a few words."""


def drawn(found: list[tuple[Path, Cut]], number: int, seed: int) -> list[tuple[Path, Cut]]:
    """So many cuts at random, a half of them compactions, the others ends of turns.

    No session is drawn again while there are others.
    """
    chance = random.Random(seed)  # noqa: S311  (a draw to be repeated)
    chosen: list[tuple[Path, Cut]] = []
    for reason, wanted in (("compact", number // 2), ("clear", number)):
        left = [one for one in found if one[1].reason == reason]
        chance.shuffle(left)
        while left and len(chosen) < wanted:
            times = Counter(path for path, _ in chosen)
            best = min(left, key=lambda one: times[one[0]])
            left.remove(best)
            chosen.append(best)
    return chosen


def write(out: Path, names: list[str], seed: int) -> None:
    """Write a file for each cut, the sheet for the scores, and the key apart from them."""
    chance = random.Random(seed + 1)  # noqa: S311  (a draw to be repeated)
    folder = out / "reading"
    folder.mkdir(parents=True, exist_ok=True)
    chance.shuffle(names)
    key, rows = {}, []
    for number, name in enumerate(names, 1):
        versions = {kind: neutral((out / name / file).read_text()) for kind, file in FILES.items()}
        if name.endswith("compact"):
            versions[ALONE] = ""
        kinds = list(versions)
        chance.shuffle(kinds)
        letters = dict(zip("ABC", kinds, strict=False))
        texts = {letter: versions[kind] for letter, kind in letters.items()}
        (folder / f"{number:02}.md").write_text("\n".join(_page(out / name, number, texts)))
        key[f"{number:02}"] = {"cut": name, **letters}
        rows += [[f"{number:02}", letter, "", ""] for letter in letters]
    with (folder / "scores.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([["cut", "letter", "score", "reason"], *rows])
    (out / "key.json").write_text(json.dumps(key, indent=1))


def neutral(block: str) -> str:
    """A block under the same first line and headings as those of any other version."""
    rows = block.splitlines()
    if rows:
        rows[0] = OPENING
    text = "\n".join(rows)
    for pattern, heading in HEADINGS.items():
        text = re.sub(rf"^({pattern})", heading, text, flags=re.MULTILINE)
    text = re.sub(r"^The conversation is archived, .*:\n- A = ", "Conversation: A = ", text,
                  flags=re.MULTILINE)  # fmt: skip
    return re.sub(r"A = \S*?(sessions/)", r"A = \1", text)


def _page(place: Path, number: int, texts: dict[str, str]) -> Iterator[str]:
    summary = place / "summary.md"
    is_compaction = summary.exists()
    yield f"# {number:02}: {'a compaction' if is_compaction else 'after /clear'}\n\n{SCALE}\n"
    yield f"## What happened next\n\n{(place / 'next.md').read_text()[:NEXT_SHOWN]}\n"
    if is_compaction:
        yield f"## The summary, which stands before each block\n\n{summary.read_text()}\n"
    for letter, text in texts.items():
        yield f"## {letter}\n\n{text or '(nothing beside the summary)'}\n"


def tally(out: Path) -> Iterator[str]:
    """Mean, median and range of the scores by kind of cut and version, then every score."""
    key = json.loads((out / "key.json").read_text())
    found: dict[tuple[str, str], list[float]] = {}
    lines = []
    with (out / "reading" / "scores.csv").open() as stream:
        for row in csv.DictReader(stream):
            if row["score"]:
                cut = key[row["cut"]]
                kind = cut["cut"].rpartition("-")[2]
                found.setdefault((kind, cut[row["letter"]]), []).append(float(row["score"]))
                said = (cut["cut"], cut[row["letter"]], row["score"], row["reason"])
                lines.append(" | ".join(said))
    for (kind, version), scores in sorted(found.items()):
        mean, middle = statistics.mean(scores), statistics.median(scores)
        span = f"{min(scores)} to {max(scores)}"
        middle_of = f"mean {mean:.2f}, median {middle:.2f}"
        yield f"{kind}, {version}: {len(scores)} scores, {middle_of}, {span}"
    yield from sorted(lines)
