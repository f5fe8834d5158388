"""What a use costs and how its row explains itself: CH01-CH12 as charged, CH19, the boundary."""

from __future__ import annotations

import pytest

from gateway.accounts.book import REVENUE, ROAMING_REVENUE, Charge
from gateway.accounts.usage import Use, charge_use
from gateway.charging.rating import Rater
from gateway.domain.port import Channel
from tests.accounts.fakes import NOW, Desk
from tests.accounts.test_money_services import give
from tests.charging.table import PRICES, TABLE

RATER = Rater(TABLE, PRICES)


def use(
    desk: Desk,
    number: int,
    charge_class: str,
    channel: Channel = "sms",
    key: str = "sms:m1:0",
    units: int = 1,
) -> Charge:
    subscriber = desk.subscriber(number)
    rating = RATER.rate(charge_class, subscriber.zone, units)
    use = Use(NOW, key, channel, "000110", "d-1", subscriber.plmn)
    return charge_use(desk.book, subscriber, rating, use)


def test_an_sms_from_europe_costs_its_zones_price(desk: Desk) -> None:
    charge = use(desk, 4, "service_sms")
    assert charge == Charge(
        NOW, "79220000004", 1004, "sms", "000110", "EUROPE", 1, 1900, 1900, "CH04",
        "CH04: SMS to a service number from EUROPE (26201): 1 x 19.00 = 19.00; "
        "outgoing SMS price of the zone",
        "d-1", "sms", key="sms:m1:0",
    )  # fmt: skip
    assert desk.balance(4) == 28_100
    assert [leg.account for leg in desk.book.journal["sms:m1:0"].legs] == [1004, ROAMING_REVENUE]
    assert desk.book.charges("79220000004", 9) == (charge,)


def test_the_same_use_is_charged_and_recorded_once(desk: Desk) -> None:
    first = use(desk, 4, "service_sms")
    assert use(desk, 4, "service_sms") == first
    assert desk.balance(4) == 28_100
    assert len(desk.book.charges("79220000004", 9)) == 1


@pytest.mark.parametrize(
    ("balance", "refused", "left"), [(1_899, True, 1_899), (1_900, False, 0), (1_901, False, 1)]
)
def test_at_the_boundary(desk: Desk, balance: int, refused: bool, left: int) -> None:
    give(desk, 3, balance)
    desk.book.update_subscriber("79220000003", {"zone": "WORLD", "plmn": "310260"})
    charge = use(desk, 3, "service_sms")
    assert (charge.refused, desk.balance(3)) == (refused, left)
    assert charge.amount == (0 if refused else 1_900)
    assert (charge.amount > 0) == (charge.key in desk.book.journal)


def test_without_money_it_is_refused_by_ch19_and_says_what_it_would_have_cost(desk: Desk) -> None:
    charge = use(desk, 5, "service_sms")
    assert (charge.rule, charge.price, charge.amount, charge.key) == ("CH19", 1900, 0, "")
    assert charge.refused
    assert charge.explanation == (
        "CH19: refused, 10.00 available; not enough money for CH04: SMS to a service number from "
        "WORLD (310260): 1 x 19.00 = 19.00; outgoing SMS price of the zone"
    )
    assert desk.book.charges("79220000005", 9) == (charge,)
    assert desk.balance(5) == 1_000


def test_ussd_is_free_even_without_money(desk: Desk) -> None:
    for number in (3, 5):
        charge = use(desk, number, "ussd", "ussd")
        assert (charge.rule, charge.amount, charge.refused) == ("CH01", 0, False)
        assert (charge.category, charge.key) == ("ussd", "")


def test_what_is_not_reachable_is_a_refused_row_of_nothing(desk: Desk) -> None:
    charge = use(desk, 4, "voice_home", "voice")
    assert (charge.rule, charge.amount, charge.refused) == ("CH07", 0, True)
    assert charge.category == "calls"


def test_what_no_rule_names_is_refused_never_free(desk: Desk) -> None:
    charge = use(desk, 4, "fax")
    assert (charge.rule, charge.amount, charge.refused) == ("none", 0, True)
    assert desk.balance(4) == 30_000


def test_minutes_at_home_and_away(desk: Desk) -> None:
    charge = use(desk, 4, "voice_federal", "voice", units=3)
    assert (charge.units, charge.price, charge.amount) == (3, 5_900, 17_700)
    assert desk.balance(4) == 12_300


def test_at_home_the_revenue_is_not_roamings(desk: Desk) -> None:
    rater = Rater({"call": {"else": TABLE["voice_federal"]["else"]}}, PRICES)
    subscriber, use = desk.subscriber(1), Use(NOW, "k", "voice", "1", "d")
    charge_use(desk.book, subscriber, rater.rate("call", "HOME"), use)
    assert [leg.account for leg in desk.book.journal["k"].legs] == [1001, REVENUE]
