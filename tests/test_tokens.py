"""The projection is close, learns from the session itself, and is not led astray."""

from __future__ import annotations

import base64
import json
import random
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from made import answer, boundary, entry, prompt, result, used_after

from clearpoint.attribution.parts import RESULT_TOKENS, Seen, said_pieces
from clearpoint.tokens import encoder, projection, usage
from clearpoint.tokens.calibration import PLACE, prior_weights, weights_of
from clearpoint.tokens.documents import document_tokens
from clearpoint.tokens.sizes import IMAGE_TOKENS, image_size, text_size

if TYPE_CHECKING:
    from clearpoint.models.usage import Learner, Pending
    from clearpoint.transcript.entry import Entry

CONTRACT = Path(__file__).parents[2] / "shared/contract/transcripts"
OLD, NEW, UNKNOWN = "claude-opus-4-6", "claude-opus-5-5", "house-model"
THINKER = "claude-sonnet-4-5-20250929"

PROSE = """The function reads the whole file before it knows how long the lines are, so a single
very long line fills the memory. We should read it in pieces and stop at the limit instead."""
CODE = """def read(path: str, limit: int = 1 << 20) -> list[str]:
    with open(path, encoding="utf-8") as file:
        lines = [line.rstrip("\\n") for line in file.read(limit).splitlines()]
    return [line for line in lines if line and not line.startswith("#")]
"""
DATA = json.dumps([{"id": n, "name": f"user_{n}", "score": n * 1.37} for n in range(12)], indent=1)
LISTING = "\n".join(f"{n:6d}→    total += rows[{n}].value" for n in range(120, 150))
GERMAN = """Die Datei wird in einem Stück gelesen, bevor bekannt ist, wie lang die Zeilen sind.
Besser wäre es, sie in kleinen Teilen zu lesen und an der Grenze mit einer Meldung abzubrechen."""
WORDS = ("read", "value", "total", "session", "request", "handler", "token", "because", "between")


def words(count: int, seed: int = 1) -> str:
    """Text of some length."""
    chosen = random.Random(seed)  # noqa: S311
    return " ".join(chosen.choice(WORDS) for _ in range(count))


def true_size(text: str, appetite: float) -> int:
    """What a tokenizer counts that differs by this factor."""
    return round(sum(text_size(text)) * appetite)


def response(text: str = "Done.", output: int = 1, *, final: bool = False, **block: Any) -> Entry:
    """One line of a response whose count may be partial."""
    content = [{"type": "text", "text": text}, *([block] if block else [])]
    message = {"id": "m", "content": content, "usage": {"output_tokens": output}}
    return entry("assistant", message=message | ({"stop_reason": "end_turn"} if final else {}))


def thinking(signature: int) -> Entry:
    """A line with thinking of which only the signature tells the size."""
    block = {"type": "thinking", "thinking": "", "signature": "s" * signature}
    message = {"id": "m", "content": [block], "usage": {"output_tokens": 1}}
    return entry("assistant", message=message)


def pending_of(*entries: Entry) -> Pending:
    """What is pending after these entries."""
    pending = projection.new_pending()
    for one in entries:
        collect = projection.collect_response if one["type"] == "assistant" else projection.collect
        collect(pending, one)
    return pending


def projected(*entries: Entry, model: str = OLD, learner: Learner | None = None) -> int:
    """Tokens projected on a request of 20,000."""
    return projection.project(learner or {}, model, 20_000, pending_of(*entries))[0]


def taught(learner: Learner, model: str, appetite: float, requests: int, start: int = 0) -> Learner:
    """A learner after requests of a tokenizer with this appetite."""
    for seed in range(start, start + requests):
        text = words(150 + 40 * (seed % 5), seed)
        pending = pending_of(response(final=True, output=10), result(text))
        projection.learn(learner, model, pending, 10 + 60 + true_size(text, appetite))
    return learner


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(PROSE, id="prose"),
        pytest.param(CODE, id="code"),
        pytest.param(DATA, id="data"),
        pytest.param(LISTING, id="numbered lines"),
        pytest.param(GERMAN, id="German"),
        pytest.param("".join(f"{n:02x}" for n in range(256)), id="hexadecimal"),
    ],
)
def test_the_size_of_a_text_is_near_a_tokenizers(text: str) -> None:
    assert sum(text_size(text)) == pytest.approx(1.12 * encoder.count(text), rel=0.2)


def test_a_long_text_is_measured_by_samples() -> None:
    text = "\n".join(words(12, seed) for seed in range(8_000))
    pieces = [text[at : at + 10_000] for at in range(0, len(text), 10_000)]
    assert sum(text_size(text)) == pytest.approx(sum(sum(text_size(p)) for p in pieces), rel=0.02)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("x" * 10_000_000, id="ten million of one letter"),
        pytest.param(bytes(range(256)).decode("latin-1") * 999, id="binary"),
        pytest.param("\ud800\udfff" * 99, id="lone surrogates"),
        pytest.param("<|endoftext|>" * 99, id="special tokens"),
    ],
)
def test_any_text_has_a_size(text: str) -> None:
    assert 0 <= sum(text_size(text)) <= 5 * len(text)


