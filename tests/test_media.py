"""Pictures count by their pixels and documents by their pages, however they are nested."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

import pytest
from made import answer, entry, prompt, result, used_after

from clearpoint.tokens import usage
from clearpoint.tokens.documents import PAGE_TOKENS, media_size, page_count
from clearpoint.tokens.sizes import IMAGE_TOKENS, image_size

NOISE = bytes(range(256)) * 2_000


def encoded(data: bytes) -> str:
    """In base64, as the transcript holds it."""
    return base64.b64encode(data).decode()


def png(width: int, height: int) -> str:
    """The head of a PNG of this size, with much behind it."""
    return encoded(b"\x89PNG\r\n\x1a\n" + bytes(8) + struct.pack(">II", width, height) + NOISE)


def webp(kind: bytes, rest: bytes) -> str:
    """The head of a WebP."""
    return encoded(b"RIFF" + bytes(4) + b"WEBP" + kind + bytes(4) + rest + NOISE)


def pdf(pages: int, *, packed: bool = False) -> str:
    """A PDF with this many pages; from version 1.5 on they can be packed."""
    page = b"%d 0 obj <</Type%s/Page /Parent 1 0 R>> endobj\n"
    objects = b"".join(page % (number, b" " * (number % 2)) for number in range(pages))
    tree = b"1 0 obj <</Type /Pages /Count %d>> endobj\n" % pages
    if packed:
        objects = (
            b"9 0 obj <</Type /ObjStm /N 3 /Length 9>>\nstream\r\n"
            + zlib.compress(objects)
            + b"\nendstream endobj\n"
        )
    return encoded(b"%PDF-1.7\n" + tree + objects + b"%%EOF")


def source(data: str, kind: str = "image/png") -> dict[str, Any]:
    """A block's source."""
    return {"type": "base64", "media_type": kind, "data": data}


SHOT = {"type": "image", "source": source(png(750, 400))}
READ_IMAGE = {"type": "image", "file": {"base64": png(750, 400), "type": "image/png"}}


@pytest.mark.parametrize(
    "attachment",
    [
        pytest.param({"type": "queued_command", "prompt": [{"type": "text", "text": "this"}, SHOT]},
                     id="typed while Claude works"),
        pytest.param({"type": "file", "filename": "/p/a.png", "content": READ_IMAGE}, id="a file"),
        pytest.param({"type": "x", "content": [{"type": "tool_result", "content": [SHOT]}]},
                     id="nested"),
        pytest.param({"type": "x", "content": {"content": {"content": [READ_IMAGE]}}}, id="deep"),
        pytest.param({"type": "x", "prompt": {"source": source(png(750, 400))}}, id="bare"),
    ],
)  # fmt: skip
def test_a_picture_in_an_attachment_counts_by_its_pixels(attachment: dict[str, Any]) -> None:
    base = usage.projected(used_after(answer(used=20_000)))[0]
    counted = used_after(answer(used=20_000), entry("attachment", attachment=attachment))
    assert 380 <= usage.projected(counted)[0] - base < 480


def test_what_was_typed_while_claude_worked_counts_where_other_attachments_are_rendered() -> None:
    date = entry("attachment", attachment={"type": "date"}, rendered=[{"content": "Today."}])
    typed = {"type": "queued_command", "prompt": [{"type": "text", "text": "like this"}, SHOT]}
    lines = (answer(used=20_000), date, entry("attachment", attachment=typed))
    before, after = (usage.projected(used_after(*lines[:end]))[0] for end in (2, 3))
    assert 400 <= after - before < 450


def test_what_an_attachment_holds_beside_its_content_is_not_counted() -> None:
    blob = {"type": "x", "preview": png(10, 10), "meta": {"raw": png(10, 10)}, "content": "short"}
    counted = used_after(answer(used=20_000), entry("attachment", attachment=blob))
    assert usage.projected(counted)[0] < 20_100


@pytest.mark.parametrize("pages", [1, 7, 40])
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
def test_a_document_has_its_pages(pages: int, packed: bool) -> None:
    assert page_count(pdf(pages, packed=packed)) == pages


@pytest.mark.parametrize(
    ("data", "pages"),
    [
        pytest.param(encoded(b"%PDF-1.7 encrypted" + NOISE), 11, id="unreadable"),
        pytest.param("JVBERi!", 1, id="no base64"),
        pytest.param(encoded(b"%PDF /ObjStm stream\nno zlib"), 1, id="no stream"),
    ],
)
def test_a_document_that_shows_no_pages_counts_by_its_size(data: str, pages: int) -> None:
    assert page_count(data) == pages


@pytest.mark.parametrize(
    ("block", "tokens"),
    [
        pytest.param({"type": "document", "source": source(pdf(4), "application/pdf")},
                     4 * PAGE_TOKENS, id="a block"),
        pytest.param({"type": "pdf", "file": {"base64": pdf(3)}}, 3 * PAGE_TOKENS, id="a file"),
        pytest.param(source(pdf(2), "application/pdf"), 2 * PAGE_TOKENS, id="a bare source"),
        pytest.param({"type": "document", "source": {"type": "url", "url": "x"}}, PAGE_TOKENS,
                     id="elsewhere"),
        pytest.param({"type": "document", "source": {"type": "content", "content": [SHOT, SHOT]}},
                     800, id="of pictures"),
        pytest.param({"type": "image"}, IMAGE_TOKENS, id="no data"),
        pytest.param(None, IMAGE_TOKENS, id="nothing"),
    ],
)  # fmt: skip
def test_media_has_one_size(block: Any, tokens: int) -> None:
    assert media_size(block) == tokens


def test_a_document_of_text_counts_as_text() -> None:
    block = {"type": "document", "source": {"type": "text", "data": "some words " * 900}}
    assert 1_500 < media_size(block) < 2_500


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(webp(b"VP8X", bytes(4) + (749).to_bytes(3, "little")
                          + (399).to_bytes(3, "little")), id="extended"),
        pytest.param(webp(b"VP8L", b"\x2f" + (749 | 399 << 14).to_bytes(4, "little") + bytes(9)),
                     id="lossless"),
        pytest.param(webp(b"VP8 ", bytes(6) + struct.pack("<HH", 750, 400)), id="lossy"),
    ],
)  # fmt: skip
def test_a_webp_tells_its_dimensions(data: str) -> None:
    assert image_size({"data": data}) == 400


def test_a_document_is_projected_by_its_pages() -> None:
    read = entry("user", message={"role": "user", "content": [
        {"type": "document", "source": source(pdf(12), "application/pdf")}]})  # fmt: skip
    counted = used_after(answer(used=20_000), read)
    assert usage.projected(counted)[0] == pytest.approx(20_000 + 12 * PAGE_TOKENS, rel=0.02)


@pytest.mark.parametrize("line", [result, prompt])
def test_no_entry_projects_more_than_its_bytes_allow(line: Any) -> None:
    text = png(4_000, 4_000) + "A0" * 40_000
    counted = used_after(answer(used=20_000), line(text))
    assert usage.projected(counted)[0] - 20_000 < len(text) / 2 + 300
