"""The window is known from the strongest source there is, and says which."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from clearpoint.budget.window import doubt, find_window, known_model, model_table
from clearpoint.client.settings import with_settings

if TYPE_CHECKING:
    from pathlib import Path

TABLE = model_table()


@pytest.mark.parametrize(
    ("model", "total", "source", "compaction_at"),
    [
        pytest.param("claude-sonnet-4-6", 200_000, "model", 167_000, id="legacy that compacts"),
        pytest.param("claude-opus-4-5-20251101", 200_000, "model", None, id="legacy that does not"),
        pytest.param("claude-sonnet-4-5-20250929[1m]", 1_000_000, "model", None, id="legacy 1m"),
        pytest.param("claude-sonnet-4-20250514", 200_000, "model", None, id="dated"),
        pytest.param(
            "claude-sonnet-4-7",
            1_000_000,
            "assumed for an unknown model",
            967_000,
            id="newer than the table",
        ),
        pytest.param("claude-opus-5-5", 1_000_000, "model", 967_000, id="current"),
        pytest.param("us.anthropic.claude-sonnet-4-6-v1", 200_000, "model", 167_000, id="gateway"),
        pytest.param(
            "my-gw-model", 1_000_000, "assumed for an unknown model", 967_000, id="unknown"
        ),
        pytest.param(None, 1_000_000, "assumed for an unknown model", 967_000, id="none yet"),
    ],
)
def test_a_model_tells_its_window(
    model: str | None, total: int, source: str, compaction_at: int | None
) -> None:
    found = find_window(model, table=TABLE)
    assert (found.total, found.source, found.compaction_at) == (total, source, compaction_at)


@pytest.mark.parametrize(
    ("client", "model", "total"),
    [
        pytest.param("2.1.278", "claude-opus-5-5", 200_000, id="before it was long"),
        pytest.param("2.1.278", "claude-opus-5-5[1m]", 1_000_000, id="asked for"),
        pytest.param("2.1.300", "claude-opus-5-5", 1_000_000, id="since then"),
        pytest.param("2.1.304", "claude-unknown-9", 200_000, id="unknown, before"),
        pytest.param("2.2.0", "claude-unknown-9", 1_000_000, id="unknown, later"),
        pytest.param("2.10.0", "claude-haiku-5-5", 1_000_000, id="by number"),
        pytest.param("2.0.0", "claude-opus-5", 200_000, id="with noughts"),
        pytest.param("2.1.x", "claude-opus-5-5", 1_000_000, id="no version"),
        pytest.param("2.1.0", "claude-opus-4-6", 200_000, id="never long"),
    ],
)
def test_an_older_client_gives_the_shorter_window(client: str, model: str, total: int) -> None:
    assert find_window(model, table=TABLE, client=client).total == total


def test_the_status_line_is_stronger_than_the_model() -> None:
    found = find_window("claude-opus-4-6", table=TABLE, reported=1_000_000)
    assert (found.total, found.source) == (1_000_000, "status line")


def test_the_configuration_is_stronger_than_everything() -> None:
    found = find_window("claude-opus-4-6", table=TABLE, configured=300_000, reported=1_000_000,
                        observed=500_000)  # fmt: skip
    assert (found.total, found.source) == (300_000, "configuration")


def test_the_status_line_is_stronger_than_what_was_observed() -> None:
    found = find_window("claude-opus-4-6", table=TABLE, reported=200_000, observed=301_000)
    assert (found.total, found.source) == (200_000, "status line")


@pytest.mark.parametrize(
    ("model", "total", "max_output"),
    [
        ("claude-haiku-4-5@20251001", 200_000, 32_000),
        ("openrouter/anthropic/claude-opus-4.5", 200_000, 32_000),
        ("apac.anthropic.claude-opus-4-6-v1:0", 200_000, 64_000),
        ("CLAUDE-SONNET-4-5", 200_000, 32_000),
        ("claude-3-haiku-20240307", 200_000, 4_096),
        ("claude-sonnet-4@default", 200_000, 32_000),
        ("claude-opus-4-1-20250805", 1_000_000, 128_000),
        ("claude-opus-4-1@20250805", 200_000, 32_000),
        ("us.anthropic.claude-opus-4-20250514-v1:0", 200_000, 32_000),
        ("anthropic/claude-3.5-sonnet", 200_000, 8_192),
        ("best", 1_000_000, 128_000),
        ("sonnet[1m]", 1_000_000, 128_000),
        ("global.anthropic.claude-opus-4-6[1m]", 1_000_000, 64_000),
        ("qwen3-coder", 1_000_000, 32_000),
    ],
)
def test_an_id_is_read_whoever_serves_the_model(model: str, total: int, max_output: int) -> None:
    row = known_model(TABLE, model) or TABLE["default"]
    assert (find_window(model, table=TABLE).total, row["max_output"]) == (total, max_output)


def test_a_window_that_an_older_client_may_not_have_is_assumed() -> None:
    old, new = (
        find_window("claude-opus-5", table=TABLE, client=one) for one in ("2.1.200", "2.1.329")
    )
    assert (old.source, old.is_assumed, new.source) == (
        "assumed for an older Claude Code",
        True,
        "model",
    )


@pytest.mark.parametrize(
    ("env", "model", "room", "end"),
    [
        ({}, "claude-sonnet-4-6", 200_000, 167_000),
        ({}, "claude-sonnet-4-5", 200_000, 200_000),
        ({"CLAUDE_CODE_AUTO_COMPACT_WINDOW": "150000"}, "claude-opus-5-5", 150_000, 117_000),
        ({"CLAUDE_CODE_MAX_OUTPUT_TOKENS": "8000"}, "claude-opus-5-5", 1_000_000, 979_000),
    ],
)
def test_the_users_own_compaction_window_is_the_room_there_is(
    env: dict[str, str], model: str, room: int, end: int
) -> None:
    found = find_window(model, table=TABLE, env=env)
    assert (found.room, found.end) == (room, end)


def test_more_tokens_than_fit_promote_the_window() -> None:
    found = find_window("claude-opus-4-6", table=TABLE, observed=240_000)
    assert (found.total, found.source) == (1_000_000, "observed use")


@pytest.mark.parametrize(
    ("model", "env", "compaction_at"),
    [
        pytest.param(
            "claude-sonnet-4-5", {"CLAUDE_CODE_AUTO_COMPACT_WINDOW": "150000"}, 117_000, id="window"
        ),
        pytest.param(
            "claude-sonnet-4-6", {"CLAUDE_AUTOCOMPACT_PCT_OVERRIDE": "50"}, 90_000, id="percent"
        ),
        pytest.param(
            "claude-opus-5-5", {"CLAUDE_CODE_MAX_OUTPUT_TOKENS": "8000"}, 979_000, id="output"
        ),
        pytest.param(
            "claude-opus-5-5", {"CLAUDE_CODE_DISABLE_1M_CONTEXT": "1"}, 167_000, id="no 1m"
        ),
        pytest.param(
            "my-gw", {"CLAUDE_CODE_MAX_CONTEXT_TOKENS": "300000"}, 267_000, id="max context"
        ),
        pytest.param("claude-opus-5-5", {"DISABLE_AUTO_COMPACT": "1"}, None, id="off"),
        pytest.param("claude-opus-5-5", {"CLAUDE_AUTOCOMPACT_PCT_OVERRIDE": "x"}, 967_000, id="?"),
        pytest.param(
            "claude-sonnet-4-6", {"CLAUDE_AUTOCOMPACT_PCT_OVERRIDE": "62.5"}, 112_500, id="fraction"
        ),
        pytest.param(
            "claude-sonnet-4-6", {"CLAUDE_AUTOCOMPACT_PCT_OVERRIDE": ".5"}, 900, id="below one"
        ),
        pytest.param(
            "claude-sonnet-4-6", {"CLAUDE_AUTOCOMPACT_PCT_OVERRIDE": "1e2"}, 167_000, id="odd"
        ),
    ],
)
def test_the_clients_environment_moves_auto_compaction(
    model: str, env: dict[str, str], compaction_at: int | None
) -> None:
    assert find_window(model, table=TABLE, env=env).compaction_at == compaction_at


@pytest.mark.parametrize(
    ("model", "compacted_at", "env", "point"),
    [
        pytest.param("claude-sonnet-4-5", 156_000, {}, 156_000, id="where none was known"),
        pytest.param("claude-sonnet-4-6", 156_000, {}, 156_000, id="earlier"),
        pytest.param("claude-sonnet-4-6", 190_000, {}, 167_000, id="later"),
        pytest.param("claude-opus-5-5", 156_000, {}, 967_000, id="of a smaller window"),
        pytest.param(
            "claude-sonnet-4-5", 156_000, {"DISABLE_COMPACT": "1"}, None, id="switched off since"
        ),
    ],
)
def test_a_compaction_that_was_seen_tells_where_the_next_one_strikes(
    model: str, compacted_at: int, env: dict[str, str], point: int | None
) -> None:
    found = find_window(model, table=TABLE, compacted_at=compacted_at, env=env)
    assert found.compaction_at == point


def test_a_legacy_model_seen_in_the_long_window_does_not_compact_by_itself() -> None:
    found = find_window("claude-opus-4-6", table=TABLE, reported=1_000_000)
    assert found.compaction_at is None


USER = "home/.claude/settings.json"
PROJECT = ".claude/settings.json"
LOCAL = ".claude/settings.local.json"
OWN = "home/.claude.json"
OFF, ON = {"autoCompactEnabled": False}, {"autoCompactEnabled": True}


@pytest.mark.parametrize(
    ("files", "env", "compaction_at"),
    [
        pytest.param({}, {}, 167_000, id="nothing"),
        pytest.param({USER: OFF}, {}, None, id="person"),
        pytest.param({PROJECT: OFF}, {}, None, id="project"),
        pytest.param({USER: OFF, PROJECT: ON}, {}, 167_000, id="project over person"),
        pytest.param({PROJECT: ON, LOCAL: OFF}, {}, None, id="local over project"),
        pytest.param({OWN: OFF}, {}, None, id="client's own file"),
        pytest.param({OWN: OFF, USER: ON}, {}, 167_000, id="person over client's own file"),
        pytest.param({OWN: {"projects": {"p": OFF}}}, {}, 167_000, id="another key of that name"),
        pytest.param({PROJECT: {"autoCompactWindow": 150_000}}, {}, 117_000, id="window"),
        pytest.param(
            {USER: {"autoCompactWindow": 150_000}, LOCAL: {"autoCompactWindow": 100_000}}, {},
            67_000, id="local window over the person's",
        ),
        pytest.param(
            {LOCAL: {"autoCompactWindow": 100_000}},
            {"CLAUDE_CODE_AUTO_COMPACT_WINDOW": "150000"}, 117_000, id="environment over files",
        ),
        pytest.param({PROJECT: ON}, {"DISABLE_AUTO_COMPACT": "1"}, None, id="off in environment"),
        pytest.param(
            {PROJECT: {"autoCompactEnabled": "no", "autoCompactWindow": True}}, {}, 167_000,
            id="of other types",
        ),
        pytest.param(
            {PROJECT: {"autoCompactWindow": -5}, USER: {"autoCompactWindow": 0}}, {}, 167_000,
            id="no sizes",
        ),
        pytest.param({PROJECT: [OFF], USER: "off"}, {}, 167_000, id="no objects"),
    ],
)  # fmt: skip
def test_the_clients_settings_move_auto_compaction(
    tmp_path: Path, files: dict[str, object], env: dict[str, str], compaction_at: int | None
) -> None:
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))
    found = with_settings({"HOME": str(tmp_path / "home"), **env}, str(tmp_path))
    assert find_window("claude-sonnet-4-6", table=TABLE, env=found).compaction_at == compaction_at


def test_settings_that_cannot_be_read_say_nothing(tmp_path: Path) -> None:
    (tmp_path / ".claude").mkdir()
    (tmp_path / ".claude/settings.json").write_text('{"autoCompactEnabled": false')
    (tmp_path / ".claude/settings.local.json").mkdir()
    assert with_settings({}, str(tmp_path)) == {}


def test_the_clients_folder_can_be_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text(json.dumps(OFF))
    env = {"CLAUDE_CONFIG_DIR": str(tmp_path), "HOME": "/nowhere"}
    assert with_settings(env, "/nowhere")["DISABLE_AUTO_COMPACT"] == "1"


@pytest.mark.parametrize(
    ("model", "reported", "named"),
    [("claude-opus-9-1", 0, "window_unknown"), ("claude-opus-9-1", 1_000_000, ""),
     ("claude-opus-5-5", 0, "")],
)  # fmt: skip
def test_only_an_assumed_window_is_worth_a_note(model: str, reported: int, named: str) -> None:
    assert doubt(find_window(model, table=TABLE, reported=reported).source) == named


def test_a_row_holds_for_its_own_version_alone() -> None:
    ids = ("claude-opus-5-5-20260801", "claude-opus-5-7")
    assert [known_model(TABLE, one) for one in ids] == [TABLE["models"]["claude-opus-5-5"], None]


def test_the_clients_own_file_is_read_again_only_when_it_has_changed(tmp_path: Path) -> None:
    path, env, seen = tmp_path / ".claude.json", {"HOME": str(tmp_path)}, list[int]()
    path.write_text('{"autoCompactEnabled": false}')
    answers = [with_settings(env, str(tmp_path), seen).get("DISABLE_AUTO_COMPACT")]
    status = path.stat()
    path.write_text('{"autoCompactEnabled": true }')
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))  # as if nothing had been written
    answers += [with_settings(env, str(tmp_path), seen).get("DISABLE_AUTO_COMPACT")]
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    answers += [with_settings(env, str(tmp_path), seen).get("DISABLE_AUTO_COMPACT")]
    path.unlink()
    answers += [with_settings(env, str(tmp_path), seen).get("DISABLE_AUTO_COMPACT")]
    assert answers == ["1", "1", None, None]
