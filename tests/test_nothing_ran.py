"""Checks that passed nothing, outputs that are cut, and files that commands name."""

from __future__ import annotations

import pytest
from made import call, prompt, result, state_after

from clearpoint.models.work import WorkState  # noqa: TC001

GO = "go test ./... 2>&1"
ROWS = "\n".join(f"--- PASS: Test{n} (0.01s)" for n in range(20))


def after(line: str, said: str = "", *, fails: bool = False) -> WorkState:
    lines = [prompt("go", cwd="/p"), call("Bash", command=line), result(said, failed=fails)]
    return state_after(*lines)["work_state"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("go test -run TestX ./a", "ok  \tshop/a\t0.1s [no tests to run]", id="go"),
        pytest.param("go test -run TestX ./a",
                     "testing: warning: no tests to run\nPASS\nok  \ta\t0.1s [no tests to run]",
                     id="go says PASS all the same"),
        pytest.param("go test ./a", "?   \tshop/a\t[no test files]", id="go without files"),
        pytest.param("pytest -k x | tail -3", "==== no tests ran in 0.01s ====", id="pytest"),
        pytest.param("pytest tests/x.py", "collected 0 items\n\n=== no tests ran ===",
                     id="pytest collects none"),
        pytest.param("pytest -k x", "12 deselected, 0 passed", id="pytest selects none"),
        pytest.param("npx mocha", "\n  0 passing (2ms)", id="mocha"),
        pytest.param("npx jest --passWithNoTests", "No tests found, exiting with 0", id="jest"),
        pytest.param("npx vitest run", "No test files found, exiting with code 0", id="vitest"),
        pytest.param("python -m unittest", "Ran 0 tests in 0.000s\n\nOK", id="unittest"),
        pytest.param("cargo test x", "running 0 tests\n\ntest result: ok. 0 passed; 0 failed",
                     id="cargo"),
        pytest.param("bundle exec rspec", "0 examples, 0 failures", id="rspec"),
        pytest.param(f"{GO} | grep FAIL", "", id="an empty search for FAIL"),
        pytest.param("pytest 2>&1 | grep -E 'FAILED|ERROR'", "", id="an empty search for more"),
        pytest.param(f"{GO} -v | head -20", ROWS, id="cut before the verdict"),
        pytest.param(f"{GO} -v | head -n 5", "\n".join(ROWS.splitlines()[:5]), id="head -n"),
        pytest.param(f"{GO} -v | sed -n '1,20p'", ROWS, id="sed -n"),
        pytest.param(f"{GO} | grep ok", "ok  \tshop/a\t0.1s", id="only what passed"),
        pytest.param(f"{GO} -v | cat", f"<persisted-output>\nOutput too large\n{ROWS}",
                     id="cut by the client"),
    ],
)  # fmt: skip
def test_no_check_passes_where_nothing_says_so(line: str, said: str) -> None:
    assert after(line, said)["checks"] == {}


