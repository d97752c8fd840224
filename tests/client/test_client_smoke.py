"""The real client does what the tests of this directory rely on, and the lab sees it."""

import pytest

from .answers import Control, ErrorRule, ToolCall
from .conftest import ClientFactory
from .namespace import inhabitants, network_of
from .record import Event
from .terminal import BOX_PROMPT

TOO_LONG = ErrorRule(
    when="huge",
    status=400,
    type="invalid_request_error",
    message="prompt is too long: 205000 tokens > 200000 maximum",
)
REFUSED_ONCE = ErrorRule(
    when="secret", status=403, type="permission_error", message="Not yours", times=1
)
"""Not one that the client asks again for: up to 2.1.304 that is every 529, later a 400."""


def context_tokens(event: Event) -> object:
    return event.payload.get("context_tokens")


def prompt_hook(output: str) -> dict[str, object]:
    hook = {"type": "command", "command": "/bin/echo", "args": [output]}
    return {"hooks": {"UserPromptSubmit": [{"hooks": [hook]}]}}


def test_a_headless_prompt_reaches_the_stub_and_its_reply_comes_back(client: ClientFactory) -> None:
    lab = client()
    lab.control(reply="Good day.")
    reply = lab.prompt("hello")
    (request,) = lab.requests(session_id=reply.session_id)
    assert (request.prompt, reply.text) == ("hello", "Good day.")


def test_a_headless_run_records_its_events_in_order(client: ClientFactory) -> None:
    lab = client()
    lab.prompt("hello")
    names = [event.name for event in lab.events()]
    assert names == ["SessionStart", "UserPromptSubmit", "Stop", "SessionEnd"]


@pytest.mark.parametrize(
    ("control", "prompt", "size"),
    [
        pytest.param(Control(), "hello", 21_035, id="default"),
        pytest.param(Control(), "USAGE:150000@@ hello", 150_000, id="marker"),
        pytest.param(Control(context_tokens=[90_000]), "hello", 90_000, id="list"),
        pytest.param(Control(usage={"output_tokens": 125}), "hello", 21_135, id="one-count"),
    ],
)
def test_a_resumed_session_reports_the_context_size_that_the_stub_gave(
    client: ClientFactory, control: Control, prompt: str, size: int
) -> None:
    lab = client()
    lab.control(**control)
    first = lab.prompt(prompt)
    lab.prompt("and on", "--resume", first.session_id)
    (resumed,) = lab.events("SessionStart", source="resume")
    assert (resumed.session_id, context_tokens(resumed)) == (first.session_id, size)


def test_sizes_of_a_list_are_used_one_per_answer(client: ClientFactory) -> None:
    lab = client()
    lab.control(context_tokens=[30_000, 60_000])
    session = lab.prompt("one").session_id
    for prompt in ("two", "three"):
        lab.prompt(prompt, "--resume", session)
    sizes = [context_tokens(event) for event in lab.events("SessionStart", source="resume")]
    assert sizes == [30_000, 60_000]


def test_a_fork_gets_a_new_session_with_the_same_context(client: ClientFactory) -> None:
    lab = client()
    first = lab.prompt("USAGE:70000@@ first")
    fork = lab.prompt("second", "--resume", first.session_id, "--fork-session")
    (forked,) = lab.events("SessionStart", source="fork")
    assert fork.session_id != first.session_id
    assert (forked.session_id, context_tokens(forked)) == (fork.session_id, 70_000)
    assert "first" in lab.requests(session_id=fork.session_id)[-1].text


def test_a_tool_marker_makes_the_client_call_the_tool(client: ClientFactory) -> None:
    lab = client()
    (lab.project / "note.txt").write_text("the text of the note\n")
    lab.prompt(f'TOOL:Read {{"file_path": "{lab.project}/note.txt"}}@@')
    seen = ["the text of the note" in request.text for request in lab.requests()]
    assert seen == [False, True]


def test_a_tool_script_runs_round_by_round(client: ClientFactory) -> None:
    lab = client()
    rounds = [[ToolCall(name="Bash", input={"command": f"echo is-$((40 + {n}))"})] for n in (1, 2)]
    lab.control(tools={"work": rounds})
    lab.prompt("please work")
    seen = [[number in request.text for number in ("is-41", "is-42")] for request in lab.requests()]
    assert seen == [[False, False], [True, False], [True, True]]


def test_an_error_rule_fails_the_prompts_it_names(client: ClientFactory) -> None:
    lab = client()
    lab.control(errors=[TOO_LONG])
    failed = [lab.prompt(text).result["is_error"] for text in ("a huge one", "a small one")]
    assert failed == [True, False]


