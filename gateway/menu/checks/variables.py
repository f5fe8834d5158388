"""Which variables are set where, and of which type: a walk over the edges until nothing changes.

Rule: for every state, every variable has the types it may have there over all ways that lead to
it; `UNSET` is one of them. A dialogue begins with what its root is given; options, answers and
commands set; a secret is gone once its command has answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from gateway.domain.catalogue import REFUSAL_VALUES, Command, Type
from gateway.menu.answers import TYPES, is_secret
from gateway.menu.checks.context import Context
from gateway.menu.edges import Way
from gateway.menu.model import Ask, Constant, Do, Menu, State

UNSET = "unset"
Types = frozenset[Type]
Variables = Mapping[str, Types]
"""Name -> the types it may have; a name that is absent is unset."""

_NOT_SET: Types = frozenset({UNSET})


def variables(context: Context) -> Mapping[str, Variables]:
    """State -> its variables, for every state that can be reached."""
    found: dict[str, dict[str, Types]] = {}
    ahead: list[str] = []

    def arrive(name: str, given: Variables) -> None:
        known = found.get(name)
        joined = _join(known, given) if known is not None else dict(given)
        if joined != known:
            found[name] = joined
            ahead.append(name)

    for root, given in context.roots.items():
        arrive(root, {name: frozenset({type_}) for name, type_ in given.items()})
    # Back at the root and a walk without end come from anywhere: nothing is sure to be set.
    arrive(context.settings.exit or "", {})
    arrive(context.settings.refusals.else_, {})
    if context.settings.voice is not None:  # so do the operator's key and the password's question
        for name in (context.settings.voice.operator, context.settings.voice.auth):
            arrive(name, {})
    while ahead:
        name = ahead.pop()
        entry = context.draft.states.get(name)
        for way in context.ways.get(name, ()) if entry else ():
            assert entry is not None, "only states that exist have ways"
            if isinstance(entry.shape, Do) and entry.shape.command not in context.commands:
                break  # what it would set is not known: M202 says so
            arrive(way.target, _after(entry.shape, way, found[name], context.commands))
    return found


def spent_secrets(state: Do, command: Command | None, secret: Iterable[str]) -> frozenset[str]:
    """The variables a `do` uses up: what it takes as a secret argument, or was typed as one."""
    arguments = command.arguments if command else {}
    used = {
        argument: value[1:]
        for argument, value in state.with_.items()
        if isinstance(value, str) and value.startswith("$")
    }
    typed = set(secret)
    return frozenset(
        name
        for argument, name in used.items()
        if arguments.get(argument) == "secret" or name in typed
    )


def type_of(value: Constant) -> Type:
    """The type of a constant; a whole number may be money or a count."""
    if isinstance(value, bool):
        return "flag"
    return "number" if isinstance(value, int) else (value,)


def _join(one: Variables, other: Variables) -> dict[str, Types]:
    return {name: one.get(name, _NOT_SET) | other.get(name, _NOT_SET) for name in {*one, *other}}


def _after(state: State, way: Way, before: Variables, commands: Mapping[str, Command]) -> Variables:
    """The variables once that way has been taken."""
    if isinstance(state, Menu) and state.pick and way.where[:1] == ("pick",):
        return {**before, **{name: _single(type_) for name, type_ in state.pick.take.items()}}
    if isinstance(state, Menu) and way.where[:1] == ("options",):
        sets = state.options[str(way.where[1])].set or {}
        return {**before, **{name: frozenset({type_of(value)}) for name, value in sets.items()}}
    if isinstance(state, Ask) and way.where == ("go",):
        answer = state.answer
        type_ = "secret" if is_secret(answer) else TYPES[answer.type]
        return {**before, answer.name: frozenset({type_})}
    if isinstance(state, Do):
        command = commands.get(state.command)
        secret = {name for name, types in before.items() if "secret" in types}
        gone = spent_secrets(state, command, secret)
        kept = {name: types for name, types in before.items() if name not in gone}
        given = command.values if command else {}
        values = given if way.trigger == "ok" else REFUSAL_VALUES.get(way.trigger, {})
        return {**kept, **{name: _single(type_) for name, type_ in values.items()}}
    return before


@cache
def _single(type_: Type) -> Types:
    return frozenset({type_})


def way_without(context: Context, name: str, state: str) -> list[str]:
    """States on a way to `state` along which nothing sets `name`, for the words of a problem."""
    came: dict[str, str] = dict.fromkeys(context.roots, "")
    ahead = [root for root, given in context.roots.items() if name not in given]
    for here in ahead:
        if here == state:
            way = [here]
            while came[way[-1]]:
                way.append(came[way[-1]])
            return way[::-1]
        entry = context.draft.states.get(here)
        for way_ in context.ways.get(here, ()) if entry else ():
            assert entry is not None, "only states that exist have ways"
            after = _after(entry.shape, way_, {}, context.commands)
            if name not in after and way_.target not in came:
                came[way_.target] = here
                ahead.append(way_.target)
    return []