@pytest.mark.parametrize(
    ("line", "said", "passed"),
    [
        pytest.param(GO, "ok  \ta\t0.1s [no tests to run]\nok  \tb\t0.2s", True, id="some ran"),
        pytest.param("pytest | tail -3", "10 passed in 0.1s", True, id="ten passed"),
        pytest.param("cargo test", "test result: ok. 4 passed; 0 failed\nrunning 0 tests\n"
                     "test result: ok. 0 passed; 0 failed", True, id="of two, one has tests"),
        pytest.param(f"{GO} -v | head -50", f"{ROWS}\nok  \ta\t0.1s", True, id="not cut"),
        pytest.param(f"{GO} -v | head -20", f"{ROWS}\n--- FAIL: TestX (0.1s)", False,
                     id="red though cut"),
        pytest.param("pytest | grep passed", "3 passed in 0.1s", True, id="a sought count"),
        pytest.param(f"{GO} | grep FAIL", "--- FAIL: TestX (0.1s)", False, id="found"),
        pytest.param("ruff check . | head", "", True, id="a silent linter"),
        pytest.param("go build ./... 2>&1 | head -5", "", True, id="a silent build"),
        pytest.param("go build -o /dev/null ./... 2>&1 | head",
                     "go build: cannot write multiple packages to non-directory /dev/null", False,
                     id="go build refuses"),
        pytest.param("go build ./... | tail", "go: cannot find main module", False, id="no module"),
        pytest.param("make build | tail", "/usr/bin/ld: x.o: undefined reference to `f'", False,
                     id="the linker"),
        pytest.param("npm run build | tail", "ERROR in ./src/a.ts", False, id="webpack"),
        pytest.param("npm run build | tail -4", "Failed to compile.", False, id="next"),
        pytest.param("mvn package | tail", "[INFO] BUILD FAILURE\n[ERROR] x", False, id="maven"),
    ],
)  # fmt: skip
def test_a_verdict_is_told_where_it_is_seen(line: str, said: str, passed: bool) -> None:
    assert [one["passed"] for one in after(line, said)["checks"].values()] == [passed]


NONE: list[str] = []


