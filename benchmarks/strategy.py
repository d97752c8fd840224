"""What clears in other places would have saved, on real transcripts.

usage: python benchmarks/strategy.py [CORPUS] [--bound] [--leave-out]

The table compares never clearing (as it was), every N prompts, fixed sizes, the warning threshold
only, and the advice, with several floors for what a clear must free. `clearpoint simulate --help`
explains the figures and prints the assumptions.
--bound: how much anybody could save who knew the rest of each session, by the number of clears.
--leave-out: the floor chosen on all sessions but one, measured on that one, for each of them.
"""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clearpoint.budget.window import model_table
from clearpoint.cli.simulate import ROWS, cells, spoken
from clearpoint.config.defaults import DEFAULTS
from clearpoint.simulate import runs, strategies
from clearpoint.simulate.course import Figures, total
from clearpoint.simulate.simulation import ASSUMPTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clearpoint.models.config import Config
    from clearpoint.models.state import Level, State
    from clearpoint.simulate.course import Course
    from clearpoint.simulate.strategies import Plan, Strategy

MODELS = model_table()
FLOORS = (40, 45, 50, 55, 60, 65)
PRICES = (0, 200_000, 400_000, 600_000, 800_000, 1_000_000, 1_500_000, 2_000_000)
"""Tokens that one more clear must save, to walk along the front of what is possible."""
PROMPTS_EACH = 8


def advised_above(percent: float) -> Strategy:
    """The advice, with another floor for what a clear must free."""
    changed: Any = {**DEFAULTS["advice"], "frees_percent": percent}
    config: Config = {**DEFAULTS, "advice": changed}

    def strategy(state: State, course: Course, starts: dict[Level, int], _: Config) -> bool:
        return strategies.advised(state, course, starts, config)

    return strategy


def compared() -> dict[str, Strategy | Plan]:
    """The strategies of the table."""
    return {
        **strategies.STRATEGIES,
        "every 5 prompts": strategies.every(5),
        **{f"above {limit}k": strategies.above(limit * 1_000) for limit in (80, 100, 120, 150)},
        **{f"ours, freeing {percent} %": advised_above(percent) for percent in FLOORS},
    }


def simulated(path: Path, chosen: Mapping[str, Strategy | Plan]) -> dict[str, Figures]:
    """The figures of one transcript."""
    return runs.simulated([str(path)], chosen, DEFAULTS)[str(path)]


