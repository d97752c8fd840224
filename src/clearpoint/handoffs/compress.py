"""Compressing a task until it fits: first summarized, then as references. Pure.

Nothing is lost: what a summary leaves out, and what a reference stands for, is given back to be
kept under a tag.
"""

from __future__ import annotations

from clearpoint.handoffs.errors import TokenBudgetError
from clearpoint.handoffs.render import task_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from clearpoint.handoffs.shapes import PlainTask
    from clearpoint.models.config import HandoffsConfig

    Measure = Callable[[str], int]

RATIOS = (0.6, 0.3, 0.15, 0.0)
"""How much is left at each step; at 0 references only."""
REFERENCE_TOKENS = 25
"""What is not longer stays as it is: a reference is no shorter."""
LISTS = ("completed_steps", "blocking_issues", "also_said", "critical_decisions", "checks")


class Fitted:
    """A task that fits; sizes are tokens of what the next agent reads of it."""

    __slots__ = ("original_size", "size", "tags", "task")

    def __init__(self, task: PlainTask, tags: dict[str, str], size: int, original: int) -> None:
        self.task = task
        self.tags = tags
        """Texts to be kept, by the name of the tag that stands for each."""
        self.size = size
        self.original_size = original


def limit_for(settings: HandoffsConfig, available: int) -> int:
    """The most tokens that a package may take where so many are available.

    With fewer than the minimum available it is the same share of them.
    """
    share = min(1.0, available / max(1, settings["min_tokens"]))
    return int(settings["max_tokens"] * share)


def size_of(task: PlainTask, measure: Measure) -> int:
    """The tokens of what the next agent reads of a task."""
    return measure("\n".join(task_lines(task)))


def fitted(
    task: PlainTask, settings: HandoffsConfig, available: int, *, series: str, measure: Measure
) -> Fitted:
    """The task within its limit, compressed only as far as it must be; raises TokenBudgetError.

    Its tags are named `series-1` and so on.
    """
    limit, original = limit_for(settings, available), size_of(task, measure)
    found = Fitted(task, {}, original, original)
    for ratio in RATIOS:
        if found.size <= limit:
            return found
        smaller, tags = compressed(task, ratio, series, measure)
        found = Fitted(smaller, tags, size_of(smaller, measure), original)
    if found.size <= limit:
        return found
    raise too_large(settings, available, found.size)


def too_large(settings: HandoffsConfig, available: int, size: int) -> TokenBudgetError:
    """The refusal of a package of this size where so many tokens are available."""
    return TokenBudgetError(
        f"the package needs {size:,} tokens, but may take only {limit_for(settings, available):,}"
        f" of the {available:,} left: free some with /clear or /compact, or raise"
        " handoffs.max_tokens"
    )


def compressed(
    task: PlainTask, ratio: float, series: str, measure: Measure
) -> tuple[PlainTask, dict[str, str]]:
    """The task with this share of its lists, and the whole lists by the names of their tags."""
    smaller: Any = {**task}
    tags: dict[str, str] = {}

    def tag(lines: list[str]) -> str:
        name = f"{series}-{len(tags) + 1}"
        tags[name] = "\n".join(lines)
        return f"@{name}"

    for name in LISTS:
        items: list[str] = smaller.get(name, [])
        if measure("\n".join(items)) > REFERENCE_TOKENS:
            kept = summarized(items, ratio, measure) if ratio else []
            smaller[name] = [*kept, tag(items)]
    paths = task["key_artifacts"]
    first = dict(list(paths.items())[: round(ratio * len(paths))])
    if measure("\n".join(paths.values())) > REFERENCE_TOKENS and len(first) < len(paths):
        smaller["key_artifacts"] = {**first, "more files": tag(list(paths.values()))}
    return smaller, tags


def summarized(items: list[str], ratio: float, measure: Measure) -> list[str]:
    """The sentences of the items that carry the most, in their order, a line for each item."""
    from clearpoint.text import summary

    messages = [summary.Message("assistant", item) for item in items]
    return summary.summarize(messages, ratio, measure=measure).text.splitlines()
