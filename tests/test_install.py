"""Installing adds our entries to a settings file; uninstalling gives back the identical bytes."""

from __future__ import annotations

import json
import os
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearpoint.client.registered import kebab
from clearpoint.install import registering as subject
from clearpoint.install import registration as reg
from clearpoint.install.permissions import SEARCH_RULE, read_rule
from clearpoint.install.registering import Result, Scope
from clearpoint.install.settings_file import SettingsError, backup_path

EVENTS = ("SessionStart", "UserPromptSubmit", "Stop", "PreCompact", "SessionEnd", "PreToolUse",
          "SubagentStart", "SubagentStop")  # fmt: skip
FOREIGN_HOOK = '{"type": "command", "command": "echo \\u00e9", "timeout": 1.0}'
FOREIGN_STATUSLINE = '{ "command" : "~/mine.sh" }'


def venv(folder: Path, *, shebang: str = "#!/bin/sh") -> Path:
    """Make a folder with executables named as an installation names them."""
    folder.mkdir(parents=True, exist_ok=True)
    scripts = [f"clearpoint-{kebab(hook.event)}" for hook in reg.HOOKS]
    for name in [*scripts, "clearpoint-statusline"]:
        (folder / name).write_text(f"{shebang}\n")
    for name in ["clearpoint-hook", "clearpoint-hook.exe"]:
        (folder / name).write_text("")
    for executable in folder.iterdir():
        executable.chmod(0o755)
    return folder


posix_only = pytest.mark.skipif(os.name == "nt", reason="names and first lines of POSIX")


class Place:
    """A project, the client's folder and two installations, all in one temporary folder."""

    def __init__(self, root: Path) -> None:
        self.project = root / "project"
        self.project.mkdir()
        self.config_dir = root / "config"
        self.executables = venv(root / "venv" / "bin")
        self.moved = venv(root / "moved venv" / "bin")
        self.path = self.project / ".claude" / "settings.json"

    def write(self, text: str) -> None:
        """Write the project's settings to the byte."""
        self.path.parent.mkdir(exist_ok=True)
        self.path.write_bytes(text.encode())

    def install(
        self,
        *,
        scope: Scope = "project",
        executables: Path | None = None,
        statusline: bool = False,
        replace_statusline: bool = False,
        dry_run: bool = False,
    ) -> Result:
        """Install as on POSIX, into the project unless told otherwise."""
        return subject.install(
            scope,
            self.project,
            config_dir=self.config_dir,
            executables=executables or self.executables,
            statusline=statusline,
            replace_statusline=replace_statusline,
            dry_run=dry_run,
            windows=False,
        )

    def uninstall(self, *, scope: Scope = "project", dry_run: bool = False) -> Result:
        """Uninstall from the project unless told otherwise."""
        return subject.uninstall(scope, self.project, config_dir=self.config_dir, dry_run=dry_run)

    def files(self) -> dict[str, bytes]:
        """Return every file of the project with its content."""
        found = [path for path in self.project.rglob("*") if path.is_file()]
        return {str(path.relative_to(self.project)): path.read_bytes() for path in found}

    def refusal(self) -> str:
        """Return the message with which installing is refused."""
        with pytest.raises(SettingsError) as caught:
            self.install()
        return str(caught.value)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """One place for all examples of a property; each example makes its own settings."""
    return Place(tmp_path_factory.mktemp("shared"))


examples = settings(deadline=None, max_examples=40)

# Settings files as texts: raw literals keep what a parser would lose, and space goes anywhere.

raw_leaves = st.sampled_from(
    [
        "1.0",
        "1e3",
        "-0",
        "1E+40",
        "12345678901234567890123",
        "true",
        "null",
        '"\\u00e9"',
        '"é"',
        '"\\ud83d"',
        '"{\\"hooks\\": []}"',
        '"\u2028"',
        "[]",
        "{}",
    ]
) | st.text(max_size=5).map(json.dumps)
keys = st.text(max_size=3)
spaces = st.sampled_from(["", "", " ", "  ", "\n", "\r\n\t", "\n    "])