def image(head: bytes) -> dict[str, str]:
    """The source of an image that begins like this."""
    return {"type": "base64", "data": base64.b64encode(head + bytes(200)).decode()}


DOCUMENT = {
    "type": "document",
    "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0xLjQK"},
}
IN_A_PROMPT = {"type": "user", "message": {"content": [DOCUMENT]}}
IN_A_RESULT = {
    "type": "user",
    "message": {"content": [{"type": "tool_result", "tool_use_id": "t1", "content": [DOCUMENT]}]},
}


@pytest.mark.parametrize(
    ("written", "around"),
    [
        pytest.param(IN_A_PROMPT, 0, id="in a prompt"),
        pytest.param(IN_A_RESULT, RESULT_TOKENS, id="in a result"),
    ],
)
def test_a_document_has_one_size_in_the_projection_and_in_the_attribution(
    written: Any, around: int
) -> None:
    pending = pending_of(written)
    pieces = said_pieces(written, Seen(), len)
    known = document_tokens(DOCUMENT["source"])
    assert (pending["since"][PLACE["image"]], pieces[0].size - around) == (known, known)


@pytest.mark.parametrize(
    ("source", "size"),
    [
        pytest.param(image(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 300, 250)),
                     100, id="PNG"),
        pytest.param(image(b"GIF89a" + struct.pack("<HH", 300, 250)), 100, id="GIF"),
        pytest.param(image(b"\xff\xd8\xff\xe0\0\4ab\xff\xc0\0\x11\x08"
                           + struct.pack(">HH", 250, 300)), 100, id="JPEG"),
        pytest.param(image(b"GIF89a" + struct.pack("<HH", 3_136, 3_136)),
                     1_568 * 1_568 / 750, id="scaled down"),
        pytest.param(image(b"something else"), IMAGE_TOKENS, id="another format"),
        pytest.param({"type": "base64", "data": "%%%"}, IMAGE_TOKENS, id="broken"),
        pytest.param({"type": "url", "url": "u"}, IMAGE_TOKENS, id="elsewhere"),
    ],
)  # fmt: skip
def test_an_image_counts_by_its_dimensions(source: dict[str, str], size: float) -> None:
    assert image_size(source) == pytest.approx(size)


def test_a_whole_count_stands() -> None:
    assert projection.output_of({}, OLD, pending_of(response(words(300), 350, final=True))) == 350


def test_a_partial_count_is_replaced_by_an_estimate() -> None:
    text = words(300)
    counted = projection.output_of({}, OLD, pending_of(response(text, output=1)))
    assert counted == pytest.approx(true_size(text, 1), rel=0.1)


def test_an_unfinished_count_that_fits_the_content_is_taken_for_whole() -> None:
    text = words(300)
    count = true_size(text, 1.02)
    assert projection.output_of({}, OLD, pending_of(response(text, count))) == count


def test_a_response_on_several_lines_is_learned_from_once() -> None:
    lines = [answer(used=21_000), answer("And more.", used=21_000), answer(used=21_300)]
    counted = used_after(*lines, result(words(200)), answer(used=21_700, message_id="m2"))
    assert counted["learner"]["claude-sonnet-4-6"]["n"] == 2  # the results, and the response


@pytest.mark.parametrize("model", [OLD, NEW, UNKNOWN])
@pytest.mark.parametrize("appetite", [0.9, 1.3, 1.6])
def test_the_ratio_of_another_tokenizer_is_learned_within_ten_requests(
    model: str, appetite: float
) -> None:
    learner = taught({}, model, appetite, requests=10)
    text = words(2_000, seed=99)
    expected = 20_000 + 10 + 60 + true_size(text, appetite)
    found = projected(response(final=True, output=10), result(text), model=model, learner=learner)
    assert found == pytest.approx(expected, abs=0.05 * true_size(text, appetite))


@pytest.mark.parametrize("grown", [-45_000, 0, 60_000])
def test_an_edit_of_history_does_not_move_the_ratios(grown: int) -> None:
    learner = taught({}, OLD, 1.0, requests=20)
    before = list(weights_of(learner, OLD))
    projection.learn(
        learner, OLD, pending_of(response(final=True, output=10), result(PROSE)), grown
    )
    taught(learner, OLD, 1.0, requests=3, start=20)
    assert weights_of(learner, OLD)[:4] == pytest.approx(before[:4], rel=0.02)


