"""Waiting for something that can be observed."""

import time
from collections.abc import Callable

POLL_SECONDS = 0.05
TIMEOUT_SECONDS = 60.0


def wait_until(
    predicate: Callable[[], object], what: str, timeout: float = TIMEOUT_SECONDS
) -> None:
    """Poll until the predicate holds; `TimeoutError` names `what` when it does not in time."""
    deadline = time.monotonic() + timeout
    while not predicate():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not seen within {timeout:g} s: {what}")
        time.sleep(POLL_SECONDS)
