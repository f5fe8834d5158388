"""One step of a call: what differs where the menu is heard, not read.

Silence and wrong keys are counted apart, and the third leads to the operator; what only tells
something is followed by the last menu, because who called does not call anew for the next question:
only good-bye and the operator end a call. What the caller's password would open asks for it first,
and then goes on where it was. (Service guide 3.2, 3.6)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from gateway.domain.port import Answered, Output, Prompt, Query, Release, Replied, TimedOut
from gateway.menu.compiled import Move, Voice
from gateway.menu.guards import PROOF_NEEDED, barred
from gateway.menu.moves import said
from gateway.menu.states import Do, End, Info, Menu, Shown, State
from gateway.menu.step import Step
from gateway.menu.walk import Walk


class CallWalk(Walk):
    """The walk of a channel that speaks."""

    __slots__ = ()

    @property
    def voice(self) -> Voice:
        """How calls are led."""
        return self.menus.settings.calls

    # --- events -------------------------------------------------------------------------------

    def timed_out(self, event: TimedOut) -> Step:
        """Nothing was pressed."""
        state, cursor = self.waiting(), self.cursor
        cursor.steps = 0
        cursor.silences += 1
        self.notes.append("no_input")
        if cursor.silences >= self.voice.silences_max:
            return self.give_up()
        return self.repeat(state, self.voice.no_input.render(self.facts.language, {}))

    def replied(self, event: Replied) -> Step:
        """Keys, or a word that chooses an option of a menu wherever it is said (K24)."""
        state, cursor = self.waiting(), self.cursor
        cursor.silences = 0
        spoken = self.voice.words.get(said(event.text))
        if spoken is None:
            return Walk.replied(self, event)
        menu, key = spoken
        if state.id != menu:
            cursor.stack, cursor.state = (*cursor.stack, state.id), menu
        chosen = self.menus.states[menu]
        assert isinstance(chosen, Menu), "words are of options"
        return self.choose(chosen, key)

    def answered(self, event: Answered) -> Step:
        """The password was right: what was wanted goes on, and no way back leads to asking it."""
        cursor = self.cursor
        if event.outcome != "ok" or not cursor.wanted or cursor.state != self.voice.prove:
            return Walk.answered(self, event)
        cursor.stack = self.behind(cursor.stack)
        cursor.state, cursor.wanted = cursor.wanted, ""
        return self.settle()

    def behind(self, stack: tuple[str, ...]) -> tuple[str, ...]:
        """The menus, for a call goes on in the last one."""
        return tuple(name for name in stack if _is_menu(self.menus.states[name]))

    # --- replies ------------------------------------------------------------------------------

    def nothing(self, state: Shown, typed: str) -> Step:
        """A key that means nothing here."""
        return self.invalid(state, self.voice.bad_input.render(self.facts.language, {}))

    def tries_max(self) -> int:
        """Wrong keys in a row."""
        return self.voice.tries_max

    def give_up(self) -> Step:
        """The operator goes on."""
        return self.jump(self.voice.operator)

    def repeat(self, state: Shown, notice: str = "") -> Step:
        """The same again; after a mistake shorter, where the state has shorter words."""
        screen = self.screen(state, notice)
        if notice and state.again:
            speech = state.again.speak(self.facts.language, self.cursor.variables)
            screen = replace(screen, speech=speech)
        return Step(self.cursor, Prompt(screen), tuple(self.notes), False)

    def operator(self, state: Shown) -> Step:
        """His key."""
        return self.jump(self.voice.operator)

    def leave_root(self) -> Step:
        """One back too many is no good-bye."""
        return self.settle()

    # --- moves --------------------------------------------------------------------------------

    def jump(self, name: str) -> Step:
        """To a state that the settings name."""
        self.cursor.state = name
        return self.settle(valid=False)

    def challenge(self) -> None:
        """Ask for the cabinet's password before the state it stands at."""
        self.cursor.wanted, self.cursor.state = self.cursor.state, self.voice.auth

    def enter_do(self, state: Do) -> Query | str:
        """A command that the password would open asks for it."""
        if barred(state.needs, False, self.facts) == PROOF_NEEDED:
            return PROOF_NEEDED
        return Walk.enter_do(self, state)

    def enter_info(self, state: Info) -> Prompt | Release:
        return self.go_on(state) or self.enter_waiting(state)

    def enter_end(self, state: End) -> Prompt | Release:
        return self.go_on(state) or Walk.enter_end(self, state)

    def go_on(self, state: Shown) -> Prompt | None:
        """Say a state, and then the last menu again; None where it is the last word."""
        cursor, stack = self.cursor, self.cursor.stack
        while stack and not _is_menu(self.menus.states[stack[-1]]):
            stack = stack[:-1]
        if not stack or state.id in (self.voice.operator, self.voice.bye):
            return None
        told = self.screen(state)
        cursor.state, cursor.stack = stack[-1], stack[:-1]
        menu = self.menus.states[cursor.state]
        assert isinstance(menu, Menu), "asked above"
        asked = self.screen(menu)
        return Prompt(
            replace(
                asked,
                text=f"{told.text}\n{asked.text}",
                speech=(*told.speech, *asked.speech),
                values={**told.values, **asked.values},
            )
        )

    EVENTS: ClassVar[Mapping[type, Callable[[Any, Any], Step]]] = {
        **Walk.EVENTS,
        Replied: replied,
        Answered: answered,
        TimedOut: timed_out,
    }
    MOVES: ClassVar[Mapping[Move, Callable[[Any, Shown], Step]]] = {
        "back": Walk.back,
        "repeat": repeat,
        "operator": operator,
    }
    REPLIES: ClassVar[Mapping[type, Callable[[Any, Any, str], Step]]] = {
        **Walk.REPLIES,
        Info: nothing,
    }
    ENTER: ClassVar[Mapping[type, Callable[[Any, Any], Output | str]]] = {
        **Walk.ENTER,
        Info: enter_info,
        End: enter_end,
        Do: enter_do,
    }


def _is_menu(state: State) -> bool:
    """A menu to go on in: one that asks for a yes has had its answer."""
    return isinstance(state, Menu) and not any(option.confirm for option in state.options)
