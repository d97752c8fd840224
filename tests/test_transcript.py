"""Transcripts of any size and state become entries, each once, and nothing whole is lost."""

from __future__ import annotations

import gc
import json
import os
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from builders import transcript_lines, turn
from hypothesis import given
from hypothesis import strategies as st
from made import answer, boundary, entry, prompt, result

from clearpoint.lowlevel import fast_json
from clearpoint.transcript import decoder, fast_decoder
from clearpoint.transcript import entry as entries
from clearpoint.transcript import reader as reading
from clearpoint.transcript.reader import Transcript, kind_at_head

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from clearpoint.models.usage import Cursor

CORPUS = Path(__file__).parents[2] / "shared/corpus"
DECODERS = [
    pytest.param(decoder.decode, id="standard library"),
    pytest.param(fast_decoder.decode, id="msgspec"),
]

ONE = b'{"type":"user","uuid":"1","message":{"role":"user","content":"one"}}'
TWO = b'{"parentUuid":"1","type":"user","uuid":"2","message":{"role":"user","content":"two"}}'
MODE = b'{"type":"mode","mode":"plan"}'
TORN = b'{"parentUuid":"0","type":"user","uuid":"0","message":{"content":[{"type":"text","text":"o'


def read(
    path: Path,
    cursor: Cursor | None = None,
    decode: Callable[[bytes], entries.Entry] = decoder.decode,
) -> tuple[list[Any], Cursor, bool]:
    """The entries from the cursor on, the cursor after them, and whether it started over."""
    transcript = Transcript(str(path), cursor)
    try:
        return list(transcript.entries(decode)), transcript.cursor, transcript.fresh
    finally:
        transcript.close()


def uuids(found: Iterable[Any]) -> list[str | None]:
    return [one.get("uuid") for one in found]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "t.jsonl"


@pytest.mark.parametrize("decode", DECODERS)
@pytest.mark.parametrize(
    ("content", "found", "skipped"),
    [
        pytest.param(b"", [], {}, id="empty"),
        pytest.param(b"\n\n \n", [], {}, id="blank lines"),
        pytest.param(ONE + b"\n" + TWO + b"\n", ["1", "2"], {}, id="two lines"),
        pytest.param(ONE + b"\r\n" + TWO + b"\r\n", ["1", "2"], {}, id="CRLF"),
        pytest.param(b"\xef\xbb\xbf" + ONE + b"\n", ["1"], {}, id="a byte order mark"),
        pytest.param(ONE + TWO + b"\n", ["1", "2"], {}, id="glued"),
        pytest.param(ONE + b" " + TWO + b" \n", ["1", "2"], {}, id="glued with space"),
        pytest.param(ONE + MODE + TWO + b"\n", ["1", "2"], {"mode": 1}, id="three glued"),
        pytest.param(MODE + b"\n" + TWO + b"\n", ["2"], {"mode": 1}, id="an unused kind"),
        pytest.param(MODE + TWO + b"\n", ["2"], {"mode": 1}, id="glued behind an unused kind"),
        pytest.param(TORN + TWO + b"\n", ["2"], {"malformed": 1}, id="glued behind a torn one"),
        pytest.param(
            TORN + TWO + ONE + b"\n", ["1"], {"malformed": 1}, id="two glued behind a torn one"
        ),
        pytest.param(
            MODE[:9] + TWO + b"\n", ["2"], {"malformed": 1}, id="glued behind a torn unused kind"
        ),
        pytest.param(TORN + b"\n" + TWO + b"\n", ["2"], {"malformed": 1}, id="torn in the middle"),
        pytest.param(b"\0" * 5_000 + TWO + b"\n", ["2"], {}, id="behind zero bytes"),
        pytest.param(
            b"\0" * (reading.CHUNK_BYTES + 9) + TWO + b"\n", ["2"], {}, id="far behind zero bytes"
        ),
        pytest.param(TWO.replace(b"two", b"\xff") + b"\n", ["2"], {}, id="no UTF-8"),
        pytest.param(TWO.replace(b"two", b"\\ud800") + b"\n", ["2"], {}, id="a lone surrogate"),
        pytest.param(b"[1]\n17\nnull\n" + ONE + b"\n", ["1"], {"malformed": 3}, id="no objects"),
        pytest.param(b"{}\n" + ONE + b"\n", ["1"], {"malformed": 1}, id="an object without a type"),
        pytest.param(b'{"type": 5}\n' + ONE + b"\n", ["1"], {"malformed": 1}, id="a strange type"),
        pytest.param(
            b'{"type":"user","a":' + b"[" * 100_000 + b"\n" + ONE + b"\n",
            ["1"], {"malformed": 1}, id="too deep",
        ),
        pytest.param(
            b'{"a":{"type":"mode"},"type":"user","uuid":"3"}\n', ["3"], {}, id="a kind inside"
        ),
        pytest.param(
            b'{"cwd":"\\"type\\":\\"mode\\"","type":"user","uuid":"3"}\n', ["3"], {},
            id="a kind in a text",
        ),
    ],
)  # fmt: skip
def test_every_whole_entry_is_found_once(
    path: Path,
    content: bytes,
    found: list[str],
    skipped: dict[str, int],
    decode: Callable[[bytes], entries.Entry],
) -> None:
    path.write_bytes(content)
    got, cursor, fresh = read(path, None, decode)
    assert (uuids(got), cursor["skipped"], fresh) == (found, skipped, True)
    assert (cursor["offset"], cursor["line"]) == (len(content), content.count(b"\n"))


