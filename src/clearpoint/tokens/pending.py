"""What was written since the newest request began, as sums of features. Pure.

Entries go in, numbers stay: a pending of constant size, plain JSON, whatever was written. What
the features mean is told in `calibration`; what is made of them, in `tokens`.
"""

from __future__ import annotations

from clearpoint.client.vocabulary import MICRO_BOUNDARY
from clearpoint.tokens.calibration import PLACE, SIZE
from clearpoint.tokens.features import (
    UNRENDERED_FIELDS,
    add_part,
    add_parts,
    add_text,
    content_texts,
    thought_size,
    words_of,
)
from clearpoint.tokens.restored_files import note_file, reread_tokens
from clearpoint.transcript.content import blocks_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.models.usage import Pending
    from clearpoint.transcript.entry import Entry

INTERNAL_ATTACHMENTS = frozenset(("prompt_snapshot",))
SENT_ATTACHMENTS = ("queued_command",)
"""What the client sends without writing how: messages typed while Claude works."""
CALL, KEY, TEXT, THINKING, THOUGHT, DROPPED = (
    PLACE[name] for name in ("call", "key", "text", "thinking", "thought", "dropped")
)
RESULT, PROMPT, ATTACHMENT, SAVED = (
    PLACE[name] for name in ("result", "prompt", "attachment", "saved")
)


def new_pending() -> Pending:
    """Nothing written yet."""
    return {
        "own": [0.0] * SIZE,
        "since": [0.0] * SIZE,
        "output": 0,
        "final": True,
        "thoughts": 0.0,
        "left": 0,
        "restored": 0,
        "files": {},
        "renders": False,
        "model": None,
    }


def following(pending: Pending) -> Pending:
    """For a response that begins: nothing pending, but the turn's thinking remembered."""
    fresh = _fresh(pending)
    fresh["thoughts"] = 0.0 if pending["since"][DROPPED] else pending["thoughts"]
    return fresh


def counted(pending: Pending) -> Pending:
    """For entries that turn out to be part of the newest request: nothing written since."""
    return {**pending, "since": [0.0] * SIZE}


def rewound(pending: Pending, output: int) -> Pending:
    """For a conversation taken back to an earlier response with this count."""
    fresh = _fresh(pending)
    fresh["output"] = output
    return fresh


def compacted(pending: Pending, left: int) -> Pending:
    """For a compaction that says it left this many tokens; 0 if it does not say."""
    fresh = _fresh(pending)
    fresh["left"] = left
    fresh["restored"] = 0 if left or pending["renders"] else reread_tokens(pending["files"])
    fresh["files"] = {}
    return fresh


def restoring(pending: Pending, files: dict[str, int]) -> Pending:
    """For a compaction that is not written yet: with what the client restores of these files."""
    none_read = pending["renders"] and not files
    return {**pending, "files": files, "restored": 0 if none_read else reread_tokens(files)}


def ends_turn(pending: Pending) -> bool:
    """Whether the newest response says something, calls nothing, and nothing came after it."""
    own = pending["own"]
    return own[TEXT] > 0 and not own[CALL] and not any(pending["since"])


def collect(pending: Pending, entry: Entry) -> None:
    """Take a user, attachment or system entry of the main chain into what is pending."""
    kind = entry.get("type")
    if kind == "user":
        _collect_message(pending, entry)
    elif kind == "attachment":
        _collect_attachment(pending, entry)
    elif entry.get("subtype") == MICRO_BOUNDARY:
        facts: Any = entry.get("microcompactMetadata")
        saved = facts.get("tokensSaved") if isinstance(facts, dict) else 0
        pending["since"][SAVED] += saved if isinstance(saved, int) else 0


def collect_response(pending: Pending, entry: Entry, output: int | None = None) -> None:
    """Take one line of the newest response into what is pending.

    `output` is the count of it, where that is another than the line's own.
    """
    _collect_answer(pending, entry)
    message: Any = entry.get("message")
    if output is None:
        output = (message.get("usage") or {}).get("output_tokens")
    pending["output"] = output if isinstance(output, int) else 0
    pending["final"] = message.get("stop_reason") is not None


def collect_uncounted(pending: Pending, entry: Entry) -> bool:
    """Take a line of a response that reports no usage; tell whether anything is in it."""
    before = list(pending["own"])
    _collect_answer(pending, entry)
    if pending["own"] == before:
        return False
    pending["final"] = False
    return True


def speaks(entry: Entry) -> bool:
    """Whether a line of a response holds text."""
    texts = [block.get("text") for block in blocks_of(entry)]
    return any(isinstance(text, str) and text.strip() for text in texts)


def _collect_answer(pending: Pending, entry: Entry) -> None:
    """Add the content of one line of a response."""
    own = pending["own"]
    for block in blocks_of(entry):
        kind = block.get("type")
        if kind == "text":
            add_text(own, block.get("text"), TEXT)
        elif kind in {"thinking", "redacted_thinking"}:
            size = thought_size(block)
            own[THOUGHT] += size
            own[THINKING] += 1
            pending["thoughts"] += size
        elif kind is not None:
            given = block.get("input")
            add_text(own, "\n".join((block.get("name") or "", *words_of(given))), CALL)
            own[KEY] += len(given) if isinstance(given, dict) else 0


def _fresh(pending: Pending) -> Pending:
    """Nothing pending, but what is known of the client and its files."""
    fresh = new_pending()
    fresh["renders"] = pending["renders"]
    fresh["files"] = pending["files"]
    return fresh


def _collect_message(pending: Pending, entry: Entry) -> None:
    if entry.get("isVisibleInTranscriptOnly") and not entry.get("isCompactSummary"):
        return
    for block in blocks_of(entry):
        if block.get("type") == "tool_result":
            pending["since"][RESULT] += 1
            add_parts(pending["since"], block.get("content"))
        else:
            add_part(pending["since"], block, PROMPT)
            if not entry.get("isMeta"):
                pending["since"][DROPPED] = pending["thoughts"]
    note_file(pending["files"], entry.get("toolUseResult"))


def _collect_attachment(pending: Pending, entry: Entry) -> None:
    rendered = entry.get("rendered")
    attachment: Any = entry.get("attachment")
    if isinstance(rendered, list):
        pending["renders"] = True
        for part in rendered:
            if isinstance(part, dict):
                pending["since"][ATTACHMENT] += 1
                add_parts(pending["since"], part.get("content"))
        identity = attachment.get("identity") if isinstance(attachment, dict) else None
        chosen = identity.get("modelId") if isinstance(identity, dict) else None
        if isinstance(chosen, str):
            pending["model"] = chosen
    elif _is_shown(attachment, pending["renders"]):
        texts: list[str] = []
        for name in UNRENDERED_FIELDS:
            texts += content_texts(pending["since"], attachment.get(name))
        if texts:
            add_text(pending["since"], "\n".join(texts), ATTACHMENT)


def _is_shown(attachment: Any, renders: bool) -> bool:
    """Whether an attachment without its rendering is for the model, from this client."""
    kind = attachment.get("type") if isinstance(attachment, dict) else None
    if not isinstance(kind, str) or renders:
        return kind in SENT_ATTACHMENTS
    return kind not in INTERNAL_ATTACHMENTS
