"""What is known of the user, as a program or a user sets it by hand. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from clearpoint.redaction.prefilter import masked
from clearpoint.session.manual_edits import WorkError
from clearpoint.text import language, nearest, sentences

if TYPE_CHECKING:
    from clearpoint.models.state import UserContext

PREFERENCES = "preferences"
TEXTS = ("language", "user_name", "expertise")
FIELDS = (*TEXTS, PREFERENCES)
TEXT_CHARS = 120
PREFERENCES_LIMIT = 40


def set_user(user: UserContext, given: Mapping[str, object]) -> None:
    """Set the given fields; the others stay. None leaves a field to what is observed again.

    Raises WorkError, with nothing changed, for an unknown field and a value of another type.
    """
    if not isinstance(given, Mapping):
        raise WorkError(f"the user context must be a dictionary, not {given!r}")
    checked = {name: _checked(name, value) for name, value in given.items()}
    fields: Any = user
    by_hand = {*user["hand_set"]}
    for name, value in checked.items():
        fields[name] = ([] if name == PREFERENCES else None) if value is None else value
        by_hand = by_hand - {name} if value is None else by_hand | {name}
    user["hand_set"] = [name for name in FIELDS if name in by_hand]


def _checked(name: str, value: object) -> str | list[str] | None:
    """The value as it is kept."""
    if name not in FIELDS:
        raise WorkError(
            f"unknown field {name!r} of the user context{nearest.hint(name, FIELDS) or '.'} The"
            f" fields are {', '.join(FIELDS)}."
        )
    if value is None:
        return None
    if name == PREFERENCES:
        return _preferences(value)
    if not isinstance(value, str) or not value.strip():
        raise WorkError(f"{name} must be a string, not {value!r}")
    text = sentences.cut(masked(" ".join(value.split())), TEXT_CHARS)
    return language.code_of(text) if name == "language" else text


def _preferences(value: object) -> list[str]:
    """Preferences as a list of sentences; a dictionary gives `key: value` of each."""
    if isinstance(value, str):
        value = [value]
    if isinstance(value, dict):
        value = [f"{key}: {wish}" for key, wish in value.items()]
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise WorkError(f"preferences must be a list of strings, not {value!r}")
    found = [sentences.cut(masked(" ".join(one.split()))) for one in value if one.strip()]
    return list(dict.fromkeys(found))[-PREFERENCES_LIMIT:]
