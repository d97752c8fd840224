"""How large the context window is, and where the client compacts by itself.

No hook payload carries the window. It is known, in this order, from the configuration, the
status line's `context_window_size`, the model, the client's environment and settings (see
`client_settings`), and what was seen to fit. Compaction strikes at
`min(window, configured window) - min(max output, 20,000) - 13,000`.
Source: measured on Claude Code 2.1.329 by bisection; the table of models says where it is from.
"""

from __future__ import annotations

import os

from clearpoint.client.model_ids import is_long, plain_name, whole_id
from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.files import read_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

OUTPUT_RESERVE_TOKENS = 20_000
COMPACTION_MARGIN_TOKENS = 13_000
RESERVE_TOKENS = OUTPUT_RESERVE_TOKENS + COMPACTION_MARGIN_TOKENS
LONG_WINDOW_TOKENS = 1_000_000
SHORT_WINDOW_TOKENS = 200_000
ASSUMED = "assumed for an unknown model"
ASSUMED_OLDER = "assumed for an older Claude Code"


class Window:
    """The window in force: its size, if that is known from, and where compaction strikes."""

    __slots__ = ("compaction_at", "source", "total")

    def __init__(self, total: int, source: str, compaction_at: int | None) -> None:
        self.total = total
        self.source = source
        self.compaction_at = compaction_at

    @property
    def end(self) -> int:
        """Where the conversation ends in effect: at auto-compaction, or at the window's end."""
        return self.total if self.compaction_at is None else self.compaction_at

    @property
    def room(self) -> int:
        """The window that is left by the user's own settings for auto-compaction, in tokens.

        What to count fullness against: the model's window, unless compaction strikes far earlier.
        """
        if self.compaction_at is None:
            return self.total
        return min(self.total, self.compaction_at + RESERVE_TOKENS)

    @property
    def is_assumed(self) -> bool:
        """Whether nothing has told the size: no one may be warned of its end."""
        return self.source.startswith("assumed")


def model_table() -> dict[str, Any]:
    """The table of known models, as shipped."""
    path = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "models.json")
    table: dict[str, Any] = fast_json.loads(read_bytes(path, follow=True))
    return table


def known_model(table: dict[str, Any], model: str | None) -> dict[str, Any] | None:
    """The table's row for a model id, None for one that it lacks."""
    name = table["aliases"].get(whole_id(model)) or plain_name(model)
    row: dict[str, Any] | None = table["models"].get(table["short"].get(name, name))
    return row


def find_window(  # noqa: PLR0913  (each is one source of the order)
    model: str | None,
    *,
    table: dict[str, Any],
    configured: int = 0,
    reported: int = 0,
    observed: int = 0,
    compacted_at: int = 0,
    client: str | None = None,
    env: Mapping[str, str] | None = None,
) -> Window:
    """The window for a model; sizes in tokens, 0 for a source that says nothing.

    `configured` is the user's setting, `reported` the status line's figure for this model,
    `observed` the largest request that this model has answered since the last compaction,
    `compacted_at` the use at which this client compacted by itself, `client` its version where
    that is known.
    """
    env = env or {}
    known = known_model(table, model)
    row = known or table["default"]
    total, source = _assumed(model, row, client, env, is_known=known is not None)
    if configured > 0:
        total, source = configured, "configuration"
    elif reported > 0:
        total, source = reported, "status line"
    elif observed > total:
        total, source = max(LONG_WINDOW_TOKENS, observed), "observed use"
    point = None if is_switched_off(env) else compaction_point(total, model, row, env)
    if total // 2 < compacted_at < total and not is_switched_off(env):
        point = min(point or total, compacted_at)
    return Window(total, source, point)


def doubt(source: str) -> str:
    """Why a window is only assumed, as a message is named; empty for one that something tells."""
    return {ASSUMED: "window_unknown", ASSUMED_OLDER: "window_older"}.get(source, "")


def _assumed(
    model: str | None,
    row: dict[str, Any],
    client: str | None,
    env: Mapping[str, str],
    *,
    is_known: bool,
) -> tuple[int, str]:
    """The window without anybody having said it."""
    limit = number(env.get("CLAUDE_CODE_MAX_CONTEXT_TOKENS"))
    if limit and not is_known:
        return limit, "CLAUDE_CODE_MAX_CONTEXT_TOKENS"
    if _is_on(env.get("CLAUDE_CODE_DISABLE_1M_CONTEXT")):
        return min(row["window"], SHORT_WINDOW_TOKENS), "CLAUDE_CODE_DISABLE_1M_CONTEXT"
    if is_long(model):
        return LONG_WINDOW_TOKENS, "model"
    if is_before(client, row.get("long_since")):
        return SHORT_WINDOW_TOKENS, ASSUMED_OLDER if is_known else ASSUMED
    return row["window"], "model" if is_known else ASSUMED


def compaction_point(
    total: int, model: str | None, row: dict[str, Any], env: Mapping[str, str]
) -> int | None:
    """Tokens at which the client compacts by itself while that is on, None if it does not."""
    set_window = number(env.get("CLAUDE_CODE_AUTO_COMPACT_WINDOW"))
    has_long_window = is_long(model) or total >= LONG_WINDOW_TOKENS
    legacy_long = row["window"] < LONG_WINDOW_TOKENS and has_long_window
    if not set_window and (not row["compacts"] or legacy_long):
        return None
    window = min(total, set_window) if set_window else total
    output = number(env.get("CLAUDE_CODE_MAX_OUTPUT_TOKENS")) or row["max_output"]
    point = window - min(output, OUTPUT_RESERVE_TOKENS) - COMPACTION_MARGIN_TOKENS
    percent = fraction(env.get("CLAUDE_AUTOCOMPACT_PCT_OVERRIDE"))
    if 0 < percent <= 100:
        point = min(point, int((window - OUTPUT_RESERVE_TOKENS) * percent / 100))
    return point if point > 0 else None


def is_switched_off(env: Mapping[str, str]) -> bool:
    """Whether the user has switched auto-compaction off."""
    return _is_on(env.get("DISABLE_AUTO_COMPACT")) or _is_on(env.get("DISABLE_COMPACT"))


def is_before(client: str | None, since: str | None) -> bool:
    """Whether the client's version is known and comes before another, which may be none."""
    parts = (client or "").split(".")
    if since is None or not all(part.isdigit() for part in parts):
        return False
    return [*map(number, parts)] < [*map(number, since.split("."))]


def number(text: str | None) -> int:
    """A whole number from the environment, 0 if it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else 0


def fraction(text: str | None) -> float:
    """A plain number that may have a point, from the environment; 0 if it is none."""
    whole, _, part = (text or "").strip().partition(".")
    digits = whole + part
    if not (digits.isascii() and digits.isdigit() and len(digits) < 12):
        return 0.0
    return float(f"{whole or 0}.{part or 0}")


def _is_on(text: str | None) -> bool:
    return (text or "").lower() in ("1", "true", "yes", "on")
