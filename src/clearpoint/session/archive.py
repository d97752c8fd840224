"""The archive: what a clear or a compaction takes out of the context, kept as readable Markdown.

Prompts, answers and tool calls, in order; never tool output. It lies inside the project, where
Claude can read it without asking. Decisions and issues get a pointer (file and line) into it, and
a summary beside it has one for each message that it takes something from.
"""

from __future__ import annotations

import os
from itertools import chain, pairwise

from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.files import Replacement, make_folder, read_bytes, write_atomically
from clearpoint.session import pieces, recording
from clearpoint.text import summary
from clearpoint.text.sentences import cut, is_announcement, sentences
from clearpoint.text.summary import Message
from clearpoint.text.units import is_call
from clearpoint.transcript.reader import Transcript
from clearpoint.work.spoken import ANSWER, SUMMARY, TITLES, TWICE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import NamedTuple

    from clearpoint.models.state import State
    from clearpoint.models.work import WorkState
    from clearpoint.session.pieces import Piece
    from clearpoint.session.recording import Recorded
    from clearpoint.store.store import Store
else:
    from clearpoint.lowlevel.records import Record as NamedTuple

HEADING = "## "
CLAUDE_HEADINGS = tuple(HEADING + title for title in (ANSWER, SUMMARY))
"""How the words of Claude begin."""
USER_HEADINGS = tuple(HEADING + title for title in dict.fromkeys(TITLES.values()))
"""How those of the user begin."""
HEADINGS = (*USER_HEADINGS, *CLAUDE_HEADINGS)
ROW_CHARS = 120
ARCHIVE_S = 0.7
BACKLOG_S = 0.1
"""The same while lines are still to be read, which takes its time as well."""
SUMMARIZED_BYTES = 384 << 10
"""A longer archive is left without a summary, which would keep a user waiting."""
LONG_STEP_CHARS = 800
"""Of a step in whose course less was said, the words themselves tell enough."""
GIST_CHARS = 200
SUMMARY_HEAD = """{contents}# Summary of {name}

{share}% of its length; the number in brackets is the line in {name}.

"""


def archive(store: Store, state: State, within_s: float | None = None) -> str | None:
    """Archive what the transcript holds beyond the last archive; return the file, relative.

    What is not reached in time is left for the next archive; what was recorded at the end of turns
    is taken over. Sets the pointers of the state's decisions and issues. None if there is nothing
    new.
    """
    cursor = state["transcript"]
    if cursor is None or cursor["offset"] <= state["archived"]:
        return None
    within_s = within_s or (BACKLOG_S if state["backlog"] else ARCHIVE_S)
    known = recording.taken(store, state)
    transcript: Transcript | None = None
    try:
        transcript = Transcript(cursor["path"], None, within_s=within_s)
    except OSError:
        if not known.pieces:
            return None
    name = f"{len(state['archives']) + 1:04}.md"
    folder = store.path(state["session_id"], "archive")
    make_folder(folder)
    lines, rows = write(os.path.join(folder, name), chain(known.pieces, rest(known, transcript)))
    state["archived"] = known.offset
    recording.end(store, state)
    relative = f"sessions/{state['session_id']}/archive/{name}"
    messages, short = summarized(os.path.join(folder, name), rows)
    sum_up_steps(state["work_state"], messages, lines, relative)
    state["archives"] = [*state["archives"], relative]
    point(state["work_state"], lines, relative)
    # Last: where the disk fails here, the state still knows of the archive.
    write_atomically(summary_of(os.path.join(folder, name)), fast_json.encode(short))
    return relative


def rest(known: Recorded, transcript: Transcript | None) -> Iterator[Piece]:
    """What the transcript holds beyond what was recorded, which it is added to."""
    if transcript is None:
        return
    try:
        transcript.cursor["offset"] = known.offset
        yield from pieces.read(transcript, known.speech)
        known.offset = transcript.cursor["offset"]
    finally:
        transcript.close()


