"""Commits, pushes and pull requests that Claude made through the shell. Pure. Fast lane.

Known from the commands; of the output count the line in which git names the new commit
(`[main 1a2b3c4] …`, of which the hash is kept) and the line that is a pull request's address.
"""

from __future__ import annotations

from clearpoint.work import current_task, named_files, notes, rewriting, shell_files, tasks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.outcomes import Commit, PullRequest, PullRequestStatus
    from clearpoint.models.work import WorkState
    from clearpoint.work.shell_command import Command

LIMIT = 24
SUBJECT_CHARS = 160
SEEN_CHARS = 8_000
GIT_VALUED = ("-C", "-c", "--git-dir", "--work-tree")
MESSAGE = ("-m", "--message")
FROM_FILE = ("-F", "--file")
REPOSITORY = ("-R", "--repo")
DRY = frozenset(("--dry-run", "--help", "-h", "--porcelain"))
REFUSED = ("! [rejected]", "error: failed to push", "fatal:", "nothing to commit",
           "no changes added to commit", "nothing added to commit", "error: pathspec",
           "Everything up-to-date")  # fmt: skip
STATUSES: dict[str, PullRequestStatus] = {"merge": "merged", "close": "closed", "reopen": "open",
                                          "ready": "open"}  # fmt: skip
COMMITTING = ("commit", "revert", "cherry-pick")
OWN_SUBJECTS = ("Merge ", 'Revert "')
"""How the subjects begin that git itself gives."""
PULL = "/pull/"
NUMBER_DIGITS = 9


def note(
    work: WorkState,
    commands: list[Command],
    folder: str,
    said: tuple[str, str, str],
    *,
    ok: bool,
) -> None:
    """Take in what a line did to the repository, of what it ran in the project.

    `folder` is where the shell stood, `said` the output, the entry of the call and the branch at
    its time; `ok` says that the line ended with success.
    """
    output, entry, branch = said
    made = hashes(output)
    for place, (command, where) in enumerate(shell_files.placed(commands, folder)):
        bare = command.unwrapped()
        if bare.name not in ("git", "gh") or not DRY.isdisjoint(bare.words):
            continue
        is_sure = ok and all(one.joint in ("&&", "") for one in commands[place:-1])
        is_sure = is_sure and command.joint in ("&&", "", ";")
        verb = verb_of(bare.words) if bare.name == "git" else ""
        is_own = rewriting.is_of_project(work, commands, place, where, folder)
        if verb in COMMITTING:
            if made or (is_sure and verb == "commit" and not is_refused(output)):
                name = made.pop(0) if made else ""
                if is_own:
                    _commit(work, bare, (name, own_subject(output, name)), entry)
        elif verb == "push":
            if is_own and ok and not is_refused(output):
                _push(work, bare)
        elif verb and is_own:
            rewriting.note(work, bare, output, where, ok=is_sure)
        elif _of_gh(bare).words[1:2] == ["pr"]:
            _pull_request(work, bare, output, (entry, branch), ok=ok)


def _of_gh(command: Command) -> Command:
    """The command with the repository that it is told behind what it does."""
    words, literal = command.words, command.literal
    if words[1:2] and words[1] in REPOSITORY:
        command.words = [words[0], *words[3:], *words[1:3]]
        command.literal = [literal[0], *literal[3:], *literal[1:3]]
    return command


def verb_of(words: list[str]) -> str:
    """What git is told to do, behind its own options."""
    place = 1
    while place < len(words) and words[place].startswith("-"):
        place += 2 if words[place] in GIT_VALUED else 1
    return words[place] if place < len(words) else ""


def is_refused(output: str) -> bool:
    """Whether git says that nothing came of it."""
    return any(mark in output[:SEEN_CHARS] for mark in REFUSED)


def hashes(output: str) -> list[str]:
    """The hashes of the commits that git names in an output, in order."""
    found = []
    for row in ends(output).splitlines() if "[" in output else ():
        inside, bracket, _ = row[1:].partition("] ")
        last = inside.rpartition(" ")[2]
        if row.startswith("[") and bracket and " " in inside and is_hash(last):
            found.append(last)
    return found


def ends(output: str) -> str:
    """The beginning and the end of an output: the hooks of a commit may print much before it."""
    if len(output) <= 2 * SEEN_CHARS:
        return output
    return f"{output[:SEEN_CHARS]}\n{output[-SEEN_CHARS:]}"


def is_hash(word: str) -> bool:
    """Whether a word is the beginning of a commit's hash."""
    return 6 <= len(word) <= 64 and all(char in "0123456789abcdef" for char in word)


def own_subject(output: str, name: str) -> str:
    """The subject that git gives a commit by itself, in the line that names it."""
    for row in ends(output).splitlines() if name else ():
        subject = row.partition(f"{name}] ")[2].strip()
        if subject.startswith(OWN_SUBJECTS) and subject.isprintable():
            return subject[:SUBJECT_CHARS]
    return ""


