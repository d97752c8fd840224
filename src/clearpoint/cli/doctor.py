"""`clearpoint doctor`: problems, how to fix them, and what takes up context."""

from __future__ import annotations

import os
import platform
import shlex
import time
from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from clearpoint import __version__
from clearpoint.cli import render
from clearpoint.cli.options import Place, examples, json_option, project_option, told, user_home
from clearpoint.doctor import examination as doctors
from clearpoint.hygiene import examination
from clearpoint.text import phrases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from clearpoint.doctor.examination import Finding
    from clearpoint.hygiene.examination import Saving

TITLES = {
    "installation": "Installation",
    "runs": "Runs",
    "client": "Claude Code",
    "state": "Stored data",
    "transcripts": "Transcripts",
}
MARKS = {
    "ok": ("✓", "green"),
    "note": ("·", "cyan"),
    "warning": ("!", "bold yellow"),
    "error": ("✗", "bold red"),
}
SAVING_MARK = ("~", "cyan")


@click.command(
    short_help="Diagnose problems and suggest fixes.",
    epilog=examples(
        "clearpoint doctor",
        "clearpoint doctor --strict && echo healthy",
        "clearpoint doctor --json",
    ),
)
@project_option
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
@json_option
@told
def doctor(place: Place, strict: bool, as_json: bool) -> None:
    """Diagnose problems and suggest fixes.

    Checks whether hooks are registered and run, failures and slow runs, settings that turn hooks
    off, Claude Code's version and the state folder. The last part, context hygiene, shows what
    wastes context, and how much. Nothing is changed or sent.

    Exit code 1 if there is an error (✗), with --strict also for a warning (!).

    JSON keys: project, state_folder, version, healthy, findings (objects with check, level: ok,
    note, warning or error, text, mend in words, command to type), hygiene (objects with check,
    text, mend, command, tokens, standing: whether every request carries them).
    """
    case = doctors.Case(
        place.project, place.env, user_home(), doctors.managed_folder(), time.time()
    )
    findings = [typed_here(finding, place) for finding in doctors.examine(case)]
    savings = examination.examine(place.project, place.env, place.store, case.settings[0])
    healthy = doctors.is_healthy(findings, strict=strict)
    if as_json:
        render.print_json(
            {
                "project": place.project,
                "state_folder": place.root,
                "version": __version__,
                "healthy": healthy,
                "findings": [finding._asdict() for finding in findings],
                "hygiene": [saving._asdict() for saving in savings],
            }
        )
    else:
        report(render.console(), place, findings, savings)
    if not healthy:
        raise click.exceptions.Exit(1)


def typed_here(finding: Finding, place: Place) -> Finding:
    """The finding with a command that means this project, wherever it is typed."""
    command = finding.command
    is_ours = command.startswith("clearpoint ") and "--project" not in command
    if not is_ours or os.path.realpath(os.getcwd()) == os.path.realpath(place.project):
        return finding
    return finding._replace(command=f"{command} --project {shlex.quote(place.project)}")


def report(
    console: Console, place: Place, findings: Sequence[Finding], savings: Sequence[Saving]
) -> None:
    """Print the findings by area, what could be saved, and a summary."""
    system = f"Python {platform.python_version()}, {platform.system()}"
    console.print(render.text(f"Clearpoint {__version__} · {system}", "bold"))
    console.print(render.text(f"Project {place.project}"), soft_wrap=True)
    for area, title in TITLES.items():
        found = [finding for finding in findings if finding.check.partition(".")[0] == area]
        if found:
            console.print(Text(f"\n{title}", "bold"))
        for finding in found:
            entry(console, MARKS[finding.level], finding.text, finding.mend, finding.command)
    if savings:
        console.print(Text("\nContext hygiene", "bold"))
    for one in savings:
        entry(console, SAVING_MARK, sentence(one), one.mend, one.command)
    console.print()
    console.print(render.text(summary(findings, savings), "bold"))


def entry(console: Console, mark: tuple[str, str], text: str, mend: str, command: str) -> None:
    """One finding: a mark and its text, and below what to do and, never broken, what to type."""
    sign, style = mark
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=3, justify="right", no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text(sign, style), render.text(text))
    if mend:
        grid.add_row("", render.text(f"→ {mend}", "bright_black"))
    render.show(console, grid)
    if command:
        console.print(render.text(f"      $ {command}", "cyan"), soft_wrap=True)


def sentence(saving: Saving) -> str:
    """What takes up context, and what could be saved."""
    return f"{saving.text}; fixing that {saving.said}" if saving.said else saving.text


def summary(findings: Sequence[Finding], savings: Sequence[Saving]) -> str:
    """The numbers in a line."""
    levels = [finding.level for finding in findings]
    told = [
        phrases.counted(number, name)
        for name in ("error", "warning", "note")
        if (number := levels.count(name))
    ]
    told += [phrases.counted(len(savings), "hygiene hint")] if savings else []
    return (
        ", ".join(told) if told else f"All is well: {phrases.counted(len(levels), 'check')} passed."
    )
