"""How each command of the catalogue is reached: the shortest way by USSD and by SMS.

Rule: ways are found on the table the engine walks and in the short codes as they are written, so
what is printed for people, and what a test holds the catalogue to (C03), cannot be out of date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from gateway.domain.port import Channel, Confirm
from gateway.menu.engine import MenuSet
from gateway.menu.states import ANSWERED, PICKED, TIMEOUT, TRIES, Ask, Do, Menu, Route
from gateway.turn.short_codes import ShortCodes

_BY_WORD: Mapping[Confirm, str] = {"yes": "YES", "code": "YES <code>"}

Entry = tuple[str, str]
"""What is written or dialled, and the state it leads to."""


class Ways(NamedTuple):
    """The shortest ways to one command; empty where there is none."""

    ussd: str = ""
    sms: str = ""


def ways_to_commands(menus: MenuSet, codes: ShortCodes) -> Mapping[str, Ways]:
    """Command -> how it is reached. `*105*1*6#` is dialled; what stands in angle brackets is typed
    when it is asked for, and `…` chosen from a list."""
    ussd = _shortest(menus, codes.dialled, "ussd")
    sms = _shortest(menus, codes.written, "sms")
    names = {*ussd, *sms}
    return {name: Ways(_path(ussd.get(name, "")), sms.get(name, "")) for name in names}


def _shortest(menus: MenuSet, entries: Iterable[Entry], channel: Channel) -> dict[str, str]:
    """Command -> the way with the fewest answers, written out."""
    onward = _onward(menus, channel)
    order = count()
    ahead: list[tuple[int, int, str, str]] = []
    for text, root in entries:
        heappush(ahead, (0, next(order), root, text))
    seen: set[str] = set()
    found: dict[str, str] = {}
    while ahead:
        answers, _, name, way = heappop(ahead)
        if name in seen:
            continue
        seen.add(name)
        state = menus.compiled.states[name]
        if isinstance(state, Do):
            found.setdefault(state.command, way)
        for trigger, target in onward.get(name, ()):
            answer = _answer(menus, name, trigger, channel)
            further = f"{way} {answer}" if answer else way
            heappush(ahead, (answers + bool(answer), next(order), target, further))
    return found


def _path(way: str) -> str:
    """`*105# 1 6 <amount>` -> `*105*1*6# <amount>`: the keys are dialled with the code."""
    return re.sub(
        r"^(\*[0-9]+)#((?: [0-9])+)", lambda match: match[1] + match[2].replace(" ", "*") + "#", way
    )


def _onward(menus: MenuSet, channel: Channel) -> Mapping[str, list[tuple[str, str]]]:
    """State -> triggers and targets, without what the settings say of every state."""
    found: dict[str, list[tuple[str, str]]] = {}
    for edge in menus.compiled.edges:
        state = menus.compiled.states[edge.source]
        open_ = not isinstance(state, Route) or channel in state.channels[edge.trigger]
        if open_ and not edge.default and edge.trigger not in (TIMEOUT, TRIES):
            found.setdefault(edge.source, []).append((edge.trigger, edge.target))
    return found


def _answer(menus: MenuSet, name: str, trigger: str, channel: Channel) -> str:
    """What is answered to a state to go that way; nothing where it goes on by itself."""
    state = menus.compiled.states[name]
    if isinstance(state, Ask) and trigger == ANSWERED:
        return f"<{state.variable}>"
    if isinstance(state, Menu) and trigger == PICKED:
        return "…"
    if isinstance(state, Menu):
        option = next(each for each in state.options if each.trigger == trigger)
        return _BY_WORD[option.confirm] if channel == "sms" and option.confirm else option.key
    return ""
