"""Fixtures for the tests against the real client."""

import importlib.util
import os
import shutil
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import NoReturn, Protocol

import pytest

from .lab import Lab
from .namespace import isolation
from .record import Json
from .terminal import Terminal

HERE = Path(__file__).parent
LABS = pytest.StashKey[list[Lab]]()


class ClientFactory(Protocol):
    """Open a lab: `client(settings={...}, env={...})`."""

    def __call__(
        self, *, settings: Json | None = None, env: Mapping[str, str] | None = None
    ) -> Lab:
        """Open one more lab of this test."""


class TestedLab(Lab):
    """A lab that knows what to do without tmux."""

    def start(
        self,
        *args: str,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        wait: bool = True,
        apart: bool = False,
    ) -> Terminal:
        """Start an interactive client, or skip."""
        if shutil.which("tmux") is None:
            unavailable("no tmux")
        return super().start(*args, cwd=cwd, env=env, wait=wait, apart=apart)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this directory."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.client)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show screens, events and the last requests beside a failure."""
    report = yield
    if report.failed and call.when == "call":
        labs: list[Lab] = item.stash.get(LABS, [])
        for number, lab in enumerate(labs):
            report.sections.append((f"client run {number}", lab.dump()))
    return report


def bundled_client() -> Path | None:
    """Find the client inside the installed SDK package, without importing that."""
    spec = importlib.util.find_spec("claude_agent_sdk")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "_bundled" / "claude"


def unavailable(reason: str) -> NoReturn:
    """Skip, or fail where the client is required (`CLEARPOINT_REQUIRE_CLIENT=1`)."""
    if os.environ.get("CLEARPOINT_REQUIRE_CLIENT") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def claude() -> Path:
    """The client's executable: `CLAUDE_BIN`, else the one in the package claude-agent-sdk."""
    named = os.environ.get("CLAUDE_BIN")
    path = Path(named) if named else bundled_client()
    if path is None or not os.access(path, os.X_OK):
        unavailable(f"no client at {path or 'CLAUDE_BIN or in claude-agent-sdk'}")
    return path


@pytest.fixture(scope="session")
def unshare() -> tuple[str, ...]:
    """The command that makes a network namespace on this machine."""
    command = isolation()
    if command is None:
        unavailable("no network namespaces here (unshare, nsenter and the right to use them)")
    return command


@pytest.fixture
def client(
    request: pytest.FixtureRequest, tmp_path: Path, claude: Path, unshare: tuple[str, ...]
) -> Generator[ClientFactory]:
    """A factory of labs, which are closed after the test."""
    labs: list[Lab] = request.node.stash.setdefault(LABS, [])

    def open_lab(*, settings: Json | None = None, env: Mapping[str, str] | None = None) -> Lab:
        root = tmp_path / f"run-{len(labs)}"
        root.mkdir()
        labs.append(TestedLab(root, claude, unshare, settings=settings, env=env))
        return labs[-1]

    yield open_lab
    for lab in labs:
        lab.close()
