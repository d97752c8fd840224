"""Transcripts of any size, made up: turns of a prompt, a tool call with its result, an answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MODEL = "claude-sonnet-4-6"
RESULT_BYTES = 6_000


def turn(number: int, used: int) -> Iterator[bytes]:
    """The lines of one turn, as bytes with their newline, in the order that the client writes."""
    common = {"sessionId": "bench", "cwd": "/project", "version": "2.1.329"}
    stem = f"{number:08x}"
    stamp = f"2026-01-01T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}.000Z"
    result = (f"line {number} of a file that was read\n" * 200)[:RESULT_BYTES]
    prompt = {"role": "user", "content": f"Please look at module {number % 40} and improve it."}
    call: dict[str, object] = {"type": "tool_use", "id": f"toolu_{stem}", "name": "Read",
            "input": {"file_path": f"/project/src/module_{number % 40}.py"}}  # fmt: skip
    answer: dict[str, object] = {"type": "text", "text": f"Module {number % 40} is improved. " * 20}
    back = {"tool_use_id": f"toolu_{stem}", "type": "tool_result", "content": result}
    entries = [
        {"type": "user", "uuid": stem + "-a", "parentUuid": f"{number - 1:08x}-d",
         "timestamp": stamp, "message": prompt},
        {"type": "assistant", "uuid": stem + "-b", "parentUuid": stem + "-a", "timestamp": stamp,
         "message": _answer(f"msg_{stem}0", call, used)},
        {"type": "user", "uuid": stem + "-c", "parentUuid": stem + "-b", "timestamp": stamp,
         "message": {"role": "user", "content": [back]},
         "toolUseResult": {"type": "text", "file": {"content": result}}},
        {"type": "assistant", "uuid": stem + "-d", "parentUuid": stem + "-c", "timestamp": stamp,
         "message": _answer(f"msg_{stem}1", answer, used + RESULT_BYTES // 4)},
    ]  # fmt: skip
    for entry in entries:
        placed = {"parentUuid": entry["parentUuid"], "isSidechain": False, **common, **entry}
        yield json.dumps(placed, separators=(",", ":")).encode() + b"\n"


def _answer(message_id: str, block: dict[str, object], used: int) -> dict[str, object]:
    usage = {"input_tokens": 3, "cache_creation_input_tokens": 1_500,
             "cache_read_input_tokens": max(0, used - 1_503), "output_tokens": 150}  # fmt: skip
    return {"model": MODEL, "id": message_id, "role": "assistant", "content": [block],
            "stop_reason": "end_turn", "usage": usage}  # fmt: skip


def write_transcript(path: Path, size: int) -> int:
    """Write turns until the file has this many bytes; give how many turns there are."""
    number = written = 0
    with path.open("wb") as stream:
        while written < size:
            number += 1
            for line in turn(number, 20_000 + number % 60 * 1_000):
                written += stream.write(line)
    return number
