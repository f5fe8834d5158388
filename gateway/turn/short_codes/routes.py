"""Routing: a string dialled, an SMS or a number called -> a Route, by look-ups in tables.

Rule: an exact match is one dictionary look-up of a Route made at load; only what is not known as
it stands is taken apart. Nothing here fails: what no row names gets the default.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from gateway.charging.rating import ChargeTable
from gateway.domain.catalogue import Type
from gateway.domain.numbers import normalise_msisdn, normalise_short_number
from gateway.domain.values import Values
from gateway.turn.short_codes.grammar import WORDS_MAX, Node, fold, words_of
from gateway.turn.short_codes.patterns import Pattern
from gateway.wire.gsm.mmi import Mmi, network_range, parse

PATH_KEYS_MAX = 12
"""Keys of a direct path (`*105*1*2#` has two)."""
PATH_KEYS = frozenset("12345678")
"""0 and 9 navigate and are never items (service guide 3.1)."""
SMS_COMMAND_CHARACTERS_MAX = 200
"""A longer text is no command; it is not searched for one."""

RANGE = "range"
"""The variable by which the default knows whose an unknown code is: `home`, `visited`, `any`."""

_NOTHING: Values = {}
Claim = Literal["", "answer", "code", "word"]


@dataclass(frozen=True, slots=True)
class Route:
    """Where an arrival leads."""

    state: str
    charge: str
    """The class of use, a row of the charge table."""
    code: str = ""
    """The service code or short number: `105` of `*105*1*2#`."""
    variables: Values = field(default_factory=dict)
    """Parameters of the code, typed as an ask would have typed them."""
    keys: tuple[str, ...] = ()
    """A direct path: the keys to press once the state is reached."""
    claim: Claim = ""
    """How surely an SMS is a command though a question was asked before: a `word` always is, a
    numeric `code` unless something is typed, an `answer` and anything else is not."""


class Reply(NamedTuple):
    """A yes or no to a question."""

    yes: bool
    code: str = ""
    """What stands after the word."""


class Written(NamedTuple):
    """A code or a text as it stands in the file, and the state it leads to."""

    text: str
    state: str


class PatternRoute(NamedTuple):
    """A pattern and where it leads; the route's variables are filled in."""

    pattern: Pattern
    route: Route


class CodeTable(NamedTuple):
    """USSD codes of the whole network or of one region."""

    exact: Mapping[str, Route]
    patterns: Mapping[str, tuple[PatternRoute, ...]]
    """By service code."""


class Supplementary(NamedTuple):
    """What a service code of 3GPP TS 22.030 annex B leads to."""

    kind: str
    """The word the command knows the service by."""
    takes: str
    """The variable that receives the first parameter (SIA)."""
    state: str
    charge: str


class SmsNumber(NamedTuple):
    """A short number: what it understands, and where any other text leads."""

    tree: Node
    routes: tuple[Route, ...]
    """The rows of the tree."""
    hints: Mapping[str, Route]
    """First word of a command -> what is told where the rest is none of its ways."""
    menu: Route | None
    """Where the path of a menu begins."""
    otherwise: Route


_NO_CODES = CodeTable({}, {})
_SMS_PATH = re.compile(r"(?:\*105\*)?([1-8](?:[*. ][1-8])*)#?")


