"""A menu set: all states of all files, checked and compiled (the signatures; the rest follows)."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.domain.port import Language, Values
from gateway.menu.cursor import Cursor


@dataclass(frozen=True, slots=True)
class Keys:
    """The navigation keys."""

    back: str = "0"
    more: str = "9"
    home: str = "00"


@dataclass(frozen=True, slots=True)
class Settings:
    """Times in seconds."""

    start: str
    keys: Keys
    tries_max: int
    idle_seconds_max: int
    dialogue_seconds_max: int
    steps_max: int
    utc_offset_seconds: int


class MenuSet:
    """Immutable; shared by every dialogue that began on this version."""

    version: str
    settings: Settings

    def has_state(self, state: str) -> bool:
        raise NotImplementedError

    def text(self, text_id: str, language: Language, values: Values) -> str:
        """A text of the message catalogue. Raises KeyError for an unknown id."""
        raise NotImplementedError

    def start(self, state: str | None = None, variables: Values | None = None) -> Cursor:
        """A cursor before its first step: give `step` an `Opened`. None is settings.start."""
        raise NotImplementedError

    def is_deep(self, state: str) -> bool:
        """Whether a dialogue there has gone past its opening screen."""
        raise NotImplementedError
