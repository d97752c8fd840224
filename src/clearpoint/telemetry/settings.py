"""Where metrics go: the endpoint that Claude Code itself is set up with. Pure.

Source: the client's and OpenTelemetry's environment variables, `OTEL_…`. What is set for metrics
alone goes before what is set for all signals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Mapping

PATH = "/v1/metrics"
PROTOBUF, JSON = "http/protobuf", "http/json"


class Endpoint(NamedTuple):
    """Where to send metrics, and how."""

    url: str
    protocol: str
    headers: dict[str, str]
    resource: dict[str, str]


def endpoint(env: Mapping[str, str]) -> Endpoint | None:
    """The endpoint that is set up; None if there is none that speaks HTTP."""
    exporters = env.get("OTEL_METRICS_EXPORTER", "").split(",")
    if env.get("CLAUDE_CODE_ENABLE_TELEMETRY") != "1" or "otlp" not in exporters:
        return None
    protocol = first(env, "PROTOCOL") or PROTOBUF
    own, common = (env.get(f"OTEL_EXPORTER_OTLP_{name}ENDPOINT", "") for name in ("METRICS_", ""))
    url = own or (common.rstrip("/") + PATH if common else "")
    if protocol not in (PROTOBUF, JSON) or not url.startswith(("http://", "https://")):
        return None
    return Endpoint(
        url, protocol, pairs(first(env, "HEADERS")), pairs(env.get("OTEL_RESOURCE_ATTRIBUTES", ""))
    )


def first(env: Mapping[str, str], name: str) -> str:
    """A setting for metrics, else the one for all signals."""
    own, common = f"OTEL_EXPORTER_OTLP_METRICS_{name}", f"OTEL_EXPORTER_OTLP_{name}"
    return env.get(own) or env.get(common) or ""


def pairs(text: str) -> dict[str, str]:
    """`a=1,b=2` as a table; what has another form is left out."""
    found = (one.partition("=") for one in text.split(","))
    return {name.strip(): unquote(value.strip()) for name, sign, value in found if sign}
