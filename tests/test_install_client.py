"""What is registered is what the installed client knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from clearpoint.install import registration as reg
from clearpoint.install.client import client_version

if TYPE_CHECKING:
    from pathlib import Path

ALL = {hook.event for hook in reg.HOOKS}


@pytest.mark.parametrize(
    ("version", "unknown"),
    [
        pytest.param(None, set(), id="not known"),
        pytest.param((2, 1, 329), set(), id="current"),
        pytest.param((2, 0, 42), {"SubagentStart"}, id="before SubagentStart"),
    ],
)
def test_an_event_that_the_client_does_not_know_is_left_out(
    version: tuple[int, ...] | None, unknown: set[str]
) -> None:
    assert ALL - {hook.event for hook in reg.hooks_known_to(version)} == unknown


@pytest.mark.parametrize(
    ("script", "version"),
    [
        pytest.param("echo '2.1.329 (Claude Code)'", (2, 1, 329), id="as it says it"),
        pytest.param("echo v2.0.1", (2, 0, 1), id="with a v"),
        pytest.param("echo nonsense", None, id="nonsense"),
        pytest.param("exit 1", None, id="fails"),
        pytest.param("printf '\\377\\n'", None, id="no text"),
    ],
)
def test_the_client_is_asked_for_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, version: tuple[int, ...] | None
) -> None:
    program = tmp_path / "claude"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert client_version() == version


def test_without_a_client_its_version_is_not_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert client_version() is None
