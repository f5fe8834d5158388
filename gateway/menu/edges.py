"""Where a state leads: the edges of each kind, each with its place in the file.

Rule: the transition table, the reachability checks and the graph are all made of these; there is
no other list of who leads where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from gateway.domain.catalogue import ALWAYS_REFUSALS, Command
from gateway.domain.port import Channel
from gateway.menu.guards import LEVEL_TOO_LOW, NUMBER_BLOCKED, guard_text
from gateway.menu.marks import Where
from gateway.menu.model import Ask, Do, End, Info, Menu, Route, State, Waiting, When
from gateway.menu.model_settings import SettingsShape
from gateway.menu.states import (
    ANSWERED,
    CASE,
    ELSE,
    OPTION,
    PICKED,
    TIMEOUT,
    TRIES,
)


@dataclass(frozen=True, slots=True)
class Way:
    """One edge as it is written; `where` is a path inside its state, empty where the edge comes
    from the settings."""

    trigger: str
    target: str
    where: Where = ()
    waits: bool = False
    """Taken only on an input of the subscriber."""
    guard: str = ""
    """When it is open, as it is written; empty where it always is."""


Commands = Mapping[str, Command]


def ways(state: State, settings: SettingsShape, commands: Commands) -> list[Way]:
    """All edges out of a state, unique by trigger. Commands tell which refusals a `do` may meet;
    an unknown one (reported elsewhere) has those that are always possible."""
    found = list(_KINDS[type(state)](state, settings, commands))
    if isinstance(state, Waiting):
        found.append(_timeout(state, settings))
        found.append(Way(TRIES, settings.tries, waits=True))
    if _asks_level(state):
        known = {way.trigger for way in found}
        own = state.level is not None
        for trigger in (LEVEL_TOO_LOW, NUMBER_BLOCKED):
            if trigger not in known:
                found.append(Way(trigger, getattr(settings.refusals, trigger), waits=not own))
    return found


def channels_of(route: Route) -> Mapping[str, frozenset[Channel]]:
    """The channels that may come to each branch of a route: one that asks nothing but the channel
    takes it away from those after it."""
    left = frozenset(get_args(Channel))
    found: dict[str, frozenset[Channel]] = {}
    for number, case in enumerate(route.cases):
        named = left.intersection(case.when.channel or left)
        found[f"{CASE}{number}"] = named
        if case.when.model_fields_set == {"channel"}:
            left -= named
    return {**found, ELSE: left}


def open_to(state: State, way: Way, channel: Channel) -> bool:
    """Whether a channel can take a way, as far as guards of the channel tell."""
    if isinstance(state, Route):
        return channel in channels_of(state)[way.trigger]
    if isinstance(state, Menu) and way.where[:1] == ("options",):
        return admits_channel(state.options[str(way.where[1])].when, channel)
    return True


def admits_channel(when: When | None, channel: Channel) -> bool:
    """Whether a guard lets a channel in."""
    return when is None or when.channel is None or channel in when.channel


def heard(
    start: Iterable[str], states: Mapping[str, State], found: Mapping[str, list[Way]]
) -> frozenset[str]:
    """The states that a call can come to from `start`: a call takes no way of the settings but
    those of refusals, for silence and wrong keys have ways of their own in it."""
    seen: set[str] = set()
    ahead = list(start)
    while ahead:
        name = ahead.pop()
        if name not in seen and name in states:
            seen.add(name)
            ahead += [
                way.target
                for way in found[name]
                if way.trigger not in (TIMEOUT, TRIES) and open_to(states[name], way, "voice")
            ]
    return frozenset(seen)


def outcomes(state: Do, settings: SettingsShape, commands: Commands) -> dict[str, Where]:
    """Outcome of a `do` -> where its branch is written; `()` where the settings say it."""
    command = commands.get(state.command)
    possible = ["ok", *(command.refusals if command else ()), *ALWAYS_REFUSALS]
    named = _default_refusals(settings)
    found: dict[str, Where] = {name: ("then", name) for name in state.then}
    if ELSE not in state.then:
        # A refusal with a default branch of its own takes that; the rest meet in `else`.
        found.update({name: () for name in possible if name in named and name not in found})
        found[ELSE] = ()
    return found


def _timeout(state: Waiting, settings: SettingsShape) -> Way:
    if state.timeout:
        return Way(TIMEOUT, state.timeout, ("timeout",), waits=True)
    return Way(TIMEOUT, settings.timeout, waits=True)


def _asks_level(state: State) -> bool:
    options = state.options.values() if isinstance(state, Menu) else ()
    return bool(state.level) or any(option.level for option in options)


def _default_refusals(settings: SettingsShape) -> dict[str, str]:
    refusals = settings.refusals
    return {
        **(refusals.__pydantic_extra__ or {}),
        LEVEL_TOO_LOW: refusals.level_too_low,
        NUMBER_BLOCKED: refusals.number_blocked,
        ELSE: refusals.else_,
    }


def _menu(state: Menu, settings: SettingsShape, commands: Commands) -> Iterator[Way]:
    if state.pick:
        yield Way(PICKED, state.pick.go, ("pick", "go"), waits=True)
    for name, option in state.options.items():
        guard = guard_text(option.when) if option.when else ""
        yield Way(OPTION + name, option.go, ("options", name, "go"), waits=True, guard=guard)


def _ask(state: Ask, settings: SettingsShape, commands: Commands) -> Iterator[Way]:
    yield Way(ANSWERED, state.go, ("go",), waits=True)


def _do(state: Do, settings: SettingsShape, commands: Commands) -> Iterator[Way]:
    named = _default_refusals(settings)
    for name, where in outcomes(state, settings, commands).items():
        yield Way(name, state.then[name] if where else named[name], where)


def _route(state: Route, settings: SettingsShape, commands: Commands) -> Iterator[Way]:
    for number, case in enumerate(state.cases):
        guard = guard_text(case.when)
        yield Way(f"{CASE}{number}", case.go, ("cases", number, "go"), guard=guard)
    yield Way(ELSE, state.else_, ("else",), guard="no case holds")


def _nowhere(state: State, settings: SettingsShape, commands: Commands) -> Iterator[Way]:
    return iter(())


_KINDS: Mapping[type[State], Callable[[Any, SettingsShape, Commands], Iterator[Way]]] = {
    Menu: _menu,
    Ask: _ask,
    Info: _nowhere,
    Do: _do,
    Route: _route,
    End: _nowhere,
}