@pytest.mark.parametrize("decode", DECODERS)
def test_a_line_of_any_depth_keeps_nothing_behind_it_from_being_read(
    path: Path, decode: Callable[[bytes], entries.Entry]
) -> None:
    deep = b'{"type":"user","a":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n"
    path.write_bytes(deep + ONE + b"\n")
    got, cursor, _ = read(path, None, decode)
    assert uuids(got) in (["1"], [None, "1"])  # since Python 3.14 one decoder reads it
    assert (cursor["offset"], cursor["line"]) == (len(deep) + len(ONE) + 1, 2)


def test_a_torn_last_line_is_left_for_the_next_time(path: Path) -> None:
    path.write_bytes(ONE + b"\n" + TWO[:40])
    got, cursor, _ = read(path)
    assert (uuids(got), cursor["offset"]) == (["1"], len(ONE) + 1)
    path.write_bytes(ONE + b"\n" + TWO + b"\n")
    got, cursor, fresh = read(path, cursor)
    assert (uuids(got), fresh) == (["2"], False)


WHOLE = b"".join(turn(number) for number in range(4)) + MODE + b"\n"


@given(st.integers(0, len(WHOLE)), st.integers(1, 300))
def test_reading_in_parts_is_reading_at_once(
    tmp_path_factory: pytest.TempPathFactory, cut: int, chunk: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "parts.jsonl"
    path.write_bytes(WHOLE)
    at_once, expected, _ = read(path)
    path.write_bytes(WHOLE[:cut])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "CHUNK_BYTES", chunk)
        first, cursor, _ = read(path)
        path.write_bytes(WHOLE)
        second, cursor, fresh = read(path, cursor)
    assert (first + second, cursor, fresh) == (at_once, expected, False)


LONGER = b"".join(turn(number) for number in range(40))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="emptied"),
        pytest.param(LONGER[: len(LONGER) // 2], id="truncated"),
        pytest.param(b"".join(turn(number) for number in range(50, 100)), id="another's"),
        pytest.param(LONGER.replace(b"Prompt 0", b"Pr0mpt 0"), id="another beginning"),
        pytest.param(LONGER.replace(b"Answer 39", b"Answer 93"), id="another end"),
    ],
)
def test_a_replaced_file_is_read_from_its_beginning(path: Path, content: bytes) -> None:
    path.write_bytes(LONGER)
    _, cursor, _ = read(path)
    path.write_bytes(content)
    got, cursor, fresh = read(path, cursor)
    whole = content.rfind(b"\n") + 1
    assert (fresh, len(got), cursor["offset"]) == (True, content.count(b"\n"), whole)


def test_the_same_content_in_another_file_is_read_on(path: Path) -> None:
    path.write_bytes(LONGER)
    _, cursor, _ = read(path)
    path.rename(path.with_name("old"))
    path.write_bytes(LONGER + TWO + b"\n")
    got, _, fresh = read(path, cursor)
    assert (uuids(got), fresh) == (["2"], False)


def test_a_cursor_of_another_path_is_not_used(path: Path) -> None:
    path.write_bytes(LONGER)
    _, cursor, _ = read(path)
    _, _, fresh = read(path, {**cursor, "path": "elsewhere"})
    assert fresh


def test_a_file_that_vanishes_while_it_is_read_is_read_to_its_end(path: Path) -> None:
    path.write_bytes(LONGER)
    transcript = Transcript(str(path), None)
    path.unlink()
    assert len(list(transcript.entries())) == 80
    transcript.close()


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(Path.exists, id="nothing"),
        pytest.param(Path.mkdir, id="a folder"),
        pytest.param(os.mkfifo, id="a pipe"),
        pytest.param(lambda path: path.symlink_to("/dev/zero"), id="a device"),
        pytest.param(lambda path: path.symlink_to(path), id="a link to itself"),
    ],
)
def test_what_is_no_file_is_an_error_at_once(path: Path, make: Callable[[Path], None]) -> None:
    make(path)
    with pytest.raises(OSError, match=r"t\.jsonl"):
        Transcript(str(path), None)


