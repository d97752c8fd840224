"""A session's metrics go to a real receiver, once, and only where that was asked for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from clearpoint.store.journal import Occurrence
from clearpoint.telemetry import otlp
from clearpoint.telemetry.figures import Figures, followed, is_cold
from clearpoint.telemetry.settings import Endpoint, endpoint

DASHBOARD = Path(__file__).parents[1] / "docs" / "team-dashboard.json"
ON = {
    "CLAUDE_CODE_ENABLE_TELEMETRY": "1",
    "OTEL_METRICS_EXPORTER": "console,otlp",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318/",
}
FIGURES: Figures = {
    "model": "claude-opus-5-5", "used": 120_000, "peak": 150_000, "level": 2,
    "offers": {"level": 2, "commit_made": 1}, "followed": 1, "freed": 90_000, "reload": 700,
    "cold": 1, "hooks": [9, 30, 3_000],
}  # fmt: skip


@pytest.mark.parametrize(
    ("env", "found"),
    [
        pytest.param(
            ON, Endpoint("http://localhost:4318/v1/metrics", "http/protobuf", {}, {}), id="set up"
        ),
        pytest.param(
            {
                **ON,
                "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "https://m.example/x",
                "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
                "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL": "http/json",
                "OTEL_EXPORTER_OTLP_HEADERS": "Authorization=Bearer%20x, broken",
                "OTEL_RESOURCE_ATTRIBUTES": "team=shop",
            },
            Endpoint(
                "https://m.example/x", "http/json", {"Authorization": "Bearer x"}, {"team": "shop"}
            ),
            id="for metrics alone",
        ),
        pytest.param({**ON, "CLAUDE_CODE_ENABLE_TELEMETRY": "0"}, None, id="off in the client"),
        pytest.param({**ON, "OTEL_METRICS_EXPORTER": "prometheus"}, None, id="another exporter"),
        pytest.param({**ON, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, None, id="gRPC"),
        pytest.param({**ON, "OTEL_EXPORTER_OTLP_ENDPOINT": "file:///etc"}, None, id="no HTTP"),
        pytest.param({}, None, id="nothing set up"),
    ],
)
def test_metrics_go_where_the_client_s_go(env: dict[str, str], found: Endpoint | None) -> None:
    assert endpoint(env) == found


def values(asked: dict[str, Any]) -> dict[str, Any]:
    """The metrics of a request, each with its values."""
    metrics = asked["resourceMetrics"][0]["scopeMetrics"][0]["metrics"]
    found = {}
    for one in metrics:
        kind = next(one[name] for name in ("gauge", "sum", "histogram") if name in one)
        points = kind["dataPoints"]
        found[one["name"]] = [int(point.get("asInt", point.get("count"))) for point in points]
    return found


def test_the_first_export_tells_everything() -> None:
    asked = otlp.request(FIGURES, None, "s-1", (0.0, 1.0), {})
    assert values(asked) == {
        "clearpoint.context.used": [120_000], "clearpoint.context.peak": [150_000],
        "clearpoint.level.reached": [2], "clearpoint.advice.followed": [1],
        "clearpoint.tokens.freed": [90_000], "clearpoint.reload.tokens": [700],
        "clearpoint.cache.cold_rebuilds": [1], "clearpoint.advice.offered": [2, 1],
        "clearpoint.hook.duration": [3],
    }  # fmt: skip


def test_a_session_that_ends_again_counts_once() -> None:
    later: Figures = {**FIGURES, "reload": 900, "hooks": [*FIGURES["hooks"], 12]}
    found = values(otlp.request(later, FIGURES, "s-1", (0.0, 1.0), {}))
    assert [found[name] for name in (
        "clearpoint.reload.tokens", "clearpoint.tokens.freed", "clearpoint.advice.offered",
        "clearpoint.hook.duration")] == [[200], [0], [0, 0], [1]]  # fmt: skip


def test_each_duration_is_in_one_bucket() -> None:
    assert otlp.counted([10, 11, 2_500, 9_999]) == [1, 1, 0, 0, 0, 0, 0, 1, 1]


def event(name: str, **facts: Any) -> Occurrence:
    return Occurrence(0.0, name, facts)


@pytest.mark.parametrize(
    ("events", "is_cleared", "number"),
    [
        pytest.param([event("Stop", advice="level")], True, 1, id="cleared"),
        pytest.param([event("Stop", advice="level")], False, 0, id="went on"),
        pytest.param([event("Stop")], True, 0, id="cleared unasked"),
        pytest.param(
            [event("Stop", advice="level"), event("PreCompact", trigger="manual")], False, 1,
            id="compacted",
        ),
        pytest.param(
            [event("Stop", advice="level"), event("PreCompact", trigger="auto")], False, 0,
            id="compacted by itself",
        ),
    ],
)  # fmt: skip
def test_an_offer_is_followed_by_what_comes_after(
    events: list[Occurrence], is_cleared: bool, number: int
) -> None:
    assert followed(events, is_cleared=is_cleared) == number


@pytest.mark.parametrize(
    ("written", "read", "cold"),
    [(100_000, 0, True), (100_000, 50_000, False), (5_000, 0, False), (0, 0, False)],
)
def test_a_request_that_writes_the_cache_anew_found_it_cold(
    written: int, read: int, cold: bool
) -> None:
    request: Any = {"id": "x", "at": "", "model": "m", "input": 10, "written": written,
                    "read": read, "output": 1}  # fmt: skip
    assert is_cold(request) == cold


def test_the_dashboard_shows_every_metric() -> None:
    text = DASHBOARD.read_text(encoding="utf-8")
    json.loads(text)
    assert [name for name in otlp.NAMES if name.replace(".", "_") not in text] == []


SENDER = """
import json, os, sys
sys.path.insert(0, sys.argv[2])
from driver import Client
from pathlib import Path
from made import answer, prompt
client = Client(Path(sys.argv[1]), "5e551000-0001")
client.env |= {name: os.environ[name] for name in os.environ if "OTEL" in name or "TELEM" in name}
client.env["HOME"] = os.environ["HOME"]
client.turn(prompt("Hash it"), answer("Done.", used=21_000))
client.send("session_end", reason="clear")
client.send("session_end", reason="clear")
"""
RECEIVER = """
import asyncio, socket, sys
from oteltap import OtelTapHttpProtobufReceiver, OtelTapHttpProtobufReceiverSettings
async def main():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    settings = OtelTapHttpProtobufReceiverSettings(http_port=port, print_metrics_as_ndjson=True)
    async with OtelTapHttpProtobufReceiver(settings):
        print(port, flush=True)
        await asyncio.to_thread(sys.stdin.read)
        await asyncio.sleep(0.5)
asyncio.run(main())
"""


@pytest.mark.processes
def test_a_real_receiver_gets_a_session_s_metrics(tmp_path: Path) -> None:
    pytest.importorskip("oteltap")
    config = tmp_path / "home/.config/clearpoint"
    config.mkdir(parents=True)
    (config / "config.toml").write_text("[telemetry]\nmetrics = true\n")
    (tmp_path / "shop/.git").mkdir(parents=True)
    receiver = subprocess.Popen(
        [sys.executable, "-c", RECEIVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert receiver.stdout
    env = {**os.environ, **ON, "HOME": str(tmp_path / "home"), "XDG_CONFIG_HOME": "",
           "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{int(receiver.stdout.readline())}",
           }  # fmt: skip
    given = [str(tmp_path / "shop"), str(Path(__file__).parent)]
    subprocess.run([sys.executable, "-c", SENDER, *given], env=env, check=True)
    printed, _ = receiver.communicate(timeout=30)
    used = printed.count('"clearpoint.context.used"')
    assert (used, "5e551000-0001" in printed, "21000" in printed) == (2, True, True)
