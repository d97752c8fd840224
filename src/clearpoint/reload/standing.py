"""Where the work stands outside of the conversation: git, processes, checks. Pure."""

from __future__ import annotations

from itertools import zip_longest

from clearpoint.reload import changes
from clearpoint.reload.lines import Line, listed
from clearpoint.reload.sections import HERE
from clearpoint.reload.view import together
from clearpoint.text import sentences
from clearpoint.text.phrases import counted
from clearpoint.work import agents, marks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.models.outcomes import Check, Commit, GitStatus
    from clearpoint.models.work import Agent, WorkState
    from clearpoint.reload.view import View

COMMITS_SHOWN = 4
CONFLICTS_SHOWN = 12
PULL_REQUESTS_SHOWN = 2
FILED_SHOWN = 4
RUNNING_SHOWN = 3
PROMISED_SHOWN = 4
RUNNING_TITLES = {"Running in the background": False, "Started with & (may have ended)": True}
OVER = ("crash", "continue")
"""After these the client that ran them is another one."""
COMPACT = "compact"
OVER_AGENTS = "Subagents that ran when that session ended, no result seen"
OVER_COMMANDS = "Ran in the background when that session ended"
FAILED_SHOWN = 4
CHECKS_SHOWN = 6
SUBJECT_CHARS = 80
HASH_CHARS = 7
FULL_STOP = "."
COMMAND_CHARS = 90
NAME_CHARS = 120
PLAIN_MODES = ("default", "auto", None)
UNKNOWN_PHASE = "initialization"


def where(view: View) -> list[Line]:
    """Specification and phase; branch, commits, changed files; pull requests, what was filed."""
    work, system = view.work, view.state["system"]
    facts = [f"Spec: {work['current_spec']}"] if work["current_spec"] else []
    if work["phase"] != UNKNOWN_PHASE and work["current_spec"]:
        facts.append(f"phase: {work['phase']}")
    if system["permission_mode"] not in PLAIN_MODES and view.reason not in OVER:
        facts.append(f"Permission mode: {system['permission_mode']}")
    lines = together(3, [" · ".join(sentences.cut(fact) for fact in facts)] if facts else [])
    if text := _tree(work, view.now.branch or system["branch"]):
        lines += together(3, [f"Where: {text.rstrip(FULL_STOP)}."])
    lines += together(4, [f"  {text}." for text in changes.uncommitted(view)])
    rest = [*pull_requests(work), *filed(work)]
    return lines + together(4, [f"In this session: {'. '.join(rest)}."] if rest else [])


def unfinished(view: View) -> list[Line]:
    """What still runs, and what Claude has promised to do once that is done."""
    lines = together(3, [f"{text}." for text in running(view.work, view.reason)])
    return lines + listed("Claude still intends to", 3, view.work["promised"], PROMISED_SHOWN)


def _tree(work: WorkState, branch: str | None) -> str:
    """`branch fix/export, 2 commits ahead: 8c1d2e3 Measure the export · 5f6a7b8 Read rows`."""
    made, text = commits(work), place(work, branch)
    return f"{text}{': ' if text else 'commits: '}{' · '.join(made)}" if made else text


def place(work: WorkState, branch: str | None) -> str:
    """`branch fix/export (worktree .claude/worktrees/a), 2 commits ahead of origin/main`."""
    git = work["git"]
    name = (git["branch"] if git else None) or branch
    parts = [f"branch {sentences.cut(name, NAME_CHARS)}"] if name else []
    if git and git["worktree"] not in HERE:
        parts = [" ".join([*parts, f"(worktree {git['worktree']})"])]
    if git and git["ahead"]:
        parts.append(f"{counted(git['ahead'], 'commit')} ahead of {git['upstream'] or 'upstream'}")
    if git and git["behind"]:
        parts.append(f"{git['behind']} behind")
    return ", ".join([*parts, *_unfinished(git)])


def _unfinished(git: GitStatus | None) -> Iterator[str]:
    """`a merge in progress, in conflict: a.py, b.py`."""
    if git and (doing := git.get("unfinished")):
        yield f"a {doing} in progress"
    if git and (found := git.get("conflicts", [])):
        yield f"in conflict: {', '.join(found[:CONFLICTS_SHOWN])}"


def commits(work: WorkState) -> list[str]:
    """The commits of this work that git still has, and the newest one of all, the newest first.

    Without what git says, those that the conversation tells.
    """
    made, git = work["commits"][::-1], work["git"]
    log = git["commits"] if git else []
    if not log:
        return [_commit(one["hash"], one["subject"]) for one in made if one["subject"]][
            :COMMITS_SHOWN
        ]
    ahead = git["ahead"] if git and not made else 0
    rows = []
    for place, (name, subject) in enumerate(log):
        known = next((one for one in made if _is_same(one, name, subject)), None)
        if known:
            rows.append(_commit(name, subject) + _rewritten(known, log))
        elif place < max(1, ahead):
            rows.append(_commit(name, subject))
    return rows[:COMMITS_SHOWN]


def _commit(name: str, subject: str) -> str:
    return " ".join(filter(None, [name[:HASH_CHARS], sentences.cut(subject, SUBJECT_CHARS)]))


def _is_same(made: Commit, name: str, subject: str) -> bool:
    """Whether git's commit is one of the conversation's; a rebase gives it another hash."""
    return _is_hash_of(made["hash"], name) or (
        bool(subject) and made["subject"] == subject[: len(made["subject"])]
    )


def _is_hash_of(one: str, other: str) -> bool:
    """Whether two beginnings of hashes are those of the same commit."""
    return bool(one and other) and (one.startswith(other) or other.startswith(one))


