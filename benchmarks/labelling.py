"""Label real sessions by hand without knowing what was labelled before, and compare two readers.

usage: python benchmarks/labelling.py show KIND [--from 1] [--count 40]
       python benchmarks/labelling.py compare SECOND [--differences] [--keep FILE]

`show` prints the positions of `labels/meaning.json` with their text and the question to answer, and
nothing of the labels there. Answer on a sheet, one position a line: `KIND NUMBER LABEL`, such as
`decisions 17 1` or `files 3 2 1`; `#` begins a remark. `compare` takes such a sheet, or a file of
labels, and prints how far both readers agree (Cohen's kappa) and the rates against each of them.
`--keep` writes the sheet as positions and labels, without text, and `--differences` names the
positions that the two read differently.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from meaning import LABELS, label_rates

from clearpoint.transcript import utterances
from clearpoint.transcript.content import blocks_of, texts_in
from clearpoint.transcript.reader import Transcript

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Labels = dict[str, dict[str, dict[str, Any]]]

BEFORE_CHARS = 1_500
TEXT_CHARS = 2_500
OUTPUT_CHARS = 1_500
QUESTIONS = {
    "decisions": "Do the user's words answer something that Claude put to them (a question about"
    " what to do, options, an offer, a design or a plan to approve), and choose: an option, yes or"
    " no, or another way in their own words, with or without a reason? A no to what Claude is doing"
    " and a prompt that begins with an approved plan choose too. Not: an instruction of their own"
    " what is to be made or how it is to be (it is among their words, and no choice), a new task,"
    " a question back, a fact; go on, commit, push, you decide.  1 or 0",
    "issues": "If the session ended behind this message, does the message name something that is"
    " wrong then (a defect, a failure, something known to be missing or broken), and that the"
    " next session should know as open? It has to say what; not: what it says is fixed, what"
    " Claude sets out to fix in this very message, what is supposed or tested for, or of another"
    " program.  1 or 0",
    "preferences": "Does the user say how things are to be done always, or from now on, beyond"
    " this one task?  1 or 0",
    "checks": "Does the result tell that the tests, linters, type checks or builds of this line"
    " failed (red), all passed (green), or does it not tell, or is there no check (none)? A run"
    " that found no test, a search that found no failure and an output that is cut before its"
    " verdict do not tell.",
    "files": "How many files does this line read, and how many does it change? Two numbers. Count"
    " each file once, as changed where it is both; only files that the line names whole (no"
    " patterns, variables, folders, nor /tmp and /dev); a moved file is two changes, a copied one"
    " is one read and one change, a removed one is a change; nothing of what did not happen; what"
    " `git diff` shows of files that it is told counts as read, what `-o`, `-coverprofile` and the"
    " like name, and a file whose mode changes, as changed. Files that a program was given to run"
    " or check are not counted.",
    "pulls": "The number of the pull request that this line opened, merged, closed or made ready;"
    " 0 where it did none of these.",
}  # fmt: skip


class Position(NamedTuple):
    """One position: transcript, entry, and what a reader is to see of it."""

    stem: str
    uuid: str
    text: str


def main() -> None:
    """Show positions to a reader, or compare what two readers said."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    commands = parser.add_subparsers(dest="command", required=True)
    shown = commands.add_parser("show")
    shown.add_argument("kind", choices=QUESTIONS)
    shown.add_argument("--from", dest="first", type=int, default=1)
    shown.add_argument("--count", type=int, default=40)
    compared = commands.add_parser("compare")
    compared.add_argument("second", type=Path)
    compared.add_argument("--differences", action="store_true")
    compared.add_argument("--keep", type=Path)
    given = parser.parse_args()
    labels: Labels = json.loads(LABELS.read_text(encoding="utf-8"))
    if not given.corpus.is_dir():
        print(f"{given.corpus} is absent: nothing to label")
    elif given.command == "show":
        show(given.corpus, labels, given.kind, given.first, given.count)
    else:
        second = read_second(given.second, labels)
        compare(given.corpus, labels, second, differences=given.differences)
        if given.keep:
            given.keep.write_text(json.dumps(second, indent=0) + "\n", encoding="utf-8")


def order(labels: Labels, kind: str) -> list[tuple[str, str]]:
    """The positions of a kind, in the order in which they are numbered from 1."""
    return [(stem, uuid) for stem in sorted(labels[kind]) for uuid in sorted(labels[kind][stem])]


def show(corpus: Path, labels: Labels, kind: str, first: int, count: int) -> None:
    """Print positions of a kind for a reader."""
    places = order(labels, kind)
    wanted = places[first - 1 : first - 1 + count]
    found = {
        (one.stem, one.uuid): one.text
        for stem in dict.fromkeys(stem for stem, _ in wanted)
        for one in positions(corpus / f"{stem}.jsonl", kind)
    }
    print(f"{kind}: {len(places)} positions. {QUESTIONS[kind]}\n")
    for number, place in enumerate(wanted, first):
        print(f"=== {kind} {number} ({place[0][:8]})\n{found.get(place, '(not found)')}\n")


