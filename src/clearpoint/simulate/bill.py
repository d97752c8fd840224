"""What a request costs in money, by model and kind of token.

Prices come from a table that ships with the package (its `source` and `date` are in it). A model
that the table lacks has no price, and its tokens are counted all the same.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from clearpoint.client.model_ids import plain_name
from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.clock import HOUR_S
from clearpoint.lowlevel.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clearpoint.models.usage import Request

MILLION = 1_000_000
WRITTEN = {"ephemeral_5m_input_tokens": "write_5m", "ephemeral_1h_input_tokens": "write_1h"}


class Bill(NamedTuple):
    """The prices of one real request: rows by size, and how its uncached input was made up."""

    rows: list[dict[str, float]]
    """Dollars a million tokens, each from a size of the request on."""
    kinds: dict[str, float]
    """The share of each kind in what was not read from the cache."""

    def cost(self, size: int, fresh: int, output: int) -> float:
        """Dollars for a request of this size, of which so much is not read from the cache."""
        price = [row for row in self.rows if row["from"] <= size][-1]
        fresh_price = sum(share * _price(price, kind) for kind, share in self.kinds.items())
        spent = fresh * fresh_price + (size - fresh) * _price(price, "read")
        return (spent + output * price["output"]) / MILLION


def price_table() -> dict[str, Any]:
    """The table of prices, as shipped."""
    path = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "prices.json")
    table: dict[str, Any] = fast_json.loads(read_bytes(path, follow=True))
    return table


def bill_of(counts: Mapping[str, Any], model: str | None, table: dict[str, Any]) -> Bill | None:
    """The bill for a response's counts; None for a model without a price."""
    name = plain_name(model)
    fits = [one for one in table["models"] if name == one or name.startswith(one + "-")]
    if not fits:
        return None
    rows = table["models"][max(fits, key=len)]
    plain = _count(counts.get("input_tokens"))
    written = _count(counts.get("cache_creation_input_tokens"))
    kinds = {"input": float(plain)}
    split = counts.get("cache_creation")
    for name, kind in WRITTEN.items():
        kinds[kind] = float(_count(split.get(name))) if isinstance(split, dict) else 0.0
    kinds["write_5m"] += max(0.0, written - kinds["write_5m"] - kinds["write_1h"])
    whole = sum(kinds.values())
    if whole <= 0:
        return Bill(rows, {"write_5m": 1.0})
    return Bill(rows, {kind: tokens / whole for kind, tokens in kinds.items()})


def cost_of(request: Request, table: dict[str, Any]) -> float | None:
    """Dollars for a request as it is kept; None for a model without a price.

    What it wrote to the prompt cache is taken as kept for five minutes unless it says otherwise.
    """
    hour = min(request.get("hour", 0), request["written"])
    counts = {
        "input_tokens": request["input"],
        "cache_creation_input_tokens": request["written"],
        "cache_creation": {"ephemeral_1h_input_tokens": hour},
    }
    bill = bill_of(counts, request["model"], table)
    fresh = request["input"] + request["written"]
    return bill.cost(fresh + request["read"], fresh, request["output"]) if bill else None


def rereading(model: str, tokens: int) -> float | None:
    """Dollars for reading so many tokens from the prompt cache; None without a price."""
    bill = bill_of({}, model, price_table())
    return bill.cost(tokens, 0, 0) if bill else None


def rewriting(model: str | None, tokens: int, cache_s: int) -> float | None:
    """Dollars for writing so many tokens into the prompt cache again; None without a price.

    `cache_s` is how long the cache keeps them.
    """
    kind = "ephemeral_1h_input_tokens" if cache_s >= HOUR_S else "ephemeral_5m_input_tokens"
    counts = {"cache_creation_input_tokens": tokens, "cache_creation": {kind: tokens}}
    bill = bill_of(counts, model, price_table())
    return bill.cost(tokens, tokens, 0) if bill else None


def _price(row: dict[str, float], kind: str) -> float:
    """A kind's price; where the cache has none, that of plain input."""
    return row.get(kind, row["input"])


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