def test_a_linked_transcript_is_read(path: Path) -> None:
    path.with_name("elsewhere").write_bytes(LONGER)
    path.symlink_to("elsewhere")
    assert len(read(path)[0]) == 80


def test_a_line_that_is_too_long_is_passed_over_and_counted(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "CHUNK_BYTES", 100)
    monkeypatch.setattr(reading, "LINE_LIMIT_BYTES", 500)
    path.write_bytes(ONE + b"\n" + b"x" * 501 + b"\n" + b"y" * 2_000 + b"\n" + TWO + b"\n")
    got, cursor, _ = read(path)
    assert (uuids(got), cursor["skipped"]) == (["1", "2"], {"oversized": 2})
    assert cursor["offset"] == path.stat().st_size


@pytest.mark.parametrize("decode", DECODERS)
def test_a_line_of_50_megabytes_is_read(
    path: Path, decode: Callable[[bytes], entries.Entry]
) -> None:
    path.write_bytes(transcript_lines(result("x" * 50_000_000), prompt("after", uuid="2")))
    got, _, _ = read(path, None, decode)
    assert [len(str(one["message"]["content"])) > 40_000_000 for one in got] == [True, False]


def test_a_gigabyte_without_a_line_costs_little_memory(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(1 << 30)
        stream.seek(0, os.SEEK_END)
        stream.write(TWO + b"\n")
    gc.collect()
    tracemalloc.start()
    got, cursor, _ = read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (uuids(got), cursor["offset"]) == (["2"], (1 << 30) + len(TWO) + 1)
    assert peak < 20_000_000


def test_what_is_not_read_in_time_is_read_from_there_the_next_time(path: Path) -> None:
    entry_size = 300_000
    lines = [prompt(str(number) + "x" * entry_size, uuid=str(number)) for number in range(20)]
    path.write_bytes(transcript_lines(*lines))
    got: list[Any] = []
    cursor = None
    behind = [True]
    while behind[-1]:
        transcript = Transcript(str(path), cursor, within_s=0.0)
        got += transcript.entries()
        cursor = transcript.cursor
        behind.append(transcript.behind)
        transcript.close()
    assert len(behind) > 3
    assert got == read(path)[0]


def test_an_endless_line_costs_no_more_than_its_limit(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LINE_LIMIT_BYTES", 4 << 20)
    with path.open("wb") as stream:
        for _ in range(40):
            stream.write(b"x" * (1 << 20))
    gc.collect()
    tracemalloc.start()
    assert read(path)[0] == []
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12_000_000


def test_a_million_objects_on_one_line_do_not_keep_anyone_waiting(path: Path) -> None:
    path.write_bytes(b'{"type":"user"}' * 1_000_000 + b"\n" + TWO + b"\n")
    got, cursor, _ = read(path)
    assert (len(got), cursor["skipped"]) == (reading.GLUED_LIMIT + 1, {"malformed": 1})


def test_unknown_kinds_are_counted_up_to_a_number(path: Path) -> None:
    kinds = [f'{{"type":"kind-{number}"}}\n'.encode() for number in range(100)]
    path.write_bytes(b"".join(kinds) + b'{"type": "' + b"k" * 10_000 + b'"}\n' + kinds[0])
    _, cursor, _ = read(path)
    assert (len(cursor["skipped"]), cursor["skipped"]["kind-0"]) == (reading.KINDS_LIMIT, 2)
    assert max(map(len, cursor["skipped"])) <= reading.KIND_CHARS


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        pytest.param(b'{"type":"user","a":1}', "user", id="first"),
        pytest.param(b'{"parentUuid":null,"type":"system"}', "system", id="second"),
        pytest.param(b'{"a":{},"type":"user"}', None, id="behind an object"),
        pytest.param(b'{"type" : "user"}', None, id="spaced"),
        pytest.param(b'{"type":"user', None, id="torn"),
        pytest.param(b' {"type":"user"}', None, id="indented"),
        pytest.param(b"", None, id="empty"),
        pytest.param(b'{"a":"' + b"x" * 1_000 + b'","type":"user"}', None, id="far off"),
    ],
)
def test_the_kind_is_told_from_the_head_where_it_is_sure(line: bytes, kind: str | None) -> None:
    assert kind_at_head(line) == kind


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)
SOME_BLOCK = st.dictionaries(st.sampled_from([*decoder.BLOCK, "content"]), JSON | st.just("x"))
SOME_USAGE = st.dictionaries(st.sampled_from(list(decoder.USAGE)), JSON | st.integers(0))
SOME_FILE = st.dictionaries(st.sampled_from(list(decoder.FILE)), JSON | st.integers(0))
SOME_OUTCOME = SOME_FILE | st.fixed_dictionaries({"file": JSON | SOME_FILE})
SOME_MESSAGE = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(decoder.MESSAGE, JSON | st.text()),
        "content": JSON | st.lists(SOME_BLOCK | JSON, max_size=3),
        "usage": JSON | SOME_USAGE,
    },
)
SOME_ENTRY = st.fixed_dictionaries(
    {"type": st.sampled_from(["user", "assistant", "system", "attachment"])},
    optional={
        **{key: JSON | st.text(max_size=5) for key in decoder.ENTRY if key != "type"},
        "message": JSON | SOME_MESSAGE,
        "compactMetadata": JSON | st.fixed_dictionaries({"postTokens": JSON | st.integers(0)}),
        "toolUseResult": JSON | SOME_OUTCOME,
        "rendered": JSON | st.lists(JSON),
    },
)