def test_what_was_learned_survives_json() -> None:
    learner = taught({}, NEW, 1.5, requests=12)
    lines = (response(words(50)), result(CODE))
    assert projected(*lines, model=NEW, learner=json.loads(json.dumps(learner))) == projected(
        *lines, model=NEW, learner=learner
    )


def test_a_learner_does_not_grow() -> None:
    learner: Learner = {}
    for number in range(8):
        taught(learner, f"claude-opus-{5 + number}", 1.4, requests=60)
    assert len(learner) == 3
    assert len(json.dumps(learner)) < 20_000


def test_a_warm_start_knows_what_other_sessions_learned() -> None:
    sessions = [taught({}, UNKNOWN, 1.6, requests=15, start=100 * n) for n in range(4)]
    text = words(2_000)
    found = projected(
        response(final=True, output=10),
        result(text),
        model=UNKNOWN,
        learner=projection.merge(sessions),
    )
    assert found == pytest.approx(20_070 + true_size(text, 1.6), rel=0.01)


def hidden(learner: Learner, carried: int, model: str = UNKNOWN, output: int = 9_000) -> Learner:
    """A learner after a request whose answer counted much and added so much to the next one."""
    pending = pending_of(response(words(30), output, final=True), result("ok"))
    projection.learn(learner, model, pending, carried)
    return learner


@pytest.mark.parametrize(
    ("growths", "expected"),
    [
        pytest.param([], 9_100, id="nothing seen"),
        pytest.param([200], 200, id="left out"),
        pytest.param([9_090], 9_100, id="carried"),
        pytest.param([200, 9_090], 9_100, id="left out, then carried"),
        pytest.param([9_090, 210], 200, id="carried, then left out"),
        pytest.param([4_600], 9_100, id="neither"),
    ],
)
def test_a_model_that_leaves_out_its_thinking_is_known_by_the_next_request(
    growths: list[int], expected: int
) -> None:
    learner: Learner = {}
    for grown in growths:
        hidden(learner, grown)
    answered = response(words(30), 9_000, final=True)
    found = projected(answered, result("ok"), model=UNKNOWN, learner=learner)
    assert found - 20_000 == pytest.approx(expected, abs=130)


def test_what_is_known_of_a_models_thinking_is_given_to_the_next_session() -> None:
    merged = projection.merge([hidden({}, 9_090), hidden({}, 200)])
    found = projected(response(words(30), 9_000, final=True), model=UNKNOWN, learner=merged)
    assert found < 20_300


def test_a_warm_start_does_not_outweigh_the_session() -> None:
    learner = projection.merge([taught({}, NEW, 1.3, requests=300, start=n) for n in range(3)])
    text = words(2_000)
    found = projected(result(text), model=NEW, learner=taught(learner, NEW, 1.7, requests=60))
    assert found - 20_000 == pytest.approx(true_size(text, 1.7), rel=0.05)


@pytest.mark.parametrize(
    ("model", "is_left_out"),
    [
        pytest.param(THINKER, True, id="before 4.6"),
        pytest.param("claude-opus-4-5-20251101", False, id="Opus since 4.5"),
        pytest.param("claude-sonnet-4-6", False, id="Sonnet since 4.6"),
    ],
)
def test_thinking_of_an_ended_turn_is_left_out_where_the_model_leaves_it_out(
    model: str, is_left_out: bool
) -> None:
    with_thinking = projected(thinking(20_000), response(), prompt("go on"), model=model)
    without = projected(response(), prompt("go on"), model=model)
    assert (with_thinking - without < 1_000) is is_left_out


def test_thinking_counts_while_its_turn_lasts() -> None:
    call = response(type="tool_use", name="Bash", input={"command": "ls"})
    lines = (thinking(20_000), call, result("a b"))
    assert projected(*lines, model=THINKER) - projected(*lines[1:], model=THINKER) > 3_000


def test_thinking_is_known_by_its_signature_where_the_text_is_hidden() -> None:
    assert projected(thinking(20_000)) > 23_000


def test_a_microcompaction_takes_off_what_it_saved() -> None:
    line = entry("system", subtype="microcompact_boundary",
                 microcompactMetadata={"tokensSaved": 10_000})  # fmt: skip
    assert 6_000 < projected(result(CODE), line) < 12_000


def test_what_a_compaction_left_is_not_counted_twice() -> None:
    summary = prompt(words(500), isCompactSummary=True, isVisibleInTranscriptOnly=True)
    pending = projection.compacted(projection.new_pending(), 3_000)
    projection.collect(pending, summary)
    assert projection.project({}, OLD, 20_000, pending) == (23_000, True)


def touched(path: str, content: str, **more: int) -> Entry:
    """A result beside which the client keeps the file that the tool has read."""
    file = {"filePath": path, "content": content, **more}
    return entry("user", message={"content": []}, toolUseResult={"file": file})


