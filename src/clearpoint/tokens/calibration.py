"""How many tokens a model counts for what is written, learned from its own figures. Pure.

A linear model of tokens over features, fitted per model by robust recursive least squares: each
request adds its weighted outer product to a normal matrix of constant size, older ones fade (until
the weights are solved for again, newer ones weigh more instead), and a large residual weighs less,
so that an edit of history moves next to nothing. A prior per model family stands in for what has
not been seen; it is applied when the weights are solved for, and not kept, so that fits can be
added up (`merge`). Plain numbers throughout: a fit survives JSON.
"""

from __future__ import annotations

from _operator import mul  # the C half of `operator`

from clearpoint.client.model_ids import plain_name
from clearpoint.tokens.families import FAMILIES, drops_thinking, family_of
from clearpoint.tokens.sizes import CHANNELS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from clearpoint.models.usage import Fit, Learner

FEATURES = (
    *CHANNELS,  # tokens of the text, by channel
    "thought",  # characters of thinking signatures
    "dropped",  # the same, of an earlier turn's thinking that the next request may leave out
    "saved",  # tokens that the client says it cleared
    "image",  # tokens of images by their dimensions
    "text", "call", "key", "thinking",  # blocks of a response, and fields of a call's input
    "result", "prompt", "attachment",  # blocks of the other side
    "frame",  # 1 where the response's own tokens are known exactly
)  # fmt: skip
SIZE = len(FEATURES)
PLACE = {name: place for place, name in enumerate(FEATURES)}
SCALED = (*range(len(CHANNELS)), PLACE["thought"])
"""Features that grow together with a tokenizer's appetite."""

#                words  digits signs  blanks wide   thought dropped saved image
PRIOR_WEIGHTS = (1.0,   1.0,   1.0,   1.0,   1.0,   0.196,  0.0,    -1.2, 1.0,
#                text  call  key   thinking result prompt attachment frame
                 8.0,  16.0, 11.0, -32.0,   44.0,  10.0,  8.0,       15.0)  # fmt: skip
PRIOR_SPREAD = (0.08, 0.12, 0.12, 0.12, 0.25, 0.02, 0.01, 0.3, 0.3,
                10.0, 20.0, 5.0, 15.0, 10.0, 10.0, 15.0, 10.0)  # fmt: skip
DROPPED_WEIGHT = -0.166
"""Where a model's earlier thinking is left out of later requests."""
DROPPED_SPREAD = {"early": 0.04, "late": 0.1, "unknown": 0.1}
"""Unless it is known to be kept."""

NOISE_TOKENS = 20.0
NOISE_SHARE = 0.02
"""Spread of a request around the fit: fixed, and as a share of its tokens."""
EDIT_TOKENS = 150
EDIT_FACTOR = 3.0
"""No tokenizer counts more than this much more, or less, than another."""
FADE = 0.995
SOLVE_SHARE = 16
"""The weights are solved for again after a sixteenth more requests."""
MODELS_LIMIT = 3
RATIO_REQUESTS = 30
PLAIN = CHANNELS.index("wide")
"""The channels that every text has."""
WARM_LIMIT = 50
"""A warm start weighs no more than this many requests."""
_priors: dict[str, tuple[list[float], list[float]]] = {}
"""By model, what nothing has to be seen for."""


def new_learner() -> Learner:
    """A learner that has seen nothing."""
    return {}


def weights_of(learner: Learner, model: str | None) -> list[float]:
    """Tokens per unit of each feature, for this model."""
    fit = known_fit(learner, model)
    return prior_weights(plain_name(model)) if fit is None else fit["weights"]


def known_fit(learner: Learner, model: str | None) -> Fit | None:
    """What was learned of this model, None if that is nothing that can be used."""
    fit = learner.get(plain_name(model))
    return fit if fit is not None and len(fit["moment"]) == SIZE else None


def observe(learner: Learner, model: str | None, features: Sequence[float], tokens: float) -> None:
    """Learn that what has these features was counted as this many tokens."""
    expected = dot(weights_of(learner, model), features)
    if is_edit(features, expected, tokens):
        return
    fit = fit_of(learner, model)
    spread = NOISE_TOKENS + NOISE_SHARE * abs(expected)
    fit["n"] += 1
    fit["stale"] += 1
    trust = 1.0 / (spread * max(spread, abs(tokens - expected)) * FADE ** fit["stale"])
    matrix, moment = fit["matrix"], fit["moment"]
    seen = [place for place, value in enumerate(features) if value]
    for row in seen:
        weighed = features[row] * trust
        moment[row] += weighed * tokens
        start = row * (row + 1) // 2
        for column in seen:
            if column > row:
                break
            matrix[start + column] += weighed * features[column]
    if fit["stale"] > fit["n"] // SOLVE_SHARE:
        _solve(fit, plain_name(model))


def is_edit(features: Sequence[float], expected: float, tokens: float) -> bool:
    """Whether this tells of a changed history, not of how the model counts."""
    if features[PLACE["dropped"]] or features[PLACE["saved"]] or expected < EDIT_TOKENS:
        return False
    return not expected / EDIT_FACTOR < tokens < expected * EDIT_FACTOR