@st.composite
def layouts(draw: st.DrawFn) -> tuple[str | None, str, str]:
    """Draw newline with indentation unit (None: one line), comma and colon."""
    unit = draw(st.sampled_from([None, "", " ", "  ", "    ", "\t"]))
    return unit, draw(st.sampled_from([",", ", "])), draw(st.sampled_from([":", ": ", " : "]))


def objects(members: dict[str, str], depth: int = 0) -> st.SearchStrategy[str]:
    """Draw a JSON object with these members (values are JSON texts) in a regular layout."""
    return layouts().map(lambda layout: written(members, layout, depth))


def written(members: dict[str, str], layout: tuple[str | None, str, str], depth: int = 0) -> str:
    unit, comma, colon = layout
    items = [json.dumps(key, ensure_ascii=False) + colon + value for key, value in members.items()]
    if unit is None or not items:
        return "{" + comma.join(items) + "}"
    line = "\n" + unit * (depth + 1)
    return "{" + line + ("," + line).join(items) + "\n" + unit * depth + "}"


@st.composite
def loose_lists(draw: st.DrawFn, items: list[str]) -> str:
    """Draw a JSON list of these items with space anywhere."""
    spaced = [draw(spaces) + item + draw(spaces) for item in items]
    return "[" + (",".join(spaced) if spaced else draw(spaces)) + "]"


@st.composite
def loose_objects(draw: st.DrawFn, members: dict[str, str]) -> str:
    """Draw a JSON object with these members and space anywhere."""
    items = [
        draw(spaces) + json.dumps(key) + draw(spaces) + ":" + draw(spaces) + value + draw(spaces)
        for key, value in members.items()
    ]
    return "{" + (",".join(items) if items else draw(spaces)) + "}"


any_values = st.recursive(
    raw_leaves,
    lambda inner: (
        st.lists(inner, max_size=3).flatmap(loose_lists)
        | st.dictionaries(keys, inner, max_size=3).flatmap(loose_objects)
    ),
    max_leaves=5,
)
groups = (
    st.sampled_from([FOREIGN_HOOK, f'{{"hooks":[{FOREIGN_HOOK}]}}', '{"matcher":"*","hooks":[]}'])
    | any_values
)
event_names = st.sampled_from([*EVENTS, "PostToolUse", "Nonsense"])
hook_tables = st.dictionaries(
    event_names, st.lists(groups, max_size=3).flatmap(loose_lists), max_size=4
).flatmap(lambda members: objects(members, 1) | loose_objects(members))
rules = st.lists(st.sampled_from(['"Read(./docs/**)"', f'"{SEARCH_RULE}"', "5"]), max_size=3)
permissions = st.dictionaries(
    st.sampled_from(["allow", "deny"]), rules.flatmap(loose_lists), max_size=2
).flatmap(lambda members: objects(members, 1) | loose_objects(members))
documents = st.tuples(
    st.dictionaries(keys, any_values, max_size=3),
    st.dictionaries(st.just("hooks"), hook_tables),
    st.dictionaries(st.just("statusLine"), st.just(FOREIGN_STATUSLINE)),
    st.dictionaries(st.just("permissions"), permissions),
    st.dictionaries(keys, any_values, max_size=2),
).map(lambda parts: parts[0] | parts[1] | parts[2] | parts[3] | parts[4])
texts = st.builds(
    lambda mark, text, end: mark + text + end,
    st.sampled_from(["", "", "\ufeff"]),
    documents.flatmap(lambda members: objects(members) | loose_objects(members)),
    st.sampled_from(["\n", "", "\r\n", " \n\n"]),
) | st.sampled_from(["", "\n", "\ufeff"])


def rewritten(text: str, indent: int | None, added: dict[str, object]) -> str:
    """Return what another program leaves: parsed, with members added, and written again."""
    return json.dumps(json.loads(text) | added, indent=indent)


