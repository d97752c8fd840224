"""The reload context: what Claude needs to go on, composed within its budget. Pure.

The most important lines come first and the least important go when it does not fit. It states
facts, names where they are from, and repeats nothing that the client restores by itself.
"""

from __future__ import annotations

import os

from clearpoint import replies, sentences, touches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from clearpoint.models import Config, Noted, State

LANGUAGES = {"ko": "Korean", "ja": "Japanese", "zh": "Chinese", "ru": "Russian"}
PROMPT_CHARS = 700
ANSWER_CHARS = 400
PATH_CHARS = 200
PLAN_LINES = 12
CLIENT_RESTORES_FILES = 5
"""Files that the client itself reads again after a compaction."""

HEADS = {
    "clear": "the work of the session before /clear",
    "compact": "what is known of the work beside the summary",
    "crash": "the work of the last session here, which ended without closing",
    "fork": "the work of the session that this one branched off",
    "resume": "what changed since this session was left",
}


class Line:
    """One line of the context: its place, its importance (lower is kept longer), its text."""

    __slots__ = ("rank", "text")

    def __init__(self, rank: float, text: str) -> None:
        self.rank = rank
        self.text = text


def mark_of(session_id: str) -> str:
    """What the context begins with, to be found again in the transcript."""
    return f"Clearpoint reload {session_id[:8]}"


def compose(  # noqa: PLR0913  (what a reload is made of)
    state: State,
    reason: str,
    config: Config,
    *,
    mark: str,
    measure: Callable[[str], int],
    project_dir: str = "",
    changed: list[str] | None = None,
) -> str:
    """The context for a session that starts for this reason, empty if there is nothing to say.

    `measure` gives the tokens of a text; `changed` are files that changed on disk meanwhile.
    """
    keep = state["persistence"]
    if not keep["auto_load_history"] or keep["context_preservation"] == "none":
        return ""
    lines = _changed(changed or [], project_dir)
    if reason != "resume":
        lines = _lines(state, reason, config, project_dir)
    if keep["context_preservation"] == "critical_only":
        lines = [line for line in lines if line.rank < CRITICAL_RANK]
    if not lines:
        return ""
    head = (
        f"{mark}: {HEADS.get(reason, HEADS['clear'])}, as Clearpoint recorded it from what was "
        "typed and done. Facts for orientation; the newest words of the person come first."
    )
    return _fit(head, lines, config["reload"]["max_tokens"], measure)


CRITICAL_RANK = 50.0


def _lines(state: State, reason: str, config: Config, project_dir: str) -> list[Line]:
    work = state["work_state"]
    labels = _labels(state)
    lines = _where(state)
    if reason != "compact":
        lines += _talk(state)
    lines += _listed("Open steps", 10, _open_steps(state), 15)
    lines += _listed("Done", 60, work["completed_steps"][-8:], 8)
    lines += _listed(
        "Decisions", 15, [_said(one, labels) for one in reversed(work["decisions"])], 14
    )
    failing = [f"failing when last run: {command}" for command in work["failing"]]
    issues = failing + [_said(one, labels) for one in reversed(work["issues"])]
    lines += _listed("Open issues", 30, issues, 10)
    skip = CLIENT_RESTORES_FILES if reason == "compact" else 0
    files = [_file(state, path, project_dir) for path in touches.ranked(work)[skip:]]
    lines += _listed("Files in play, the likeliest first", 20, files, config["reload"]["files"])
    lines += _listed("Notes", 25, [_said(one, labels) for one in reversed(work["notes"])], 10)
    lines += _listed("The person's preferences", 35, state["user_context"]["preferences"][-8:], 8)
    if work["plan"] and reason != "compact":
        plan = [line.rstrip() for line in work["plan"].splitlines() if line.strip()]
        lines += _listed("Plan, beginning", 40, plan, PLAN_LINES)
    return lines + _legend(labels)


def _where(state: State) -> list[Line]:
    work, lines = state["work_state"], []
    facts = [f"Spec: {work['current_spec']}"] if work["current_spec"] else []
    if work["phase"] != "initialization":
        facts.append(f"Phase: {work['phase']}")
    if state["system"]["branch"]:
        facts.append(f"Branch: {state['system']['branch']}")
    if facts:
        lines.append(Line(1, " · ".join(sentences.cut(fact) for fact in facts)))
    language = LANGUAGES.get(state["user_context"]["language"] or "")
    if language:
        lines.append(Line(3, f"The person writes in {language}."))
    if work["current_step"]:
        lines.append(Line(2, f"Step at hand: {work['current_step']}"))
    return lines


