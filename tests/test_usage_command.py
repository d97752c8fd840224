"""`clearpoint usage`: what the sessions took, in tokens and in dollars, whatever /clear forgets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from made import answer

from clearpoint.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., str]

USAGE = {
    "input_tokens": 1_000,
    "cache_creation_input_tokens": 10_000,
    "cache_read_input_tokens": 100_000,
    "output_tokens": 2_000,
}
COST = (1_000 * 3.0 + 10_000 * 3.75 + 100_000 * 0.3 + 2_000 * 15.0) / 1e6
"""By the prices of Sonnet 4.5 for up to 200,000 tokens."""


def request(name: str, day: str, **fields: Any) -> dict[str, Any]:
    """A response with these counts."""
    made: Any = answer(
        message_id=name, timestamp=f"{day}T12:00:00Z", model="claude-sonnet-4-5", used=1
    )
    made["message"]["usage"] = {**USAGE, **fields}
    return {**made}


def write(path: Path, project: Path, *entries: dict[str, Any]) -> None:
    """A transcript of a project's session."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps({"cwd": str(project), **one}, separators=(",", ":")) for one in entries)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `clearpoint usage` in a project with two sessions; another project has one."""
    config = tmp_path / "config"
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(config))
    monkeypatch.setenv("COLUMNS", "80")
    shop, blog = tmp_path / "shop", tmp_path / "blog"
    for project in (shop, blog):
        (project / ".git").mkdir(parents=True)
    monkeypatch.chdir(shop)
    folder = config / "projects" / "-shop"
    write(folder / "s-1.jsonl", shop, request("m1", "2026-01-04"), request("m2", "2026-01-05"))
    write(folder / "s-1" / "subagents" / "agent-a.jsonl", shop, request("m3", "2026-01-05"))
    write(folder / "s-2.jsonl", shop, request("m2", "2026-01-05"), request("m4", "2026-01-06"))
    write(config / "projects" / "-blog" / "s-3.jsonl", blog, request("m5", "2026-01-06"))

    def ran(*args: str) -> str:
        assert main(["usage", *args]) == 0
        return capsys.readouterr().out

    return ran


@pytest.mark.parametrize(
    ("flag", "rows"),
    [
        pytest.param("--day", [("2026-01-04", 1), ("2026-01-05", 2), ("2026-01-06", 1)], id="day"),
        pytest.param("--week", [("2026-W01", 1), ("2026-W02", 3)], id="week"),
        pytest.param("--model", [("claude-sonnet-4-5", 4)], id="model"),
    ],
)
def test_each_request_counts_once_with_those_of_subagents(
    flag: str, rows: list[tuple[str, int]], run: Run
) -> None:
    found = json.loads(run(flag, "--json"))
    assert [(one[flag[2:]], one["requests"]) for one in found] == rows
    assert sum(one["cost"] for one in found) == pytest.approx(4 * COST)


def test_by_project_it_is_all_projects(run: Run) -> None:
    lines = run("--project").splitlines()
    assert [line.split()[0] for line in lines] == ["Project", "shop", "blog", "All"]
    assert lines[-1].split()[-1] == f"${5 * COST:.2f}"


def test_what_is_kept_for_an_hour_costs_more(run: Run, tmp_path: Path) -> None:
    dear = request("m9", "2026-01-09", cache_creation={"ephemeral_1h_input_tokens": 10_000})
    write(tmp_path / "config" / "projects" / "-shop" / "s-9.jsonl", tmp_path / "shop", dear)
    (row,) = json.loads(run("--session", "--json", "--since", "2026-01-08"))
    assert row["cost"] == pytest.approx(COST + 10_000 * (6.0 - 3.75) / 1e6)


def test_a_model_without_a_price_has_no_cost(run: Run, tmp_path: Path) -> None:
    odd = request("m9", "2026-01-09")
    odd["message"]["model"] = "some-gateway-model"
    write(tmp_path / "config" / "projects" / "-shop" / "s-9.jsonl", tmp_path / "shop", odd)
    assert run("--session", "--since", "2026-01-08").splitlines()[1].endswith("–")


@pytest.mark.parametrize(
    ("columns", "titles"),
    [
        pytest.param("60", "Day Requests Tokens Cost", id="narrow"),
        pytest.param("80", "Day Requests Input Cache writes Cache reads Output Cost", id="usual"),
    ],
)
def test_where_it_is_narrow_the_kinds_of_tokens_go(
    columns: str, titles: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    lines = run("--day").splitlines()
    assert " ".join(lines[0].split()) == titles
    assert max(map(len, lines)) <= int(columns)


@pytest.mark.parametrize("columns", [40, 60, 70, 80, 90, 100, 120])
def test_a_long_name_is_cut_before_any_figure(
    columns: int, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = request("m9", "2026-01-09")
    long["message"]["model"] = "claude-sonnet-4-5-20250929-with-a-long-name"
    write(tmp_path / "config" / "projects" / "-shop" / "s-9.jsonl", tmp_path / "shop", long)
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = run("--model").splitlines()
    assert max(map(len, lines)) <= columns
    assert [line[:columns].count("$") for line in lines] == [0, 1, 1, 1]
    assert not any("…" in part for line in lines for part in line.split()[1:])
