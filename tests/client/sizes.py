"""How many tokens a request has, as the stub counts them: close to what models up to 4.6 do.

They count about 1.15 times `cl100k_base`. What the API adds for the tools as a whole is taken to
be what the client takes off again before it shows them.
"""

import json
from collections.abc import Mapping
from typing import Any

from clearpoint.tokens import encoder

TOKENS_PER_MEASURED = 1.15
TOOLS_TOKENS = 500
BLOCK_TOKENS = 4
CALL_TOKENS, RESULT_TOKENS = 50, 30
"""What such models count around a tool call and its result."""


def tokens_of_request(body: Mapping[str, Any]) -> int:
    """The input side of a request: system prompt, tools, messages.

    Of tools that are put off, those count that a search in the messages has given a reference to.
    """
    system = body.get("system") or []
    said = json.dumps(body.get("messages", []))
    tools = [
        tool
        for tool in body.get("tools") or []
        if not tool.get("defer_loading") or f'"tool_name": "{tool["name"]}"' in said
    ]
    texts = [system] if isinstance(system, str) else [block["text"] for block in system]
    texts += [json.dumps(tool, ensure_ascii=False) for tool in tools]
    contents = [message["content"] for message in body.get("messages", [])]
    return (
        sum(map(scaled, texts))
        + (TOOLS_TOKENS if tools else 0)
        + sum(map(tokens_of_content, contents))
    )


def tokens_of_content(content: str | list[dict[str, Any]]) -> int:
    """The content of one message."""
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
    return sum(BLOCK_TOKENS + tokens_of_block(block) for block in blocks)


def tokens_of_block(block: Mapping[str, Any]) -> int:
    """One block; the input of a call as JSON."""
    if block["type"] == "tool_use":
        return CALL_TOKENS + scaled(json.dumps(block["input"], ensure_ascii=False))
    if block["type"] == "tool_result":
        return RESULT_TOKENS + tokens_of_content(block.get("content", ""))
    return scaled(block.get("text", ""))


def scaled(text: str) -> int:
    """Tokens of a text."""
    return round(TOKENS_PER_MEASURED * encoder.count(text))
