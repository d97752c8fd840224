"""What the stub of the Messages API answers: pure functions from a request to an answer.

Answers come from a `Control` and from markers in the prompt, which win:

    USAGE:150000@@                      this answer's context size, in tokens, as the client counts
    SLOW:5@@                            spread the answer over five seconds
    TOOL:Read {"file_path": "/a"}@@     call a tool first (several markers: parallel calls)

The client's compaction request is recognised and answered with a `<summary>`.
"""

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypedDict

Json = dict[str, Any]

DEFAULT_USAGE = {
    "input_tokens": 10,
    "cache_creation_input_tokens": 1000,
    "cache_read_input_tokens": 20000,
    "output_tokens": 25,
}
DEFAULT_SUMMARY = "<analysis>\nThe stub's analysis.\n</analysis>\n\n<summary>\n{}\n</summary>"
SLOW_PIECES = 20
NOT_TYPED = ("<system-reminder>", "<local-command-", "<command-name>")


class ToolCall(TypedDict):
    """One call of a client tool."""

    name: str
    input: Json


class ErrorRule(TypedDict, total=False):
    """An API error for prompts that contain `when`; `times` is how often (default: always)."""

    when: str
    status: int
    type: str
    message: str
    times: int


class Control(TypedDict, total=False):
    """What `control.json` may say; all keys are optional.

    `context_tokens` is a list of context sizes, one per answer, the last one repeated; `usage`
    overrides single counts instead, and `measured` has both sides counted as they are. `tools` maps
    a piece of a prompt to its rounds of tool calls. `count_tokens` answers the client's own counts
    with this number; without it they are counted as well.
    """

    reply: str
    context_tokens: list[int]
    usage: Json
    measured: bool
    slow_seconds: float
    errors: list[ErrorRule]
    tools: dict[str, list[list[ToolCall]]]
    summary: str
    count_tokens: int


@dataclasses.dataclass(frozen=True)
class Answer:
    """One message of the model: content blocks, usage, and seconds to spread it over."""

    content: list[Json]
    usage: Json
    slow_seconds: float = 0.0

    @property
    def stop_reason(self) -> str:
        """`tool_use` when the answer calls a tool."""
        return "tool_use" if self.content[-1]["type"] == "tool_use" else "end_turn"


def text_blocks(message: Mapping[str, Any]) -> list[str]:
    """Give the texts of one message, in order."""
    content = message.get("content", "")
    if isinstance(content, str):
        return [content]
    return [block["text"] for block in content if block.get("type") == "text"]


def newest_prompt(messages: Sequence[Mapping[str, Any]]) -> tuple[str, int]:
    """Give the newest typed prompt and how many rounds of tool results came after it."""
    rounds = 0
    for message in reversed(messages):
        if message.get("role") != "user":
            continue
        for text in reversed(text_blocks(message)):
            if not text.lstrip().startswith(NOT_TYPED):
                return text, rounds
        rounds += 1
    return "", rounds


def kind_of(path: str, prompt: str) -> str:
    """Tell a request's kind: `message`, `summary`, `title`, `count_tokens` or `other`."""
    if "count_tokens" in path:
        return "count_tokens"
    if "/messages" not in path:
        return "other"
    if prompt.startswith("<session>") and "Write the title" in prompt:
        return "title"  # asked by versions before 2.1.329
    is_summary = "Respond with TEXT ONLY" in prompt and "<summary>" in prompt
    return "summary" if is_summary else "message"


def usage_of_size(context_tokens: int) -> dict[str, int]:
    """Give counts that add up to a context of that many tokens (35 or more)."""
    fixed = DEFAULT_USAGE["input_tokens"] + DEFAULT_USAGE["output_tokens"]
    created = min(DEFAULT_USAGE["cache_creation_input_tokens"], context_tokens - fixed)
    return DEFAULT_USAGE | {
        "cache_creation_input_tokens": created,
        "cache_read_input_tokens": context_tokens - fixed - created,
    }


def usage_for(control: Control, prompt: str, served: int) -> dict[str, int]:
    """Choose the usage of the answer number `served` (from 0) under this control."""
    if marker := re.search(r"USAGE:(\d+)@@", prompt):
        return usage_of_size(int(marker[1]))
    if sizes := control.get("context_tokens"):
        return usage_of_size(sizes[min(served, len(sizes) - 1)])
    return DEFAULT_USAGE | control.get("usage", {})


def tool_calls(control: Control, prompt: str, rounds: int) -> list[ToolCall]:
    """Give the calls due after that many rounds of tool results; none ends the turn."""
    script = [
        [
            ToolCall(name=name, input=json.loads(text))
            for name, text in re.findall(r"TOOL:(\w+) (.*?)@@", prompt, re.DOTALL)
        ]
    ]
    for when, planned in control.get("tools", {}).items():
        if when in prompt:
            script = planned
    return script[rounds] if rounds < len(script) else []


def compose(control: Control, kind: str, messages: Sequence[Json], served: int) -> Answer:
    """Compose the answer to one request."""
    prompt, rounds = newest_prompt(messages)
    if kind == "summary":
        text = DEFAULT_SUMMARY.format(control.get("summary", f"STUB-SUMMARY-{served}"))
        return Answer([{"type": "text", "text": text}], usage_for(control, "", served))
    calls = tool_calls(control, prompt, rounds)
    text = "Using a tool." if calls else control.get("reply", f"Reply number {served}.")
    content: list[Json] = [{"type": "text", "text": text}]
    content += [
        {"type": "tool_use", "id": f"toolu_{served:04d}{index:04d}", **call}
        for index, call in enumerate(calls)
    ]
    marker = re.search(r"SLOW:([\d.]+)@@", prompt)
    slow = float(marker[1]) if marker else control.get("slow_seconds", 0.0)
    return Answer(content, usage_for(control, prompt, served), slow)


def pieces(text: str, count: int) -> list[str]:
    """Cut a text into at most `count` pieces."""
    size = max(1, -(-len(text) // count))
    return [text[start : start + size] for start in range(0, len(text), size)]


def block_events(index: int, block: Json, slow: bool) -> Iterator[Json]:
    """Give the stream events of one content block."""
    if block["type"] == "text":
        empty = block | {"text": ""}
        parts = pieces(block["text"], SLOW_PIECES if slow else 1)
        deltas: list[Json] = [{"type": "text_delta", "text": part} for part in parts]
    else:
        empty = block | {"input": {}}
        deltas = [{"type": "input_json_delta", "partial_json": json.dumps(block["input"])}]
    yield {"type": "content_block_start", "index": index, "content_block": empty}
    for delta in deltas:
        yield {"type": "content_block_delta", "index": index, "delta": delta}
    yield {"type": "content_block_stop", "index": index}


def stream_events(answer: Answer, envelope: Json) -> Iterator[Json]:
    """Give the stream events of one answer."""
    begun = answer.usage | {"output_tokens": 1}
    begin: Json = {"content": [], "stop_reason": None, "stop_sequence": None, "usage": begun}
    yield {"type": "message_start", "message": envelope | begin}
    for index, block in enumerate(answer.content):
        yield from block_events(index, block, answer.slow_seconds > 0)
    delta = {"stop_reason": answer.stop_reason, "stop_sequence": None}
    yield {"type": "message_delta", "delta": delta, "usage": answer.usage}
    yield {"type": "message_stop"}
