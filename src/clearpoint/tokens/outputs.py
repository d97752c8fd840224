"""Whether a model's answers are carried whole into its next request. Pure.

Some models behind gateways think at length, report it as output, and leave it out of the next
request of the same turn. The growth of that request tells; it is learned per model.
"""

from __future__ import annotations

from clearpoint.tokens.calibration import PLACE, dot, fit_of, known_fit, weights_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from clearpoint.models.usage import Learner

HIDDEN_TOKENS = 500
HIDDEN_SHARE = 0.3
"""An output tells something if so much of it is thinking, in tokens and as a share."""
CLEARLY = 3
"""How much nearer the growth must be to the one than to the other."""
THINKING_FEATURES = (PLACE["thought"], PLACE["thinking"])


def shown_features(own: Sequence[float]) -> list[float]:
    """The features of an answer without its thinking."""
    return [0.0 if place in THINKING_FEATURES else value for place, value in enumerate(own)]


def shown_tokens(learner: Learner, model: str | None, own: Sequence[float]) -> int:
    """Tokens of an answer without its thinking."""
    return max(0, round(dot(weights_of(learner, model), shown_features(own))))


def drops_thinking_at_once(learner: Learner, model: str | None) -> bool:
    """Whether this model was last seen to leave its thinking out of the next request."""
    fit = known_fit(learner, model)
    return fit is not None and fit.get("drops", False)


def note_growth(  # noqa: PLR0913, PLR0917  (what was answered, what was expected, and what came)
    learner: Learner,
    model: str | None,
    own: Sequence[float],
    output: int,
    added: float,
    grown: int,
) -> None:
    """Learn from one request's growth beyond the one before it, where it tells.

    `output` is the client's count of the answer, `added` what was written after it.
    """
    shown = shown_tokens(learner, model, own)
    hidden = output - shown
    if hidden < max(HIDDEN_TOKENS, HIDDEN_SHARE * output):
        return
    from_carried, from_dropped = abs(grown - output - added), abs(grown - shown - added)
    if CLEARLY * from_dropped < from_carried:
        fit_of(learner, model)["drops"] = True
    elif CLEARLY * from_carried < from_dropped and known_fit(learner, model) is not None:
        fit_of(learner, model)["drops"] = False
