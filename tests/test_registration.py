"""Our entries: what they say, which ones are ours, and how they come and go."""

from __future__ import annotations

import json
from pathlib import PurePath, PurePosixPath, PureWindowsPath

import pytest

from clearpoint.install import registration as reg
from clearpoint.install.merging import merged, stripped

BIN = PurePosixPath("/venv/bin")
FOREIGN = {"hooks": [{"type": "command", "command": "echo done"}]}


def entry(command: str, **more: object) -> dict[str, object]:
    return {"type": "command", "command": command, **more}


def settings(event: str, *entries: object) -> str:
    return json.dumps({"hooks": {event: [{"hooks": list(entries)}]}})


def stop(folder: str) -> dict[str, object]:
    return reg.hook_entry(reg.Hook("Stop", 10), PurePosixPath(folder))


@pytest.mark.parametrize(
    ("hook", "executables", "runner", "wanted"),
    [
        pytest.param(
            reg.Hook("UserPromptSubmit", 5),
            BIN,
            None,
            entry("/venv/bin/clearpoint-user-prompt-submit", args=[], timeout=5),
            id="posix",
        ),
        pytest.param(
            reg.Hook("SessionEnd", 30, survives_exit=True),
            BIN,
            None,
            {**entry("/venv/bin/clearpoint-session-end", args=[], timeout=30), "async": True},
            id="posix-survives-exit",
        ),
        pytest.param(
            reg.Hook("Stop", 10),
            PurePosixPath("/my venv/bin"),
            "clearpoint-hook",
            entry("/my venv/bin/clearpoint-hook", args=["stop"], timeout=10),
            id="posix-runner",
        ),
        pytest.param(
            reg.Hook("Stop", 10),
            PureWindowsPath(r"C:\my venv\Scripts"),
            "clearpoint-hook.exe",
            entry(r"C:\my venv\Scripts\clearpoint-hook.exe", args=["stop"], timeout=10),
            id="windows",
        ),
    ],
)
def test_an_entry_names_the_executable_itself(
    hook: reg.Hook, executables: PurePath, runner: str | None, wanted: object
) -> None:
    assert reg.hook_entry(hook, executables, runner) == wanted


@pytest.mark.parametrize(
    ("executables", "runner", "command"),
    [
        pytest.param(BIN, None, "/venv/bin/clearpoint-statusline", id="posix"),
        pytest.param(
            PurePosixPath("/it's mine/bin"),
            None,
            "'/it'\"'\"'s mine/bin/clearpoint-statusline'",
            id="posix-quoted",
        ),
        pytest.param(
            PurePosixPath("/my venv/bin"),
            "clearpoint-hook",
            "'/my venv/bin/clearpoint-hook' statusline",
            id="posix-runner",
        ),
        pytest.param(
            PureWindowsPath(r"C:\venv\Scripts"),
            "clearpoint-hook.exe",
            "C:/venv/Scripts/clearpoint-hook.exe statusline",
            id="windows",
        ),
        pytest.param(
            PureWindowsPath(r"C:\my venv"),
            "clearpoint-hook.exe",
            "'C:/my venv/clearpoint-hook.exe' statusline",
            id="windows-quoted",
        ),
    ],
)
def test_the_status_line_is_quoted_for_the_shell_and_known_again(
    executables: PurePath, runner: str | None, command: str
) -> None:
    value = reg.statusline_entry(executables, runner)

    assert value == {"type": "command", "command": command}
    assert reg.own_statusline(json.dumps({"statusLine": value})) is not None


def test_every_registered_event_has_an_executable_named_after_it() -> None:
    assert {reg.hook_command(hook.event, BIN)[0] for hook in reg.HOOKS} == {
        "/venv/bin/clearpoint-session-start",
        "/venv/bin/clearpoint-user-prompt-submit",
        "/venv/bin/clearpoint-stop",
        "/venv/bin/clearpoint-pre-compact",
        "/venv/bin/clearpoint-session-end",
        "/venv/bin/clearpoint-pre-tool-use",
        "/venv/bin/clearpoint-subagent-start",
        "/venv/bin/clearpoint-subagent-stop",
    }


