"""The messages in other languages than English, by code. Pure."""

from __future__ import annotations

from clearpoint.advice.translations import german, japanese, korean

TRANSLATIONS = {"ko": korean.WORDS, "ja": japanese.WORDS, "de": german.WORDS}
