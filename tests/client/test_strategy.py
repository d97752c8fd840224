"""Prompts held back at emergency, in the real client: seen, kept, carried, offered once."""

import pytest

from clearpoint.install.executables import executables_dir
from clearpoint.install.registering import install

from .conftest import ClientFactory
from .lab import Lab
from .terminal import Terminal, squeeze

MODEL = "claude-sonnet-4-5-20250929"
"""Its client does not compact by itself, so that emergency can be reached."""
FULL = 192_000
HELD = "Rename parse_price to price_of, and keep the {braces} & <tags> as they are."
REASON = "Prompt held (saved): context is"
OFFER = "Your held prompt, as you typed it:"
MARK = "<held_prompt>"


def enforced(client: ClientFactory) -> Lab:
    """Open a lab whose project is watched and holds prompts back."""
    lab = client()
    config = lab.home / ".claude"
    install("project", lab.project, config_dir=config, executables=executables_dir())
    folder = lab.home / ".config" / "clearpoint"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("[advice]\nenforce = true\n")
    return lab


def full(lab: Lab) -> Terminal:
    """Start a client and fill its window to 96 %."""
    terminal = lab.start("--model", MODEL)
    terminal.say("hello")
    terminal.say(f"USAGE:{FULL}@@ For SPEC-AUTH-001 we decided to use JWT.")
    return terminal


def held_back(lab: Lab, terminal: Terminal, prompt: str = HELD) -> None:
    """Send a prompt and see it held back."""
    terminal.submit(prompt)
    terminal.wait_for_text(REASON)
    left = squeeze(prompt) if lab.puts_back else ""
    terminal.wait_for(lambda: squeeze(terminal.input_box() or "") == left, "the prompt")


def prompts(lab: Lab) -> list[str]:
    return [request.prompt for request in lab.requests()]


def given(lab: Lab) -> int:
    """How often the newest request holds the prompt as context, exactly as it was typed."""
    return lab.requests()[-1].text.count(f"{MARK}\n{HELD}\n</held_prompt>")


def test_a_held_prompt_is_kept_and_offered_once_after_a_clear(client: ClientFactory) -> None:
    lab = enforced(client)
    terminal = full(lab)
    held_back(lab, terminal)
    assert f"{REASON} ~192k of your 200k window (96%)" in terminal.screen()
    assert squeeze("run /clear") in squeeze(terminal.screen())
    assert terminal.screen().count(HELD) == (1 if lab.puts_back else 0)
    assert HELD not in prompts(lab)
    terminal.command("/clear")
    terminal.wait_for_text(OFFER)
    assert squeeze(HELD) in squeeze(terminal.screen())
    terminal.say("go on")
    assert (prompts(lab)[-1], given(lab)) == ("go on", 1)
    terminal.say("and further")
    assert given(lab) == 1
    terminal.command("/clear")
    terminal.wait_for_text("Picked up SPEC-AUTH-001")
    assert OFFER not in terminal.screen()
    terminal.say("another thing")
    assert given(lab) == 0


def test_the_same_prompt_sent_again_goes_through(client: ClientFactory) -> None:
    lab = enforced(client)
    terminal = full(lab)
    held_back(lab, terminal)
    terminal.say(HELD)
    assert (prompts(lab)[-1], MARK in lab.requests()[-1].text) == (HELD, False)


def test_what_is_allowed_goes_through(client: ClientFactory) -> None:
    lab = enforced(client)
    terminal = full(lab)
    held_back(lab, terminal)
    done = lab.run(executables_dir() / "clearpoint", "allow", "--project", lab.project)
    assert done.stdout == "Prompts go through until you clear or compact.\n"
    terminal.say("Something else first.")
    assert (prompts(lab)[-1], given(lab)) == ("Something else first.", 1)
    terminal.say("And this.")
    assert prompts(lab)[-1] == "And this."


@pytest.mark.parametrize("crash", ["before the clear", "after the clear", "at exit"])
def test_a_held_prompt_outlives_its_client(client: ClientFactory, crash: str) -> None:
    lab = enforced(client)
    terminal = full(lab)
    held_back(lab, terminal)
    if crash == "at exit":
        terminal.stop()
    else:
        if crash == "after the clear":
            terminal.command("/clear")
            terminal.wait_for_text(OFFER)
        terminal.kill()
    again = lab.start("--model", MODEL)
    again.wait_for_text(OFFER)
    again.say("go on")
    assert given(lab) == 1


@pytest.mark.long
def test_sessions_side_by_side_keep_their_prompts_apart(client: ClientFactory) -> None:
    lab = enforced(client)
    pair = [full(lab), full(lab)]
    for number, terminal in enumerate(pair):
        held_back(lab, terminal, f"Work on part {number}.")
    other = lab.start("--model", MODEL)
    other.say("hello")
    assert MARK not in lab.requests()[-1].text
    for terminal in pair:
        terminal.command("/clear")
    for number, terminal in enumerate(pair):
        terminal.say("go on")
        text = lab.requests(session_id=terminal.session_id)[-1].text
        assert f"Work on part {number}." in text
        assert f"Work on part {1 - number}." not in text


def test_a_headless_run_is_never_held(client: ClientFactory) -> None:
    lab = enforced(client)
    first = lab.prompt(f"USAGE:{FULL}@@ one", "--model", MODEL)
    lab.prompt(HELD, "--model", MODEL, "--resume", first.session_id)
    assert prompts(lab)[-1] == HELD
