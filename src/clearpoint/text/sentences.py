"""Finding the sentences that matter in what was said: decisions, issues, questions, preferences.

Plain substring tests before any splitting, because this runs at every turn. Code blocks,
headings and quoted lines are not somebody's word and are passed over. Pure.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

SENTENCE_CHARS = 240
SCANNED_CHARS = 40_000
"""As much of one text is looked at; what is longer was pasted."""
ANNOUNCING = (
    "let me ", "let's ", "now let", "now i", "now add", "now update", "now pass", "now run",
    "now the ", "first, ", "next, ", "i'll ", "here's ", "here is ", "i found ", "found it",
    "wait", "good", "excellent", "perfect", "great",
)  # fmt: skip
"""How sentences begin that say what comes next, or nothing."""
ROWS_PARTED = " / "
"""Between rows of an answer that stand on one line."""
FEWEST_CHARS = 5
"""A shorter sentence says nothing by itself, even where words are not parted by spaces."""


class Keys:
    """Words to look for: as they are in any case, in capitals only as written.

    Every lower-case ASCII key holds one of the stems, so that most texts are done with few tests.
    """

    __slots__ = ("capitals", "foreign", "plain", "stems")

    def __init__(self, stems: tuple[str, ...], *keys: str) -> None:
        self.stems = stems
        self.capitals = tuple(key for key in keys if key.isupper())
        self.plain = tuple(key for key in keys if key.isascii() and not key.isupper())
        self.foreign = tuple(key for key in keys if not key.isascii())

    def present(self, text: str) -> list[str]:
        """Those that a text holds."""
        lower = text.lower()
        found = []
        if [stem for stem in self.stems if stem in lower]:
            found = [key for key in self.plain if key in lower]
        if not text.isascii():
            found += [key for key in self.foreign if key in lower]
        return found + [key for key in self.capitals if key in text]


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
PASTE_MARKS = ("❯", "⏺", "⎿", "│", "●", "✻", "$ ", "% ", "+ ", "+++ ", "--- ", "@@",
               "diff --git", "//", "/*", "* @", "PASS", "FAIL", "ok  ", ">>> ", "at ", "✓", "✗",
               "└", "├")  # fmt: skip
"""How lines begin that were printed or are code, and that nobody said."""
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

ENDS = (". ", "! ", "? ", "。", "！", "？")
"""How a sentence ends before another one."""
SEEN_TIMES, SPLIT_TIMES = 20, 3
"""So many times its limit of a text can matter to an excerpt, with its spaces and without."""
PARTED = "\0"
"""Stands between sentences while a line is taken apart."""
ASKED_LAST = 3
SHORT_CHARS = 80
CHOICE_CHARS = 3
CHOOSING = frozenset(("yes", "yep", "yeah", "ok", "okay", "sure", "no", "nope", "go", "both", "all",
                      "let's", "option", "use", "agreed", "1", "2", "3", "4", "a", "b", "c", "ja",
                      "nein", "sí", "si", "네", "예", "아니요", "はい", "いいえ", "是", "好", "对",
                      "oui", "sim"))  # fmt: skip
"""How a reply begins that takes up what was asked."""
OPINIONS = ("i think", "i'd ", "i prefer", "i agree", "ich denke", "creo que")


def matching(text: str, keys: Keys) -> Iterator[str]:
    """The sentences of a text that hold one of the keys, cleaned and cut to one line."""
    present = keys.present(text)
    for line in lines(text) if present else ():
        low = line.lower()
        if any(key in low or key in line for key in present):
            yield from (cut(part) for part in split(line) if keys.present(part))


def decisions(text: str) -> Iterator[str]:
    """The sentences in which something is decided: no questions, nothing left open."""
    for said in matching(text, DECISIONS):
        low = said.lower()
        is_open = any(word in low for word in UNDECIDED) or low.startswith(REQUESTS)
        if is_statement(said) and not is_open and not said.endswith(":"):
            yield said


def told_decisions(text: str) -> Iterator[str]:
    """The sentences in which Claude says that something was decided."""
    low = text.lower()
    if any(mark in low for mark in TOLD):
        yield from (said for said in decisions(text) if _is_told(said.lower()))


def _is_told(low: str) -> bool:
    """Whether a sentence says of itself that it is a decision, and not what follows from one."""
    place = (
        min(low.find(mark) for mark in TOLD if mark in low)
        if any(mark in low for mark in TOLD)
        else -1
    )
    return 0 <= place <= TOLD_WITHIN


def preferences(text: str) -> Iterator[str]:
    """The sentences in which somebody says how things shall be done."""
    for said in matching(text, PREFERENCES):
        if is_statement(said) and not is_idle(said) and _tells(said.lower()):
            yield said


def is_idle(said: str) -> bool:
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


def is_statement(said: str) -> bool:
    """Whether a sentence states something, rather than ask or suppose."""
    low = said.lower()
    enough = said.count(" ") >= 2 or (not said.isascii() and len(said) >= FEWEST_CHARS)
    return (
        enough and not said.endswith(("?", "？")) and not low.startswith(("if ", "falls ", "si "))
    )


def question(text: str) -> str | None:
    """The question that a text ends with, in one of its last sentences; else None.

    A short one means little by itself and comes with the sentence before it.
    """
    if "?" not in text and "？" not in text:
        return None
    said = list(sentences(text))
    places = [at for at in range(len(said))[-ASKED_LAST:] if said[at].endswith(("?", "？"))]
    if not places:
        return None
    asked = said[places[-1]]
    if len(asked) < SHORT_CHARS and places[-1] > 0:
        asked = f"{cut(said[places[-1] - 1], SENTENCE_CHARS // 2)} {asked}"
    return asked


def is_choice(text: str) -> bool:
    """Whether a reply takes up what was asked: it is short, or begins by choosing."""
    first = text.split(maxsplit=1)[0].lower().strip(",.!:;—-") if text.strip() else ""
    lettered = len(first) <= CHOICE_CHARS and first[-1:] == ")"
    begins = lettered or first in CHOOSING or text.lower().startswith(OPINIONS)
    asks = "?" in text or "？" in text or "hmm" in text.lower()
    return (begins or len(text) <= SHORT_CHARS // 2) and len(text) <= SENTENCE_CHARS and not asks


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text outside code blocks, headings, quotes and tables."""
    return (cut(part) for line in lines(text) for part in split(line))


