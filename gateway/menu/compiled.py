"""What a checked set of files is compiled to: states, table, texts, settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
