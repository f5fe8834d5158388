"""What is charged at home and in roaming (facts T.., K19, K20, K25)."""

from __future__ import annotations

import pytest

from gateway.charging.tariff import default_terms
from gateway.domain.catalogue import ZONES
from tests.facts.talk import Talk

ROAMING = [zone for zone in ZONES if zone != "HOME"]
FEDERAL, FREE_WORLD, FREE_RUSSIA = "+79221110505", "+79261110500", "8-800-550-05-00"


@pytest.mark.parametrize("who", [1, 4, 5, 6, 10])
def test_ussd_costs_nothing_anywhere(talk: Talk, who: int) -> None:
    before = talk.balance(who)
    for code in ("*105#", "*100#", "*105*00#", "*#21#", "*999#"):
        heard = talk.dial(who, code)
        assert [(row.rule, row.amount) for row in heard.charges] == [("CH01", 0)]
    assert talk.balance(who) == before


@pytest.mark.parametrize(
    ("who", "rule", "kopecks"),
    [(1, "CH03", 0), (10, "CH04", 490), (6, "CH04", 990), (4, "CH04", 1_900)],
)
def test_service_sms_is_free_at_home_and_costs_the_zones_price_away(
    talk: Talk, who: int, rule: str, kopecks: int
) -> None:
    before = talk.balance(who)
    [row] = talk.write(who, "000110", "00").charges
    assert (row.rule, row.amount) == (rule, kopecks)
    assert talk.balance(who) == before - kopecks
    assert row.explanation


def test_with_no_money_an_sms_is_refused_before_it_acts(talk: Talk) -> None:
    heard = talk.write(5, "000110", "00")
    assert heard.texts == ["RUB 9 short. Top up or dial *106#"]
    assert [(row.rule, row.amount, row.refused) for row in heard.charges] == [("CH19", 0, True)]
    assert talk.balance(5) == 1_000
    assert talk.dial(5, "*105#").waits, "USSD still works"


@pytest.mark.parametrize("to", ["0505", "5005"])
def test_0505_is_free_at_home_and_not_connected_away(talk: Talk, to: str) -> None:
    home = talk.call(to, "HOME")
    assert (home.allowed, home.amount, home.rule) == (True, 0, "CH06")
    for zone in ROAMING:
        away = talk.call(to, zone)
        assert (away.allowed, away.amount, away.rule, away.hint) == (False, 0, "CH07", "sms.0505")


def test_the_federal_number_costs_a_roaming_minute(talk: Talk) -> None:
    prices = default_terms().zones
    assert talk.call(FEDERAL, "HOME").amount == 0
    for zone in ROAMING:
        rating = talk.call(FEDERAL, zone)
        assert (rating.allowed, rating.rule, rating.amount) == (True, "CH09", prices[zone].out)


def test_support_numbers(talk: Talk) -> None:
    assert talk.call("0500", "HOME").amount == 0
    assert [talk.call("0500", zone).allowed for zone in ROAMING] == [False] * len(ROAMING)
    free = {zone: talk.call(FREE_RUSSIA, zone).allowed for zone in ZONES}
    assert free == {zone: zone in ("HOME", "RU_NET", "RU_OTHER") for zone in ZONES}
    assert [talk.call(FREE_WORLD, zone).amount for zone in ZONES] == [0] * len(ZONES)
    assert all(talk.call(FREE_WORLD, zone).allowed for zone in ZONES)


def test_the_prices_are_told(talk: Talk) -> None:
    assert talk.dial(4, "*105*6*1#").page.startswith("Зона: Европа\nИсх 59 Вх 59 р/мин\nSMS 19 р")
    assert talk.dial(1, "*105*6*5#").page.startswith("Меню +79221110505 платно\n")
