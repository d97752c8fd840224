"""Whatever the input, a hook is done in time and gives what it has."""

from __future__ import annotations

import fcntl
import json
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from driver import Client, context_of
from made import answer, prompt

from clearpoint import door
from clearpoint.history import keep, transcripts
from clearpoint.lowlevel.files import read_tail
from clearpoint.retention import apart
from clearpoint.store import checksummed
from clearpoint.store.checkpoints import names
from clearpoint.transcript.reader import Transcript

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def client(tmp_path: Path) -> Client:
    """A session with a decision in it."""
    client = Client(tmp_path)
    client.start()
    client.turn(prompt("Decided: we use sqlite for it."), answer("Decided: we will use sqlite."))
    return client


@pytest.fixture
def held(client: Client) -> Iterator[Client]:
    """The same, with its lock in the hands of somebody who does not let go."""
    with lock_of(client):
        yield client


@contextmanager
def lock_of(client: Client) -> Iterator[None]:
    """The session's lock, held by somebody else."""
    with open(client.store.path(client.session, "state.lock"), "rb+") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def journal(client: Client) -> list[dict[str, object]]:
    """What the session's journal has, without times."""
    path = client.store.path(client.session, "journal.jsonl")
    with open(path, encoding="utf-8") as stream:
        lines = [json.loads(line) for line in stream]
    return [{key: one[key] for key in one if key not in ("at", "time")} for one in lines]


def test_a_lock_that_is_held_costs_a_prompt_a_moment(held: Client) -> None:
    begun = time.monotonic()
    with pytest.raises(AssertionError):  # exit code 1, and the prompt goes through
        held.send("user_prompt_submit", prompt="go on")
    assert (time.monotonic() - begun < 1.0, "holds the lock" in held.stderr) == (True, True)


def test_the_summarizer_is_told_what_to_keep_while_the_lock_is_held(held: Client) -> None:
    told = held.send("pre_compact", trigger="auto")
    assert ("sqlite" in told, journal(held)[-1]) == (
        True,
        {"event": "PreCompact", "without_lock": True},
    )


def test_claude_is_told_a_level_once_while_the_lock_is_held(tmp_path: Path) -> None:
    client = Client(tmp_path)
    client.start()
    client.turn(prompt("Go on."), answer("Done.", used=155_000))
    state = client.state
    state["advice"]["level_told"] = "normal"
    client.store.write_state(state)
    with lock_of(client):
        told = context_of(client.reply("user_prompt_submit", prompt="And now?"))
        with pytest.raises(AssertionError):  # nothing new: exit code 1, one line
            client.send("user_prompt_submit", prompt="And then?")
    assert ("in use" in told, "holds the lock" in client.stderr) == (True, True)


def test_the_user_is_advised_while_the_lock_is_held(tmp_path: Path) -> None:
    client = Client(tmp_path)
    client.start()
    client.turn(prompt("Go on."), answer("Done.", used=20_000))
    client.write(
        prompt("On.", uuid="u2", parent="a"), answer("Done.", message_id="m2", used=190_000)
    )
    with lock_of(client):
        told = client.reply("stop")["systemMessage"]
    assert "190k of your 200k window" in told


def test_the_reload_is_given_while_the_old_sessions_lock_is_held(held: Client) -> None:
    begun = time.monotonic()
    held.session = "s-2"
    assert "sqlite" in context_of(held.start("clear"))
    assert time.monotonic() - begun < 3.0


@pytest.mark.parametrize("name", ["state.json", "status.json", "statusline.json", "reload.md"])
def test_a_file_of_ours_that_is_far_too_large_is_made_again(client: Client, name: str) -> None:
    with open(client.store.path(client.session, name), "wb") as stream:
        stream.truncate(checksummed.SEALED_BYTES + 1)
    client.turn(prompt("And now?", uuid="u2", parent="a"), answer("Next.", message_id="m2"))
    assert "sqlite" in context_of(client.clear("s-2"))


def test_a_text_that_cannot_be_checked_in_time_does_not_stop_the_session(client: Client) -> None:
    text = "password://a@ token=a1b2c3d4e5 password: Xy9!zzqq " * 8_000
    begun = time.process_time()
    client.turn(prompt(text, uuid="u2", parent="a"), answer("Done with it.", message_id="m2"))
    assert time.process_time() - begun < 4.0
    client.send("stop")  # the next event reads on behind it
    state = client.state
    transcript = state["transcript"]
    assert transcript is not None
    assert transcript["offset"] == client.transcript.stat().st_size
    assert "Xy9!zzqq" not in json.dumps(state)