def positions(path: Path, kind: str) -> Iterator[Position]:
    """What a reader is to see of each entry of a transcript that could have a label."""
    calls: dict[str, list[str]] = {}
    lines: dict[str, str] = {}
    before = ""
    transcript = Transcript(str(path), None)
    for entry in transcript.entries():
        uuid = str(entry.get("uuid"))
        if entry.get("isSidechain"):
            continue
        said = list(utterances.spoken(entry, calls))
        if said and kind in ("decisions", "preferences", "issues"):
            yield Position(path.stem, uuid, _said(before if kind == "decisions" else "", said))
            before = ""
        for block in blocks_of(entry):
            text, call_id = block.get("text"), str(block.get("id"))
            if entry.get("type") == "assistant" and isinstance(text, str):
                before = f"{before}\n{text}"[-TEXT_CHARS:]
                if kind == "issues":
                    yield Position(path.stem, uuid, f"CLAUDE: {_ends(text, TEXT_CHARS)}")
            elif block.get("type") == "tool_use":
                name, given = str(block.get("name")), block.get("input") or {}
                calls[call_id] = [name, *utterances.known_of(name, given)]
                lines[call_id] = f"[{entry.get('cwd')}]\n$ {given.get('command')}"
            elif block.get("type") == "tool_result" and kind in ("checks", "files", "pulls"):
                yield Position(path.stem, uuid, _result(lines, block))
    transcript.close()


def _said(before: str, said: Sequence[tuple[str, str, str]]) -> str:
    """The user's words, with the end of what Claude had said."""
    rows = [f"CLAUDE: …{before[-BEFORE_CHARS:]}"] if before.strip() else []
    rows += [
        f"USER ({how}{f', to: {about}' if about else ''}): {_ends(text, TEXT_CHARS)}"
        for how, text, about in said
    ]
    return "\n".join(rows)


def _result(lines: dict[str, str], block: Any) -> str:
    """A command line with what came of it."""
    output = "\n".join(texts_in(block.get("content")))
    state = "error" if block.get("is_error") else "no error"
    line = _ends(lines.get(str(block.get("tool_use_id")), ""), TEXT_CHARS)
    return f"{line}\n--- result ({state}):\n{_ends(output, OUTPUT_CHARS)}"


def _ends(text: str, chars: int) -> str:
    """The beginning and the end of a long text."""
    return text if len(text) <= 2 * chars else f"{text[:chars]}\n[…]\n{text[-chars:]}"


def read_second(path: Path, labels: Labels) -> Labels:
    """The labels of another reader, from a sheet or a file of labels."""
    text = path.read_text(encoding="utf-8")
    if text.lstrip().startswith("{"):
        found: Labels = json.loads(text)
        return found
    second: Labels = {}
    for row in text.splitlines():
        words = row.partition("#")[0].split()
        if words:
            kind, number, *label = words
            stem, uuid = order(labels, kind)[int(number) - 1]
            second.setdefault(kind, {}).setdefault(stem, {})[uuid] = _label(kind, label)
    return second


def _label(kind: str, words: list[str]) -> Any:
    """A label as it is kept: a word, a number, or two."""
    if kind == "checks":
        return words[0]
    numbers = [int(word) for word in words]
    return numbers if kind == "files" else numbers[0]


def compare(corpus: Path, first: Labels, second: Labels, *, differences: bool) -> None:
    """Print how far two readers agree, and the rates against each on what both have read."""
    for kind in second:
        pairs = [
            (number, stem, uuid, first[kind][stem][uuid], second[kind][stem][uuid])
            for number, (stem, uuid) in enumerate(order(first, kind), 1)
            if uuid in second[kind].get(stem, {})
        ]
        same = sum(one == other for *_, one, other in pairs)
        agreed = kappa([(str(one), str(other)) for *_, one, other in pairs])
        print(f"{kind:12} {same} of {len(pairs)} alike, kappa {agreed:.3f}")
        for number, stem, uuid, one, other in pairs if differences else ():
            if one != other:
                print(f"    {number} {stem} {uuid}: first {one}, second {other}")
    common = {
        kind: {
            stem: {
                uuid: label for uuid, label in rows.items() if uuid in second[kind].get(stem, {})
            }
            for stem, rows in first[kind].items()
        }
        for kind in second
    }
    for title, labels in (("first reader", common), ("second reader", second)):
        print(f"\nagainst the {title}:")
        print("\n".join(label_rates(corpus, labels)))


def kappa(pairs: Sequence[tuple[str, str]]) -> float:
    """Cohen's kappa of pairs of labels: agreement beyond what chance gives; 1 where all agree."""
    number = len(pairs)
    if not number:
        return 0.0
    seen = sum(one == other for one, other in pairs) / number
    ones, others = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    by_chance = sum(ones[label] * others[label] for label in ones) / number**2
    return 1.0 if by_chance == 1 else (seen - by_chance) / (1 - by_chance)


if __name__ == "__main__":
    main()