def plain(text: str) -> dict[str, object]:
    """Parse settings the plain way; a blank file holds none."""
    stripped = text.removeprefix("\ufeff")
    value: dict[str, object] = json.loads(stripped) if stripped.strip() else {}
    return value


def expected(text: str, place: Place) -> dict[str, object]:
    """Merge the plain way, as the oracle for the merge on text."""
    value = plain(text)
    hooks = value.setdefault("hooks", {})
    assert isinstance(hooks, dict)
    for hook in reg.HOOKS:
        entry = reg.hook_entry(hook, place.executables)
        hooks.setdefault(hook.event, []).append(reg.hook_group(hook.event, entry))
    allowed: Any = value.setdefault("permissions", {})
    rules = allowed.setdefault("allow", [])
    rules += [
        rule for rule in (read_rule(place.config_dir, None), SEARCH_RULE) if rule not in rules
    ]
    return value


@given(text=texts, statusline=st.booleans(), replace=st.booleans())
@examples
def test_uninstalling_gives_back_the_identical_bytes(
    shared: Place, text: str, *, statusline: bool, replace: bool
) -> None:
    shared.write(text)
    replace = replace or reg.other_statusline(text) is None

    installed = shared.install(statusline=statusline, replace_statusline=replace)
    removed = shared.uninstall()

    assert (installed.changed, removed.changed) == (True, True)
    assert shared.files() == {".claude/settings.json": text.encode()}


@given(text=texts)
@examples
def test_uninstalling_gives_back_the_identical_bytes_after_a_move_as_well(
    shared: Place, text: str
) -> None:
    shared.write(text)

    shared.install()
    shared.install(executables=shared.moved, statusline=True, replace_statusline=True)
    shared.install()
    shared.uninstall()

    assert shared.files() == {".claude/settings.json": text.encode()}


@given(text=texts)
@examples
def test_installing_means_what_a_plain_merge_means(shared: Place, text: str) -> None:
    shared.write(text)

    shared.install()
    merged = shared.path.read_text(encoding="utf-8")
    shared.uninstall()

    wanted = expected(text, shared)
    assert json.dumps(plain(merged)) == json.dumps(wanted)


@given(text=texts)
@examples
def test_a_second_install_changes_nothing(shared: Place, text: str) -> None:
    shared.write(text)

    shared.install()
    files = shared.files()
    again = shared.install()
    unchanged = shared.files() == files
    shared.uninstall()

    assert (again.changed, again.diff, again.events, unchanged) == (False, "", (), True)


@given(text=texts, indent=st.sampled_from([None, 0, 2, 4]))
@examples
def test_what_a_person_adds_in_between_stays(shared: Place, text: str, indent: int | None) -> None:
    added: dict[str, object] = {"permissions": {"allow": ["Bash(ls)"]}}
    shared.write(text)

    shared.install()
    now = shared.path.read_text(encoding="utf-8").removeprefix("\ufeff")
    shared.path.write_text(rewritten(now, indent, added), encoding="utf-8")
    shared.install(executables=shared.moved)
    shared.uninstall()
    left = shared.path.read_text(encoding="utf-8")
    shared.path.unlink()

    assert json.dumps(json.loads(left)) == json.dumps(plain(text) | added)


@pytest.mark.parametrize("scope", ["project", "local", "user"])
def test_a_file_that_install_made_is_gone_after_uninstall(place: Place, scope: Scope) -> None:
    place.install(scope=scope, statusline=True)
    place.uninstall(scope=scope)

    assert (place.files(), place.path.parent.exists(), place.config_dir.exists()) == (
        {},
        False,
        False,
    )