def _talk(state: State) -> list[Line]:
    work, lines = state["work_state"], []
    first, last = work["first_prompt"], work["last_prompt"]
    if last:
        lines.append(Line(4, f"Last prompt: “{sentences.cut(last, PROMPT_CHARS)}”"))
    if work["last_answer"]:
        answer = sentences.cut(work["last_answer"], ANSWER_CHARS)
        lines.append(Line(8, f"The answer to it began: “{answer}”"))
    if first and first != last:
        lines.append(Line(45, f"First prompt: “{sentences.cut(first)}”"))
    return lines


def _open_steps(state: State) -> list[str]:
    return state["work_state"]["pending_steps"]


def _listed(title: str, rank: float, items: list[str], limit: int) -> list[Line]:
    """A titled list whose later items go first when space is short."""
    if not items:
        return []
    shown = [Line(rank + place, f"- {item}") for place, item in enumerate(items[:limit])]
    return [Line(rank, f"{title}:"), *shown]


def _labels(state: State) -> dict[str, str]:
    """A letter for each archive file that decisions and issues point into, the newest first."""
    work = state["work_state"]
    files: dict[str, None] = {}
    for noted in (*reversed(work["decisions"]), *reversed(work["issues"])):
        if pointer := noted.get("pointer"):
            files[pointer.rpartition(":")[0]] = None
    newest = reversed(state["archives"][-1:])
    return dict(zip({**files, **dict.fromkeys(newest)}, "ABCDEFGH", strict=False))


def _said(noted: Noted, labels: dict[str, str]) -> str:
    file, _, line = noted.get("pointer", "").rpartition(":")
    return f"{noted['text']} [{labels[file]}:{line}]" if file in labels else noted["text"]


def _file(state: State, path: str, project_dir: str) -> str:
    touched = state["work_state"]["files"][path]
    counts = [
        f"{number} {name}{'' if number == 1 else 's'}"
        for number, name in ((touched["edits"], "edit"), (touched["reads"], "read"))
        if number
    ]
    return f"{shown_path(path, project_dir)} ({', '.join(counts)})"


def shown_path(path: str, project_dir: str) -> str:
    """A path as it is shown: relative to the project where it lies in it, on one line."""
    prefix = project_dir.rstrip("/") + "/"
    return sentences.cut(path.removeprefix(prefix) if project_dir else path, PATH_CHARS)


def _changed(paths: list[str], project_dir: str) -> list[Line]:
    shown = [shown_path(path, project_dir) for path in paths]
    return _listed("Changed on disk meanwhile", 10, shown, 12)


def _legend(labels: dict[str, str]) -> list[Line]:
    if not labels:
        return []
    files = [f"{letter} = .clearpoint/{file}" for file, letter in labels.items()]
    return _listed("The conversation is archived, [file:line]", 28, files, 8)


def _fit(head: str, lines: list[Line], limit: int, measure: Callable[[str], int]) -> str:
    """As many of the lines as fit, the least important left out; empty if none does."""
    ranks = sorted({line.rank for line in lines})

    def text(kept: int) -> str:
        chosen = [line.text for line in lines if line.rank <= ranks[kept - 1]] if kept else []
        return "\n".join([head, *_with_items(chosen)]) if chosen else ""

    low, high = 0, len(ranks)
    while low < high:
        middle = (low + high + 1) // 2
        candidate = text(middle)
        fits = replies.units(candidate) <= replies.CONTEXT_LIMIT_UNITS
        if fits and (len(candidate.encode()) <= limit or measure(candidate) <= limit):
            low = middle
        else:
            high = middle - 1
    return text(low)


def _with_items(lines: list[str]) -> list[str]:
    """The lines without titles that have lost all their items."""
    following = [*lines[1:], ""]
    return [
        line
        for line, after in zip(lines, following, strict=True)
        if not line.endswith(":") or line.startswith("- ") or after.startswith("- ")
    ]


def changed_on_disk(state: State, since: float) -> list[str]:
    """Files in play that were written after a time in seconds, the likeliest needed first."""
    found = []
    for path in touches.ranked(state["work_state"])[:50]:
        try:
            if os.path.isabs(path) and os.stat(path).st_mtime > since:
                found.append(path)
        except OSError:
            found.append(path)
    return found
