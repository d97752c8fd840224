"""`clearpoint handoff`: what a person and a pipeline can rely on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path  # noqa: TC003
from typing import TYPE_CHECKING, Any

import pytest
from builders import state_folder
from driver import Client
from made import answer, call, prompt, result

from clearpoint.cli.main import main
from clearpoint.handoffs import checksum

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., tuple[int, str, str]]

SAID = "For SPEC-AUTH-001 we decided to use JWT."


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a session that has some work to hand over."""
    folder = tmp_path / "project"
    folder.mkdir()
    edit = call("Edit", file_path=str(folder / "src/a.py"), old_string="a", new_string="b")
    Client(folder, "planning").turn(prompt(SAID), edit, result(), answer("Ok.", message_id="m2"))
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Another machine's checkout, in which nothing is recorded."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `clearpoint handoff`; gives exit code, standard output and standard error."""

    def ran(place: Path, *args: str) -> tuple[int, str, str]:
        code = main(["handoff", *args, "--project", str(place)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return ran


def made(run: Run, project: Path, *more: str) -> str:
    """Make a package; give its id."""
    agents = ("--from", "planner", "--to", "implementer")
    code, out, err = run(project, "create", *agents, *more)
    assert (code, err) == (0, "")
    return out.strip()


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_package_goes_from_one_machine_to_another(
    run: Run, project: Path, elsewhere: Path, tmp_path: Path
) -> None:
    name, path = made(run, project, "--next", "Write the tests."), str(tmp_path / "plan.json")
    assert run(project, "export", path)[0] == 0
    assert run(elsewhere, "validate", path) == (
        0, f"{name} is valid: planner → implementer.\n", ""
    )  # fmt: skip
    assert files_below(elsewhere) == {}
    code, out, err = run(elsewhere, "import", path, "--context")
    assert (code, err) == (0, "")
    assert out.startswith(f"Clearpoint handoff {name[:8]}: from planner to implementer.")
    assert "Next step: Write the tests." in out
    assert f"- {SAID}" in out
    shown = run(project, "show", name[:6], "--context")[1]
    assert out == shown.replace(str(state_folder(project)), str(state_folder(elsewhere)))
    here, there = (json.loads(run(place, "show", "--json")[1]) for place in (project, elsewhere))
    assert here == there


def test_a_second_import_changes_nothing(
    run: Run, project: Path, elsewhere: Path, tmp_path: Path
) -> None:
    name, path = made(run, project), str(tmp_path / "plan.json")
    run(project, "export", path, name)
    run(elsewhere, "import", path)
    before = files_below(elsewhere)
    assert run(elsewhere, "import", path)[1].startswith(f"{name} was recorded already")
    assert files_below(elsewhere) == before


def test_tags_travel_with_the_package_and_come_back_whole(
    run: Run, project: Path, elsewhere: Path, tmp_path: Path
) -> None:
    client, path = Client(project, "planning"), tmp_path / "plan.json"
    subjects = ("Redis caches sessions", "Postgres stores orders", "Kafka carries mail events",
                "nginx ends TLS", "Grafana draws latency", "Vault rotates passwords",
                "pytest runs nightly", "Sphinx renders manuals")  # fmt: skip
    decisions = [f"We decided that {subject}." for subject in subjects]
    for number, text in enumerate(decisions):
        asked = prompt(text, uuid=f"u{number}", parent=f"a{number}")
        client.turn(asked, answer("Ok.", message_id=f"m{number + 9}"))
    (state_folder(project) / "config.toml").write_text("[handoffs]\nmax_tokens = 60\n")
    name = made(run, project)
    run(project, "export", str(path))
    state_folder(elsewhere).mkdir(parents=True, exist_ok=True)
    (state_folder(elsewhere) / "config.toml").write_text("[handoffs]\nmax_tokens = 60\n")
    assert run(elsewhere, "import", str(path))[::2] == (0, "")
    tag = f"HANDOFF-{name[:8].upper()}-1"
    kept = json.loads((state_folder(elsewhere) / f"tags/{tag}.json").read_text())["text"]
    assert kept.splitlines()[-1] == decisions[-1]
    assert f"@{tag}" in run(elsewhere, "show", "--context")[1]


def spoiled(parcel: Any, place: str, value: Any) -> Any:
    """The parcel with one value in another place, sealed again."""
    holder = parcel["package"]
    *path, last = place.split(".")
    for key in path:
        holder = holder[key]
    holder[last] = value
    parcel["package"]["checksum"] = checksum.checksum_of(parcel["package"])
    return parcel


@pytest.mark.parametrize(
    ("kind", "spoil"),
    [
        pytest.param("PackageError", lambda one: {**one, "x": 1}, id="another-field"),
        pytest.param("PackageError", lambda one: {**one, "clearpoint_handoff": 2}, id="format"),
        pytest.param("PackageError", lambda one: spoiled(one, "created_at", "now"), id="shape"),
        pytest.param(
            "PackageError",
            lambda one: spoiled(one, "task_context.key_artifacts", {"a": "../../x"}),
            id="path",
        ),
        pytest.param(
            "PackageError",
            lambda one: {**one, "tags": {"CONFIG-001": "x"},
                         "tags_checksum": checksum.checksum_of({"CONFIG-001": "x"})},
            id="a-tag-of-the-persons",
        ),
        pytest.param("PackageError", lambda one: spoiled(one, "handoff_id", "../x"), id="id"),
        pytest.param(
            "PackageError",
            lambda one: spoiled(one, "session_context.session_id", "../.."),
            id="session",
        ),
        pytest.param("IntegrityError", lambda one: {**one, "tags_checksum": ""}, id="tags"),
        pytest.param(
            "IntegrityError",
            lambda one: {**one, "package": {**one["package"], "to_agent": "x"}},
            id="checksum",
        ),
        pytest.param(
            "AgentCompatibilityError", lambda one: spoiled(one, "to_agent", "nobody"), id="pair"
        ),
        pytest.param(
            "TokenBudgetError",
            lambda one: spoiled(one, "session_context.available_tokens", 10),
            id="tokens",
        ),
    ],
)  # fmt: skip
def test_what_is_refused_is_named_and_leaves_nothing(  # noqa: PLR0917
    run: Run, project: Path, elsewhere: Path, tmp_path: Path, kind: str, spoil: Callable[..., Any]
) -> None:
    made(run, project)
    path = tmp_path / "plan.json"
    run(project, "export", str(path))
    path.write_text(json.dumps(spoil(json.loads(path.read_text()))))
    state_folder(elsewhere).mkdir(parents=True, exist_ok=True)
    config = '[handoffs.policies]\n"planner -> nobody" = "deny"\n'
    (state_folder(elsewhere) / "config.toml").write_text(config)
    before = set(files_below(elsewhere))
    for verb in ("validate", "import"):
        code, out, err = run(elsewhere, verb, str(path))
        assert (code, out) == (1, "")
        assert err.startswith(f"Error: {kind}: ")
    kept = str(state_folder(elsewhere) / "config.json")
    assert set(files_below(elsewhere)) - {kept} == before


def test_a_person_can_agree_to_a_pair_that_is_asked_about(run: Run, project: Path) -> None:
    config = '[handoffs.policies]\n"planner -> implementer" = "ask"\n'
    (state_folder(project) / "config.toml").write_text(config)
    agents = ("--from", "planner", "--to", "implementer")
    code, _, err = run(project, "create", *agents)
    assert (code, "--yes" in err) == (1, True)
    code, _, err = run(project, "create", *agents, "--yes")
    assert (code, err.startswith("Warning: planner → implementer")) == (0, True)


def test_the_next_agents_package_names_the_one_it_worked_on(run: Run, project: Path) -> None:
    first = made(run, project)
    later = Client(project, "building")
    later.turn(prompt("Implement it."), answer("Done.", used=33_000))
    agents = ("--from", "implementer", "--to", "reviewer", "--session", "building")
    assert run(project, "create", *agents)[0] == 0
    before = json.loads(run(project, "show", "--json")[1])["predecessor"]
    assert before == {
        "handoff_id": first,
        "agent": "implementer",
        "outcome": "completed",
        "tokens": 33_000,
        "files": [],
    }


def test_the_list_sums_up_what_happened(run: Run, project: Path) -> None:
    assert run(project, "list") == (0, "No handoffs yet.\n", "")
    name = made(run, project)
    code, out, _ = run(project, "list", "--json")
    listed = json.loads(out)
    assert (code, [one["handoff_id"] for one in listed["handoffs"]]) == (0, [name])
    size = listed["handoffs"][0]["size"]
    assert listed["summary"] == {
        "handoffs": 1, "created": 1, "context_tokens": size, "agent_tokens": 0
    }  # fmt: skip
    shown = run(project, "list", "--session", "planning")[1]
    assert f"1 handoff: 1 created. {size} tokens of context given, 0 used." in shown


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(("show",), "make one with clearpoint handoff create", id="none-yet"),
        pytest.param(
            ("validate", "nosuch"), "make one with clearpoint handoff create", id="no-file"
        ),
        pytest.param(("import", "nosuch.json"), "nosuch.json", id="no-such-file"),
        pytest.param(("create", "--from", "a"), "--to", id="half-a-pair"),
        pytest.param(("create", "--from", " ", "--to", "b"), "need a name", id="no-name"),
    ],
)
def test_a_mistake_is_told_in_one_line(
    run: Run, project: Path, args: tuple[str, ...], said: str
) -> None:
    code, out, err = run(project, *args)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert said in err


MAKER = """
import os, sys
from clearpoint.handoffs.pipeline import HandoffService
from clearpoint.store.layout import state_root
service = HandoffService(sys.argv[1], state_root(sys.argv[1], os.environ), os.environ)
service.create("planning", "planner", "implementer")
"""


@pytest.mark.processes
def test_many_processes_at_once_lose_nothing(run: Run, project: Path) -> None:
    running = [subprocess.Popen([sys.executable, "-c", MAKER, str(project)]) for _ in range(8)]
    assert [one.wait() for one in running] == [0] * 8
    listed = json.loads(run(project, "list", "--json")[1])["handoffs"]
    assert len({one["handoff_id"] for one in listed}) == 8
    for one in listed:
        assert run(project, "validate", one["handoff_id"])[0] == 0
