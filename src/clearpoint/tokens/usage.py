"""The exact size of the context: a fold over entries. Pure.

In use after a response are all four token counts of the newest response on the main chain: the
client's own formula, which its SessionStart on resume shows as `context_tokens`. One response is
several lines with one `message.id`; the last of them stands. Where the server made several passes
for one response, its counts are sums, and the last pass tells the context. Sidechains, synthetic
models and API errors carry no usage. A compaction voids what came before it. What was written
since the response began is estimated (see `tokens`), and the sum is what the next request will
carry. A gateway that reports no usage leaves nothing but estimates.
"""

from __future__ import annotations

from clearpoint.client.model_ids import is_same
from clearpoint.client.vocabulary import BOUNDARY, INTERRUPTED
from clearpoint.tokens import projection
from clearpoint.tokens.answering import answered_by, learn_overhead, named
from clearpoint.tokens.counts import cache_seconds, counts_of, input_of, is_response
from clearpoint.tokens.features import characters_of
from clearpoint.transcript.utterances import is_human

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.models.usage import Usage
    from clearpoint.transcript.entry import Entry

SUMMARY_TOKENS = 3_000
"""The client's summary: the mean of 17, as the models up to 4.6 count."""
UNSEEN_TOKENS = 15_000
"""System prompt and tools where no usage is reported: 58,564 characters in an empty project."""
CHARACTERS_PER_TOKEN = 4
"""The client's own estimate where no usage is reported, measured on 2.1.329."""
ANCHORS_LIMIT = 200
GROWTH_LIMIT = 24


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
        "peaks": {},
        "uncounted": 0,
        "characters": 0,
        "spoken": 0,
        "asked": 0,
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
    if not usage["requests"]:
        usage["characters"] += characters_of(entry)
    if kind == "assistant":
        _response(usage, entry)
    elif kind == "system" and entry.get("subtype") == BOUNDARY:
        _boundary(usage, entry)
    elif kind in ("user", "attachment", "system"):
        if kind == "user":
            _prompt(usage, entry)
        projection.collect_bounded(usage["learner"], usage["model"], usage["pending"], entry)
        if usage["parent"] is not None and entry.get("uuid") == usage["parent"]:
            _late(usage)


def projected(usage: Usage) -> tuple[int, bool]:
    """Tokens that the next request will carry, and whether any of them are estimated."""
    base = usage["used"] - usage["output"] if usage["since_boundary"] else usage["overhead"]
    expected, estimated = projection.project(
        usage["learner"], usage["model"], base, usage["pending"]
    )
    return expected, estimated or not usage["since_boundary"]


def uncounted_model(usage: Usage) -> str:
    """The model where nothing that answers reports usage; empty for any other."""
    if usage["requests"] or not usage["uncounted"]:
        return ""
    return usage["model"] or "this model"


def _response(usage: Usage, entry: Entry) -> None:
    counts = counts_of(entry)
    carried = input_of(counts) if counts else 0
    if counts is None or carried == 0:
        if is_response(entry) and "message" in entry:
            _uncounted(usage, entry)
        return
    message = entry["message"]
    if _is_new(usage, message.get("id"), carried):
        _new_request(usage, entry, carried)
    usage["input"], usage["output"] = carried, counts["output_tokens"]
    usage["at"] = entry.get("timestamp") or usage["at"]
    usage["cache_seconds"] = cache_seconds(message["usage"]) or usage["cache_seconds"]
    projection.collect_response(usage["pending"], entry, usage["output"])
    usage["used"] = carried + usage["output"]
    usage["peak"] = max(usage["peak"], carried)
    usage["spoken"] += projection.speaks(entry)


def _is_new(usage: Usage, message_id: str | None, carried: int) -> bool:
    """Whether a response begins with this line: some gateways give all of them one id, or none."""
    if not usage["requests"] or message_id != usage["message_id"]:
        return True
    return carried != usage["input"] and any(usage["pending"]["since"])


def _uncounted(usage: Usage, entry: Entry) -> None:
    """A line of a response that reports no usage: its content is all there is to go by."""
    message = entry["message"]
    if projection.collect_uncounted(usage["pending"], entry):
        usage["uncounted"] += 1
    usage["spoken"] += projection.speaks(entry)
    answered_by(usage, entry.get("requestedModel") or named(usage, message.get("model")))
    usage["client_version"] = entry.get("version") or usage["client_version"]
    if not usage["requests"]:
        usage["used"] = usage["characters"] // CHARACTERS_PER_TOKEN
        usage["overhead"] = usage["overhead"] or UNSEEN_TOKENS


def _new_request(usage: Usage, entry: Entry, carried: int) -> None:
    """The first line of a response: what was projected meets what it was."""
    message = entry["message"]
    answering = message.get("model")
    if usage["since_boundary"]:
        if is_same(answering, usage["model"]):
            grown = carried - usage["input"]
            projection.learn(usage["learner"], usage["model"], usage["pending"], grown)
    else:
        learn_overhead(usage, answering, carried)
    usage["message_id"] = message.get("id")
    usage["parent"] = entry.get("parentUuid")
    answered_by(usage, entry.get("requestedModel") or named(usage, answering))
    usage["client_version"] = entry.get("version") or usage["client_version"]
    usage["requests"] += 1
    usage["since_boundary"] += 1
    usage["boundary_tokens"] = None
    usage["pending"] = projection.following(usage["pending"])
    usage["turn_start"] = usage["turn_start"] or carried


def _late(usage: Usage) -> None:
    """What the newest request carried was written after its response: none of it is pending."""
    if usage["requests"] == 1:
        late = projection.estimate(usage["learner"], usage["model"], usage["pending"])
        usage["overhead"] = max(0, usage["overhead"] - late)
    usage["pending"] = projection.counted(usage["pending"])


def _prompt(usage: Usage, entry: Entry) -> None:
    """A line of the user's side: a new turn, an interruption, or a way back after a rewind."""
    message = entry.get("message")
    content: Any = message.get("content") if isinstance(message, dict) else None
    if isinstance(content, list) and content and isinstance(content[0], dict):
        content = content[0].get("text")
    if not isinstance(content, str):
        return
    usage["asked"] = usage["spoken"]
    if content.startswith(INTERRUPTED):
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
    usage["peak"] = usage["since_boundary"] = usage["characters"] = 0
    usage["peaks"] = {}
    usage["anchors"] = []
    usage["pending"] = projection.compacted(usage["pending"], left)
