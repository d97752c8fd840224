"""Shell lines tell what they did, by their commands, and nothing if they are not understood."""

from __future__ import annotations

import pytest
from made import call, failed, prompt, result, state_after

from clearpoint.work import shell, shell_files, version_control

HEREDOC = "cat > store/ids.py << 'EOF'\ndef check(x): return x > 1 && y\nEOF"
MESSAGE = """git commit -m "$(cat <<'EOF'
Move (all) the checks, it's time

They are "shared".
EOF
)\""""


@pytest.mark.parametrize(
    ("line", "effects"),
    [
        pytest.param("cat a.py | head -5", [("read", "/p/a.py")], id="cat"),
        pytest.param("sed -n '1,20p' src/a.py", [("read", "/p/src/a.py")], id="sed -n"),
        pytest.param("sed -i '' 's/a/b/' a.py", [("write", "/p/a.py")], id="sed -i of BSD"),
        pytest.param("sed -i.bak -e 's/a/b/' a.py", [("write", "/p/a.py")], id="sed -i"),
        pytest.param("grep -n -A 3 'x y' a.py b.py", [("read", "/p/a.py"), ("read", "/p/b.py")],
                     id="grep"),
        pytest.param("grep -rn x src", [], id="grep in a folder"),
        pytest.param(HEREDOC, [("create", "/p/store/ids.py")], id="here document"),
        pytest.param("make 2>&1 | tee out.log", [("write", "/p/out.log")], id="tee"),
        pytest.param("ls > /dev/shm/a", [("write", "/dev/shm/a")], id="shared memory"),
        pytest.param("ls > list.txt 2>/dev/null", [("write", "/p/list.txt")], id="redirection"),
        pytest.param("cd web && git mv a.py ../b.py", [("remove", "/p/web/a.py"),
                                                       ("create", "/p/b.py")], id="git mv"),
        pytest.param("(cd web; rm a.py); cat b.py", [("remove", "/p/web/a.py"),
                                                     ("read", "/p/b.py")], id="group"),
        pytest.param("cp a.py b.py c/", [("read", "/p/a.py"), ("create", "/p/c/a.py"),
                                         ("read", "/p/b.py"), ("create", "/p/c/b.py")], id="cp"),
        pytest.param("cat $FILE *.py ~/x.py", [], id="what the shell expands"),
        pytest.param("for f in *.py; do cat a.py; done", [], id="a loop"),
        pytest.param('cd "$X" && cat a.py', [], id="a folder that is not known"),
        pytest.param("diff <(cat a) b", [], id="process substitution"),
        pytest.param("echo 'unclosed", [], id="broken"),
    ],
)  # fmt: skip
def test_a_line_tells_the_files_that_it_names(line: str, effects: list[object]) -> None:
    assert list(shell_files.effects(shell.commands(line), "/p")) == effects


@pytest.mark.parametrize(
    ("line", "subject"),
    [
        (MESSAGE, "Move (all) the checks, it's time"),
        ("git commit -am 'Fix the reader'", "Fix the reader"),
        ("git -C web commit --message='Add it'", "Add it"),
        ("git commit -F - <<EOF\n\nFrom a text\nEOF", "From a text"),
        ('git commit -m "$TITLE"', ""),
        ("git commit", ""),
    ],
)
def test_a_commit_tells_its_subject(line: str, subject: str) -> None:
    assert version_control.subject_of(shell.commands(line)[0]) == subject


@pytest.mark.parametrize(
    ("line", "words"),
    [
        pytest.param(r"echo $'a\nb'", ["echo", "a\nb"], id="a line break"),
        pytest.param(r"echo $'it\'s' c", ["echo", "it's", "c"], id="a quote"),
        pytest.param(r"echo $'a\x'", ["echo", r"a\x"], id="another sign"),
        pytest.param("echo $'a", None, id="not closed"),
    ],
)
def test_escapes_between_quotes_stand_for_their_signs(line: str, words: list[str] | None) -> None:
    found = shell.commands(line)
    assert (found[0].words if found else None) == words


