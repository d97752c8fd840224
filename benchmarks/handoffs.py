"""What handoffs cost and save: tokens, refusals, and many at once. Times are in latency.py.

usage: python benchmarks/handoffs.py [--corpus ../shared/corpus]

Tokens are cl100k_base. The full context is what the conversation holds when the handoff is made, by
the client's own count.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clearpoint.config.defaults import DEFAULTS
from clearpoint.handoffs import HandoffError, checksum, validate
from clearpoint.handoffs.create import make, new_id
from clearpoint.handoffs.history import told
from clearpoint.handoffs.record import Record
from clearpoint.handoffs.render import minimal_context
from clearpoint.session import state as session
from clearpoint.store.store import Store
from clearpoint.tokens import encoder
from clearpoint.transcript.fast_decoder import decode
from clearpoint.transcript.reader import Transcript

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from clearpoint.handoffs.shapes import PlainPackage
    from clearpoint.models.state import State

NOW = "2026-01-01T00:00:00Z"
NUMBER = 1_000
AT_ONCE = 50
SETTINGS = {**DEFAULTS["handoffs"], "outside": "deny", "unknown_agents": False}
PAIRS = [(giver, taker) for giver, takers in SETTINGS["matrix"].items() for taker in takers]  # type: ignore[attr-defined]


def package_of(state: State, folder: str, **changes: Any) -> PlainPackage:
    """A package of a session's state."""
    given: dict[str, Any] = {
        "from_agent": "spec-builder",
        "to_agent": "backend-expert",
        "now": NOW,
        "store": Store(folder),
        "project": state["system"]["cwd"] or "/",
        "available": 100_000,
        "measure": encoder.count,
        **changes,
    }
    return make(state, DEFAULTS, **given).package


def sizes(corpus: Path) -> None:
    """Print the tokens of packages against the full contexts that they replace."""
    shares, given, whole = [], [], []
    for path in sorted(corpus.glob("*.jsonl")):
        state = session.new_state("bench", NOW, DEFAULTS)
        session.fold(state, Transcript(str(path), None).entries(decode), DEFAULTS)
        full = state["usage"]["used"]
        if full:
            tokens = encoder.count(minimal_context(package_of(state, "/"), place=".clearpoint/x"))
            given.append(tokens)
            whole.append(full)
            shares.append(100 * tokens / full)
    if not shares:
        print("sizes: skipped, they need transcripts in", corpus)
        return
    print(
        f"{len(shares)} sessions: a package takes {statistics.median(given):,.0f} tokens (median; "
        f"at most {max(given):,}), the full context {statistics.median(whole):,.0f}: "
        f"{statistics.median(shares):.2f} % of it (at most {max(shares):.2f} %)"
    )


def valid(chance: random.Random) -> PlainPackage:
    """A random package that is to be accepted."""
    giver, taker = chance.choice(PAIRS)
    words = ["we", "use", "the", "token", "cache", "for", "every", "route", "of", "this", "service"]

    def texts(most: int) -> list[str]:
        return [
            " ".join(chance.choices(words, k=chance.randint(1, 20)))
            for _ in range(chance.randint(0, most))
        ]

    package: PlainPackage = {
        "handoff_id": new_id(),
        "from_agent": giver,
        "to_agent": taker,
        "session_context": {
            "session_id": f"s-{chance.randrange(1 << 40):x}",
            "model": chance.choice([None, "claude-opus-5-5", "claude-sonnet-4-6"]),
            "context_position": chance.randrange(1_000) / 10,
            "available_tokens": chance.randrange(30_000, 1_000_000),
            "user_language": chance.choice([None, "en", "ko"]),
        },
        "task_context": {
            "spec_id": chance.choice([None, "SPEC-AUTH-001"]),
            "current_phase": "implementation",
            "completed_steps": texts(8),
            "next_step": chance.choice([None, "Write the tests."]),
            "key_artifacts": {
                f"{name}.py": f"src/{name}.py" for name in words[: chance.randint(0, 8)]
            },
            "critical_decisions": texts(12),
            "blocking_issues": texts(8),
        },
        "recovery_info": {
            "last_checkpoint": None,
            "recovery_tokens_reserved": 55_000,
            "session_fork_available": True,
        },
        "predecessor": None,
        "created_at": NOW,
        "checksum": "",
    }
    sealed: PlainPackage = resealed(package)
    return sealed


def resealed(package: Any) -> Any:
    """The package with the checksum that fits it."""
    return {**package, "checksum": checksum.checksum_of(package)}