def as_read(value: Any, fields: decoder.Shape = decoder.ENTRY) -> dict[str, Any]:
    """Of an entry what both decoders must agree on; null is a missing field."""
    seen = {key: value[key] for key in fields if value.get(key) is not None}
    for name, inside in decoder.INSIDE.items():
        if isinstance(seen.get(name), dict):
            seen[name] = as_read(seen[name], inside)
    if fields is decoder.MESSAGE and isinstance(seen.get("content"), list):
        seen["content"] = [as_read(block, decoder.BLOCK) for block in seen["content"]]
    return seen


@given(SOME_ENTRY)
def test_both_decoders_give_the_same_entries(value: dict[str, Any]) -> None:
    line = fast_json.encode(fast_json.dumps(value))
    assert repr(as_read(decoder.decode(line))) == repr(as_read(fast_decoder.decode(line)))


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        pytest.param({"type": "user", "uuid": 5}, {"type": "user"}, id="a number for a text"),
        pytest.param({"type": "user", "cwd": "x" * 5_000}, {"type": "user"}, id="a huge name"),
        pytest.param({"type": "user", "message": []}, {"type": "user"}, id="no message"),
        pytest.param(
            {"message": {"content": ["a", {"type": "text", "text": 5}, None]}},
            {"message": {"content": [{"type": "text"}]}},
            id="blocks",
        ),
        pytest.param(
            {"message": {"usage": {"input_tokens": 10**30, "output_tokens": 5}}},
            {"message": {"usage": {"output_tokens": 5}}},
            id="more tokens than there are",
        ),
        pytest.param(
            {"message": {"usage": {"input_tokens": -1, "output_tokens": True}}},
            {"message": {"usage": {}}},
            id="counts that are none",
        ),
        pytest.param(
            {"compactMetadata": {"postTokens": "many", "preTokens": 5}},
            {"compactMetadata": {"preTokens": 5}},
            id="a compaction",
        ),
        pytest.param({"rendered": ["a", {"b": 1}]}, {"rendered": [{"b": 1}]}, id="rendered"),
        pytest.param({"isSidechain": "yes"}, {}, id="a flag that is a text"),
    ],
)
@pytest.mark.parametrize("decode", DECODERS)
def test_a_field_of_another_type_is_no_field(
    line: dict[str, Any], kept: dict[str, Any], decode: Callable[[bytes], entries.Entry]
) -> None:
    assert decode(json.dumps(line).encode()) == kept


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(prompt("é", parent=None), id="prompt"),
        pytest.param(answer(requestedModel="m[1m]"), id="answer"),
        pytest.param(result(failed=True), id="result"),
        pytest.param(boundary(), id="boundary"),
        pytest.param(entry("attachment", attachment={"type": "x"}, rendered=[{"content": "y"}]),
                     id="attachment"),
    ],
)  # fmt: skip
def test_what_the_client_writes_is_kept_as_it_is(one: entries.Entry) -> None:
    line = json.dumps(one).encode()
    assert decoder.decode(line) == {k: v for k, v in one.items() if v is not None}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no transcripts of real sessions here")
def test_both_decoders_read_real_transcripts_alike() -> None:
    for real in sorted(CORPUS.glob("*.jsonl"))[:6]:
        ours, by_hand, _ = read(real, None, decoder.decode)
        theirs, by_msgspec, _ = read(real, None, fast_decoder.decode)
        assert by_hand == by_msgspec
        assert [as_read(one) for one in ours] == [as_read(one) for one in theirs]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no transcripts of real sessions here")
def test_no_line_of_a_real_transcript_is_malformed() -> None:
    for real in sorted(CORPUS.glob("*.jsonl")):
        _, cursor, _ = read(real, None, fast_decoder.decode)
        assert "malformed" not in cursor["skipped"]
