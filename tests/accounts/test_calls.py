"""Calls paid by the minute: reserved before it begins, taken as it was used (CH09, CH18, CH19)."""

from __future__ import annotations

import pytest

from gateway.accounts.book import Charge, Package
from gateway.accounts.books.jobs import Job
from gateway.accounts.calls import (
    GRACE_SECONDS,
    HOLD_SECONDS_MAX,
    SETTLE,
    begin_call,
    connect_call,
    end_call,
    extend_call,
)
from gateway.accounts.usage import Use
from gateway.charging.rating import Rater
from tests.accounts.fakes import NOW, Desk
from tests.accounts.test_money_services import give
from tests.charging.table import PRICES, TABLE

RATER = Rater(TABLE, PRICES)
SHORT_SECONDS = 3


def settling(desk: Desk) -> list[Job]:
    """The calls that wait to be settled."""
    return [job for job in desk.book.waiting_jobs.values() if job.kind == SETTLE]


def begin(desk: Desk, number: int, key: str = "voice:c1:0", charge_class: str = "voice_federal"):
    subscriber = desk.subscriber(number)
    rating = RATER.rate(charge_class, subscriber.zone)
    use = Use(NOW, key, "voice", "+79221110505", "c1", subscriber.plmn)
    return begin_call(desk.book, subscriber, rating, use)


def call(desk: Desk, number: int, seconds: float, key: str = "voice:c1:0") -> Charge | None:
    """A whole call: each minute is reserved ten seconds before it begins, while there is money."""
    assert begin(desk, number, key) is None
    quota = connect_call(desk.book, key, NOW)
    while seconds > quota:
        longer = extend_call(desk.book, key, quota - 10, NOW + quota - 10)
        if longer == quota:
            break
        quota = longer
    return end_call(desk.book, key, min(seconds, quota), NOW + seconds, SHORT_SECONDS)


@pytest.mark.parametrize(
    ("number", "seconds", "units", "amount"),
    [
        (4, 0.0, 0, 0),
        (4, 2.0, 0, 0),
        (4, 2.9, 0, 0),
        (4, 3.0, 1, 5_900),
        (4, 60.0, 1, 5_900),
        (4, 60.1, 2, 11_800),
        (4, 130.0, 3, 17_700),
        (10, 130.0, 3, 900),
    ],
)
def test_every_started_minute(desk: Desk, number: int, seconds: float, units: int, amount: int):
    before = desk.balance(number)
    charge = call(desk, number, seconds)
    assert charge is not None
    assert (charge.units, charge.amount) == (units, amount)
    assert desk.balance(number) == before - amount
    assert desk.subscriber(number).held == 0
    assert not settling(desk)


def test_the_bill_of_a_call_from_europe_explains_itself(desk: Desk) -> None:
    charge = call(desk, 4, 130.0)
    assert charge is not None
    assert charge.explanation == (
        "CH09: call to the voice menu by its federal number from EUROPE (26201): "
        "3 x 59.00 = 177.00; outgoing minute price of the zone, every started minute"
    )
    assert desk.book.journal[charge.key].legs[0].amount == -17_700


def test_a_short_connection_costs_nothing_and_says_why(desk: Desk) -> None:
    charge = call(desk, 4, 2.0)
    assert charge is not None
    assert charge.explanation.endswith("; CH18: 2 s is below 3 s, nothing taken")


def test_no_money_for_the_first_minute_refuses_the_call(desk: Desk) -> None:
    charge = begin(desk, 5)
    assert charge is not None
    assert (charge.refused, charge.rule, charge.amount) == (True, "CH19", 0)
    assert not settling(desk)


def test_at_home_it_is_free(desk: Desk) -> None:
    charge = begin(desk, 1)
    assert charge is not None
    assert (charge.refused, charge.rule, charge.amount) == (False, "CH08", 0)
    assert end_call(desk.book, "voice:c1:0", 99.0, NOW, SHORT_SECONDS) is None


def test_money_that_runs_out_ends_the_call_at_the_minute_paid_for(desk: Desk) -> None:
    give(desk, 3, 12_000)
    desk.book.update_subscriber("79220000003", {"zone": "EUROPE", "plmn": "26201"})
    charge = call(desk, 3, 500.0)
    assert charge is not None
    assert (charge.units, charge.amount, desk.balance(3)) == (2, 11_800, 200)


def test_two_calls_on_one_account_never_overspend_it(desk: Desk) -> None:
    give(desk, 3, 20_000)
    desk.book.update_subscriber("79220000003", {"zone": "EUROPE", "plmn": "26201"})
    keys = ("voice:c1:0", "voice:c2:0")
    for key in keys:
        assert begin(desk, 3, key) is None
        connect_call(desk.book, key, NOW)
    # 118.00 of 200.00 is aside: one more minute, for whichever asks first
    assert [extend_call(desk.book, key, 50, NOW + 50) for key in keys] == [120, 60]
    charges = [end_call(desk.book, key, 130.0, NOW + 130, SHORT_SECONDS) for key in keys]
    assert [charge.amount for charge in charges if charge] == [11_800, 5_900]
    assert desk.balance(3) == 2_300


@pytest.mark.parametrize(("extensions", "amount"), [(0, 0), (1, 5_900), (2, 11_800)])
def test_a_call_that_died_is_charged_to_the_last_second_recorded(
    desk: Desk, extensions: int, amount: int
) -> None:
    """The process dies after reserving a minute: it is charged what it had recorded as heard."""
    before = desk.balance(4)
    begin(desk, 4)
    connect_call(desk.book, "voice:c1:0", NOW)
    for minute in range(extensions):
        extend_call(desk.book, "voice:c1:0", 60 * minute + 50, NOW + 60 * minute + 50)
    (job,) = settling(desk)
    quota = 60 * (extensions + 1)
    assert job.due == NOW + quota + GRACE_SECONDS
    assert desk.book.take_job(job.key, job.due - 1) is None
    desk.run_due(job.due)
    assert desk.balance(4) == before - amount
    assert desk.subscriber(4).held == 0
    assert end_call(desk.book, "voice:c1:0", 10.0, job.due, SHORT_SECONDS) is None


def test_a_reservation_that_ran_out_takes_nothing(desk: Desk) -> None:
    before = desk.balance(4)
    begin(desk, 4)
    connect_call(desk.book, "voice:c1:0", NOW)
    extend_call(desk.book, "voice:c1:0", 50, NOW + 50)
    desk.book.expire_holds(NOW + HOLD_SECONDS_MAX)
    desk.run_due(NOW + HOLD_SECONDS_MAX)
    assert desk.balance(4) == before
    (row,) = desk.book.charges("79220000004", 9)
    assert (row.amount, row.units) == (0, 0)


@pytest.mark.parametrize(
    ("minutes", "seconds", "units", "left"), [(1, 130.0, 2, 0), (3, 130.0, 0, 0), (9, 61.0, 0, 7)]
)
def test_roaming_minutes_bought_with_points_come_first(
    desk: Desk, minutes: int, seconds: float, units: int, left: int
) -> None:
    number = "79220000004"
    desk.book.add_package(Package(number, "roaming", minutes, minutes, NOW + 86_400))
    row = call(desk, 4, seconds)
    assert row is not None
    assert (row.units, row.amount) == (units, units * 5_900)
    assert desk.balance(4) == 30_000 - units * 5_900
    assert row.explanation.endswith(" min more from the package of roaming minutes")
    assert [package.left for package in desk.book.packages(number)] == [left]
    assert desk.subscriber(4).held == 0
