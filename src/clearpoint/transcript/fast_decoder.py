"""Decoding a line with msgspec where that is loaded already."""

from __future__ import annotations

import msgspec

from clearpoint.lowlevel import fast_json
from clearpoint.transcript import decoder
from clearpoint.transcript.entry import Entry

_decoder = msgspec.json.Decoder(Entry)


def decode(line: bytes) -> Entry:
    """One line as an entry; raises ValueError if it is not one JSON object."""
    try:
        return _decoder.decode(line)
    except msgspec.ValidationError:  # a field of another type than we know
        return decoder.decode(line)
    except (msgspec.DecodeError, RecursionError) as error:
        raise fast_json.MalformedJSONError(str(error)) from None
