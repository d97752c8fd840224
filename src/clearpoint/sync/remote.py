"""Where a project's sessions go: one small file per project in Clearpoint's own folder.

Never in the project, whose repository could then say where a user's sessions are sent to.
"""

from __future__ import annotations

import hashlib
import os
import re
import uuid
from typing import Literal, NotRequired

from typing_extensions import TypedDict

from clearpoint.lowlevel.files import is_content, make_folder, read_bytes, write_atomically
from clearpoint.store.checksummed import DamagedStateError, read_sealed, seal

Kind = Literal["git", "postgres"]
REMOTES = "remotes"
MACHINE = "machine"
UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
USER_CHARS = 64
KEY_CHARS = 40
KINDS: tuple[Kind, ...] = ("git", "postgres")


class Remote(TypedDict):
    """What a project's sessions are exchanged with."""

    kind: Kind
    url: str
    project: str
    """What the project is called there, the same on every machine."""
    user: str
    """Whose sessions they are, as a name that a ref can hold."""
    recipients: list[str]
    """Public keys of `age` that snapshots are encrypted for; none: they are readable."""
    identity: str
    """The file of the private key that reads them."""
    asked: NotRequired[str]
    """The address, as git reads it, that strangers could not read when they were last asked for."""
    agreed: NotRequired[str]
    """The address that the user has agreed to, even if anyone can read it."""


def path_of(own_folder: str, project_key: str, kind: Kind) -> str:
    """The file that names a project's remote of a kind."""
    return os.path.join(own_folder, REMOTES, f"{project_key}.{kind}.json")


def read(own_folder: str, project_key: str, kind: Kind = "git") -> Remote | None:
    """A project's remote of a kind; None if there is none that can be read."""
    try:
        remote: Remote = read_sealed(path_of(own_folder, project_key, kind))
    except (OSError, DamagedStateError):
        return None
    return remote


def write(own_folder: str, project_key: str, remote: Remote) -> None:
    """Write down a project's remote."""
    make_folder(os.path.join(own_folder, REMOTES))
    write_atomically(path_of(own_folder, project_key, remote["kind"]), seal({**remote}, 1))


def forget(own_folder: str, project_key: str, kind: Kind) -> bool:
    """Forget a project's remote; tell whether there was one. What was sent stays there."""
    try:
        os.unlink(path_of(own_folder, project_key, kind))
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


def key_of(root: str) -> str:
    """What a project's remotes are kept under: readable, and its own by a hash of the path."""
    digest = hashlib.sha256(os.fsencode(root)).hexdigest()
    return f"{plain(os.path.basename(root))[:KEY_CHARS]}-{digest[:16]}"


def project_name(url: str, folder: str) -> str:
    """A project's name on every machine: that of its repository, else of its folder.

    `github.com/acme/shop` for `git@github.com:acme/shop.git`.
    """
    bare = re.sub(r"^\w+://", "", url).rpartition("@")[2].removesuffix("/").removesuffix(".git")
    return bare.replace(":", "/", 1) if bare else os.path.basename(folder)


def plain(name: str) -> str:
    """A name as a ref and a file can hold it: `ada-example-com` for `ada@example.com`."""
    return UNSAFE.sub("-", name).strip("-")[:USER_CHARS]
