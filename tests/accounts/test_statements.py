"""Statements: what they cost, when they come and what they hold; orders; the address."""

from __future__ import annotations

import pytest

from gateway.accounts.book import Charge
from gateway.accounts.orders import ready_at
from gateway.domain.port import Letter, Message
from tests.accounts.fakes import NOW, Desk

PRIVATE, EMPLOYEE, PENNILESS = 1, 12, 3
DAY = 86_400.0
EMAIL = "buh@firma.ru"
DAY_BY_SMS = {"period": "day", "delivery": "sms", "format": "pdf", "email": ""}
WEEK_BY_EMAIL = {"period": "week", "delivery": "email", "format": "excel", "email": ""}


def charged(desk: Desk, days_ago: float, category: str, amount: int, refused: bool = False) -> None:
    """A row of what the private number was charged."""
    number = desk.subscriber(PRIVATE)
    desk.book.record_charge(
        Charge(
            NOW - days_ago * DAY, number.msisdn, number.account, "sms", "000110", "HOME", 1, amount,
            amount, "CH04", "why", "d", category, refused,
        )  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("number", "period", "delivery", "price"),
    [
        (PRIVATE, "day", "sms", 1_500),
        (PRIVATE, "week", "email", 3_000),
        (PRIVATE, "month30", "email", 10_000),
        (EMPLOYEE, "month30", "email", 0),
        (EMPLOYEE, "month30", "sms", 10_000),
    ],
)
def test_a_price_and_that_it_is_taken_once(
    desk: Desk, number: int, period: str, delivery: str, price: int
) -> None:
    desk.answer(number, "email.set", email=EMAIL)
    what = {"period": period, "delivery": delivery, "format": "word", "email": ""}
    before = desk.balance(number)
    assert desk.answer(number, "statement.quote", **what).values == {**what, "price": price}
    assert desk.balance(number) == before
    assert desk.answer(number, "statement.order", **what).values["price"] == price
    assert desk.balance(number) == before - price
    if price:
        (charge,) = desk.book.charges(desk.subscriber(number).msisdn, 1)
        assert (charge.amount, charge.category, charge.rule) == (price, "fees", "CH15")
        assert charge.explanation.startswith(f"CH15: statement of a {period}: ")


def test_without_money_or_an_address_nothing_is_ordered(desk: Desk) -> None:
    assert desk.outcome(PENNILESS, "statement.order", **DAY_BY_SMS) == "insufficient_balance"
    assert desk.outcome(PRIVATE, "statement.quote", **WEEK_BY_EMAIL) == "email_missing"
    assert desk.outcome(PRIVATE, "statement.order", **WEEK_BY_EMAIL) == "email_missing"
    for number in (PENNILESS, PRIVATE):
        assert desk.answer(number, "orders.show").values["orders"] == ()
    assert desk.balance(PRIVATE) == 25_000


def test_by_sms_it_comes_at_once(desk: Desk) -> None:
    charged(desk, 0.5, "calls", 1_250)
    charged(desk, 0.9, "internet", 300)
    charged(desk, 0.9, "sms", 900, refused=True)
    charged(desk, 1.1, "calls", 7_000)
    desk.answer(PRIVATE, "statement.order", **DAY_BY_SMS)
    (message,) = desk.sent
    assert isinstance(message, Message)
    assert (message.text_id, message.values) == (
        "sms.stmt",
        {
            "period": "day", "total": 1_550, "calls": 1_250, "sms": 0, "internet": 300,
            "fees": 0, "other": 0,
        },
    )  # fmt: skip
    (order,) = desk.answer(PRIVATE, "orders.show").values["orders"]  # type: ignore[misc]
    assert (order["what"], order["state"]) == ("statement", "done")


