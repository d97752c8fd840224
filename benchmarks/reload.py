"""How much of what comes next the reload context holds, on real transcripts.

usage: python benchmarks/reload.py [CORPUS] [--every 25] [--cuts]

At every compaction, and after every Nth prompt, the state is folded from only what came before.
Then, over the next 20 file touches and the next 10 turns:
- files: of the known ones that are touched again, how many are among the first 3, the first 10,
  and named in the reload context; the same for the most recent files and the client's summary;
- identifiers: of the names and paths that are used and were used before, how many are named.
Figures are pooled over all cuts; sizes are tokens of cl100k_base, the mean.
"""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clearpoint.config.defaults import DEFAULTS
from clearpoint.reload import compose
from clearpoint.reload.delivery import mark_of
from clearpoint.session import state as session
from clearpoint.tokens import encoder
from clearpoint.tokens.sizes import estimated
from clearpoint.transcript import utterances
from clearpoint.transcript.fast_decoder import decode
from clearpoint.transcript.reader import Transcript
from clearpoint.work import file_activity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from clearpoint.transcript.entry import Entry

SHOWN = argparse.RawTextHelpFormatter
NEXT_TOUCHES = 20
NEXT_TURNS = 10
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{2,}")
FILE = re.compile(r"[A-Za-z0-9_.@~+/-]*/[A-Za-z0-9_.@+-]+\.[A-Za-z0-9]{1,6}\b")


@dataclass
class Cut:
    """One place in one transcript: what each method offers there, and what was needed next."""

    session: str
    reason: str
    needed: set[str]
    """Known files that are touched again."""
    names: set[str]
    """Identifiers and paths that are used again."""
    ranked: list[str]
    recent: list[str]
    project: str
    text: str
    summary: str | None = None
    hits: dict[str, float] = field(default_factory=dict)


def is_name(word: str) -> bool:
    """Whether a word looks like an identifier and not like prose."""
    return "_" in word.strip("_") or (word != word.lower() and not word[1:].islower()
                                      and not word.isupper())  # fmt: skip


def names_in(text: str) -> set[str]:
    """The identifiers and the file names of a text; of a path, its last part."""
    found = {word for word in NAME.findall(text) if is_name(word)}
    return found | {path.rpartition("/")[2] for path in FILE.findall(text)}


def spoken(entry: Entry) -> Iterator[str]:
    """What was typed, answered and called in one entry; no tool output, nothing injected."""
    message = entry.get("message")
    if not isinstance(message, dict) or entry.get("isSidechain") or entry.get("isMeta"):
        return
    content: Any = message.get("content")
    if entry.get("isCompactSummary"):
        return
    if isinstance(content, str):
        yield content
        return
    for block in content or ():
        if block.get("type") == "text":
            yield block.get("text") or ""
        elif block.get("type") == "tool_use":
            yield from strings(block.get("input"))


def strings(value: Any) -> Iterator[str]:
    """All texts in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)


def touched(entry: Entry) -> Iterator[str]:
    """The files that an entry reads or changes."""
    message = entry.get("message")
    if entry.get("type") != "assistant" or not isinstance(message, dict):
        return
    for block in message.get("content") or ():
        if isinstance(block, dict) and block.get("type") == "tool_use":
            path = file_activity.touched_path(str(block.get("name")), block.get("input") or {})
            if path:
                yield path


def is_prompt(entry: Entry) -> bool:
    """Whether a person typed the entry."""
    message = entry.get("message")
    if entry.get("type") != "user" or not isinstance(message, dict):
        return False
    if entry.get("isSidechain") or entry.get("isCompactSummary"):
        return False
    content: Any = message.get("content")
    texts = [content] if isinstance(content, str) else [
        block.get("text") or "" for block in content or ()
        if block.get("type") == "text"]  # fmt: skip
    return any(utterances.is_human(entry, text) for text in texts)


def is_boundary(entry: Entry) -> bool:
    """Whether the entry is the mark of a compaction."""
    return entry.get("type") == "system" and entry.get("subtype") == "compact_boundary"


def cut_places(entries: list[Entry], every: int) -> dict[int, str]:
    """Index of the first entry after each cut, and why there is one."""
    places = {}
    prompts = 0
    for index, entry in enumerate(entries):
        if is_boundary(entry):
            places[index] = "compact"
        elif is_prompt(entry):
            if prompts and prompts % every == 0:
                places[index] = "clear"
            prompts += 1
    return places


def cuts(path: Path, every: int) -> Iterator[Cut]:
    """The cuts of one transcript at which something known is needed again."""
    transcript = Transcript(str(path), None)
    entries = list(transcript.entries(decode))
    transcript.close()
    project = next((entry["cwd"] for entry in entries if entry.get("cwd")), "")
    places = cut_places(entries, every)
    state = session.new_state(path.stem, "", DEFAULTS)
    order: dict[str, None] = {}
    past: set[str] = set()
    done = 0
    for place, reason in places.items():
        session.fold(state, entries[done:place], DEFAULTS)
        for entry in entries[done:place]:
            for name in touched(entry):
                order.pop(name, None)
                order[name] = None
            for text in spoken(entry):
                past |= names_in(text)
        done = place
        ahead = entries[place:]
        needed = set(first(NEXT_TOUCHES, (name for one in ahead for name in touched(one))))
        text = compose.compose(state, reason, DEFAULTS, mark=mark_of(path.stem),
                              measure=estimated, project_dir=project)  # fmt: skip
        cut = Cut(path.stem, reason, needed & set(order), used_next(ahead) & past,
                  file_activity.ranked(state["work_state"]), list(reversed(order)), project, text,
                  summary_in(ahead[:8]) if reason == "compact" else None)  # fmt: skip
        if cut.needed or cut.names:
            yield cut


def first(number: int, items: Iterable[str]) -> Iterator[str]:
    """The first items."""
    for place, item in enumerate(items):
        if place == number:
            return
        yield item


def used_next(ahead: list[Entry]) -> set[str]:
    """The names that the next turns use."""
    names: set[str] = set()
    turns = 0
    for entry in ahead:
        turns += is_prompt(entry)
        if turns > NEXT_TURNS:
            break
        for text in spoken(entry):
            names |= names_in(text)
    return names


def summary_in(entries: list[Entry]) -> str | None:
    """The client's own summary, where one follows."""
    for entry in entries:
        if entry.get("isCompactSummary"):
            content: Any = entry["message"]["content"]
            return content if isinstance(content, str) else " ".join(strings(content))
    return None


