"""A handler that does what the event tells it to: the other side of the door's tests."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from clearpoint.client.events import InputError
from clearpoint.lowlevel.files import QuickLock

if TYPE_CHECKING:
    from collections.abc import Callable

    from clearpoint.client.events import Event


def handle(event: Event) -> Any:
    """Do it."""
    return DEEDS[event.text("do") or "nothing"](event)


def echo(event: Event) -> Any:
    """Answer with a field of the payload."""
    return event.payload["answer"]


def fail(event: Event) -> Any:
    """Fail in a way that quotes the prompt."""
    raise ValueError(event.text("prompt"))


def refuse(_event: Event) -> Any:
    """Fail with a text of ours."""
    raise InputError("first line\nsecond \x1b[2J line")


def leave(_event: Event) -> Any:
    """Leave as a command line program does."""
    sys.exit(2)


def interrupt(_event: Event) -> Any:
    """Be interrupted from the keyboard."""
    raise KeyboardInterrupt


def recurse(event: Event) -> Any:
    """Never come back."""
    return recurse(event)


def open_missing(event: Event) -> Any:
    """Open what is not there."""
    return os.open(os.path.join(event.project_dir, "missing"), os.O_RDONLY)


def wait_for_lock(event: Event) -> Any:
    """Wait for a lock that somebody holds."""
    path = os.path.join(event.project_dir, "held.lock")
    with QuickLock(path, 0.01):
        return None


def chatter(_event: Event) -> Any:
    """Print, by every way there is."""
    print("stray")  # noqa: T201
    sys.stdout.write("stray")
    if sys.__stdout__ is not None:
        sys.__stdout__.write("stray")
    os.write(1, b"stray")
    os.system("echo stray")  # noqa: S605
    return {"said": "this alone"}


def nothing(_event: Event) -> Any:
    """Nothing."""
    return None


DEEDS: dict[str, Callable[[Event], Any]] = {
    deed.__name__: deed
    for deed in (echo, fail, refuse, leave, interrupt, recurse, open_missing, wait_for_lock,
                 chatter, nothing)
}  # fmt: skip
