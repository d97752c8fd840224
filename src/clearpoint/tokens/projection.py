"""What the next request will carry beyond what the client has counted: estimates. Pure.

Where the client's count of the newest response is whole, it stands; where it is partial, as older
clients write it, the response's content is estimated. What was written after it is always
estimated (see `pending`). When the next response shows what was really added, the calibration
learns from it.
"""

from __future__ import annotations

from clearpoint.client.model_ids import is_same
from clearpoint.lowlevel import fast_json
from clearpoint.tokens.calibration import (
    PLACE,
    SIZE,
    dot,
    merge,
    new_learner,
    observe,
    ratio,
    weights_of,
)
from clearpoint.tokens.features import add_text
from clearpoint.tokens.outputs import (
    drops_thinking_at_once,
    note_growth,
    shown_features,
    shown_tokens,
)
from clearpoint.tokens.pending import (
    CALL,
    DROPPED,
    PROMPT,
    RESULT,
    collect,
    collect_response,
    collect_uncounted,
    compacted,
    counted,
    ends_turn,
    following,
    new_pending,
    restoring,
    rewound,
    speaks,
)
from clearpoint.tokens.sizes import CHANNELS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.usage import Learner, Pending
    from clearpoint.transcript.entry import Entry

__all__ = [
    "collect",
    "collect_bounded",
    "collect_response",
    "collect_uncounted",
    "compacted",
    "counted",
    "ends_turn",
    "estimate",
    "estimate_prompt",
    "estimate_written",
    "following",
    "is_whole",
    "learn",
    "merge",
    "new_learner",
    "new_pending",
    "output_of",
    "project",
    "ratio",
    "restoring",
    "rewound",
    "speaks",
]

FRAME = PLACE["frame"]
TEXTS = len(CHANNELS)
LARGE_TOKENS = 20_000
BYTES_PER_TOKEN = 2
"""No text that a session holds has fewer: an entry never adds more than this allows."""
WHOLE_SHARE = 0.9
"""An unfinished count that comes this close to the content is whole after all."""


def collect_bounded(learner: Learner, model: str | None, pending: Pending, entry: Entry) -> None:
    """Take an entry into what is pending, with no more text than its own bytes can hold."""
    since = pending["since"]
    before = since[:TEXTS]
    collect(pending, entry)
    added = [after - then for after, then in zip(since, before, strict=False)]
    if sum(added) < LARGE_TOKENS:
        return
    tokens = dot(weights_of(learner, model)[:TEXTS], added)
    limit = len(fast_json.encode(fast_json.dumps(entry))) / BYTES_PER_TOKEN
    if tokens > limit:
        since[:TEXTS] = [a + b * limit / tokens for a, b in zip(before, added, strict=True)]


def project(
    learner: Learner, model: str | None, carried: int, pending: Pending
) -> tuple[int, bool]:
    """Tokens that the next request will carry, and whether any of them are estimated.

    `carried` is the input side of the newest request; before the first one, and right after a
    compaction, what the system prompt and the tools are taken to be.
    """
    known = carried + output_of(learner, model, pending)
    estimated = not is_whole(learner, model, pending)
    chosen = pending["model"]
    model = model or chosen
    if chosen and not is_same(chosen, model):
        known, model, estimated = round(known * ratio(learner, model, chosen)), chosen, True
    added = estimate(learner, model, pending)
    return max(0, known + added), estimated or added != 0


def output_of(learner: Learner, model: str | None, pending: Pending) -> int:
    """Tokens that the newest response takes in the next request.

    The client's count, or an estimate where it is partial, or the model leaves its thinking out.
    """
    if drops_thinking_at_once(learner, model):
        return min(pending["output"], shown_tokens(learner, model, pending["own"]))
    if is_whole(learner, model, pending):
        return pending["output"]
    return max(pending["output"], round(dot(weights_of(learner, model), pending["own"])))


def is_whole(learner: Learner, model: str | None, pending: Pending) -> bool:
    """Whether the client's count of the newest response covers all of it."""
    if pending["final"] or not any(pending["own"]):
        return True
    return pending["output"] >= WHOLE_SHARE * dot(weights_of(learner, model), pending["own"])


def estimate(learner: Learner, model: str | None, pending: Pending) -> int:
    """Tokens of what was written after the newest response."""
    tokens = estimate_written(learner, model, pending)
    if pending["left"]:
        tokens = max(tokens, pending["left"])
    return tokens + pending["restored"]


def estimate_written(learner: Learner, model: str | None, pending: Pending) -> int:
    """The same by the lines of the transcript alone, without what a compaction says it left."""
    since = _since(learner, model, pending)
    return round(dot(weights_of(learner, model), since)) if any(since) else 0


def estimate_prompt(learner: Learner, model: str | None, prompt: str) -> int:
    """Tokens of a prompt that is about to be sent."""
    if not prompt:
        return 0
    features = [0.0] * SIZE
    add_text(features, prompt, PROMPT)
    return round(dot(weights_of(learner, model), features))


def learn(learner: Learner, model: str | None, pending: Pending, grown: int) -> None:
    """Learn from the next request's input side: it has grown by this much over the newest one's.

    Only where the same model answered both, with no compaction between.
    """
    since, own, output = _since(learner, model, pending), pending["own"], pending["output"]
    if is_whole(learner, model, pending) and any(own) and not since[DROPPED]:
        added = dot(weights_of(learner, model), since)
        note_growth(learner, model, own, output, added, grown)
    if drops_thinking_at_once(learner, model):
        both = [a + b for a, b in zip(shown_features(own), since, strict=True)]
        observe(learner, model, both, grown)
    elif is_whole(learner, model, pending):
        observe(learner, model, since, grown - output)
        if pending["final"] and output and any(own):
            observe(learner, model, own, output)
    else:
        both = [a + b for a, b in zip(own, since, strict=True)]
        observe(learner, model, both, grown)


def _since(learner: Learner, model: str | None, pending: Pending) -> list[float]:
    """The features of what comes on top of the response, as the next request will see it."""
    since = list(pending["since"])
    if any(pending["own"]) and not pending["own"][CALL] and not since[RESULT]:
        since[DROPPED] = pending["thoughts"]  # the turn is over: whatever comes is a new one
    if any(pending["since"]) and any(pending["own"]) and is_whole(learner, model, pending):
        since[FRAME] = 1.0
    return since
