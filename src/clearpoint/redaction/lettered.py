"""Whether letters alone are a password that a sentence tells: the last word of a clause. Pure."""

from __future__ import annotations

from clearpoint.redaction import values
from clearpoint.redaction.prose import FORMS, WORDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

OWNERS = frozenset(
    "my our the your mon ma le la mi mis el meu minha mein meine unser il mia mio \u043c\u043e\u0439 wifi admin root use using with and new old db user und et y".split()
)
SETTERS = frozenset(
    "set change changed reset setze \xe4ndere change cambia muda altere ge\xe4ndert".split()
)
OPENING = "\"'`\u201c\u2018\u00ab\u201e\u300c"
ENDING = ".,;!?)\n\"'"
OF_WORDS = frozenset(
    "root admin administrator wifi wi-fi db database master default server ssh vpn sudo user account login email mail".split()
)
"""Whose password it is, behind the name: `le mot de passe root est X`."""
OF = tuple(
    f"{word} "
    for word in "for f\xfcr pour para per on of from to par por by de do da di del du des von vom".split()
)
CLAUSE_WORDS = 3
ABOUT = frozenset(
    "no not any every each if when forgot forgotten wrong invalid missing same hashed no-one".split()
)
USES = frozenset(
    "use uses using used with try enter type avec con mit utilise usa nimm verwende".split()
)
ARTICLES = frozenset("dem der das den".split())
TELLING = frozenset("\u2192 -> => c'est is lautet ist est es hei\xdft \xe9 \xe8 as".split())
"""Verbs behind which a word is the password itself."""
LAST = (
    "to ",
    "auf ",
    "by ",
    "par ",
    "por ",
    "voil",
    "today",
    "here",
    "now",
    "then",
    "jetzt",
    "maintenant",
    "ahora",
    "s'il",
    "obrigado",
    "from now",
    "for ",
    "on ",
    "f\xfcr ",
    "pour ",
    "para ",
    "per ",
    "and ",
    "und ",
    "ok",
    "please",
    "btw",
    "thanks",
    "thx",
    "fyi",
    "bitte",
    "danke",
    "merci",
    "gracias",
)
"""What ends a sentence that tells a word."""


def is_lone_word(match: re.Match[str], value: str) -> bool:
    """Whether letters alone after a user are the password: `user bob, password X`, `creds: bob:X`."""
    behind = match.string[match.start("v") + len(value) :][:1]
    is_word = value.isalpha() and value.islower() and len(value) >= 6
    return (
        is_word
        and behind in ("", *ENDING, " ")
        and value not in WORDS
        and not value.endswith(FORMS)
    )


def is_told_word(match: re.Match[str], value: str) -> bool:
    """Whether letters alone are a password that is told: quoted, or the last word of a clause."""
    if not value.isalpha() or len(value) < 6 or value.lower() in WORDS:
        return False
    if values.is_scrambled(value):
        return True
    of = match["of"].strip().lower()
    is_set = (match["sign"] or match["verb"] or "") in (":", "\uff1a") and " " not in of
    if of and of not in OF_WORDS and not of.startswith(OF) and not is_set:
        return False
    if match.string[match.start("v") - 1] in OPENING:
        return True
    rest = match.string[match.start("v") + len(value) :][:12].lower()
    is_last = not rest.strip() or rest[0] in ENDING or rest.lstrip().startswith(LAST)
    verb = (match["verb"] or match["sign"] or "").lower()
    if verb in ("", ":", "\uff1a", "="):
        is_said = ((bool(of) and verb == "=") or is_clause(match)) and (
            verb != "=" or len(value) >= 8
        )
    elif verb in ("to", "auf", "en", "a", "from", "von", "de"):
        is_said = is_set_to(match)
    else:
        is_said = verb in TELLING
    return (
        is_last
        and is_said
        and value.islower()
        and (verb in ("lautet", "hei\xdft") or not value.endswith(FORMS))
    )


def is_used(match: re.Match[str], value: str) -> bool:
    """Whether somebody uses letters alone as a password: `log in with the password X`."""
    head = match.string[max(0, match.start() - 32) : match.start()].lower().split()
    if len(head) > 1 and head[-1] in ARTICLES.union(OWNERS) - USES:
        head.pop()
    rest = match.string[match.start("v") + len(value) :][:12].lower()
    is_last = not rest.strip() or rest[0] in ENDING or rest.lstrip().startswith(LAST)
    is_password = (
        match["name"].lower().startswith(("pass", "pw", "kenn", "mdp", "mot", "contra", "senha"))
    )
    is_next = not match.string[match.end("name") : match.start("v")].strip(" \t:(" + OPENING)
    is_given = is_password and is_next and bool(head) and head[-1] in USES
    return is_given and is_last and is_lone_word(match, value)


def is_clause(match: re.Match[str]) -> bool:
    """Whether a name begins a clause, or is somebody's: `my password: X`, `the password's X`."""
    head = match.string[max(0, match.start() - 24) : match.start()]
    word = head.split()[-1:]
    clause = head
    for sign in "\n.,;!?:(":
        clause = clause.rpartition(sign)[2]
    if len(head) < 24 or clause != head:
        words = clause.strip(" *->\"'`").split()
        if len(words) <= CLAUSE_WORDS and all(map(is_plain_word, words)):
            return True
    is_first = not head.strip(" \t*->\"'`") or head.rstrip(" *")[-1:] in "\n.,;!?:([|/-"
    return is_first or (bool(word) and word[0].lower() in OWNERS)


def is_plain_word(word: str) -> bool:
    """Whether a word before a name is one of a sentence, and no rule about passwords."""
    return word.replace("-", "").isalpha() and word.lower() not in (*WORDS, *ABOUT)


def is_set_to(match: re.Match[str]) -> bool:
    """Whether somebody sets it: `set the password to X`."""
    head = match.string[max(0, match.start() - 40) : match.start()].lower().split()
    return any(word in SETTERS for word in head)
