"""Keys, bounds and times: M207-M209 keys of a menu, M503 bounds of an ask, M502 timers."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.menu.checks.context import Context
from gateway.menu.draft import Entry
from gateway.menu.model import Answer, Ask, Menu, State
from gateway.menu.problems import Problem

_LENGTHS = ("min_length", "max_length")
_ROUBLES = ("min", "max")
_BOUNDS = {
    "digits": (_LENGTHS, ("max_length",)),
    "pin": (_LENGTHS, _LENGTHS),
    "text": (_LENGTHS, ("max_length",)),
    "amount": (_ROUBLES, _ROUBLES),
    "msisdn": ((), ()),
}
"""Type of an answer -> (bounds it may have, bounds it must have)."""


def check_keys(context: Context) -> Iterator[Problem]:
    """M207 a key twice, M208 a navigation key, M209 a key of several digits."""
    keys = context.settings.keys
    reserved = {keys.back: "back", keys.more: "more", keys.home: "home"}
    if len(reserved) < 3 and context.draft.settings:
        message = "back, more and home must be three different keys"
        yield context.draft.settings.problem("M207", ("keys",), message, at="key")
    for entry in context.draft.states.values():
        if isinstance(entry.shape, Menu):
            yield from _menu_keys(entry, entry.shape, reserved)


def _menu_keys(entry: Entry[State], state: Menu, reserved: dict[str, str]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for name, option in state.options.items():
        where = ("options", name, "key")
        if option.key in reserved:
            message = f"the key {option.key} is taken by '{reserved[option.key]}'"
            yield entry.problem("M208", where, message, _free(state, reserved))
        elif option.key in first:
            message = f"the key {option.key} already chooses '{first[option.key]}'"
            yield entry.problem("M207", where, message, _free(state, reserved))
        elif len(option.key) > 1:
            message = f"the key {option.key} has several digits: a call and a direct path take one"
            yield entry.problem("M209", where, message, "use one digit", severity="warning")
        first.setdefault(option.key, name)


def _free(state: Menu, reserved: dict[str, str]) -> str:
    taken = {option.key for option in state.options.values()} | set(reserved)
    free = [key for key in "12345678" if key not in taken]
    return f"free keys: {', '.join(free)}" if free else "no key is free: divide the menu"


def check_asks(context: Context) -> Iterator[Problem]:
    """M503: an ask says what fits."""
    for entry in context.draft.states.values():
        if isinstance(entry.shape, Ask):
            yield from _bounds(entry, entry.shape.answer)


def _bounds(entry: Entry[State], answer: Answer) -> Iterator[Problem]:
    allowed, wanted = _BOUNDS[answer.type]
    given = {name: getattr(answer, name) for name in (*_LENGTHS, *_ROUBLES)}
    for name, value in given.items():
        if value is None and name in wanted:
            message = f"the answer has no bound: '{name}' is missing"
            yield entry.problem("M503", ("answer",), message, f"add {name}:", at="key")
        elif value is not None and name not in allowed:
            message = f"'{name}' says nothing of an answer of type {answer.type}"
            yield entry.problem("M503", ("answer", name), message, "remove it", at="key")
    for low, high in (_LENGTHS, _ROUBLES):
        if given[low] is not None and given[high] is not None and given[low] > given[high]:
            message = f"'{low}' is above '{high}': no answer fits"
            yield entry.problem("M503", ("answer", low), message)


def check_timers(context: Context) -> Iterator[Problem]:
    """M502: a screen times out before its dialogue does."""
    entry = context.draft.settings
    if entry and entry.shape.idle_seconds_max > entry.shape.dialogue_seconds_max:
        yield entry.problem(
            "M502",
            ("idle_seconds_max",),
            "a screen would wait longer than its dialogue may last",
            f"at most dialogue_seconds_max ({entry.shape.dialogue_seconds_max})",
        )
