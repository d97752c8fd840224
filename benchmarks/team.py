"""A team on a real PostgreSQL: many machines, a server that is killed, and a large database.

Each simulated machine is a thread with an outbox and a connection of its own; the server is killed
as by a power cut and started again while they push. Then the database is filled to a size, and the
team's questions are asked of it.

    python benchmarks/team.py [MACHINES [SESSIONS [SNAPSHOTS]]]
"""

from __future__ import annotations

import json
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import postgres

from clearpoint.team import database, deliver, outbox, queries

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from clearpoint.team.parcel import Parcel

PROJECT = "github.com/acme/shop"
THREADS = 16
KILLS = 3
STATE = json.dumps({"text": "state " * 2_000})
FILL = """
INSERT INTO clearpoint.snapshots (user_name, project, session_id, digest, machine, at, requests,
  used, model, phase, task, state)
SELECT 'u' || n %% 200, 'github.com/acme/' || n %% 20, 's-' || n / 10, 'd-' || n, 'm', now() -
  (n %% 90) * interval '1 day', n %% 10, 100000, 'claude-opus-5-5', 'testing', 'task ' || n, '{}'
FROM generate_series(1, %(number)s) AS n
"""
PASSAGES = """
INSERT INTO clearpoint.passages (user_name, project, session_id, turn, number, kind, at, body)
SELECT 'u' || n %% 200, 'github.com/acme/' || n %% 20, 's-' || n / 10, n %% 10, n, 'answer', now(),
  'word' || n %% 5000 || ' and word' || n %% 777 || ' decide hash token session number ' || n
FROM generate_series(1, %(number)s) AS n
"""


def main() -> None:
    """Push with interruptions, then ask a large database."""
    given = [int(one) for one in sys.argv[1:]]
    machines, sessions, snapshots = (given + [200, 50, 1_000_000][len(given) :])[:3]
    with tempfile.TemporaryDirectory(prefix="pg") as folder, tempfile.TemporaryDirectory() as boxes:
        server = postgres.made(Path(folder))
        if server is None:
            raise SystemExit("PostgreSQL is not installed")
        server.start()
        with database.connect(server.url()) as connection:
            database.migrate(connection)
            for number in range(machines):
                connection.execute(f"CREATE ROLE m{number} LOGIN IN ROLE clearpoint_users")
        push_all(server, Path(boxes), machines, sessions)
        fill(server, snapshots)
        ask(server)
        server.kill()


def push_all(server: postgres.Server, folder: Path, machines: int, sessions: int) -> None:
    """Let every machine push all of its sessions, while the server is killed now and then."""
    waiting = list(range(machines))
    times: list[float] = []
    lock, failures = threading.Lock(), [0]

    def work() -> None:
        while True:
            with lock:
                if not waiting:
                    return
                number = waiting.pop()
            box = outbox.Outbox(str(folder / f"m{number}"))
            for one in range(sessions):
                box.put(parcel(number, one))
                if one % 10 == 9:
                    push(server, box, number, times, failures)
            while box.waiting():
                push(server, box, number, times, failures)
                time.sleep(0.05)

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for _ in range(KILLS):
        time.sleep(2)
        server.kill()
        time.sleep(0.5)
        server.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - started
    with database.connect(server.url()) as connection:
        counted = connection.execute("SELECT count(*) FROM clearpoint.snapshots").fetchone()
    arrived = counted[0] if counted else 0
    times.sort()
    print(f"{machines} machines x {sessions} sessions, {KILLS} kills, {failures[0]} failed pushes:")
    print(f"  {arrived} snapshots arrived of {machines * sessions}, in {took:.1f} s")
    print(f"  push of up to 10 parcels: median {1e3 * times[len(times) // 2]:.0f} ms, "
          f"p95 {1e3 * times[int(len(times) * 0.95)]:.0f} ms")  # fmt: skip


def push(
    server: postgres.Server, box: outbox.Outbox, number: int, times: list[float], failed: list[int]
) -> None:
    """One push as a machine does it: connect, check, send."""
    begun = time.perf_counter()
    try:
        with database.connect(server.url(f"m{number}")) as connection:
            database.check(connection)
            box.send(lambda parcels: deliver.deliver(connection, parcels))
        times.append(time.perf_counter() - begun)
    except (database.TeamError, psycopg.Error):
        failed[0] += 1


def parcel(machine: int, session: int) -> Parcel:
    """A parcel of a common size, from a machine whose clock is off by up to a day."""
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + (machine % 48 - 24) * 3_600))
    name = f"s-{machine}-{session}"
    made: Any = {
        "format": 1, "digest": name, "project": PROJECT, "session_id": name, "machine": "m",
        "at": at, "requests": session, "used": 100_000, "model": "m", "phase": "testing",
        "task": "t", "state": STATE, "handover": "",
        "usage": [{"id": f"{name}-{one}", "at": at, "model": "m", "input": 1, "written": 1,
                   "read": 1, "output": 1} for one in range(20)],
        "passages": [{"turn": 1, "number": one, "kind": "answer", "at": 0,
                      "body": f"we hash the token number {one}"} for one in range(20)],
    }  # fmt: skip
    return made  # type: ignore[no-any-return]


def fill(server: postgres.Server, number: int) -> None:
    """Fill the database, with as many passages as snapshots."""
    with database.connect(server.url()) as connection:
        connection.execute("SET statement_timeout = 0")
        connection.execute(FILL, {"number": number})
        connection.execute(PASSAGES, {"number": number})
        connection.commit()
        connection.autocommit = True
        connection.execute("ANALYZE")
    print(f"{number:,} snapshots and passages more:")


def ask(server: postgres.Server) -> None:
    """The team's questions, as a member asks them."""
    with database.connect(server.url()) as connection:
        connection.execute("CREATE ROLE asks LOGIN IN ROLE clearpoint_users")
        connection.execute("INSERT INTO clearpoint.members VALUES ('github.com/acme/7', 'asks')")
    project, month = "github.com/acme/7", time.time() - 30 * 86_400
    with database.connect(server.url("asks")) as connection:
        timed("sessions", lambda: queries.sessions(connection, project, 0.0, 200))
        timed("usage", lambda: queries.usage(connection, PROJECT, month, 1_000))
        timed("search, rare words", lambda: queries.search(
            connection, project, "word4211 token", 0.0, ("answer",), 10))  # fmt: skip
        timed("search, a word in every passage", lambda: queries.search(
            connection, project, "token", 0.0, ("answer",), 10))  # fmt: skip


def timed(name: str, question: Callable[[], Sequence[Any]]) -> None:
    """Ask five times; print the median."""
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        found = question()
        times.append(time.perf_counter() - begun)
    print(f"  {name}: {1e3 * sorted(times)[2]:.0f} ms, {len(found)} rows")


if __name__ == "__main__":
    main()
