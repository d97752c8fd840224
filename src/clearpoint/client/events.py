"""What the client sends: one event, read tolerantly.

Source: the client's hook payloads and the environment of its hook processes, measured on
Claude Code 2.1.329. A field that is missing or of the wrong type reads as its empty value; only
what would become a file name is checked, and refused with an `InputError`.
"""

from __future__ import annotations

import os

from clearpoint.lowlevel.checks import NAME_CHARS, is_count, is_session_id, whole_text
from clearpoint.lowlevel.paths import portable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

ENVIRONMENT = (
    "AI_AGENT",
    "CLAUDE_AUTOCOMPACT_PCT_OVERRIDE",
    "CLAUDE_CODE_AUTO_COMPACT_WINDOW",
    "CLAUDE_CODE_DISABLE_1M_CONTEXT",
    "CLAUDE_CODE_ENABLE_TELEMETRY",
    "CLAUDE_CODE_MAX_CONTEXT_TOKENS",
    "CLAUDE_CODE_MAX_OUTPUT_TOKENS",
    "CLAUDE_CODE_SESSION_ATTENDED",
    "CLAUDE_CONFIG_DIR",
    "CLAUDE_PID",
    "CLAUDE_PLUGIN_DATA",
    "CLAUDE_PROJECT_DIR",
    "CLEARPOINT_DIR",
    "COLUMNS",
    "DISABLE_AUTO_COMPACT",
    "DISABLE_COMPACT",
    "HOME",
    "NO_COLOR",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_HEADERS",
    "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
    "OTEL_EXPORTER_OTLP_METRICS_HEADERS",
    "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL",
    "OTEL_EXPORTER_OTLP_PROTOCOL",
    "OTEL_METRICS_EXPORTER",
    "OTEL_RESOURCE_ATTRIBUTES",
    "USERPROFILE",
    "XDG_CONFIG_HOME",
)
"""The only environment variables that are ever read."""

FREE_TEXT = ("prompt", "last_assistant_message", "custom_instructions", "compact_summary")
"""The fields that hold what was said; every other text is a name or a path."""


class InputError(Exception):
    """The payload cannot be worked with; the text is one line for a user."""


class Event:
    """One event of the client: its payload, and the named part of its environment.

    `arguments` are those that the settings give to the hook.
    """

    __slots__ = ("arguments", "env", "payload", "project_dir", "session_id", "transcript_path")

    def __init__(
        self, payload: Any, environ: Mapping[str, str], arguments: Sequence[str] = ()
    ) -> None:
        if not isinstance(payload, dict):
            raise InputError("the event on stdin is not a JSON object")
        self.payload: dict[str, Any] = payload
        self.env = known_to_hooks(environ)
        self.arguments = arguments
        self.session_id = session_id(self.text("session_id"))
        self.project_dir = project_folder(self.env.get("CLAUDE_PROJECT_DIR", ""), self.text("cwd"))
        self.transcript_path = self._transcript_path()

    def text(self, key: str) -> str:
        """The field as text, empty if it is missing, of another type, or no such name."""
        value = self.payload.get(key)
        if isinstance(value, str) and (key in FREE_TEXT or len(value) <= NAME_CHARS):
            return whole_text(value)
        return ""

    def number(self, key: str) -> int | None:
        """The field as a count, None if it is missing, of another type, or no such count."""
        value = self.payload.get(key)
        return value if is_count(value) else None

    @property
    def client_pid(self) -> int | None:
        """The client's process id: the same before and after `/clear` and `/branch`."""
        pid = self.env.get("CLAUDE_PID", "")
        return int(pid) if pid.isascii() and pid.isdigit() and len(pid) < 10 else None

    @property
    def attended(self) -> bool | None:
        """Whether a user is there (not `claude -p`), None if the client does not say."""
        return attended(self.env)

    def _transcript_path(self) -> str | None:
        path = self.text("transcript_path")
        return path if is_path(path) and path.endswith(".jsonl") else None


def attended(env: Mapping[str, str]) -> bool | None:
    """Whether somebody is there (not `claude -p`), None if the client does not say."""
    said = env.get("CLAUDE_CODE_SESSION_ATTENDED")
    return said != "0" if said else None


def known_to_hooks(environ: Mapping[str, str]) -> dict[str, str]:
    """The part of an environment that is read."""
    return {name: environ[name] for name in ENVIRONMENT if environ.get(name)}


def project_folder(*places: str) -> str:
    """The first of these paths that is a folder; raises InputError if none is."""
    for place in places:
        if is_path(place) and os.path.isdir(place):
            return portable(place)
    raise InputError("no project folder: neither CLAUDE_PROJECT_DIR nor cwd is a folder")


def is_path(text: str) -> bool:
    """Whether the system can take the text as an absolute path."""
    try:
        return os.path.isabs(text) and b"\0" not in os.fsencode(text)
    except UnicodeEncodeError:
        return False


def session_id(text: str) -> str:
    """The id, once it is sure that it can be a file name; raises InputError otherwise."""
    if not is_session_id(text):
        raise InputError("session_id is missing or is not a plain identifier")
    return text
