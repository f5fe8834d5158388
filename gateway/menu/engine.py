"""The menu set: what the rest of the house holds of the menus, and `step`.

Rule: a menu set never changes; a reload makes another, and a dialogue finishes on the version it
began with.
"""

from __future__ import annotations

from gateway.domain.port import Event, Facts, Language, Speech
from gateway.domain.values import Values
from gateway.menu.call import CallWalk
from gateway.menu.compiled import Compiled, Keys, Settings
from gateway.menu.cursor import Cursor, Move
from gateway.menu.states import Waiting
from gateway.menu.step import EventUnexpected, MenuError, StateUnknown, Step
from gateway.menu.text import Convert, Field, convert, latin
from gateway.menu.walk import Walk

__all__ = [
    "Cursor",
    "EventUnexpected",
    "Keys",
    "MenuError",
    "MenuSet",
    "Move",
    "Settings",
    "StateUnknown",
    "Step",
    "step",
]


class MenuSet:
    """All states of all files, checked and compiled; shared by every dialogue of its version."""

    __slots__ = ("_guards", "compiled", "settings", "version")

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.version = compiled.version
        self.settings = compiled.settings
        edges = compiled.edges
        self._guards = {(each.source, each.trigger): each.guard for each in edges if each.guard}

    def start(self, state: str | None = None, variables: Values | None = None) -> Cursor:
        """A cursor before its first step (give `step` an `Opened`); None is settings.start.
        Raises StateUnknown."""
        cursor = Cursor(state or self.settings.start, variables=dict(variables or {}))
        self.require(cursor)
        return cursor

    def require(self, cursor: Cursor) -> None:
        """Raises StateUnknown where the cursor, or its way back, is not of this set."""
        states = self.compiled.states
        for state in (cursor.state, *cursor.stack):
            if state not in states:
                raise StateUnknown(state)

    def waits(self, cursor: Cursor) -> bool:
        """Whether it stands where the subscriber is waited for."""
        return isinstance(self.compiled.states[cursor.state], Waiting)

    def guard(self, move: Move) -> str:
        """Why a move was open, as the file says it; empty where it always is."""
        source, trigger, _target = move
        return self._guards.get((source, trigger), "")

    def has_state(self, state: str) -> bool:
        """Whether a short code may lead there."""
        return state in self.compiled.states

    def has_text(self, text_id: str) -> bool:
        """Whether the message catalogue has it."""
        return text_id in self.compiled.texts

    def reads(self, variable: str) -> bool:
        """Whether any state reads a variable of that name."""
        return variable in self.compiled.reads

    def writer(self, field: Field, language: Language) -> Convert:
        """How a value of that field is written. Raises ValueError for a filter it does not know."""
        environment = self.compiled.environment
        if language != "ru-Latn":
            return convert(field, language, environment)
        write = convert(field, "ru", environment)
        return lambda value: latin(write(value))

    def text(self, text_id: str, language: Language, values: Values) -> str:
        """A text of the message catalogue. Raises KeyError for an unknown id."""
        return self.compiled.texts[text_id].render(language, values)

    def speech(self, text_id: str, language: Language, values: Values) -> Speech:
        """The same for a call. Raises KeyError for an unknown id."""
        return self.compiled.texts[text_id].speak(language, values)


def step(
    menus: MenuSet, cursor: Cursor, event: Event, facts: Facts, *, direct: bool = False
) -> Step:
    """Move by one event. `direct`: the reply is a key of a direct path (`*105*1*2#`): it may not
    lead straight into a command that moves money; the screen that asks is shown instead.

    Raises StateUnknown, EventUnexpected.
    """
    if cursor.state not in menus.compiled.states:
        raise StateUnknown(cursor.state)
    kind = CallWalk if facts.channel == "voice" and menus.settings.voice else Walk
    walk = kind(menus.compiled, cursor.copy(), facts, direct)
    return walk.EVENTS[type(event)](walk, event)
