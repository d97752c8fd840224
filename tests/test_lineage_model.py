"""Whatever clients do side by side, none is given what is not its own, and nothing is lost.

A model of who continues whom, beside real client processes in two process namespaces and two
worktrees of a repository. Each session decides something that no other does, so that its words
are known wherever they turn up. `CLEARPOINT_MODEL_EXAMPLES` is the number of courses.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from made import answer, prompt

from clearpoint.session.load import read
from clearpoint.store.layout import state_root
from clearpoint.store.store import Store

EXAMPLES = int(os.environ.get("CLEARPOINT_MODEL_EXAMPLES", "100"))
PARTS = 4
"""Tests that share them, so that they run side by side."""
WORKER = str(Path(__file__).with_name("lineage_worker.py"))
NAMESPACE = ["unshare", "--pid", "--fork", "--mount-proc"]

pytestmark = pytest.mark.processes


@cache
def has_namespaces() -> bool:
    """Whether this machine lets us make a process namespace."""
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*NAMESPACE, "true"], check=False, capture_output=True).returncode == 0


@cache
def worker(number: int) -> subprocess.Popen[str]:
    """A namespace that lives as long as the tests; both count their processes from one."""
    assert number in (0, 1)
    before = NAMESPACE if has_namespaces() else []
    return subprocess.Popen(
        [*before, sys.executable, WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def told(number: int, **order: Any) -> Any:
    """Have a namespace do something; give its answer."""
    process = worker(number)
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps(order) + "\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


@dataclass
class Session:
    """What is true of a session: its words, and whom it really goes on from."""

    name: str
    place: str
    namespace: int
    fact: str
    turns: int = 0
    parents: set[str] = field(default_factory=set)
    """All that it may be linked to as `exact`."""
    is_lost: bool = False
    """Its process was killed while it was in it."""
    is_kept: bool = False
    """A Stop has come through, so that its words must stay."""


@dataclass
class Client:
    """A client process, and the session that it is in."""

    namespace: int
    pid: int
    place: str
    session: str
    has_pid: bool
    is_running: bool = True
    is_heard: bool = False
    """Whether an event of this client has told of the session that it is in."""
    is_straying: bool = False
    """Whether it was in a session that nobody heard of in time."""
    owed: str = ""
    """The session that it cleared, where the start of the next one failed."""


class Sessions(RuleBasedStateMachine):
    """Clients that come, work, clear, crash and go; the model beside them."""

    clients: Bundle[Client] = Bundle("clients")

    @initialize()
    def begin(self) -> None:
        """A repository with a worktree, and no session yet."""
        self.base = Path(tempfile.mkdtemp(prefix="model-"))
        self.sessions: dict[str, Session] = {}
        self.running: list[Client] = []
        self.env = {"HOME": str(self.base / "home")}
        self.transcripts = self.base / "home/.claude/projects/p"
        self.transcripts.mkdir(parents=True)
        for name in ("main", "tree"):
            (self.base / name).mkdir()
        inner = self.base / "main/.git/worktrees/tree"
        inner.mkdir(parents=True)
        for name in ("objects", "refs"):
            (self.base / "main/.git" / name).mkdir()
        for folder, head in ((inner.parents[1], "main"), (inner, "tree")):
            (folder / "HEAD").write_text(f"ref: refs/heads/{head}\n")
        (inner / "commondir").write_text("../..\n")
        (inner / "gitdir").write_text(f"{self.base}/tree/.git\n")
        (self.base / "tree/.git").write_text(f"gitdir: {inner}\n")
        self.set_clock(0)

    def teardown(self) -> None:
        """End every client process that is left."""
        for client in getattr(self, "running", []):
            if client.is_running:
                told(client.namespace, do="kill", pid=client.pid)
        shutil.rmtree(getattr(self, "base", "/nowhere"), ignore_errors=True)

    # What a client does

    @rule(
        target=clients,
        place=st.sampled_from(["main", "tree"]),
        namespace=st.sampled_from([0, 1]),
        is_failing=st.sampled_from([False, False, True]),
        has_pid=st.sampled_from([True, True, True, False]),
    )
    def start(self, place: str, namespace: int, is_failing: bool, has_pid: bool) -> Client:
        """`claude`: a new process, and a session that may go on from one that has crashed."""
        client = self.launch(place, namespace, has_pid)
        session = self.new_session(client)
        session.parents |= self.lost_in(client)
        if not (is_failing and has_pid):
            self.begins(client, "startup")
        return client

    @rule(client=clients)
    def turn(self, client: Client) -> None:
        """A prompt and an answer that decides something."""
        if client.is_running:
            session = self.sessions[client.session]
            session.turns += 1
            given = self.send(client, "user_prompt_submit", prompt="go on")
            if client.owed:
                self.is_exact(client, client.owed)
                assert self.sessions[client.owed].fact in given or not self.is_kept(client.owed)
            client.owed = ""
            self.write(session)
            self.send(client, "stop")
            session.is_kept = client.is_heard = True

    @rule(client=clients, hook=st.sampled_from(["pre_tool_use", "subagent_stop"]))
    def tool(self, client: Client, hook: str) -> None:
        """A tool or an agent is at work."""
        if client.is_running:
            self.send(client, hook, tool_name="Bash", tool_input={}, agent_id="a", agent_type="")

    @rule(
        client=clients,
        failing=st.sampled_from(["", "", "late", "end", "start"]),
        source=st.sampled_from(["clear", "clear", "startup"]),
    )
    def clear(self, client: Client, failing: str, source: str) -> None:
        """`/clear`, one of whose events may fail, or the end come behind the start.

        Some clients call it a start, without an end.
        """
        if not client.is_running or (not client.has_pid and source == "startup"):
            return
        is_told = failing != "end" and source == "clear"
        if is_told and failing != "late":
            self.send(client, "session_end", reason="clear")
        before = client.session
        is_sure = client.is_heard and client.has_pid and not client.is_straying
        is_sure = is_sure and not self.is_continued(before)
        self.new_session(client).parents = {before, *self.ancestors(before)}
        if failing != "start":
            self.begins(client, source)
        elif is_sure and is_told:
            client.owed = before
        if is_told and failing == "late":
            self.send_of(client, before, "session_end", reason="clear")
        if is_sure and failing != "start":
            self.is_exact(client, before)

    @rule(
        client=clients, number=st.integers(0, 30),
        first=st.sampled_from(["", "start", "start", "end"]),
        then=st.sampled_from(["", "end", "end", "start"]),
        way=st.sampled_from(["clear", "branch"]),
    )  # fmt: skip
    def wander(self, client: Client, number: int, first: str, then: str, way: str) -> None:
        """`/resume` and at once `/clear` or `/branch`, in each of which an event may fail."""
        self.resume_inside(client=client, number=number, failing=first)
        if way == "clear":
            self.clear(client=client, failing=then, source="clear")
        else:
            self.branch(client=client, failing=then)

    @rule(client=clients, failing=st.sampled_from(["", "", "end", "start"]))
    def branch(self, client: Client, failing: str) -> None:
        """`/branch`: the session goes on apart, under another id."""
        if not client.is_running or not client.has_pid:
            return
        if failing != "end":
            self.send(client, "session_end", reason="resume")
        before = client.session
        session = self.new_session(client)
        session.parents = {before, *self.ancestors(before)}
        self.copy_transcript(before, session.name)
        if failing != "start":
            self.begins(client, "fork", context_tokens=20_000 + self.sessions[before].turns)

    @rule(
        client=clients, number=st.integers(0, 30), failing=st.sampled_from(["", "", "end", "start"])
    )
    def resume_inside(self, client: Client, number: int, failing: str) -> None:
        """`/resume`: the process goes to another session, which is the same as it was."""
        others = self.closed()
        if client.is_running and client.has_pid and others:
            if failing != "end":
                self.send(client, "session_end", reason="resume")
            client.session = others[number % len(others)]
            self.enters(client)
            if failing != "start":
                self.begins(client, "resume")

    @rule(
        target=clients, number=st.integers(0, 30), namespace=st.sampled_from([0, 1]),
        is_fork=st.booleans(),
    )  # fmt: skip
    def resume(self, number: int, namespace: int, is_fork: bool) -> Any:
        """`claude --resume ID`, and with `--fork-session`: another process."""
        others = self.closed()
        if not others:
            return multiple()
        chosen = self.sessions[others[number % len(others)]]
        client = self.launch(chosen.place, namespace, has_pid=True)
        if is_fork:
            session = self.new_session(client)
            session.parents = {chosen.name, *self.ancestors(chosen.name)}
            self.begins(client, "fork", context_tokens=20_000 + chosen.turns)
        else:
            client.session = chosen.name
            self.enters(client)
            self.begins(client, "resume")
        return client

    @rule(client=clients)
    def compact(self, client: Client) -> None:
        """`/compact`."""
        if client.is_running:
            self.send(client, "pre_compact", trigger="manual")
            self.begins(client, "compact")

    @rule(client=consumes(clients), is_failing=st.sampled_from([False, False, True]))
    def leave(self, client: Client, is_failing: bool) -> None:
        """`/exit`; where its event fails nobody can tell it from a crash."""
        if client.is_running:
            if not is_failing:
                self.send(client, "session_end", reason="prompt_input_exit")
            self.end(client, is_lost=is_failing)

    @rule(client=consumes(clients))
    def crash(self, client: Client) -> None:
        """The process is killed."""
        if client.is_running:
            self.end(client, is_lost=True)

    # What happens around them

    @rule()
    def clean(self) -> None:
        """`git clean -fdx` in the main checkout."""
        git = ["git", "-C", str(self.base / "main"), "clean", "-fdxq"]
        subprocess.run(git, check=False, capture_output=True)

    @rule(minutes=st.sampled_from([0, 0, 20, 600, -600, 60 * 24 * 3]))
    def set_clock(self, minutes: int) -> None:
        """The clock of the machine jumps."""
        for number in (0, 1):
            told(number, do="clock", ahead_s=60.0 * minutes)

    # What must be so

    @invariant()
    def links_are_right_or_unknown(self) -> None:
        """Nobody is linked exactly to a session that it does not really go on from."""
        for name, session in getattr(self, "sessions", {}).items():
            state = read(self.store, name)
            if state and state["lineage"]["confidence"] == "exact":
                parent = state["lineage"]["parent_id"]
                assert parent in session.parents, (name, parent, state["lineage"])

    @invariant()
    def what_was_kept_is_there(self) -> None:
        """Every session that a Stop has seen still has its words."""
        for name, session in getattr(self, "sessions", {}).items():
            if session.is_kept:
                assert session.fact in json.dumps(read(self.store, name)), name

    # How it is done

    @property
    def store(self) -> Store:
        """The state of the repository."""
        return Store(state_root(str(self.base / "main"), self.env))

    def launch(self, place: str, namespace: int, has_pid: bool) -> Client:
        """A new client process."""
        pid = told(namespace, do="start")
        client = Client(namespace, pid, place, "", has_pid)
        self.running.append(client)
        return client

    def new_session(self, client: Client) -> Session:
        """A session that a client goes to."""
        number = len(self.sessions)
        session = Session(f"s-{number:03}", client.place, client.namespace, f"Fact{number:03}x")
        client.is_straying = client.is_straying or bool(client.session and not client.is_heard)
        self.sessions[session.name] = session
        client.session = session.name
        client.is_heard, client.owed = False, ""
        return session

    def enters(self, client: Client) -> None:
        """A client takes up a session that was left."""
        session = self.sessions[client.session]
        session.is_lost, session.namespace, session.place = False, client.namespace, client.place
        client.is_heard, client.owed = False, ""

    def end(self, client: Client, *, is_lost: bool) -> None:
        """A client process ends."""
        client.is_running = False
        self.sessions[client.session].is_lost = is_lost
        told(client.namespace, do="kill", pid=client.pid)

    def closed(self) -> list[str]:
        """The sessions that no client is in, and that have a transcript."""
        held = {client.session for client in self.running if client.is_running}
        return [name for name, one in self.sessions.items() if one.turns and name not in held]

    def lost_in(self, client: Client) -> set[str]:
        """What a fresh start of this client may take for crashed, with all that it holds."""
        lost = {name for name, one in self.sessions.items() if one.is_lost
                and (one.place, one.namespace) == (client.place, client.namespace)}  # fmt: skip
        return lost.union(*map(self.ancestors, lost)) if lost else set()

    def ancestors(self, name: str) -> set[str]:
        """All that a session can hold words of."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            for parent in self.sessions[waiting.pop()].parents - found:
                found.add(parent)
                waiting.append(parent)
        return found

    def transcript(self, name: str) -> Path:
        """Where the client writes a session."""
        return self.transcripts / f"{name}.jsonl"

    def copy_transcript(self, old: str, new: str) -> None:
        """A branch begins with all that was said."""
        if self.transcript(old).exists():
            shutil.copy(self.transcript(old), self.transcript(new))

    def write(self, session: Session) -> None:
        """One turn, as the client writes it."""
        mark = f"{session.name}-{session.turns}"
        entries = (
            prompt(f"Go on with {session.fact}.", uuid=f"u{mark}", parent=f"p{mark}"),
            answer(
                f"Decision: we will use {session.fact} for part {session.turns}.",
                message_id=f"m{mark}", used=20_000 + session.turns, uuid=f"a{mark}",
            ),
        )  # fmt: skip
        with self.transcript(session.name).open("a") as stream:
            stream.writelines(json.dumps(entry) + "\n" for entry in entries)

    def begins(self, client: Client, source: str, **fields: Any) -> None:
        """Send the event of a session that begins or goes on."""
        self.send(client, "session_start", source=source, **fields)
        client.is_heard = True

    def is_exact(self, client: Client, parent: str) -> None:
        """Nothing was missed of this process, so its session surely goes on from this one."""
        state = read(self.store, client.session)
        assert state
        found = state["lineage"]
        assert (found["parent_id"], found["confidence"]) == (parent, "exact"), found

    def is_continued(self, name: str) -> bool:
        """Whether another session may be taken for the one that goes on from this one already."""
        return any(name in one.parents for one in self.sessions.values())

    def is_kept(self, name: str) -> bool:
        """Whether a Stop has seen a session."""
        return self.sessions[name].is_kept

    def send(self, client: Client, hook: str, **fields: Any) -> str:
        """Send an event of a client's session; give what Claude is given."""
        return self.send_of(client, client.session, hook, **fields)

    def send_of(self, client: Client, name: str, hook: str, **fields: Any) -> str:
        """Send an event of a session; whatever Claude is given must be its own."""
        session = self.sessions[name]
        place = str(self.base / client.place)
        payload = {"session_id": session.name, "cwd": place, **fields,
                   "transcript_path": str(self.transcript(session.name))}  # fmt: skip
        env = {**self.env, "CLAUDE_PROJECT_DIR": place, "CLAUDE_CODE_SESSION_ATTENDED": "1"}
        if client.has_pid:
            env["CLAUDE_PID"] = str(client.pid)
        code, out, err = told(client.namespace, do="hook", hook=hook, payload=payload, env=env)
        assert (code, err) == (0, "")
        own = {session.name, *self.ancestors(session.name)}
        reply = json.loads(out) if out.startswith("{") else {}
        given = str(reply.get("hookSpecificOutput", "")) if out.startswith("{") else out
        others = [one.fact for name, one in self.sessions.items() if name not in own]
        assert [fact for fact in others if fact in given] == [], (session.name, given)
        return given


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_clients_side_by_side_are_never_mistaken(part: int) -> None:
    machine = seed(part)(type("Part", (Sessions,), {}))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES // PARTS, stateful_step_count=25, deadline=None,
            derandomize=False, phases=[Phase.generate],  # shrinking takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
