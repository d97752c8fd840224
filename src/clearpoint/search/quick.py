"""`clearpoint search` with usual options, as a process that has started before you look.

The libraries of the command line take four times as long as a search does. Whatever is unusual,
and whatever fails, is left to the whole command, which asks again and says what is wrong: nothing
is printed before all of the answer is there.
"""

from __future__ import annotations

import errno
import os
import sys
import time

from clearpoint.client import sanitize
from clearpoint.search import answer
from clearpoint.search.arguments import parsed
from clearpoint.search.find import Wanted, find
from clearpoint.search.passages import KINDS
from clearpoint.search.refresh import DAMAGE, used
from clearpoint.search.whole import NotFoundError, whole_turn
from clearpoint.session.find import SessionError, existing_folder, project_around
from clearpoint.store.layout import own_folder, state_root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from clearpoint.search.arguments import Asked


def run(args: Sequence[str], env: Mapping[str, str]) -> int | None:
    """Answer and return the exit code; None if the whole command must."""
    if os.name == "nt" or sys.stdout is None:  # there `*` and `~` in arguments are expanded first
        return None
    try:
        asked = parsed(args, time.time())
        text = answered(asked, env) if asked else None
    except (OSError, SessionError, NotFoundError, *DAMAGE):
        return None
    return None if text is None else said(text)


def answered(asked: Asked, env: Mapping[str, str]) -> str:
    """The whole answer; raises what the command tells of in words."""
    named = asked.project or env.get("CLAUDE_PROJECT_DIR")
    project = existing_folder(named) if named else project_around(os.getcwd(), env)
    key = "" if asked.everywhere else state_root(project, env)
    own = own_folder(env)
    if asked.opening:
        text = used(own, env, lambda index: whole_turn(index.db, asked.opening), answer.tell)
        return sanitize.lines(text)
    wanted = Wanted(
        " ".join(asked.words), key, asked.since, asked.file, asked.kinds or KINDS, asked.limit
    )
    found = used(own, env, lambda index: find(index, wanted, time.time()), answer.tell)
    return answer.told(found, env, as_json=asked.as_json)


def said(text: str) -> int:
    """Print the answer; return the exit code."""
    try:
        sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:  # a full disk, above all
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        why = "the disk is full" if error.errno == errno.ENOSPC else error.strerror
        sys.stderr.write(f"Error: the answer cannot be written: {why}\n")
        return 1
    return 0
