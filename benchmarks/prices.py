"""Take Claude's prices over from the package genai-prices (MIT) into the table that we ship.

usage: pip install genai-prices && python benchmarks/prices.py > src/clearpoint/data/prices.json

Nothing fetches prices at run time. Of a price that changed, the newest is taken.
"""

from __future__ import annotations

import importlib
import json
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

KINDS = {
    "input": "input_mtok",
    "write_5m": "cache_write_mtok",
    "write_1h": "cache_write_1h_mtok",
    "read": "cache_read_mtok",
    "output": "output_mtok",
}


def prices(model: Any) -> list[dict[str, float]]:
    """The prices in dollars a million tokens, from each size of a request on."""
    found = model.prices[-1].prices if isinstance(model.prices, list) else model.prices
    values = {name: getattr(found, key) for name, key in KINDS.items()}
    starts = {0: {}} | {
        tier.start: {} for value in values.values() for tier in getattr(value, "tiers", ())
    }
    return [
        {"from": start, **{name: at(value, start) for name, value in values.items() if value}}
        for start in sorted(starts)
    ]


def at(value: Any, start: int) -> float:
    """One price from a size of a request on."""
    fits = [tier.price for tier in getattr(value, "tiers", ()) if tier.start <= start]
    return float(fits[-1] if start and fits else getattr(value, "base", value))


def main() -> None:
    """Print the table."""
    providers = importlib.import_module("genai_prices.data").providers
    (anthropic,) = [one for one in providers if one.id == "anthropic"]
    table = {
        "source": f"genai-prices {version('genai-prices')}, MIT",
        "date": datetime.now(UTC).date().isoformat(),
        "models": {
            one.id.removesuffix("-latest"): prices(one)
            for one in anthropic.models
            if one.id.startswith("claude-") and one.id != "claude-v1"
        },
    }
    print(json.dumps(table, indent=1))


if __name__ == "__main__":
    main()
