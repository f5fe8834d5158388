"""Compiled states: what the engine walks on. Slotted, frozen, shared by every dialogue.

Rule: whatever can be known before a subscriber comes is worked out here: screens without
variables per language, keys to options, triggers, expectations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gateway.domain.port import Channel, Choice, Confirm, Expect, Language, Screen
from gateway.domain.values import Value, Values
from gateway.menu.answers import Read
from gateway.menu.guards import Guard
from gateway.menu.text import Text

OPTION = "option "
PICKED = "picked"
ANSWERED = "answered"
CASE = "case "
ELSE = "else"
TIMEOUT = "timed out"
TRIES = "tries exceeded"


def rows_of(variables: Values, name: str) -> tuple[Values, ...]:
    """The rows a variable holds; none where it is not set."""
    rows = variables.get(name)
    return rows if isinstance(rows, tuple) else ()


@dataclass(frozen=True, slots=True)
class Rows:
    """Lines made of a variable that holds rows."""

    variable: str
    line: Text
    empty: Text | None


@dataclass(frozen=True, slots=True)
class Option:
    """One choice; `commits`: it leads straight into a command that moves money."""

    id: str
    key: str
    text: Text
    trigger: str
    commits: bool = False
    confirm: Confirm = ""
    level: str | None = None
    when: Guard | None = None
    when_blocked: bool = False
    sets: Mapping[str, Value] = field(default_factory=dict)
    choices: Mapping[Language, Choice] = field(default_factory=dict)
    """Ready, where the label has no variables."""


@dataclass(frozen=True, slots=True)
class Pick:
    """Options made of a variable that holds rows."""

    variable: str
    label: Text
    take: tuple[str, ...]
    """The fields of the chosen row that become variables."""
    keys: tuple[str, ...]
    """The key of each row; rows beyond the last are not shown."""
    empty: Text | None

    def rows(self, variables: Values) -> Iterator[tuple[str, Values]]:
        """Key and row of each option."""
        return zip(self.keys, rows_of(variables, self.variable), strict=False)

    def chosen(self, key: str, variables: Values) -> Values | None:
        """What choosing `key` sets; None where no row has it."""
        row = next((row for each, row in self.rows(variables) if each == key), None)
        return None if row is None else {name: row.get(name) for name in self.take}


@dataclass(frozen=True, slots=True)
class _Any:
    id: str
    level: str | None
    when_blocked: bool


@dataclass(frozen=True, slots=True)
class Shown(_Any):
    """A state with a screen."""

    texts: Mapping[Channel, Text | None]
    rows: Rows | None
    names: Mapping[Channel, tuple[str, ...]]
    """The variables its screen is made of."""
    options: tuple[Option, ...]
    pick: Pick | None
    expect: Expect
    names_keys: bool
    """Its wording for a call names the keys itself."""
    again: Text | None
    """What a call hears instead where it is said once more."""
    barge_in: bool
    """A key stops what a call hears."""
    ready: Mapping[tuple[Channel, Language, bool], Screen]
    """Screens that need no variables; the last key is whether there is a way back."""


@dataclass(frozen=True, slots=True)
class Menu(Shown):
    by_key: Mapping[str, Option]


@dataclass(frozen=True, slots=True)
class Ask(Shown):
    variable: str
    read: Read
    """The typed text -> the value, or None where it does not fit."""
    invalid: Text
    commits: bool
    takes_zero: bool
    """`0` is an answer here, so it is no way back."""


@dataclass(frozen=True, slots=True)
class Info(Shown):
    pass


@dataclass(frozen=True, slots=True)
class End(Shown):
    result: str


@dataclass(frozen=True, slots=True)
class Do(_Any):
    command: str
    constants: Values
    variables: tuple[tuple[str, str], ...]
    """(argument, variable) pairs."""
    forgets: frozenset[str]
    """Variables that hold a secret and are dropped once the command has answered."""
    confirm: bool
    needs: str
    """The level of the command."""
    triggers: frozenset[str]
    """The outcomes that have a branch; any other takes `else`."""


@dataclass(frozen=True, slots=True)
class Route(_Any):
    cases: tuple[tuple[Guard, str], ...]
    """(guard, trigger), in their order."""
    channels: Mapping[str, frozenset[Channel]]
    """Trigger -> the channels that may take it."""


Waiting = Menu | Ask | Info
State = Menu | Ask | Info | End | Do | Route


@dataclass(frozen=True, slots=True)
class Edge:
    """One row of the transition table."""

    source: str
    trigger: str
    target: str
    default: bool = False
    """Said by the settings, not by the state."""
    guard: str = ""
    """When it may be taken, as it is written; empty: always."""


def takes_zero(state: Shown) -> bool:
    """Whether `0` is an answer."""
    return isinstance(state, Ask) and state.takes_zero


def is_answer(state: Shown, typed: str, move: str) -> bool:
    """Whether a navigation key is an answer here: `0` to an amount that may be none, and in a call
    `9` to whatever is typed."""
    return takes_zero(state) if typed == "0" else isinstance(state, Ask) and move == "repeat"
