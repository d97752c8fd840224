"""Where the index is: in Clearpoint's own folder, beside the client's."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from clearpoint.client.settings import config_dir

if TYPE_CHECKING:
    from collections.abc import Mapping


def own_folder(env: Mapping[str, str]) -> str:
    """Clearpoint's own folder."""
    return os.path.join(config_dir(env), "clearpoint")
