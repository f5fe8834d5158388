"""What keys and words navigate by on each channel, whatever is shown.

On a handset 0 is back and 00 home; in a call `*` is back, 9 repeats and 0 is the operator (service
guide 3.1, 3.6), and each has its words (K24).
"""

from __future__ import annotations

from collections.abc import Mapping
from unicodedata import combining, normalize

from gateway.domain.port import Channel
from gateway.menu.compiled import Move
from gateway.menu.model_settings import SettingsShape

_SPOKEN: tuple[Move, ...] = ("back", "repeat", "operator")


def moves(settings: SettingsShape) -> Mapping[Channel, Mapping[str, Move]]:
    """Key or word -> what it does, per channel."""
    handset: Mapping[str, Move] = {settings.keys.home: "home", settings.keys.back: "back"}
    call: dict[str, Move] = {}
    if settings.voice:
        for move in _SPOKEN:
            call[getattr(settings.voice.keys, move)] = move
            call.update((said(word), move) for word in getattr(settings.voice.say, move))
    return {"ussd": handset, "sms": handset, "voice": call}


def said(word: str) -> str:
    """A word as it is compared: case, blanks and marks over letters do not count."""
    letters = (sign for sign in normalize("NFD", word.casefold()) if not combining(sign))
    return " ".join("".join(letters).split())
