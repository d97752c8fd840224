"""The command line: `clearpoint COMMAND`.

Exit code 0 is fine; 1 is a problem, told in one line on standard error, or by `doctor` in its
report. Never 2, which the client takes for a refusal where a command runs as a hook.
"""

from __future__ import annotations

import errno
import os
import sys
from importlib import import_module

import click

from clearpoint import __version__
from clearpoint.cli.streams import drop_unwritten, tolerate
from clearpoint.text.nearest import nearest

COMMANDS = {
    "status": "status",
    "sessions": "sessions",
    "show": "sessions",
    "reload": "sessions",
    "search": "search",
    "timeline": "timeline",
    "report": "report",
    "replay": "replay",
    "simulate": "simulate",
    "checkpoint": "checkpoints",
    "restore": "checkpoints",
    "continue": "continue_session",
    "fork": "fork_and_diff",
    "diff": "fork_and_diff",
    "tag": "tag",
    "allow": "allow",
    "snooze": "snooze",
    "autopilot": "autopilot",
    "diet": "diet",
    "spec": "set_by_hand",
    "phase": "set_by_hand",
    "step": "set_by_hand",
    "decide": "set_by_hand",
    "issue": "set_by_hand",
    "note": "set_by_hand",
    "artifact": "set_by_hand",
    "unset": "set_by_hand",
    "handoff": "handoff",
    "statusline": "statusline",
    "install": "install",
    "uninstall": "install",
    "demo": "demo",
    "doctor": "doctor",
    "usage": "usage",
    "keep": "keep",
    "remote": "remote",
    "push": "exchange",
    "pull": "exchange",
    "path": "path",
    "gc": "gc",
    "config": "config",
    "completion": "completion",
}
"""Each command's module, which is imported when the command is asked for."""
RENAMED = {"continue": "continue_session"}
"""The functions of commands whose names mean something to Python."""

GROUPS = {
    "Inspect": (
        "status",
        "sessions",
        "show",
        "search",
        "usage",
        "timeline",
        "report",
        "reload",
        "replay",
        "simulate",
        "demo",
    ),
    "Handoffs": ("handoff",),
    "Save and restore": (
        "keep",
        "checkpoint",
        "restore",
        "continue",
        "fork",
        "diff",
    ),
    "Other machines": ("remote", "push", "pull"),
    "Edit work state": (
        "spec",
        "phase",
        "step",
        "decide",
        "issue",
        "note",
        "artifact",
        "tag",
        "unset",
    ),
    "Setup": (
        "install",
        "uninstall",
        "statusline",
        "snooze",
        "allow",
        "autopilot",
        "diet",
        "config",
        "doctor",
        "path",
        "gc",
        "completion",
    ),
}


class Commands(click.Group):
    """The commands by name, each loaded late, listed by what they are for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of this name, None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"clearpoint.cli.{COMMANDS[cmd_name]}")
        command = getattr(module, RENAMED.get(cmd_name, cmd_name))
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant; raises UsageError with the nearest one otherwise."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = nearest(args[0], COMMANDS)
            hint = f"did you mean clearpoint {near}?" if near else "see clearpoint --help"
            raise click.UsageError(f"unknown command {args[0]!r}; {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands in the help, by group."""
        for title, names in GROUPS.items():
            rows = []
            for name in names:
                command = self.get_command(ctx, name)
                rows.append((name, command.get_short_help_str(66) if command else ""))
            with formatter.section(title):
                formatter.write_dl(rows)


EXAMPLES = """\b
Examples:
  clearpoint install                    add hooks and status line to this project
  clearpoint status                     context usage and current work
  clearpoint reload                     what /clear would carry over
  clearpoint decide "Tokens live 15 minutes."
  clearpoint replay TRANSCRIPT.jsonl    what Clearpoint would have said"""


@click.group(
    cls=Commands,
    epilog=EXAMPLES,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="clearpoint")
@click.pass_context
def program(ctx: click.Context) -> None:
    """Context and session management for Claude Code.

    Shows how full a session's context is, tells you when to /clear, and carries your work over.
    The project is --project, else Claude Code's current one (CLAUDE_PROJECT_DIR), else the nearest
    parent folder with .clearpoint, .claude or .git.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


NO_ARGUMENTS = "NoArgsIsHelpError"
"""What click since 8.2 raises for a group that is given no command."""
ODD = (AttributeError, IndexError, KeyError, RecursionError, TypeError)
"""What a state raises that somebody else wrote, checksum and all."""


def commands() -> tuple[str, ...]:
    """The names of the commands."""
    return tuple(COMMANDS)


def main(args: list[str] | None = None) -> int:
    """Run one command; return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        tolerate(stream)
    try:
        code = program.main(args, prog_name="clearpoint", standalone_mode=False)
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except click.UsageError as error:
        if type(error).__name__ == NO_ARGUMENTS and error.ctx:  # a group alone asks for its help
            click.echo(error.ctx.get_help())
            return 0
        click.echo(f"Error: {in_words(error)}", err=True)
        return 1
    except (click.Abort, click.ClickException, OSError) as error:
        click.echo(f"Error: {in_words(error)}", err=True)
        drop_unwritten(sys.stdout)
        return 1
    except ODD as error:
        click.echo(f"Error: {of_odd_form(error)}", err=True)
        return 1
    return code if isinstance(code, int) else 0


def of_odd_form(error: Exception) -> str:
    """A value of a type that we never write, in one line that says where it was met."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = (
        f"{os.path.basename(place.tb_frame.f_code.co_filename)}:{place.tb_lineno}" if place else "?"
    )
    return (
        f"a state file has an unexpected form ({type(error).__name__} at {where})."
        " `clearpoint gc --dry-run` lists the files; move the session's folder away to start over"
    )


def in_words(error: Exception) -> str:
    """An error in one line, with the command whose help tells more where the usage was wrong."""
    if isinstance(error, FileNotFoundError) and not error.filename:
        return "the working folder is gone. Go to another (cd), or give one: --project FOLDER"
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return f"the disk is full: {error.filename or 'nothing was changed'}. Free some space first"
    if isinstance(error, OSError):
        named = error.strerror and error.filename
        return f"{error.strerror}: {error.filename}" if named else str(error)
    if not isinstance(error, click.ClickException):
        return "interrupted"
    if isinstance(error, click.MissingParameter) and isinstance(error.param, click.Argument):
        return without_argument(error)
    text = " ".join(error.format_message().split())
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    end = "" if text.endswith((".", "?")) else "."
    return f"{text}{end} See: {ctx.command_path} --help" if ctx and ctx.parent else text


def without_argument(error: click.MissingParameter) -> str:
    """A missing argument, in one line, and the command's help."""
    text = " ".join(error.format_message().split()).partition(" Choose from:")[0]
    return f"{text}\n\n{error.ctx.get_help()}" if error.ctx else text
