"""Search results in a terminal."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from rich.text import Text

from clearpoint.cli import render
from clearpoint.lowlevel.clock import now_text
from clearpoint.search import answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clearpoint.search.find import Result


def show_results(results: Sequence[Result]) -> None:
    """Print the results, each with when, where and what, and what to type for the first one."""
    console = render.console()
    for result in results:
        when = render.age(now_text(result.at)) if result.at else "undated"
        head = (
            f"{answer.name_of(result)}  {when}  {result.kind}  {os.path.basename(result.project)}"
        )
        console.print(render.text(head, "bold"), soft_wrap=True)
        if result.prompt:
            console.print(render.text(f"  you asked: {result.prompt}", "bright_black"))
        console.print(render.text(f"  {result.snippet}"))
    best = answer.commands(results[0])
    told = f"\nRead the first: {best['open']}\nResume it: {best['resume']}"
    console.print(Text(told, "bright_black"), soft_wrap=True)
