"""Phrases: the words of one recording, and the key by which it is found.

Rule: marks and case are how a phrase is written, not what is heard; the key leaves them out, so a
comma set right does not lose a recording.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from gateway.domain.port import Language

VoiceLanguage = Literal["ru", "en"]

PAUSE: Final = ","
"""A short silence between groups; of its own, no phrase has that key."""

_VOICES: Final[dict[Language, VoiceLanguage]] = {"ru": "ru", "en": "en", "ru-Latn": "ru"}
_SEPARATORS: Final = ' \t\n.,:;!?-–—«»"()'
_SOUNDED: Final = re.compile(r"[\w*#+%]+")


def voice_of(language: Language) -> VoiceLanguage:
    """The language a subscriber's language is spoken in: Latin letters are for the eye only."""
    return _VOICES[language]


def phrase(text: str) -> str:
    """A stretch of text between fields as a phrase: blanks collapsed, the marks before it and the
    commas after it left out (the last full stop is heard). Empty where nothing is to be said."""
    if not _SOUNDED.search(text):
        return ""
    return " ".join(text.split()).lstrip(_SEPARATORS).rstrip(" ,:;-–—")


def phrase_key(text: str) -> str:
    """`Счёт и платежи - один.` -> `счет и платежи один`."""
    return " ".join(_SOUNDED.findall(text.casefold().replace("ё", "е")))
