"""What is done for the index behind a session's end: new lines, and what earlier rules have masked.

After an update of Clearpoint other rules look for secrets. Whatever is shown is masked by today's
in any case; a file in which they find nothing more is noted as looked through by them, so that
showing it is fast again, and one in which they do is taken in anew.
"""

from __future__ import annotations

import os
import time

from clearpoint.history.transcripts import Found
from clearpoint.lowlevel.clock import DAY_S
from clearpoint.lowlevel.files import QuickLock
from clearpoint.redaction.rules import rules
from clearpoint.search.index import SUFFIXES
from clearpoint.search.reading import taken_from
from clearpoint.search.refresh import LOCK, LOCK_S, Whose, opened, refresh
from clearpoint.store.layout import EARLIER_INDEX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from clearpoint.search.index import Index, Source

UNUSED_DAYS = 30
"""An earlier version's index that nobody has written to for so long is deleted."""


def keep_up(own_folder: str, env: Mapping[str, str], within_s: float) -> None:
    """Bring the index up to date; what earlier rules have masked is looked through in time."""
    end = time.monotonic() + within_s
    index = opened(own_folder, env, whole=True)
    try:
        if not index.is_fixed and look_through(index, own_folder, end):
            refresh(index, own_folder, env, whole=True)
    finally:
        index.close()
    forget_earlier(own_folder, time.time())


def look_through(index: Index, own_folder: str, end: float) -> bool:
    """Look through files by today's rules; return whether one is to be taken in anew."""
    today, is_any = rules(), False
    with QuickLock(os.path.join(own_folder, LOCK), LOCK_S):
        masked = index.sources("WHERE masked_by != ? ORDER BY changed DESC", today)
        for source in masked.values():
            if time.monotonic() > end:
                break
            if is_as_masked(index, source):
                index.db.execute(
                    "UPDATE sources SET masked_by = ? WHERE id = ?", (today, source.id)
                )
            else:
                with index.db:
                    index.db.execute("BEGIN IMMEDIATE")
                    for one in index.sources("WHERE session = ?", source.session).values():
                        index.drop(one)  # the turns of a session go on over its archives
                is_any = True
    return is_any


def is_as_masked(index: Index, source: Source) -> bool:
    """Whether today's rules find no secret in a file beyond those that were found."""
    found = Found(source.path, source.session, source.size, source.changed)
    read = taken_from(found, Whose(source.project, source.key), None, {})
    rows = index.db.execute(
        "SELECT start, part, secret FROM passages WHERE source = ?", (source.id,)
    )
    known = {(start, part): secret for start, part, secret in rows}
    return read is not None and all(
        known.get((row.start, row.part), not row.secret) >= row.secret
        for row in read.rows
        if row.start < source.reached
    )


def forget_earlier(own_folder: str, now: float) -> None:
    """Delete the index of an earlier version that has not been used for long."""
    path = os.path.join(own_folder, EARLIER_INDEX)
    try:
        if now - os.stat(path).st_mtime < UNUSED_DAYS * DAY_S:
            return
    except FileNotFoundError:
        return
    for suffix in SUFFIXES:
        try:
            os.unlink(path + suffix)
        except FileNotFoundError:
            continue
