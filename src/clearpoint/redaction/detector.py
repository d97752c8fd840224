"""Recognizing secrets: the patterns of `detect-secrets`, and some that it lacks. Pure.

Its entropy detectors are left out: commit hashes and ids, which the work needs, look like secrets
to them. Full lane: the library is loaded when a text first asks for it.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from detect_secrets.plugins.aws import AWSKeyDetector
from detect_secrets.plugins.azure_storage_key import AzureStorageKeyDetector
from detect_secrets.plugins.basic_auth import BasicAuthDetector
from detect_secrets.plugins.discord import DiscordBotTokenDetector
from detect_secrets.plugins.github_token import GitHubTokenDetector
from detect_secrets.plugins.gitlab_token import GitLabTokenDetector
from detect_secrets.plugins.npm import NpmDetector
from detect_secrets.plugins.openai import OpenAIDetector
from detect_secrets.plugins.pypi_token import PypiTokenDetector
from detect_secrets.plugins.sendgrid import SendGridDetector
from detect_secrets.plugins.slack import SlackDetector
from detect_secrets.plugins.square_oauth import SquareOAuthDetector
from detect_secrets.plugins.stripe import StripeDetector
from detect_secrets.plugins.telegram_token import TelegramBotTokenDetector

if TYPE_CHECKING:
    from collections.abc import Iterator

LIBRARY = (AWSKeyDetector, AzureStorageKeyDetector, BasicAuthDetector, DiscordBotTokenDetector,
           GitHubTokenDetector, GitLabTokenDetector, NpmDetector, OpenAIDetector,
           PypiTokenDetector, SendGridDetector, SlackDetector, SquareOAuthDetector, StripeDetector,
           TelegramBotTokenDetector)  # fmt: skip
OWN = (
    (
        "Private Key",
        r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----[\s\S]*?(?:-----END[^-\n]*-----|\Z)",
    ),
    ("Anthropic Key", r"sk-ant-[\w-]{16,}"),
    ("OpenAI Key", r"sk-proj-[\w-]{20,}"),
    ("GitHub Token", r"github_pat_\w{22,}"),
    ("Google Key", r"AIza[\w-]{35}"),
    ("npm Token", r"npm_[A-Za-z0-9]{36}"),
    ("Bearer Token", r"\b[Bb]earer\s+([\w.~+/=-]{16,})"),
    ("JSON Web Token", r"eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w+/=-]*)?"),
    (
        "Secret",
        r"(?i)(?:password|passwd|passwort|pwd|secret|api[_-]?key|access[_-]?key|token)"
        r"[\w-]{0,12}[\"'`]?\s{0,3}[:=]{1,2}>?\s{0,3}[\"'`]?"
        r"((?=[^VALUE]*\d)(?=[^VALUE]*[a-z])[^VALUE]{8,})".replace("VALUE", r"\s\"'`,;()\[\]{}<>$"),
    ),
    (
        "Password",
        (
            r"(?i:passwor[dt]|passphrase|passwd|pwd)\b.{0,12}?\s(?:is|ist|to|auf)(?: now| jetzt)?"
            r"[:\s]\s{0,2}[\"'`]?((?=\S*\d)(?=\S*[a-zA-Z])(?=\S*[A-Z!@#$%^&*+?=~])"
            r"[^\s\"'`,;<>()]{7,}[^\s\"'`,;<>().])"
        ),
    ),
)
FEWEST_CHARS = 8
"""A shorter group of a pattern is a part of the secret and not the whole of it."""


def mask(text: str) -> str:
    """The text with a mark in place of each secret."""
    for kind, pattern in PATTERNS:
        text = pattern.sub(partial(_mark, kind), text)
    return text


def _mark(kind: str, found: re.Match[str]) -> str:
    """What stands in place of a match: its last group is the secret where it is long enough."""
    whole = found[0]
    if found.re.groups and len(found[found.re.groups] or "") >= FEWEST_CHARS:
        start, end = found.span(found.re.groups)
        base = found.start()
        return f"{whole[: start - base]}[masked: {kind}]{whole[end - base :]}"
    return f"[masked: {kind}]"


def _patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for kind, pattern in OWN:
        yield kind, re.compile(pattern)
    for plugin in LIBRARY:
        yield from ((plugin.secret_type, pattern) for pattern in plugin.denylist)


PATTERNS = tuple(_patterns())