@pytest.mark.parametrize(
    ("line", "said", "reads", "changes"),
    [
        pytest.param("cat a.py 2>/dev/null", "", NONE, NONE, id="absent, and nobody is told"),
        pytest.param("cat a.py 2>/dev/null || echo none", "none", NONE, NONE, id="told instead"),
        pytest.param("cat a.py 2>/dev/null || echo none", "x = 1", ["a.py"], NONE, id="there"),
        pytest.param("ls; cat a.py 2>/dev/null", "b.py", NONE, NONE, id="others printed too"),
        pytest.param("cat a.py", "x = 1", ["a.py"], NONE, id="read"),
        pytest.param("git diff -- a.py b.py", "+x", ["a.py", "b.py"], NONE, id="a diff"),
        pytest.param("git diff HEAD~1 -- src/a.py", "+x", ["src/a.py"], NONE, id="with a commit"),
        pytest.param("git diff a.py", "", NONE, NONE, id="no difference"),
        pytest.param("git diff --stat -- a.py", " a.py | 2 +-", NONE, NONE, id="figures alone"),
        pytest.param("git diff main..dev -- a.py", "+x", NONE, NONE, id="two other commits"),
        pytest.param("git diff v1.2", "+x", NONE, NONE, id="a tag"),
        pytest.param("git -C sub diff -- a.py", "+x", ["a.py"], NONE, id="elsewhere"),
        pytest.param("git blame a.py", "1234 x", ["a.py"], NONE, id="blame"),
        pytest.param("go build -o bin/app ./cmd", "", NONE, ["bin/app"], id="-o"),
        pytest.param("go build -o bin/ ./cmd", "", NONE, NONE, id="-o of a folder"),
        pytest.param("go build -o /dev/null .", "", NONE, NONE, id="-o nowhere"),
        pytest.param("gcc main.c -o main", "", NONE, ["main"], id="a compiler"),
        pytest.param("curl -s -o page.html https://x.org", "", NONE, ["page.html"], id="curl"),
        pytest.param("grep -o x a.py", "x", ["a.py"], NONE, id="another -o"),
        pytest.param("go test -coverprofile=c.out ./...", "ok  \ta\t0.1s", NONE, ["c.out"],
                     id="coverage"),
        pytest.param("go test -coverprofile c.out ./...", "ok  \ta\t0.1s", NONE, ["c.out"],
                     id="coverage behind a space"),
        pytest.param("pytest --junitxml=r.xml", "3 passed", NONE, ["r.xml"], id="a report"),
        pytest.param("chmod +x run.sh", "", NONE, ["run.sh"], id="chmod"),
        pytest.param("chmod -R 755 bin", "", NONE, NONE, id="chmod of a folder"),
        pytest.param("ln -s a.cfg b.cfg", "", NONE, ["b.cfg"], id="a link"),
        pytest.param("echo x | tee -a log.txt out.txt", "x", NONE, ["log.txt", "out.txt"],
                     id="tee -a"),
        pytest.param("sed -i '' 's/a/b/' a.py", "", NONE, ["a.py"], id="sed of BSD"),
        pytest.param("sed -i.bak -e 's/a/b/' -e 's/c/d/' a.py", "", NONE, ["a.py"], id="sed -e"),
        pytest.param("git mv a.py pkg/b.py", "", NONE, ["a.py", "pkg/b.py"], id="git mv"),
        pytest.param("mv *.py pkg/", "", NONE, NONE, id="a pattern"),
        pytest.param("cp -r src dst", "", NONE, NONE, id="folders"),
        pytest.param("cp a.py pkg/", "", ["a.py"], ["pkg/a.py"], id="into a folder"),
        pytest.param("(cd sub && cat > a.py <<EOF\nx\nEOF\n)", "", NONE, ["sub/a.py"],
                     id="a subshell"),
        pytest.param("(cd sub && make); cat a.py", "x", ["a.py"], NONE, id="behind a subshell"),
        pytest.param("cd sub && sed -n '1,5p' ../a.py", "x", ["a.py"], NONE, id="up again"),
        pytest.param("cat <<-'EOF' > a.py\n\tcat b.py > c.py\n\tEOF\n", "", NONE, ["a.py"],
                     id="a document of commands"),
        pytest.param('cat > "my file.py" << "END"\nx\nEND', "", NONE, ["my file.py"],
                     id="quoted"),
        pytest.param("cat <<EOF | tee a.py\nx\nEOF", "x", NONE, ["a.py"], id="a document piped"),
        pytest.param("cat <<A > a.py && cat <<B > b.py\n1\nA\n2\nB", "", NONE, ["a.py", "b.py"],
                     id="two documents"),
        pytest.param("python3 - <<'EOF'\nopen('a.py','w')\nEOF", "", NONE, NONE, id="a program"),
        pytest.param("printf '%s' x >| a.py 2>&1", "", NONE, ["a.py"], id="forced"),
        pytest.param("echo 'cat a.py > b.py'", "cat a.py > b.py", NONE, NONE, id="only words"),
        pytest.param("cat $FILE", "x", NONE, NONE, id="a variable"),
        pytest.param("for f in *.py; do cat $f; done", "x", NONE, NONE, id="a loop"),
        pytest.param("sudo tee /etc/x.conf < y.conf > /dev/null", "", ["y.conf"],
                     ["/etc/x.conf"], id="sudo"),
        pytest.param("head -n 5 -- a.py", "x", ["a.py"], NONE, id="head"),
        pytest.param("grep -rn x src", "src/a.py:1:x", NONE, NONE, id="a folder is searched"),
        pytest.param("diff a.py b.py", "1c1", ["a.py", "b.py"], NONE, id="diff"),
        pytest.param("awk -F, '{print $1}' a.csv > b.csv", "", ["a.csv"], ["b.csv"], id="awk"),
        pytest.param("touch a.py && rm -f b.py", "", NONE, ["a.py", "b.py"], id="touch and rm"),
        pytest.param("git checkout -- a.py", "", NONE, ["a.py"], id="taken back"),
        pytest.param("git show HEAD:a.py", "x", NONE, NONE, id="of a commit"),
    ],
)  # fmt: skip
def test_a_line_reads_and_changes_the_files_that_it_names(
    line: str, said: str, reads: list[str], changes: list[str]
) -> None:
    files = after(line, said)["files"]
    found = {path.removeprefix("/p/"): one for path, one in files.items()}
    changed = [path for path, one in found.items() if one["edits"]]
    assert (sorted({*found} - {*changed}), sorted(changed)) == (sorted(reads), sorted(changes))