def in_text(path: str, text: str, project: str) -> bool:
    """Whether a text names a file by its path, as far as it is within the project."""
    return compose.shown_path(path, project) in text


def table(found: list[Cut]) -> Iterator[str]:
    """The figures, one line each."""
    own = [cut for cut in found if cut.summary is not None]
    yield f"{'':34}{'all cuts':>12}{'with a summary':>16}"
    rows: dict[str, Callable[[list[Cut]], float]] = {
        "cuts": len,
        "files: recency at 3": lambda cuts: files(cuts, lambda cut: cut.recent[:3]),
        "files: ranked at 3": lambda cuts: files(cuts, lambda cut: cut.ranked[:3]),
        "files: recency at 10": lambda cuts: files(cuts, lambda cut: cut.recent[:10]),
        "files: ranked at 10": lambda cuts: files(cuts, lambda cut: cut.ranked[:10]),
        "files: named in the reload": lambda cuts: files(cuts, named),
        "files: named in the summary": lambda cuts: files(cuts, summarized),
        "identifiers: in the reload": lambda cuts: identifiers(cuts, lambda cut: cut.text),
        "identifiers: in ten recent files": lambda cuts: identifiers(
            cuts, lambda cut: "\n".join(cut.recent[:10])),
        "identifiers: in the summary": lambda cuts: identifiers(
            cuts, lambda cut: cut.summary or ""),
        "tokens of the reload": lambda cuts: tokens(cut.text for cut in cuts),
        "tokens of the summary": lambda cuts: tokens(cut.summary or "" for cut in cuts),
    }  # fmt: skip
    for name, row in rows.items():
        figures = [row(some) if some else 0.0 for some in (found, own)]
        shown = [f"{one:.3f}" if 0 < one <= 1 else f"{one:.0f}" for one in figures]
        both = shown[0] if "summary" not in name else "-"
        yield f"{name:34}{both:>12}{shown[1]:>16}"


def named(cut: Cut) -> list[str]:
    """The needed files that the reload context names."""
    return [path for path in cut.needed if in_text(path, cut.text, cut.project)]


def summarized(cut: Cut) -> list[str]:
    """The needed files that the client's summary names."""
    return [path for path in cut.needed if in_text(path, cut.summary or "", cut.project)]


def files(found: list[Cut], offered: Any) -> float:
    """Of the files needed, the share that was offered."""
    wanted = sum(len(cut.needed) for cut in found)
    return sum(len(cut.needed & set(offered(cut))) for cut in found) / max(1, wanted)


def identifiers(found: list[Cut], text_of: Any) -> float:
    """Of the names needed, the share that a text holds."""
    wanted = sum(len(cut.names) for cut in found)
    return sum(len(cut.names & names_in(text_of(cut))) for cut in found) / max(1, wanted)


def tokens(texts: Iterable[str]) -> float:
    """The mean size of texts."""
    sizes = [encoder.count(text) for text in texts]
    return sum(sizes) / max(1, len(sizes))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=SHOWN)
    parser.add_argument("corpus", nargs="?", type=Path, default=Path("../shared/corpus"))
    parser.add_argument("--every", type=int, default=25, help="prompts between two cuts")
    parser.add_argument("--cuts", action="store_true", help="also a line for each cut")
    arguments = parser.parse_args()
    paths = sorted(arguments.corpus.glob("*.jsonl"))
    if not paths:
        raise SystemExit(f"no transcripts in {arguments.corpus}")
    found = [cut for path in paths for cut in cuts(path, arguments.every)]
    if arguments.cuts:
        for cut in found:
            wanted = len(cut.needed)
            print(f"{cut.session[:8]} {cut.reason:8}{len(cut.needed & set(cut.ranked[:3]))}"
                  f" {len(cut.needed & set(cut.ranked[:10]))} {len(named(cut))} of {wanted} files,"
                  f" {len(cut.names & names_in(cut.text))} of {len(cut.names)} names")  # fmt: skip
    print("\n".join(table(found)))


if __name__ == "__main__":
    main()