@pytest.mark.parametrize(
    ("scope", "file"),
    [
        ("project", "project/.claude/settings.json"),
        ("local", "project/.claude/settings.local.json"),
        ("user", "config/settings.json"),
    ],
)
def test_each_scope_has_its_file(place: Place, scope: Scope, file: str) -> None:
    result = place.install(scope=scope)

    assert result.path == place.project.parent / file
    assert [own.event for own in reg.own_hooks(result.path.read_text())] == list(EVENTS)


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        pytest.param({}, "/home/me/.claude", id="default"),
        pytest.param({"CLAUDE_CONFIG_DIR": ""}, "/home/me/.claude", id="empty"),
        pytest.param({"CLAUDE_CONFIG_DIR": "/else"}, "/else", id="set"),
    ],
)
def test_the_clients_folder_can_be_moved(environment: dict[str, str], wanted: str) -> None:
    found = subject.client_config_dir(environment, Path("/home/me"))

    assert found == Path(wanted).absolute()


def test_the_result_says_what_was_done(place: Place) -> None:
    place.write('{"model":"opus"}')

    result = place.install(statusline=True)

    assert (result.path, result.changed, result.backup, result.events) == (
        place.path,
        True,
        backup_path(place.path),
        (*EVENTS, "statusLine", "permissions"),
    )
    assert result.diff.startswith(f'--- {place.path}\n+++ {place.path}\n@@ -1 +1 @@\n-{{"model"')


def test_a_dry_run_shows_the_same_change_and_makes_none(place: Place) -> None:
    place.write("{}\n")

    dry = place.install(dry_run=True)
    untouched = place.files()
    wet = place.install()

    assert untouched == {".claude/settings.json": b"{}\n"}
    assert (dry.diff, dry.events, dry.backup) == (wet.diff, wet.events, None)


def test_a_dry_run_makes_no_folder(place: Place) -> None:
    result = place.install(dry_run=True)

    assert (result.changed, place.path.parent.exists()) == (True, False)
    assert result.diff.startswith("--- /dev/null\n")


def test_a_dry_uninstall_changes_nothing(place: Place) -> None:
    place.write("{}\n")
    place.install()
    files = place.files()

    dry = place.uninstall(dry_run=True)

    assert (dry.changed, dry.events, place.files()) == (True, (*EVENTS, "permissions"), files)


def test_only_the_events_that_changed_are_named(place: Place) -> None:
    place.install()
    settings_now = json.loads(place.path.read_text())
    del settings_now["hooks"]["Stop"]
    place.path.write_text(json.dumps(settings_now))

    assert place.install().events == ("Stop",)


def test_uninstalling_what_is_not_installed_changes_nothing(place: Place) -> None:
    place.write('{ "hooks": {"Stop": []} }')

    result = place.uninstall()

    assert (result.changed, result.diff, result.events) == (False, "", ())
    assert place.files() == {".claude/settings.json": b'{ "hooks": {"Stop": []} }'}


def test_uninstalling_without_a_file_changes_nothing(place: Place) -> None:
    assert place.uninstall() == Result(place.path, changed=False, diff="", backup=None, events=())


def test_uninstalling_works_without_the_backup(place: Place) -> None:
    place.write('{"model":"opus"}')
    backup = place.install().backup
    assert backup is not None
    backup.unlink()

    place.uninstall()

    assert place.files() == {".claude/settings.json": b'{"model":"opus"}'}


def test_uninstalling_works_when_the_environment_is_gone(place: Place) -> None:
    place.write("{}")
    place.install()
    shutil.rmtree(place.executables)

    place.uninstall()

    assert place.files() == {".claude/settings.json": b"{}"}


def test_the_backup_holds_the_settings_as_they_were(place: Place) -> None:
    place.write('{"a": 1.0}')

    backup = place.install().backup

    assert backup is not None
    assert backup.read_text() == '{"a": 1.0}'


def test_the_backup_follows_what_a_person_adds_and_never_holds_our_entries(place: Place) -> None:
    place.write('{"a": 1.0}')
    place.install()
    place.path.write_text(place.path.read_text().replace('{"a"', '{"new": "é", "a"', 1))

    backup = place.install(executables=place.moved).backup

    assert backup is not None
    assert backup.read_text() == '{"new": "é", "a": 1.0}'


