"""Our slash commands, carried out by the hook itself: no request is made, no token spent.

`/clearpoint:decide Tokens live 15 minutes.` does what `clearpoint decide` does, for the session it
is typed in. What was typed reaches the command as one argument and never a shell. The client shows
what we answer and stops the turn; Claude reads both with the next prompt. Source: measured on
Claude Code 2.1.329, which in a command's own file puts arguments into shell lines as they are.
"""

from __future__ import annotations

import contextlib
import io
import os
from typing import TYPE_CHECKING

import click

from clearpoint import cli
from clearpoint.client import settings
from clearpoint.client.commands import COMMAND
from clearpoint.client.replies import ending
from clearpoint.install.commands import ANSWERED, is_foreign
from clearpoint.session.update import PROMPT_LOCK_S, PROMPT_S, update_for

if TYPE_CHECKING:
    from typing import Any

    from clearpoint.client.events import Event

OF_THE_PROJECT = ("search",)
"""The commands that are about no session."""
STEP_VERBS = ("add", "done", "list", "remove", "edit")
KEPT = ("decide", "issue", "note", "artifact")
CHANGES = ("--remove", "--edit")


def answer_command(event: Event) -> dict[str, Any] | None:
    """Carry out the command in the prompt; nothing for one that is not Clearpoint's."""
    name, text = parsed(event.text("prompt"))
    if name not in ANSWERED or is_anothers(event, name):
        return None
    catch_up(event, name)
    return ending(carried_out(name, text, event))


def parsed(prompt: str) -> tuple[str, str]:
    """The command's name and what was typed behind it, without quotes around the whole."""
    rest = prompt.removeprefix(COMMAND)
    name = rest.partition("\n")[0].partition(" ")[0]
    text = rest.removeprefix(name).strip()
    if len(text) > 1 and text[0] == text[-1] == '"' and '"' not in text[1:-1]:
        text = text[1:-1].strip()
    return name, text


def is_anothers(event: Event, name: str) -> bool:
    """Whether somebody else's file gives this command, in the project or in the client's folder."""
    folders = (os.path.join(event.project_dir, ".claude"), settings.config_dir(event.env))
    return any(folder and is_foreign(folder, name) for folder in folders)


def catch_up(event: Event, name: str) -> None:
    """Bring the state up to date, so that the command finds the session as it is now."""
    update = update_for(event)
    with update.store.lock(event.session_id, PROMPT_LOCK_S):
        state = update.load()
        if update.is_new:
            from clearpoint.lineage.takeover import repair

            repair(update, state, event)
        update.catch_up(state, PROMPT_S)
        update.judge(state, event)
        update.write(state)
        level = state["budget"]["level"]
        update.store.journal(event.session_id, "UserPromptSubmit", level=level, command=name)


def carried_out(name: str, text: str, event: Event) -> str:
    """What the command line prints when it is given the command; of an error its line alone."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        cli.main(arguments(name, text, event))
    said = click.unstyle(output.getvalue()).strip()
    return said.partition("\n")[0] if said.startswith("Error: ") else said


def arguments(name: str, text: str, event: Event) -> list[str]:
    """The command line's arguments; whatever was typed is one of them, and never an option."""
    words = [name]
    if name == "step":
        verb, _, rest = text.partition(" ")
        verb, text = (verb, rest.strip()) if verb in STEP_VERBS else ("add", text)
        words.append(verb)
        if verb == "edit":
            which, _, text = text.partition(" ")
            words.append(which)
    elif name in KEPT:
        words, text = changing(words, text)
    place = ["--project", event.project_dir]
    if name not in OF_THE_PROJECT:
        place += ["--session", event.session_id]
    return [*words, *place, *(["--", text] if text else [])]


def changing(words: list[str], text: str) -> tuple[list[str], str]:
    """The words and the text of a command that edits or removes what is kept, by a number."""
    verb, _, rest = text.partition(" ")
    which, _, said = rest.strip().partition(" ")
    if verb in CHANGES and which.isdigit():
        return [*words, verb, which], said.strip()
    if words == ["issue"] and verb == "done" and which.isdigit() and not said:
        return [*words, "--remove", which], ""
    return words, text
