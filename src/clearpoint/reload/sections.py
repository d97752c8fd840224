"""The sections of the reload context: what each says of the state, line by line. Pure.

Every line has a rank: the lower, the longer it is kept when space is short.
"""

from __future__ import annotations

from clearpoint.work import names, sentences, touches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from clearpoint.models import FileTouch, Noted, State

LANGUAGES = {"ko": "Korean", "ja": "Japanese", "zh": "Chinese", "ru": "Russian", "de": "German",
             "es": "Spanish", "fr": "French", "pt": "Portuguese"}  # fmt: skip
PROMPT_CHARS = 700
ANSWER_CHARS = 400
EARLIER_PROMPTS = 3
EARLIER_PROMPT_CHARS = 160
PATH_CHARS = 200
DEFINED_SHOWN = 3
NAMES_IN_LINE = 20
AGENTS_SHOWN = 4
TAGS_SHOWN = 20
AGENT_TURNS = 5
"""Agents that were last heard of longer ago are not named."""
PLAN_TURNS = 8
"""An older plan is told only while steps are open."""
PLAIN_MODES = ("default", None)


class Line:
    """One line of the context: its place, its importance (lower is kept longer), its text."""

    __slots__ = ("rank", "text")

    def __init__(self, rank: float, text: str) -> None:
        self.rank = rank
        self.text = text


def where(state: State) -> list[Line]:
    """Specification, phase, branch, mode; the person's language; the step at hand."""
    work, system, lines = state["work_state"], state["system"], []
    facts = [f"Spec: {work['current_spec']}"] if work["current_spec"] else []
    if work["phase"] != "initialization":
        facts.append(f"Phase: {work['phase']}")
    if system["branch"]:
        facts.append(f"Branch: {system['branch']}")
    if system["permission_mode"] not in PLAIN_MODES:
        facts.append(f"Permission mode: {system['permission_mode']}")
    if facts:
        lines.append(Line(1, " · ".join(sentences.cut(fact) for fact in facts)))
    language = LANGUAGES.get(state["user_context"]["language"] or "")
    if language:
        lines.append(Line(3, f"The person writes in {language}."))
    if work["current_step"]:
        lines.append(Line(2, f"Step at hand: {work['current_step']}"))
    return lines


def talk(state: State) -> list[Line]:
    """The last prompts and what was answered; what was asked of the person."""
    work, lines = state["work_state"], []
    first, last = work["first_prompt"], work["last_prompt"]
    if last:
        lines.append(Line(4, f"Last prompt: “{sentences.cut(last, PROMPT_CHARS)}”"))
    if work["last_answer"]:
        answer = sentences.cut(work["last_answer"], ANSWER_CHARS)
        lines.append(Line(8, f"The answer to it: “{answer}”"))
    earlier = work["prompts"][-1 - EARLIER_PROMPTS : -1]
    shown = [f"“{sentences.cut(one, EARLIER_PROMPT_CHARS)}”" for one in reversed(earlier)]
    lines += listed("Prompts before it, newest first", 18, shown, EARLIER_PROMPTS)
    if first and first != last and sentences.cut(first)[:80] not in " ".join(shown):
        lines.append(Line(45, f"First prompt: “{sentences.cut(first)}”"))
    return lines


def question(state: State) -> list[Line]:
    """What Claude asked and nobody has answered."""
    asked = sentences.question(state["work_state"]["last_words"])
    return [Line(5, f"Asked, and not answered yet: {asked}")] if asked else []


def steps(state: State) -> list[Line]:
    """Open steps and the newest done ones."""
    work = state["work_state"]
    return [
        *listed("Open steps", 10, work["pending_steps"], 15),
        *listed("Done", 60, work["completed_steps"][-8:], 8),
    ]


def said(state: State, labels: dict[str, str]) -> list[Line]:
    """Decisions, open issues, notes and preferences, the newest first."""
    work = state["work_state"]
    failing = [f"failing when last run: {command}" for command in reversed(work["failing"])]
    issues = failing + [_said(one, labels) for one in reversed(work["issues"])]
    decisions = [_said(one, labels) for one in reversed(work["decisions"])]
    return [
        *listed("Decisions", 15, decisions, 12),
        *listed("Open issues", 30, issues, 8),
        *listed("Notes", 25, [_said(one, labels) for one in reversed(work["notes"])], 10),
        *listed("The person's preferences", 35, state["user_context"]["preferences"][-8:], 8),
    ]


def files(state: State, limit: int, project_dir: str, gone: Collection[str] = ()) -> list[Line]:
    """The files in play: the likeliest with what was done to them, as many more by name."""
    known = state["work_state"]["files"]
    paths = touches.ranked(state["work_state"])
    first = [_file(known[path], path, project_dir, path in gone) for path in paths[:limit]]
    more = [shown_path(path, project_dir) for path in paths[limit : 2 * limit] if path not in gone]
    lines = listed("Files in play, the likeliest needed first", 20, first, limit)
    if more:
        lines.append(Line(20 + limit, f"- also: {', '.join(more)}"))
    return lines


