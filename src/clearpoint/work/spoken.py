"""What was said and done, entry by entry, as the archive keeps it. Pure.

The user's words however they were said, Claude's answers and calls, the summaries of compactions;
of results only what the user said in them, and whether a check passed; never what a tool printed.
"""

from __future__ import annotations

from clearpoint.lowlevel import fast_json
from clearpoint.text import sentences
from clearpoint.transcript import utterances
from clearpoint.transcript.content import blocks_of, texts_in
from clearpoint.work import shell_checks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import NamedTuple

    from clearpoint.models.words import Manner
    from clearpoint.transcript.entry import Block, Entry
else:
    from clearpoint.lowlevel.records import Record as NamedTuple

TEXT_CHARS = 20_000
CALL_CHARS = 160
CALLS_AWAITED = 256
PROMPT = "Prompt"
SUMMARY = "Summary of the compaction"
ANSWER = "Claude"
TITLES: dict[Manner, str] = {
    "prompt": PROMPT,
    "command": "Command",
    "compaction": "Command",
    "while working": "Said while Claude worked",
    "rejection": "Said on rejecting",
    "answer": "Answer to a question of Claude's",
}
TWICE = (PROMPT, TITLES["while working"])
"""What older clients write when it is typed, and once more when it is handed in."""
SHELL = "Bash"


class Spoken(NamedTuple):
    """One piece: under which heading it stands, and its text."""

    heading: str
    text: str


class Speech:
    """Reads entries one after the other; results are known by the calls before them."""

    def __init__(self) -> None:
        self._calls: dict[str, list[str]] = {}
        self._lines: dict[str, str] = {}

    def of(self, entry: Entry) -> Iterator[Spoken]:
        """What one entry says."""
        if entry.get("isSidechain"):
            return
        if entry.get("isCompactSummary"):
            text = "\n".join(filter(None, map(_text, blocks_of(entry))))
            yield Spoken(SUMMARY, text[:TEXT_CHARS])
            return
        for how, words, about in utterances.spoken(entry, self._calls):
            yield _typed(how, words[:TEXT_CHARS], about)
        for block in blocks_of(entry):
            if entry.get("type") == "assistant":
                yield from self._answered(block)
            elif block.get("type") == "tool_result":
                yield from self._checked(block)

    def _answered(self, block: Block) -> Iterator[Spoken]:
        text = _text(block)
        if text.strip():
            yield Spoken(ANSWER, text[:TEXT_CHARS])
        elif block.get("type") == "tool_use":
            name, given = str(block.get("name")), block.get("input") or {}
            call_id = str(block.get("id"))
            self._calls[call_id] = [name, *utterances.known_of(name, given)]
            if name == SHELL:
                self._lines[call_id] = str(given.get("command"))
            for kept in (self._calls, self._lines):
                while len(kept) > CALLS_AWAITED:
                    del kept[next(iter(kept))]
            shown = sentences.cut(fast_json.dumps(given), CALL_CHARS)
            yield Spoken(ANSWER, f"- {name}: `{shown}`")

    def _checked(self, block: Block) -> Iterator[Spoken]:
        """Whether the checks of a command line passed."""
        call_id = str(block.get("tool_use_id"))
        self._calls.pop(call_id, None)
        if line := self._lines.pop(call_id, ""):
            output = "\n".join(texts_in(block.get("content")))
            if not utterances.is_rejection(output):
                code = int(bool(block.get("is_error")))
                for run, passed in shell_checks.outcomes(line, "", output, code):
                    yield Spoken(
                        ANSWER, f"- Result: `{run.name}` {'passed' if passed else 'FAILED'}"
                    )


def _typed(how: Manner, words: str, about: str) -> Spoken:
    """Words of the user under their heading."""
    if how in ("command", "compaction"):
        return Spoken(TITLES[how], f"{about} {words}".strip())
    if how == "answer":
        return Spoken(TITLES[how], f"{about}\n{words}")
    return Spoken(f"{TITLES[how]} {about}" if how == "rejection" else TITLES[how], words)


def _text(block: Block) -> str:
    text = block.get("text")
    return text if isinstance(text, str) else ""
