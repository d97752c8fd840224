"""The exact size of the context: a fold over entries. Pure.

In use after a response are all four token counts of the newest response on the main chain: the
client's own formula, which its SessionStart on resume shows as `context_tokens`. One response is
several lines with one `message.id`; the last of them stands. Sidechains, synthetic models and
API errors carry no usage. A compaction voids what came before it. What was written since the
response began is estimated (see `tokens`), and the sum is what the next request will carry.
"""

from __future__ import annotations

from clearpoint.tokens import projection
from clearpoint.transcript.content import is_human

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.models.usage import Usage
    from clearpoint.transcript.entry import Entry

SUMMARY_TOKENS = 3_000
"""The client's summary: the mean of 17, as the models up to 4.6 count."""
ANCHORS_LIMIT = 200
GROWTH_LIMIT = 24
INPUT_COUNTS = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
CACHE_SECONDS = {"ephemeral_1h_input_tokens": 3_600, "ephemeral_5m_input_tokens": 300}
"""The lifetimes of the prompt cache that the API counts by name, the longest first."""
INTERRUPTION = "[Request interrupted by user"


def new_usage() -> Usage:
    """The usage of a session that has not made a request yet."""
    return {
        "message_id": None,
        "parent": None,
        "model": None,
        "used": 0,
        "input": 0,
        "output": 0,
        "at": None,
        "requests": 0,
        "prompts": 0,
        "since_boundary": 0,
        "boundary_tokens": None,
        "compactions": 0,
        "compacted_at": 0,
        "overhead": 0,
        "peak": 0,
        "pending": projection.new_pending(),
        "learner": projection.new_learner(),
        "anchors": [],
        "turn_start": 0,
        "growth": [],
        "client_version": None,
        "interrupted": False,
        "cache_seconds": 0,
    }


def fold(usage: Usage, entry: Entry) -> None:
    """Take one entry into the usage."""
    if entry.get("isSidechain"):
        return
    kind = entry.get("type")
    if kind == "assistant":
        _response(usage, entry)
    elif kind == "system" and entry.get("subtype") == "compact_boundary":
        _boundary(usage, entry)
    elif kind in ("user", "attachment", "system"):
        if kind == "user":
            _prompt(usage, entry)
        projection.collect(usage["pending"], entry)
        if usage["parent"] is not None and entry.get("uuid") == usage["parent"]:
            _late(usage)


def projected(usage: Usage) -> tuple[int, bool]:
    """Tokens that the next request will carry, and whether any of them are estimated."""
    base = usage["used"] - usage["output"] if usage["since_boundary"] else usage["overhead"]
    expected, estimated = projection.project(
        usage["learner"], usage["model"], base, usage["pending"]
    )
    return expected, estimated or not usage["since_boundary"]


def counts_of(entry: Entry) -> dict[str, int] | None:
    """The token counts of a response line, None for lines that carry none of their own."""
    message = entry.get("message")
    if not isinstance(message, dict) or entry.get("isApiErrorMessage"):
        return None
    found: Any = message.get("usage")
    if not isinstance(found, dict) or message.get("model") == "<synthetic>":
        return None
    return {
        name: value if isinstance(value := found.get(name), int) and value > 0 else 0
        for name in (*INPUT_COUNTS, "output_tokens")
    }


def _response(usage: Usage, entry: Entry) -> None:
    counts = counts_of(entry)
    if counts is None:
        return
    message = entry["message"]
    carried = sum(counts[name] for name in INPUT_COUNTS)
    if carried == 0:
        return
    if message.get("id") != usage["message_id"]:
        _new_request(usage, entry, carried)
    usage["input"], usage["output"] = carried, counts["output_tokens"]
    usage["at"] = entry.get("timestamp") or usage["at"]
    usage["cache_seconds"] = _cache_seconds(message["usage"]) or usage["cache_seconds"]
    projection.collect_response(usage["pending"], entry)
    usage["used"] = carried + usage["output"]
    usage["peak"] = max(usage["peak"], usage["used"])


def _cache_seconds(found: Any) -> int:
    """How long what this request wrote to the prompt cache is kept; 0 where it wrote nothing."""
    written = found.get("cache_creation") or {}
    return next((CACHE_SECONDS[name] for name in CACHE_SECONDS if written.get(name)), 0)


