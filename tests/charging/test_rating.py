"""The rating of every (use, zone) of the service guide, written out, and what a hole does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.charging.explain import explain
from gateway.charging.rating import ChargeRule, Rater, Rating, table_mistakes
from gateway.domain.catalogue import ZONES
from tests.charging.table import PRICES, TABLE

RATER = Rater(TABLE, PRICES)

# class: one cell a zone, `rule price` in roubles, `x` where it is not reachable
CELLS = """
zone             HOME       RU_NET      RU_OTHER     CIS          EUROPE       WORLD
ussd             CH01 0     CH01 0      CH01 0       CH01 0       CH01 0       CH01 0
service_sms      CH03 0     CH04 4.90   CH04 9.90    CH04 14.00   CH04 19.00   CH04 19.00
voice_home       CH06 0     CH07 x      CH07 x       CH07 x       CH07 x       CH07 x
voice_federal    CH08 0     CH09 3.00   CH09 45.00   CH09 49.00   CH09 59.00   CH09 79.00
operator         CH10 0     CH10 x      CH10 x       CH10 x       CH10 x       CH10 x
operator_russia  CH11 0     CH11 0      CH11 0       CH11 x       CH11 x       CH11 x
operator_world   CH12 0     CH12 0      CH12 0       CH12 0       CH12 0       CH12 0
"""


def cells() -> list[tuple[str, str, str, str]]:
    head, *rows = CELLS.strip().splitlines()
    zones = head.split()[1:]
    return [
        (row.split()[0], zone, row.split()[1 + 2 * i], row.split()[2 + 2 * i])
        for row in rows
        for i, zone in enumerate(zones)
    ]


@pytest.mark.parametrize(("charge_class", "zone", "rule", "price"), cells())
def test_cell(charge_class: str, zone: str, rule: str, price: str) -> None:
    rating = RATER.rate(charge_class, zone)
    assert rating.rule == rule
    assert rating.allowed == (price != "x")
    kopecks = 0 if price in ("x", "0") else int(price.replace(".", ""))
    assert (rating.price, rating.amount, rating.units) == (kopecks, kopecks, 1)
    assert not rating.alarm


def test_every_cell_is_written_out() -> None:
    assert {(c, z) for c, z, _, _ in cells()} == {(c, z) for c in TABLE for z in ZONES}


def test_a_zone_that_counts_as_home_is_charged_as_home() -> None:
    """K20: one line of the price list; a rule of the zone's own still goes first."""
    prices = {**PRICES, "RU_NET": replace(PRICES["RU_NET"], home_network=True)}
    switched = Rater(TABLE, prices)
    found = {name: switched.rate(name, "RU_NET").rule for name in TABLE}
    assert found == {name: RATER.rate(name, "HOME").rule for name in TABLE}
    assert switched.rate("voice_home", "RU_NET").allowed
    own = {**TABLE, "service_sms": {**TABLE["service_sms"], "RU_NET": ChargeRule("free", "CH99")}}
    assert Rater(own, prices).rate("service_sms", "RU_NET").rule == "CH99"


@pytest.mark.parametrize(
    ("zone", "units", "amount"),
    [("EUROPE", 3, 17_700), ("RU_NET", 3, 900), ("HOME", 3, 0), ("WORLD", 1, 7_900)],
)
def test_worked_examples_of_started_minutes(zone: str, units: int, amount: int) -> None:
    rating = RATER.rate("voice_federal", zone, units)
    assert (rating.units, rating.amount) == (units, amount)


@pytest.mark.parametrize(("charge_class", "zone"), [("fax", "HOME"), ("ussd", "MOON")])
def test_a_hole_refuses_and_raises_the_alarm(charge_class: str, zone: str) -> None:
    rating = RATER.rate(charge_class, zone, 2)
    assert rating == Rating(charge_class, zone, "none", False, "no_rule", units=2, alarm=True)


def test_a_row_without_else_has_holes() -> None:
    rater = Rater({"sms": {"HOME": ChargeRule("free", "X1")}}, PRICES)
    assert rater.rate("sms", "HOME").allowed
    assert rater.rate("sms", "CIS").alarm


def test_a_hint_goes_with_what_is_not_reachable() -> None:
    assert RATER.rate("voice_home", "CIS").hint == "sms.0505"
    assert RATER.rate("voice_home", "HOME").hint == ""


def test_every_mistake_of_a_table_at_once() -> None:
    bad = {
        "sms": {"MARS": ChargeRule("free", "X1"), "else": ChargeRule("tariff", "", price="dear")}
    }
    assert table_mistakes(bad) == (
        "sms.MARS: unknown zone; use one of HOME, RU_NET, RU_OTHER, CIS, EUROPE, WORLD or else",
        "sms.else: unknown price; use one of out, out_other, in, sms",
        "sms.else: the rule has no id",
    )
    with pytest.raises(ValueError, match=r"unknown zone.*unknown price.*no id"):
        Rater(bad, PRICES)
    assert table_mistakes(TABLE) == ()


@pytest.mark.parametrize(
    ("charge_class", "zone", "plmn", "units", "line"),
    [
        (
            "service_sms", "EUROPE", "26201", 1,
            "CH04: SMS to a service number from EUROPE (26201): 1 x 19.00 = 19.00; "
            "outgoing SMS price of the zone",
        ),
        ("ussd", "WORLD", "310260", 1,
         "CH01: USSD from WORLD (310260): 0.00; USSD is free in every zone"),
        ("service_sms", "HOME", "", 1,
         "CH03: SMS to a service number from HOME: 0.00; SMS to a service number is free at home"),
        (
            "voice_home", "CIS", "40101", 1,
            "CH07: call to 0505 from CIS (40101): refused, 0.00; "
            "the short number answers only in the home network",
        ),
        (
            "voice_federal", "RU_NET", "25002", 3,
            "CH09: call to the voice menu by its federal number from RU_NET (25002): "
            "3 x 3.00 = 9.00; outgoing minute price of the zone, every started minute",
        ),
        (
            "fax", "HOME", "", 1,
            "none: fax from HOME: refused, 0.00; no rule names this use, so it is refused rather "
            "than given away",
        ),
    ],
)  # fmt: skip
def test_explanation(charge_class: str, zone: str, plmn: str, units: int, line: str) -> None:
    assert explain(RATER.rate(charge_class, zone, units), plmn) == line


def test_a_rule_of_ones_own_is_explained_by_its_kind() -> None:
    rater = Rater({"sms": {"else": ChargeRule("tariff", "X7", price="sms")}}, PRICES)
    line = explain(rater.rate("sms", "CIS"))
    assert line == "X7: sms from CIS: 1 x 14.00 = 14.00; price of the zone"
