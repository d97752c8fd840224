"""The report as one HTML page: template, style and script in a single text. Pure but for assets.

Everything that comes from a session is escaped by the template engine. Besides, the page carries
a policy that lets the browser run and apply nothing but our own script and style, by their
hashes, and load nothing at all.
"""

from __future__ import annotations

import base64
import hashlib
import time
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from clearpoint.client.endings import ENDINGS
from clearpoint.lowlevel.clock import seconds_of
from clearpoint.report.assets import read_asset
from clearpoint.text.phrases import counted, short

if TYPE_CHECKING:
    from clearpoint.models.state import State
    from clearpoint.report.gather import Report

NO_TIME = "–"
SURROGATES = range(0xD800, 0xE000)
TURNING = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
"""Marks that set the direction of writing: they can make a name look like another."""
UNSEEN = dict.fromkeys(
    (*range(9), *range(11, 32), *range(127, 160), *TURNING, *SURROGATES, 0xFEFF), "�"
)


def render(report: Report) -> str:
    """The page; raises AssetError if the installation is damaged."""
    ours = files(__package__)
    licence, library = read_asset("uplot.LICENSE"), read_asset("uplot.min.js")
    script = f"/*\n{licence}*/\n{library}\n{ours.joinpath('page.js').read_text('utf-8')}"
    style = f"{read_asset('uplot.min.css')}\n{ours.joinpath('page.css').read_text('utf-8')}"
    template = environment().get_template("page.html")
    return template.render(report=report, policy=policy(script, style), script=script, style=style)


def policy(script: str, style: str) -> str:
    """What the browser may do: run this script, apply this style, and nothing else."""
    allowed = (
        "default-src 'none'",
        f"script-src '{digest(script)}'",
        f"style-src '{digest(style)}'",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return "; ".join(allowed)


def digest(text: str) -> str:
    """A text's hash, as a policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def environment() -> Environment:
    """The template engine; it escapes whatever it is given."""
    made = Environment(
        loader=PackageLoader("clearpoint.report", ""),
        autoescape=True,
        finalize=visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        short=short, number=number, clock=clock, stamp=stamp, dollars=dollars, counted=counted,
        ending=ending, worked=worked,
    )  # fmt: skip
    return made


def ending(reason: str) -> str:
    """How a session ended, in words: `cleared`; Claude Code's own word for another way."""
    return ENDINGS.get(reason, reason)


def worked(state: State) -> str:
    """What was done in a session: `SPEC-1: 3 steps done, 1 file`; empty for nothing."""
    work = state["work_state"]
    counts = [
        (len(work["completed_steps"]), "step", " done"),
        (len(work["decisions"]), "decision", ""),
        (len(work["files"]), "file", ""),
    ]
    told = ", ".join(f"{counted(number, name)}{end}" for number, name, end in counts if number)
    return ": ".join(filter(None, [work["current_spec"], told]))


def visible(value: Any) -> Any:
    """A text without characters that are not seen, or that turn what is around them."""
    is_plain = isinstance(value, str) and not isinstance(value, Markup)
    return value.translate(UNSEEN) if is_plain else value


def number(value: int) -> str:
    """`84,760`."""
    return f"{value:,}"


def dollars(cost: float | None) -> str:
    """`$1.25`; a dash if it is not known."""
    return NO_TIME if cost is None else f"${cost:,.2f}"


def clock(at: float, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    """A time in local time, a dash if it is not known."""
    return time.strftime(form, time.localtime(at)) if at else NO_TIME


def stamp(text: str | None) -> str:
    """A time as it is kept, in local time to the minute."""
    return clock(seconds_of(text) or 0.0, "%Y-%m-%d %H:%M")
