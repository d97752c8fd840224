"""The tags of a project: names that stand for a text or a file."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from clearpoint.store import tags
from clearpoint.store.tags import TagError
from clearpoint.text import nearest

if TYPE_CHECKING:
    from clearpoint.models.state import Tag


CALL = re.compile(r"(?<![^\W_])(?<!@)@([A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+)(?![A-Za-z0-9]|-[A-Za-z0-9])")
"""A tag in a text; the same as `tags.found_in` finds."""


class Tags(Mapping[str, str]):
    """The tags of a project, each with the text it stands for.

    Names are capitals and digits joined by hyphens, as `CONFIG-001` or `API-SCHEMA`; an `@` before
    one is allowed everywhere.
    """

    __slots__ = ("_project", "_root")

    def __init__(self, root: str, project: str) -> None:
        self._root = root
        self._project = project

    def add(self, name: str, content: str | os.PathLike[str]) -> None:
        """Let a name stand for a text, or for a file if `content` is a `Path`.

        A relative path counts from the project, and the file is read again each time. Raises
        TagError for a name that no tag can have, and for a file that is not there.
        """
        name = _bare(name)
        tags.refuse_reserved(name)
        tags.add(self._root, name, self._tag_of(content))

    def _tag_of(self, content: str | os.PathLike[str]) -> Tag:
        if isinstance(content, str):
            return {"text": content, "path": None}
        if not isinstance(content, os.PathLike):
            raise TagError(f"a tag needs a string or a Path, not {content!r}")
        path = os.path.join(self._project, content)
        if not os.path.isfile(path):
            raise TagError(f"{path}: no such file; for a text, pass a string")
        inside = os.path.relpath(path, self._project)
        return {"text": None, "path": path if inside.startswith("..") else inside}

    def remove(self, name: str) -> None:
        """Forget a tag; a file that it stood for stays. Raises TagError for an unknown one."""
        tags.remove(self._root, self._known(name))

    def resolve(self, text: str) -> str:
        """The text with each `@NAME` in it replaced by what it stands for.

        A name alone gives what it stands for, and raises TagError if it is unknown; in a text an
        unknown name stays as it is.
        """
        if tags.is_name(_bare(text)):
            return self[text]
        known = set(tags.names(self._root))
        return CALL.sub(lambda call: self[call[1]] if call[1] in known else call[0], text)

    def __getitem__(self, name: str) -> str:
        """What a name stands for. Raises TagError."""
        tag = tags.read(self._root, self._known(name))
        try:
            tags.refuse_outside(tag, self._project)
            return tags.content(tag, self._project)
        except OSError as error:
            raise TagError(f"@{_bare(name)} stands for {tag['path']}: {error.strerror}") from None

    def __iter__(self) -> Iterator[str]:
        return iter([name for name in tags.names(self._root) if not tags.is_made(name)])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and _bare(name) in tags.names(self._root)

    def __repr__(self) -> str:
        return f"Tags({', '.join(self)})"

    def _known(self, name: str) -> str:
        """The name without its `@`; raises TagError with the nearest one if there is none."""
        bare, known = _bare(name), tags.names(self._root)
        if tags.is_name(bare) and bare not in known:
            said = nearest.hint(bare, known) or f"; available: {', '.join(self) or 'none yet'}"
            raise TagError(f"no tag {bare}{said}")
        return bare


def _bare(name: str) -> str:
    if not isinstance(name, str):
        raise TagError(f"a tag's name must be a string, not {name!r}")
    return name.strip().removeprefix("@")