def merge(learners: Iterable[Learner]) -> Learner:
    """What several learners know together, as a start for another session; the newest last."""
    merged: Learner = {}
    for learner in learners:
        for name, fit in learner.items():
            if len(fit["moment"]) == SIZE:
                _add(fit_of(merged, name), fit)
    for name, fit in merged.items():
        share = min(1.0, WARM_LIMIT / fit["n"]) if fit["n"] else 0.0
        fit["matrix"] = [value * share for value in fit["matrix"]]
        fit["moment"] = [value * share for value in fit["moment"]]
        fit["n"] = int(fit["n"] * share)
        _solve(fit, name)
    return merged


def ratio(learner: Learner, before: str | None, after: str | None) -> float:
    """How much larger the same content is under another model's tokenizer.

    As learned where both are known well; otherwise as their families differ.
    """
    names = plain_name(before), plain_name(after)
    if all(name in learner and learner[name]["n"] >= RATIO_REQUESTS for name in names):
        old, new = (sum(weights_of(learner, name)[:PLAIN]) for name in names)
        return new / old
    scales = [FAMILIES[family_of(name)][0] for name in names]
    return scales[1] / scales[0]


def dot(left: Sequence[float], right: Sequence[float]) -> float:
    """The sum of the products."""
    total: float = sum(map(mul, left, right))
    return total


def prior_weights(model: str) -> list[float]:
    """The weights of a model that nothing is known of but its name."""
    scale = FAMILIES[family_of(model)][0]
    weights = [weight * scale for weight in PRIOR_WEIGHTS]
    for name in ("saved", "image"):
        weights[PLACE[name]] = PRIOR_WEIGHTS[PLACE[name]]
    weights[PLACE["dropped"]] = DROPPED_WEIGHT if drops_thinking(model) else 0.0
    return weights


def _prior(model: str) -> tuple[list[float], list[float]]:
    """The weights of a model that nothing is known of, and how sure they are."""
    if model not in _priors:
        if len(_priors) >= MODELS_LIMIT:
            _priors.clear()
        weights = prior_weights(model)
        _priors[model] = weights, _prior_precision(model, weights)
    return _priors[model]


def _prior_precision(model: str, weights: Sequence[float]) -> list[float]:
    """Lower triangle of the inverse covariance: independent spreads, and one common scale."""
    scale, common, factor = FAMILIES[family_of(model)]
    spreads = [spread * scale * factor for spread in PRIOR_SPREAD]
    if drops_thinking(model) or family_of(model) != "early":
        spreads[PLACE["dropped"]] = DROPPED_SPREAD[family_of(model)]
    precision = [1.0 / (spread * spread) for spread in spreads]
    shared = [0.0] * SIZE
    for place in SCALED:
        shared[place] = precision[place] * weights[place]
    tied = sum(shared[place] * weights[place] for place in SCALED)
    pull = common * common / (1.0 + common * common * tied)
    return [
        (precision[row] if row == column else 0.0) - pull * shared[row] * shared[column]
        for row in range(SIZE)
        for column in range(row + 1)
    ]


def fit_of(learner: Learner, model: str | None) -> Fit:
    """The fit of a model, begun if there is none; the one begun first gives way."""
    name = plain_name(model)
    fit = known_fit(learner, name)
    if fit is None:
        learner.pop(name, None)
        while len(learner) >= MODELS_LIMIT:
            del learner[next(iter(learner))]
        fit = learner[name] = {
            "n": 0,
            "stale": 0,
            "matrix": [0.0] * (SIZE * (SIZE + 1) // 2),
            "moment": [0.0] * SIZE,
            "weights": prior_weights(name),
        }
    return fit


def _add(fit: Fit, other: Fit) -> None:
    fade = FADE ** other["stale"]
    fit["matrix"] = [a + fade * b for a, b in zip(fit["matrix"], other["matrix"], strict=True)]
    fit["moment"] = [a + fade * b for a, b in zip(fit["moment"], other["moment"], strict=True)]
    fit["n"] += other["n"]
    if "drops" in other:
        fit["drops"] = other["drops"]


def _solve(fit: Fit, model: str) -> None:
    """The weights that fit best what was seen and the prior together, by Cholesky."""
    prior, precision = _prior(model)
    fade = FADE ** fit["stale"]
    fit["matrix"] = matrix = [value and float(f"{value * fade:.7g}") for value in fit["matrix"]]
    fit["moment"] = [value and float(f"{value * fade:.7g}") for value in fit["moment"]]
    lower: list[list[float]] = []
    solved: list[float] = []
    left = _rest(matrix, fit["moment"], prior)
    place = 0
    for row in range(SIZE):
        line: list[float] = []
        for column in range(row + 1):
            other = lower[column] if column < row else line
            value = matrix[place] + precision[place] - sum(map(mul, line, other))
            line.append(max(value, 1e-12) ** 0.5 if column == row else value / other[column])
            place += 1
        lower.append(line)
        solved.append((left[row] - sum(map(mul, line, solved))) / line[row])
    for row in range(SIZE - 1, -1, -1):
        value = solved[row] / lower[row][row]
        solved[row] = value
        for column in range(row):
            solved[column] -= lower[row][column] * value
    fit["weights"] = [round(a + b, 6) for a, b in zip(prior, solved, strict=True)]
    fit["stale"] = 0


def _rest(matrix: list[float], moment: list[float], prior: list[float]) -> list[float]:
    """What the prior leaves unexplained: the moment minus the matrix times the prior."""
    rest = list(moment)
    place = 0
    for row in range(SIZE):
        for column in range(row + 1):
            if value := matrix[place]:
                rest[row] -= value * prior[column]
                if column < row:
                    rest[column] -= value * prior[row]
            place += 1
    return rest
