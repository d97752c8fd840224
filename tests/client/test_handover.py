"""A note that Claude writes at the user's wish reaches the session after the next /clear, first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clearpoint.install.executables import executables_dir

from .test_product import MARK, MODEL, faults, installed, last_request

if TYPE_CHECKING:
    from .conftest import ClientFactory

NOTE = """Goal: an export that takes less than a second
Where it stands: one query instead of two, on main, rows.py not committed
Decided: one query, because of 18 ms a row
Next: measure it with the largest shop"""


def test_a_note_of_claudes_stands_first_in_the_request_after_a_clear(
    client: ClientFactory,
) -> None:
    lab = client()
    clearpoint = executables_dir() / "clearpoint"
    done = lab.run(clearpoint, "install", "--commands", "--project", lab.project)
    assert done.returncode == 0, done.stderr
    terminal = lab.start("--model", MODEL)
    terminal.say("Make the export fast: it takes forty seconds for large shops.")
    lab.control(reply=f"<handover>\n{NOTE}\n</handover>")
    terminal.submit("/clearpoint:handover")
    terminal.wait_for_text("Handover note saved")
    terminal.wait_for(terminal.is_idle, "an idle input box")
    assert "Write a handover note" in last_request(lab).text
    lab.control(reply="Fine.")
    terminal.command("/clear")
    terminal.say("go on")
    text = last_request(lab).text
    block = text[text.index(MARK) :].partition("</system-reminder>")[0].splitlines()
    assert block[1].startswith("Handover note that Claude wrote for this session")
    assert [line.strip() for line in block[2:6]] == NOTE.splitlines()
    assert faults(lab) == ""


def test_what_a_summary_calls_pending_reaches_the_request_after_a_clear(
    client: ClientFactory,
) -> None:
    lab = installed(client)
    terminal = lab.start("--model", MODEL)
    terminal.say("Build the importer for the files of the customer, please.")
    terminal.say("And go on.")
    lab.control(summary="7. Pending Tasks:\n   - the customer wants semicolons\n8. Other: none")
    terminal.command("/compact")
    lab.control()
    terminal.command("/clear")
    terminal.say("go on")
    text = last_request(lab).text
    block = text[text.index(MARK) :].partition("</system-reminder>")[0]
    assert "the customer wants semicolons" in block
    assert "Other: none" not in block
    assert faults(lab) == ""