@dataclass(frozen=True, slots=True)
class ShortCodes:
    """All routes, and the charge table that goes with them. Immutable."""

    version: str
    """A short hash of the file."""
    charge_table: ChargeTable
    codes: CodeTable
    regions: Mapping[str, CodeTable]
    services: Mapping[str, Supplementary]
    menus: Mapping[str, Route]
    """Service code -> the state its direct paths start from."""
    ussd_default: Route
    sms: Mapping[str, SmsNumber]
    sms_default: Route
    voice: Mapping[str, Route]
    dialled: tuple[Written, ...]
    written: tuple[Written, ...]
    yes: frozenset[str]
    no: frozenset[str]
    targets: Mapping[str, Mapping[str, Type]]

    def route_ussd(self, text: str, region: str = "") -> Route:
        """Where a string dialled leads (3GPP TS 22.030 §6.5.2; blanks do not count).

        In this order: the overlay of `region`, the whole string, a string with parameters, a
        supplementary service, a path into a menu, the default.
        """
        overlay = self.regions.get(region, _NO_CODES)
        route = overlay.exact.get(text) or self.codes.exact.get(text)
        if route is not None:
            return route
        dialled = parse(text)
        whole = _whole(dialled)
        return (
            _find(overlay, whole, dialled.code or dialled.service_code)
            or _find(self.codes, whole, dialled.code or dialled.service_code)
            or self._service(dialled)
            or self._path(dialled)
            or _unknown(self.ussd_default, dialled)
        )

    def _service(self, dialled: Mmi) -> Route | None:
        row = self.services.get(dialled.service_code)
        if row is None or dialled.kind != "supplementary":
            return None
        variables = {"action": dialled.action, "kind": row.kind, row.takes: dialled.sia}
        return Route(row.state, row.charge, dialled.service_code, variables)

    def _path(self, dialled: Mmi) -> Route | None:
        start = self.menus.get(dialled.code)
        keys = dialled.tokens
        if start is None or dialled.prefix not in ("", "*") or len(keys) > PATH_KEYS_MAX:
            return None
        if not PATH_KEYS.issuperset(keys):
            return None
        return Route(start.state, start.charge, start.code, _NOTHING, keys)

    def route_sms(self, number: str, text: str) -> Route:
        """Where a text to a short number leads; an unknown number gets the default."""
        row = self.sms.get(_key(number))
        if row is None:
            return self.sms_default
        words = words_of(text) if len(text) <= SMS_COMMAND_CHARACTERS_MAX else []
        if len(words) > WORDS_MAX or (text.strip() and not words):
            return row.otherwise
        found = row.tree.find(words)
        if found is not None:
            route = row.routes[found.row]
            claim = route.claim or ("code" if words and words[0].raw[0].isdecimal() else "word")
            return replace(route, variables={**route.variables, **found.values}, claim=claim)
        return (
            _sms_path(row.menu, text)
            or (row.hints.get(words[0].folded) if words else None)
            or row.otherwise
        )

    def may_write(self, sender: str) -> bool:
        """Whether an SMS comes from a subscriber's number: one from a service, or a name, is never
        answered, or two services would answer each other for ever."""
        number = normalise_msisdn(sender)
        return number is not None and number not in self.voice

    def reply(self, text: str) -> Reply | None:
        """A yes, a yes with a code or a no; None for anything else."""
        word, _, code = fold(text).partition(" ")
        if word in self.yes:
            return Reply(True, code)
        return Reply(False) if word in self.no and not code else None

    def route_voice(self, number: str) -> Route | None:
        """Where a call to a number leads; None where the number is none of ours."""
        return self.voice.get(_key(number))

    def roots(self) -> Mapping[str, Mapping[str, Type]]:
        """Every state that a route leads to -> the variables that every route to it gives."""
        return self.targets


def _key(number: str) -> str:
    """How a number stands in a table: an MSISDN where it is one, else a short number (K02)."""
    short = normalise_short_number(number)
    return normalise_msisdn(short) or short


def _whole(dialled: Mmi) -> str:
    """The string as it stands in a table: `105`, `*105` and `*105#1#` -> `*105#`, `*105*1#`."""
    if dialled.kind in ("supplementary", "local") or dialled.prefix not in ("", "*"):
        return dialled.text
    return f"*{'*'.join((dialled.code, *dialled.tokens))}#"


def _find(table: CodeTable, whole: str, code: str) -> Route | None:
    return table.exact.get(whole) or _first(table.patterns.get(code, ()), whole)


def _first(patterns: tuple[PatternRoute, ...], text: str) -> Route | None:
    for pattern, route in patterns:
        variables = pattern.match(text)
        if variables is not None:
            return Route(route.state, route.charge, route.code, variables)
    return None


def _sms_path(start: Route | None, text: str) -> Route | None:
    """`1 2`, `1.2`, `1*2` and `*105*1*2#` are menu 1, item 2."""
    match = _SMS_PATH.fullmatch(" ".join(text.split()))
    if start is None or match is None:
        return None
    keys = tuple(match[1][::2])
    if len(keys) > PATH_KEYS_MAX:
        return None
    return replace(start, keys=keys, claim="code" if len(keys) > 1 else "")


def _unknown(route: Route, dialled: Mmi) -> Route:
    """The default, which is told whose code it would be: of the home network, of the visited one
    (3GPP TS 22.090 §5.1.2). What is not digits is what somebody typed: it names no service."""
    code = dialled.code or dialled.service_code
    variables = {RANGE: network_range(dialled.text)}
    return Route(route.state, route.charge, code if code.isdigit() else "", variables)
