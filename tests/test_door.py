"""The door: it reads one event, says one thing or nothing, and never stands in the way."""

from __future__ import annotations

import io
import json
import os
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from builders import Answer, payload, send, state_folder, store_of
from driver import client_folder
from filelock import FileLock

from clearpoint import door
from clearpoint.client.events import InputError

if TYPE_CHECKING:
    from pathlib import Path

UNUSABLE = "clearpoint behaving: the event on stdin is empty, incomplete or not JSON\n"
NO_OBJECT = "clearpoint behaving: the event on stdin is not a JSON object\n"


def do(project: Path, deed: str, **fields: Any) -> Answer:
    return send("behaving", payload(project, do=deed, **fields))


@pytest.mark.parametrize(
    ("answer", "out"),
    [
        pytest.param({"systemMessage": "é"}, '{"systemMessage": "é"}', id="JSON"),
        pytest.param("plain text", "plain text", id="text"),
        pytest.param({"a": "\ud83d"}, '{"a": "\\ud83d"}', id="half of an emoji"),
        pytest.param(None, "", id="nothing"),
    ],
)
def test_standard_output_is_the_answer_and_nothing_else(
    tmp_path: Path, answer: object, out: str
) -> None:
    assert do(tmp_path, "echo", answer=answer) == (0, out, "")


@pytest.mark.parametrize(
    ("data", "err"),
    [
        pytest.param(b"", UNUSABLE, id="empty"),
        pytest.param(b" \n ", UNUSABLE, id="blank"),
        pytest.param(b'{"session_id": "x", "cwd', UNUSABLE, id="torn"),
        pytest.param(b"}", UNUSABLE, id="no beginning"),
        pytest.param(b"hello }", UNUSABLE, id="text"),
        pytest.param(b"\xff\xfe\x00\x01", UNUSABLE, id="no UTF-8"),
        pytest.param(b"[" * 100_000 + b"}", UNUSABLE, id="too deep"),
        pytest.param(b'{"a": 1' + b"0" * 5_000 + b"}", UNUSABLE, id="number too long"),
        pytest.param(b"null", NO_OBJECT, id="null"),
        pytest.param(b"[]", NO_OBJECT, id="list"),
        pytest.param(b"17", NO_OBJECT, id="number"),
        pytest.param(b'"{}"', NO_OBJECT, id="string"),
    ],
)
def test_what_is_no_event_is_one_line_on_standard_error(data: bytes, err: str) -> None:
    assert send("behaving", data) == (1, "", err)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(b"", b"", id="alone"),
        pytest.param(b"", b'{"session_id": "second"}', id="a second object"),
        pytest.param(b"", b"\n\n trailing words }", id="trailing words"),
        pytest.param(b"\xef\xbb\xbf", b"\r\n", id="a byte order mark"),
        pytest.param(b" " * 200_000, b" " * 200_000, id="much space"),
    ],
)
def test_the_first_complete_object_is_the_event(
    tmp_path: Path, before: bytes, after: bytes
) -> None:
    first = json.dumps(payload(tmp_path, do="echo", answer="first")).encode()
    assert send("behaving", before + first + after) == (0, "first", "")


def test_bytes_that_are_no_text_do_not_spoil_the_event(tmp_path: Path) -> None:
    data = json.dumps(payload(tmp_path, do="echo", answer="no text")).encode()
    assert send("behaving", data.replace(b"no text", b"\xff")) == (0, "�", "")


def test_a_brace_at_the_end_of_a_chunk_does_not_end_the_event(tmp_path: Path) -> None:
    prompt = "}" * (5 * door.CHUNK_BYTES)
    assert do(tmp_path, "echo", answer="whole", prompt=prompt) == (0, "whole", "")


def test_a_longer_event_than_can_be_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "EVENT_BYTES", 1_000)
    err = "clearpoint behaving: the event on stdin is too long\n"
    assert send("behaving", b'{"prompt": "' + b"x" * 2_000 + b'"}') == (1, "", err)


def test_input_that_is_never_closed_is_answered_when_the_object_is_complete() -> None:
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as stdin, os.fdopen(writer, "wb", buffering=0) as client:
        client.write(b'{"a": {"b": 1}}\n')
        begun = time.monotonic()
        assert door.read_object(stdin, 60.0) == {"a": {"b": 1}}
        assert time.monotonic() - begun < 5.0


def test_input_that_comes_late_and_in_pieces_is_waited_for() -> None:
    reader, writer = os.pipe()
    pieces = (b'{"a": {"b": 1}', b"}", b"\n")

    def speak() -> None:
        for piece in pieces:
            os.write(writer, piece)

    late = threading.Timer(0.05, speak)
    with os.fdopen(reader, "rb") as stdin:
        late.start()
        assert door.read_object(stdin, 60.0) == {"a": {"b": 1}}
        late.join()
        assert os.get_blocking(reader)
    os.close(writer)


