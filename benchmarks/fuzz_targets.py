"""What each parser promises, whatever the bytes are: one function for each, which raises if not."""

from __future__ import annotations

import copy
import io
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from damage import damaged

from clearpoint.budget.window import model_table
from clearpoint.client import replies
from clearpoint.config.defaults import DEFAULTS
from clearpoint.config.file import _adapter as config_shape
from clearpoint.config.file import read_all
from clearpoint.door import handle
from clearpoint.handoffs import HandoffError, checksum, validate
from clearpoint.install import registering, registration, settings_file
from clearpoint.lowlevel import fast_json
from clearpoint.reload import compose
from clearpoint.session import recovery
from clearpoint.session import state as session
from clearpoint.store.checksummed import DamagedStateError, seal, unseal
from clearpoint.transcript import decoder, fast_decoder
from clearpoint.transcript.reader import Transcript

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from clearpoint.models.state import State
    from clearpoint.transcript.entry import Entry

    Target = Callable[[bytes, "Place", random.Random], None]

MOMENT = "2026-01-01T00:00:00Z"


class Place(NamedTuple):
    """Where the targets may write: a folder in memory if there is one."""

    folder: Path

    def file(self, name: str, data: bytes) -> Path:
        """A file with this content."""
        path = self.folder / name
        path.write_bytes(data)
        return path


def read_in(path: Path, data: bytes, ends: list[int], decode: Callable[[bytes], Entry]) -> State:
    """The state after reading a transcript that grows up to each of these sizes."""
    state = session.new_state("s", MOMENT, copy.deepcopy(DEFAULTS))
    path.write_bytes(b"")
    with path.open("ab") as stream:
        begin = 0
        for end in ends:
            stream.write(data[begin:end])
            stream.flush()
            begin = end
            transcript = Transcript(str(path), state["transcript"])
            try:
                state["transcript"] = transcript.cursor
                session.fold(state, transcript.entries(decode), DEFAULTS)
            finally:
                transcript.close()
    return state


def transcript(data: bytes, place: Place, chance: random.Random) -> None:
    """Read at once, in parts, by either decoder: one state, whole, with no count below zero."""
    path = place.folder / "t.jsonl"
    whole = read_in(path, data, [len(data)], decoder.decode)
    ends = sorted(chance.randrange(len(data) + 1) for _ in range(chance.randrange(1, 4)))
    same("in parts", whole, read_in(path, data, [*ends, len(data)], decoder.decode))
    same("by the other decoder", whole, read_in(path, data, [len(data)], fast_decoder.decode))
    for name, number in numbers_in(whole["usage"]):
        if number < 0 and not name.startswith("learner"):
            raise AssertionError(f"usage {name} is {number}")
    if chance.random() < 0.25:
        judged(whole, chance)


def judged(state: State, chance: random.Random) -> None:
    """A state that can be judged, kept, read again, and given back within its limits."""
    session.judge(state, DEFAULTS, model_table(), 0, {})
    kept = unseal(seal(state))
    same("kept and read", state, kept)
    if recovery.validate(kept) != state:
        raise AssertionError("the state has not the shape that is promised")
    limit = chance.choice((50, 300, 2_000))
    config = copy.deepcopy(DEFAULTS)
    config["reload"]["max_tokens"] = limit
    for reason in compose.HEADS:
        text = compose.compose(state, reason, config, mark="m", measure=measure, project_dir="/p")
        if replies.units(text) > replies.CONTEXT_LIMIT_UNITS or (measure(text) > limit > 100):
            raise AssertionError(f"a reload of {measure(text)} for {limit} at {reason}")


def measure(text: str) -> int:
    """Tokens of a text, roughly."""
    return len(text) // 3


def as_json(data: bytes, _place: Place, _chance: random.Random) -> None:
    """Our reader takes what the standard library takes, and the same values from it."""
    text = data.decode("utf-8", "replace").strip(fast_json.SPACE)
    try:
        expected = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        expected = ...
    try:
        found = fast_json.loads(text)
    except fast_json.MalformedJSONError:
        found = ...
    if repr(found) != repr(expected):
        raise AssertionError("it is read as something else than the standard library reads")
    if found is not ... and repr(fast_json.loads(fast_json.dumps(found))) != repr(found):
        raise AssertionError("it does not come back as it went")


def sealed(data: bytes, _place: Place, chance: random.Random) -> None:
    """Damage to a sealed file is always found."""
    whole = seal({"text": data.decode("utf-8", "replace"), "rows": [1, {"a": None}]})
    made = damaged(whole, data, chance)
    try:
        unseal(made)
    except DamagedStateError:
        return
    if made != whole:
        raise AssertionError("a damaged file is believed")


