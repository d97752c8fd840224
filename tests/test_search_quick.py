"""A search with usual options answers without the command line's libraries, in the same words."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import answer, call, entry, prompt, result

from clearpoint.cli.main import main
from clearpoint.history import transcripts
from clearpoint.search import entries, one_line, quick, refresh
from clearpoint.search.find import Wanted, find
from clearpoint.search.passages import passages, touched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from clearpoint.transcript.entry import Entry

ONE, TWO = "11111111-aaaa", "11112222-bbbb"
WORDS = ["argon2id", "hash", '"which hash"', "src/login.py", "密码", "*", "NEAR", "AND", 'a"b', ""]
OPTIONS = [
    "--all", "--json", "--team", "--help", "--", "-x", "--al", "--limit=3", "-n3", "--since=2w",
    "--since", "2w", "99999y", "2025-01-31", "soon", "--file", "src/login.py", "--kind", "answer",
    "prompt", "Answer", "-n", "1", "0", "100", "101", "٣", "--limit", "--open", "1111:1", "11111:1",
    "11111111:9", "--project", "/nowhere",
]  # fmt: skip
HEAVY = {"click", "msgspec", "rich", "pydantic", "typing", "dataclasses", "tempfile"}


def line(one: dict[str, Any]) -> str:
    """An entry as the client writes it."""
    return json.dumps(one, separators=(",", ":")) + "\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in a home folder of its own, with two sessions to be searched."""
    home = tmp_path_factory.mktemp("home")
    project = home / "shop"
    (project / ".git").mkdir(parents=True)
    folder = home / ".claude" / "projects" / transcripts.folder_name(str(project))
    folder.mkdir(parents=True)
    for session, words in ((ONE, "argon2id it is."), (TWO, "password: hunter2horse4 as hash")):
        lines = [
            prompt("Which hash, 密码?"), answer(words),
            call("Edit", file_path="src/login.py", new_string="argon2id"),
        ]  # fmt: skip
        with (folder / f"{session}.jsonl").open("w") as stream:
            stream.writelines(line({"cwd": str(project), **one}) for one in lines)
    return project