def test_an_interactive_client_answers(client: ClientFactory) -> None:
    lab = client()
    terminal = lab.start()
    terminal.say("hello there")
    assert f"{BOX_PROMPT} hello there" in terminal.screen()
    assert "● Reply number 0." in terminal.screen()
    assert terminal.input_box() == ""
    names = [event.name for event in terminal.events()]
    assert names == ["SessionStart", "UserPromptSubmit", "Stop"]


def test_clear_begins_a_new_session_without_the_old_conversation(client: ClientFactory) -> None:
    lab = client()
    terminal = lab.start()
    terminal.say("before the clear")
    old = terminal.session_id
    terminal.command("/clear")
    assert "● Reply number 0." not in terminal.screen()
    terminal.say("after the clear")
    assert terminal.session_id != old
    assert "before the clear" not in lab.requests()[-1].text
    assert [event.session_id for event in terminal.events("SessionEnd", reason="clear")] == [old]


def test_compact_asks_for_a_summary_and_goes_on_with_it(client: ClientFactory) -> None:
    lab = client()
    terminal = lab.start()
    terminal.say("one")
    terminal.say("two")
    lab.control(summary="THE-SUMMARY")
    terminal.command("/compact keep the plan")
    assert "Compacted" in terminal.screen()
    (request,) = lab.requests("summary")
    assert "Additional Instructions:\nkeep the plan" in request.text
    terminal.say("three")
    assert "THE-SUMMARY" in lab.requests()[-1].text


def test_the_client_compacts_by_itself_when_the_context_is_full(client: ClientFactory) -> None:
    lab = client()
    terminal = lab.start("--model", "claude-sonnet-4-6")
    terminal.say("one")
    terminal.say("USAGE:170000@@ two")
    terminal.say("three")
    assert [event.payload["trigger"] for event in terminal.events("PreCompact")] == ["auto"]
    assert len(lab.requests("summary")) == 1


def test_esc_interrupts_a_slow_answer_and_the_client_goes_on(client: ClientFactory) -> None:
    lab = client()
    lab.control(reply="The first line.\n" * 40, slow_seconds=60)
    terminal = lab.start()
    terminal.submit("tell me")
    terminal.wait_for_text("● The first line.")
    terminal.interrupt()
    assert "Interrupted" in terminal.screen()
    lab.control()
    terminal.say("go on")
    names = [event.name for event in terminal.events()]
    assert names == ["SessionStart", "UserPromptSubmit", "UserPromptSubmit", "Stop"]


def test_an_api_error_ends_the_turn(client: ClientFactory) -> None:
    lab = client()
    lab.control(errors=[REFUSED_ONCE])
    terminal = lab.start()
    terminal.say("secret")
    terminal.say("secret still")
    names = [event.name for event in terminal.events()][1:]
    assert names == ["UserPromptSubmit", "StopFailure", "UserPromptSubmit", "Stop"]


def test_two_clients_side_by_side_in_one_project_stay_apart(client: ClientFactory) -> None:
    lab = client()
    left, right = lab.start(), lab.start()
    left.say("left prompt")
    right.say("right prompt")
    sides = [[one.prompt for one in lab.requests(session_id=t.session_id)] for t in (left, right)]
    assert sides == [["left prompt"], ["right prompt"]]
    assert left.pid != right.pid


def test_a_session_can_be_resumed_in_another_terminal(client: ClientFactory) -> None:
    lab = client()
    first = lab.start()
    first.say("USAGE:80000@@ remember me")
    first.stop()
    second = lab.start("--resume", first.session_id)
    second.say("do you?")
    (resumed,) = second.events("SessionStart", source="resume")
    assert (resumed.session_id, context_tokens(resumed)) == (first.session_id, 80_000)
    assert "remember me" in lab.requests()[-1].text


def test_hooks_of_the_project_run_beside_the_recorder(client: ClientFactory) -> None:
    lab = client(settings=prompt_hook("a line of context"))
    lab.prompt("hello")
    assert "a line of context" in lab.requests()[-1].text
    assert len(lab.events("UserPromptSubmit")) == 1


def test_a_prompt_that_a_hook_blocks_ends_its_turn(client: ClientFactory) -> None:
    lab = client(settings=prompt_hook('{"decision": "block", "reason": "not now"}'))
    terminal = lab.start()
    terminal.say("may I?")
    assert terminal.input_box() == ("may I?" if lab.puts_back else "")
    assert lab.requests() == []


def test_a_killed_client_says_no_goodbye(client: ClientFactory) -> None:
    lab = client()
    terminal = lab.start()
    terminal.say("hello")
    terminal.kill()
    assert terminal.events("SessionEnd") == []


def test_nothing_is_left_when_a_run_is_closed(client: ClientFactory) -> None:
    lab = client()
    terminal = lab.start()
    terminal.submit("SLOW:50@@ still talking")
    network = network_of(terminal.pid)
    assert inhabitants(network)
    lab.close()
    assert inhabitants(network) == []