def test_the_backup_stays_when_the_settings_were_changed_in_between(place: Place) -> None:
    place.write('{"precious": 1}')
    place.install()
    place.path.write_text(place.path.read_text().replace('"precious": 1, ', ""))

    backup = place.uninstall().backup

    assert backup is not None
    assert (place.path.read_text(), backup.read_text()) == ("{}", '{"precious": 1}')


def test_settings_that_were_deleted_do_not_come_back(place: Place) -> None:
    place.write(f'{{"statusLine": {FOREIGN_STATUSLINE}}}')
    place.install(statusline=True, replace_statusline=True)
    place.path.unlink()

    place.install(statusline=True)
    place.uninstall()

    assert list(place.files()) == [".claude/settings.json.clearpoint-backup.old"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param('{"a" 1}', ":1:6: not valid JSON", id="invalid"),
        pytest.param("[]", ":1:1: the settings must be an object, not a list", id="list"),
        pytest.param('{\n"hooks": []}', ':2:1: "hooks" must be an object, not a list', id="hooks"),
        pytest.param('{"hooks": null}', '"hooks" must be an object, not null', id="null-hooks"),
        pytest.param(
            '{"hooks": {"Stop": {}}}',
            ':1:12: "hooks.Stop" must be a list, not an object',
            id="event",
        ),
        pytest.param(
            '{"hooks": {"SessionEnd": "x"}}', "must be a list, not a string", id="event-string"
        ),
        pytest.param('{"a": 1, "a": 2}', ':1:10: the key "a" appears twice', id="key-twice"),
    ],
)
def test_settings_that_cannot_be_merged_are_refused_and_left_alone(
    place: Place, text: str, says: str
) -> None:
    place.write(text)

    message = place.refusal()

    assert says in message
    assert message.startswith(f"{place.path}:")
    assert "\n" not in message
    assert place.files() == {".claude/settings.json": text.encode()}


def test_a_strange_event_that_is_not_ours_is_left_alone(place: Place) -> None:
    place.write('{"hooks": {"Nonsense": 3}}')

    assert place.install().changed


def test_a_missing_project_is_refused(place: Place) -> None:
    place.project.rmdir()

    assert "no such folder" in place.refusal()


@pytest.mark.parametrize("name", ["clearpoint-session-start", "clearpoint-session-end"])
def test_a_missing_executable_is_refused_with_the_command_that_mends_it(
    place: Place, name: str
) -> None:
    (place.executables / name).unlink()

    assert place.refusal() == (
        f"{place.executables}: {name} is missing, the installation is incomplete. Nothing was"
        " changed; install Clearpoint again (in its checkout: make install)."
    )


def test_the_status_lines_executable_is_needed_for_the_status_line_only(place: Place) -> None:
    (place.executables / "clearpoint-statusline").unlink()

    assert place.install().changed
    with pytest.raises(SettingsError, match="clearpoint-statusline is missing"):
        place.install(statusline=True)


@posix_only
def test_a_folder_that_json_cannot_name_is_refused(place: Place) -> None:
    with pytest.raises(SettingsError, match="not UTF-8"):
        place.install(executables=Path(os.fsdecode(b"/venv\xff/bin")))


