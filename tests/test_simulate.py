"""A simulated session goes as it went but for its clears, and pays for what they take away."""

from __future__ import annotations

import json
from pathlib import Path  # noqa: TC003
from typing import TYPE_CHECKING, Any

import pytest
from builders import transcript_lines
from made import answer, boundary, call, prompt, result

from clearpoint.budget.window import model_table
from clearpoint.cli.main import main
from clearpoint.config.defaults import DEFAULTS
from clearpoint.simulate import strategies
from clearpoint.simulate.best_point import best_point, in_words
from clearpoint.simulate.bill import bill_of, price_table, rewriting
from clearpoint.simulate.course import Figures, total
from clearpoint.simulate.simulation import ASSUMPTIONS, Simulation

if TYPE_CHECKING:
    from clearpoint.simulate.strategies import Strategy
    from clearpoint.transcript.entry import Entry

TABLE = model_table()
OUTPUT = 100
START = 20_000


def turn(number: int, used: int, *between: Entry) -> list[Entry]:
    """One turn: a prompt, what is done, an answer at this use."""
    said = answer(message_id=f"m{number}", used=used)
    return [prompt(f"Prompt {number}.", uuid=f"u{number}", parent=f"p{number}"), *between, said]


def session(*uses: int) -> list[Entry]:
    """A session of plain turns at these uses."""
    return [entry for number, used in enumerate(uses) for entry in turn(number, used)]


def simulated(entries: list[Entry], strategy: Strategy | strategies.Plan) -> Figures:
    """The figures of one strategy."""
    return Simulation({"it": strategy}, DEFAULTS, TABLE).run(entries)["it"]


def touching(name: str, path: str, number: int, used: int, text: str = "ok") -> list[Entry]:
    """A tool call on a file, at this use, and its result."""
    made: Any = call(name, tool_id=f"t{number}", message_id=f"c{number}", file_path=path)
    counts = made["message"]["usage"]
    counts["cache_read_input_tokens"] = used - OUTPUT - 1_010
    return [made, result(text, tool_id=f"t{number}")]


def test_without_a_clear_a_session_costs_what_its_requests_carried() -> None:
    figures = simulated(session(START, 50_000, 90_000), strategies.never)
    assert figures["input"] == START + 50_000 + 90_000 - 3 * OUTPUT
    assert (figures["requests"], figures["prompts"], figures["clears"]) == (3, 3, 0)
    assert figures["peak"] == 90_000 - OUTPUT


def test_after_a_clear_only_what_was_added_since_is_carried() -> None:
    entries = session(START, 100_000, 110_000, 115_000)
    was = simulated(entries, strategies.never)
    figures = simulated(entries, strategies.above(95_000))
    assert figures["clears"] == 1
    saved = (was["input"] - figures["input"]) / 2
    assert 78_000 < saved < 80_500  # the conversation, less the reload context
    assert figures["freed"] == [pytest.approx(0.8, abs=0.02)]


def test_a_file_that_is_changed_after_a_clear_is_read_again_by_one_request_more() -> None:
    text = "number = 1\n" * 3_000
    known = [
        *turn(0, START),
        *turn(1, 100_000, *touching("Read", "/p/a.py", 1, 90_000, text)),
    ]
    changed = [*known, *turn(2, 102_000, *touching("Edit", "/p/a.py", 2, 101_000))]
    read = [*known, *turn(2, 102_000, *touching("Read", "/p/a.py", 2, 101_000))]
    for entries, requests in ((changed, 6), (read, 5)):
        figures = simulated(entries, strategies.above(95_000))
        assert figures["requests"] == requests
        assert (figures["read_again"] > 5_000) is (requests == 6)
        assert (figures["needed"], figures["named"]) == (1, 1)


def test_a_compaction_that_is_not_needed_falls_away() -> None:
    entries = [*session(START, 100_000, 150_000), boundary(), *turn(9, 40_000)]
    assert simulated(entries, strategies.never)["compactions"] == 1
    figures = simulated(entries, strategies.above(95_000))
    assert (figures["compactions"], figures["clears"]) == (0, 1)
    assert figures["peak"] == 100_000 - OUTPUT


def test_a_conversation_that_grows_as_large_is_compacted_after_all() -> None:
    uses = [START, 100_000, 160_000]
    entries = [*session(*uses), boundary(trigger="auto"), *turn(9, 40_000)]
    for number in range(10, 16):
        entries += turn(number, 40_000 + 20_000 * (number - 9))
    figures = simulated(entries, strategies.above(1_000_000))
    assert figures["compactions"] == 1
    once = iter([False, True])
    figures = simulated(entries, lambda *_: next(once, False))
    assert (figures["clears"], figures["compactions"]) == (1, 1)


def test_the_advice_is_followed_or_ignored() -> None:
    entries = session(START, 50_000, 90_000, 95_000, 100_000)
    heeded = simulated(entries, strategies.advised)
    ignored = simulated(entries, strategies.ignored)
    assert (heeded["clears"], heeded["messages"]) == (1, 1)
    assert (ignored["clears"], ignored["messages"]) == (0, 1)
    assert ignored["input"] == simulated(entries, strategies.never)["input"]


def test_every_few_prompts_is_counted_from_the_last_clear() -> None:
    figures = simulated(session(*[START + 1_000 * n for n in range(10)]), strategies.every(3))
    assert figures["clears"] == 3


def test_full_requests_and_totals_add_up() -> None:
    figures = simulated(session(START, 161_000, 170_000), strategies.never)
    assert figures["full"] == 2
    both = total([figures, figures])
    assert (both["full"], both["input"], both["peak"]) == (
        4, 2 * figures["input"], figures["peak"])  # fmt: skip