@pytest.mark.parametrize(
    "own",
    [
        pytest.param(entry("/gone/bin/clearpoint-stop", args=[]), id="exec-form"),
        pytest.param(entry("/with space/clearpoint-stop", args=[]), id="exec-form-with-space"),
        pytest.param(entry("clearpoint-stop"), id="bare-name"),
        pytest.param(entry("'/with space/clearpoint-stop'"), id="shell-form-quoted"),
        pytest.param(entry("${CLAUDE_PROJECT_DIR}/.venv/bin/clearpoint-stop"), id="variable"),
        pytest.param(entry(r"C:\v\Scripts\clearpoint-hook.exe", args=["stop"]), id="windows"),
        pytest.param(entry(r"C:\v\Scripts\Clearpoint-Stop.EXE", args=[]), id="windows-any-case"),
        pytest.param(entry("/bin/clearpoint-session-start", args=[]), id="of-another-event"),
        pytest.param({"command": "/bin/clearpoint-stop", "mine": 1}, id="edited"),
    ],
)
def test_an_entry_is_ours_by_its_executables_name(own: dict[str, object]) -> None:
    assert [found.pointer for found in reg.own_hooks(settings("Stop", own))] == [
        ("hooks", "Stop", 0, "hooks", 0)
    ]


def test_an_event_of_a_later_release_is_ours_too() -> None:
    text = settings("PostCompact", entry("/bin/clearpoint-post-compact", args=[]))

    assert [found.event for found in reg.own_hooks(text)] == ["PostCompact"]


@pytest.mark.parametrize(
    "foreign",
    [
        pytest.param(entry("echo /bin/clearpoint-stop"), id="an-argument-of-another"),
        pytest.param(entry("/bin/clearpoint-stop && ./mine.sh"), id="with-something-after-it"),
        pytest.param(entry("/bin/clearpoint-notify", args=[]), id="another-name"),
        pytest.param(entry("/bin/clearpoint-stop.sh", args=[]), id="a-wrapper"),
        pytest.param(entry("/bin/clearpoint-stop/run", args=[]), id="a-folder-of-our-name"),
        pytest.param(entry("clearpoint-stop 'unbalanced"), id="unbalanced-quote"),
        pytest.param(entry("clearpoint status"), id="the-command-line"),
        pytest.param(entry(""), id="empty"),
        pytest.param({"type": "prompt", "prompt": "clearpoint-stop"}, id="a-prompt"),
        pytest.param({"command": ["clearpoint-stop"]}, id="not-a-string"),
        pytest.param("clearpoint-stop", id="not-an-object"),
        pytest.param(None, id="null"),
    ],
)
def test_an_entry_of_another_name_is_not_ours(foreign: object) -> None:
    assert reg.own_hooks(settings("Stop", foreign)) == []


@pytest.mark.parametrize(
    "hooks", [[], "x", {"Stop": {}}, {"Stop": [1, {}, {"hooks": {}}, {"hooks": None}]}]
)
def test_hooks_of_a_strange_shape_are_not_ours(hooks: object) -> None:
    assert reg.own_hooks(json.dumps({"hooks": hooks})) == []


@pytest.mark.parametrize(
    ("value", "ours"),
    [
        pytest.param(entry("/bin/clearpoint-statusline"), True, id="ours"),
        pytest.param(entry("/bin/clearpoint-statusline", padding=0), True, id="edited"),
        pytest.param(entry("/bin/clearpoint-stop"), False, id="a-hook-of-ours"),
        pytest.param(entry("~/mine.sh"), False, id="another"),
        pytest.param(entry("clearpoint-statusline | tr a b"), False, id="in-a-pipe"),
        pytest.param(None, False, id="null"),
    ],
)
def test_a_status_line_is_ours_by_its_executables_name(value: object, *, ours: bool) -> None:
    assert (reg.own_statusline(json.dumps({"statusLine": value})) is not None) is ours


@pytest.mark.parametrize("text", [None, "", " \n", "\ufeff"])
def test_no_settings_become_ours_in_two_spaces(text: str | None) -> None:
    assert merged(text, None, {"Stop": stop("/venv/bin")}, None) == (
        """\
{
  "hooks": {
    "Stop": [
      {
        "hooks": [
          {
            "type": "command",
            "command": "/venv/bin/clearpoint-stop",
            "args": [],
            "timeout": 10
          }
        ]
      }
    ]
  }
}
"""
    )


