"""Where the work stands, and what it is made of."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

Phase = Literal[
    "initialization",
    "planning",
    "implementation",
    "testing",
    "documentation",
    "review",
    "completed",
]


Manner = Literal["prompt", "while working", "rejection", "command", "answer", "compaction"]
"""How words of the user were said: typed as a prompt, typed while Claude worked, given as the
reason for rejecting a call or a plan, as arguments of a slash command or skill, as the answer to
a question of Claude's, or behind `/compact`."""

CheckKind = Literal["test", "build", "types", "lint"]

StepSource = Literal["todo", "plan", "answer", "file", "hand"]
"""Where steps are known from: a to-do tool, the approved plan, a list in an answer of Claude's,
the checkboxes of a file of the specification, or the user's own commands."""

PullRequestStatus = Literal["open", "draft", "merged", "closed"]


class Noted(TypedDict):
    """A decision, an issue or a note, with where it was said."""

    text: str
    at: str | None
    entry: str | None
    """The uuid of the transcript entry; None if it was set by hand."""
    pointer: NotRequired[str]
    """File and line of the archived original, below the state folder."""
    object: NotRequired[str]
    """What a decision was about where the reply alone does not say it: the heading, the option or
    the recommendation above the question."""
    object_entry: NotRequired[str]
    """The uuid of Claude's message that asked."""
    object_pointer: NotRequired[str]
    """File and line of that message, once it is archived."""
    turn: NotRequired[int]
    """The turn in which it was said."""
    order: NotRequired[int]
    """Touches when it was said."""
    is_answer: NotRequired[bool]
    """Whether it answers a question of choice: kept until that is answered otherwise."""


class Utterance(TypedDict):
    """Words of the user."""

    text: str
    """Shortened where they are long; the archive has them whole."""
    how: Manner
    about: str
    """What they were said to: the call that was rejected (`Edit mover.py`), the command
    (`/review`), the question that they answer; empty for a prompt."""
    entry: str | None
    turn: int
    pointer: NotRequired[str]
    outcome: NotRequired[str]
    """What came of a prompt or command: the beginning of the answer, once the next one has come;
    of the newest dozen."""


class Answer(TypedDict):
    """The last answer of Claude's, with its lines."""

    text: str
    """Whole, or its end where `is_cut`."""
    is_cut: bool
    entry: str | None
    turn: int
    touches: NotRequired[int]
    """Touches of files when it was given: what is edited later has more."""
    pointer: NotRequired[str]


class FailedCommand(TypedDict):
    """A shell line of Claude's that failed."""

    command: str
    """Shortened, its secrets masked."""
    entry: str
    turn: int


class Question(TypedDict):
    """What Claude waits for the user to answer."""

    text: str
    entry: str | None
    """The uuid of the message that asks."""
    options: list[str]
    """The options to choose from, as they are worded; empty for an open question."""


class Check(TypedDict):
    """The newest outcome of one command that tests, builds, type-checks or lints."""

    kind: CheckKind
    passed: bool
    turn: int
    order: int
    """Touches when it ran: it covers the last edit if this is not below `edited`."""
    entry: str
    failed: list[str]
    """Names of the tests that failed, where the output names them."""


class Commit(TypedDict):
    """A commit that Claude made with git."""

    subject: str
    hash: str
    """Its beginning, as git printed it; empty if it did not."""
    turn: int
    entry: str
    is_pushed: bool
    amends: NotRequired[str]
    """The hash of the commit that it takes the place of; empty where that is not known."""
    is_rewritten: NotRequired[bool]
    """Whether a rebase came after it: its hash is the one from before."""
    is_forced: NotRequired[bool]
    """Whether it was pushed over what the remote had."""


class PullRequest(TypedDict):
    """A pull request that Claude opened, merged or closed."""

    number: int
    repository: str
    """`owner/name`, empty if that is not known."""
    title: str
    status: PullRequestStatus
    turn: int
    entry: str


class Filed(TypedDict):
    """An issue or a comment that Claude has filed."""

    what: str
    """`issue acme/shop#12`, `comment on acme/shop#7`, `issue ENT-163 (linear)`."""
    title: str
    turn: int
    entry: str


class Background(TypedDict):
    """A command that runs in the background."""

    command: str
    turn: int
    entry: str
    is_detached: NotRequired[bool]
    """Whether the shell put it there with `&`: nothing tells when it ends."""


class GitStatus(TypedDict):
    """What git says of the worktree in use, at the newest start or compaction."""

    branch: str | None
    worktree: str
    """Its folder, within the project where it lies there."""
    upstream: str | None
    ahead: int
    behind: int
    changed: list[str]
    """Files with uncommitted changes, the first ones."""
    changed_number: int
    commits: list[list[str]]
    """The newest: hash and subject, the newest first."""
    at: str
    unfinished: NotRequired[str]
    """`merge`, `rebase` or the like, if one is in progress; else empty."""
    conflicts: NotRequired[list[str]]
    """Files that are in conflict."""


class Handover(TypedDict):
    """The hand-over note that Claude wrote."""

    text: str
    at: str
    entry: str
    turn: int
    touches: int
    """Touches of files when it was written: it is current while no file was changed since."""
    problem: str
    """What is wrong with its size or shape; empty if nothing is."""
    pointer: NotRequired[str]


class CompactSummary(TypedDict):
    """What the client's own summary of a compaction says of the work that is left."""

    text: str
    """Its sections on pending tasks, current work and the next step."""
    turn: int
    is_answered: NotRequired[bool]
    """Whether Claude has said something since: at the end of a turn it is old then."""
    entry: str
    pointer: NotRequired[str]


Weights = dict[str, list[float]]
"""Names in play: what each weighed when it was last met, and the entry number of that."""


