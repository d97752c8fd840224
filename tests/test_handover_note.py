"""A handover note is taken where one was asked for, checked, masked, and given back first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from driver import Client, context_of
from made import answer, command, done, prompt, state_after

from clearpoint.advice.catalogue import ENGLISH
from clearpoint.tokens.sizes import estimated
from clearpoint.work import handover

if TYPE_CHECKING:
    from pathlib import Path

    from clearpoint.models.work import WorkState

BODY = "Goal: a fast export\nWhere it stands: one query\nNext: measure it"
NOTE = f"<handover>\n{BODY}\n</handover>"
SAVED = "Handover note saved. After /clear, Claude starts with it."


def work_after(text: str, wish: str = handover.COMMAND) -> WorkState:
    return state_after(
        prompt("Make it fast."), answer("It is. Shall I measure?"), command(wish), answer(text)
    )["work_state"]


def told(work: WorkState) -> str:
    which, problem = handover.taken(work, None, estimated)
    return ENGLISH[which].format(fact=problem) if which else ""


def kept(work: WorkState) -> str:
    return (work["handover"] or {"text": ""})["text"]


@pytest.mark.parametrize(
    ("text", "note", "said"),
    [
        pytest.param(f"Here:\n{NOTE}", BODY, SAVED, id="whole"),
        pytest.param(NOTE.removesuffix("</handover>"), BODY,
                     "Handover note saved, but its end is not marked.", id="unclosed"),
        pytest.param(f"{NOTE}\nAnd more.", BODY,
                     "Handover note saved, but it is not at the end of the answer.", id="early"),
        pytest.param("<handover>\nNext: x\n</handover>", "Next: x",
                     "Handover note saved, but it does not say: goal, where it stands.", id="bit"),
        pytest.param("All done.", "",
                     "No handover note in the answer. Run /clearpoint:handover again.", id="none"),
    ],
)  # fmt: skip
def test_a_note_is_taken_and_its_shape_is_checked(text: str, note: str, said: str) -> None:
    work = work_after(text)
    assert (kept(work), told(work)) == (note, said)


def test_a_note_that_is_too_long_keeps_its_first_lines() -> None:
    work = work_after(NOTE.replace("</handover>", "One more line of it.\n" * 400 + "</handover>"))
    said = told(work)
    assert said.startswith("Handover note saved, but it takes about ")
    assert said.endswith("tokens, the first 600 are kept.")
    assert kept(work).startswith(BODY)
    assert estimated(kept(work)) <= handover.TOKENS


def test_what_looks_like_a_note_is_left_alone_where_none_was_asked_for() -> None:
    assert work_after(NOTE, "/review")["handover"] is None


def test_the_answer_before_the_note_and_its_question_stay() -> None:
    work = work_after(NOTE)
    assert (work["answer"] or {"text": ""})["text"] == "It is. Shall I measure?"
    assert work["waiting"] is not None


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client(tmp_path)


def handed_over(client: Client, text: str = NOTE) -> str:
    """A turn of work, and one with the note; give what the user is told."""
    client.start()
    client.turn(prompt("Make it fast.", parent="0"), answer("It is.", message_id="m1"))
    return client.turn(command(handover.COMMAND), answer(text, message_id="m2"))


def test_a_note_stands_first_after_a_clear(client: Client) -> None:
    assert handed_over(client) == SAVED
    lines = context_of(client.clear("s-2")).splitlines()
    assert lines[1].startswith("Handover note that Claude wrote for this session")
    assert [line.strip() for line in lines[2:5]] == BODY.splitlines()


def test_a_note_from_before_later_edits_is_not_repeated(client: Client) -> None:
    handed_over(client)
    client.turn(
        prompt("One more.", uuid="u9", parent="1"),
        *done("Write", file_path=str(client.project / "a.py"), content="x\n", tool_id="t9"),
        answer("Done.", message_id="m3"),
    )
    text = context_of(client.clear("s-2"))
    assert "Claude wrote a handover note 1 prompt ago, before later edits" in text
    assert "Goal: a fast export" not in text


def test_a_secret_in_a_note_is_masked(client: Client) -> None:
    secret = "ghp_" + "a1B2" * 9
    handed_over(client, NOTE.replace("one query", f"token {secret}"))
    assert secret not in (client.store.session_folder("s-1") + context_of(client.clear("s-2")))
    assert secret not in context_of(client.start("resume"))


@pytest.mark.parametrize(
    ("mode", "used", "typed", "asked"),
    [
        pytest.param("auto", 160_000, "go on", True, id="at warning"),
        pytest.param("auto", 20_000, "go on", False, id="below"),
        pytest.param("auto", 160_000, "/review", False, id="a command"),
        pytest.param("auto", 160_000, "<task-notification>x", False, id="a machine"),
        pytest.param("manual", 160_000, "go on", False, id="by hand"),
    ],
)
def test_a_note_is_asked_for_with_the_prompt_where_the_settings_say_so(
    client: Client, mode: str, used: int, typed: str, asked: bool
) -> None:
    root = client.project / ".clearpoint"
    root.mkdir()
    (root / "config.toml").write_text(f'[reload]\nhandover = "{mode}"\n')
    client.start(model="claude-sonnet-4-6")
    client.turn(prompt("Go.", parent="0"), answer("Done.", message_id="m1", used=used))
    told = context_of(client.reply("user_prompt_submit", prompt=typed))
    assert (handover.REQUEST in told) == asked


def test_a_note_that_was_asked_for_by_the_settings_is_taken_in_silence(client: Client) -> None:
    root = client.project / ".clearpoint"
    root.mkdir()
    (root / "config.toml").write_text('[reload]\nhandover = "auto"\n')
    client.start(model="claude-sonnet-4-6")
    client.turn(prompt("Go.", parent="0"), answer("Done.", message_id="m1", used=160_000))
    said = client.turn(
        prompt("On.", uuid="u2", parent="1"),
        answer(f"Yes.\n\n{NOTE}", message_id="m2", used=161_000),
    )
    work = client.state["work_state"]
    answered = work["answer"]["text"] if work["answer"] else ""
    assert (said, kept(work), answered) == ("", BODY, "Yes.")
    again = context_of(client.reply("user_prompt_submit", prompt="and?"))
    assert handover.REQUEST not in again


@pytest.mark.parametrize("is_there", [True, False])
def test_the_advice_names_the_command_once_where_it_is_there(
    client: Client, is_there: bool
) -> None:
    if is_there:
        folder = client.project / ".claude" / "commands" / "clearpoint"
        folder.mkdir(parents=True)
        (folder / "handover.md").write_text("…")
    client.start(model="claude-sonnet-4-6")
    used = (20_000, 60_000, 110_000, 152_000)
    said = [
        client.turn(
            prompt("On.", uuid=f"u{number}", parent=str(number)),
            answer("Done.", message_id=f"m{number}", uuid=f"a{number}", used=tokens),
        )
        for number, tokens in enumerate(used)
    ]
    assert said[-1].count("/clear") == 1
    assert "".join(said).count("Run `/clearpoint:handover` first") == int(is_there)
