"""The archive: what a clear or a compaction takes out of the context, kept as readable Markdown.

Prompts, answers and tool calls, in order; never tool output. It lies inside the project, where
Claude can read it without asking. Decisions and issues get a pointer (file and line) into it, and
a summary beside it has one for each message that it takes something from.
"""

from __future__ import annotations

import os

from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.files import Replacement, make_folder, read_bytes, write_atomically
from clearpoint.redaction import prefilter
from clearpoint.text import summary
from clearpoint.text.sentences import cut, is_announcement, sentences
from clearpoint.text.summary import Message, is_call
from clearpoint.transcript.reader import Transcript
from clearpoint.transcript.utterances import is_human

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from clearpoint.models.state import State
    from clearpoint.models.work import WorkState
    from clearpoint.store.store import Store
    from clearpoint.transcript.entry import Entry

TEXT_CHARS = 20_000
CALL_CHARS = 160
PROMPT_HEADING = "## Prompt"
ANSWER_HEADING = "## Claude"
SUMMARIZED_BYTES = 1 << 20
"""A longer archive is left without a summary, which would keep a person waiting."""
LONG_STEP_CHARS = 800
"""Of a step in whose course less was said, the words themselves tell enough."""
GIST_CHARS = 200
SUMMARY_HEAD = """# Summary of {name}

{share} % of its length; the number in brackets is the line in {name} where it stands.

"""


def archive(store: Store, state: State) -> str | None:
    """Archive what the transcript holds beyond the last archive; give the file, relative.

    Sets the pointers of the state's decisions and issues. None where there is nothing new.
    """
    cursor = state["transcript"]
    if cursor is None or cursor["offset"] <= state["archived"]:
        return None
    try:
        transcript = Transcript(cursor["path"], None)
    except OSError:
        return None
    try:
        transcript.cursor["offset"] = state["archived"]
        name = f"{len(state['archives']) + 1:04}.md"
        folder = store.path(state["session_id"], "archive")
        make_folder(folder)
        lines = write(os.path.join(folder, name), transcript.entries())
        state["archived"] = transcript.cursor["offset"]
    finally:
        transcript.close()
    relative = f"sessions/{state['session_id']}/archive/{name}"
    messages = summarize(os.path.join(folder, name))
    sum_up_steps(state["work_state"], messages, lines, relative)
    state["archives"] = [*state["archives"], relative]
    for noted in (*state["work_state"]["decisions"], *state["work_state"]["issues"]):
        line = lines.get(noted["entry"] or "")
        if line and "pointer" not in noted:
            noted["pointer"] = f"{relative}:{line}"
    return relative


def summarize(path: str) -> list[Message]:
    """Write the summary of an archive file beside it, unless that is too long; give its messages.

    It is measured in characters: a share of them is near that of tokens, and whoever waits for a
    compaction need not wait for the encoder as well.
    """
    try:
        messages = messages_in(read_bytes(path, SUMMARIZED_BYTES).decode("utf-8"))
    except OSError:
        return []
    found = summary.summarize(messages, measure=len)
    head = SUMMARY_HEAD.format(name=os.path.basename(path), share=round(100 * found.ratio))
    write_atomically(summary_of(path), fast_json.encode(head + found.text + "\n"))
    return messages


def sum_up_steps(
    work: WorkState, messages: Sequence[Message], lines: Mapping[str, int], relative: str
) -> None:
    """Say of each step that has ended where its work stands in this archive, and what came of it.

    One that was taken up before the archive begins has its first line.
    """
    for span in work["spans"]:
        last = lines.get(span["ended"] or "")
        if last is None or "pointer" in span:
            continue
        first = lines.get(span["begun"], 1)
        span["pointer"] = f"{relative}:{first}"
        said = [
            message.text
            for message in messages
            if first <= int(message.pointer) < last
            and message.role == "assistant"
            and not is_call(message.text)
        ]
        if sum(map(len, said)) > LONG_STEP_CHARS:
            found = (one for text in said for one in sentences(text) if not is_announcement(one))
            span["gist"] = cut(summary.gist("\n".join(found), GIST_CHARS, measure=len))


def summary_of(path: str) -> str:
    """Where the summary of an archive file is: `0001.summary.md` of `0001.md`."""
    return path.removesuffix(".md") + ".summary.md"


def write(path: str, entries: Iterator[Entry]) -> dict[str, int]:
    """Write an archive file whole; give the line at which each entry begins, by its uuid."""
    starts: dict[str, int] = {}
    line = 1
    with Replacement(path) as stream:
        speaker = ""
        for entry in entries:
            for text in _paragraphs(prefilter.mask(entry)):
                heading = "" if entry.get("type") == speaker else heading_of(entry)
                speaker = entry.get("type") or ""
                data = fast_json.encode(heading + text.replace("\r", "") + "\n\n")
                starts.setdefault(entry.get("uuid") or "", line + heading.count("\n"))
                stream.write(data)
                line += data.count(b"\n")
    return starts


def heading_of(entry: Entry) -> str:
    """What begins the words of another speaker."""
    if entry.get("type") == "assistant":
        return f"{ANSWER_HEADING}\n\n"
    return f"{PROMPT_HEADING}, {entry.get('timestamp') or 'no time'}\n\n"


def _paragraphs(entry: Entry) -> Iterator[str]:
    """What is worth keeping of one entry, as Markdown."""
    message = entry.get("message")
    if not isinstance(message, dict) or entry.get("isSidechain") or entry.get("isMeta"):
        return
    content = message.get("content")
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
    for block in blocks if isinstance(blocks, list) else ():
        text = block.get("text")
        if isinstance(text, str) and text.strip():
            is_typed = is_human(entry, text) and not entry.get("isCompactSummary")
            if is_typed or entry.get("type") == "assistant":
                yield text[:TEXT_CHARS]
        elif block.get("type") == "tool_use":
            given = cut(fast_json.dumps(block.get("input") or {}), CALL_CHARS)
            yield f"- {block.get('name')}: `{given}`"


def messages_in(archive: str) -> list[Message]:
    """The messages of an archive file's text, with their lines as pointers.

    A prompt is one; of an answer each run of paragraphs, and each run of tool calls, is one.
    """
    found: list[Message] = []
    role, kind, start = "assistant", "", 0
    held: list[str] = []
    for number, line in enumerate([*archive.splitlines(), ANSWER_HEADING], 1):
        heading = line.startswith((PROMPT_HEADING, ANSWER_HEADING))
        now = "call" if is_call(line) else "talk"
        if heading or (line and now != kind and role == "assistant"):
            if held:
                text = "\n".join(held).strip()
                found.append(Message(role, text, str(start)))
            held, kind = [], now
        if heading:
            role = "user" if line.startswith(PROMPT_HEADING) else "assistant"
        elif line or held:
            start = start if held else number
            held.append(line)
    return found
