"""The size of texts and images in tokens, without a tokenizer. Pure, standard library only.

A subword tokenizer spends its tokens on short words, groups of digits, signs and runs of blanks.
Counting such kinds of characters, and how often they meet, comes within some percent of a real
tokenizer at a hundred times its speed, from `bytes.translate` and `bytes.count` alone. The sizes
come in channels, so that a calibration can weigh them apart (see `calibration`).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

CHANNELS = ("words", "digits", "signs", "blanks", "wide")
WHOLE_LIMIT_BYTES = 8 << 10
"""A longer text is measured by evenly spread pieces of this size in all."""
PIECES = 64
IMAGE_TOKENS = 1_500
"""An image whose dimensions cannot be told."""
PIXELS_PER_TOKEN = 750
IMAGE_EDGE_LIMIT = 1_568
"""The API scales larger images down to this edge."""

LOWER, UPPER, DIGIT, SIGN, TAIL = b"a", b"A", b"0", b".", b"_"
"""Classes of bytes; the tail of a character of several bytes counts for nothing."""
LEADS = (
    (0xC0, b"L"),  # Latin with accents
    (0xC6, b"G"),  # Greek
    (0xD0, b"R"),  # Cyrillic
    (0xD4, b"S"),  # Hebrew and Arabic
    (0xE0, b"I"),  # Indic scripts and Thai
    (0xE2, b"-"),  # arrows, dashes, quotes, boxes: mostly one token each
    (0xE3, b"C"),  # Chinese and Japanese
    (0xEA, b"H"),  # Korean
    (0xEE, b"F"),  # full width
    (0xF0, b"E"),  # emoji
)
"""First lead byte of UTF-8 of each group of scripts, and its class."""


def _classes() -> bytes:
    """The table that maps each byte to the class it stands for."""
    table = bytearray(SIGN * 256)
    table[0x61:0x7B] = LOWER * 26
    table[0x41:0x5B] = UPPER * 26
    table[0x30:0x3A] = DIGIT * 10
    table[0x09:0x0B] = b"\t\n"
    table[0x0D] = 0x0A
    table[0x20] = 0x20
    table[0x80:0xC0] = TAIL * 64
    for first, name in LEADS:
        table[first:] = name * (256 - first)
    return bytes(table)


CLASSES = _classes()
# Tokens per occurrence for the models up to 4.6: least squares over requests and diverse texts.
WORDS = ((b"a", 0.085), (b"A", 0.257), (b" a", 0.262), (b".a", 0.555), (b"\ta", 0.958),
         (b"aA", 0.496), (b"Aa", 0.683), (b"a.", 0.664), (16 * b"a", 1.0))  # fmt: skip
DIGITS = ((b"0", 0.392), (b" 0", 1.623), (b".0", 0.757), (b"a0", 1.507), (b"A0", 4.385))
SIGNS = ((b".", 0.461), (b"..", -0.155), (b"....", -1.103))
BLANKS = ((b" ", 0.377), (b"\n", 1.481), (b"\t", 0.815), (b"\t\t", -1.532),
          (b"   ", -0.832), (b"\n ", -0.619), (b"\n\n", -2.036))  # fmt: skip
WIDE = ((b"L", 3.000), (b"G", 1.100), (b"R", 0.619), (b"S", 0.978), (b"I", 1.317),
        (b"-", 0.294), (b"C", 1.201), (b"H", 1.384), (b"F", 2.357), (b"E", 2.8))  # fmt: skip


def text_size(text: str) -> list[float]:
    """The size of a text by channel, in tokens of the models up to 4.6."""
    encoded = text.encode("utf-8", "replace")
    total = len(encoded)
    if total > WHOLE_LIMIT_BYTES:
        encoded = _pieces(encoded)
    classes = encoded.translate(CLASSES)
    scale = total / len(encoded) if total else 0.0
    return [
        _weighed(classes, WORDS) * scale,
        _weighed(classes, DIGITS) * scale,
        _weighed(classes, SIGNS) * scale,
        _weighed(classes, BLANKS) * scale,
        0.0 if text.isascii() else _weighed(classes, WIDE) * scale,
    ]


def estimated(text: str) -> int:
    """The tokens of a text, by the sum of its channels: for limits that a hook has to keep."""
    return round(sum(text_size(text)))


def _weighed(classes: bytes, weights: Sequence[tuple[bytes, float]]) -> float:
    total = 0.0
    for pattern, weight in weights:
        total += classes.count(pattern) * weight
    return total


def _pieces(encoded: bytes) -> bytes:
    """Evenly spread pieces of a long text."""
    size = WHOLE_LIMIT_BYTES // PIECES
    step = (len(encoded) - size) / (PIECES - 1)
    starts = (int(step * number) for number in range(PIECES))
    return b"".join(encoded[start : start + size] for start in starts)


def image_size(source: Any) -> float:
    """The size of an image block's source in tokens, from its dimensions where they can be told."""
    data = source.get("data") if isinstance(source, dict) else None
    width, height = _dimensions(data) if isinstance(data, str) else (0, 0)
    if not width or not height:
        return IMAGE_TOKENS
    shrink = min(1.0, IMAGE_EDGE_LIMIT / max(width, height))
    return width * height * shrink * shrink / PIXELS_PER_TOKEN


def _dimensions(data: str) -> tuple[int, int]:
    """Width and height of a PNG, GIF or JPEG in base64; zeros if it is none of them."""
    from binascii import Error, a2b_base64

    try:
        head = a2b_base64(data[: 64 << 10][: len(data) // 4 * 4])
    except Error:
        return 0, 0
    if head.startswith(b"\x89PNG") and len(head) >= 24:
        return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
    if head.startswith(b"GIF8") and len(head) >= 10:
        return int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP" and len(head) >= 30:
        return _webp_dimensions(head)
    return _jpeg_dimensions(head) if head.startswith(b"\xff\xd8") else (0, 0)


def _webp_dimensions(head: bytes) -> tuple[int, int]:
    """Width and height from the first chunk of a WebP: extended, lossless or lossy."""
    if head[12:16] == b"VP8X":
        width, height = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (24, 27))
        return width, height
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = (int.from_bytes(head[at : at + 2], "little") & 0x3FFF for at in (26, 28))
    return width, height


def _jpeg_dimensions(head: bytes) -> tuple[int, int]:
    """Width and height from the first frame header of a JPEG."""
    place = 2
    while place + 9 <= len(head) and head[place] == 0xFF:
        marker, size = head[place + 1], int.from_bytes(head[place + 2 : place + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height = int.from_bytes(head[place + 5 : place + 7], "big")
            return int.from_bytes(head[place + 7 : place + 9], "big"), height
        place += 2 + size
    return 0, 0
