"""Finding the sentences in which somebody says how things shall be done. Pure."""

from __future__ import annotations

from clearpoint.text.keys import Keys, is_statement, matching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

PREFERENCES = Keys(("always", "never", "please", "from now", "prefer", "notice", "stick to",
                    "spelling", "immer", "niemals", "bitte", "ab jetzt", "siempre", "nunca",
                    "favor", "partir", "prefiero"),
               "always ", "never ", "please don't", "please do not", "from now on", "i prefer",
               "i'd prefer", "prefer ", "you notice", "stick to ", "spelling",
               "항상", "절대", "하지 마", "必ず", "絶対に", "常に", "しないで",
               "总是", "始终", "不要", "务必", "immer ", "niemals ", "bitte nicht",
               "ab jetzt", "siempre ",
               "nunca ", "por favor no", "a partir de ahora", "prefiero")  # fmt: skip
ADVERBS = ("always ", "never ", "immer ", "niemals ", "siempre ", "nunca ")
"""Words of a preference only where somebody is told to, not where something is described."""
LOOSE = {"prefer ": (), "stick to ": ("workflow", "convention", "style", "pattern", "rules"),
         "you notice": ("please", "always", "any "),
         "spelling": ("use ", "please", "always")}  # fmt: skip
"""Keys that mean a wish only at the beginning of a sentence, or beside one of these words."""
IDLE = ("never mind", "nevermind", "never said", "never seen", "never heard", "never been",
        "i've never", "i have never", "as always", "always been", "always has", "always have",
        "always was", "never was", "never used", "i always", "i never", "we always", "we never",
        "it always", "it never", "why ")  # fmt: skip
"""How such words stand where nothing is wished."""
TELLING = ("please", "should", "must", "you", "we", "bitte", "antworte", "por",
           "favor", "i")  # fmt: skip


def stated(text: str) -> Iterator[str]:
    """The sentences in which somebody says how things shall be done."""
    for said in matching(text, PREFERENCES):
        if is_statement(said) and not _is_idle(said) and _tells(said.lower()):
            yield said


def _is_idle(said: str) -> bool:
    """Whether a sentence holds a word of preferences, and wishes nothing by it."""
    low = said.lower()
    return any(word in low for word in IDLE)


def _tells(low: str) -> bool:
    """Whether the words mean a wish: they begin the sentence or follow one who is told."""
    found = PREFERENCES.present(low)
    sure = [key for key in found if key not in ADVERBS and key not in LOOSE]
    loose = [key for key in found if key in LOOSE]
    if sure or any(low.startswith(key) or any(word in low for word in LOOSE[key]) for key in loose):
        return True
    places = [low.find(word) for word in ADVERBS if word in low]
    before = low[: min(places)].replace(",", " ").split() if places else []
    return bool(places) and (not before or before[-1] in TELLING)
