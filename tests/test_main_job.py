"""The main job: sessions are watched, advised, and carried across clear, compaction and crash."""

from __future__ import annotations

import os
import threading
from pathlib import Path  # noqa: TC003

import pytest
from builders import state_folder
from driver import CLIENT_PID, Client, context_of
from made import answer, boundary, command, done, prompt

from clearpoint.handlers import stop
from clearpoint.reload.delivery import has_arrived, mark_in


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client(tmp_path)


def work_on(client: Client, used: int = 90_000) -> None:
    """A session with something to carry."""
    client.start(model="claude-sonnet-4-6")
    client.turn(
        command("/moai:2-run", "SPEC-AUTH-001"),
        prompt("We decided to use JWT.", uuid="u1", parent="0"),
        *done("TodoWrite", todos=[{"content": "build it", "status": "in_progress"}]),
        *done("Edit", file_path=str(client.project / "auth.py"), tool_id="t2"),
        answer("Built.", message_id="m9", used=used),
    )


def test_a_session_is_watched_from_its_first_turn(client: Client) -> None:
    work_on(client)
    state = client.state
    assert (state["context_window"]["used"], state["context_window"]["total"]) == (90_000, 200_000)
    assert state["work_state"]["current_spec"] == "SPEC-AUTH-001"


def test_levels_are_said_to_the_person_once_and_to_claude_with_the_next_prompt(
    client: Client,
) -> None:
    work_on(client)
    said = client.turn(prompt("more", parent="1"), answer(message_id="m10", used=152_000))
    assert said.startswith("Context: 152k of your 200k window (76%)")
    told = context_of(client.reply("user_prompt_submit", prompt="go on"))
    assert "Work state is saved separately" in told
    assert client.reply("user_prompt_submit", prompt="go on") == {}


def test_a_clear_carries_the_work_into_the_new_session(client: Client) -> None:
    work_on(client)
    reply = client.clear("s-2")
    text = context_of(reply)
    assert client.state["lineage"]["confidence"] == "exact"
    assert "Spec: SPEC-AUTH-001" in text
    assert "We decided to use JWT." in text
    assert reply["systemMessage"].startswith(
        "Picked up SPEC-AUTH-001 from the session before /clear."
    )


@pytest.mark.parametrize("place", [".clearpoint", "kept/here", "/elsewhere"])
def test_the_pointers_of_a_reload_lead_to_the_archived_words(
    client: Client, tmp_path: Path, place: str
) -> None:
    client.env["CLEARPOINT_DIR"] = place.replace("/elsewhere", f"{tmp_path}-elsewhere")
    work_on(client)
    text = context_of(client.clear("s-2"))
    line = next(one for one in text.splitlines() if "decided" in one and "[A:" in one)
    legend = next(one for one in text.splitlines() if one.startswith("Conversation: A = "))
    path = legend.removeprefix("Conversation: A = ").partition(" (")[0]
    archived = (client.project / path).read_text().splitlines()
    number = int(line.partition("[A:")[2].partition("]")[0])
    assert "We decided to use JWT." in "\n".join(archived[number - 1 : number + 3])


def test_the_work_goes_on_after_a_clear_and_a_second_one(client: Client) -> None:
    work_on(client)
    client.clear("s-2")
    client.turn(prompt("Let's use RS256.", parent=None), answer(message_id="x1", used=22_000))
    text = context_of(client.clear("s-3"))
    assert "We decided to use JWT." in text
    assert "Let's use RS256." in text


def test_two_clients_side_by_side_never_swap(tmp_path: Path) -> None:
    one, two = Client(tmp_path, "one", os.getpid()), Client(tmp_path, "two", os.getppid())
    for client in (one, two):
        client.start()
        client.turn(prompt(f"We decided on {client.session}.", parent="0"), answer())
    for client in (two, one):
        name = client.session
        other = {"one": "two", "two": "one"}[name]
        text = context_of(client.clear(name + "-cleared"))
        assert f"We decided on {name}." in text
        assert f"We decided on {other}." not in text


def test_a_compaction_is_steered_and_followed_up(client: Client) -> None:
    work_on(client, used=160_000)
    steering = client.send("pre_compact", trigger="auto", custom_instructions=None)
    assert "- the closing paragraph of the last answer, word for word" in steering.splitlines()
    text = context_of(client.start("compact", model="claude-sonnet-4-6"))
    assert "Conversation: A = " in text
    assert "Claude's last answer" not in text