def test_reading_stops_between_two_lines_when_time_is_up(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text('{"type":"user"}\n' * 1_000)
    transcript = Transcript(str(path), None, within_s=0.0)
    first = list(transcript.lines())
    rest = list(Transcript(str(path), transcript.cursor).lines())
    assert (transcript.behind, len(first), len(first) + len(rest)) == (True, 1, 1_000)


def test_of_a_long_journal_the_last_whole_lines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_bytes(b"first\nsecond\nthird\n")
    assert (read_tail(str(path), 9), read_tail(str(path), 99)[:5]) == (b"third\n", b"first")


def test_a_long_event_is_not_parsed_piece_by_piece() -> None:
    read, write = os.pipe()
    data = json.dumps({"prompt": "{}" * 2_000_000}).encode()
    child = os.fork()
    if not child:
        view = memoryview(data)
        while view:
            view = view[os.write(write, view) :]
        os._exit(0)
    os.close(write)
    begun = time.monotonic()
    with os.fdopen(read, "rb", buffering=0) as stream:
        value = door.read_object(stream, 10.0)
    os.waitpid(child, 0)
    assert (len(value["prompt"]), time.monotonic() - begun < 5.0) == (4_000_000, True)


def test_the_work_of_a_transcript_that_was_cut_is_in_a_checkpoint_that_is_named(
    client: Client,
) -> None:
    client.transcript.write_text("")
    client.write(prompt("Hello again.", uuid="u9"), answer("Hello.", message_id="m9"))
    said = str(client.start("resume").get("systemMessage"))
    name = said.rpartition(" ")[2]
    assert ("was cut or replaced" in said, name in names(client.store, client.session)) == (
        True,
        True,
    )


@pytest.mark.parametrize("what", ["cut or replaced", "deleted"])
def test_a_transcript_that_has_gone_is_said_at_the_end_of_the_turn_once(
    client: Client, what: str
) -> None:
    if what == "deleted":
        client.transcript.unlink()
    else:
        client.transcript.write_text("")
        client.write(prompt("Hello again.", uuid="u9"), answer("Hello.", message_id="m9"))
    said = [client.send("stop") for _ in range(2)]
    assert [f"The transcript was {what}. The work until" in one for one in said] == [True, False]
    assert "before-new-transcript" in " ".join(names(client.store, client.session))


@pytest.mark.parametrize(
    ("event", "fields"),
    [
        ("pre_compact", {"trigger": "auto"}),
        ("user_prompt_submit", {"prompt": "Go on."}),
        ("session_end", {"reason": "other"}),
    ],
)
def test_a_transcript_that_a_silent_event_found_gone_is_said_by_the_next_that_speaks(
    client: Client, event: str, fields: dict[str, str]
) -> None:
    client.transcript.write_text("")
    client.write(prompt("Hello again.", uuid="u9"), answer("Hello.", message_id="m9"))
    client.send(event, **fields)
    said = [client.send("stop") for _ in range(2)]
    assert ["The transcript was cut or replaced." in one for one in said] == [True, False]


def test_what_is_removed_apart_from_the_hook_is_noted_in_the_journal(client: Client) -> None:
    old = client.store.path("s-old", "state.json")
    os.makedirs(os.path.dirname(old))
    with open(old, "wb") as stream:
        stream.write(b"{}")
    os.utime(old, (1, 1))
    os.utime(os.path.dirname(old), (1, 1))
    apart.run(client.store.root, str(client.project), client.session, client.env)
    with open(client.store.path(client.session, "journal.jsonl"), encoding="utf-8") as stream:
        noted = '"event":"gc"' in stream.read().replace(" ", "")
    assert (os.path.exists(old), noted) == (False, True)


def test_the_work_stays_where_the_transcript_was_deleted(client: Client) -> None:
    client.transcript.unlink()
    client.send("stop")
    assert "sqlite" in context_of(client.clear("s-2"))


def test_a_session_is_kept_in_parts_where_time_is_up(client: Client, tmp_path: Path) -> None:
    client.write(*[prompt(f"Number {n}.", uuid=f"n{n}") for n in range(2_000)])
    found = transcripts.transcript(str(client.transcript))
    assert found is not None
    parts = [keep.keep(client.store, found, str(tmp_path), client.env, 0.0) for _ in range(2)]
    rest = [keep.keep(client.store, found, str(tmp_path), client.env) for _ in range(2)]
    assert (parts[0] > 0, rest[-1]) == (True, 0)


def test_old_data_is_removed_at_the_end_of_a_session_at_most_once_a_day(client: Client) -> None:
    old = client.store.path("s-old", "state.json")
    for _ in range(2):
        os.makedirs(os.path.dirname(old), exist_ok=True)
        with open(old, "wb") as stream:
            stream.write(b"{}")
        os.utime(old, (1, 1))
        os.utime(os.path.dirname(old), (1, 1))
        client.send("session_end", reason="other")
    assert os.path.exists(old)
    os.utime(os.path.join(client.store.root, "gc.done"), (1, 1))
    client.send("session_end", reason="other")
    assert not os.path.exists(old)