def changed_somewhere(package: Any, chance: random.Random) -> Any:
    """One character of one text, or one number, is another; everything else fits."""
    places: list[tuple[Any, str, Callable[[Any], Any]]] = [
        (package["session_context"], "available_tokens", lambda value: value + 1),
        (package["task_context"], "current_phase", lambda value: value + "x"),
        (package["recovery_info"], "session_fork_available", lambda value: not value),
        (package["session_context"], "context_position", lambda value: value + 0.1),
        (package, "created_at", lambda value: value.replace("2026", "2027")),
    ]
    holder, key, change = chance.choice(places)
    holder[key] = change(holder[key])
    return package


def without_a_field(package: Any, chance: random.Random) -> Any:
    """One field is missing; the checksum fits what is left."""
    holder = chance.choice([package, package["task_context"], package["session_context"]])
    del holder[chance.choice([key for key in holder if key != "checksum"])]
    return resealed(package)


def with_a_path_outside(package: Any, chance: random.Random) -> Any:
    """One artifact is outside the project."""
    path = chance.choice(["/etc/passwd", "../secret", "a/../../b", "C:\\x", "~/.ssh/id"])
    package["task_context"]["key_artifacts"]["x"] = path
    return resealed(package)


def of_an_odd_pair(package: Any, chance: random.Random) -> Any:
    """The pair of agents is not in the matrix."""
    package["from_agent"], package["to_agent"] = chance.choice(
        [
            ("docs-manager", "spec-builder"),
            ("quality-gate", "backend-expert"),
            ("x", "docs-manager"),
        ]
    )
    return resealed(package)


def beyond_its_budget(package: Any, chance: random.Random) -> Any:
    """Less is available than it takes."""
    package["session_context"]["available_tokens"] = chance.randrange(100)
    package["task_context"]["critical_decisions"] = ["We decided to use the cache."] * 3
    return resealed(package)


FAULTS: dict[str, tuple[str, Callable[[Any, random.Random], Any]]] = {
    "changed after it was made": ("IntegrityError", changed_somewhere),
    "without a field": ("PackageError", without_a_field),
    "with a path outside": ("PackageError", with_a_path_outside),
    "of a pair outside the matrix": ("AgentCompatibilityError", of_an_odd_pair),
    "beyond its budget": ("TokenBudgetError", beyond_its_budget),
}


def outcomes(number: int, seed: int = 6) -> Iterator[tuple[str, str, str]]:
    """Kind, expected and real outcome of random handoffs, every other one valid."""
    chance = random.Random(seed)  # noqa: S311
    for place in range(number):
        package: Any = valid(chance)
        kind, expected = "valid", "accepted"
        if place % 2:
            kind = chance.choice(list(FAULTS))
            expected, spoil = FAULTS[kind]
            package = spoil(package, chance)
        try:
            taken, _ = validate.taken(json.dumps(package).encode())
            validate.admit(taken, SETTINGS, measure=encoder.count)  # type: ignore[arg-type]
            found = "accepted"
        except HandoffError as error:
            found = type(error).__name__
        yield kind, expected, found


def refusals() -> None:
    """Print how many random handoffs had the outcome that they should have."""
    right: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for kind, expected, found in outcomes(NUMBER):
        every[kind] += 1
        right[kind] += expected == found
    for kind, number in every.items():
        print(f"{kind:30} {right[kind]:4} of {number:4} rightly decided")


MAKER = """
import sys
from clearpoint.handoffs.pipeline import HandoffService
desk = HandoffService(sys.argv[1], sys.argv[1] + "/.clearpoint", {})
desk.create("bench", "spec-builder", "backend-expert")
"""


def at_once() -> None:
    """Print how many of the handoffs are there that many processes make at once."""
    with tempfile.TemporaryDirectory() as folder:
        from clearpoint import Session

        Session.create(folder, "bench").update_work(decision="Use JWT.")
        running = [subprocess.Popen([sys.executable, "-c", MAKER, folder]) for _ in range(AT_ONCE)]
        failed = sum(one.wait() != 0 for one in running)
        record = Record(Store(folder + "/.clearpoint"), "bench")
        whole = [record.read(name) for name in told(record.lines(), "bench").handoffs]
        print(f"{AT_ONCE} processes at once: {len(whole)} handoffs recorded, {failed} failed")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    arguments = parser.parse_args()
    sizes(arguments.corpus)
    refusals()
    at_once()


if __name__ == "__main__":
    main()