def statusline_of(path: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(path.read_text())["statusLine"]
    return value


def test_a_status_line_that_is_there_already_is_run_beside_ours_and_comes_back(
    place: Place,
) -> None:
    text = '{"statusLine": {"command" : "~/it\\u0027s mine.sh -x", "padding": 0, "type":"command"}}'
    place.write(text)

    place.install(statusline=True)
    beside = statusline_of(place.path)
    again = place.install(statusline=True)
    place.uninstall()

    ours = str(place.executables / "clearpoint-statusline")
    assert shlex.split(beside["command"]) == [ours, "--with", "~/it's mine.sh -x"]
    assert (beside["padding"], again.changed) == (0, False)
    assert place.files() == {".claude/settings.json": text.encode()}


def test_the_other_status_line_comes_back_without_a_backup_and_with_what_was_changed(
    place: Place,
) -> None:
    place.write('{"statusLine": {"type": "command", "command": "mine", "padding": 0}}')
    place.install(statusline=True)
    place.path.write_text(place.path.read_text().replace('"padding": 0', '"padding": 2'))
    backup_path(place.path).unlink()

    place.uninstall()

    wanted = {"type": "command", "command": "mine", "padding": 2}
    assert json.loads(place.path.read_text()) == {"statusLine": wanted}


def test_a_moved_environment_keeps_the_other_status_line(place: Place) -> None:
    place.write(f'{{"statusLine": {FOREIGN_STATUSLINE}}}')
    place.install(statusline=True)

    place.install(executables=place.moved)

    words = shlex.split(statusline_of(place.path)["command"])
    assert words == [str(place.moved / "clearpoint-statusline"), "--with", "~/mine.sh"]


def test_the_persons_own_status_line_is_run_beside_a_projects(place: Place) -> None:
    place.config_dir.mkdir()
    (place.config_dir / "settings.json").write_text(f'{{"statusLine": {FOREIGN_STATUSLINE}}}')

    place.install(statusline=True)
    words = shlex.split(statusline_of(place.path)["command"])
    place.uninstall()

    assert words[1:] == ["--with-inherited", "~/mine.sh"]
    assert place.files() == {}


def test_a_status_line_can_be_replaced_and_comes_back_too(place: Place) -> None:
    text = f'{{"statusLine": {FOREIGN_STATUSLINE}}}'
    place.write(text)

    place.install(replace_statusline=True, statusline=True)
    command = statusline_of(place.path)["command"]
    place.uninstall()

    assert command == str(place.executables / "clearpoint-statusline")
    assert place.files() == {".claude/settings.json": text.encode()}


def test_a_status_line_that_names_no_command_is_not_overwritten_unasked(place: Place) -> None:
    text = '{"model": "opus",\n "statusLine": {"type": "static"}}'
    place.write(text)

    with pytest.raises(SettingsError, match=r"json:2:2: the status line there has no comm"):
        place.install(statusline=True)

    assert place.files() == {".claude/settings.json": text.encode()}


def test_a_status_line_of_ours_follows_a_moved_environment_unasked(place: Place) -> None:
    place.install(statusline=True)

    result = place.install(executables=place.moved)

    own = reg.own_statusline(result.path.read_text())
    assert own is not None
    assert own.command.program == str(place.moved / "clearpoint-statusline")


def test_a_command_that_names_the_project_by_variable_stays(place: Place) -> None:
    place.install(executables=venv(place.project / ".venv" / "bin"))
    text = place.path.read_text().replace(str(place.project), "${CLAUDE_PROJECT_DIR}")
    place.path.write_text(text)

    again = place.install(executables=place.project / ".venv" / "bin")
    elsewhere = place.install()

    assert (again.changed, elsewhere.events) == (False, EVENTS)
    assert "CLAUDE_PROJECT_DIR" not in place.path.read_text()


@posix_only
@pytest.mark.parametrize(
    "spelled",
    [
        pytest.param("$CLAUDE_PROJECT_DIR/.venv/bin/", id="no braces"),
        pytest.param('"$CLAUDE_PROJECT_DIR"/.venv/bin/', id="quoted"),
        pytest.param("${CLAUDE_PROJECT_DIR:-.}/.venv/bin/", id="with a default"),
    ],
)
def test_a_variable_of_the_shell_form_becomes_one_that_the_exec_form_expands(
    place: Place, spelled: str
) -> None:
    folder = venv(place.project / ".venv" / "bin")
    place.install(executables=folder)
    text = json.loads(place.path.read_text())
    text["hooks"]["Stop"][0]["hooks"] = [{"command": f"{spelled}clearpoint-stop"}]
    place.path.write_text(json.dumps(text))

    place.install(executables=folder)

    assert json.loads(place.path.read_text())["hooks"]["Stop"][0]["hooks"] == [
        {
            "command": "${CLAUDE_PROJECT_DIR}/.venv/bin/clearpoint-stop",
            "type": "command",
            "args": [],
            "timeout": 10,
        }
    ]


def test_the_status_line_stays_when_a_person_has_put_another_in_its_place(place: Place) -> None:
    place.install(statusline=True)
    now = json.loads(place.path.read_text())
    place.path.write_text(json.dumps(now | {"statusLine": {"command": "mine"}}))

    place.uninstall()

    assert json.loads(place.path.read_text()) == {"statusLine": {"command": "mine"}}


@posix_only
def test_scripts_that_cannot_start_give_way_to_the_runner(place: Place) -> None:
    folder = venv(place.project / "my venv" / "bin", shebang=f"#!{place.project}/my venv/python")

    result = place.install(executables=folder, statusline=True)

    settings_now = json.loads(result.path.read_text())
    assert settings_now["hooks"]["Stop"][0]["hooks"][0] == {
        "type": "command",
        "command": str(folder / "clearpoint-hook"),
        "args": ["stop"],
        "timeout": 10,
    }
    assert settings_now["statusLine"]["command"] == f"'{folder}/clearpoint-hook' statusline"
    assert place.install(executables=folder).changed is False


def test_windows_gets_the_runner_with_the_event_as_argument(place: Place) -> None:
    scripts = venv(place.project / "Scripts")

    result = subject.install(
        "project",
        place.project,
        config_dir=place.config_dir,
        executables=scripts,
        statusline=True,
        windows=True,
    )

    settings_now = json.loads(result.path.read_text())
    assert settings_now["hooks"]["PreCompact"][0]["hooks"][0] == {
        "type": "command",
        "command": str(scripts / "clearpoint-hook.exe"),
        "args": ["pre-compact"],
        "timeout": 30,
    }
    assert place.uninstall().changed


@pytest.mark.parametrize(
    ("scope", "command"),
    [
        ("project", "clearpoint install --project '/a project'"),
        ("local", "clearpoint install --local"),
        ("user", "clearpoint install --user"),
    ],
)
@posix_only
def test_a_command_can_be_typed_as_it_is(scope: Scope, command: str) -> None:
    assert subject.command_for("install", scope, Path("/a project")) == command


@pytest.mark.parametrize(
    ("config_dir", "home", "rule"),
    [
        pytest.param("/home/me/.claude", "/home/me", "Read(~/.claude/clearpoint/**)", id="usual"),
        pytest.param("/home/me/.claude", None, "Read(//home/me/.claude/clearpoint/**)", id="none"),
        pytest.param("/c", "/home/me", "Read(//c/clearpoint/**)", id="elsewhere"),
    ],
)
def test_the_permission_names_our_folder_alone(
    config_dir: str, home: str | None, rule: str
) -> None:
    assert read_rule(Path(config_dir), Path(home) if home else None) == rule


@pytest.mark.parametrize("kept", ["read", "search", "both"])
def test_a_permission_that_was_there_before_stays(place: Place, kept: str) -> None:
    rules = {"read": read_rule(place.config_dir, None), "search": SEARCH_RULE}
    allowed = [rule for name, rule in rules.items() if kept in {name, "both"}]
    place.write(json.dumps({"permissions": {"allow": allowed}}))
    before = place.files()
    place.install()
    place.install()
    place.uninstall()
    assert place.files() == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param('{"permissions": 5}', '"permissions" must be an object', id="permissions"),
        pytest.param('{"permissions": {"allow": {}}}', '"permissions.allow" must be a', id="allow"),
    ],
)
def test_permissions_of_another_shape_are_left_alone(place: Place, text: str, said: str) -> None:
    place.write(text)
    assert said in place.refusal()
    assert place.path.read_text() == text


def test_search_is_allowed_once_beside_an_earlier_versions_permission(place: Place) -> None:
    place.install()
    text = place.path.read_text()
    place.path.write_text(text.replace(f'"{SEARCH_RULE}"', '"Bash(ls)"'))
    place.install()
    place.install()
    allowed = json.loads(place.path.read_text())["permissions"]["allow"]
    assert allowed == [read_rule(place.config_dir, None), "Bash(ls)", SEARCH_RULE]
