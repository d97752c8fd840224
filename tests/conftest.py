"""What no test may do: use a home folder, talk to a network, or feel the client it runs in."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from clearpoint.client.events import ENVIRONMENT
from clearpoint.handoffs import subagents

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

settings.register_profile("suite", database=None, deadline=None, derandomize=True, max_examples=60)
settings.load_profile("suite")

WAITING_WORKERS = 1
"""Workers beyond one a core: what starts a client waits for it now and then."""

NETWORK = frozenset(
    ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo",
     "socket.gethostbyname", "socket.gethostbyaddr")
)  # fmt: skip
guard = {"closed": False}


class NetworkError(Exception):
    """A test has tried to reach a network."""


def watch(event: str, _arguments: tuple[Any, ...]) -> None:
    """The interpreter's own report of what is about to be done."""
    if event in NETWORK and guard["closed"]:
        raise NetworkError(event)


sys.addaudithook(watch)


def pytest_xdist_auto_num_workers() -> int:
    """One worker a core, and some for what waits."""
    return (os.cpu_count() or 1) + WAITING_WORKERS


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long tests and those on the client, or the last of them runs alone."""
    order = {"long": 0, "client": 1}
    items.sort(
        key=lambda item: min((order.get(mark.name, 2) for mark in item.iter_markers()), default=2)
    )


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest) -> Iterator[None]:
    guard["closed"] = request.node.get_closest_marker("client") is None
    yield
    guard["closed"] = False


@pytest.fixture(scope="session")
def no_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that cannot be one: a file, so that whatever is looked up or made in it fails."""
    path = tmp_path_factory.mktemp("no") / "home"
    path.write_text("not a folder")
    return path


@pytest.fixture(scope="session", autouse=True)
def client_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The client's own folder while tests run; each project has a state folder of its own in it."""
    folder = tmp_path_factory.mktemp("claude")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLAUDE_CONFIG_DIR", str(folder))
        yield folder


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, no_home: Path) -> None:
    for name in ENVIRONMENT:
        if name != "CLAUDE_CONFIG_DIR":
            monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(no_home))
    monkeypatch.setenv("USERPROFILE", str(no_home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(no_home / "config"))


@pytest.fixture(autouse=True)
def _fresh_client_folder(client_folder: Path) -> Iterator[None]:
    """What a test leaves in the client's folder beside our state decides nothing in the next."""
    yield
    for path in client_folder.iterdir():
        if path.name == "clearpoint":
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


@pytest.fixture(autouse=True)
def _no_long_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """In process nobody writes a subagent's last line later than it is looked for."""
    monkeypatch.setattr(subagents, "END_LAG_S", 0.02)


@pytest.fixture(autouse=True)
def _nothing_around(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A project is never looked for above the folder of this run: what lies there is not ours."""
    folder = str(tmp_path_factory.getbasetemp())
    monkeypatch.setenv("TMPDIR", folder)
    monkeypatch.setattr("tempfile.tempdir", folder)
