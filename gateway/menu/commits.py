"""Which steps commit: lead on, without another question, into a command that moves money.

Rule: the engine refuses such a step on a direct path, a yes by SMS brings a code there, and the
check wants a confirmation; all ask here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from gateway.domain.catalogue import Command
from gateway.menu.edges import Way
from gateway.menu.model import Do, Route, State


def committing(
    states: Mapping[str, State],
    ways: Mapping[str, list[Way]],
    commands: Mapping[str, Command],
    serious: Callable[[Command], bool] = lambda command: command.confirm,
) -> frozenset[str]:
    """The states which, once entered, carry out a `serious` command before they ask anything;
    by default one that moves money."""
    found = {
        name
        for name, state in states.items()
        if isinstance(state, Do) and state.command in commands and serious(commands[state.command])
    }
    ahead = [*found]
    before = _before(states, ways)
    while ahead:
        for name in before.get(ahead.pop(), ()):
            if name not in found:
                found.add(name)
                ahead.append(name)
    return frozenset(found)


def _before(states: Mapping[str, State], ways: Mapping[str, list[Way]]) -> Mapping[str, list[str]]:
    """State -> the states that go on to it by themselves."""
    before: dict[str, list[str]] = {}
    for name, way in _onward(states, ways):
        before.setdefault(way.target, []).append(name)
    return before


def _onward(
    states: Mapping[str, State], ways: Mapping[str, list[Way]]
) -> Iterator[tuple[str, Way]]:
    for name, state in states.items():
        if isinstance(state, (Do, Route)):
            yield from ((name, way) for way in ways[name])
