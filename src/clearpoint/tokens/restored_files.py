"""What the client reads again after a compaction. Pure.

It attaches the files that were read or changed last, up to five, each only if it is small. Older
clients do not write that into the transcript; newer ones do, as the model sees it, once the session
goes on. The sizes come from the results that the client keeps beside a tool's answer, where the
entry still has them.
"""

from __future__ import annotations

from clearpoint.tokens.sizes import text_size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FILES_LIMIT = 5
PATH_CHARS = 4_096
FILE_LIMIT_TOKENS = 5_500
"""The client's limit of 5,000, as the models up to 4.6 count."""
LINE_TOKENS = 4
"""A line number and its arrow."""
OTHER_TOKENS = 1_000
"""Plans, to-do lists and reminders."""
UNKNOWN_TOKENS = 9_000
"""Where no file is known: the median of a few compactions."""


def note_file(files: dict[str, int], result: Any) -> None:
    """Take the file that a tool has read or written into the newest five, by path and tokens."""
    if not isinstance(result, dict):
        return
    part = result.get("file")
    found = part if isinstance(part, dict) else result
    path = found.get("filePath")
    content = found.get("content") or found.get("originalFile")
    if not isinstance(path, str) or len(path) > PATH_CHARS or not isinstance(content, str):
        return
    files.pop(path, None)
    files[path] = _whole_size(content, found)
    while len(files) > FILES_LIMIT:
        del files[next(iter(files))]


def reread_tokens(files: dict[str, int]) -> int:
    """Tokens that a compaction adds by reading these files again."""
    if not files:
        return UNKNOWN_TOKENS
    return OTHER_TOKENS + sum(size for size in files.values() if size <= FILE_LIMIT_TOKENS)


def _whole_size(content: str, found: dict[str, Any]) -> int:
    """The size of a whole file of which this is a part."""
    shown, total = found.get("numLines"), found.get("totalLines")
    share = 1.0
    if isinstance(shown, int) and isinstance(total, int) and total > shown > 0:
        share = total / shown
    return round((sum(text_size(content)) + content.count("\n") * LINE_TOKENS) * share)
