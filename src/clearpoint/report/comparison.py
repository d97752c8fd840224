"""Two sessions side by side: decisions, steps and files that only one of them has. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from clearpoint.reload.compose import shown_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from clearpoint.models.state import State
    from clearpoint.models.work import FileTouch


class Difference(NamedTuple):
    """What of one kind two sessions have: only the first, only the second, both but unlike."""

    first: list[str]
    second: list[str]
    unlike: list[str]

    @property
    def is_empty(self) -> bool:
        """Whether the two have the same."""
        return not (self.first or self.second or self.unlike)


def compare(first: State, second: State, project: str = "") -> dict[str, Difference]:
    """How two sessions differ, by kind: facts, decisions, steps, issues, files."""
    one, other = first["work_state"], second["work_state"]
    return {
        "facts": _unlike(_facts(first), _facts(second)),
        "decisions": _unlike(
            dict.fromkeys(noted["text"] for noted in one["decisions"]),
            dict.fromkeys(noted["text"] for noted in other["decisions"]),
        ),
        "steps": _unlike(_steps(first), _steps(second)),
        "issues": _unlike(
            dict.fromkeys([*one["failing"], *(noted["text"] for noted in one["issues"])]),
            dict.fromkeys([*other["failing"], *(noted["text"] for noted in other["issues"])]),
        ),
        "files": _unlike(_changed(one["files"], project), _changed(other["files"], project)),
    }


def _unlike(first: Mapping[str, str | None], second: Mapping[str, str | None]) -> Difference:
    """The keys of one alone, and those of both with both values where these differ."""
    both = [
        f"{key}: {value} | {second[key]}"
        for key, value in first.items()
        if key in second and second[key] != value
    ]
    return Difference(_alone(first, second), _alone(second, first), both)


def _alone(mine: Mapping[str, str | None], others: Iterable[str]) -> list[str]:
    known = set(others)
    return [
        key if value is None else f"{key}: {value}"
        for key, value in mine.items()
        if key not in known
    ]


def _facts(state: State) -> dict[str, str | None]:
    work, system = state["work_state"], state["system"]
    facts = {
        "spec": work["current_spec"],
        "phase": work["phase"],
        "branch": system["branch"],
        "head": system["head"],
        "model": state["model"],
    }
    return {name: value for name, value in facts.items() if value}


def _steps(state: State) -> dict[str, str | None]:
    work = state["work_state"]
    steps: dict[str, str | None] = dict.fromkeys(work["completed_steps"], "done")
    steps.update(dict.fromkeys(work["pending_steps"], "open"))
    return {**steps, work["current_step"]: "current"} if work["current_step"] else steps


def _changed(files: dict[str, FileTouch], project: str) -> dict[str, str | None]:
    return {
        shown_path(path, project): f"+{one.get('added', 0)} -{one.get('removed', 0)}"
        for path, one in files.items()
        if one["edits"]
    }