class FileTouch(TypedDict):
    """One file in play."""

    reads: int
    edits: int
    turn: int
    """The turn of the newest touch."""
    order: int
    added: NotRequired[int]
    """Lines that edits added in all."""
    removed: NotRequired[int]
    created: NotRequired[bool]
    deleted: NotRequired[bool]
    defined: NotRequired[list[str]]
    """What the newest changes define: functions, types, the newest last."""


class Agent(TypedDict):
    """One agent that was started."""

    kind: str
    task: str
    turn: int
    """The turn in which it was started or last answered."""
    transcripts: NotRequired[str]
    """The folder of its own transcript, once the session that started it is another one."""
    is_running: NotRequired[bool]
    """Whether its end is not known: it was called, or put into the background."""


class StepSpan(TypedDict):
    """The work on one step, while it was at hand."""

    step: str
    begun: str
    """The uuid of the transcript entry that took it up."""
    ended: str | None
    """The same of the one that left it; None while it is at hand."""
    pointer: NotRequired[str]
    """File and line of the archived original, below the state folder."""
    gist: NotRequired[str]
    """What was said in the course of it, where that was long."""


class WorkState(TypedDict):
    """Where the work stands."""

    current_spec: str | None
    phase: Phase
    completed_steps: list[str]
    current_step: str | None
    pending_steps: list[str]
    next_step: str | None
    artifacts: list[str]
    """Files that were written or changed."""
    decisions: list[Noted]
    issues: list[Noted]
    notes: list[Noted]
    files: dict[str, FileTouch]
    tasks: dict[str, list[str]]
    """Tasks by id: subject and status."""
    plan: str | None
    """The newest plan, of plan mode."""
    first_prompt: str | None
    last_prompt: str | None
    last_answer: str | None
    failing: dict[str, str]
    """Commands that failed and have not passed since, by command, with the entry."""
    running: dict[str, list[str]]
    """Tool calls without a result yet: id to name and what is to be known when it comes."""
    touches: int
    """Reads and edits so far."""
    hand_set: list[str]
    """Fields that were set by hand, which the transcript does not change."""
    clock: int
    """Entries taken in: the time that names are weighed by."""
    turn: int
    """Prompts that the user typed."""
    prompts: list[str]
    """The newest prompts, shortened, the newest last."""
    last_words: str
    """The end of the last answer, where nothing was called after it: it may ask something."""
    asked: str
    """What Claude had asked when the last prompt was typed; empty if it had asked nothing."""
    approved: bool
    """Whether the plan was approved."""
    planned: int
    """The turn of the plan."""
    stepped: int
    """The turn in which the steps were last changed."""
    spans: list[StepSpan]
    """The work on the newest steps, the newest last."""
    said: list[Utterance]
    """Words of the user on the live branch, the newest last."""
    task_entry: str
    """The uuid of the words that are the task; empty if none are."""
    task_done: bool
    """Whether a commit has ended the task."""
    commanded: bool
    """Whether the work that a slash command began still runs."""
    answer: Answer | None
    """The last answer, whole: the text blocks since the last prompt or call."""
    waiting: Question | None
    """What Claude waits for the user to answer; None if it waits for nothing."""
    remaining: list[str]
    """What the last answer lists as still to be done."""
    steps_source: StepSource | None
    """Where the steps are known from; None if nothing is known of steps."""
    steps_entry: str
    """The uuid of the entry, or the path of the file, that the steps are from."""
    steps_old: bool
    """Whether an answer that is newer than the list says that some of its open steps are done."""
    promised: list[str]
    """What Claude said it will do once something is done; gone when it goes on with its work."""
    checks: dict[str, Check]
    """The newest outcome of each check, by command, the newest last."""
    edited: int
    """Touches when a file was changed last."""
    commits: list[Commit]
    filed: list[Filed]
    """Issues and comments that Claude has filed, the newest last."""
    pull_requests: list[PullRequest]
    background: dict[str, Background]
    """Commands that run in the background, by the id that the client gave."""
    git: GitStatus | None
    base: str
    """The folder that the session began in."""
    checkouts: list[str]
    """Worktrees of the project that the work has added."""
    shell_folder: dict[str, str]
    """Where a `cd` has left the shell, by the folder that the client says it is in."""
    named_artifacts: dict[str, str]
    """Artifacts that were set by hand: name to path."""
    hand_steps: dict[str, str]
    """Steps that were set by hand: text to status, `removed` for one that is to be left out."""
    hand_removed: list[str]
    """Texts of decisions and issues that were taken away by hand, and are not noted again."""
    listed: list[str]
    """The steps that Claude numbered last, if it has not begun to count them off."""
    itemized: Answer | None
    """The labelled items of the newest earlier answer that has such."""
    failed_command: FailedCommand | None
    """The newest shell line, where it failed."""
    interrupted: bool
    """Whether the last turn was interrupted."""
    handover: Handover | None
    """The newest hand-over note of Claude's."""
    handover_turn: int
    """The turn whose answer shall end with one; -1 where none was asked for."""
    handover_wanted: bool
    """Whether the user asked for it, and not a setting."""
    summary: CompactSummary | None
    """What the newest compaction's summary says of the work that is left."""
    branches: list[list[str]]
    """Prompts that others can hang beside after a rewind: parent and own uuid."""
    dead: list[list[str]]
    """Rewound stretches of the transcript: the uuid of their first prompt and of the prompt that
    goes on in their place."""
    dead_until: str
    """Within such a stretch, the uuid of the prompt that ends it; else empty."""
    names: Weights
    """Identifiers in play."""
    mentions: Weights
    """File names that were spoken of."""
    servers: dict[str, int]
    """MCP servers in use, with the turn of the newest call."""
    agents: dict[str, Agent]
    """Agents in use, by their id; by that of the call while it has no result."""