class Probe:
    """A strategy that clears at one turn, and writes down how the session stands at each."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.stands: list[tuple[int, int, int]] = []
        """Input so far, full requests so far, tokens in use, at the end of each turn."""

    def __call__(self, state: State, course: Course, _starts: Any, _config: Config) -> bool:
        """Write down, and clear at the one turn."""
        figures = course.figures
        used = state["context_window"]["projected"]
        self.stands.append((figures["input"], figures["full"], used))
        return len(self.stands) - 1 == self.at


class Bound:
    """The best clears of one session in hindsight."""

    def __init__(self, path: Path) -> None:
        found = {"-1": Probe(-1)}
        whole = simulated(path, dict(found))["-1"]
        self.input = whole["input"]
        self.turns = len(found["-1"].stands)
        found |= {str(at): Probe(at) for at in range(self.turns)}
        figures = simulated(path, dict(found))
        self.stands = {probe.at: probe.stands for probe in found.values()}
        self.ends = {probe.at: figures[name] for name, probe in found.items()}

    def best(self, price: int, share: float) -> tuple[int, int, int]:
        """Input, clears and full requests of the cheapest course at a price for each clear.

        `share` is what each clear must free of the use.
        """
        after: dict[int, tuple[float, int, int, int]] = {}
        for at in range(self.turns - 1, -2, -1):
            spent, full, _ = self.stands[at][at] if at >= 0 else (0, 0, 0)
            end = self.ends[at]
            cheapest = (float(end["input"] - spent), end["input"] - spent, 0, end["full"] - full)
            for turn in range(at + 1, self.turns):
                total_input, total_full, used = self.stands[at][turn]
                if self.freed(turn, used) < share:
                    continue
                cost, input_, clears, fulls = after[turn]
                own = total_input - spent
                option = (own + price + cost, own + input_, clears + 1, fulls + total_full - full)
                cheapest = min(cheapest, option)
            after[at] = cheapest
        return after[-1][1:]

    def freed(self, turn: int, used: int) -> float:
        """The share of the use that a clear at this turn would free."""
        shares = self.ends[turn]["freed"]
        if not shares or used <= 0:
            return 0.0
        begins = (1 - shares[0]) * self.stands[turn][turn][2]
        return 1 - begins / used


def bound(paths: list[Path], prompts: int) -> Iterator[str]:
    """The front of what is possible, one line each."""
    found = [Bound(path) for path in paths]
    whole = sum(one.input for one in found)
    for share, price in itertools.product((0.0, 0.5, 0.6), PRICES):
        best = [one.best(price, share) for one in found]
        spent, clears, full = (sum(column) for column in zip(*best, strict=True))
        yield (f"each frees {share:4.0%}: {100 - 100 * spent / whole:5.1f} % less,"
               f" {clears:3} clears, {prompts / max(1, clears):5.1f} prompts each,"
               f" {full:3} above 80 %")  # fmt: skip


def leave_out(found: list[dict[str, Figures]]) -> Iterator[str]:
    """The floor that saves most at few enough offers, chosen without the session it is used on."""
    names = [f"ours, freeing {percent} %" for percent in FLOORS]
    chosen = []
    for place in range(len(found)):
        others = found[:place] + found[place + 1 :]
        sums = {name: total([one[name] for one in others]) for name in names}
        fits = [name for name in names
                if sums[name]["prompts"] >= PROMPTS_EACH * sums[name]["clears"]]  # fmt: skip
        chosen.append(min(fits or names[-1:], key=lambda name: sums[name]["input"]))
    was = total([one["never"] for one in found])
    unseen = total([one[name] for one, name in zip(found, chosen, strict=True)])
    yield f"chosen: {', '.join(sorted(set(chosen)))}; on the sessions left out:"
    rows = zip(ROWS, cells(unseen, was), strict=True)
    yield "  ".join(f"{head} {cell}" for head, cell in rows)
    shares = []
    for place in range(len(found)):
        others = found[:place] + found[place + 1 :]
        before, after = (total([one[name] for one in others]) for name in ("never", "ours"))
        shares.append(100 - 100 * after["input"] / before["input"])
    yield f"ours as shipped, without any one of them: {min(shares):.1f} to {max(shares):.1f} % less"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("corpus", nargs="?", type=Path, default=Path("../shared/corpus"))
    parser.add_argument("--bound", action="store_true", help="what hindsight could save")
    parser.add_argument("--leave-out", action="store_true", help="choose on all but one")
    arguments = parser.parse_args()
    paths = sorted(arguments.corpus.glob("*.jsonl"))
    if not paths:
        raise SystemExit(f"no transcripts in {arguments.corpus}")
    found = [simulated(path, compared()) for path in paths]
    totals = {name: total([one[name] for one in found]) for name in compared()}
    prompts = totals["never"]["prompts"]
    print(f"{len(paths)} sessions, {prompts} prompts, {totals['never']['requests']} requests\n")
    print("| | " + " | ".join(ROWS) + " |\n|---|" + "---:|" * len(ROWS))
    for name, figures in totals.items():
        print(f"| {name} | " + " | ".join(cells(figures, totals["never"])) + " |")
    print("\nMessages:", *(f"- {line}" for line in spoken(found)), sep="\n")
    if arguments.bound:
        print("\nIn hindsight, at most:", *bound(paths, prompts), sep="\n")
    if arguments.leave_out:
        print("\nLeaving one out:", *leave_out(found), sep="\n")
    print("\nAssumed:", *(f"- {one}" for one in ASSUMPTIONS), sep="\n")


if __name__ == "__main__":
    main()
