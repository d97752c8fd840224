"""A team's sessions reach a real PostgreSQL exactly once, and nobody reads what is not theirs."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import postgres
import pytest
from driver import Client
from made import answer, prompt

from clearpoint.cli.main import main
from clearpoint.store.layout import state_root
from clearpoint.sync.remote import project_name
from clearpoint.team import database, deliver, outbox, queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from clearpoint.team.parcel import Parcel

psycopg = pytest.importorskip("psycopg", reason="the extra `team` is not installed")
PROJECT = "github.com/acme/shop"
MEMBERS = ("ada", "bob", "eve")
TABLES = ("snapshots", "requests", "passages")


@pytest.fixture(scope="module")
def running() -> Iterator[postgres.Server]:
    """A server with the schema, and three roles, of whom eve is in no project."""
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        made = postgres.made(Path(folder))
        if made is None:
            if os.environ.get("CLEARPOINT_REQUIRE_POSTGRES"):
                pytest.fail("PostgreSQL is not installed")
            pytest.skip("PostgreSQL is not installed")
        made.start()
        with database.connect(made.url()) as connection:
            database.migrate(connection)
            for name in MEMBERS:
                connection.execute(f"CREATE ROLE {name} LOGIN IN ROLE clearpoint_users")
            for name in ("ada", "bob"):
                given = (PROJECT, name)
                connection.execute("INSERT INTO clearpoint.members VALUES (%s, %s)", given)
        yield made
        made.kill()


@pytest.fixture
def server(running: postgres.Server) -> postgres.Server:
    """The same, with nothing in it."""
    with database.connect(running.url()) as connection:
        for table in TABLES:
            connection.execute(f"TRUNCATE clearpoint.{table}")
    return running


def parcel(session: str = "s-1", digest: str = "d1", **changed: Any) -> Parcel:
    made: Any = {
        "format": 1, "digest": digest, "project": PROJECT, "session_id": session,
        "machine": "m1", "at": "2026-01-01T00:00:00Z", "requests": 1, "used": 20_000,
        "model": "claude-opus-5-5", "phase": "testing", "task": "Hash it", "state": "{}",
        "handover": "",
        "usage": [
            {"id": f"{session}-r1", "at": "2026-01-01T00:00:00Z", "model": "claude-opus-5-5",
             "input": 10, "written": 1_000, "read": 19_000, "output": 100}
        ],
        "passages": [
            {"turn": 1, "number": 1, "kind": "prompt", "at": 1_767_225_600, "body": "Hash it"},
            {"turn": 1, "number": 2, "kind": "decision", "at": 1_767_225_600,
             "body": "We hash tokens with argon2id"},
        ],
        **changed,
    }  # fmt: skip
    return made  # type: ignore[no-any-return]


def sent(server: postgres.Server, user: str, *parcels: Parcel) -> None:
    with database.connect(server.url(user)) as connection:
        deliver.deliver(connection, parcels)


def asked(
    server: postgres.Server, user: str, question: Callable[[Any], list[dict[str, Any]]]
) -> list[dict[str, Any]]:
    with database.connect(server.url(user)) as connection:
        return question(connection)


def sessions_of(server: postgres.Server, user: str) -> list[tuple[str, str, int]]:
    rows = asked(server, user, lambda link: queries.sessions(link, PROJECT, 0.0, 10))
    return sorted((one["user"], one["session_id"], one["requests"]) for one in rows)


def test_a_parcel_arrives_once_however_often_it_is_sent(server: postgres.Server) -> None:
    for _ in range(3):
        sent(server, "ada", parcel(), parcel())
    with database.connect(server.url()) as connection:
        numbers = [
            connection.execute(f"SELECT count(*) FROM clearpoint.{table}").fetchone()  # noqa: S608
            for table in TABLES
        ]
    assert numbers == [(1,), (1,), (2,)]


def test_the_newest_snapshot_is_by_requests_whatever_the_clocks_say(
    server: postgres.Server,
) -> None:
    sent(server, "ada", parcel(digest="new", requests=9, at="2020-01-01T00:00:00Z"))
    sent(server, "ada", parcel(digest="old", requests=3, at="2030-01-01T00:00:00Z"))
    assert sessions_of(server, "ada") == [("ada", "s-1", 9)]


@pytest.mark.parametrize(
    ("user", "seen"),
    [
        pytest.param("ada", [("ada", "s-1", 1), ("bob", "s-1", 1)], id="a member"),
        pytest.param("eve", [("eve", "s-1", 1)], id="in no project"),
    ],
)
def test_a_team_sees_its_projects_and_others_only_their_own(
    server: postgres.Server, user: str, seen: list[tuple[str, str, int]]
) -> None:
    for name in MEMBERS:
        sent(server, name, parcel())
    rows = sessions_of(server, user)
    assert [one for one in rows if one in seen] == seen
    assert len(rows) == (3 if user == "ada" else 1)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE clearpoint.snapshots SET task = 'x' WHERE user_name = 'ada'",
        "INSERT INTO clearpoint.snapshots (user_name) VALUES ('ada')",
        "DELETE FROM clearpoint.snapshots",
        "INSERT INTO clearpoint.members VALUES ('p', 'eve')",
        "DROP TABLE clearpoint.passages",
    ],
)
def test_nobody_writes_in_another_s_name(server: postgres.Server, statement: str) -> None:
    sent(server, "ada", parcel())
    with database.connect(server.url("eve")) as connection:
        try:
            changed = connection.execute(statement).rowcount
        except psycopg.errors.InsufficientPrivilege:
            changed = 0
    assert changed == 0


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param("hashed token", ["decision"], id="word stems"),
        pytest.param('"hash tokens"', ["decision"], id="a phrase"),
        pytest.param("bcrypt", [], id="nothing"),
        pytest.param("'; DROP TABLE x; --", [], id="no statement"),
    ],
)
def test_the_team_s_sessions_are_searched(
    server: postgres.Server, words: str, found: list[str]
) -> None:
    sent(server, "bob", parcel())
    kinds = ("prompt", "decision")
    rows = asked(server, "ada", lambda link: queries.search(link, PROJECT, words, 0.0, kinds, 5))
    assert [one["kind"] for one in rows] == found


def test_usage_is_summed_by_user_and_model(server: postgres.Server) -> None:
    sent(server, "ada", parcel("s-1"), parcel("s-2"))
    sent(server, "ada", parcel("s-1", "d2", requests=2))
    (row,) = asked(server, "bob", lambda link: queries.usage(link, PROJECT, 0.0, 10))
    assert row == {
        "user": "ada", "model": "claude-opus-5-5", "requests": 2, "input": 20, "written": 2_000,
        "read": 38_000, "output": 200,
    }  # fmt: skip


def test_text_that_no_database_holds_is_no_obstacle(server: postgres.Server) -> None:
    sent(server, "ada", parcel(task="a\x00b", state='{"x": "\x00"}'))
    assert sessions_of(server, "ada") == [("ada", "s-1", 1)]


def test_a_newer_and_an_older_version_work_side_by_side(server: postgres.Server) -> None:
    with database.connect(server.url()) as connection:
        connection.execute("ALTER TABLE clearpoint.snapshots ADD COLUMN newer text")
        connection.execute("INSERT INTO clearpoint.migrations (name) VALUES ('9999_newer.sql')")
    sent(server, "ada", parcel())
    with database.connect(server.url("ada")) as connection:
        database.check(connection)
    with database.connect(server.url()) as connection:
        assert database.migrate(connection) == []
        with connection.transaction(force_rollback=True):
            connection.execute("DELETE FROM clearpoint.migrations WHERE name = '0001_first.sql'")
            with pytest.raises(database.TeamError):
                database.check(connection)


def test_nothing_is_lost_while_the_server_is_away(server: postgres.Server, tmp_path: Path) -> None:
    machines = [outbox.Outbox(str(tmp_path / f"m{number}")) for number in range(6)]
    for number, box in enumerate(machines):
        for one in range(5):
            box.put(parcel(f"s-{number}-{one}", f"d-{number}-{one}"))
    sent_first = send(server, machines[0])
    server.kill()
    with pytest.raises(database.TeamError):
        send(server, machines[1])
    assert len(machines[1].waiting()) == 5
    server.start()
    again = [send(server, box) for box in machines]
    with database.connect(server.url()) as connection:
        arrived = connection.execute("SELECT count(*) FROM clearpoint.snapshots").fetchone()
    assert (sent_first, again, arrived) == (5, [0, 5, 5, 5, 5, 5], (30,))


def send(server: postgres.Server, box: outbox.Outbox) -> int:
    with database.connect(server.url("ada")) as connection:
        return box.send(lambda parcels: deliver.deliver(connection, parcels))


def test_a_parcel_that_was_sent_but_not_deleted_is_no_second_one(
    server: postgres.Server, tmp_path: Path
) -> None:
    box = outbox.Outbox(str(tmp_path / "box"))
    box.put(parcel())
    sent(server, "ada", parcel())  # and then the process was killed
    assert (send(server, box), box.waiting(), sessions_of(server, "ada")) == (
        1, [], [("ada", "s-1", 1)]
    )  # fmt: skip


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda _: "{", id="torn"),
        pytest.param(lambda _: "[]", id="no object"),
        pytest.param(lambda _: "{}", id="empty"),
        pytest.param(lambda text: text.replace('"requests"', '"others"'), id="a field missing"),
        pytest.param(lambda text: text.replace('"usage":', '"usage":1,"x":'), id="another type"),
    ],
)
def test_a_damaged_parcel_blocks_no_other(
    server: postgres.Server, tmp_path: Path, damage: Callable[[str], str]
) -> None:
    box = outbox.Outbox(str(tmp_path / "box"))
    box.put(parcel("s-1"))
    box.put(parcel("s-2", "d2"))
    first = Path(box.waiting()[0])
    first.write_text(damage(first.read_text()))
    assert (send(server, box), box.waiting()) == (1, [])


def test_tries_back_off_up_to_an_hour() -> None:
    tries = outbox.BackOff(0, 0.0)
    waits = []
    for _ in range(10):
        tries = tries.failed(0.0, chance=0.5)
        waits.append(tries.until)
    assert waits[:4] + waits[-1:] == [30.0, 60.0, 120.0, 240.0, 3_600.0]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("git@github.com:acme/shop.git", PROJECT),
        ("https://ada:pw@github.com/acme/shop.git", PROJECT),
        ("ssh://git@github.com/acme/shop", PROJECT),
        ("", "shop"),
    ],
)
def test_a_project_is_called_the_same_on_every_machine(url: str, name: str) -> None:
    assert project_name(url, "/home/ada/shop") == name


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path / ".claude"))
    folder = tmp_path / "shop"
    (folder / ".git").mkdir(parents=True)
    client = Client(folder, "5e551000-0001")
    client.env["HOME"] = str(tmp_path)
    client.turn(prompt("Hash the tokens"), answer("We decided to use argon2id."))
    client.send("session_end", reason="prompt_input_exit")
    return folder


def run(project: Path, capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main([*args, "--project", str(project)])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_commands_go_from_a_session_to_the_team_s_view(
    server: postgres.Server, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("--user", "ada", "--name", PROJECT)
    assert run(project, capsys, "remote", "add", "postgres", server.url("ada"), *given)[0] == 0
    assert run(project, capsys, "push") == (0, "", "Sent 1 snapshot to the team.\n")
    assert run(project, capsys, "push") == (0, "", "Sent 0 snapshots to the team.\n")
    found = [
        json.loads(run(project, capsys, *command, "--team", "--json")[1])
        for command in (("sessions",), ("usage",), ("search", "argon2id"))
    ]
    assert [found[0][0]["task"], found[1][0]["output"], found[2][0]["kind"]] == [
        "Hash the tokens", 100, "answer"
    ]  # fmt: skip


def test_a_server_that_is_away_leaves_a_full_outbox_and_one_line(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = "postgresql://ada:hunter2@/team?host=/nowhere"
    run(project, capsys, "remote", "add", "postgres", url, "--user", "ada")
    code, out, err = run(project, capsys, "push")
    assert (code, out, err.count("\n"), "hunter2" in err) == (1, "", 1, False)
    root = state_root(str(project), {"HOME": str(project.parent)})
    box = outbox.Outbox(os.path.join(root, "outbox"))
    assert (len(box.waiting()), box.back_off().failures) == (1, 1)
    assert run(project, capsys, "push", "--quiet") == (0, "", "")  # backed off from


def test_usage_is_told_by_day(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = project.parent / ".claude" / "projects" / "-shop"
    folder.mkdir(parents=True)
    lines = (answer(message_id=f"m{number}", timestamp=f"2026-01-0{number}T00:00:00Z")
             for number in (2, 1, 1))  # fmt: skip
    with (folder / "s-2.jsonl").open("w") as stream:
        for one in lines:
            line = json.dumps({"cwd": str(project), **one}, separators=(",", ":"))
            stream.write(line + "\n")
    rows = json.loads(run(project, capsys, "usage", "--by", "day", "--json")[1])
    dated = [(one["day"], one["requests"], one["output"]) for one in rows if one["day"]]
    assert dated == [("2026-01-01", 1, 100), ("2026-01-02", 1, 100)]


def test_a_parcel_is_committed_before_it_is_deleted(
    server: postgres.Server, tmp_path: Path
) -> None:
    box = outbox.Outbox(str(tmp_path / "box"))
    box.put(parcel())
    with database.connect(server.url("ada")) as connection:
        database.check(connection)
        box.send(lambda parcels: deliver.deliver(connection, parcels))
        assert (box.waiting(), sessions_of(server, "ada")) == ([], [("ada", "s-1", 1)])