def _new_request(usage: Usage, entry: Entry, carried: int) -> None:
    """The first line of a response: what was projected meets what it was."""
    message = entry["message"]
    answering = message.get("model")
    if usage["since_boundary"]:
        if projection.is_same(answering, usage["model"]):
            grown = carried - usage["input"]
            projection.learn(usage["learner"], usage["model"], usage["pending"], grown)
    elif usage["boundary_tokens"] is None:
        estimate = projection.estimate(usage["learner"], answering, usage["pending"])
        usage["overhead"] = max(0, carried - estimate)
    usage["message_id"] = message.get("id")
    usage["parent"] = entry.get("parentUuid")
    usage["model"] = entry.get("requestedModel") or _named(usage, answering)
    usage["client_version"] = entry.get("version") or usage["client_version"]
    usage["requests"] += 1
    usage["since_boundary"] += 1
    usage["boundary_tokens"] = None
    usage["pending"] = projection.following(usage["pending"])
    usage["turn_start"] = usage["turn_start"] or carried


def _named(usage: Usage, answering: str | None) -> str | None:
    """The model that answers, by the name it was chosen by: older clients say that only then."""
    for chosen in (usage["pending"]["model"], usage["model"]):
        if chosen and projection.is_same(chosen, answering):
            return chosen
    return answering or usage["model"]


def _late(usage: Usage) -> None:
    """What the newest request carried was written after its response: none of it is pending."""
    if usage["requests"] == 1:
        late = projection.estimate(usage["learner"], usage["model"], usage["pending"])
        usage["overhead"] = max(0, usage["overhead"] - late)
    usage["pending"] = projection.counted(usage["pending"])


def _prompt(usage: Usage, entry: Entry) -> None:
    """A line of the person's side: a new turn, an interruption, or a way back after a rewind."""
    message = entry.get("message")
    content: Any = message.get("content") if isinstance(message, dict) else None
    if isinstance(content, list) and content and isinstance(content[0], dict):
        content = content[0].get("text")
    if not isinstance(content, str):
        return
    if content.startswith(INTERRUPTION):
        usage["interrupted"] = True
    if not is_human(entry, content) or entry.get("isCompactSummary"):
        return
    usage["interrupted"] = False
    _rewind(usage, entry.get("parentUuid"))
    usage["anchors"] = [
        *usage["anchors"][1 - ANCHORS_LIMIT :],
        [entry.get("parentUuid"), usage["used"], usage["input"]],
    ]
    usage["prompts"] += 1
    if usage["used"] > usage["turn_start"] > 0:
        grown = usage["used"] - usage["turn_start"]
        usage["growth"] = [*usage["growth"], grown][-GROWTH_LIMIT:]
    usage["turn_start"] = usage["used"]


def _rewind(usage: Usage, parent: str | None) -> None:
    """A prompt that hangs where an earlier one hung takes the conversation back to there."""
    for place, (anchor, used, carried) in enumerate(usage["anchors"]):
        if anchor == parent:
            usage["used"], usage["input"], usage["output"] = used, carried, used - carried
            usage["pending"] = projection.rewound(usage["pending"], used - carried)
            usage["turn_start"] = min(usage["turn_start"], used)
            usage["anchors"] = usage["anchors"][:place]
            return


def _boundary(usage: Usage, entry: Entry) -> None:
    """A compaction: until the next response only an estimate is known."""
    facts = entry.get("compactMetadata")
    after = facts.get("postTokens") if isinstance(facts, dict) else None
    if isinstance(facts, dict) and facts.get("trigger") == "auto":
        usage["compacted_at"] = facts.get("preTokens") or usage["used"]
    void(usage, after if isinstance(after, int) and after > 0 else 0)
    usage["compactions"] += 1


def expect_boundary(usage: Usage, begins: int) -> None:
    """A compaction is done that the client has not written yet: what it left is guessed.

    `begins` is what the first request carried beside the prompt: the client says that again.
    """
    files = usage["pending"]["files"]
    void(usage, max(0, begins - usage["overhead"]) + SUMMARY_TOKENS)
    usage["pending"] = projection.restoring(usage["pending"], files)


def void(usage: Usage, left: int) -> None:
    """A compaction has taken the conversation away, but for an estimate of what is left."""
    usage["boundary_tokens"] = left
    usage["used"] = usage["input"] = usage["output"] = usage["turn_start"] = 0
    usage["since_boundary"] = 0
    usage["anchors"] = []
    usage["pending"] = projection.compacted(usage["pending"], left)
