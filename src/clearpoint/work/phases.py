"""The phase of the work and its specification: from commands, tools and paths. Pure.

What was set by hand stays.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.work import Phase, WorkState

SPOKEN_PHASES: dict[str, Phase] = {
    "review": "review",
    "execute": "implementation",
    "implement": "implementation",
    "write-plan": "planning",
    "plan": "planning",
    "brainstorm": "planning",
    "tdd": "implementation",
    "document": "documentation",
}
"""What a command or skill is for, by a part of its name, where the settings do not say it."""
LEFT_BY_EDITS = ("initialization", "planning", "testing", "review", "completed")
SPECS = "specs"
"""The folder in which specifications have a folder each."""
PROSE = (".md", ".txt", ".rst", ".adoc")


def set_phase(work: WorkState, phase: Phase) -> None:
    """Enter a phase, unless the phase was set by hand."""
    if "phase" not in work["hand_set"]:
        work["phase"] = phase


def set_spec(work: WorkState, text: str) -> None:
    """Take the specification that a text or path names, unless one was set by hand."""
    take_spec(work, spec_in(text))


def take_spec(work: WorkState, spec: str | None) -> None:
    """Take a specification by its name, unless one was set by hand."""
    if spec and "current_spec" not in work["hand_set"]:
        work["current_spec"] = spec


def phase_of(name: str) -> Phase | None:
    """The phase that a command, skill or agent of this name is for, None for most."""
    last = name.rpartition(":")[2].strip("/").lower()
    for part, phase in SPOKEN_PHASES.items():
        if last.startswith(part) or f"-{part}" in last:
            return phase
    return None


def follow_edit(work: WorkState, path: str) -> None:
    """Changing code is implementing; changing a specification names it."""
    if spec := spec_in(path) or spec_of_folder(path):
        take_spec(work, spec)
    elif not path.endswith(PROSE) and work["phase"] in LEFT_BY_EDITS:
        set_phase(work, "implementation")


def follow_test(work: WorkState) -> None:
    """Running tests while implementing is testing."""
    if work["phase"] == "implementation":
        set_phase(work, "testing")


def follow_steps(work: WorkState) -> None:
    """All steps done completes the work; a new open one takes it up again."""
    if work["completed_steps"] and not work["pending_steps"] and not work["current_step"]:
        set_phase(work, "completed")
    elif work["phase"] == "completed":
        set_phase(work, "implementation")


def spec_in(text: str) -> str | None:
    """The first `SPEC-…` identifier in a text or path, None if there is none."""
    start = text.find("SPEC-")
    if start < 0:
        return None
    end = start + 5
    while end < len(text) and is_name_char(text[end]):
        end += 1
    spec = text[start:end].rstrip("-_")
    return spec if len(spec) > 5 else None


def spec_of_folder(path: str) -> str | None:
    """What a document in a folder of `specs` is of: `003-login` of `specs/003-login/plan.md`."""
    folders, _, name = path.replace("\\", "/").rpartition("/")
    above, _, spec = folders.rpartition("/")
    in_specs = above.rpartition("/")[2] == SPECS and name.endswith(PROSE)
    return spec if in_specs and spec and all(map(is_name_char, spec)) else None


def is_name_char(char: str) -> bool:
    """Whether an identifier can hold the character."""
    return (char.isascii() and char.isalnum()) or char in "-_"