def test_a_line_end_that_comes_by_itself_is_not_waited_behind() -> None:
    ours, client = socket.socketpair()
    text = b'{"a": "%s"}' % (b"x" * (2 * door.CHUNK_BYTES - 9))
    with client, open(ours.detach(), "rb", buffering=0) as stdin:
        sending = threading.Thread(target=client.sendall, args=(text + b"\n",))
        sending.start()
        begun = time.monotonic()
        assert len(door.read_object(stdin, 60.0)["a"]) == len(text) - 9
        assert time.monotonic() - begun < 5.0
        sending.join()


def test_input_that_never_completes_is_given_up_at_the_deadline() -> None:
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as stdin, os.fdopen(writer, "wb", buffering=0) as client:
        client.write(b'{"a": {"b": 1}')
        with pytest.raises(InputError):
            door.read_object(stdin, 0.02)


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        pytest.param("fail", "ValueError at ", id="an exception that quotes the prompt"),
        pytest.param("leave", "SystemExit at ", id="exit code 2"),
        pytest.param("interrupt", "KeyboardInterrupt at ", id="the keyboard"),
        pytest.param("recurse", "RecursionError at ", id="endless recursion"),
        pytest.param("open_missing", "No such file or directory: /", id="a missing file"),
        pytest.param("refuse", "first line?second ?[2J line", id="a text of ours, on one line"),
    ],
)
def test_a_fault_is_exit_code_1_and_one_line_without_the_prompt(
    tmp_path: Path, deed: str, said: str
) -> None:
    code, out, err = do(tmp_path, deed, prompt="my secret prompt")
    assert (code, out) == (1, "")
    assert err.startswith(f"clearpoint behaving: {said}")
    assert err.splitlines() == [err.removesuffix("\n")]
    assert "secret" not in err


def test_a_lock_that_somebody_holds_is_named(tmp_path: Path) -> None:
    with FileLock(tmp_path / "held.lock"):
        code, _, err = do(tmp_path, "wait_for_lock")
    assert code == 1
    assert str(tmp_path / "held.lock") in err


def test_a_handler_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    code, out, err = send("no_such_module", payload(tmp_path))
    assert (code, out) == (1, "")
    assert err.startswith("clearpoint no_such_module: ModuleNotFoundError at ")


def test_a_fault_is_kept_in_the_project(tmp_path: Path) -> None:
    do(tmp_path, "fail", prompt="my secret prompt")
    kept = (state_folder(tmp_path) / "faults.jsonl").read_text()
    assert json.loads(kept)["hook"] == "behaving"
    assert "secret" not in kept


class Broken(io.BytesIO):
    """A stream that the other side has closed."""

    def write(self, _data: object) -> int:
        """Fail."""
        raise BrokenPipeError(32, "Broken pipe")


def test_an_answer_that_nobody_takes_is_no_fault(tmp_path: Path) -> None:
    source = io.BytesIO(json.dumps(payload(tmp_path, do="echo", answer="x")).encode())
    err = io.StringIO()
    assert (door.run("behaving", source, Broken(), err, client_folder()), err.getvalue()) == (0, "")


@pytest.mark.parametrize(
    "stderr",
    [
        pytest.param(None, id="closed from the start"),
        pytest.param(io.TextIOWrapper(Broken(), write_through=True), id="closed by the reader"),
    ],
)
def test_a_fault_that_cannot_be_said_is_still_kept(
    tmp_path: Path, stderr: io.TextIOWrapper | None
) -> None:
    source = io.BytesIO(json.dumps(payload(tmp_path, do="leave")).encode())
    assert door.run("behaving", source, io.BytesIO(), stderr, client_folder()) == 1
    assert (state_folder(tmp_path) / "faults.jsonl").is_file()


def test_a_fault_that_cannot_be_kept_is_still_said(tmp_path: Path) -> None:
    (state_folder(tmp_path)).write_text("a file where the folder should be")
    code, out, err = do(tmp_path, "leave")
    assert (code, out, err.count("\n")) == (1, "", 1)


def test_the_list_of_faults_keeps_to_a_size(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    for number in range(1_400):
        store.record_fault("stop", f"{number} " + "x" * 400, None)
    sizes = [path.stat().st_size for path in (state_folder(tmp_path)).glob("faults*")]
    assert len(sizes) == 2
    assert max(sizes) < 300_000


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="none"),
        pytest.param(["stop", "now"], id="two"),
        pytest.param(["../stop"], id="a path"),
        pytest.param(["os.path"], id="a module"),
    ],
)
def test_the_entry_point_refuses_what_is_no_event_with_1(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["clearpoint-hook", *arguments])
    assert door.main() == 1
    assert capsys.readouterr().err.startswith("clearpoint-hook: usage: ")
