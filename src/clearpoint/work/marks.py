"""What the output of a check says of its outcome: one bit by fixed marks, and names of tests.

Output may hold anything, hostile text too; so nothing else of it is kept, and names of failed tests
only where they are plain identifiers. Pure. Fast lane.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.models.outcomes import CheckKind

SEEN_CHARS = 20_000
"""As much of the beginning and of the end of an output is looked at."""
NAMES_LIMIT = 6
NAME_CHARS = 120
STARTS = ("--- FAIL:", "FAIL\t", "FAIL:", "FAILED ", "FAILED:", "FAIL ", "error[", "npm ERR!",
          "✗", "✘", "✖", "make: ***", "BUILD FAILED", "** BUILD FAILED", "panic:", "FAILURE:",
          "test result: FAILED", "gmake: ***", "not ok ", "[31mFAIL", "error TS",
          "error: could not compile",
          "FAILURES!", "Failed tests:", "==> FAIL")  # fmt: skip
"""How lines begin that only a failing check prints."""
HOLDS = ("... FAILED", "ELIFECYCLE", "error Command failed", ": error TS", ") error TS",
         "exited with code 1", "exit status 1", "[build failed]", "[setup failed]", "BUILD FAILED",
         "ERROR task failed", "task failed", "Command failed with exit code", "Failed!  -",
         "AssertionError", 'error: script "', "FAILED (")  # fmt: skip
"""What such lines hold."""
BUILD_STARTS = ("go build:", "go: ", "ld: ", "collect2: error", "error: linking", "ERROR in ",
                "Failed to compile", "Build failed", "Compilation failed", "BUILD FAILURE",
                "[ERROR]", "x Build failed", "✗ Build failed", "CMake Error", "ninja: error",
                "ninja: build stopped")  # fmt: skip
BUILD_HOLDS = ("undefined reference to", "cannot write multiple packages",
               "no required module provides package", "cannot find package",
               "is not in std", "Module not found:", "Could not resolve", "Cannot find module",
               "linker command failed", "ld returned 1")  # fmt: skip
"""How rows begin, and what they hold, that a build prints which failed."""
NO_TESTS = ("[no tests to run]", "no tests ran", "collected 0 items", "no tests found",
            "no tests to run", "ran 0 tests", "running 0 tests", "0 passing", "no test files",
            "0 passed", "0 tests", "0 examples", "no specs found", "no test suites found",
            "0 scenarios", "executed 0 tests")  # fmt: skip
"""What a run of tests says that ran none."""
ERROR_LINES = (": error:", ": fatal error:", " error  ", ": error ")
TESTS_OWN = ("--- FAIL:", "FAIL\t", "FAILED ", "not ok ", "test result: FAILED", "Failed tests:")
ERRORS_OWN = (*ERROR_LINES, "error TS", "error[", "could not compile", "[build failed]")
FOUND = ("Found", "✖")
FINDINGS = ("would reformat", "Code style issues found", "would be reformatted")
TESTS_PASS = ("ok  \t", "ok\t", "test result: ok", "OK (", "--- PASS:", "All tests passed",
              "Tests passed", "Passed!  -", "100% tests passed")  # fmt: skip
PASSES_OWN: dict[CheckKind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "lint": (("All checks passed", "0 issues", "All matched files use", "No issues found",
              "Your code has been rated at 10"),
             ("No fixes applied", "0 problems", "no lint errors", "No ESLint warnings",
              "left unchanged", "files already formatted", "file already formatted",
              "no issues found")),
    "types": (("Success: no issues", "0 errors, "), ("Found 0 errors",)),
    "build": (("✓ built", "✓ Compiled", "Finished `", "Compiled successfully", "BUILD SUCCESSFUL",
               "** BUILD SUCCEEDED", "Build succeeded", "Successfully built"),
              ("compiled successfully", "Build success")),
}  # fmt: skip
"""How rows begin, and what they hold, where a check of a kind passes that shares its output."""
WEAK_STARTS = ("error:", "Error:", "ERROR", "Traceback (most recent", "fatal:", "error -",
               "SyntaxError",
               "E   ", "undefined:")  # fmt: skip
PASSING_STARTS = ("--- PASS:", "Finished `", "ok  \t", "ok\t", "PASS", "test result: ok", "OK",
                  "BUILD SUCCESSFUL", "All checks passed", "Success: no issues", "✓ built",
                  "✓ Compiled", "webpack compiled", "Your code has been rated",
                  "All matched files use", "Compiled successfully", "✔ ")  # fmt: skip
PASSING = ("ok", "OK", "Done.", "PASS", "passed")
PASSING_HOLDS = ("0 errors", "no issues", "0 issues", "compiled successfully",
                 "All checks passed", "No problems found", "No errors", "0 problems",
                 "All tests passed", "0 failed", "0 fail", "0 failures", "** BUILD SUCCEEDED",
                 "Build succeeded", "Build success", "Tests passed", "No fixes applied",
                 "files already formatted", "file already formatted", "left unchanged",
                 "Passed!  -", "no lint errors", "No ESLint warnings")  # fmt: skip
BAD_COUNTS = ("failed", "failures", "failure", "failing", "fail", "error", "errors", "problem",
              "problems", "issues")  # fmt: skip
GOOD_COUNTS = ("passed", "passing", "pass", "succeeded")
SHELL_ERRORS = ("command not found", "No such file or directory", "no such file or directory",
                "Permission denied", "permission denied", "no matches found", "parse error near",
                "syntax error near", "no tasks", "unrecognized subcommand", "Missing script",
                "No rule to make target", "not a git repository",
                "No module named pytest")  # fmt: skip
"""What is said where a line could not be run as it was meant."""
SHELL_ERROR_LINES = 3
ECHOES = ("$ ", "> ")
"""How script runners repeat what they run."""
EMPTY = ("", "(Bash completed with no output)", "(no output)", "(No output)")
TEST_STARTS = ("--- FAIL: ", "FAILED ", "FAIL: ", "FAIL ", "rspec ", "test ")
PATHS_ONLY = ("FAILED ", "FAIL ", "rspec ")
"""What stands behind them names a test only where it is a path: `FAIL src/rows.test.ts`."""
PACKAGE_START = "FAIL\t"
NAME_MARKS = frozenset("_./:-[]$#")


def verdict(kind: CheckKind, output: str, *, alone: bool) -> bool | None:
    """Whether a check of this kind passed, by its output; None if that does not tell.

    `alone` says that the output is of this check only, so that silence is a pass of those that
    are silent then.
    """
    text = seen(output)
    if text.strip() in EMPTY:
        return True if alone else None
    rows = [row.strip().lstrip("│| ") for row in text.splitlines() if row.strip()]
    rows = [row for row in rows if not row.startswith(ECHOES)]
    if not rows and alone:
        return True
    bad, good = _counts(rows)
    if bad or any(_is_failure(row, kind) for row in rows):
        return False
    if good or any(_is_pass(row) for row in rows):
        return True
    if any(row.startswith(WEAK_STARTS) for row in rows):
        return False
    return None


def ran_nothing(output: str) -> bool:
    """Whether a run of tests says that it found none, and nothing of one that passed."""
    text = seen(output)
    low = text.lower()
    if not any(mark in low for mark in NO_TESTS):
        return False
    rows = [row.strip() for row in text.splitlines()]
    kept = [row for row in rows if not _names_none(row.lower())]
    return len(kept) < len(rows) and not any(
        _passes("test", row) and row not in ("PASS", "OK") for row in kept
    )


def _names_none(row: str) -> bool:
    """Whether a row says that there are no tests; `10 passed` does not say so of 0."""
    for mark in NO_TESTS:
        place = row.find(mark)
        is_number = mark[0] == "0" and place > 0 and (row[place - 1].isdigit())
        if place >= 0 and not is_number:
            return True
    return False


def counts_passes(output: str) -> bool:
    """Whether a row counts what passed, as the last one of a run of tests does."""
    return _counts(seen(output).splitlines())[1] > 0


def own_verdict(kind: CheckKind, output: str) -> bool | None:
    """The same where others wrote into the output as well: only by marks that are of this kind."""
    rows = [row.strip() for row in seen(output).splitlines()]
    passes = any(_passes(kind, row) for row in rows)
    if kind == "test" and any(map(_fails_tests, rows)):
        return False
    if not passes and kind != "test" and any(map(_has_findings, rows)):
        return False  # of another kind where this one says that it found nothing
    return True if passes else None


def _fails_tests(row: str) -> bool:
    return row.startswith(TESTS_OWN) or _counts_tests(row)


def _has_findings(row: str) -> bool:
    """Whether a row is of a linter, a type checker or a build that failed."""
    is_marked = any(mark in row for mark in ERRORS_OWN) or any(mark in row for mark in FINDINGS)
    return is_marked or _is_finding(row) or _counts_findings(row)


def _counts_findings(row: str) -> bool:
    """Whether a row counts what a linter found: `Found 2 errors.`, `✖ 1 problem`, `3 issues:`."""
    words = row.split(" ", 2)
    number = words[1] if words[0] in FOUND and len(words) > 1 else words[0]
    is_count = words[0] in FOUND or row.endswith((" issues:", " issue:"))
    return is_count and number.isdigit() and int(number) > 0


def _passes(kind: CheckKind, row: str) -> bool:
    """Whether a row is one that only a passing check of this kind prints."""
    if kind == "test":
        is_told = row.startswith(TESTS_PASS) or row in ("PASS", "OK")
        return is_told or (row[:1] != "[" and _counts([row])[1] > 0)
    starts, held = PASSES_OWN[kind]
    return row.startswith(starts) or any(mark in row for mark in held)


def failed_scripts(output: str) -> set[str]:
    """The scripts and targets that runners name as failed: `error: script "lint" exited with …`."""
    found = set()
    for row in map(str.strip, seen(output).splitlines()):
        quoted = row.replace("`", '"').split('"')
        if len(quoted) > 2 and quoted[0].endswith(("script ", "Recipe ", "recipe ")):
            found.add(quoted[1])
        elif row.startswith("[") and "] ERROR task failed" in row:
            found.add(row[1:].partition("]")[0])
        elif "make" in row[:6] and ": *** [" in row:
            found.add(row.partition(": *** [")[2].partition("]")[0].rpartition(" ")[2])
    return found


def _counts_tests(row: str) -> bool:
    bad, good = _counts([row])
    return bad > 0 and (good > 0 or " failed" in row or "failing" in row)


def seen(output: str) -> str:
    """As much of an output as is looked at: its beginning and its end."""
    if len(output) <= 2 * SEEN_CHARS:
        return output
    return f"{output[:SEEN_CHARS]}\n{output[-SEEN_CHARS:]}"


def is_shell_error(output: str) -> bool:
    """Whether the output says at its beginning that the line could not be run."""
    rows = [row for row in output[:2_000].splitlines() if row and not row.startswith("Exit code ")]
    return any(
        mark in row for row in rows[:SHELL_ERROR_LINES] for mark in SHELL_ERRORS
    ) and not any(row.startswith(STARTS) for row in rows)


def _is_failure(row: str, kind: CheckKind) -> bool:
    if row == "FAIL" or row.startswith(STARTS) or any(mark in row for mark in HOLDS):
        return True
    if kind == "test":
        return False
    if kind == "build" and (row.startswith(BUILD_STARTS) or any(one in row for one in BUILD_HOLDS)):
        return True
    return any(mark in row for mark in ERROR_LINES) or _is_finding(row)


def _is_finding(row: str) -> bool:
    """Whether a row is a linter's: `file.go:12:3: what is wrong (rule)`."""
    path, _, rest = row.partition(":")
    line, _, rest = rest.partition(":")
    column = rest.partition(":")[0]
    return "." in path and " " not in path and line.isdigit() and column.strip().isdigit()


