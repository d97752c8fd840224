"""A prompt that is held back is never lost, never doubled, and never another session's."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from builders import state_folder
from driver import Client, context_of
from made import answer, prompt

from clearpoint.cli.main import main
from clearpoint.store import held_prompts
from clearpoint.store.journal import occurrences
from clearpoint.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

TYPED = "Rename parse_price to price_of,\n\tkeep {braces} & <tags>; 값을 그대로  "
OTHER = "Work on the other part."
MODEL = "claude-sonnet-4-5"
FULL = 192_000
NO_PROCESS = 999_999_998


@pytest.fixture
def client(tmp_path: Path) -> Client:
    """A client in a project where prompts are held back, its window filled to 96 %."""
    return filled(Client(tmp_path))


def filled(client: Client, used: int = FULL, settings: str = "enforce = true") -> Client:
    folder = state_folder(client.project)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(f"[advice]\n{settings}\n")
    client.start()
    client.turn(
        prompt("We decided to use JWT.", uuid="u1", parent=None),
        answer(message_id="m1", model=MODEL),
    )
    fill(client, used)
    return client


def fill(client: Client, used: int) -> None:
    """One more turn, after which so much is in use."""
    number = f"{used}-{client.session}"
    entries = [prompt("more", uuid=f"u{number}", parent=f"p{number}"),
               answer(message_id=f"m{number}", used=used, model=MODEL)]  # fmt: skip
    client.write(*entries)
    client.reply("stop")


def submit(client: Client, text: str = TYPED) -> dict[str, Any]:
    return client.reply("user_prompt_submit", prompt=text)


def waiting(client: Client, session: str = "") -> list[str]:
    return held_prompts.read(client.store, session or client.session)


def quoted(text: str = TYPED) -> str:
    return f"<held_prompt>\n{text}\n</held_prompt>"


def test_a_prompt_at_emergency_is_held_back_with_the_reason_and_the_ways_on(
    client: Client,
) -> None:
    reply = submit(client)
    once = {"hookEventName": "UserPromptSubmit", "suppressOriginalPrompt": True}
    assert set(reply) == {"decision", "reason", "hookSpecificOutput"}
    assert (reply["decision"], reply["hookSpecificOutput"]) == ("block", once)
    first, way, other = reply["reason"].splitlines()
    assert first.startswith("Prompt held (saved): context is ~192k of your 200k window (96%)")
    assert "run /clear" in way
    assert "press Enter again. `clearpoint allow`" in other
    assert waiting(client) == [TYPED]


def test_a_held_prompt_is_for_its_owner_alone_and_no_journal_quotes_it(client: Client) -> None:
    submit(client)
    path = client.store.path(client.session, held_prompts.FILE)
    assert os.stat(path).st_mode & 0o777 == 0o600
    with open(client.store.path(client.session, "journal.jsonl"), encoding="utf-8") as journal:
        assert "parse_price" not in journal.read()


@pytest.mark.parametrize(
    ("settings", "used", "text", "attended"),
    [
        pytest.param("enforce = false", FULL, TYPED, "1", id="not asked for"),
        pytest.param("enforce = true", 180_000, TYPED, "1", id="not at emergency"),
        pytest.param("enforce = true", FULL, "<task-notification>\nx", "1", id="the client's own"),
        pytest.param("enforce = true", FULL, TYPED, "0", id="unattended"),
    ],
)
def test_every_other_prompt_goes_through(
    tmp_path: Path, settings: str, used: int, text: str, attended: str
) -> None:
    client = filled(Client(tmp_path), used, settings)
    client.env["CLAUDE_CODE_SESSION_ATTENDED"] = attended
    assert "decision" not in submit(client, text)
    assert waiting(client) == []


def test_a_long_prompt_that_alone_would_fill_the_window_is_held_too(tmp_path: Path) -> None:
    client = filled(Client(tmp_path), 150_000)
    long = "word " * 60_000
    assert submit(client, long)["decision"] == "block"
    assert client.state["budget"]["level"] == "warning"
    assert "decision" not in submit(client, "a short one")


def test_the_same_prompt_sent_again_goes_through_without_a_context(client: Client) -> None:
    submit(client)
    assert "held_prompt" not in context_of(submit(client, TYPED.strip()))
    assert waiting(client) == []
    assert submit(client, OTHER)["decision"] == "block"


def test_what_is_allowed_goes_through_until_a_clear(
    client: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLEARPOINT_DIR", str(state_folder(client.project)))
    submit(client)
    assert main(["allow", "--project", str(client.project)]) == 0
    assert capsys.readouterr().out == "Prompts go through until you clear or compact.\n"
    assert quoted() in context_of(submit(client, OTHER))
    assert "decision" not in submit(client, "and this")
    fill(client, 60_000)
    fill(client, FULL + 1)
    assert submit(client, "and that")["decision"] == "block"


@pytest.mark.parametrize(
    ("settings", "used", "expected"),
    [
        ("enforce = false", FULL,
         "Nothing to allow: advice.enforce is not set, so no prompt is held back.\n"),
        ("enforce = true", 100_000,
         "Nothing to allow: the context is at normal, and prompts are held back at emergency.\n"),
    ],
)  # fmt: skip
def test_allowing_what_is_not_held_back_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: str, used: int, expected: str
) -> None:
    client = filled(Client(tmp_path), used, settings)
    assert main(["allow", "--project", str(client.project)]) == 0
    assert capsys.readouterr().out == expected


def test_after_a_clear_the_prompt_is_offered_as_it_was_typed_and_given_once(
    client: Client,
) -> None:
    submit(client)
    offer = client.clear("s-2")["systemMessage"]
    assert f"Your held prompt, as you typed it:\n{TYPED}\n" in offer
    assert context_of(submit(client, "go on")).endswith(quoted())
    assert waiting(client) == waiting(client, "s-1") == []
    assert quoted() not in context_of(submit(client, "and on"))
    assert TYPED not in client.clear("s-3").get("systemMessage", "")


def test_all_prompts_that_were_held_back_are_given_in_their_order(client: Client) -> None:
    submit(client)
    submit(client, OTHER)
    client.clear("s-2")
    assert context_of(submit(client, "go on")).endswith(f"{quoted()}\n{quoted(OTHER)}")


def test_the_clients_own_prompt_takes_nothing_from_the_person(client: Client) -> None:
    submit(client)
    client.clear("s-2")
    assert quoted() not in context_of(submit(client, "<task-notification>\nx"))
    assert context_of(submit(client, "go on")).endswith(quoted())


def test_a_prompt_too_long_for_a_context_is_given_as_a_file(client: Client) -> None:
    long = "First line.\n" + "word " * 4_000
    submit(client, long)
    client.clear("s-2")
    context = context_of(submit(client, "go on"))
    path = context.partition('whole_text="')[2].partition('"')[0]
    with open(path, encoding="utf-8") as file:
        assert file.read() == long
    assert "First line." in context


def test_after_a_compaction_the_prompt_is_offered_in_the_same_session(client: Client) -> None:
    submit(client)
    assert TYPED in client.start("compact")["systemMessage"]
    assert context_of(submit(client, "go on")).endswith(quoted())


def test_whoever_resumes_at_emergency_is_told_what_waits(client: Client) -> None:
    submit(client)
    said = client.start("resume")["systemMessage"]
    assert f"Your prompt is still held:\n{TYPED}\n" in said
    assert waiting(client) == [TYPED]


@pytest.mark.parametrize("ending", ["a crash", "a crash after the clear", "other", "logout"])
def test_a_held_prompt_outlives_the_client(client: Client, ending: str) -> None:
    submit(client)
    if ending == "a crash after the clear":
        client.clear("s-2")
    elif ending != "a crash":
        client.send("session_end", reason=ending)
    later = Client(client.project, "s-9", NO_PROCESS)
    said = later.start()["systemMessage"]
    assert f"as you typed it:\n{TYPED}\n" in said
    assert ("Kept: 1 decision." in said) is ("crash" in ending)
    assert context_of(submit(later, "go on")).endswith(quoted())
    third = Client(client.project, "s-10", NO_PROCESS - 1)
    assert TYPED not in third.start().get("systemMessage", "")


def test_a_session_beside_it_is_offered_nothing(tmp_path: Path) -> None:
    mine = filled(Client(tmp_path, "s-1", os.getpid()))
    submit(mine)
    beside = Client(tmp_path, "s-2", os.getppid())
    assert TYPED not in beside.start().get("systemMessage", "")
    assert TYPED not in beside.clear("s-3").get("systemMessage", "")
    assert TYPED in mine.clear("s-4")["systemMessage"]


def test_who_went_to_another_session_keeps_the_prompt_where_it_was(client: Client) -> None:
    submit(client)
    client.send("session_end", reason="resume")
    later = Client(client.project, "s-9", NO_PROCESS)
    assert TYPED not in later.start().get("systemMessage", "")
    assert waiting(client) == [TYPED]


def test_a_fork_takes_no_prompt_from_the_session_that_goes_on(client: Client) -> None:
    submit(client)
    client.session = "s-2"
    assert TYPED not in client.start("fork").get("systemMessage", "")
    assert waiting(client, "s-1") == [TYPED]


def test_prompts_that_wait_already_are_not_lost_when_others_come(client: Client) -> None:
    submit(client)
    client.store.prepare("s-2")
    held_prompts.hold(client.store, "s-2", OTHER)
    held_prompts.move(client.store, client.session, "s-2")
    assert (waiting(client), waiting(client, "s-2")) == ([], [OTHER, TYPED])


def test_an_unattended_run_takes_no_prompt_of_a_person(client: Client) -> None:
    submit(client)
    client.send("session_end", reason="other")
    later = Client(client.project, "s-9", NO_PROCESS)
    later.env["CLAUDE_CODE_SESSION_ATTENDED"] = "0"
    later.start()
    assert waiting(client) == [TYPED]


def test_a_damaged_file_goes_to_quarantine_and_nothing_stops(client: Client) -> None:
    submit(client)
    with open(client.store.path(client.session, held_prompts.FILE), "ab") as file:
        file.write(b"x")
    assert submit(client, OTHER)["decision"] == "block"
    assert waiting(client) == [OTHER]
    assert any(
        held_prompts.FILE in name
        for name in os.listdir(state_folder(client.project) / "quarantine")
    )


def test_what_stands_in_its_place_goes_to_quarantine(client: Client) -> None:
    os.mkdir(client.store.path(client.session, held_prompts.FILE))
    assert submit(client)["decision"] == "block"
    assert waiting(client) == [TYPED]


def test_a_prompt_that_cannot_be_kept_is_an_error_and_so_goes_through(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("where the folder should be")
    with pytest.raises(NotADirectoryError):
        held_prompts.hold(Store(str(tmp_path / "file")), "s-1", TYPED)


def test_the_reason_is_in_the_language_of_the_person(client: Client) -> None:
    client.write(prompt("가격 함수의 이름을 바꿔 주세요", uuid="k", parent="pk"))
    assert submit(client)["reason"].startswith("프롬프트를 보류하고 저장했습니다")


@pytest.mark.parametrize("hook", ["stop", "user_prompt_submit"])
def test_a_projection_that_cannot_be_true_is_marked_and_not_acted_on(
    tmp_path: Path, hook: str
) -> None:
    client = filled(Client(tmp_path), 90_000)
    client.write(prompt("pasted text " * 120_000, parent="a"))
    assert client.reply(hook, prompt="and?", last_assistant_message="Done.") == {}
    window = client.state["context_window"]
    assert window["implausible"] > 300_000
    assert (window["projected"], window["estimated"], client.state["budget"]["level"]) == (
        200_000, True, "normal")  # fmt: skip
    noted = [one.words for one in occurrences(client.store, client.session)]
    assert "is implausible and was ignored" in noted[-1]