@pytest.fixture
def transcript(tmp_path: Path) -> Path:
    path = tmp_path / "t.jsonl"
    path.write_bytes(transcript_lines(*session(START, 90_000, 95_000)))
    return path


def test_the_command_tells_the_table_and_what_it_assumes(
    transcript: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate", str(transcript), "--above", "50000", "--every", "2"]) == 0
    out = capsys.readouterr().out
    assert all(f"- {assumption[:30]}" in out for assumption in ASSUMPTIONS)
    assert all(
        name in out for name in ("never", "followed", "ignored", "above", "every 2", "recall")
    )


def test_the_command_tells_programs(transcript: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", str(transcript), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["strategies"]["ours"]["clears"] == 1
    assert told["sessions"][str(transcript)]["never"]["requests"] == 3
    assert told["assumptions"]


def test_a_transcript_without_a_request_has_no_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.jsonl").write_text("not json\n")
    assert main(["simulate", str(tmp_path / "t.jsonl")]) == 0
    assert "1 session" in capsys.readouterr().out


def plan(**fields: Any) -> strategies.Plan:
    return strategies.Plan(**fields)


def test_autopilot_compacts_in_the_middle_of_a_turn_too() -> None:
    entries = [*session(START, 60_000), *turn(9, 130_000, *touching("Bash", "", 8, 110_000))]
    figures = simulated(entries, plan(compacts_at=100_000))
    assert (figures["compactions"], figures["clears"]) == (1, 0)
    assert figures["peak"] < 100_000


def test_what_is_too_large_even_compacted_is_compacted_once_a_turn() -> None:
    figures = simulated(session(90_000, 95_000, 99_000), plan(compacts_at=80_000))
    assert figures["compactions"] <= 3


def test_a_diet_is_what_every_request_carries_less() -> None:
    entries = session(START, 50_000, 60_000)
    found = Simulation(
        {"was": strategies.never, "diet": plan(is_on_diet=True)}, DEFAULTS, TABLE, spared=4_000
    ).run(entries)
    assert found["was"]["input"] - found["diet"]["input"] == 3 * 4_000


@pytest.mark.parametrize(
    ("pause_s", "clears"), [(60, 0), (400, 1)], ids=["a warm cache", "a cold one"]
)
def test_a_cold_return_is_cleared(pause_s: int, clears: int) -> None:
    entries: list[Any] = session(START, 90_000, 95_000)
    for number, one in enumerate(entries):
        seconds = (number // 2) * pause_s + (number % 2)
        one["timestamp"] = f"2026-01-01T00:{seconds // 60:02}:{seconds % 60:02}Z"
    assert simulated(entries, strategies.returning)["clears"] == clears


def test_the_specifications_rules_clear_at_a_size() -> None:
    assert simulated(session(START, 149_000, 151_000, 30_000), strategies.ruled)["clears"] == 1


PRICE = {"from": 0, "input": 4.0, "write_5m": 5.0, "write_1h": 8.0, "read": 0.2, "output": 20.0}
DEARER = {**{name: 2 * value for name, value in PRICE.items()}, "from": 200_000}
PRICES = {"models": {"claude-opus-5-5": [PRICE, DEARER]}}


@pytest.mark.parametrize(
    ("counts", "given", "dollars"),
    [
        pytest.param({"input_tokens": 100}, (1_000, 0, 0), 0.0002, id="read from the cache"),
        pytest.param({"input_tokens": 100}, (1_000, 1_000, 0), 0.004, id="plain input"),
        pytest.param(
            {"cache_creation_input_tokens": 9, "cache_creation": {"ephemeral_1h_input_tokens": 9}},
            (1_000, 1_000, 0), 0.008, id="written for an hour",
        ),
        pytest.param({"cache_creation_input_tokens": 9}, (1_000, 1_000, 0), 0.005,
                     id="written for five minutes"),
        pytest.param({}, (0, 0, 1_000), 0.02, id="answered"),
        pytest.param({"input_tokens": 1}, (250_000, 0, 0), 0.1, id="a large request"),
    ],
)  # fmt: skip
def test_a_request_costs_what_its_kinds_of_tokens_cost(
    counts: dict[str, Any], given: tuple[int, int, int], dollars: float
) -> None:
    bill = bill_of(counts, "claude-opus-5-5-20260901", PRICES)
    assert bill is not None
    assert bill.cost(*given) == pytest.approx(dollars)


def test_a_model_without_a_price_is_counted_in_tokens_only() -> None:
    figures = Simulation({"it": strategies.never}, DEFAULTS, TABLE, prices=PRICES).run(
        session(START, 50_000)
    )["it"]
    assert (figures["cost"], figures["unpriced"]) == (0.0, 2)


def test_the_prices_that_ship_know_the_models_and_say_when_they_were_taken() -> None:
    table = price_table()
    assert table["date"] >= "2026-11-27"
    assert "genai-prices" in table["source"]
    for model in ("claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-4-5-20251001"):
        assert rewriting(model, 100_000, 300)


def test_the_best_point_saves_the_most_and_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(transcript_lines(*session(START, *range(60_000, 166_000, 5_000))))
    found = best_point([str(path)], DEFAULTS)
    assert found is not None
    assert 80_000 <= found.point <= 110_000
    assert in_words(found).startswith(f"at {found.point // 1_000}k: ")
    assert in_words(found).endswith("compactions a session over your last 1 session")


def test_sessions_that_stay_small_have_no_best_point(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(transcript_lines(*session(START, 30_000)))
    assert best_point([str(path)], DEFAULTS) is None
