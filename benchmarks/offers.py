"""Ends of turns at which a clear may be offered: label them by hand, and count the false offers.

usage: python benchmarks/offers.py show [--from 1] [--count 20]
       python benchmarks/offers.py compare SHEET [--keep FILE]
       python benchmarks/offers.py score [LABELS]
       python benchmarks/offers.py collect FILE

`show` prints each end of a turn with what a reader needs, and no label: the user's last words,
Claude's answer, the newest to-do list, and the checks of the turn. Answer on a sheet, one a line:
`NUMBER LABEL`; `#` begins a remark. Labels, the first that applies:
  question  Claude waits for the user's answer, choice or go-ahead
  check     a test, linter, type check or build failed last, and nothing says that it is settled
  steps     the to-do list has open steps, or the answer lists what Claude has yet to do
  none      none of these: a good place to clear
`compare` tells how far a sheet agrees with the labels that are kept, and the false offers by each.
`score` counts, by the kept labels, where an offer would be made now, in both halves of the sessions
too. `collect` writes the positions of all ends of turns with nothing open, labelled `none`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from labelling import kappa

from clearpoint.advice.readiness import hindrance
from clearpoint.budget.window import model_table
from clearpoint.client.vocabulary import SHELLS
from clearpoint.config.defaults import DEFAULTS
from clearpoint.simulate.replay import Record, Replay, begins_anew
from clearpoint.transcript import utterances
from clearpoint.transcript.content import blocks_of, texts_in
from clearpoint.transcript.fast_decoder import decode
from clearpoint.transcript.reader import Transcript

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.transcript.entry import Entry

    Labels = dict[str, dict[str, str]]

LABELS = Path(__file__).parent / "labels" / "offers.json"
KINDS = ("none", "question", "check", "steps")
PROMPT_CHARS, ANSWER_CHARS, OUTPUT_CHARS = 600, 3_000, 300
CHECKS_SHOWN = 6


class End(NamedTuple):
    """The end of a turn: its last answer, what hinders an offer, and what a reader is to see."""

    uuid: str
    hindrance: str
    text: str


class Ends(Replay):
    """A transcript read as the hooks do, of which the ends of turns are kept."""

    def __init__(self) -> None:
        super().__init__(DEFAULTS, model_table())
        self.found: list[End] = []
        self._said = ""
        self._lines: dict[str, str] = {}
        self._ran: list[str] = []

    def _take(self, entry: Entry) -> Iterator[Record]:
        if begins_anew(entry):
            self._ran = []
            if said := list(utterances.spoken(entry, {})):
                self._said = "\n".join(text for _, text, _ in said)
        for block in blocks_of(entry):
            if block.get("name") in SHELLS:
                given: Any = block.get("input") or {}
                self._lines[str(block.get("id"))] = str(given.get("command"))
            elif line := self._lines.pop(str(block.get("tool_use_id")), ""):
                output = "\n".join(texts_in(block.get("content")))
                failed = "FAILED " if block.get("is_error") else ""
                self._ran.append(f"$ {line[:OUTPUT_CHARS]}\n{failed}…{output[-OUTPUT_CHARS:]}")
        yield from super()._take(entry)

    def _end_turn(self) -> Iterator[Record]:
        work = self.state["work_state"]
        answer = work["answer"]
        if answer:
            self.found.append(End(answer["entry"] or "", hindrance(self.state), self._shown()))
        yield from super()._end_turn()

    def _shown(self) -> str:
        work = self.state["work_state"]
        answer = work["answer"]
        steps = [*filter(None, (work["current_step"],)), *work["pending_steps"]]
        parts = [
            f"USER: …{self._said[-PROMPT_CHARS:]}",
            *self._ran[-CHECKS_SHOWN:],
            f"TO-DO, open: {steps}" if steps else "",
            f"CLAUDE: …{answer['text'][-ANSWER_CHARS:] if answer else ''}",
        ]
        return "\n".join(filter(None, parts))


def ends(path: Path) -> list[End]:
    """The ends of the turns of one session; the last one of those that end alike."""
    source = Transcript(str(path), None)
    read = Ends()
    try:
        for _ in read.records(source.entries(decode)):
            pass
    finally:
        source.close()
    return list({one.uuid: one for one in read.found}.values())


def order(labels: Labels) -> list[tuple[str, str]]:
    """The positions, as they are numbered from 1."""
    return [(stem, uuid) for stem in sorted(labels) for uuid in sorted(labels[stem])]


def show(corpus: Path, labels: Labels, first: int, count: int) -> None:
    """Print positions for a reader."""
    places = order(labels)
    wanted = places[first - 1 : first - 1 + count]
    texts = {
        (stem, one.uuid): one.text
        for stem in dict.fromkeys(stem for stem, _ in wanted)
        for one in ends(corpus / f"{stem}.jsonl")
    }
    print(f"{len(places)} ends of turns. {', '.join(KINDS)}: see --help.\n")
    for number, place in enumerate(wanted, first):
        print(f"=== {number} ({place[0][:8]})\n{texts.get(place, '(not found)')}\n")


def read_sheet(path: Path, labels: Labels) -> Labels:
    """The labels of a sheet, or of a file of labels."""
    text = path.read_text(encoding="utf-8")
    if text.lstrip().startswith("{"):
        kept: Labels = json.loads(text)
        return kept
    found: Labels = {}
    for row in text.splitlines():
        words = row.partition("#")[0].split()
        if words:
            stem, uuid = order(labels)[int(words[0]) - 1]
            if words[1] not in KINDS:
                raise SystemExit(f"no label {words[1]!r}; the labels are {', '.join(KINDS)}")
            found.setdefault(stem, {})[uuid] = words[1]
    return found


def compare(corpus: Path, first: Labels, second: Labels) -> None:
    """Print how far two readers agree, and the false offers by each of them."""
    pairs = [(first[stem][uuid], second[stem][uuid])
             for stem, uuid in order(first) if uuid in second.get(stem, {})]  # fmt: skip
    same = sum(one == other for one, other in pairs)
    print(f"{same} of {len(pairs)} alike, kappa {kappa(pairs):.3f}")
    for number, (stem, uuid) in enumerate(order(first), 1):
        other = second.get(stem, {}).get(uuid)
        if other and other != first[stem][uuid]:
            print(f"    {number} {stem} {uuid}: first {first[stem][uuid]}, second {other}")
    for title, labels in (("first", first), ("second", second)):
        print(f"\nby the {title} reader:")
        score(corpus, labels)


def score(corpus: Path, labels: Labels) -> None:
    """Print how many labelled ends would have an offer now, and how many of these are false."""
    offered: list[tuple[int, str]] = []
    silent = unlabelled = 0
    for path in sorted(corpus.glob("*.jsonl")):
        known = labels.get(path.stem, {})
        for end in ends(path):
            label = known.get(end.uuid)
            if label is None:
                unlabelled += not end.hindrance
            elif end.hindrance:
                silent += label == "none"
            else:
                offered.append((half(path.stem), label))
    for title, halves in (("all", (0, 1)), ("first half", (0,)), ("second half", (1,))):
        found = [label for which, label in offered if which in halves]
        wrong = {kind: found.count(kind) for kind in KINDS[1:] if kind in found}
        print(f"{title}: {sum(wrong.values())} of {len(found)} offers false {wrong or ''}")
    print(f"{silent} good places passed over; {unlabelled} offers at places without a label")


def half(stem: str) -> int:
    """Which half a session belongs to, by its name."""
    return int(hashlib.sha256(stem.encode()).hexdigest(), 16) % 2


def collect(corpus: Path, file: Path) -> None:
    """Write the positions of all ends of turns at which nothing is seen to be open."""
    found: Labels = {}
    for path in sorted(corpus.glob("*.jsonl")):
        ready = {one.uuid: "none" for one in ends(path) if not one.hindrance}
        if ready:
            found[path.stem] = ready
    keep(found, file)
    print(f"{len(order(found))} positions in {file}")


def keep(labels: Labels, file: Path) -> None:
    """Write labels, without any text."""
    file.write_text(json.dumps(labels, indent=0) + "\n", encoding="utf-8")


def main() -> None:
    """Show positions to a reader, or count what readers said."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    commands = parser.add_subparsers(dest="command", required=True)
    shown = commands.add_parser("show")
    shown.add_argument("--from", dest="first", type=int, default=1)
    shown.add_argument("--count", type=int, default=20)
    compared = commands.add_parser("compare")
    compared.add_argument("sheet", type=Path)
    compared.add_argument("--keep", type=Path)
    commands.add_parser("score").add_argument("labels", type=Path, nargs="?", default=LABELS)
    commands.add_parser("collect").add_argument("file", type=Path)
    given = parser.parse_args()
    if not given.corpus.is_dir():
        print(f"{given.corpus} is absent: nothing to label")
    elif given.command == "collect":
        collect(given.corpus, given.file)
    elif given.command == "score":
        score(given.corpus, json.loads(given.labels.read_text(encoding="utf-8")))
    else:
        labels: Labels = json.loads(LABELS.read_text(encoding="utf-8"))
        if given.command == "show":
            show(given.corpus, labels, given.first, given.count)
            return
        second = read_sheet(given.sheet, labels)
        compare(given.corpus, labels, second)
        if given.keep:
            keep(second, given.keep)


if __name__ == "__main__":
    main()
