"""Rating: (charge class, zone) -> what a use costs and by which rule, over a table that is data.

A class of use (`ussd`, `service_sms`, `voice_home`, …) has one row per zone, or `else`. What no
row names is refused with an alarm: an unknown price must never become a free use.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from gateway.charging.tariff import PRICE_KINDS, ZonePrices
from gateway.charging.terms_companies import Preference
from gateway.domain.catalogue import ZONES

RuleKind = Literal["free", "tariff", "not_reachable"]
Reason = Literal["free", "tariff", "not_reachable", "no_rule"]

HOME = "HOME"
ELSE = "else"
NO_RULE = "none"
"""The rule of a use that no row names."""


@dataclass(frozen=True, slots=True)
class ChargeRule:
    """One cell of the charging table."""

    kind: RuleKind
    rule: str
    """The id charges carry: `CH04`."""
    price: str = ""
    """`tariff`: which price of the zone, a word of `PRICE_KINDS`."""
    hint: str = ""
    """`not_reachable`: the text to send instead, an id of the message catalogue."""


ChargeTable = Mapping[str, Mapping[str, ChargeRule]]
"""Charge class -> zone or `else` -> rule."""


@dataclass(frozen=True, slots=True)
class Rating:
    """What a use costs, before any money moves. Amounts are kopecks."""

    charge_class: str
    zone: str
    rule: str
    allowed: bool
    """Whether the use may go on; False where it is not reachable or no row names it."""
    reason: Reason
    price: int = 0
    units: int = 1
    amount: int = 0
    price_kind: str = ""
    hint: str = ""
    alarm: bool = False
    """The table has a hole: refuse, log and count it."""


def table_mistakes(table: ChargeTable) -> tuple[str, ...]:
    """Every mistake of a charging table at once, each as one line; empty where it is sound."""
    found = []
    for charge_class, row in table.items():
        for zone, rule in row.items():
            where = f"{charge_class}.{zone}"
            if zone != ELSE and zone not in ZONES:
                found.append(f"{where}: unknown zone; use one of {', '.join(ZONES)} or else")
            if rule.kind == "tariff" and rule.price not in PRICE_KINDS:
                found.append(f"{where}: unknown price; use one of {', '.join(PRICE_KINDS)}")
            if not rule.rule:
                found.append(f"{where}: the rule has no id")
    return tuple(found)


class Rater:
    """The table and the price list, joined once; `rate` is then one look-up.

    Raises ValueError naming every mistake of the table.
    """

    def __init__(self, table: ChargeTable, prices: Mapping[str, ZonePrices]) -> None:
        mistakes = table_mistakes(table)
        if mistakes:
            raise ValueError("; ".join(mistakes))
        self._ratings = {
            (charge_class, zone): _rating(charge_class, zone, row[cell], prices)
            for charge_class, row in table.items()
            for zone in ZONES
            if (cell := _cell(row, zone, prices[zone].home_network)) in row
        }

    def rate(self, charge_class: str, zone: str, units: int = 1) -> Rating:
        """The rating of `units` (SMS, or started minutes; at least 1) of one use."""
        rating = self._ratings.get((charge_class, zone))
        if rating is None:
            return Rating(charge_class, zone, NO_RULE, False, "no_rule", units=units, alarm=True)
        return rating if units == 1 else times(rating, units)


def _cell(row: Mapping[str, ChargeRule], zone: str, home_network: bool) -> str:
    """Which cell of a row speaks for a zone: its own; that of the home region, where the zone
    counts as home (K20); else the rest's."""
    if zone in row:
        return zone
    return HOME if home_network and HOME in row else ELSE


def _rating(
    charge_class: str, zone: str, rule: ChargeRule, prices: Mapping[str, ZonePrices]
) -> Rating:
    price = prices[zone].of(rule.price) if rule.kind == "tariff" else 0
    return Rating(
        charge_class=charge_class,
        zone=zone,
        rule=rule.rule,
        allowed=rule.kind != "not_reachable",
        reason=rule.kind,
        price=price,
        amount=price,
        price_kind=rule.price,
        hint=rule.hint,
    )


def times(rating: Rating, units: int) -> Rating:
    """The same use, `units` of it: SMS, or started minutes."""
    return replace(rating, units=units, amount=rating.price * units)


def preferred(rating: Rating, preferences: Iterable[Preference], region: str) -> Rating:
    """The use at the price of the first preference that fits (CH16, CH17), kopecks rounded up.
    `region` is where the subscriber stands."""
    fitting = (p for p in preferences if p.fits(rating.charge_class, rating.zone, region))
    found = next(fitting, None) if rating.amount else None
    if found is None:
        return rating
    price = -(-rating.price * found.percent // 100)
    return replace(rating, rule=found.rule, price=price, amount=price * rating.units)
