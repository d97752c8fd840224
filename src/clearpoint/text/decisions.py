"""Finding the sentences in which something is decided. Pure."""

from __future__ import annotations

from clearpoint.text.keys import Keys, is_statement, matching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

LETS = tuple(f"let's {verb}" for verb in
             ("rename", "set ", "drop ", "keep ", "leave ", "call ", "remove ", "stick ",
              "replace ",
              "skip ", "limit ", "have ", "not ", "only ", "stay ", "change it to",
              "bump ", "postpone ", "abandon "))  # fmt: skip
"""What the user says that decides, whatever it was about."""
DECISIONS = Keys(("decid", "agreed", "use", "chose", "go with", "going with", "let's ",
                  "decision:", "switch to", "settled on", "beschlossen", "wir ", "einigt",
                  "lass uns", "entschieden", "acorda", "usar", "eleg", "optamos"),
             "decided", "agreed", "will use", "we'll use", "i'll use", "let's use", "chosen",
             "let's go with", "go with", "going with", "we chose", "decision:",
             "we should use", "switch to", "settled on", *LETS,
             "결정", "하기로", "합의", "사용하겠", "사용합시다", "쓰기로",
             "決定", "合意", "決めま", "決めた", "することにし", "を使います",
             "使うことにし", "でいきま",
             "决定", "同意", "我们将使用", "我们使用", "就用", "采用", "选择了", "改用",
             "entschieden", "beschlossen", "wir verwenden", "wir nehmen", "wir nutzen", "einigt",
             "lass uns", "wir bleiben bei",
             "decidido", "decidimos", "acordado", "acordamos", "vamos a usar", "usaremos",
             "elegimos", "elegido", "optamos")  # fmt: skip
TOLD = ("decided:", "decision:", "we decided", "we have decided", "we've decided", "we agreed",
        "agreed:", "it was decided", "결정:", "결정했", "決定:", "決めました", "决定:", "我们决定",
        "entschieden:", "beschlossen", "decidido:", "hemos decidido", "decidimos")  # fmt: skip
"""How Claude says that something was decided; what it says it will do is its own way of working."""
TOLD_WITHIN = 24
REQUESTS = ("could ", "can ", "would ", "please ", "i wonder", "maybe ", "perhaps ", "do we ",
            "why ", "what ", "how ")  # fmt: skip
UNDECIDED = ("not decided", "haven't decided", "undecided", "already decided", "to be decided",
             "not agreed", "skill", "subagent", "let me", "if we ", "whether ", "was decided by",
             "noch nicht entschieden", "aún no", "아직", "まだ決", "还没", "let's do it",
             "let's do that", "let's do this", "let's keep going", "let's make sure",
             "use that.", "use it.", "use this.")  # fmt: skip
"""What a sentence holds that only speaks of deciding, or of how Claude goes about its work."""
REVERSALS = ("instead", "no longer", "anymore", "rather than", "changed my mind", "switch to",
             "actually", "scrap ", "not use", "drop ", "revert",
             "대신", "말고", "代わりに", "ではなく", "やめ", "而不是", "改用", "不再", "代替",
             "statt", "doch nicht", "nicht mehr", "en lugar de", "en vez de", "ya no",
             "mejor ")  # fmt: skip


def made(text: str) -> Iterator[str]:
    """The sentences in which something is decided: no questions, nothing left open."""
    for said in matching(text, DECISIONS):
        low = said.lower()
        is_open = any(word in low for word in UNDECIDED) or low.startswith(REQUESTS)
        if is_statement(said) and not is_open and not said.endswith(":"):
            yield said


def told(text: str) -> Iterator[str]:
    """The sentences in which Claude says that something was decided."""
    low = text.lower()
    if any(mark in low for mark in TOLD):
        yield from (said for said in made(text) if _is_told(said.lower()))


def _is_told(low: str) -> bool:
    """Whether a sentence says of itself that it is a decision, and not what follows from one."""
    place = min((low.find(mark) for mark in TOLD if mark in low), default=-1)
    return 0 <= place <= TOLD_WITHIN
