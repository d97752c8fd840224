"""Sessions go to another machine through real git, and nothing comes that was not asked for."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from driver import Client
from made import answer, call, prompt, result

from clearpoint.cli.main import main
from clearpoint.redaction.prefilter import masked
from clearpoint.session.load import read
from clearpoint.store.checksummed import seal
from clearpoint.store.layout import state_root
from clearpoint.sync import exchange, git, portable, public, snapshot
from clearpoint.sync.git import Commit, Git, GitError, complaint

if TYPE_CHECKING:
    from clearpoint.models.state import State

ADA, BOB = "ada@example.com", "bob@example.com"
USER = "ada-example-com"
SESSION = "5e551000-0001"
SECRET = "ghp_" + "a1B2" * 9


class Machine(NamedTuple):
    """A home folder with a clone of the project in it, at a place of its own."""

    home: Path
    project: Path

    @property
    def env(self) -> dict[str, str]:
        """The environment of everything that runs on it."""
        folder = str(self.home / ".claude")
        return {
            "HOME": str(self.home), "CLAUDE_CONFIG_DIR": folder, "PATH": os.environ["PATH"]
        }  # fmt: skip

    def git(self, *args: str) -> str:
        """Run git in the clone."""
        done = subprocess.run(
            ["git", *args], cwd=self.project, env=self.env, capture_output=True, text=True,
            check=True,
        )  # fmt: skip
        return done.stdout

    def work(self, session: str = SESSION, said: str = "Hash the tokens") -> None:
        """A session of some work in the clone."""
        client = Client(self.project, session)
        client.env |= self.env
        client.start()
        edited = str(self.project / "src/hash.py")
        client.turn(
            prompt(f"{said} in {self.project}/src, token: {SECRET}", uuid="u1"),
            call("Edit", file_path=edited, old_string="a", new_string="b"),
            result(),
            answer("We decided to use argon2id.", message_id="m2", uuid="a2"),
        )
        client.send("session_end", reason="prompt_input_exit")

    def state(self, session: str = SESSION) -> State | None:
        """The state of a session, None if there is none."""
        from clearpoint.store.store import Store

        return read(Store(state_root(str(self.project), self.env)), session)


class Place(NamedTuple):
    """Two machines of one user, and the repository that both can reach."""

    first: Machine
    second: Machine
    remote: Path


@pytest.fixture
def place(tmp_path: Path) -> Place:
    remote = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", str(remote)], check=True)
    machines = []
    for home, project in (("home/ada", "shop"), ("Users/al", "src/work/shop")):
        machine = Machine(tmp_path / home, tmp_path / home / project)
        machine.project.mkdir(parents=True)
        machine.git("init", "-q")
        machine.git("config", "user.email", ADA)
        machine.git("remote", "add", "origin", remote.as_uri())
        machines.append(machine)
    return Place(machines[0], machines[1], remote)


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command on a machine; give its exit code, output and complaints."""

    def run(machine: Machine, *args: str) -> tuple[int, str, str]:
        for name, value in machine.env.items():
            monkeypatch.setenv(name, value)
        capsys.readouterr()
        code = main([*args, "--project", str(machine.project)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def outcome(done: tuple[int, str, str]) -> tuple[int, list[str], list[str]]:
    """What a push or pull with --json did."""
    told = json.loads(done[1])
    return done[0], told["done"], [*told["failed"].values()]


def refs(remote: Path) -> list[str]:
    listed = subprocess.run(
        ["git", "--git-dir", str(remote), "for-each-ref", "--format=%(refname)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return listed.stdout.split()


def sent(place: Place, on: Any) -> None:
    """The first machine has pushed its session, the second has the same remote."""
    for machine in place[:2]:
        assert on(machine, "remote", "add", "git")[0] == 0
    place.first.work()
    assert outcome(on(place.first, "push", "--json")) == (0, [SESSION], [])


def test_a_session_goes_to_another_machine(place: Place, on: Any) -> None:
    sent(place, on)
    assert outcome(on(place.second, "pull", "--json")) == (0, [SESSION], [])
    there, here = place.second.state(), place.first.state()
    assert there
    assert here
    work = there["work_state"]
    assert [one["text"] for one in work["decisions"]] == [
        one["text"] for one in here["work_state"]["decisions"]
    ]
    assert (list(work["files"]), work["artifacts"]) == (["src/hash.py"], ["src/hash.py"])
    assert str(there["origin"]).startswith(f"{USER}@")


def test_nothing_of_the_first_machine_is_in_what_travels(place: Place, on: Any) -> None:
    sent(place, on)
    files = subprocess.run(
        ["git", "--git-dir", str(place.remote), "archive", f"refs/clearpoint/{USER}/{SESSION}"],
        capture_output=True, check=True,
    ).stdout  # fmt: skip
    found = [one for one in (str(place.first.home), SECRET) if one.encode() in files]
    assert (found, masked(SECRET) != SECRET) == ([], True)


def test_the_project_s_repository_stays_as_it_is(place: Place, on: Any) -> None:
    sent(place, on)
    on(place.second, "pull")
    for machine in place[:2]:
        assert machine.git("for-each-ref") == ""
        assert machine.git("count-objects") == "0 objects, 0 kilobytes\n"
    assert refs(place.remote) == [f"refs/clearpoint/{USER}/{SESSION}"]


def test_only_what_has_changed_is_pushed_and_pulled(place: Place, on: Any) -> None:
    sent(place, on)
    assert outcome(on(place.first, "push", "--json")) == (0, [], [])
    on(place.second, "pull")
    assert outcome(on(place.second, "pull", "--json")) == (0, [], [])
    assert outcome(on(place.second, "push", "--json")) == (0, [], [])


def test_the_archive_is_found_by_the_search_of_the_other_machine(place: Place, on: Any) -> None:
    sent(place, on)
    on(place.second, "pull")
    folder = Path(state_root(str(place.second.project), place.second.env))
    archived = (folder / "sessions" / SESSION / "archive" / "0001.md").read_text()
    assert "We decided to use argon2id." in archived


def test_a_session_of_this_machine_is_never_replaced(place: Place, on: Any) -> None:
    sent(place, on)
    place.second.work(said="Something else")
    before = place.second.state()
    assert outcome(on(place.second, "pull", "--json")) == (0, [], [])
    assert place.second.state() == before


def test_pushes_of_both_machines_meet(place: Place, on: Any) -> None:
    sent(place, on)
    place.second.work(said="Something else")
    assert outcome(on(place.second, "push", "--json")) == (0, [SESSION], [])
    place.first.work(said="And more")
    assert outcome(on(place.first, "push", "--json")) == (0, [SESSION], [])


def test_a_ref_that_was_moved_by_force_is_followed(place: Place, on: Any) -> None:
    sent(place, on)
    forge(place, {"x": b"y"})
    place.first.work(said="And more")
    assert outcome(on(place.first, "push", "--json")) == (0, [SESSION], [])


def test_without_the_remote_nothing_is_lost(place: Place, on: Any) -> None:
    sent(place, on)
    away = place.remote.rename(place.remote.with_name("away"))
    place.first.work("5e551000-0002")
    code, _, err = on(place.first, "push")
    assert (code, err.count("\n"), on(place.first, "push", "--quiet")) == (1, 1, (1, "", ""))
    away.rename(place.remote)
    code, done, failed = outcome(on(place.first, "push", "--json"))
    assert (code, "5e551000-0002" in done, failed) == (0, True, [])


def test_another_user_s_sessions_come_only_when_asked_for(place: Place, on: Any) -> None:
    sent(place, on)
    place.second.git("config", "user.email", BOB)
    on(place.second, "remote", "add", "git")
    assert outcome(on(place.second, "pull", "--json")) == (0, [], [])
    assert outcome(on(place.second, "pull", "--user", USER, "--json")) == (0, [SESSION], [])


def good(place: Place) -> dict[str, bytes]:
    """The files of a snapshot that was pushed."""
    git = Git(str(place.remote), str(place.first.project), place.first.env)
    ref = f"refs/clearpoint/{USER}/{SESSION}"
    return git.read(ref, list(exchange.tree_of(git, ref)))


def forge(place: Place, files: dict[str, bytes], session: str = SESSION) -> None:
    """Put files on a session's ref at the remote, as anyone who may write there can."""
    git = Git(str(place.remote), str(place.first.project), place.first.env)
    git.write([Commit(f"refs/clearpoint/{USER}/{session}", [], files, "forged", 0.0)])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(
            {"evil.py": b"x"}, "a file that does not belong in a snapshot", id="another file"
        ),
        pytest.param({"archive/../../x": b"x"}, "", id="a way out"),
        pytest.param({"state.json": b"{}"}, "its state is damaged", id="no state"),
        pytest.param({"snapshot.json": b"{"}, "its snapshot.json is not JSON", id="no head"),
        pytest.param(
            {"snapshot.json": b"[]"},
            "its snapshot.json was not written by Clearpoint",
            id="a foreign head",
        ),
        pytest.param({"snapshot.json": b" " * 5_000}, "it has no snapshot.json", id="a long head"),
        pytest.param({"handover.md": b"x" * 70_000}, "it is too large", id="too large"),
        pytest.param(
            {"snapshot.age": b"x"}, "a file that does not belong in a snapshot", id="half sealed"
        ),
    ],
)
def test_a_hostile_snapshot_is_refused(
    place: Place,
    on: Any,
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, bytes],
    reason: str,
) -> None:
    sent(place, on)
    monkeypatch.setattr(exchange, "SIZE_LIMIT_BYTES", 60_000)
    try:
        forge(place, {**good(place), **change})
    except GitError:
        return  # git itself makes no such tree
    code, done, failed = outcome(on(place.second, "pull", "--json"))
    assert (code, done, reason in failed[0], place.second.state()) == (1, [], True, None)


def test_a_forged_state_leads_nowhere(place: Place, on: Any) -> None:
    sent(place, on)
    here = place.first.state()
    assert here
    touch = next(iter(here["work_state"]["files"].values()))
    here["work_state"]["files"] = {"/etc/passwd": touch, "../../x": touch, "ok.py": touch}
    here["system"]["transcript_path"] = "/etc/passwd"
    here["archives"] = ["../../x", f"sessions/{SESSION}/archive/0001.md"]
    forge(place, {**good(place), "state.json": seal({**here})})
    assert outcome(on(place.second, "pull", "--json")) == (0, [SESSION], [])
    there = place.second.state()
    assert there
    assert (list(there["work_state"]["files"]), there["archives"], there["transcript"]) == (
        ["ok.py"], [f"sessions/{SESSION}/archive/0001.md"], None
    )  # fmt: skip
    assert there["system"]["transcript_path"] is None


def test_a_snapshot_of_another_session_is_refused(place: Place, on: Any) -> None:
    sent(place, on)
    forge(place, good(place), "5e551000-9999")
    code, done, failed = outcome(on(place.second, "pull", "--json"))
    assert (code, done, failed) == (1, [SESSION], ["it belongs to another session"])


def test_a_ref_with_a_name_that_no_session_has_is_passed_over(place: Place, on: Any) -> None:
    sent(place, on)
    forge(place, good(place), "a/b")
    assert outcome(on(place.second, "pull", "--json")) == (0, [SESSION], [])


def test_an_encrypted_snapshot_opens_with_its_key_alone(
    place: Place, on: Any, tmp_path: Path
) -> None:
    pyrage = pytest.importorskip("pyrage")
    key = pyrage.x25519.Identity.generate()
    (tmp_path / "key.txt").write_text(f"# mine\n{key}\n")
    given = ("--recipient", str(key.to_public()))
    on(place.first, "remote", "add", "git", *given)
    place.first.work()
    on(place.first, "push")
    on(place.second, "remote", "add", "git", *given)
    assert set(good(place)) == {"snapshot.json", "snapshot.age"}
    assert outcome(on(place.second, "pull", "--json"))[:2] == (1, [])
    on(place.second, "remote", "add", "git", *given, "--identity", str(tmp_path / "key.txt"))
    assert outcome(on(place.second, "pull", "--json")) == (0, [SESSION], [])


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("git@github.com:ada/shop.git", "https://github.com/ada/shop.git"),
        ("ssh://git@host.example:2222/ada/shop.git", "https://host.example/ada/shop.git"),
        ("https://ada:pw@host.example/shop.git", "https://host.example/shop.git"),
        ("git://host.example/ada/shop.git", "git://host.example/ada/shop.git"),
        ("/srv/git/shop.git", ""),
        ("file:///srv/git/shop.git", ""),
        (r"C:\git\shop.git", ""),
    ],
)
def test_a_stranger_would_ask_here(url: str, address: str) -> None:
    assert public.stranger_url(url) == address