def names_in_play(state: State, limit: int, already: list[Line]) -> list[Line]:
    """The identifiers that the newest work turns around, but for those already named."""
    work = state["work_state"]
    named = "\n".join(line.text for line in already)
    heavy = [name for name in names.heaviest(work["names"], work["clock"]) if name not in named]
    chosen = heavy[:limit]
    rows = [
        ", ".join(chosen[start : start + NAMES_IN_LINE])
        for start in range(0, len(chosen), NAMES_IN_LINE)
    ]
    return listed("Names in play", 33, rows, len(rows))


def tools(state: State) -> list[Line]:
    """MCP servers in use, and the agents that can be taken up again by their ids."""
    work, lines = state["work_state"], []
    if work["servers"]:
        lines.append(Line(40, f"MCP servers in use: {', '.join(reversed(work['servers']))}"))
    newest = [
        f"{agent['kind'] or 'agent'} “{agent['task']}”, id {name}"
        for name, agent in reversed(work["agents"].items())
        if work["turn"] - agent["turn"] <= AGENT_TURNS
    ]
    return lines + listed("Agents that their ids take up again", 42, newest, AGENTS_SHOWN)


def plan(state: State, limit: int) -> list[Line]:
    """The beginning of the plan."""
    work = state["work_state"]
    text = work["plan"]
    if not text or (work["turn"] - work["planned"] > PLAN_TURNS and not work["pending_steps"]):
        return []
    shown = [line.strip(" #") for line in text.splitlines() if line.strip(" #-`")]
    approved = "approved" if work["approved"] else "not yet approved"
    return listed(f"Plan ({approved}), beginning", 36, shown, limit)


def tags(names: Collection[str]) -> list[Line]:
    """The tags that the person keeps."""
    if not names:
        return []
    shown = ", ".join(f"@{name}" for name in list(names)[:TAGS_SHOWN])
    return [Line(43, f"Tags the person can call in: {shown}")]


def changed(paths: list[str], project_dir: str) -> list[Line]:
    """Files that others wrote meanwhile."""
    shown = [shown_path(path, project_dir) for path in paths]
    return listed("Changed on disk meanwhile", 10, shown, 12)


def listed(title: str, rank: float, items: list[str], limit: int) -> list[Line]:
    """A titled list whose later items go first when space is short."""
    if not items:
        return []
    shown = [Line(rank + place, f"- {item}") for place, item in enumerate(items[:limit])]
    return [Line(rank, f"{title}:"), *shown]


def labels_of(state: State) -> dict[str, str]:
    """A letter for each archive file that decisions and issues point into, the newest first."""
    work = state["work_state"]
    found: dict[str, None] = {}
    for noted in (*reversed(work["decisions"]), *reversed(work["issues"])):
        if pointer := noted.get("pointer"):
            found[pointer.rpartition(":")[0]] = None
    newest = reversed(state["archives"][-1:])
    return dict(zip({**found, **dict.fromkeys(newest)}, "ABCDEFGH", strict=False))


def legend(labels: dict[str, str]) -> list[Line]:
    """Where the conversation itself can be read."""
    rows = [f"{letter} = .clearpoint/{file}" for file, letter in labels.items()]
    return listed("The conversation is archived, [file:line]", 28, rows, 8)


def _said(noted: Noted, labels: dict[str, str]) -> str:
    file, _, line = noted.get("pointer", "").rpartition(":")
    return f"{noted['text']} [{labels[file]}:{line}]" if file in labels else noted["text"]


def _file(touched: FileTouch, path: str, project_dir: str, is_gone: bool) -> str:
    """`src/a.py (2 edits +30 -4: load, save; 1 read)`."""
    edits, reads = touched["edits"], touched["reads"]
    parts = []
    if edits:
        size = f" +{touched.get('added', 0)} -{touched.get('removed', 0)}"
        counted = f"{edits} edit{'' if edits == 1 else 's'}{size}"
        defined = ", ".join(touched.get("defined", [])[-DEFINED_SHOWN:])
        new = "new, " if touched.get("created") else ""
        parts.append(f"{new}{counted}: {defined}" if defined else f"{new}{counted}")
    if reads:
        parts.append(f"{reads} read{'' if reads == 1 else 's'}")
    if is_gone:
        parts.append("no longer on disk")
    return f"{shown_path(path, project_dir)} ({'; '.join(parts)})"


def shown_path(path: str, project_dir: str) -> str:
    """A path as it is shown: relative to the project where it lies in it, on one line."""
    prefix = project_dir.rstrip("/") + "/"
    return sentences.cut(path.removeprefix(prefix) if project_dir else path, PATH_CHARS)