def test_files_read_again_after_a_compaction_are_expected_of_older_clients() -> None:
    whole = [touched(name, words(900)) for name in "abc"]
    part = touched("part", words(900), numLines=9, totalLines=900)
    restored = projection.estimate({}, OLD, projection.compacted(pending_of(*whole, part), 0))
    assert restored == pytest.approx(1_000 + 3 * true_size(words(900), 1), rel=0.05)


@pytest.mark.parametrize("renders", [False, True], ids=["older", "newer"])
def test_before_a_compaction_is_written_the_files_are_expected_of_every_client(
    renders: bool,
) -> None:
    pending = pending_of(*([entry("attachment", rendered=[])] if renders else []))
    files = pending_of(touched("a", words(900)))["files"]
    restored = projection.estimate({}, OLD, projection.restoring(pending, files))
    assert restored == pytest.approx(1_000 + true_size(words(900), 1), rel=0.05)
    nothing = projection.estimate({}, OLD, projection.restoring(pending, {}))
    assert nothing == (0 if renders else 9_000)


def test_a_client_that_writes_its_attachments_restores_nothing_unseen() -> None:
    pending = pending_of(entry("attachment", rendered=[{"content": "<system-reminder>"}]))
    assert projection.estimate({}, OLD, projection.compacted(pending, 0)) == 0


@pytest.mark.parametrize(
    ("line", "is_sent"),
    [
        pytest.param(prompt(PROSE), True, id="prompt"),
        pytest.param(prompt(PROSE, isMeta=True), True, id="injected"),
        pytest.param(prompt(PROSE, isCompactSummary=True, isVisibleInTranscriptOnly=True),
                     True, id="summary"),
        pytest.param(entry("attachment", rendered=[{"content": PROSE}]), True, id="attachment"),
        pytest.param(entry("attachment", attachment={"type": "edited", "snippet": PROSE}),
                     True, id="attachment of older clients"),
        pytest.param(prompt(PROSE, isVisibleInTranscriptOnly=True), False, id="only shown"),
        pytest.param(entry("attachment", attachment={"type": "prompt_snapshot", "content": PROSE}),
                     False, id="snapshot"),
        pytest.param(entry("user", message={"content": []}, toolUseResult={"stdout": PROSE}),
                     False, id="result beside the message"),
        pytest.param(entry("system", subtype="informational", content=PROSE), False, id="notice"),
    ],
)  # fmt: skip
def test_only_what_the_model_is_sent_counts(line: Entry, is_sent: bool) -> None:
    assert (projection.estimate({}, OLD, pending_of(line)) > 20) is is_sent


def test_a_change_of_model_rescales_what_is_there() -> None:
    chosen = entry("attachment", rendered=[],
                   attachment={"type": "model", "identity": {"modelId": NEW}})  # fmt: skip
    found, estimated = projection.project({}, OLD, 20_000, pending_of(response(), chosen))
    assert estimated
    assert found > 25_000


def test_an_alias_is_not_a_change_of_model() -> None:
    chosen = entry("attachment", rendered=[],
                   attachment={"type": "model", "identity": {"modelId": NEW}})  # fmt: skip
    assert projection.project({}, NEW + "-20261001", 20_000, pending_of(chosen)) == (20_000, False)


def test_a_prompt_counts_before_it_is_written() -> None:
    written = projection.estimate({}, OLD, pending_of(prompt(PROSE)))
    assert projection.estimate_prompt({}, OLD, PROSE) == written


def test_models_of_one_family_start_alike() -> None:
    assert prior_weights("vendor/claude-opus-4-8") == prior_weights("claude-fable-5-2")
    assert prior_weights(OLD)[PLACE["words"]] < prior_weights(UNKNOWN)[PLACE["words"]]


def test_a_rewind_counts_what_stood_there() -> None:
    pending = projection.rewound(pending_of(response(words(500)), result(CODE)), 700)
    assert projection.project({}, OLD, 20_000, pending) == (20_700, False)


def test_a_compaction_is_not_learned_from() -> None:
    lines = [answer(used=150_000), boundary(), answer(used=24_000, message_id="m2")]
    assert used_after(*lines)["learner"] == {}


@pytest.mark.skipif(not CONTRACT.is_dir(), reason="the measured transcripts are not here")
@pytest.mark.parametrize("path", sorted(CONTRACT.glob("*.jsonl")), ids=lambda path: path.stem)
def test_what_is_pending_is_plain_json_after_every_line(path: Path) -> None:
    counted = usage.new_usage()
    for line in path.read_text(encoding="utf-8").splitlines():
        usage.fold(counted, json.loads(line))
        assert json.loads(json.dumps(counted)) == counted
    assert len(json.dumps(counted["pending"])) < 3_000
