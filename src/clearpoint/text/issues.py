"""What is wrong: the sentences that name an open issue, and those that say it is fixed. Pure.

Plain substring tests before any splitting, because this runs at every turn.
"""

from __future__ import annotations

from clearpoint.text import sentences
from clearpoint.text.keys import Keys, is_statement, matching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

ISSUES = Keys(("bug", "fail", " work", "issue", "broken", "not yet", "fehler", "funktion",
               "funciona", "error en", "fallando"),
          "TODO", "FIXME", "BUG:", "known issue", "still fails", "still failing", "not yet fixed",
          "there's a bug", "there is a bug", "found a bug", "a bug in", "doesn't work",
          "does not work", "is broken", "still broken", "not working",
          "버그", "작동하지 않", "동작하지 않", "バグ", "不具合", "動かない", "動きません",
          "不工作", "无法工作", "有个问题", "ein fehler in", "funktioniert nicht", "schlägt fehl",
          "no funciona", "un error en", "sigue fallando")  # fmt: skip
NO_ISSUES = ("no longer", "not broken", "n't broken", "n't fail", "not fail", "never fail",
             "no bug", "no known issue", "without ", "was broken", "used to ", "so that",
             "to check", "to see", "to verify", "to ensure", "to confirm", "to make sure",
             "in case", "whether", "unless", "test that", "tests that", "test for", "would ",
             "could ", "might ", "even if", "handles ", "fixed", "fixes", "resolved", "previously",
             "were failing", "was failing", "failing before", "before my", "before our",
             "expected to", "should fail", "suspect", "if there", "alternatively", "let me ",
             "with todo", "or it's", "simulat", "nothing is broken", "kein fehler", "nicht mehr",
             "ya no", "더 이상", "もう", "不再")  # fmt: skip
"""What a sentence holds that names no issue of now: a negation, a purpose, a case, the past."""
MARKED = ("TODO", "FIXME", "BUG:")
FOUND = Keys(
    ("bug", "issue", "problem", "because", "being ", "wired", "missing", "undefined",
     "exposed", "silently", "invisible", "causing", "failing", "dropped", "drops ",
     "don't have", "overlooked", "too generous", "picking up", "never ", "severity", "failure"),
    "silently drops", "silently returns", "silently skip", "silently ignore", "are invisible",
    "is invisible", "is causing", "tests failing", "tests are failing because", "is dropped",
    "are dropped", "drops everything", "is never called", "are never called", "too generous",
    "also picking up", "don't have trailers", "medium severity", "high severity", "never set",
    "missing integration tests", "missing tests",
    "is a bug", "a real bug", "real bug is", "the issue is that", "main issue is",
    "problem is that",
    "an issue - ", "had an issue", "fails because", "fail because", "isn't being",
    "is not being", "never wired", "are missing", "is missing", "is undefined", "'s undefined",
    "also a problem", "not exposed")  # fmt: skip
"""What is said of a cause that was found; it is open unless Claude goes on to fix it."""
AT_ONCE = ("let me fix", "let me add", "let me update", "let me correct", "let me implement",
           "let me remove", "let me replace", "let me change", "let me apply", "let me handle",
           "i'll fix", "i'll add", "i'll update", "i'll correct", "i'll implement", "i will fix",
           "now fix", "fixing", "i need to fix", "i need to add", "now let me", "need to update",
           "i need to use", "i need to deduplicate", "let me use", "let me wrap", "let me enhance",
           "let me rewrite", "let me re-", "let me stop", "let me install", "let me edit",
           "root cause", "summary", "fixed")  # fmt: skip
"""What a message holds that goes on to fix what it has found, or tells of work that is done."""
LOOKING = "let me add some debug"
"""What only looks further into a cause."""
FIXED = ("fixed", "resolved", "solved", "works now", "now works", "passes now", "now passes",
          "no longer fails", "behoben", "funktioniert jetzt", "arreglado", "corregido", "고쳤",
          "修正しました", "修好")  # fmt: skip
NOT_FIXED = ("not fixed", "n't fixed", "to be fixed", "not yet", "be fixed", "if ", "once ",
              "not resolved",
              "unresolved", "get fixed", "fixed-")  # fmt: skip
FAILURES = ("still fail", "schlägt fehl", "sigue fallando")
"""Issues that a passing run of all tests settles."""


def named(text: str) -> Iterator[str]:
    """The sentences that name something that is wrong now."""
    yield from _open(text, ISSUES)
    low = text.lower()
    low = low.replace(LOOKING, "")
    if FOUND.present(text) and not any(mark in low for mark in AT_ONCE):
        yield from _open(text, FOUND)


def is_cause(said: str) -> bool:
    """Whether an issue is only a cause that was found, which the next change may well fix."""
    return not ISSUES.present(said) and bool(FOUND.present(said))


def _open(text: str, keys: Keys) -> Iterator[str]:
    """The sentences with one of these keys that state it of now."""
    for said in matching(text, keys):
        low = said.lower()
        is_denied = any(word in low for word in NO_ISSUES) or low.startswith(("when ", "since "))
        is_marked = said.startswith(MARKED)
        if is_statement(said) and (is_marked or not is_denied):
            yield said


def fixed(text: str) -> Iterator[str]:
    """The sentences in which something is said to be fixed."""
    low = text.lower()
    for line in sentences.lines(text) if any(word in low for word in FIXED) else ():
        yield from (said for said in sentences.split(line) if _is_fixed(said.lower()))


def _is_fixed(low: str) -> bool:
    return any(word in low for word in FIXED) and not any(word in low for word in NOT_FIXED)
