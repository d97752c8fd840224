"""The doctor: what keeps Clearpoint from working, or soon may, each with how to fix it.

    case = Case(project, env, home, managed_folder(), now)
    for finding in examine(case):
        ...

It only looks: nothing is started, fixed or sent anywhere. What takes up context without need is
the business of `clearpoint.hygiene`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clearpoint.doctor import client, installation, runs, state, transcripts
from clearpoint.doctor.findings import Case, Finding, writable
from clearpoint.doctor.installation import managed_folder

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["AREAS", "Case", "Finding", "examine", "is_healthy", "managed_folder"]

AREAS = {
    "installation": installation.examine,
    "runs": runs.examine,
    "client": client.examine,
    "state": state.examine,
    "transcripts": transcripts.examine,
}
"""What is examined, in the order of the report."""


def examine(case: Case) -> list[Finding]:
    """Look at everything; what cannot even be looked at is an error of its own."""
    findings: list[Finding] = []
    for area, look in AREAS.items():
        try:
            findings += look(case)
        except OSError as error:
            text = f"{error.filename or case.root}: {error.strerror or error}"
            command = writable(case.root)
            findings.append(Finding(f"{area}.unreadable", "error", text, command=command))
    return findings


def is_healthy(findings: Iterable[Finding], *, strict: bool = False) -> bool:
    """Whether there is no error, and with `strict` no warning either."""
    bad = {"error", "warning"} if strict else {"error"}
    return not any(finding.level in bad for finding in findings)
