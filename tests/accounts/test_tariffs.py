"""The tariff plan: what is offered, what a change costs, midnight, and the month's fee."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gateway.accounts.book import OPENING
from gateway.accounts.ledger import move
from gateway.charging.tariff import default_terms
from gateway.domain.moments import day_start
from gateway.domain.port import Message, Sent
from gateway.domain.values import Value
from tests.accounts.fakes import NOW, Desk

OFFSET = 5 * 3600
DAY = 86_400
MIDNIGHT = day_start(NOW, OFFSET) + DAY
MONTH = 30 * DAY
"""From 25 November to 25 December."""

PRIVATE, TALKER, PENNILESS, EMPLOYEE = 1, 2, 3, 12
ZERO, SIMPLE, TALK_M, WATCH_L, BUSINESS_M = "2001", "2002", "2003", "2004", "2011"


def codes(rows: Value) -> list[str]:
    assert isinstance(rows, tuple)
    return [str(row["code"]) for row in rows]


def told(sent: list[Sent]) -> list[tuple[str, str]]:
    return [(each.msisdn[-2:], each.text_id) for each in sent if isinstance(each, Message)]


def test_only_plans_the_number_may_have_are_offered(desk: Desk) -> None:
    private = codes(desk.answer(PRIVATE, "tariff.list").values["plans"])
    assert private == ["2001", "2003", "2004", "2005", "2006"]
    assert codes(desk.answer(EMPLOYEE, "tariff.list").values["plans"]) == [BUSINESS_M]


@pytest.mark.parametrize(
    ("number", "code", "outcome"),
    [
        (PRIVATE, ZERO, "ok"),
        (PRIVATE, SIMPLE, "tariff_same"),
        (PRIVATE, BUSINESS_M, "tariff_unavailable"),
        (EMPLOYEE, ZERO, "tariff_unavailable"),
        (PRIVATE, "9999", "tariff_unknown"),
    ],
)
def test_a_plan_is_asked_for_by_its_code(desk: Desk, number: int, code: str, outcome: str) -> None:
    assert desk.outcome(number, "tariff.quote", code=code) == outcome
    assert desk.outcome(number, "tariff.change", code=code) == outcome


@pytest.mark.parametrize(
    ("change", "offered"),
    [({"archive": True}, False), ({"regions": ("volga",)}, False), ({"regions": ("ural",)}, True)],
)
def test_an_archived_plan_and_another_regions_are_not_sold(
    desk: Desk, change: dict[str, Any], offered: bool
) -> None:
    terms = default_terms()
    plans = {**terms.plans, "zero": replace(terms.plans["zero"], **change)}
    desk.accounts.core = replace(desk.accounts.core, terms=replace(terms, plans=plans))
    assert (ZERO in codes(desk.answer(PRIVATE, "tariff.list").values["plans"])) == offered
    assert desk.outcome(PRIVATE, "tariff.quote", code=ZERO) == (
        "ok" if offered else "tariff_unavailable"
    )


def test_it_changes_at_midnight_and_the_first_change_is_free(desk: Desk) -> None:
    assert desk.answer(PRIVATE, "tariff.quote", code=ZERO).values["price"] == 0
    answer = desk.answer(PRIVATE, "tariff.change", code=ZERO)
    assert answer.values == {"name": "Ноль", "price": 0, "at": int(MIDNIGHT)}
    assert desk.outcome(PRIVATE, "tariff.quote", code=TALK_M) == "tariff_change_waits"
    assert desk.run_due(MIDNIGHT - 1) == []
    assert desk.subscriber(PRIVATE).tariff == "simple"
    assert told(desk.run_due(MIDNIGHT)) == [("01", "sms.tariff")]
    assert desk.subscriber(PRIVATE).tariff == "zero"
    assert desk.balance(PRIVATE) == 25_000


@pytest.mark.parametrize(("days", "price"), [(29, 3_000), (31, 0)])
def test_the_next_change_costs_its_price_for_thirty_days(desk: Desk, days: int, price: int) -> None:
    desk.answer(PRIVATE, "tariff.change", code=ZERO)
    desk.run_due(NOW + days * DAY)
    assert desk.answer(PRIVATE, "tariff.change", code=SIMPLE).values["price"] == price
    assert desk.balance(PRIVATE) == 25_000 - price
    paid = [row.amount for row in desk.book.charges("79220000001", 9, only_paid=True)]
    assert paid == ([price] if price else [])


def test_a_change_that_is_taken_back_costs_nothing(desk: Desk) -> None:
    assert desk.outcome(PRIVATE, "tariff.cancel") == "tariff_no_change"
    desk.answer(PRIVATE, "tariff.change", code=ZERO)
    assert desk.answer(PRIVATE, "tariff.pending").values == {"name": "Ноль", "at": int(MIDNIGHT)}
    assert desk.answer(PRIVATE, "tariff.cancel").values == {"name": "Ноль", "price": 0}
    assert desk.answer(PRIVATE, "tariff.quote", code=ZERO).values["price"] == 0
    desk.answer(PRIVATE, "tariff.change", code=ZERO)
    desk.run_due(MIDNIGHT)
    desk.answer(PRIVATE, "tariff.change", code=SIMPLE)
    assert desk.balance(PRIVATE) == 22_000
    assert desk.answer(PRIVATE, "tariff.cancel").values["price"] == 3_000
    assert desk.balance(PRIVATE) == 25_000
    desk.run_due(NOW + 5 * DAY)
    assert desk.subscriber(PRIVATE).tariff == "zero"


def test_a_change_that_cannot_be_paid_is_not_ordered(desk: Desk) -> None:
    desk.answer(PENNILESS, "tariff.change", code=ZERO)
    desk.run_due(MIDNIGHT)
    answer = desk.answer(PENNILESS, "tariff.change", code=SIMPLE)
    assert (answer.outcome, answer.values["short"]) == ("insufficient_balance", 3_000)
    assert desk.outcome(PENNILESS, "tariff.pending") == "tariff_no_change"


def test_the_new_plan_is_paid_at_once_and_has_its_packages(desk: Desk) -> None:
    desk.answer(TALKER, "tariff.change", code=WATCH_L)
    desk.run_due(MIDNIGHT)
    assert desk.balance(TALKER) == 100_000 - 80_000
    shown = desk.answer(TALKER, "tariff.show").values
    assert (shown["tariff"], shown["fee"], shown["suspended"]) == ("Watch L", 80_000, False)
    left = {row.kind: row.left for row in desk.book.packages("79220000002")}
    assert left == {"minutes": 700 + 1200, "sms": 300, "megabytes": 30_720}


def test_what_the_new_plan_does_not_have_is_removed(desk: Desk) -> None:
    assert desk.outcome(TALKER, "service.add", code="3362") == "ok"
    desk.answer(TALKER, "tariff.change", code=WATCH_L)
    sent = told(desk.run_due(MIDNIGHT))
    assert ("02", "sms.svc.off") in sent
    on = [row.service for row in desk.book.services("79220000002")]
    assert on == ["horoscope", "weather"]
    assert not desk.book.jobs_of("79220000002", "service.fee")[2:]


def test_the_month_is_paid_on_its_day_and_fills_the_packages(desk: Desk) -> None:
    shown = desk.answer(TALKER, "tariff.show").values
    assert shown["until"] == int(NOW) + MONTH
    assert told(desk.run_due(NOW + MONTH)) == []
    assert desk.balance(TALKER) == 100_000 - 64_000 - 3_000 - 4_500
    left = {row.kind: (row.left, row.until) for row in desk.book.packages("79220000002")}
    end = int(NOW) + MONTH + 31 * DAY
    assert left == {"minutes": (700, end), "megabytes": (30_720, end)}


def test_a_month_that_cannot_be_paid_suspends_and_is_tried_again_each_day(desk: Desk) -> None:
    desk.answer(TALKER, "service.remove_content")
    desk.run_due(NOW + MONTH)
    second = NOW + MONTH + 31 * DAY
    assert told(desk.run_due(second)) == [("02", "sms.fee_short")]
    assert desk.answer(TALKER, "tariff.show").values["suspended"] is True
    assert desk.outcome(TALKER, "packages.show") == "packages_none"
    assert desk.run_due(second + 2 * DAY) == []
    give(desk, 64_000)
    assert desk.run_due(second + 3 * DAY) == []
    assert desk.answer(TALKER, "tariff.show").values["suspended"] is False
    assert desk.answer(TALKER, "packages.show").values["minutes"] == 700
    [job] = desk.book.jobs_of("79220000002", "tariff.fee")
    assert (job.due - second - 3 * DAY) == 31 * DAY


@pytest.mark.parametrize(
    ("sim", "rest", "paid"),
    [
        ("active", ("suspended", "lost"), True),
        ("suspended", ("suspended", "lost"), False),
        ("lost", ("suspended", "lost"), False),
        ("lost", ("suspended",), True),
        ("suspended", (), True),
    ],
)
def test_fees_rest_while_the_sim_is_blocked_as_the_terms_say(
    desk: Desk, sim: str, rest: tuple[str, ...], paid: bool
) -> None:
    terms = default_terms()
    services = replace(terms.services, sim=replace(terms.services.sim, fees_rest=rest))
    desk.accounts.core = replace(desk.accounts.core, terms=replace(terms, services=services))
    desk.book.update_subscriber("79220000002", {"sim": sim})
    assert told(desk.run_due(NOW + MONTH)) == []
    assert desk.balance(TALKER) == 100_000 - paid * (64_000 + 3_000 + 4_500)


def test_the_month_after_a_block_begins_when_it_is_lifted_and_is_short_but_once(desk: Desk) -> None:
    desk.answer(TALKER, "service.remove_content")
    desk.book.update_subscriber("79220000002", {"sim": "suspended"})
    assert told(desk.run_due(NOW + MONTH + 10 * DAY)) == []
    assert desk.balance(TALKER) == 100_000
    give(desk, -50_000)
    desk.book.update_subscriber("79220000002", {"sim": "active"})
    assert told(desk.run_due(NOW + MONTH + 11 * DAY)) == [("02", "sms.fee_short")]
    give(desk, 50_000)
    assert told(desk.run_due(NOW + MONTH + 12 * DAY)) == []
    assert desk.balance(TALKER) == 100_000 - 64_000
    [job] = desk.book.jobs_of("79220000002", "tariff.fee")
    assert job.due > NOW + MONTH + 39 * DAY


def test_a_discount_bought_with_points_is_taken_off_the_next_month(desk: Desk) -> None:
    desk.answer(TALKER, "service.remove_content")
    desk.book.add_discount(desk.subscriber(TALKER).account, 4_000)
    desk.run_due(NOW + MONTH)
    assert desk.balance(TALKER) == 100_000 - 60_000
    assert desk.book.discount(desk.subscriber(TALKER).account) == 0


def test_after_a_long_stop_every_month_is_paid_once(desk: Desk) -> None:
    desk.answer(TALKER, "service.remove_content")
    give(desk, 100_000)
    desk.run_due(NOW + 3 * MONTH)
    assert desk.balance(TALKER) == 200_000 - 2 * 64_000


def give(desk: Desk, amount: int) -> None:
    """Money from nowhere, as an opening balance."""
    account = desk.subscriber(TALKER).account
    key = f"gift:{len(desk.book.journal)}"
    assert desk.book.transfer(move(key, "opening", desk.now, OPENING, account, amount)) == "ok"
