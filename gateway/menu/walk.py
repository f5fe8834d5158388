"""One step: one event in, one output out.

Rule: a step is a function of (menu set, cursor, event, facts). It reads no clock, does no IO,
changes nothing it is given, and ends in a bounded number of moves with a `Query` (answer it and
step again), a `Prompt` or a `Release`. The account core is only a peer that answers queries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from gateway.domain.port import (
    Answered,
    Facts,
    Opened,
    Output,
    Prompt,
    Query,
    Release,
    Released,
    Replied,
    Screen,
    TimedOut,
)
from gateway.menu.compiled import Compiled, Move
from gateway.menu.cursor import Cursor
from gateway.menu.guards import PROOF_NEEDED, barred
from gateway.menu.moves import said
from gateway.menu.screens import show
from gateway.menu.states import (
    ANSWERED,
    ELSE,
    PICKED,
    TIMEOUT,
    TRIES,
    Ask,
    Do,
    End,
    Info,
    Menu,
    Route,
    Shown,
    is_answer,
    takes_zero,
)
from gateway.menu.step import EventUnexpected, StateUnknown, Step


class Walk:
    """One step while it is being taken."""

    __slots__ = ("cursor", "direct", "facts", "menus", "notes")

    def __init__(self, menus: Compiled, cursor: Cursor, facts: Facts, direct: bool) -> None:
        self.menus = menus
        self.cursor = cursor
        self.facts = facts
        self.direct = direct
        self.notes: list[str] = []

    # --- events -------------------------------------------------------------------------------

    def opened(self, event: Opened) -> Step:
        self.cursor.steps = 0
        return self.settle()

    def released(self, event: Released) -> Step:
        return Step(self.cursor, Release(None, f"released_{event.reason}"))

    def timed_out(self, event: TimedOut) -> Step:
        self.waiting()
        self.cursor.steps = 0
        return self.go(TIMEOUT)

    def answered(self, event: Answered) -> Step:
        """The account core answered: keep its values, take the branch of its outcome."""
        cursor = self.cursor
        state = self.menus.states[cursor.state]
        if type(state) is not Do:
            raise EventUnexpected(f"nothing was asked at {cursor.state}")
        ok = event.outcome == "ok"
        if not ok:
            self.notes.append(f"refused {event.outcome}")
        if event.values:
            cursor.variables = {**cursor.variables, **event.values}
        if state.forgets or (ok and state.confirm):
            # Back must lead neither to a screen that would pay again, nor past a spent secret.
            cursor.stack = self.behind(cursor.stack)
        return self.go(event.outcome if event.outcome in state.triggers else ELSE)

    def behind(self, stack: tuple[str, ...]) -> tuple[str, ...]:
        """What back still leads to after that: the root."""
        return stack[:1] if len(stack) > 1 else ()

    def replied(self, event: Replied) -> Step:
        """The subscriber answered: home, back, or what the state makes of it."""
        state = self.waiting()
        self.cursor.steps = 0
        typed = event.text.strip()
        move = self.menus.settings.moves[self.facts.channel].get(said(typed))
        if move and not is_answer(state, typed, move):
            return self.MOVES[move](self, state)
        return self.REPLIES[type(state)](self, state, typed)

    def waiting(self) -> Shown:
        """The state that waits for the subscriber. Raises EventUnexpected where none does."""
        state = self.menus.states[self.cursor.state]
        if not isinstance(state, (Menu, Ask, Info)):
            raise EventUnexpected(f"{self.cursor.state} waits for no subscriber")
        return state

    # --- replies ------------------------------------------------------------------------------

    def choose(self, state: Menu, typed: str) -> Step:
        """A key of a menu."""
        option = state.by_key.get(typed)
        facts, cursor = self.facts, self.cursor
        picked = state.pick.chosen(typed, cursor.variables) if state.pick else None
        if picked is not None:
            cursor.variables = {**cursor.variables, **picked}
            return self.leave(PICKED)
        if option is None or (option.when and not option.when(facts, cursor.variables)):
            return self.nothing(state, typed)
        why = barred(option.level, option.when_blocked, facts)
        if why and why != PROOF_NEEDED:
            self.notes.append(why)
            return self.leave(why)
        if option.commits and self.direct:
            return self.refuse_direct(state)
        if option.sets:
            cursor.variables = {**cursor.variables, **option.sets}
        return self.leave(option.trigger, ask_proof=bool(why))

    def read(self, state: Ask, typed: str) -> Step:
        """A typed answer."""
        value = state.read(typed)
        if value is None:
            notice = state.invalid.render(self.facts.language, self.cursor.variables)
            return self.invalid(state, notice)
        if state.commits and self.direct:
            return self.refuse_direct(state)
        self.cursor.variables = {**self.cursor.variables, state.variable: value}
        return self.leave(ANSWERED)

    def nothing(self, state: Shown, typed: str) -> Step:
        return self.invalid(state, self.menus.choice_error.render(self.facts.language, {}))

    def invalid(self, state: Shown, notice: str) -> Step:
        """The same screen under a notice, or the end of the tries."""
        self.cursor.tries += 1
        self.notes.append("answer_invalid")
        if self.cursor.tries >= self.tries_max():
            self.notes.append("tries_exceeded")
            return self.give_up()
        return self.repeat(state, notice)

    def tries_max(self) -> int:
        return self.menus.settings.tries_max

    def give_up(self) -> Step:
        return self.go(TRIES, valid=False)

    def repeat(self, state: Shown, notice: str = "") -> Step:
        return Step(self.cursor, Prompt(self.screen(state, notice)), tuple(self.notes), False)

    def refuse_direct(self, state: Shown) -> Step:
        self.notes.append("direct_refused")
        return self.repeat(state)

    def home(self, state: Shown) -> Step:
        self.cursor = Cursor(self.menus.settings.start)
        return self.settle()

    def back(self, state: Shown) -> Step:
        """The state behind this one."""
        cursor = self.cursor
        cursor.tries = 0
        if cursor.stack:
            cursor.state, cursor.stack = cursor.stack[-1], cursor.stack[:-1]
            return self.settle()
        return self.leave_root()

    def leave_root(self) -> Step:
        """Back at the root: the end."""
        farewell = self.menus.settings.exit
        if farewell is None:
            return Step(self.cursor, Release(None), tuple(self.notes))
        self.cursor.state = farewell
        return self.settle()

    # --- moves --------------------------------------------------------------------------------

    def leave(self, trigger: str, *, ask_proof: bool = False) -> Step:
        """Leave a waiting state forward: it can be come back to. `ask_proof`: what it leads to
        waits until the caller has proved who he is."""
        self.cursor.stack = (*self.cursor.stack, self.cursor.state)
        self.cursor.tries = 0
        self.menus.machine.fire(self.cursor, trigger)
        if ask_proof:
            self.challenge()
        return self.settle()

    def challenge(self) -> None:
        """Ask for a proof before the state it stands at. Only a call reaches more by one."""
        raise AssertionError("facts.reach is above facts.level only in a call")

    def go(self, trigger: str, valid: bool = True) -> Step:
        self.menus.machine.fire(self.cursor, trigger)
        return self.settle(valid)

    def settle(self, valid: bool = True) -> Step:
        """Walk states that go on by themselves until one asks, waits or ends."""
        cursor, menus = self.cursor, self.menus
        while True:
            cursor.steps += 1
            if cursor.steps > menus.settings.steps_max:
                return self.overrun()
            state = menus.states.get(cursor.state)
            if state is None:  # a way back that another version wrote
                raise StateUnknown(cursor.state)
            trigger = barred(state.level, state.when_blocked, self.facts)
            if trigger:
                self.notes.append(trigger)
            else:
                entered = self.ENTER[type(state)](self, state)
                if not isinstance(entered, str):
                    return Step(cursor, entered, tuple(self.notes), valid)
                trigger = entered
            if trigger == PROOF_NEEDED:
                self.challenge()
            else:
                menus.machine.fire(cursor, trigger)

    def overrun(self) -> Step:
        """Too many states for one input: say that it does not work, and end."""
        self.notes.append("steps_exceeded")
        state = self.menus.states[self.menus.settings.overrun]
        assert isinstance(state, Shown), "the check holds refusals.else to a state that is shown"
        told = Release(self.screen(state), "steps_exceeded")
        return Step(self.cursor, told, tuple(self.notes), False)

    # --- what a state does when it is entered: an output, or the trigger it goes on by -----------

    def enter_route(self, state: Route) -> str:
        """The first case that holds."""
        variables = self.cursor.variables
        for guard, trigger in state.cases:
            if guard(self.facts, variables):
                return trigger
        return ELSE

    def enter_do(self, state: Do) -> Query | str:
        """The command with its arguments; a secret among them is kept no longer."""
        variables = self.cursor.variables
        if not state.variables:
            return Query(state.command, state.constants)
        given = {argument: variables.get(name) for argument, name in state.variables}
        if state.forgets:
            kept = variables.items()
            self.cursor.variables = {k: v for k, v in kept if k not in state.forgets}
        return Query(state.command, {**state.constants, **given})

    def enter_waiting(self, state: Shown) -> Prompt | Release:
        """The screen that asks."""
        stack = self.cursor.stack
        if state.id in stack:
            # Coming round to a state again is coming back to it: the way back never grows.
            self.cursor.stack = stack[: stack.index(state.id)]
        return Prompt(self.screen(state))

    def enter_end(self, state: End) -> Prompt | Release:
        return Release(self.screen(state), state.result)

    def screen(self, state: Shown, notice: str = "") -> Screen:
        cursor, menus = self.cursor, self.menus
        back = bool(cursor.stack) and type(state) is not End and not takes_zero(state)
        return show(state, cursor.variables, self.facts, menus.navigation, back=back, notice=notice)

    EVENTS: ClassVar[Mapping[type, Callable[[Any, Any], Step]]] = {
        Opened: opened,
        Replied: replied,
        Answered: answered,
        TimedOut: timed_out,
        Released: released,
    }
    MOVES: ClassVar[Mapping[Move, Callable[[Any, Shown], Step]]] = {"back": back, "home": home}
    REPLIES: ClassVar[Mapping[type, Callable[[Any, Any, str], Step]]] = {
        Menu: choose,
        Ask: read,
        Info: nothing,
    }
    ENTER: ClassVar[Mapping[type, Callable[[Any, Any], Output | str]]] = {
        Menu: enter_waiting,
        Ask: enter_waiting,
        Info: enter_waiting,
        End: enter_end,
        Do: enter_do,
        Route: enter_route,
    }