def test_the_repository_of_a_pull_request_may_stand_before_what_is_done() -> None:
    work = after("gh -R acme/shop pr merge 7")
    assert [one["number"] for one in work["pull_requests"]] == [7]  # type: ignore[attr-defined]


def after(line: str, said: str = "", *, fails: bool = False) -> dict[str, object]:
    lines = [prompt("go"), call("Bash", command=line), result(said, failed=fails)]
    return {**state_after(*lines)["work_state"]}


@pytest.mark.parametrize(
    ("line", "said", "fails", "commits"),
    [
        pytest.param("git add -A && git commit -m 'A'", "", False, [("A", "")], id="quiet"),
        pytest.param("git commit -m 'A' | tail -3", "[main 1a2b3c4] A", False, [("A", "1a2b3c4")],
                     id="behind a pipe"),
        pytest.param("git commit -m 'A' | tail -3", "nothing to commit", False, [], id="nothing"),
        pytest.param("git commit -m 'A' || true", "On branch main", False, [], id="not sure"),
        pytest.param("git commit -m 'A' && git push", "Exit code 1\n[main 1a2b3c4] A\nrejected",
                     True, [("A", "1a2b3c4")], id="the push failed"),
        pytest.param("git commit -m 'A'", "Exit code 1\nhook failed", True, [], id="refused"),
        pytest.param("git commit --dry-run -m 'A'", "", False, [], id="dry"),
    ],
)  # fmt: skip
def test_a_commit_counts_where_it_was_made(
    line: str, said: str, fails: bool, commits: list[tuple[str, str]]
) -> None:
    found: object = after(line, said, fails=fails)["commits"]
    assert isinstance(found, list)
    assert [(one["subject"], one["hash"]) for one in found] == commits


def test_a_pull_request_is_known_by_its_address_and_follows_what_is_done_with_it() -> None:
    opened = call("Bash", command="gh pr create --draft --title 'Move it' --body x")
    merged = call("Bash", command="gh pr merge 77 --squash", tool_id="t2")
    lines = [opened, result("Warning: 1\nhttps://git.acme.org/acme/shop/pull/77"), merged]
    states = [state_after(*lines), state_after(*lines, result(tool_id="t2"))]
    seen = [one["work_state"]["pull_requests"] for one in states]
    assert [(one["number"], one["repository"], one["status"]) for [one] in seen] == [
        (77, "acme/shop", "draft"),
        (77, "acme/shop", "merged"),
    ]


def test_a_command_in_the_background_runs_until_the_client_says_otherwise() -> None:
    begun = [call("Bash", command="npm run dev"), result("running in background with ID: b1")]
    ended = prompt("<task-notification><task-id>b1</task-id><status>completed</status>")
    kept = [state_after(*begun), state_after(*begun, ended)]
    assert [list(one["work_state"]["background"]) for one in kept] == [["b1"], []]


@pytest.mark.parametrize("name", ["Edit", "Write", "Read"])
def test_a_call_that_failed_leaves_no_trace(name: str) -> None:
    lines = failed(name, file_path="/p/a.py", new_string="load_all()", content="load_all()")
    found = state_after(*lines)["work_state"]
    assert (found["files"], found["artifacts"], found["names"]) == ({}, [], {})


@pytest.mark.parametrize("line", ["cat missing.py", "cat missing.py; echo ok"])
def test_a_file_that_is_not_there_was_not_read(line: str) -> None:
    assert after(line, "cat: missing.py: No such file or directory")["files"] == {}


def test_a_removed_file_is_known_and_no_longer_in_play() -> None:
    lines = [call("Bash", command="echo x > a.py"), result(), call("Bash", command="rm a.py")]
    found = state_after(*lines, result())["work_state"]
    assert (found["files"]["a.py"].get("deleted"), found["artifacts"]) == (True, [])
