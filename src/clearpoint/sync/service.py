"""Push and pull for one project: which sessions, from where, and what is said of each."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, NamedTuple

from clearpoint.lowlevel.files import QuickLock, write_atomically
from clearpoint.session.find import SessionError
from clearpoint.store.checksummed import DamagedStateError, read_sealed, seal
from clearpoint.store.store import Store
from clearpoint.sync import exchange, remote
from clearpoint.sync.git import Git, GitError, without_password, written_out
from clearpoint.sync.public import PUBLIC, is_public
from clearpoint.sync.sessions import composed, take_over
from clearpoint.sync.snapshot import SnapshotError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from clearpoint.sync.remote import Remote

REPOSITORY = "sync.git"
LOCK, PUSHED = "sync.lock", "pushed.json"
LOCK_S = 5.0


class Outcome(NamedTuple):
    """What came of a push or a pull: the sessions that went, and those that did not, with why."""

    done: list[str]
    failed: dict[str, str]


class Exchange:
    """One project with its remote; raises NoRemoteError if it has none."""

    def __init__(self, project: str, root: str, own_folder: str, env: Mapping[str, str]) -> None:
        self.project, self.root, self.own_folder, self.env = project, root, own_folder, env
        found = remote.read(own_folder, remote.key_of(root))
        if found is None:
            raise NoRemoteError(
                "no remote is set for this project; add one: clearpoint remote add git"
            )
        self.remote: Remote = found
        self.store = Store(root)

    def git(self) -> Git:
        """The repository of snapshots, with the project's way to its remote."""
        self.store.make_root()
        return Git(os.path.join(self.root, REPOSITORY), self.project, self.env)

    def push(self, session_ids: Sequence[str] = (), *, with_archive: bool = True) -> Outcome:
        """Push the sessions that have changed since the last push, or these. Raises GitError."""
        with QuickLock(self._lock_path(), LOCK_S):
            git, machine = self.git(), remote.machine(self.own_folder)
            self._refuse_public()
            stamps = self._stamps(session_ids)
            failed: dict[str, str] = {}
            made = []
            for session_id in stamps:
                try:
                    one = composed(
                        self.project, session_id, machine, self.env, with_archive=with_archive
                    )
                except (SessionError, OSError) as error:
                    failed[session_id] = str(error)
                    continue
                made += [one] if one else []
            sent = [head["session_id"] for head, _ in made]
            if made:
                exchange.commit(git, self.remote, made)
                failed |= exchange.push(git, self.remote, sent)
            self._note({one: mark for one, mark in stamps.items() if one not in failed})
        return Outcome([one for one in sent if one not in failed], failed)

    def pull(self, session_ids: Sequence[str] = (), user: str = "") -> Outcome:
        """Take over the user's sessions that are newer there. Raises GitError."""
        with QuickLock(self._lock_path(), LOCK_S):
            git, user = self.git(), user or self.remote["user"]
            offers = exchange.offered(git, self.remote, user)
            known = set(git.tips(exchange.SENT, exchange.TAKEN).values())
            refs = {
                exchange.ref_of(exchange.SENT, user, session_id): session_id
                for session_id, name in wanted(offers, session_ids)
                if name not in known
            }
            failed = exchange.fetch_each(git, self.remote, list(refs))
            failed = {refs[ref]: reason for ref, reason in failed.items()}
            done = []
            for session_id in refs.values():
                if session_id not in failed:
                    try:
                        done += self._take(git, user, session_id)
                    except (SnapshotError, GitError, OSError) as error:
                        failed[session_id] = str(error)
        return Outcome(done, failed)

    def _take(self, git: Git, user: str, session_id: str) -> list[str]:
        """Keep a session that was fetched; what is refused is as if it had never come."""
        ref = exchange.ref_of(exchange.TAKEN, user, session_id)
        try:
            taken = exchange.read(git, self.remote, session_id, git.tips(ref)[ref])
            is_news = take_over(self.store, taken, f"{user}@{taken.head['machine'][:16]}")
        except BaseException:
            git.run("update-ref", "-d", ref)
            raise
        return [session_id] if is_news else []

    def _refuse_public(self) -> None:
        """Raise GitError if anyone can read the remote; asked once a day, and of a new address.

        The settings of git, or those of the host, may have changed since it was added.
        """
        address = written_out(self.remote["url"], self.project, self.env)
        if self.remote["recipients"] or address == self.remote.get("agreed"):
            return
        is_known = address == self.remote.get("asked")
        if is_known and not self.store.is_first_today("asked-for", time.time()):
            return
        if is_public(address, self.env):
            raise GitError(PUBLIC.format(url=without_password(address)))
        if not is_known:
            seen: Remote = {**self.remote, "asked": address}
            remote.write(self.own_folder, remote.key_of(self.root), seen)

    def _lock_path(self) -> str:
        self.store.make_root()
        return os.path.join(self.root, LOCK)

    def _stamps(self, session_ids: Sequence[str]) -> dict[str, list[int]]:
        """The sessions to push, each with a mark that changes whenever its state does."""
        before = self._pushed()
        found = {}
        for session_id in session_ids or self.store.newest_ids():
            status = os.stat(self.store.written_state_path(session_id))
            mark = [status.st_mtime_ns, status.st_size]
            if session_ids or before.get(session_id) != mark:
                found[session_id] = mark
        return found

    def _pushed(self) -> dict[str, list[int]]:
        try:
            pushed: dict[str, list[int]] = read_sealed(os.path.join(self.root, PUSHED))["sessions"]
        except (OSError, DamagedStateError, KeyError):
            return {}
        return pushed

    def _note(self, stamps: Mapping[str, list[int]]) -> None:
        sessions = {**self._pushed(), **stamps}
        write_atomically(os.path.join(self.root, PUSHED), seal({"sessions": sessions}, 1))


class NoRemoteError(Exception):
    """A project has no remote; the text is one line for the user."""


def wanted(offers: Mapping[str, str], session_ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The offered sessions that are asked for: all, or those that begin like one of these."""
    for session_id, commit in offers.items():
        if not session_ids or any(session_id.startswith(one) for one in session_ids):
            yield session_id, commit