def test_by_email_it_comes_in_20_to_30_minutes(desk: Desk) -> None:
    charged(desk, 6.9, "sms", 195)
    charged(desk, 0.1, "calls", 1_250)
    charged(desk, 7.1, "calls", 7_000)
    desk.answer(PRIVATE, "email.set", email=EMAIL)
    order = desk.answer(PRIVATE, "statement.order", **WEEK_BY_EMAIL).values["order"]
    assert desk.sent == []
    charged(desk, -0.001, "calls", 5_000)  # after the order: not in it
    assert desk.run_due(NOW + 1_199) == []
    (row,) = desk.answer(PRIVATE, "orders.show").values["orders"]  # type: ignore[misc]
    assert (row["order"], row["state"]) == (order, "working")
    (letter,) = desk.run_due(NOW + 1_800)
    assert isinstance(letter, Letter)
    assert (letter.to, letter.text_id, letter.format) == (EMAIL, "mail.stmt", "excel")
    assert letter.report is not None
    assert [(row["kind"], row["amount"]) for row in letter.report.rows] == [
        ("sms", 195),
        ("calls", 1_250),
    ]
    assert letter.report.totals == {"amount": 1_445}
    told = letter.then
    assert told is not None
    assert (told.text_id, told.values) == (
        "sms.rep",
        {"order": order, "format": "excel", "email": "b***@firma.ru"},
    )
    (row,) = desk.answer(PRIVATE, "orders.show").values["orders"]  # type: ignore[misc]
    assert row["state"] == "done"


def test_it_goes_to_the_address_that_stood_when_it_was_ordered(desk: Desk) -> None:
    desk.answer(PRIVATE, "email.set", email=EMAIL)
    desk.answer(PRIVATE, "statement.order", **WEEK_BY_EMAIL)
    desk.answer(PRIVATE, "email.set", email="new@firma.ru")
    (letter,) = desk.run_due(NOW + 1_800)
    assert isinstance(letter, Letter)
    assert letter.to == EMAIL


def test_an_address_named_in_an_order_serves_it_alone(desk: Desk) -> None:
    named = {**WEEK_BY_EMAIL, "email": "Buh@Firma.RU"}
    assert desk.outcome(PRIVATE, "statement.quote", **named) == "ok"
    assert desk.outcome(PRIVATE, "statement.order", **named) == "ok"
    assert desk.subscriber(PRIVATE).email == ""
    (letter,) = desk.run_due(NOW + 1_800)
    assert isinstance(letter, Letter)
    assert letter.to == "Buh@firma.ru"


def test_a_wrong_address_is_refused_before_anything_is_paid(desk: Desk) -> None:
    wrong = {**WEEK_BY_EMAIL, "email": "buh@firma"}
    for command in ("statement.quote", "statement.order"):
        assert desk.outcome(PRIVATE, command, **wrong) == "email_wrong"
    assert desk.balance(PRIVATE) == 25_000


def test_orders_given_together_are_ready_at_different_moments_in_time() -> None:
    moments = [ready_at(order, NOW, 1_200, 1_800) - NOW for order in range(601)]
    assert sorted(moments) == list(range(1_200, 1_801))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("buh@firma.ru", "b***@firma.ru"),
        (" Buh@Firma.RU ", "B***@firma.ru"),
        ("a.b+c@mail.firma.co", "a***@mail.firma.co"),
    ],
)
def test_an_address_is_kept_and_shown_cut(desk: Desk, typed: str, shown: str) -> None:
    assert desk.answer(PRIVATE, "email.show").values == {"email": ""}
    assert desk.answer(PRIVATE, "email.set", email=typed).values == {"email": shown}
    assert desk.answer(PRIVATE, "email.show").values == {"email": shown}


@pytest.mark.parametrize(
    "typed",
    [
        "", "buh", "buh@", "@firma.ru", "a@b", "a@@firma.ru", "a@b@firma.ru", "a b@firma.ru",
        "a@firma.ru\nBcc: x@y.ru", "a@firma.ru\r", "<a@firma.ru>", "a@-firma.ru", "a@firma..ru",
        ".a@firma.ru", "a.@firma.ru", "a@[127.0.0.1]", f"{'a' * 65}@firma.ru",
        f"a@{'b' * 64}.ru", f"a@{'.'.join(['b' * 60] * 5)}.ru", "я@firma.ru", "a@фирма.рф",
    ],
)  # fmt: skip
def test_what_is_no_address_changes_nothing(desk: Desk, typed: str) -> None:
    if typed != typed.strip():
        typed += "x"
    assert desk.outcome(PRIVATE, "email.set", email=typed) == "email_wrong"
    assert desk.subscriber(PRIVATE).email == ""
