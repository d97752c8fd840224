"""What was said and done, entry by entry, as the archive keeps it. Pure.

The user's words however they were said, Claude's answers and calls, the summaries of compactions;
of results only what the user said in them, and whether a check passed; never what a tool printed.
"""

from __future__ import annotations

from clearpoint.client.vocabulary import QUESTION
from clearpoint.lowlevel import fast_json
from clearpoint.text import sentences
from clearpoint.transcript import utterances
from clearpoint.transcript.content import blocks_of, texts_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clearpoint.models.words import Manner
    from clearpoint.transcript.entry import Block, Entry

    Spoken = tuple[str, str]
    """Under which heading a piece stands, and its text."""

TEXT_CHARS = 20_000
CALL_CHARS = 160
CALLS_AWAITED = 64
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
HEAD_BYTES = 1_200
"""Within so much of a line its first block begins."""
BEGINS = b'{"parentUuid"'
USER_BLOCKS = b'"role":"user","content":[{'
THINKING = b'"role":"assistant","content":[{"type":"thinking"'
CALL_BLOCK = b'"type":"tool_use"'
CALLED_BY = b'"tool_use_id":"'
TEXT_BLOCK, TEXT_FILE = b'"type":"text"', b'"toolUseResult":{"type":"text"'
ERROR, NO_ERROR = b'"is_error":', b'"is_error":false'
"""How the client writes these: unescaped, so never inside a text."""


class Speech:
    """Reads entries one after the other; results are known by the calls before them."""

    def __init__(
        self,
        calls: Mapping[str, list[str]] | None = None,
        lines: Mapping[str, str] | None = None,
    ) -> None:
        self.calls: dict[str, list[str]] = {**(calls or {})}
        """The calls without a result yet: id to the tool's name and what is known of the call."""
        self.lines: dict[str, str] = {**(lines or {})}
        """Of those that run checks, the command line."""

    def passes_over(self, line: bytes) -> bool:
        """Whether a line says nothing that is kept, told without decoding it.

        Most of a transcript are results of tools that printed something, and thinking.
        """
        if not line.startswith(BEGINS) or line.find(BEGINS, 1) >= 0:
            return False
        if line.count(TEXT_BLOCK) > line.count(TEXT_FILE):
            return False
        if line.find(THINKING, 0, HEAD_BYTES) >= 0:
            return CALL_BLOCK not in line
        begin = line.find(USER_BLOCKS, 0, HEAD_BYTES)
        place = line.find(CALLED_BY, begin, begin + HEAD_BYTES) if begin >= 0 else -1
        if place < 0 or line.find(CALLED_BY, place + 1) >= 0:
            return False
        call_id = line[place + len(CALLED_BY) :].partition(b'"')[0].decode("utf-8", "replace")
        is_told = call_id in self.lines or self.calls.get(call_id, [""])[0] == QUESTION
        if is_told or line.count(ERROR) != line.count(NO_ERROR):
            return False
        self.calls.pop(call_id, None)
        return True

    def of(self, entry: Entry) -> Iterator[Spoken]:
        """What one entry says."""
        if entry.get("isSidechain"):
            return
        if entry.get("isCompactSummary"):
            text = "\n".join(filter(None, map(_text, blocks_of(entry))))
            yield SUMMARY, text[:TEXT_CHARS]
            return
        for how, words, about in utterances.spoken(entry, self.calls):
            yield _typed(how, words[:TEXT_CHARS], about)
        for block in blocks_of(entry):
            if entry.get("type") == "assistant":
                yield from self._answered(block)
            elif block.get("type") == "tool_result":
                yield from self._checked(block)

    def _answered(self, block: Block) -> Iterator[Spoken]:
        text = _text(block)
        if text.strip():
            yield ANSWER, text[:TEXT_CHARS]
        elif block.get("type") == "tool_use":
            name, given = str(block.get("name")), block.get("input") or {}
            call_id = str(block.get("id"))
            self.calls[call_id] = [name, *utterances.known_of(name, given)]
            if name == SHELL:
                from clearpoint.work import shell, shell_checks  # half a hook, and often not needed

                line = str(given.get("command"))[: shell.LINE_CHARS]
                if shell_checks.runs(shell.commands(line), ""):
                    self.lines[call_id] = line
            for kept in (self.calls, self.lines):
                while len(kept) > CALLS_AWAITED:
                    del kept[next(iter(kept))]
            shown = sentences.cut(fast_json.dumps(given), CALL_CHARS)
            yield ANSWER, f"- {name}: `{shown}`"

    def _checked(self, block: Block) -> Iterator[Spoken]:
        """Whether the checks of a command line passed."""
        call_id = str(block.get("tool_use_id"))
        self.calls.pop(call_id, None)
        if line := self.lines.pop(call_id, ""):
            from clearpoint.work import shell_checks

            output = "\n".join(texts_in(block.get("content")))
            if not utterances.is_rejection(output):
                code = int(bool(block.get("is_error")))
                for run, passed in shell_checks.outcomes(line, "", output, code):
                    yield ANSWER, f"- Result: `{run.name}` {'passed' if passed else 'FAILED'}"


def _typed(how: Manner, words: str, about: str) -> Spoken:
    """Words of the user under their heading."""
    if how in ("command", "compaction"):
        return TITLES[how], f"{about} {words}".strip()
    if how == "answer":
        return TITLES[how], f"{about}\n{words}"
    return (f"{TITLES[how]} {about}" if how == "rejection" else TITLES[how]), words


def _text(block: Block) -> str:
    text = block.get("text")
    return text if isinstance(text, str) else ""