def test_use_after_a_compaction_is_not_what_it_was_before(client: Client) -> None:
    work_on(client, used=160_000)
    client.send("pre_compact", trigger="manual")
    client.start("compact")
    assert client.state["budget"]["level"] == "normal"
    client.turn(boundary(3_000), answer(message_id="after", used=25_000))
    assert client.state["context_window"]["used"] == 25_000


def test_a_crash_is_carried_over_into_the_next_start(tmp_path: Path) -> None:
    work_on(Client(tmp_path, "crashed"))
    fresh = Client(tmp_path, "fresh", os.getpid())
    text = context_of(fresh.start())
    assert "which ended unexpectedly" in text
    assert "SPEC-AUTH-001" in text


def test_a_session_that_ended_unfinished_is_offered_and_not_carried(tmp_path: Path) -> None:
    old = Client(tmp_path, "old")
    work_on(old)
    old.send("session_end", reason="prompt_input_exit")
    new = Client(tmp_path, "new", os.getpid())
    said = "The last session here on SPEC-AUTH-001 ended a moment ago with 1 open step: build it."
    how = " To continue it: run clearpoint continue old and start Claude Code again"
    assert new.start() == {"systemMessage": said + how}
    assert new.state["work_state"]["current_spec"] is None


def test_a_session_that_ended_with_nothing_open_is_not_spoken_of(tmp_path: Path) -> None:
    old = Client(tmp_path, "old")
    work_on(old)
    built = done("TodoWrite", tool_id="t9", todos=[{"content": "build it", "status": "completed"}])
    old.turn(prompt("Finish.", parent="1"), *built, answer("Done.", message_id="m10"))
    old.send("session_end", reason="prompt_input_exit")
    assert Client(tmp_path, "new", os.getpid()).start() == {}


def test_a_resume_says_nothing_unless_a_file_changed(client: Client) -> None:
    work_on(client)
    file = client.project / "auth.py"
    file.write_text("old")
    os.utime(file, (1, 1))
    assert client.start("resume", context_tokens=90_000) == {}
    os.utime(file, (4e9, 4e9))
    assert "- auth.py" in context_of(client.start("resume", context_tokens=90_000))


def test_a_fork_knows_its_parent_and_its_size(tmp_path: Path) -> None:
    old = Client(tmp_path, "old")
    work_on(old)
    fork = Client(tmp_path, "fork", os.getpid())
    assert "systemMessage" not in fork.start("fork", context_tokens=90_000)
    assert fork.state["lineage"]["parent_id"] == "old"
    assert fork.state["context_window"]["used"] == 90_000
    assert fork.state["work_state"]["current_spec"] is None  # only probable: its own words tell


def test_a_forks_own_transcript_is_read_whole_and_counted_once(tmp_path: Path) -> None:
    old = Client(tmp_path, "old")
    work_on(old)
    fork = Client(tmp_path, "fork", os.getpid())
    fork.start("fork", context_tokens=90_000)
    fork.transcript.write_bytes(old.transcript.read_bytes())
    fork.turn(prompt("on the fork", parent="2"), answer(message_id="f1", used=91_000))
    touched = fork.state["work_state"]["files"][str(tmp_path / "auth.py")]
    assert (touched["edits"], fork.state["context_window"]["used"]) == (1, 91_000)


def test_a_reload_that_did_not_arrive_is_sent_once_more(client: Client) -> None:
    work_on(client)
    client.clear("s-2")
    client.turn(prompt("hi", parent=None), answer(message_id="n1", used=21_000))
    again = context_of(client.reply("user_prompt_submit", prompt="and?"))
    assert "Spec: SPEC-AUTH-001" in again
    assert client.reply("user_prompt_submit", prompt="and?") == {}


def test_a_reload_that_arrived_is_not_sent_again(client: Client) -> None:
    work_on(client)
    text = context_of(client.clear("s-2"))
    client.turn(prompt(text, parent=None, isMeta=True), answer(message_id="n1", used=21_000))
    assert client.reply("user_prompt_submit", prompt="and?") == {}