def point(work: WorkState, lines: Mapping[str, int], relative: str) -> None:
    """Say of what is kept of the conversation at which line of the archive it stands."""
    known = (work["answer"], work["itemized"], work["handover"], work["summary"])
    single = [one for one in known if one]
    for kept in (*work["said"], *work["decisions"], *work["issues"], *single):
        line = lines.get(kept["entry"] or "")
        if line and "pointer" not in kept:
            kept["pointer"] = f"{relative}:{line}"
    for noted in work["decisions"]:
        line = lines.get(noted.get("object_entry") or "")
        if line and "object_pointer" not in noted:
            noted["object_pointer"] = f"{relative}:{line}"


def summarized(path: str, rows: Sequence[Row] = ()) -> tuple[list[Message], str]:
    """The messages of an archive file, and its contents and summary.

    Of a file that is too long the contents alone.

    It is measured in characters: a share of them is near that of tokens, and a
    compaction need not wait for the encoder as well.
    """
    name = os.path.basename(path)
    table = contents(name, rows)
    try:
        messages = messages_in(read_bytes(path, SUMMARIZED_BYTES).decode("utf-8"))
    except OSError:
        return [], table
    found = summary.summarize(messages, measure=len)
    head = SUMMARY_HEAD.format(name=name, contents=table, share=round(100 * found.ratio))
    return messages, head + found.text + "\n"


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


class Row(NamedTuple):
    """One row of the contents: where it begins, its heading, and the beginning of its words."""

    line: int
    heading: str
    words: str


def write(path: str, said: Iterable[Piece]) -> tuple[dict[str, int], list[Row]]:
    """Write an archive file; return the first line of each entry, by its uuid, and the contents."""
    starts: dict[str, int] = {}
    rows: list[Row] = []
    typed: dict[str, int] = {}
    line, speaker, reached = 1, "", 0
    with Replacement(path) as stream:
        for entry, at, is_queued, heading, text in said:
            known = typed.pop(text, 0) if heading in TWICE else 0
            if known > reached:
                starts.setdefault(entry, known)
                reached = known
                continue
            above = "" if heading == speaker == ANSWER else heading_of(heading, at)
            speaker = heading
            begun = line + above.count("\n")
            if is_queued:
                typed[text] = begun
            elif heading in TWICE:
                reached = begun
            if heading != ANSWER:
                rows.append(Row(line, heading, cut(text, ROW_CHARS)))
            data = fast_json.encode(above + text.replace("\r", "") + "\n\n")
            starts.setdefault(entry, begun)
            stream.write(data)
            line += data.count(b"\n")
    return starts, rows


def heading_of(heading: str, at: str | None) -> str:
    """What begins the words of another speaker."""
    when = "" if heading == ANSWER else f", {at or 'no time'}"
    return f"## {heading}{when}\n\n"


def contents(name: str, rows: Sequence[Row]) -> str:
    """The table of contents of an archive file: its lines, what they are, and how it begins."""
    listed = [
        f"- {row.line}-{following.line - 1 if following else ''} {row.heading}: {row.words}"
        for row, following in pairwise([*rows, None])
        if row
    ]
    return "\n".join([f"# Contents of {name}", "", *listed, "", ""])


def messages_in(archive: str) -> list[Message]:
    """The messages of an archive file's text, with their lines as pointers.

    A prompt is one; of an answer each run of paragraphs, and each run of tool calls, is one.
    """
    found: list[Message] = []
    role, kind, start = "assistant", "", 0
    held: list[str] = []
    for number, line in enumerate([*archive.split("\n"), HEADING + ANSWER], 1):
        heading = line.startswith(HEADINGS)
        now = "call" if is_call(line) else "talk"
        if heading or (line and now != kind and role == "assistant"):
            if held:
                text = "\n".join(held).strip()
                found.append(Message(role, text, str(start)))
            held, kind = [], now
        if heading:
            role = "assistant" if line.startswith(CLAUDE_HEADINGS) else "user"
        elif line or held:
            start = start if held else number
            held.append(line)
    return found