def _is_pass(row: str) -> bool:
    return (
        row in PASSING
        or row.startswith(PASSING_STARTS)
        or any(mark in row for mark in PASSING_HOLDS)
    )


def _counts(rows: list[str]) -> tuple[int, int]:
    """How many failures and how many passes the rows count: `3 failed, 12 passed`."""
    bad = good = 0
    for row in rows:
        if len(row) > 300:
            continue
        words = row.replace(",", " ").replace("(", " ").replace(")", " ").replace("=", " ").split()
        for place, number in enumerate(words[:-1]):
            if number.isdigit():
                bare = words[place + 1].strip(".:;!").lower()
                bad += int(number) if bare in BAD_COUNTS else 0
                good += int(number) if bare in GOOD_COUNTS else 0
    return bad, good


def failed_tests(output: str) -> list[str]:
    """The names of the tests that failed, where the output names them in a known way.

    Where it names no test, it may name the packages of those that failed.
    """
    rows = [row.strip() for row in seen(output).splitlines()]
    found = [name for row in rows if (name := _test_in(row))]
    found = found or [name for row in rows if (name := _named_behind(row, PACKAGE_START))]
    return list(dict.fromkeys(found))[:NAMES_LIMIT]


def _test_in(row: str) -> str:
    """The name in one row: `--- FAIL: TestLoad (0.02s)`, `FAILED tests/a.py::test_b - …`."""
    start = next((start for start in TEST_STARTS if row.startswith(start)), "")
    if not start or (start == "test " and not row.endswith("... FAILED")):
        return ""
    name = _named_behind(row, start)
    return name if start not in PATHS_ONLY or "::" in name or "/" in name else ""


def _named_behind(row: str, start: str) -> str:
    """The plain name after the beginning of a row; empty if there is none."""
    words = row[len(start) :].split(maxsplit=1) if row.startswith(start) else []
    return words[0] if words and is_plain(words[0]) else ""


def is_plain(name: str) -> bool:
    """Whether a name is an identifier, with the marks that paths and parameters have."""
    return 0 < len(name) <= NAME_CHARS and name.isascii() and all(_plain_chars(name))


def _plain_chars(name: str) -> Iterator[bool]:
    return (char.isalnum() or char in NAME_MARKS for char in name)
