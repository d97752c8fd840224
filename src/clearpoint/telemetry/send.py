"""Sending the metrics of a session that ended, if the user wants that; a failure harms nothing."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

from clearpoint.history import requests
from clearpoint.lowlevel.clock import seconds_of
from clearpoint.lowlevel.files import write_atomically
from clearpoint.store.checksummed import DamagedStateError, read_sealed, seal
from clearpoint.store.journal import occurrences
from clearpoint.telemetry import otlp
from clearpoint.telemetry.figures import Figures, figures
from clearpoint.telemetry.settings import JSON, Endpoint, endpoint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clearpoint.models.config import Config
    from clearpoint.models.state import State
    from clearpoint.store.store import Store

SENT = "telemetry.json"
TIMEOUT_S = 5.0


def send(store: Store, state: State, config: Config, env: Mapping[str, str]) -> bool:
    """Send what is new of a session's metrics; tell whether the receiver took it."""
    place = endpoint(env) if config["telemetry"]["metrics"] else None
    if place is None:
        return False
    session_id = state["session_id"]
    rows = requests.read(store.session_folder(session_id)).values()
    now = figures(state, config, [*occurrences(store, session_id)], rows, hook_times(state))
    begin = seconds_of(state["created_at"]) or time.time()
    path = store.path(session_id, SENT)
    asked = otlp.request(now, before(path), session_id, (begin, time.time()), place.resource)
    if not is_delivered(place, *body(place, asked)):
        return False
    write_atomically(path, seal({**now}))
    return True


def before(path: str) -> Figures | None:
    """What was sent of the session before."""
    try:
        known: Figures = read_sealed(path)
    except (OSError, DamagedStateError):
        return None
    return known


def hook_times(state: State) -> list[int]:
    """How long the client says that our hooks took, in milliseconds."""
    from clearpoint.doctor.hook_records import read_records

    path = state["system"]["transcript_path"]
    try:
        found = [*read_records(path)] if path else []
    except OSError:
        return []
    return [one.milliseconds for one in found if one.milliseconds is not None]


def body(place: Endpoint, asked: dict[str, Any]) -> tuple[bytes, str]:
    """The request in the protocol's form, and its content type.

    Receivers take JSON where they take protobuf; a few do not, and for them the extra `otel`
    brings the protocol's own library.
    """
    text = json.dumps(asked)
    if place.protocol != JSON:
        try:
            from google.protobuf import json_format
            from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
                ExportMetricsServiceRequest,
            )
        except ImportError:
            return text.encode(), "application/json"
        made: Any = json_format.Parse(text, ExportMetricsServiceRequest())
        return made.SerializeToString(), "application/x-protobuf"
    return text.encode(), "application/json"


def is_delivered(place: Endpoint, data: bytes, kind: str) -> bool:
    """Post the request; tell whether it was taken."""
    headers = {**place.headers, "Content-Type": kind}
    asked = urllib.request.Request(place.url, data, headers, method="POST")  # noqa: S310  (http only)
    try:
        with urllib.request.urlopen(asked, timeout=TIMEOUT_S) as answer:  # noqa: S310
            return bool(answer.status < 300)
    except (OSError, ValueError, urllib.error.URLError):
        return False
