"""What a shell line that Claude ran did: checks, files, commits, background. Pure. Fast lane."""

from __future__ import annotations

from clearpoint.client.vocabulary import ABORTED, EXIT, TIMED_OUT
from clearpoint.lowlevel.paths import portable
from clearpoint.work import (
    background,
    file_activity,
    filed,
    marks,
    named_files,
    outcomes,
    phases,
    rewriting,
    shell,
    shell_checks,
    shell_files,
    version_control,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.work import WorkState
    from clearpoint.transcript.entry import Entry
    from clearpoint.work.shell_command import Command

SEEN_CHARS = 4_000
SEARCHED_FILES = ("grep", "rg", "diff")
SEARCHES = (*SEARCHED_FILES, "cmp", "pgrep", "test", "[", "which", "command")
"""What ends with 1 if there is nothing to be found."""


def ran(work: WorkState, entry: Entry, known: list[str], said: str, *, failed: bool) -> None:
    """Take in a shell line whose result has come; one that was interrupted says nothing."""
    command, client_folder = known[0], known[1]
    if not command or is_interrupted(entry, said):
        return
    if name := background.started(entry, said):
        background.begin(work, name, command, entry)
        return
    folder = work["shell_folder"].get(client_folder, client_folder)
    line = shell.commands(command)
    code = exit_code(said) if failed else 0
    uuid = entry.get("uuid") or ""
    _touch_files(work, line, folder, said, code)
    at = (said, uuid, entry.get("gitBranch") or "")
    version_control.note(work, line, folder, at, ok=not failed)
    if not failed:
        filed.note(work, line, said, uuid)
    outcomes.note_failure(work, entry, command, failed=failed and not _found_nothing(line, code))
    for run, passed in shell_checks.outcomes_of(line, folder, said, code):
        if run.kind == "test":
            phases.follow_test(work)
        shell_checks.note(work, run, passed=passed, entry=uuid, output=said)
    if not failed:
        background.detach(work, line, entry)
        _stand(work, line, client_folder, folder)


def is_interrupted(entry: Entry, said: str) -> bool:
    """Whether a line was stopped before it ended: it has neither passed nor failed."""
    kept = entry.get("toolUseResult")
    stopped = isinstance(kept, dict) and kept.get("interrupted") is True
    return stopped or any(mark in said for mark in ABORTED) or said.startswith(TIMED_OUT)


def exit_code(said: str) -> int:
    """The exit code that the client puts before the output of a line that failed; 1 else."""
    digits = said[len(EXIT) :].split("\n", 1)[0].strip() if said.startswith(EXIT) else ""
    return int(digits) if digits.isdigit() and len(digits) <= 3 else 1


def _found_nothing(line: list[Command], code: int) -> bool:
    """Whether a line failed because what it looked for is not there, which is an answer too."""
    return code == 1 and bool(line) and line[-1].name in SEARCHES


def _touch_files(work: WorkState, line: list[Command], folder: str, said: str, code: int) -> None:
    output = said[:SEEN_CHARS] if code else marks.seen(said)
    done = line if not code else _before_failure(line, said)
    for deed, path in shell_files.effects(done, folder, None if code else said):
        if shell_files.is_lost(output, path):
            continue
        full = portable(path)
        is_edit = deed != named_files.READ
        if full.startswith(rewriting.SCRATCH) and not rewriting.is_within(full, work["base"]):
            continue
        touched = file_activity.touch(work, full, is_edit=is_edit)
        if deed == named_files.REMOVE:
            touched["deleted"] = True
            work["artifacts"] = [one for one in work["artifacts"] if one != full]
        elif is_edit:
            if deed == named_files.CREATE and touched["edits"] == 1 and not touched["reads"]:
                touched["created"] = True
            file_activity.keep_artifact(work, full)
            phases.follow_edit(work, full)


def _before_failure(line: list[Command], said: str) -> list[Command]:
    """Of a line that failed, what stands before the check that made it fail; otherwise nothing.

    A search that found nothing has read its files all the same.
    """
    if marks.is_shell_error(said):
        return []
    if len(line) == 1 and line[0].name in SEARCHED_FILES and exit_code(said) == 1:
        return line
    checks = shell_checks.runs(line, "")
    chained = all(command.joint in ("&&", "|", "", ";") for command in line)
    return line[: checks[0].place] if checks and chained else []


def _stand(work: WorkState, line: list[Command], client_folder: str, folder: str) -> None:
    """Where the line leaves the shell, for clients that do not say it with the next entry."""
    place = shell_files.left_in(line, folder)
    base = work["base"]
    is_inside = bool(base) and (place or "").startswith(base)
    if place and place != client_folder and is_inside:
        work["shell_folder"] = {client_folder: place}
    elif place == client_folder:
        work["shell_folder"] = {}
