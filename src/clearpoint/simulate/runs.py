"""Simulations of sessions by their transcripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clearpoint.budget.window import model_table
from clearpoint.diet.first_request import first_request
from clearpoint.diet.in_use import in_use
from clearpoint.diet.proposals import unused_tokens
from clearpoint.simulate.bill import price_table
from clearpoint.simulate.simulation import Simulation
from clearpoint.tokens import encoder
from clearpoint.transcript.fast_decoder import decode
from clearpoint.transcript.reader import Transcript

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from clearpoint.models.config import Config
    from clearpoint.simulate.course import Figures
    from clearpoint.simulate.strategies import Plan, Strategy


def simulated(
    paths: Iterable[str],
    chosen: Mapping[str, Strategy | Plan],
    config: Config,
    model: str | None = None,
) -> dict[str, dict[str, Figures]]:
    """The figures of each session by strategy. Raises OSError for one that cannot be read."""
    models, prices = model_table(), price_table()
    found: dict[str, dict[str, Figures]] = {}
    for path in paths:
        source = Transcript(path, None)
        try:
            run = Simulation(
                chosen, config, models, model, prices=prices, spared=spared_by_diet(path)
            )
            found[path] = run.run(source.entries(decode))
        finally:
            source.close()
    return found


def spared_by_diet(path: str) -> int:
    """What each request would carry less without the tools that the session never used."""
    first = first_request(path, encoder.count)
    return unused_tokens(first, in_use([path])) if first else 0
