"""Where a project's sessions go: one small file per project in Clearpoint's own folder.

Never in the project, whose repository could then say where a user's sessions are sent to.
"""

from __future__ import annotations

import os
import re
import uuid
from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from clearpoint.lowlevel.files import is_content, make_folder, read_bytes, write_atomically
from clearpoint.store.checksummed import DamagedStateError, read_sealed, seal

if TYPE_CHECKING:
    from typing import Literal

    Kind = Literal["git", "postgres"]

REMOTES = "remotes"
MACHINE = "machine"
UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
USER_CHARS = 64


class Remote(TypedDict):
    """What a project's sessions are exchanged with."""

    kind: Kind
    url: str
    user: str
    """Whose sessions they are, as a name that a ref can hold."""
    recipients: list[str]
    """Public keys of `age` that snapshots are encrypted for; none: they are readable."""
    identity: str
    """The file of the private key that reads them."""


def path_of(own_folder: str, project_key: str) -> str:
    """The file that names a project's remote; the key is the name of its state folder."""
    return os.path.join(own_folder, REMOTES, f"{plain(project_key)}.json")


def read(own_folder: str, project_key: str) -> Remote | None:
    """A project's remote; None where there is none that can be read."""
    try:
        remote: Remote = read_sealed(path_of(own_folder, project_key))
    except (OSError, DamagedStateError):
        return None
    return remote


def write(own_folder: str, project_key: str, remote: Remote) -> None:
    """Write down a project's remote."""
    make_folder(os.path.join(own_folder, REMOTES))
    write_atomically(path_of(own_folder, project_key), seal({**remote}, 1))


def forget(own_folder: str, project_key: str) -> bool:
    """Forget a project's remote; tell whether there was one. What was sent stays there."""
    try:
        os.unlink(path_of(own_folder, project_key))
    except FileNotFoundError:
        return False
    return True


def machine(own_folder: str) -> str:
    """A name of this machine that says nothing of it: made by chance, and kept."""
    path = os.path.join(own_folder, MACHINE)
    try:
        return plain(read_bytes(path, USER_CHARS).decode().strip())
    except (OSError, UnicodeDecodeError):
        name = uuid.uuid4().hex[:8]
        make_folder(own_folder)
        write_atomically(path, name.encode())
        return name if is_content(path, name.encode()) else machine(own_folder)


def plain(name: str) -> str:
    """A name as a ref and a file can hold it: `ada-example-com` for `ada@example.com`."""
    return UNSAFE.sub("-", name).strip("-")[:USER_CHARS]