def _rewritten(made: Commit, log: list[list[str]]) -> str:
    """` (rewritten, was 1a2b3c4; force-pushed)`, where git no longer has the former."""
    before = made.get("amends") or ""
    is_gone = before and not any(_is_hash_of(before, one[0]) for one in log)
    gone = ", ".join(f"“{row}”" for row in made.get("lost", []))
    lost = f", and lacks its {gone}" if gone else ""
    said = [f"rewritten, was {before[:HASH_CHARS]}{lost}"] if is_gone else []
    said += ["force-pushed"] if made.get("is_forced") else []
    return f" ({'; '.join(said)})" if said else ""


def pull_requests(work: WorkState) -> Iterator[str]:
    """`PR acme/shop#512 “Read rows in one query”, draft`."""
    here = work["git"]["branch"] if work["git"] else None
    for one in work["pull_requests"][-PULL_REQUESTS_SHOWN:]:
        title = f" “{sentences.cut(one['title'], SUBJECT_CHARS)}”" if one["title"] else ""
        branch = one.get("branch", "")
        of = f", of branch {sentences.cut(branch, NAME_CHARS)}" if branch not in ("", here) else ""
        yield f"PR {one['repository']}#{one['number']}{title}, {one['status']}{of}"


def filed(work: WorkState) -> Iterator[str]:
    """`Filed: issue acme/shop#12 “Rows are lost”; comment on acme/shop#7`."""
    rows = [
        one["what"] + (f" “{sentences.cut(one['title'], SUBJECT_CHARS)}”" if one["title"] else "")
        for one in work["filed"][-FILED_SHOWN:]
    ]
    if rows:
        yield f"Filed: {'; '.join(rows)}"


def running(work: WorkState, reason: str = "") -> Iterator[str]:
    """Subagents and commands whose end is not known; of those behind `&` it never is.

    Those of a session whose client has ended ran until then.
    """
    found = [
        (name, one)
        for name, one in work["agents"].items()
        if one.get("is_running") and not (reason == COMPACT and "transcripts" in one)
    ]
    if found:
        shown = [_agent(*one) for one in found[-RUNNING_SHOWN:]]
        title = OVER_AGENTS if reason in OVER else "Subagents still running, no result seen"
        yield f"{title}: {'; '.join(shown)}"
    known = list(work["background"].values())
    for title, is_detached in RUNNING_TITLES.items():
        commands = [sentences.cut(one["command"], COMMAND_CHARS) for one in known
                    if one.get("is_detached", False) is is_detached]  # fmt: skip
        if commands:
            shown_title = OVER_COMMANDS if reason in OVER and not is_detached else title
            yield f"{shown_title}: {'; '.join(commands[-RUNNING_SHOWN:])}"


def _agent(name: str, one: Agent) -> str:
    """`planner “Plan the import”, id a2ffcc6`."""
    known = "" if name.startswith(agents.CALLED) else f", id {name}"
    return f"{one['kind'] or 'agent'} “{one['task']}”{known}"


def checks(view: View) -> list[Line]:
    """What passed and what failed after the last edit; before it, what failed."""
    rows = [*outcomes(view.work), *reported(view.work), *failure(view.work)]
    return [Line(4 + number, f"{row}.") for number, row in enumerate(rows)]


def failure(work: WorkState) -> Iterator[str]:
    """The command that failed last, where nothing has succeeded since and no check tells of it."""
    failed = work["failed_command"]
    known = [check["entry"] for check in work["checks"].values() if not check["passed"]]
    if failed and failed["turn"] == work["turn"] and failed["entry"] not in known:
        yield f"The last command failed: `{failed['command']}`"


def reported(work: WorkState) -> Iterator[str]:
    """The failed tests that the newest prompt shows, while no tests were run since."""
    ran = max((one["turn"] for one in work["checks"].values() if one["kind"] == "test"), default=-1)
    said = [one for one in work["said"] if one["how"] == "prompt"][-1:]
    names = [name for one in said if one["turn"] > ran for name in marks.failed_tests(one["text"])]
    if names:
        yield f"Failing in what the user pasted, not run since: {', '.join(names[:FAILED_SHOWN])}"


def outcomes(work: WorkState, limit: int = CHECKS_SHOWN) -> list[str]:
    """The checks in one line each for those after the last edit and those before it."""
    newest = list(work["checks"].items())
    after = [item for item in newest if item[1]["order"] >= work["edited"]]
    before = [item for item in newest if item not in after]
    before = [item for item in before if not _is_past(work, item[1])]
    red = [item for item in before if not item[1]["passed"]]
    rows = [("Checks after the last edit", after),
            ("Checks before the last edit, not run since", red if after else before)]  # fmt: skip
    return [f"{title}: {'; '.join(_told(found)[:limit])}" for title, found in rows if found]


def _is_past(work: WorkState, check: Check) -> bool:
    """Whether a failure has been edited for and committed since: what it says is over."""
    return not check["passed"] and any(one["turn"] > check["turn"] for one in work["commits"])


def _told(found: list[tuple[str, Check]]) -> list[str]:
    failed = [item for item in reversed(found) if not item[1]["passed"]]
    following = [one.get("reason") for _, one in failed[1:]]
    red = [
        _outcome(name, one, "" if one.get("reason") == after else one.get("reason", ""))
        for (name, one), after in zip_longest(failed, following)
    ]
    green = [_outcome(*item, "") for item in reversed(found) if item[1]["passed"]]
    return [*red, *green]


def _outcome(command: str, check: Check, reason: str) -> str:
    name = sentences.cut(command, COMMAND_CHARS)
    if check["passed"]:
        return f"{name} passed"
    names = ", ".join(check["failed"][:FAILED_SHOWN])
    told = "; ".join(filter(None, [names, reason and f"Claude said: “{reason}”"]))
    return f"{name} FAILED ({told})" if told else f"{name} FAILED"