@contextmanager
def shell(place: Path, **more: str) -> Iterator[dict[str, str]]:
    """A shell in the project: its working folder and its environment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        patch.setenv("HOME", str(place.parent))
        for name in ("CLAUDE_CONFIG_DIR", "CLAUDE_PROJECT_DIR", "CLAUDECODE"):
            patch.delenv(name, raising=False)
        for name, value in more.items():
            patch.setenv(name, value)
        yield dict(os.environ)


def said(run: Callable[[], int | None]) -> tuple[int | None, str, str]:
    """What a way to answer returns and prints."""
    with pytest.MonkeyPatch.context() as patch:
        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        code = run()
        out.flush()
        return code, out.buffer.getvalue().decode(), err.getvalue()


@pytest.mark.skipif(os.name == "nt", reason="there the whole command answers")
@given(args=st.lists(st.sampled_from([*WORDS, *OPTIONS]), max_size=5), claude=st.booleans())
def test_both_ways_answer_the_same(place: Path, args: list[str], claude: bool) -> None:
    with shell(place, **({"CLAUDECODE": "1"} if claude else {})) as env:
        quickly = said(lambda: quick.run(args, env))
        if quickly[0] is None:
            assert quickly[1:] == ("", "")  # nothing is said before the whole command answers
        else:
            assert quickly == said(lambda: main(["search", *args]))


@pytest.mark.skipif(os.name == "nt", reason="there the whole command answers")
@pytest.mark.parametrize(
    "args",
    [
        pytest.param(["which", "hash"], id="words"),
        pytest.param(["--all", "hash", "--since", "2w"], id="options"),
        pytest.param(["--file", "src/login.py", "--kind", "command", "-n", "3"], id="a file"),
        pytest.param(["--open", "11111111:1"], id="a turn"),
        pytest.param(["--json", "密码"], id="JSON"),
    ],
)
def test_usual_options_take_the_short_way(place: Path, args: list[str]) -> None:
    with shell(place) as env:
        assert said(lambda: quick.run(args, env))[0] == 0


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
@pytest.mark.parametrize(
    "args", [["search", "hash"], ["--version"], ["search", "--help"]], ids=" ".join
)
def test_a_full_disk_under_the_answer_is_one_line(place: Path, args: list[str]) -> None:
    code = "import sys; from clearpoint.command import main; sys.exit(main())"
    with shell(place) as env, open("/dev/full", "w", encoding="utf-8") as full:
        said(lambda: quick.run(["hash"], env))
        ran = subprocess.run(
            [sys.executable, "-I", "-c", code, *args],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert (ran.returncode, ran.stderr.count("\n"), "the disk is full" in ran.stderr) == (
        1,
        1,
        True,
    )


@pytest.mark.skipif(os.name == "nt", reason="there the whole command answers")
def test_the_short_way_loads_no_library(place: Path) -> None:
    code = (
        "import sys; sys.argv[1:] = ['search', 'hash']; from clearpoint.command import main;"
        "code = main(); print(code, *sys.modules, file=sys.stderr)"
    )
    with shell(place) as env:
        said(lambda: quick.run(["hash"], env))  # brings the index up to date
        ran = subprocess.run(
            [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False
        )
    returned, *modules = ran.stderr.split()
    assert (returned, HEAVY & set(modules), "Which hash" in ran.stdout) == ("0", set(), True)


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(prompt("Which hash?"), id="prompt"),
        pytest.param(prompt("x", origin={"kind": "task-notification"}), id="a machine's prompt"),
        pytest.param(prompt("x", isMeta=True), id="the client's own"),
        pytest.param(answer("argon2id"), id="answer"),
        pytest.param(call("Edit", file_path="a.py", edits=[{"new_string": "x"}]), id="change"),
        pytest.param(call("ExitPlanMode", plan="First this"), id="plan"),
        pytest.param(result("Exit code 1", failed=True), id="failure"),
        pytest.param(result('User has answered: "x"="y"'), id="the user's answer"),
        pytest.param(result("User has " * 40 + "User has answered"), id="its words further behind"),
        pytest.param(
            entry("attachment", attachment={"type": "queued_command", "prompt": "and this"}),
            id="queued",
        ),
        pytest.param(
            entry("attachment", attachment={"type": "queued_command", "prompt": [{"text": "a"}]}),
            id="queued in blocks",
        ),
        pytest.param(entry("user", message={"content": None}), id="empty"),
        pytest.param(prompt("\U0001f600 密码"), id="other scripts"),
    ],
)
@pytest.mark.parametrize("is_ascii", [True, False])
def test_one_line_is_read_as_among_all(one: Entry, is_ascii: bool) -> None:
    data = json.dumps(one, ensure_ascii=is_ascii).encode()
    read, known = one_line.decode(data), entries.decode(data)
    assert read
    assert known
    assert (list(passages(read)), list(touched(read))) == (
        list(passages(known)), list(touched(known)),
    )  # fmt: skip


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.sampled_from(["tool_use", "user", "x", ""]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["type", "text", "name", "input", "is_error", "content", "prompt", "kind", "file_path"]
        ),
        inner, max_size=5,
    ),
    max_leaves=12,
)  # fmt: skip
KEYS = ["type", "message", "attachment", "origin", "isMeta", "isSidechain"]


@given(st.dictionaries(st.sampled_from(KEYS), VALUES))
def test_a_line_of_any_shape_is_read_as_among_all(one: dict[str, Any]) -> None:
    data = json.dumps(one).encode()
    read, known = one_line.decode(data), entries.decode(data)
    assert read
    found = list(passages(read))
    assert found == (list(passages(known)) if known else found)


@pytest.mark.parametrize("rules", ["", "others"], ids=["today's", "of another version"])
def test_a_secret_is_masked_whichever_rules_have_seen_it(place: Path, rules: str) -> None:
    with shell(place) as env:
        index = refresh.opened(str(place.parent / ".claude" / "clearpoint"), env)
        index.db.execute("BEGIN")
        if rules:  # they have found nothing anywhere
            index.db.execute("UPDATE sources SET masked_by = ?", (rules,))
            index.db.execute("UPDATE passages SET secret = 0")
        found = find(index, Wanted("hash", kinds=("answer",)), 0.0)
        index.db.execute("ROLLBACK")
        index.close()
    assert ("as hash" in str(found), "hunter2horse4" in str(found)) == (True, False)
