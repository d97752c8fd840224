"""What answers: the model, its own peak, and what each of its requests begins with. Pure."""

from __future__ import annotations

from clearpoint.client.model_ids import is_same
from clearpoint.tokens import projection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.usage import Usage

MODELS_LIMIT = 8
"""Models whose peaks are kept."""


def learn_overhead(usage: Usage, model: str | None, carried: int) -> None:
    """The first request of a session, or since a compaction: what is not written is overhead.

    Files that a command names are in a session's first request, and in no line of its transcript;
    a compaction leaves them out, so that the smaller of two such figures is the better one.
    """
    written = projection.estimate_written(usage["learner"], model, usage["pending"])
    rest = max(0, carried - written)
    is_first = not usage["requests"] or not usage["overhead"]
    usage["overhead"] = rest if is_first else min(usage["overhead"], rest)


def answered_by(usage: Usage, model: str | None) -> None:
    """The model that answers now; each has a peak of its own, for each has its own window."""
    before = usage["model"]
    if model == before:
        return
    if before and usage["peak"]:
        known = [name for name in usage["peaks"] if name != before][1 - MODELS_LIMIT :]
        usage["peaks"] = {**{name: usage["peaks"][name] for name in known}, before: usage["peak"]}
    usage["model"] = model
    usage["peak"] = usage["peaks"].get(model or "", 0)


def named(usage: Usage, answering: str | None) -> str | None:
    """The model that answers, by the name it was chosen by: older clients say that only then."""
    for chosen in (usage["pending"]["model"], usage["model"]):
        if chosen and is_same(chosen, answering):
            return chosen
    return answering or usage["model"]