def is_announcement(sentence: str) -> bool:
    """Whether a sentence says what comes next, and nothing of what was found or done."""
    return sentence.endswith(":") or sentence.lower().startswith(ANNOUNCING)


def lines(text: str) -> Iterator[str]:
    """The lines of a text that somebody said, without their marks of lists and stress."""
    in_code = False
    for raw in text[:SCANNED_CHARS].splitlines():
        line = raw.strip()
        if line.startswith("```"):
            in_code = not in_code
        elif line and not in_code and line[0] not in "#>|<" and not is_pasted(line):
            yield _unlisted(line).replace("**", "")


def is_pasted(line: str) -> bool:
    """Whether a line was printed or is code: it has a mark, or a number that lists do not have."""
    if line.startswith(PASTE_MARKS):
        return True
    rest = line.lstrip("0123456789")
    if rest == line:
        return False
    behind = rest.lstrip(" ")
    return behind[:1] in "+|→│:" and behind != "" and not rest[:1].isalpha()


def _unlisted(line: str) -> str:
    """The line without the bullet or the number of a list's item."""
    text = line.lstrip("-*+• ")
    behind = text.lstrip("0123456789")
    is_numbered = behind != text and behind.startswith((". ", ") "))
    return behind[2:].lstrip("-*+• ") if is_numbered else text


def split(line: str) -> Iterator[str]:
    """The sentences of one line."""
    if not any(end in line for end in ENDS):  # as in most lines
        if whole := line.strip():
            yield whole
        return
    for end in ENDS:
        line = line.replace(end, f"{end.rstrip()}{PARTED}")
    for part in line.split(PARTED):
        if said := part.strip():
            yield said


def cut(text: str, limit: int = SENTENCE_CHARS) -> str:
    """The text on one line, cut at a word where it is too long."""
    flat = " ".join(text.split())
    if len(flat) <= limit:
        return flat
    return flat[: limit - 1].rsplit(" ", 1)[0] + "…"


def closed(text: str, limit: int = SENTENCE_CHARS) -> str:
    """As many sentences of a text as there is room for; of a first one that is too long a part.

    Rows may be parted by ` / `. It ends before a code block, and never on a colon.
    """
    flat = " ".join(text[: SEEN_TIMES * limit].partition("```")[0].split())[: SPLIT_TIMES * limit]
    told = ""
    for row in flat.split(ROWS_PARTED):
        for number, one in enumerate(split(row)):
            joint = " " if number else ROWS_PARTED
            longer = f"{told}{joint}{one}" if told else one
            if len(longer) > limit:
                return _unannounced(told or cut(flat, limit))
            told = longer
    return _unannounced(told)


def _unannounced(text: str) -> str:
    """The text without the sentences at its end that announce something with a colon."""
    rows = text.split(ROWS_PARTED)
    while rows and rows[-1].endswith((":", "：")):
        kept = " ".join(list(split(rows.pop()))[:-1])
        rows += [kept] if kept else []
    return ROWS_PARTED.join(rows)