def test_other_hooks_of_the_same_event_come_first_and_stay() -> None:
    text = json.dumps({"hooks": {"Stop": [FOREIGN]}, "model": "opus"})

    assert json.loads(merged(text, text, {"Stop": stop("/venv/bin")}, None)) == {
        "hooks": {"Stop": [FOREIGN, {"hooks": [stop("/venv/bin")]}]},
        "model": "opus",
    }


def test_an_entry_of_a_moved_environment_is_brought_up_to_date_where_it_stands() -> None:
    old = {"statusMessage": "é", **stop("/old/bin"), "timeout": 99}
    text = settings("Stop", FOREIGN["hooks"][0], old)

    assert merged(text, None, {"Stop": stop("/new/bin")}, None) == settings(
        "Stop", FOREIGN["hooks"][0], {**old, **stop("/new/bin")}
    )


def test_a_shell_form_becomes_the_exec_form() -> None:
    text = settings("Stop", entry("/old/bin/clearpoint-stop"))

    assert json.loads(merged(text, None, {"Stop": stop("/venv/bin")}, None)) == json.loads(
        settings("Stop", stop("/venv/bin"))
    )


def test_a_second_entry_of_ours_goes() -> None:
    text = settings("Stop", stop("/old/bin"), FOREIGN["hooks"][0], stop("/older/bin"))

    assert merged(text, None, {"Stop": stop("/venv/bin")}, None) == settings(
        "Stop", stop("/venv/bin"), FOREIGN["hooks"][0]
    )


@pytest.mark.parametrize(
    ("before", "left"),
    [
        pytest.param(None, {}, id="made-by-us"),
        pytest.param('{"hooks": {"SubagentStop": []}}', {"SubagentStop": []}, id="there-before"),
    ],
)
def test_an_entry_for_an_event_that_is_no_more_ours_goes(
    before: str | None, left: dict[str, object]
) -> None:
    text = settings("SubagentStop", entry("/bin/clearpoint-subagent-stop", args=[]))

    assert json.loads(merged(text, before, {"Stop": stop("/venv/bin")}, None)) == {
        "hooks": {**left, "Stop": [{"hooks": [stop("/venv/bin")]}]}
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(None, None, id="no-file"),
        pytest.param("", "", id="empty-file"),
        pytest.param("{ }", "{ }", id="empty-object"),
        pytest.param('{"hooks":{ }}', '{"hooks":{ }}', id="empty-hooks"),
        pytest.param('{"hooks":{"Stop":[\n]}}', '{"hooks":{"Stop":[\n]}}', id="empty-event"),
        pytest.param('{"hooks":{"Stop":[1]}}', '{"hooks":{"Stop":[]}}', id="emptied-since"),
        pytest.param('{"hooks":{"PreCompact":[]}}', '{"hooks":{}}', id="removed-since"),
        pytest.param('{"model":1}', "{}", id="top-level-emptied-since"),
        pytest.param('{"hooks":[]}', '{"hooks":{}}', id="another-shape-since"),
    ],
)
def test_containers_stay_if_they_were_there_before(before: str | None, after: str | None) -> None:
    now = '{"hooks":{"Stop":[{"hooks":[{"command":"/bin/clearpoint-stop","args":[]}]}]}}'

    assert stripped(now, before) == after


def test_a_group_that_held_only_our_entry_goes_with_it() -> None:
    group = {"matcher": "added later", "hooks": [stop("/venv/bin")]}
    text = json.dumps({"hooks": {"Stop": [FOREIGN, group]}})

    assert stripped(text, None) == json.dumps({"hooks": {"Stop": [FOREIGN]}})


def test_a_group_that_holds_others_too_stays() -> None:
    text = settings("Stop", stop("/venv/bin"), FOREIGN["hooks"][0])

    assert stripped(text, None) == settings("Stop", FOREIGN["hooks"][0])


def test_text_without_our_entries_is_left_alone() -> None:
    text = '{ "hooks": {"Stop": [ ]} , "statusLine": {"command":"mine"} }'

    assert stripped(text, None) == text


def test_a_replaced_status_line_comes_back_as_it_was_written() -> None:
    before = '{"statusLine" : { "command":"mine", "padding":1.0 } }'
    ours = reg.statusline_entry(BIN)

    assert stripped(merged(before, None, {}, ours), before) == before
