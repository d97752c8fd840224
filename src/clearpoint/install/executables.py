"""Where this installation's executables are, and whether they could be started."""

from __future__ import annotations

import os
import re
import sysconfig
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Literal

from clearpoint.install import registration as reg
from clearpoint.install.settings_file import SettingsError

WINDOWS = os.name == "nt"
WINDOWS_RUNNER = f"{reg.HOOK_RUNNER}.exe"

SHEBANG_LIMIT_BYTES = 255
"""Linux reads no more of a script's first line."""
HEAD_BYTES = 4096

_SHEBANG = re.compile(rb"#![ \t]*([^ \t]+)")
_ISOLATING = b'#!/bin/sh\n""":" # '
"""How our own hooks begin: the shell starts the interpreter that stands beside them."""
_SHELL_SHEBANG = re.compile(rb"#!/bin/sh\n'''exec' (\"[^\"]+\"|\S+)")
"""How installers write a console script whose interpreter's path is long or has spaces."""

State = Literal["ready", "missing", "not executable", "without its interpreter"]


def executables_dir(
    installed: Distribution | None = None,
    scripts: Path | None = None,
    *,
    windows: bool = WINDOWS,
) -> Path:
    """Return the folder that holds this installation's executables.

    The package's own record of installed files names it, whatever put them there (pip, `--user`,
    pipx, uv tool); the running interpreter's script folder stands in for a record that does not.
    """
    name = WINDOWS_RUNNER if windows else reg.HOOK_RUNNER
    try:
        recorded = (installed or distribution("clearpoint")).files or []
    except PackageNotFoundError:
        recorded = []
    for file in recorded:
        place = Path(os.path.normpath(Path(str(file.locate())).absolute()))
        if file.name == name and place.exists():
            return place.parent
    return scripts or Path(sysconfig.get_path("scripts"))


def runner_for(executables: Path, *, windows: bool = WINDOWS) -> str | None:
    """Return the one executable to register in place of scripts that cannot start here, if any.

    On Windows no script starts by its first line. Elsewhere the kernel ends the interpreter's path
    at a space and cuts a long one, and pip writes such paths into a wheel's scripts as they are;
    the console script beside them goes through the shell and starts.
    """
    if windows:
        return WINDOWS_RUNNER
    first = Path(reg.hook_command(reg.HOOKS[0].event, executables)[0])
    return reg.HOOK_RUNNER if executable_state(first) == "without its interpreter" else None


def refuse_broken(executables: Path, runner: str | None, *, statusline: bool) -> None:
    """Raise SettingsError for what could not be started, or a settings file cannot name."""
    try:
        str(executables).encode()
    except UnicodeEncodeError:
        raise SettingsError(
            f"{str(executables)!a}: the folder's name is not UTF-8, so the settings cannot name it."
            " Install clearpoint in another folder."
        ) from None
    programs = {reg.hook_command(hook.event, executables, runner)[0] for hook in reg.HOOKS}
    if statusline and not runner:
        programs.add(str(executables / "clearpoint-statusline"))
    for program in sorted(programs):
        state = executable_state(Path(program))
        if state != "ready":
            raise SettingsError(
                f"{executables}: {Path(program).name} is {state}, the installation is incomplete."
                " Nothing was changed; install Clearpoint again (in its checkout: make install)."
            )


def executable_state(path: Path) -> State:
    """Tell whether an executable could be started, without starting it."""
    if not path.is_file():
        return "missing"
    if not os.access(path, os.X_OK):
        return "not executable"
    interpreter = _interpreter(path)
    return "ready" if interpreter is None or interpreter.exists() else "without its interpreter"


def _interpreter(path: Path) -> Path | None:
    """Return the interpreter that a script's first lines name; None for a binary."""
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if head.startswith(_ISOLATING):
        beside, runner = path.parent / "python", path.parent / reg.HOOK_RUNNER
        return beside if beside.exists() or not runner.is_file() else _interpreter(runner)
    line = head.partition(b"\n")[0][:SHEBANG_LIMIT_BYTES]
    match = _SHELL_SHEBANG.match(head) or _SHEBANG.match(line)
    return Path(os.fsdecode(match[1].strip(b'"'))) if match else None
