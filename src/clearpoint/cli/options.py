"""Which project and which session a command is about."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from clearpoint.session.find import (
    NewerStateError,
    NoSessionError,
    SessionError,
    existing_folder,
    open_store,
    project_around,
)
from clearpoint.store.layout import state_root

if TYPE_CHECKING:
    from pathlib import Path

    from clearpoint.api.session import Session
    from clearpoint.store.store import Store

Command = TypeVar("Command", bound=Callable[..., Any])

OWN_SESSION = "CLAUDE_CODE_SESSION_ID"
"""Names the session that a command runs in, where Claude itself runs it."""


@dataclass(frozen=True)
class Place:
    """A project, and the environment that the command was given."""

    project: str
    env: Mapping[str, str]

    @property
    def root(self) -> str:
        """The state folder."""
        return state_root(self.project, self.env)

    @property
    def store(self) -> Store:
        """What is in the state folder."""
        return open_store(self.project, self.env)

    @property
    def own_session(self) -> str | None:
        """The session that this command runs in, if it is one of this project."""
        own = self.env.get(OWN_SESSION)
        return own if own in self.store.newest_ids() else None


def find_place(_ctx: click.Context, _param: click.Parameter, named: str | None) -> Place:
    """The project that was named, or the one around the current folder."""
    env = dict(os.environ)
    own = env.get("CLAUDE_PROJECT_DIR")
    try:
        if named or own:
            return Place(existing_folder(named or own or ""), env)
    except SessionError as error:
        raise click.ClickException(str(error)) from None
    return Place(project_around(os.getcwd(), env), env)


def user_home() -> Path:
    """The user's home folder; one line for a user that has none."""
    from pathlib import Path

    try:
        return Path.home()
    except RuntimeError:  # neither a variable nor an entry of the system names one
        raise click.ClickException("cannot find your home folder; set HOME") from None


def known_sessions(ctx: click.Context, param: click.Parameter, beginning: str) -> list[str]:
    """The ids that begin like this, the newest first, for a shell that completes them."""
    named = ctx.params.get("place")
    place = named if isinstance(named, Place) else find_place(ctx, param, None)
    store = place.store
    known = [*store.newest_ids(), *store.unseen_ids()]
    return [one for one in known if one.startswith(beginning)]


project_option = click.option(
    "--project",
    "place",
    metavar="DIR",
    type=click.Path(),
    callback=find_place,
    help="Project directory (default: Claude Code's, else the nearest project root).",
)


def session_option_saying(help_text: str) -> Callable[[Command], Command]:
    """`--session`, where it means this."""
    return click.option(
        "--session", "session_id", metavar="ID", shell_complete=known_sessions, help=help_text
    )


session_option = session_option_saying("Session ID prefix (default: newest).")
json_option = click.option("--json", "as_json", is_flag=True, help="Output JSON.")


def examples(*lines: str) -> str:
    """The end of a command's help."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def open_session(place: Place, beginning: str | None = None) -> Session:
    """The session whose id begins like this, else the one we run in, else the newest."""
    from clearpoint.api.session import Session

    return Session.load(place.project, beginning or place.own_session, env=place.env)


def told(command: Command) -> Command:
    """Make a command report what a user can fix in one line, without a traceback."""

    @functools.wraps(command)
    def run(*args: Any, **given: Any) -> Any:
        place = given.get("place")
        try:
            return command(*args, **given)
        except NoSessionError as error:
            project = place.project if isinstance(place, Place) else os.getcwd()
            raise click.ClickException(
                f"{error}. Start Claude Code in {project}; if Clearpoint is not installed there,"
                " run clearpoint install first."
            ) from None
        except NewerStateError as error:
            raise click.ClickException(str(error)) from None
        except SessionError as error:
            raise click.ClickException(f"{error}. To see them all: clearpoint sessions") from None
        except fixable() as error:
            raise click.ClickException(str(error)) from None

    return run  # type: ignore[return-value]


def fixable() -> tuple[type[Exception], ...]:
    """The errors of which a user is told as they are; most commands need none of their modules."""
    from clearpoint.session.manual_edits import WorkError
    from clearpoint.store.checkpoints import CheckpointError
    from clearpoint.store.tags import TagError

    return CheckpointError, TagError, WorkError


def for_session(*, as_json: bool = False) -> Callable[[Command], Command]:
    """A command about one session: its project, its id, and errors that a user can act on."""
    return lambda command: project_option(session_option(_json(told(command), wanted=as_json)))


def for_project(*, as_json: bool = False) -> Callable[[Command], Command]:
    """A command about a project, with errors that a user can act on."""
    return lambda command: project_option(_json(told(command), wanted=as_json))


def _json(command: Command, *, wanted: bool) -> Command:
    return json_option(command) if wanted else command
