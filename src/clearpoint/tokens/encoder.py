"""Measuring text as tokens, with tiktoken's cl100k_base and ranks that ship with the package.

Nothing is ever downloaded: tiktoken would, so its encoder is made here from the shipped ranks,
whose hash is checked. It is made once per process, in the full lane only, when a text is first
measured: that costs as much as eight bare interpreters.
"""

from __future__ import annotations

import binascii
import functools
import itertools
import os

from clearpoint.lowlevel.files import read_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    import tiktoken

PACKAGE = os.path.dirname(os.path.dirname(__file__))
RANKS_PATH = os.path.join(PACKAGE, "data", "cl100k_base.tiktoken")
RANKS_SHA256 = "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7"
PIECE_CHARS = 20_000
"""Texts are measured in pieces: the encoder is quadratic on some long runs."""
PATTERN = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+"
    r"|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
)


class RanksError(Exception):
    """The shipped ranks are not the ones that the package was made with."""


@functools.cache
def encoder() -> tiktoken.Encoding:
    """The encoder; raises RanksError if the installation is damaged."""
    import tiktoken

    ranks = read_ranks(read_bytes(RANKS_PATH, follow=True))
    return tiktoken.Encoding("cl100k_base", pat_str=PATTERN, mergeable_ranks=ranks,
                             special_tokens={})  # fmt: skip


def read_ranks(data: bytes) -> dict[bytes, int]:
    """Tokens and their ranks from the bytes of the shipped file; raises RanksError.

    In a file with that hash the ranks count up from 0, so that only the tokens are read.
    """
    import hashlib

    if hashlib.sha256(data).hexdigest() != RANKS_SHA256:
        raise RanksError("the token ranks are damaged; reinstall clearpoint")
    tokens = map(binascii.a2b_base64, data.split()[::2])
    return dict(zip(tokens, itertools.count(), strict=False))


def count(text: str) -> int:
    """Tokens of a text, in cl100k_base; special-token text counts as the plain text it is."""
    if not text:
        return 0
    pieces = (text[at : at + PIECE_CHARS] for at in range(0, len(text), PIECE_CHARS))
    encode = encoder().encode_ordinary
    return sum(len(encode(piece)) for piece in pieces)