def test_a_remote_that_anyone_can_read_by_now_gets_nothing(
    place: Place, on: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    open_now: set[str] = set()

    def is_public(url: str, _env: object) -> bool:
        asked.append(url)
        return url in open_now

    monkeypatch.setattr("clearpoint.sync.service.is_public", is_public)
    on(place.first, "remote", "add", "git")
    place.first.work()
    sent = [on(place.first, "push")[0]]
    place.first.work(said="And salt them")
    sent.append(on(place.first, "push")[0])
    there = place.remote.as_uri()
    other = place.remote.with_name("open.git").as_uri()
    open_now.add(other)
    place.first.git("config", f"url.{other}.insteadOf", there)
    code, _, err = on(place.first, "push")
    assert (sent, code, asked) == ([0, 0], 1, [there, other])
    assert "can be read by anyone" in err
    on(place.first, "remote", "add", "git", "--yes")
    on(place.first, "push")
    assert asked == [there, other]


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        pytest.param("gh:ada/shop", "https://github.com/ada/shop", id="short"),
        pytest.param("/srv/git/shop.git", "/srv/git/shop.git", id="path"),
        pytest.param("--upload-pack=x", "--upload-pack=x", id="no option"),
    ],
)
def test_a_short_form_is_written_out_before_anybody_is_asked(
    tmp_path: Path, url: str, whole: str
) -> None:
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    (tmp_path / ".gitconfig").write_text('[url "https://github.com/"]\n\tinsteadOf = gh:\n')
    assert git.written_out(url, str(tmp_path), env) == whole


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("/home/ada/shop/src/a.py", "src/a.py", id="a file"),
        pytest.param("cd /home/ada/shop && make", "cd . && make", id="the project"),
        pytest.param("/home/ada/shop-2/a.py", "~/shop-2/a.py", id="a folder beside it"),
        pytest.param("/home/ada/.bashrc", "~/.bashrc", id="the home folder"),
        pytest.param("/home/adam/x", "/home/adam/x", id="another user"),
    ],
)
def test_paths_count_from_the_project(text: str, found: str) -> None:
    assert portable.without(text, [("/home/ada/shop", ""), ("/home/ada", "~")]) == found


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../x", "a/../../x", "~/x", r"C:\x", r"..\x", r"\\host\x", "", None]
)
def test_a_path_that_leads_out_of_the_project_is_none(path: Any) -> None:
    assert not portable.is_inside(path)


