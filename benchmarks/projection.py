"""How well the next request's size is known before it is made, on real transcripts.

usage: python benchmarks/projection.py FOLDER_OF_TRANSCRIPTS [--times 1.3] [--model claude-opus-5]

With --times all counts are multiplied, as another tokenizer would; with --model all answers are
another model's, so that its prior applies.

Each request but a session's first is predicted from what stands before it in the transcript, by
the folds that the hooks use, and compared with its own input side (input, cache creation and
cache read). Cold: each session starts knowing nothing. Warm: with what all the other sessions of
the folder have learned, each of them from a cold start. Beside it the baselines: the newest usage
alone; that request's input and a quarter token per character written since it began; the same
with the tokens of cl100k_base.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from clearpoint.tokens import encoder, projection, usage
from clearpoint.tokens.counts import counts_of, input_of
from clearpoint.transcript.fast_decoder import decode
from clearpoint.transcript.reader import Transcript

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from clearpoint.models.usage import Learner, Usage
    from clearpoint.transcript.entry import Entry

CHARS_PER_TOKEN = 4
METHODS = ("clearpoint cold", "clearpoint warm", "last usage", "chars/4", "cl100k_base")
SHARES = (0.5, 0.95, 0.99)


class Request(NamedTuple):
    """One request, predicted by every method."""

    model: str
    carried: int
    compacted: bool
    """Whether it is the first after a compaction."""
    predicted: dict[str, int]


class Written:
    """The text written since the newest request began, as the baselines see it."""

    def __init__(self) -> None:
        self.chars = 0
        self.tokens = 0

    def take(self, entry: Entry) -> None:
        """Add the text of an entry."""
        for text in texts_of(entry):
            self.chars += len(text)
            self.tokens += encoder.count(text)


def main() -> None:
    """Print the table for the transcripts in a folder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--times", type=float, default=1.0)
    parser.add_argument("--model")
    asked = parser.parse_args()
    sessions = [read(path) for path in sorted(asked.folder.glob("*.jsonl"))]
    if not any(sessions):
        parser.error(f"no transcripts (*.jsonl) in {asked.folder}")
    for session in sessions:
        for entry in session:
            pretend(entry, asked.times, asked.model)
    learners = [projection.new_learner() for _ in sessions]
    cold = [predict(*pair) for pair in zip(sessions, learners, strict=True)]
    requests = [request for session in cold for request in session]
    place = 0
    for number, session in enumerate(sessions):
        others = (learner for other, learner in enumerate(learners) if other != number)
        for again in predict(session, projection.merge(others), baselines=False):
            requests[place].predicted["clearpoint warm"] = again.predicted["clearpoint cold"]
            place += 1
    models = sorted({request.model for request in requests})
    for model in models:
        show(model, [request for request in requests if request.model == model])
    show("all models", requests)
    show("but for compactions", [request for request in requests if not request.compacted])


def pretend(entry: Entry, times: float, model: str | None) -> None:
    """Have another tokenizer count a response, or another model give it."""
    message = entry.get("message") or {}
    if counts_of(entry) is None:
        return
    counted: Any = message["usage"]
    for name, value in counted.items():
        if isinstance(value, int):
            counted[name] = round(value * times)
    if model:
        message["model"] = model
        entry.pop("requestedModel", None)


def read(path: Path) -> list[Entry]:
    """The entries of a transcript."""
    transcript = Transcript(str(path), None)
    try:
        return list(transcript.entries(decode))
    finally:
        transcript.close()


def predict(entries: Iterable[Entry], learner: Learner, *, baselines: bool = True) -> list[Request]:
    """Every request of a session but the first, as predicted just before it."""
    counted = usage.new_usage()
    counted["learner"] = learner
    written = Written()
    requests: list[Request] = []
    for entry in entries:
        if entry.get("isSidechain"):
            continue
        carried = begun(counted, entry)
        if carried:
            if counted["requests"]:
                model = entry["message"].get("model") or "unknown"
                compacted = not counted["since_boundary"]
                predicted = predictions(counted, written)
                requests.append(Request(model, carried, compacted, predicted))
            written = Written()
        elif entry.get("subtype") == "compact_boundary":
            written = Written()
        usage.fold(counted, entry)
        if baselines:
            written.take(entry)
    return requests


def begun(counted: Usage, entry: Entry) -> int:
    """The input side of the request whose response begins with this entry; 0 for any other."""
    counts = counts_of(entry) if entry.get("type") == "assistant" else None
    if counts is None or entry["message"].get("id") == counted["message_id"]:
        return 0
    return input_of(counts)


def predictions(counted: Usage, written: Written) -> dict[str, int]:
    """What each method expects of the next request."""
    base = counted["input"] if counted["since_boundary"] else counted["overhead"]
    return {
        "clearpoint cold": usage.projected(counted)[0],
        "last usage": base + counted["output"],
        "chars/4": base + written.chars // CHARS_PER_TOKEN,
        "cl100k_base": base + written.tokens,
    }


def texts_of(value: Any) -> Iterator[str]:
    """The texts of an entry that are sent to the model."""
    message = value.get("message") or {}
    content = message.get("content") if value.get("type") != "attachment" else value.get("rendered")
    if isinstance(content, str):
        yield content
    for block in content if isinstance(content, list) else ():
        yield from strings(
            [block.get(name) for name in ("text", "thinking", "name", "input", "content")]
        )


def strings(value: Any) -> Iterator[str]:
    """Every text in a JSON value but those of images."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key != "source":
                yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def show(title: str, requests: list[Request]) -> None:
    """Print the errors of every method over these requests."""
    print(f"{title}: {len(requests)} requests")
    print(f"  {'':16} {'MAPE %':>8} {'median':>8} {'p95':>8} {'p99':>8}  tokens of error")
    for method in METHODS:
        errors = sorted(abs(one.predicted[method] - one.carried) for one in requests)
        shares = [abs(one.predicted[method] - one.carried) / one.carried for one in requests]
        mean = 100 * sum(shares) / len(shares)
        marks = [errors[min(len(errors) - 1, int(share * len(errors)))] for share in SHARES]
        print(f"  {method:16} {mean:8.3f} {marks[0]:8,} {marks[1]:8,} {marks[2]:8,}")


if __name__ == "__main__":
    main()
