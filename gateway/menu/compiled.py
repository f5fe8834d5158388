"""What a checked set of files is compiled to: states, table, texts, settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from gateway.domain.port import Channel
from gateway.menu.machine import Machine
from gateway.menu.screens import Navigation
from gateway.menu.states import Edge, State
from gateway.menu.text import Environment, Text


@dataclass(frozen=True, slots=True)
class Keys:
    """The navigation keys."""

    back: str
    more: str
    home: str


Move = Literal["back", "home", "repeat", "operator"]
"""What a navigation key does."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How a call is led; times in seconds."""

    start: str
    operator: str
    bye: str
    auth: str
    """The ask for the cabinet's password."""
    prove: str
    """The command it leads to; once that was right, what was wanted goes on."""
    no_input: Text
    bad_input: Text
    end: str
    """The key that ends an entry."""
    instant: str
    """Keys that never begin an entry."""
    first_key_seconds: float
    next_key_seconds: float
    silences_max: int
    tries_max: int
    progress_seconds_max: float
    call_seconds_max: float
    words: Mapping[str, tuple[str, str]]
    """Word said -> the menu and the key it chooses."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Said once for the whole set; times in seconds."""

    start: str
    keys: Keys
    tries_max: int
    idle_seconds_max: int
    dialogue_seconds_max: int
    steps_max: int
    utc_offset_seconds: int
    exit: str | None
    """The end state of back at the root."""
    overrun: str
    """The state whose screen ends a walk of more than `steps_max`."""
    moves: Mapping[Channel, Mapping[str, Move]]
    """What keys and words navigate by, per channel."""
    voice: Voice | None

    @property
    def calls(self) -> Voice:
        """How calls are led, in menus that a number called leads to."""
        assert self.voice is not None, "the check wants settings.voice where a number is called"
        return self.voice


@dataclass(frozen=True, slots=True)
class Compiled:
    """The whole set."""

    version: str
    settings: Settings
    states: Mapping[str, State]
    edges: tuple[Edge, ...]
    machine: Machine
    texts: Mapping[str, Text]
    choice_error: Text
    navigation: Navigation
    environment: Environment
    """What filters need beside a value."""
    reads: frozenset[str]
    """The variables that any state reads."""
    titles: Mapping[str, Mapping[str, str]]
    """State -> language -> title, for graphs."""
