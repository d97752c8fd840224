"""The fences around the tests hold: no home folder, no network, no client's environment."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import NetworkError

from clearpoint.client.events import ENVIRONMENT
from clearpoint.config import defaults, load

if TYPE_CHECKING:
    from collections.abc import Callable


def test_nothing_can_be_made_in_a_home_folder() -> None:
    with pytest.raises(NotADirectoryError):
        (Path.home() / ".claude").mkdir()
    with pytest.raises(NotADirectoryError):
        Path("~/.config/clearpoint/config.toml").expanduser().read_text()


def test_nothing_can_be_read_from_a_home_folder(tmp_path: Path) -> None:
    assert load.load(str(tmp_path), str(tmp_path), os.environ) == (defaults.DEFAULTS, [])
    places = [os.environ["HOME"], os.environ["XDG_CONFIG_HOME"]]
    assert [Path(place).is_dir() for place in places] == [False, False]


def test_no_variable_of_a_client_around_the_tests_is_seen() -> None:
    assert set(ENVIRONMENT) & set(os.environ) == {
        "CLAUDE_CONFIG_DIR", "HOME", "USERPROFILE", "XDG_CONFIG_HOME",
    }  # fmt: skip


def connect() -> None:
    with socket.socket() as unconnected:
        unconnected.connect(("127.0.0.1", 9))


def send() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as unconnected:
        unconnected.sendto(b"", ("127.0.0.1", 9))


def listen() -> None:
    with socket.socket() as unbound:
        unbound.bind(("127.0.0.1", 0))


@pytest.mark.parametrize(
    "reach",
    [
        pytest.param(connect, id="connect"),
        pytest.param(send, id="send"),
        pytest.param(listen, id="listen"),
        pytest.param(lambda: socket.getaddrinfo("localhost", 9), id="look up"),
        pytest.param(lambda: socket.create_connection(("localhost", 9)), id="connect by name"),
    ],
)
def test_no_network_can_be_reached(reach: Callable[[], Any]) -> None:
    with pytest.raises(NetworkError):
        reach()