def settings(data: bytes, place: Place, chance: random.Random) -> None:
    """Our entries go into any settings and out again, and leave the same bytes."""
    path = place.file("project/.claude/settings.json", data)
    home, bin_folder, project = place.folder / "none", place.folder / "bin", path.parent.parent
    try:
        text = settings_file.read_settings(path) or ""
        if registration.own_hooks(text) or registration.own_statusline(text):
            return
        wanted = chance.random() < 0.5
        registering.install("project", project, config_dir=home, executables=bin_folder,
                        statusline=wanted, windows=False)  # fmt: skip
    except settings_file.SettingsError:
        if path.read_bytes() != data:
            raise AssertionError("settings that are refused were changed") from None
        return
    installed = path.read_bytes()
    again = registering.install(
        "project", project, config_dir=home, executables=bin_folder, windows=False
    )
    if again.changed:
        raise AssertionError(f"a second installation changes {installed!r}")
    registering.uninstall("project", project, config_dir=home)
    if path.read_bytes() != data:
        raise AssertionError("the settings do not come back as they were")


def config(data: bytes, place: Place, _chance: random.Random) -> None:
    """Whatever a settings file of ours holds, the settings are whole and the problems readable."""
    found, problems = read_all([str(place.file("config.toml", data))])
    config_shape.validate_python(found, strict=True)
    if not all(problem.isprintable() and len(problem) <= 500 for problem in problems):
        raise AssertionError(f"a problem that cannot be shown: {problems}")


def handoff(data: bytes, _place: Place, chance: random.Random) -> None:
    """A package from outside is taken as it was made, or refused in one line."""
    try:
        package = json.loads(data)
        if chance.random() < 0.5:  # by somebody who knows how a checksum is made
            package["checksum"] = checksum.checksum_of(package)
            data = json.dumps(package).encode()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        pass  # no package
    try:
        package, texts = validate.taken(data)
    except HandoffError as error:
        if "\n" in str(error) or not str(error).isprintable():
            raise AssertionError(f"refused in more than a line: {error!r}") from None
        return
    if not package.is_whole or validate.taken(validate.written(package, texts))[0] != package:
        raise AssertionError("a package is taken that is not as it was made")


def payload(data: bytes, place: Place, chance: random.Random) -> None:
    """A hook answers any event with exit code 0 or 1, JSON or nothing, and at most one line."""
    project = place.folder / "project"
    project.mkdir(exist_ok=True)
    env = {"CLAUDE_PROJECT_DIR": str(project)}
    hook = chance.choice(("stop", "user_prompt_submit", "session_start", "pre_compact",
                          "session_end", "pre_tool_use", "subagent_start", "subagent_stop",
                          "statusline"))  # fmt: skip
    if hook in ("stop", "subagent_stop"):
        data = data.replace(b'"last_assistant_message"', b'"last"')  # which would be waited for
    data = data.replace(b"@PROJECT@", str(project).encode())
    out, err = io.BytesIO(), io.StringIO()
    code = handle(f"clearpoint.handlers.{hook}", io.BytesIO(data), out, err, env, 1.0, ())
    said, answer = err.getvalue(), out.getvalue().decode()
    if (code, bool(said), bool(answer) and code) not in ((0, False, 0), (1, True, False)):
        raise AssertionError(f"{hook} ends with {code}, {answer!r}, {said!r}")
    if " at /" in said or said.count("\n") > 1:
        raise AssertionError(f"{hook} has a fault of its own: {said}")
    if answer and hook not in ("pre_compact", "statusline"):
        json.loads(answer)


def same(how: str, one: Any, other: Any, where: str = "") -> None:
    """Raise where two values differ, and say in which place."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in {**one, **other}:
            same(how, one.get(key, ...), other.get(key, ...), f"{where}.{key}")
    elif repr(one) != repr(other):
        raise AssertionError(f"{how}, {where} differs: {str(one)[:200]} and {str(other)[:200]}")


def numbers_in(value: Any, name: str = "") -> Iterator[tuple[str, float]]:
    """Every number inside a value, with its place."""
    if isinstance(value, int | float):
        yield name, value
    elif isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in pairs:
            yield from numbers_in(inner, f"{name}.{key}".lstrip("."))


TARGETS: dict[str, Target] = {
    "transcript": transcript,
    "json": as_json,
    "sealed": sealed,
    "settings": settings,
    "config": config,
    "handoff": handoff,
    "payload": payload,
}
