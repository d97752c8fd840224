"""The question whether to clear, for programs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from clearpoint.advice import strategy
from clearpoint.budget.levels import NEVER, budget_tokens, thresholds_for
from clearpoint.config.defaults import DEFAULTS
from clearpoint.text import nearest
from clearpoint.text.phrases import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.api.session import Session
    from clearpoint.models.config import Config


FACTS = ("token_usage", "used", "message_count", "phase_changed", "spec_created", "model_changed",
         "window")  # fmt: skip


NOTHING_OPEN = "Nothing is known to be open"


class Reason(NamedTuple):
    """One reason to clear: its name, and the same in words."""

    name: str
    text: str


def should_clear(context: Session | Mapping[str, Any], config: Config = DEFAULTS) -> list[Reason]:
    """The reasons to clear now; an empty list if there are none.

    `context` is a session (which brings its settings), the state of one, or a dictionary with any
    of `token_usage` (or `used`), `message_count`, `phase_changed`, `spec_created`, `model_changed`
    and `window`; what it lacks is not so. Of a session it gives the triggers that hold and were not
    offered yet, and nothing while a question, a failing check or a step is open.

    >>> should_clear({"token_usage": 160_000, "phase_changed": True})[0]
    Reason(name='token_usage', text='160k tokens are in use, more than 150k')

    Raises ValueError for unknown names and for numbers that cannot be.
    """
    if not isinstance(context, Mapping):
        if not hasattr(context, "state"):
            raise ValueError(f"context must be a session or a dictionary of facts, not {context!r}")
        return should_clear(context.state, context.config)
    if "context_window" in context:
        state: Any = context
        found = strategy.should_clear(state, config)
        return [Reason(name, text or NOTHING_OPEN) for name, _, text in found]
    for name in context:
        if name not in FACTS:
            hint = nearest.hint(str(name), FACTS) or "."
            raise ValueError(f"unknown fact {name!r}{hint} The facts are {', '.join(FACTS)}.")
    return [*_reasons(context, config)]


def _reasons(context: Mapping[str, Any], config: Config) -> Iterator[Reason]:
    limit = budget_tokens(config["budget"], _number(context, "window") or 1_000_000)
    warning = round(limit * thresholds_for(config["budget"], limit)["warning"] / 100)
    used = max(_number(context, "token_usage"), _number(context, "used"))
    messages = _number(context, "message_count")
    if used > warning:
        text = f"{short(used)} tokens are in use, more than {short(warning)}"
        yield Reason("token_usage", text)
    if messages > config["advice"]["messages"]:
        text = f"{messages} messages in this conversation, more than {config['advice']['messages']}"
        yield Reason("message_count", text)
    changes = {
        "phase_changed": "the work moved on to another phase",
        "spec_created": "a specification was written",
        "model_changed": "the model was switched",
    }
    for name, text in changes.items():
        if context.get(name):
            yield Reason(name, text)


def _number(context: Mapping[str, Any], name: str) -> int:
    value = context.get(name) or 0
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 <= value < NEVER:
        raise ValueError(f"{name} must be 0 or more, not {value!r}")
    return int(value)