def test_a_reload_is_looked_for_behind_what_stood_there_when_it_was_given(client: Client) -> None:
    work_on(client)
    text = context_of(client.clear("s-2"))
    client.turn(prompt(text, parent=None, isMeta=True), answer(message_id="n1", used=21_000))
    standing = client.transcript.stat().st_size
    client.start("compact")
    system = client.state["system"]
    assert system["reloaded_behind"] == standing
    path = str(client.transcript)
    assert has_arrived(mark_in(text), path, 0)
    assert not has_arrived(mark_in(text), path, standing)
    client.write(prompt(system["awaiting"], parent=None, isMeta=True))
    assert client.reply("user_prompt_submit", prompt="and?") == {}
    assert client.state["system"]["awaiting"] == ""


def test_an_interrupted_turn_is_noticed_at_the_next_prompt(client: Client) -> None:
    work_on(client)
    client.write(
        prompt("long one", parent="5"),
        answer("Partial", message_id="i1", used=100_000),
        prompt("[Request interrupted by user]"),
    )
    client.reply("user_prompt_submit", prompt="again")
    assert client.state["usage"]["interrupted"]
    assert client.state["context_window"]["used"] == 100_000


@pytest.mark.parametrize("before", ["Done.", "D", "one."], ids=["the same", "its start", "its end"])
def test_stop_waits_for_an_answer_that_an_older_one_looks_like(client: Client, before: str) -> None:
    client.start()
    client.turn(prompt("one", parent=None), answer(before, message_id="1", used=30_000))
    late = threading.Timer(
        0.05,
        client.write,
        (prompt("two", parent="a"), answer("Done.", message_id="2", used=40_000)),
    )
    late.start()
    client.reply("stop", last_assistant_message="Done.")
    late.join()
    assert client.state["context_window"]["used"] == 40_000


@pytest.mark.parametrize(
    "reported",
    [
        pytest.param({"usage": {"input_tokens": 0, "output_tokens": 0}}, id="zeros"),
        pytest.param({"usage": {"input_tokens": 0.0, "output_tokens": "0"}}, id="other types"),
        pytest.param({"usage": None}, id="nothing"),
        pytest.param({"id": None}, id="no id"),
        pytest.param({}, id="one id for all"),
    ],
)
def test_stop_waits_for_no_answer_that_it_has_read_whatever_the_gateway_reports(
    client: Client, monkeypatch: pytest.MonkeyPatch, reported: dict[str, object]
) -> None:
    monkeypatch.setattr(stop, "LAG_POLL_S", -1.0)  # waiting would be an error
    client.start()
    for number in (1, 2):
        said = answer(f"Part {number} is done.", used=20_000 + number)
        said["message"].update(reported)  # type: ignore[typeddict-item]
        client.write(prompt("on", parent=f"p{number}"), said)
        client.reply("stop", last_assistant_message=f"Part {number} is done.")
    assert client.state["system"]["heard"] == 2


def test_a_gateway_that_reports_no_usage_is_named_once_in_a_project(client: Client) -> None:
    def said(session: str) -> str:
        client.session = session
        client.start()
        silent = answer("Done.", model="glm-5")
        silent["message"]["usage"] = {"input_tokens": 0, "output_tokens": 0}
        return client.turn(prompt("on"), silent)

    note = "glm-5 reports no token usage, so figures are estimates (~)."
    assert [said("s-1"), said("s-2")] == [note, ""]


def test_an_answer_that_was_there_at_the_last_stop_is_believed_after_a_moment(
    client: Client,
) -> None:
    client.start()
    client.turn(prompt("one", parent=None), answer("Done.", used=30_000))
    state = client.state
    believed = [stop.has_answer(state, "Done.", waited) for waited in (0.0, stop.SAME_LAG_S)]
    assert (believed, stop.SAME_LAG_S < stop.LAG_S / 2) == ([False, True], True)


def test_stop_waits_for_no_answer_where_one_has_ended_the_turn(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stop, "LAG_POLL_S", -1.0)  # waiting would be an error
    client.start()
    last = answer("Done.", message_id="1", used=30_000)
    last["message"]["stop_reason"] = None  # as older clients write it
    client.write(prompt("one", parent=None), last)
    client.send("stop", last_assistant_message="In other words.")
    assert client.state["context_window"]["used"] == 30_000


