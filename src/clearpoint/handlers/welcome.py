"""What a user is told once: that Clearpoint is on, and what will happen."""

from __future__ import annotations

import os

from clearpoint.advice.catalogue import words_in
from clearpoint.client.events import attended
from clearpoint.lowlevel.files import make_folder, write_atomically
from clearpoint.store.layout import own_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from clearpoint.models.config import Config

MARK = "welcomed"


def first_words(
    env: Mapping[str, str], config: Config, *, name: Literal["welcome", "ready"] = "welcome"
) -> list[str]:
    """The welcome, for a user who is there and has not had it; nothing for any other."""
    if attended(env) is not True:
        return []
    try:
        folder = own_folder(env)
        path = os.path.join(folder, MARK)
        if os.path.exists(path):
            return []
        make_folder(folder)
        write_atomically(path, b"")
    except OSError:
        return []  # it could not be noted, and would be said at every start
    return [words_in(config["advice"]["language"], config)[name]]
