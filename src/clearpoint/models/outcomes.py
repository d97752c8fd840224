"""What came of Claude's calls: checks, commits, pull requests, commands, the worktree."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

CheckKind = Literal["test", "build", "types", "lint"]

PullRequestStatus = Literal["open", "draft", "merged", "closed"]


class FailedCommand(TypedDict):
    """A shell line of Claude's that failed."""

    command: str
    """Shortened, its secrets masked."""
    entry: str
    turn: int


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
    reason: NotRequired[str]
    """What Claude said of the failure, where it holds it for no fault of the work."""


class Commit(TypedDict):
    """A commit that Claude made with git."""

    subject: str
    hash: str
    """Its beginning, as git printed it; empty if it did not."""
    turn: int
    entry: str
    is_pushed: bool
    amends: NotRequired[str]
    """The hash of the commit that it takes the place of; empty if that is not known."""
    is_rewritten: NotRequired[bool]
    """Whether a rebase came after it: its hash is the one from before."""
    lost: NotRequired[list[str]]
    """Trailers that the commit before had and this one lacks."""
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
    branch: NotRequired[str]
    """The branch that it was opened from; empty if that is not known."""


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
    """`merge`, `rebase` or the like, if one is in progress; otherwise empty."""
    conflicts: NotRequired[list[str]]
    """Files that are in conflict."""
