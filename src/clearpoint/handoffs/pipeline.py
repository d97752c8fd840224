"""Handoffs for users and pipelines: made, checked, listed, sent to and taken from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clearpoint.config.load import load
from clearpoint.handoffs import history, validate
from clearpoint.handoffs.create import make, name_of, series_of, sizes, within
from clearpoint.handoffs.errors import AgentCompatibilityError, IntegrityError
from clearpoint.handoffs.reconcile import lineage_of, settled
from clearpoint.handoffs.record import Record, find, sessions
from clearpoint.handoffs.render import minimal_context
from clearpoint.handoffs.subagents import FILES_KEPT
from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.clock import now_text
from clearpoint.lowlevel.files import write_atomically
from clearpoint.session.stored import StoredSession
from clearpoint.store import tags
from clearpoint.store.store import Store
from clearpoint.tokens.encoder import count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clearpoint.handoffs.package import Package
    from clearpoint.handoffs.shapes import Handoff, PlainPackage, PlainPredecessor
    from clearpoint.models.config import HandoffsConfig
    from clearpoint.models.state import State

SESSIONS_LISTED = 50


class HandoffService:
    """One project's handoffs; every method can raise HandoffError, OSError and TimeoutError."""

    __slots__ = ("env", "project", "root", "store")

    def __init__(self, project: str, root: str, env: Mapping[str, str]) -> None:
        self.project = project
        self.root = root
        self.env = env
        self.store = Store(root)

    @property
    def settings(self) -> HandoffsConfig:
        """`[handoffs]`."""
        return load(self.project, self.root, self.env)[0]["handoffs"]

    def create(  # noqa: PLR0913  (what a handoff is made of)
        self,
        session_id: str,
        from_agent: str,
        to_agent: str,
        *,
        next_step: str | None = None,
        available: int | None = None,
        agreed: bool = False,
    ) -> tuple[Package, str]:
        """A package of a session's work, recorded; and the warning that its pair deserves.

        `available` is the tokens that the receiver has left: as many as the session, if None.
        """
        kept = StoredSession(self.project, session_id, self.env)
        state, config = kept.current(), kept.config
        agents = {"from_agent": name_of(from_agent), "to_agent": name_of(to_agent)}
        if not all(agents.values()):
            raise AgentCompatibilityError(
                "both agents need a name, such as planner and implementer"
            )
        before = self._before(agents["from_agent"], state)
        made = make(
            state,
            config,
            **agents,
            now=now_text(),
            store=self.store,
            project=self.project,
            available=state["context_window"]["available"] if available is None else available,
            measure=count,
            next_step=next_step,
            before=before,
        )
        package, _ = validate.taken(as_bytes(made.package))
        said = validate.admit(package, config["handoffs"], measure=count, agreed=agreed)
        record = Record(self.store, session_id)
        size = count(self.context(package))
        with record.lock():
            policy = "warn" if said else "allow"
            record.keep(made.package, made.tags, "created", policy=policy, **sizes(made, size))
        return package, said

    def _before(self, agent: str, state: State) -> PlainPredecessor | None:
        """The handoff that this agent has worked on, the newest that was made for it."""
        made_for = (one for one in self.handoffs() if one["to_agent"] == agent)
        one = next(made_for, None)
        if one is None:
            return None
        touched = state["work_state"]["files"].items()
        changed = [within(path, self.project) for path, touch in touched if touch["edits"]]
        return {
            "handoff_id": one["handoff_id"],
            "agent": agent,
            "outcome": "completed",
            "tokens": state["context_window"]["used"],
            "files": [path for path in changed if path][:FILES_KEPT],
        }

    def check(self, data: bytes, *, agreed: bool = False) -> tuple[Package, str]:
        """The package in these bytes, once it is sure that it can be taken in; and its warning."""
        package, _ = validate.taken(data)
        return package, validate.admit(package, self.settings, measure=count, agreed=agreed)

    def package(self, beginning: str | None = None) -> tuple[Package, Record]:
        """A recorded package, by the beginning of its id, or the newest."""
        record, identifier = find(self.store, beginning)
        return validate.taken(record.bytes_of(identifier))[0], record

    def context(self, package: Package) -> str:
        """What the next agent reads of a package."""
        record = Record(self.store, package.session_context.session_id)
        place = record.place(package.handoff_id, self.project)
        return minimal_context(package.plain, place=place)

    def handoffs(self, session_id: str | None = None) -> list[Handoff]:
        """The handoffs of the project, or of a session and those that it continues, newest first.

        What ended without notice is recorded first.
        """
        known = sessions(self.store)
        if session_id is not None:
            known = lineage_of(Record(self.store, session_id), SESSIONS_LISTED)
        found: list[Handoff] = []
        for one in reversed(known[:SESSIONS_LISTED]):
            record = Record(self.store, one)
            if record.lines():
                with record.lock():
                    found += settled(record, self.project).handoffs.values()
        return sorted(found, key=lambda one: one["created_at"])[::-1]

    def send(self, beginning: str | None, path: str) -> Package:
        """Write a package to a file for another machine, with the texts of its tags."""
        package, _ = self.package(beginning)
        mine = f"{series_of(package.handoff_id)}-"
        names = [name for name in tags.names(self.root) if name.startswith(mine)]
        texts = {name: tags.read(self.root, name)["text"] or "" for name in names}
        write_atomically(path, validate.written(package, texts))
        return package

    def take(self, data: bytes, *, agreed: bool = False) -> tuple[Package, str, bool]:
        """Take a package in; gives it, its warning, and whether it is new here."""
        package, texts = validate.taken(data)
        said = validate.admit(package, self.settings, measure=count, agreed=agreed)
        self.store.make_root()
        record = Record(self.store, package.session_context.session_id)
        with record.lock():
            if package.handoff_id in history.told(record.lines(), record.session_id).handoffs:
                here = validate.taken(record.bytes_of(package.handoff_id))[0]
                if here != package:
                    raise IntegrityError(
                        f"another package is already recorded as {package.handoff_id}; "
                        "clearpoint handoff show prints it"
                    )
                return package, said, False
            size = count(self.context(package))
            record.keep(package.plain, texts, "imported", size=size, original_size=size)
        return package, said, True


def as_bytes(package: PlainPackage) -> bytes:
    """A package as it is kept."""
    return fast_json.encode(fast_json.pretty(package))
