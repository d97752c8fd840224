"""The streams that commands print to: other encodings, full disks."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO


def tolerate(stream: TextIO) -> None:
    """Have a stream show a replacement for what its encoding lacks, instead of failing."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")


def drop_unwritten(stream: TextIO) -> None:
    """Give up what a full disk does not take; Python would fail on it once more as it ends."""
    try:
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
