"""The size of pictures and documents in tokens: by their pixels and pages, never as text. Pure.

Whatever holds base64 is measured by what it encodes. The client keeps such data in blocks
(`source.data`) and in its own records of a file (`file.base64`), nested as it happens.
"""

from __future__ import annotations

from clearpoint.tokens.sizes import image_size, text_size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PAGE_TOKENS = 2_250
"""A page of a PDF, as text and as a picture: the API's documentation says 1,500 to 3,000."""
PAGES_LIMIT = 600
"""The API takes no more."""
PAGE_BYTES = 50_000
"""The size of a page where none can be read: a guess, for encrypted and damaged files."""
PDF_HEAD = "JVBERi"
"""`%PDF-`, in base64."""
ENCODED_LIMIT = 48 << 20
INFLATED_LIMIT = 16 << 20
DEPTH_LIMIT = 8


def media_size(part: Any) -> float:
    """The size of a picture or document: a block, its source, or the client's record of a file.

    One whose data is not there counts as one picture or one page.
    """
    if not isinstance(part, dict):
        return image_size(None)
    source = part.get("source") or part.get("file") or part
    if part.get("type") in ("document", "pdf"):
        return document_tokens(source)
    data = encoded_in(source)
    return document_tokens(source) if data.startswith(PDF_HEAD) else image_size({"data": data})


def is_media(part: dict[str, Any]) -> bool:
    """Whether an object of the transcript is a picture or a document, by its kind or its data."""
    return part.get("type") in ("image", "document", "pdf") or bool(encoded_in(part))


def document_tokens(source: Any, depth: int = DEPTH_LIMIT) -> float:
    """The size of a document block's source: pages of a PDF, or a text, or a list of blocks."""
    if not isinstance(source, dict) or not depth:
        return PAGE_TOKENS
    if source.get("type") == "text" and isinstance(text := source.get("data"), str):
        return sum(text_size(text))
    if isinstance(content := source.get("content"), str):
        return sum(text_size(content))
    if isinstance(content, list):
        return sum(_block_size(block, depth - 1) for block in content if isinstance(block, dict))
    data = encoded_in(source)
    return PAGE_TOKENS * page_count(data) if data else PAGE_TOKENS


def _block_size(block: dict[str, Any], depth: int) -> float:
    if isinstance(text := block.get("text"), str):
        return sum(text_size(text))
    if block.get("type") == "document":
        return document_tokens(block.get("source"), depth)
    return media_size(block)


def encoded_in(part: Any) -> str:
    """The base64 that an object holds itself, empty if it holds none."""
    if not isinstance(part, dict):
        return ""
    data = part.get("base64")
    if not isinstance(data, str) and (part.get("type") == "base64" or "media_type" in part):
        data = part.get("data")
    return data if isinstance(data, str) else ""


def page_count(data: str) -> int:
    """How many pages a PDF in base64 has; by its size if it does not show them."""
    from binascii import Error, a2b_base64

    if len(data) > ENCODED_LIMIT:
        return PAGES_LIMIT
    try:
        raw = a2b_base64(data)
    except (Error, ValueError):
        return 1
    found = _pages_in(raw) + sum(map(_pages_in, _object_streams(raw)))
    return min(PAGES_LIMIT, found or 1 + len(raw) // PAGE_BYTES)


def _pages_in(raw: bytes) -> int:
    """The page objects that are written out here."""
    import re

    return len(re.findall(rb"/Type\s{0,8}/Page(?![A-Za-z])", raw))


def _object_streams(raw: bytes) -> list[bytes]:
    """The compressed objects of a PDF, unpacked: since version 1.5 its pages can be there."""
    import zlib

    found: list[bytes] = []
    place, room = raw.find(b"/ObjStm"), INFLATED_LIMIT
    while place >= 0 and room > 0:
        start = raw.find(b"stream", place + len(b"/ObjStm"))
        if start < 0:
            break
        start += len(b"stream")
        start += 2 if raw[start : start + 2] == b"\r\n" else 1
        try:
            inflated = zlib.decompressobj().decompress(memoryview(raw)[start:], room)
        except zlib.error:
            inflated = b""
        found.append(inflated)
        room -= len(inflated)
        place = raw.find(b"/ObjStm", start)
    return found
