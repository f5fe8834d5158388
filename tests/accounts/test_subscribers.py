"""What a subscriber sees of his number: balance, spending, charges; language, link, question."""

from __future__ import annotations

import pytest

from gateway.accounts.book import Category, Charge
from gateway.domain.moments import day_start, month_start
from tests.accounts.fakes import NOW, Desk

OFFSET = 5 * 3600


def spend(desk: Desk, at: float, amount: int, category: Category, number: int = 1) -> None:
    msisdn = f"79220000{number:03d}"
    desk.book.record_charge(
        Charge(
            at, msisdn, 1001, "voice", "0505", "HOME", 1, amount, amount, "CH09", "", "d", category
        )
    )


@pytest.mark.parametrize(
    ("number", "values"),
    [
        (1, (25_000, 500, "Просто", True)),
        (2, (100_000, 0, "Talk M", True)),
        (3, (0, 0, "Просто", True)),
        (7, (25_000, 500, "Просто", False)),
        (12, (5_000_000, 0, "Бизнес L", False)),
    ],
)
def test_balance(desk: Desk, number: int, values: tuple[int, int, str, bool]) -> None:
    answered = desk.answer(number, "account.balance").values
    found = tuple(answered[name] for name in ("balance", "points", "tariff", "own_account"))
    assert found == values


def test_spending_of_the_local_day_and_month(desk: Desk) -> None:
    day, month = day_start(NOW, OFFSET), month_start(NOW, OFFSET)
    spend(desk, month - 1, 1, "calls")
    spend(desk, month, 64_000, "fees")
    spend(desk, day - 1, 990, "internet")
    spend(desk, day, 180, "calls")
    spend(desk, NOW, 190, "sms")
    spend(desk, NOW, 45, "other")
    spend(desk, NOW, 5, "ussd")
    spend(desk, NOW, 777, "calls", number=7)
    day_values = desk.answer(1, "account.spending", period="day").values
    assert day_values == {
        "since": int(day), "total": 420, "calls": 180, "sms": 190, "internet": 0, "fees": 0,
        "other": 50,
    }  # fmt: skip
    month_values = desk.answer(1, "account.spending", period="month").values
    assert month_values == {
        "since": int(month), "total": 65_410, "calls": 180, "sms": 190, "internet": 990,
        "fees": 64_000, "other": 50,
    }  # fmt: skip


def test_the_last_five_charges_that_cost_something(desk: Desk) -> None:
    for minute in range(7):
        spend(desk, NOW + minute, 100 + minute, "calls")
        spend(desk, NOW + minute, 0, "ussd")
    rows = desk.answer(1, "account.last_charges").values["charges"]
    assert isinstance(rows, tuple)
    assert [row["amount"] for row in rows] == [106, 105, 104, 103, 102]
    assert rows[0] == {"at": int(NOW) + 6, "category": "calls", "amount": 106}


def test_own_number_and_level(desk: Desk) -> None:
    assert desk.answer(7, "number.own").values == {"msisdn": "79220000007"}
    assert desk.answer(7, "access.level").values == {"level": "subscriber"}
    assert desk.answer(1, "access.level").values == {"level": "account"}
    assert desk.answer(1, "access.level", "sms").values == {"level": "subscriber"}
    assert desk.answer(8, "access.level").values == {"level": "view"}


def test_language(desk: Desk) -> None:
    assert desk.outcome(1, "language.set", language="ru-Latn") == "ok"
    assert desk.subscriber(1).language == "ru-Latn"


@pytest.mark.parametrize(
    ("number", "link"),
    [(1, "sg.megafon.ru/d/ga21"), (2, "sg.megafon.ru/d/ai34"), (3, "sg.megafon.ru/d/ab12")],
)
def test_the_link_is_the_handsets_own(desk: Desk, number: int, link: str) -> None:
    assert desk.outcome(number, "app.link") == "ok"
    [message] = desk.sent
    assert (message.text_id, message.values) == ("sms.app", {"link": link})


def test_a_question_is_kept_up_to_its_limit(desk: Desk) -> None:
    assert desk.outcome(1, "question.ask", text="я" * 501) == "ok"
    assert desk.book.questions == [("79220000001", "я" * 500, NOW)]


def test_roaming(desk: Desk) -> None:
    here = desk.answer(4, "roaming.here").values
    prices = {"zone": "EUROPE", "out": 5900, "out_other": 10_900, "in": 5900, "sms": 1900}
    assert here == prices
    assert desk.answer(1, "roaming.prices", zone="EUROPE").values == prices
    assert desk.answer(1, "roaming.here").values["sms"] == 190
    assert desk.answer(1, "roaming.state").values == {"on": True}
    assert desk.answer(1, "roaming.switch", on=False).values == {"on": False}
    assert desk.answer(1, "roaming.state").values == {"on": False}
    assert "roaming_on" not in desk.accounts.facts(desk.subscriber(1), "ussd").flags