def _commit(work: WorkState, command: Command, made_by: tuple[str, str], entry: str) -> None:
    name, merged = made_by
    subject = subject_of(command) or merged
    is_amended = "--amend" in command.words
    commits = work["commits"]
    amended = commits[-1] if is_amended and commits else None
    subject = subject or (amended["subject"] if amended else "")
    if not subject and not name:
        return
    made: Commit = {
        "subject": subject,
        "hash": name,
        "turn": work["turn"],
        "entry": entry,
        "is_pushed": False,
    }
    if is_amended:
        made["amends"] = amended["hash"] if amended else ""
    work["commits"] = [*(one for one in commits if one is not amended), made][-LIMIT:]
    current_task.end(work)
    tasks.rest(work)
    notes.forget_causes(work)
    work["summary"] = None


def subject_of(command: Command) -> str:
    """The first line of a commit's message; empty if the command does not hold it."""
    words = command.words
    for place, word in enumerate(words[1:], 1):
        text, sure = None, False
        if _takes_message(word) and place + 1 < len(words):
            text, sure = words[place + 1], command.literal[place + 1]
        elif word.startswith("--message="):
            text, sure = word.partition("=")[2], command.literal[place]
        elif word.startswith("-m") and len(word) > 2:
            text, sure = word[2:], command.literal[place]
        elif word in FROM_FILE and words[place + 1 : place + 2] == ["-"]:
            text, sure = command.text, True
        if text is not None:
            rows = [row.strip() for row in text.splitlines() if row.strip()]
            return rows[0][:SUBJECT_CHARS] if rows and sure else ""
    return ""


def _takes_message(word: str) -> bool:
    """Whether a word is `-m`, alone or behind other short options: `-am`."""
    is_short = word.startswith("-") and not word.startswith("--") and word[1:].isalpha()
    return word in MESSAGE or (is_short and word.endswith("m") and len(word) <= 5)


def _push(work: WorkState, command: Command) -> None:
    """What was committed is with the remote now."""
    if "--tags" in command.words or "--delete" in command.words or "-d" in command.words:
        return
    is_forced = rewriting.forces(command.words)
    for commit in work["commits"]:
        if is_forced and not commit["is_pushed"]:
            commit["is_forced"] = True
        commit["is_pushed"] = True


def _pull_request(
    work: WorkState, command: Command, output: str, at: tuple[str, str], *, ok: bool
) -> None:
    """A pull request is opened, merged, closed or made ready; `at` are the entry and the branch."""
    entry, branch = at
    verb = command.words[2] if len(command.words) > 2 else ""
    if verb == "create":
        if (found := address(output)) is not None:
            _keep(work, {
                "number": found[1],
                "repository": found[0],
                "title": option(command, ("--title", "-t")),
                "status": "draft" if {"--draft", "-d"} & set(command.words) else "open",
                "turn": work["turn"],
                "entry": entry,
                "branch": option(command, ("--head", "-H")) or branch,
            })  # fmt: skip
    elif verb in STATUSES and ok and "--auto" not in command.words:
        _turn(work, command, STATUSES[verb], entry)


def _turn(work: WorkState, command: Command, status: PullRequestStatus, entry: str) -> None:
    """A pull request, by its number or the newest one, has another status."""
    named = [word for word, _ in named_files.operands(command, "gh")[2:]]
    number = _number(named[0]) if named else 0
    known = [one for one in work["pull_requests"] if number in (0, one["number"])]
    if known and not (named and not number):
        _keep(work, {**known[-1], "status": status, "turn": work["turn"], "entry": entry})
    elif number:
        _keep(work, {
            "number": number, "repository": "", "title": "", "status": status,
            "turn": work["turn"], "entry": entry,
        })  # fmt: skip


def _keep(work: WorkState, one: PullRequest) -> None:
    others = [other for other in work["pull_requests"] if other["number"] != one["number"]]
    work["pull_requests"] = [*others, one][-LIMIT:]


def _number(word: str) -> int:
    """The number in `77`, `#77` or a pull request's address; 0 if there is none."""
    digits = word.rpartition(PULL)[2].lstrip("#")
    return int(digits) if digits.isdigit() and len(digits) <= NUMBER_DIGITS else 0


def address(output: str) -> tuple[str, int] | None:
    """Repository and number of the pull request whose address is a line of the output."""
    for row in output[:SEEN_CHARS].splitlines():
        word = row.strip()
        if word.startswith("https://") and PULL in word and " " not in word:
            parts = word.split("/")
            is_plain = len(parts) == 7 and all(_is_plain(part) for part in parts[3:5])
            if is_plain and parts[5] == "pull" and (number := _number(parts[6])):
                return f"{parts[3]}/{parts[4]}", number
    return None


def _is_plain(part: str) -> bool:
    return (
        bool(part)
        and len(part) <= 100
        and part.replace("-", "").replace("_", "").replace(".", "").isalnum()
    )


def option(command: Command, names: tuple[str, ...]) -> str:
    """The literal value of an option; empty if there is none."""
    for place, word in enumerate(command.words):
        value, sure = "", False
        if word in names and place + 1 < len(command.words):
            value, sure = command.words[place + 1], command.literal[place + 1]
        elif word.startswith(tuple(f"{name}=" for name in names)):
            value, sure = word.partition("=")[2], command.literal[place]
        if sure and value:
            return " ".join(value.split())[:SUBJECT_CHARS]
    return ""