def test_a_password_is_in_no_complaint() -> None:
    said = b"fatal: unable to access 'https://ada:hunter2@host/x.git/': no route\n"
    assert complaint(said) == "fatal: unable to access 'https://host/x.git/': no route"


@pytest.mark.parametrize("name", ["state.json", "archive/0001.md", "requests.jsonl"])
def test_a_snapshot_has_these_files(name: str) -> None:
    assert snapshot.NAME.fullmatch(name)


def test_a_project_without_a_remote_says_what_to_type(place: Place, on: Any) -> None:
    code, _, err = on(place.first, "push")
    assert (code, "clearpoint remote add git" in err) == (1, True)
    place.first.git("remote", "remove", "origin")
    code, _, err = on(place.first, "remote", "add", "git")
    assert (code, "URL" in err) == (1, True)


def test_sessions_travel_over_ssh(
    place: Place, on: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sshd = shutil.which("sshd", path="/usr/sbin:/usr/bin")
    if sshd is None or os.getuid() != 0:
        pytest.skip("no sshd, or not allowed to start it")
    monkeypatch.setenv("GIT_SSH_COMMAND", ssh_command(tmp_path, sshd))
    url = f"ssh://root@loop{place.remote}"
    for machine in place[:2]:
        assert on(machine, "remote", "add", "git", url)[0] == 0
    place.first.work()
    assert outcome(on(place.first, "push", "--json")) == (0, [SESSION], [])
    assert outcome(on(place.second, "pull", "--json")) == (0, [SESSION], [])


def ssh_command(folder: Path, sshd: str) -> str:
    """A real ssh client that talks to a real server over a pipe, without any network."""
    Path("/run/sshd").mkdir(exist_ok=True)
    for name in ("host", "user"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True
        )
    config = folder / "sshd_config"
    config.write_text(
        f"HostKey {folder}/host\nAuthorizedKeysFile {folder}/user.pub\nStrictModes no\n"
        "PermitRootLogin yes\nUsePAM no\nPermitUserEnvironment no\nLogLevel QUIET\n"
    )
    options = (
        f"-F /dev/null -i {folder}/user -o StrictHostKeyChecking=no"
        f" -o UserKnownHostsFile={folder}/known -o LogLevel=ERROR"
        f" -o 'ProxyCommand={sshd} -i -f {config}'"
    )
    return f"ssh {options}"


def test_a_pulled_session_is_continued_when_asked_for_and_never_by_itself(
    place: Place, on: Any
) -> None:
    sent(place, on)
    on(place.second, "pull")
    client = Client(place.second.project, "5e551000-0009")
    client.env |= place.second.env
    client.start()
    before = place.second.state("5e551000-0009")
    client.reply("user_prompt_submit", prompt=f"/clearpoint:continue {SESSION}")
    after = place.second.state("5e551000-0009")
    assert before
    assert after
    parents = [one["lineage"]["parent_id"] for one in (before, after)]
    assert parents == [None, SESSION]


def test_own_work_comes_before_a_newer_session_that_was_pulled(place: Place, on: Any) -> None:
    for machine in place[:2]:
        on(machine, "remote", "add", "git")
    own = "5e551000-0009"
    place.second.work(own, "Sort the rows")
    place.first.work()
    on(place.first, "push")
    on(place.second, "pull")
    pulled = json.loads(on(place.second, "show", SESSION, "--json")[1])["session_id"]
    by_default = json.loads(on(place.second, "show", "--json")[1])["session_id"]
    said = on(place.second, "continue")[1]
    assert (pulled, by_default, own[:8] in said) == (SESSION, own, True)