def test_stop_waits_for_nothing_where_no_transcript_is_written(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.start()
    client.send("stop", last_assistant_message="Done.")
    monkeypatch.setattr(stop, "LAG_POLL_S", -1.0)  # waiting again would be an error
    client.send("stop", last_assistant_message="Done.")
    assert client.state["context_window"]["used"] == 0


def test_the_first_stop_waits_for_a_transcript_that_is_only_being_made(client: Client) -> None:
    client.start()
    entries = (prompt("one", parent=None), answer("Done.", used=30_000))
    late = threading.Timer(0.05, client.write, entries)
    late.start()
    client.reply("stop", last_assistant_message="Done.")
    late.join()
    assert client.state["context_window"]["used"] == 30_000


def test_where_the_client_compacts_follows_its_settings_and_what_was_seen(client: Client) -> None:
    client.start()
    client.turn(prompt("one", parent=None), answer(used=150_000))
    assert client.state["context_window"]["compaction_at"] == 167_000
    client.turn(boundary(trigger="auto"), answer(message_id="m2", used=30_000))
    assert client.state["context_window"]["compaction_at"] == 150_000
    (client.project / ".claude").mkdir()
    (client.project / ".claude/settings.json").write_text('{"autoCompactEnabled": false}')
    client.turn(prompt("two"), answer(message_id="m3", used=31_000))
    assert client.state["context_window"]["compaction_at"] is None


def test_an_unknown_model_is_named_once_in_a_project(client: Client) -> None:
    told = client.start(model="claude-opus-9-1")
    assert "claude-opus-9-1" in told["systemMessage"]
    assert "systemMessage" not in client.start("resume", model="claude-opus-9-1")
    client.write(prompt("Hello."))
    second = Client(client.project, "s-2", CLIENT_PID - 1)
    assert "systemMessage" not in second.start(model="claude-opus-9-1")
    third = Client(client.project, "s-3", CLIENT_PID - 2)
    assert "claude-opus-9-2" in third.start(model="claude-opus-9-2")["systemMessage"]


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_new_session_starts_from_what_the_project_has_learned(
    client: Client, is_kept: bool
) -> None:
    text = "def total(values): return sum(values)  # in tokens\n" * 40
    client.start()
    for number in range(30):
        response = answer(message_id=f"m{number}", used=20_000 + 900 * number)
        client.turn(prompt(text, parent=str(number)), response)
    (state_folder(client.project) / "config.toml").write_text(
        f"[persistence]\ncache_enabled = {str(is_kept).lower()}\n"
    )
    client.send("session_end", reason="prompt_input_exit")
    another = Client(client.project, "s-2", pid=CLIENT_PID - 1)
    another.start()
    assert another.state["lineage"]["parent_id"] is None
    assert bool(another.state["usage"]["learner"]) is is_kept


def test_a_large_prompt_that_reaches_a_level_is_noticed_before_it_is_sent(client: Client) -> None:
    work_on(client, used=145_000)
    told = context_of(client.reply("user_prompt_submit", prompt="word " * 9_000))
    assert "Work state is saved separately" in told


def test_a_truncated_transcript_is_read_anew_and_keeps_what_was_carried(client: Client) -> None:
    work_on(client)
    client.clear("s-2")
    client.turn(prompt("long " * 500, parent=None), answer(message_id="n1", used=50_000))
    client.transcript.write_text("")
    client.turn(prompt("short", parent=None), answer(message_id="n2", used=30_000))
    assert client.state["context_window"]["used"] == 30_000
    assert client.state["work_state"]["current_spec"] == "SPEC-AUTH-001"


def test_the_status_line_is_right_before_there_is_a_state(client: Client) -> None:
    line = client.send("statusline", **status(84_000))
    assert "84k/200k window 42%" in line


def test_the_status_line_tells_the_hooks_the_window(client: Client) -> None:
    client.send("statusline", **status(84_000, size=1_000_000))
    work_on(client)
    window = client.state["context_window"]
    assert (window["total"], window["source"]) == (1_000_000, "status line")
    assert "SPEC-AUTH-001 · implementation" in client.send("statusline", **status(90_000))


def status(used: int, size: int = 200_000) -> dict[str, object]:
    """The part of the status line's event that counts."""
    window = {
        "context_window_size": size,
        "total_input_tokens": used,
        "total_output_tokens": 0,
        "current_usage": {"input_tokens": used},
    }
    return {"model": {"id": "claude-sonnet-4-6"}, "context_window": window}
