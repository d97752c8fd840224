"""What happens in the sample session: a login is built, in eight turns."""

from __future__ import annotations

from typing import Any

from clearpoint.demo.stage import Call, Turn

STEPS = (
    "Hash passwords",
    "Issue and check tokens",
    "Add the login endpoint",
    "Test the endpoint",
    "Limit login attempts",
    "Write the documentation",
)


def read(path: str, tokens: int) -> Call:
    """A file that is read."""
    return Call("Read", {"file_path": path}, tokens)


def write(path: str, tokens: int = 300) -> Call:
    """A file that is written."""
    return Call("Write", {"file_path": path, "content": "…"}, tokens)


def edit(path: str, tokens: int = 400) -> Call:
    """A file that is changed."""
    return Call("Edit", {"file_path": path, "old_string": "a", "new_string": "b"}, tokens)


def bash(command: str, tokens: int, *, failed: bool = False) -> Call:
    """A command that is run."""
    return Call("Bash", {"command": command}, tokens, failed)


def todos(done: int) -> Call:
    """The to-do list with so many steps done and the next one current."""
    rows: list[dict[str, Any]] = [
        {
            "content": step,
            "status": "completed" if at < done else "in_progress" if at == done else "pending",
        }
        for at, step in enumerate(STEPS)
    ]
    return Call("TodoWrite", {"todos": rows}, 60)


def story(folder: str) -> tuple[Turn, ...]:
    """The turns of the first session, with files below the project's folder."""
    auth, tests = f"{folder}/src/auth", f"{folder}/tests"
    return (
        Turn(
            "Build the login from SPEC-AUTH-001. Please always run the tests before you finish.",
            (
                read(f"{folder}/docs/SPEC-AUTH-001.md", 12_500),
                read(f"{folder}/src/app.py", 16_000),
                read(f"{folder}/src/models.py", 13_500),
                read(f"{folder}/src/settings.py", 10_500),
                todos(0),
                write(f"{auth}/__init__.py"),
            ),
            "I have read the specification. Decided: we will use argon2id for passwords. "
            "Decided: access tokens are JWT, live 15 minutes and travel in http-only cookies.",
        ),
        Turn(
            "Good. Start with the passwords.",
            (
                write(f"{auth}/passwords.py"),
                read(f"{folder}/src/users.py", 5_500),
                write(f"{tests}/test_passwords.py"),
                bash("pytest tests/test_passwords.py", 4_500, failed=True),
                edit(f"{auth}/passwords.py"),
                bash("pytest tests/test_passwords.py", 2_000),
                todos(1),
            ),
            "Passwords are hashed with argon2id; all 9 tests pass.",
        ),
        Turn(
            "Now the tokens.",
            (
                write(f"{auth}/tokens.py"),
                read(f"{folder}/src/keys.py", 6_500),
                edit(f"{auth}/tokens.py"),
                bash("pytest tests/test_tokens.py", 3_500),
                todos(2),
            ),
            "Tokens are issued and checked. Decided: refresh tokens are kept in the database, "
            "so that they can be revoked.",
        ),
        Turn(
            "Go on with the endpoint.",
            (
                write(f"{auth}/endpoint.py"),
                edit(f"{folder}/src/app.py", 8_500),
                bash("ruff check src", 2_000),
                todos(3),
            ),
            "POST /login is in place. TODO: the clock skew between servers is not handled.",
        ),
        Turn(
            "Test it, please.",
            (
                write(f"{tests}/test_endpoint.py"),
                read(f"{tests}/conftest.py", 7_500),
                bash("pytest tests/test_endpoint.py", 6_500, failed=True),
            ),
            "2 of 11 tests fail: the cookie is set without SameSite.",
        ),
        Turn(
            "Set it to Lax.",
            (
                edit(f"{auth}/endpoint.py", 2_000),
                read(f"{folder}/docs/cookies.md", 4_500),
                bash("pytest tests/test_endpoint.py", 4_500),
                todos(4),
            ),
            "All 11 tests pass now. Decided: cookies are SameSite=Lax.",
        ),
        Turn(
            "Next: limit login attempts.",
            (
                read(f"{folder}/src/cache.py", 12_500),
                write(f"{auth}/limits.py"),
                edit(f"{auth}/endpoint.py"),
                bash("pytest tests/test_limits.py", 5_000, failed=True),
            ),
            "The limit counts per address. One test fails: the window does not slide yet.",
        ),
        Turn(
            "Look at how the other services do it.",
            (read(f"{folder}/vendor/limits.py", 6_500),),
            "They keep a sliding window in the cache; ours can do the same.",
        ),
    )


AFTER = Turn(
    "Fix the limit test.",
    (Call("Bash", {"command": "pytest tests/test_limits.py"}, 1_500),),
    "The window slides now, and the test passes.",
)
"""The first turn of the session after the clear."""
