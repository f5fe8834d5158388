"""Money to another subscriber: what refuses it, the code that confirms it, its fee."""

from __future__ import annotations

import pytest

from gateway.accounts.book import FEES, Leg
from gateway.domain.port import Answered
from tests.accounts.fakes import NOW, Desk
from tests.accounts.test_money_services import give

TO = "79220000002"


def quote(desk: Desk, amount: int, recipient: str = TO, number: int = 1) -> Answered:
    return desk.answer(number, "transfer.quote", recipient=recipient, amount=amount)


def send_code(desk: Desk, amount: int = 10_000, number: int = 1) -> str:
    """Have the code sent; the code itself, or the refusal."""
    answered = desk.answer(number, "transfer.send_code", recipient=TO, amount=amount)
    return str(desk.sent[0].values["code"]) if answered.outcome == "ok" else answered.outcome


@pytest.mark.parametrize(
    ("amount", "fee"),
    [(1_000, 500), (8_333, 500), (8_334, 501), (10_000, 600), (20_000, 1_200)],
)
def test_the_fee_is_six_percent_and_at_least_five_roubles(
    desk: Desk, amount: int, fee: int
) -> None:
    assert quote(desk, amount).values == {"recipient": TO, "amount": amount, "fee": fee}


@pytest.mark.parametrize(
    ("recipient", "amount", "outcome"),
    [
        ("9220000002", 1_000, "ok"),
        ("+7 922 000-00-02", 1_000, "ok"),
        ("79229999999", 1_000, "recipient_unknown"),
        ("12345", 1_000, "recipient_unknown"),
        ("79220000001", 1_000, "recipient_self"),
        ("79220000007", 1_000, "recipient_self"),
        (TO, 999, "amount_out_of_range"),
        (TO, 500_001, "amount_out_of_range"),
        (TO, -1_000, "amount_out_of_range"),
        (TO, 500_000, "insufficient_balance"),
    ],
)
def test_what_refuses_a_transfer(desk: Desk, recipient: str, amount: int, outcome: str) -> None:
    assert quote(desk, amount, recipient).outcome == outcome
    answered = desk.answer(1, "transfer.send_code", recipient=recipient, amount=amount)
    assert answered.outcome == outcome


def test_thirty_roubles_must_remain(desk: Desk) -> None:
    give(desk, 3, 4_500)
    assert quote(desk, 1_000, number=3).outcome == "ok"  # 45 - 10 - 5 = 30
    assert quote(desk, 1_001, number=3).outcome == "transfer_floor"
    assert quote(desk, 4_000, number=3).outcome == "transfer_floor"
    assert quote(desk, 4_001, number=3).values == {"short": 1}


def test_not_while_a_debt_is_open(desk: Desk) -> None:
    assert desk.outcome(1, "promised.take", amount=5_000) == "ok"
    assert quote(desk, 1_000).outcome == "promised_debt_open"


def test_a_transfer_with_its_code(desk: Desk) -> None:
    code = send_code(desk)
    [message] = desk.sent
    assert (message.text_id, message.msisdn, message.secret) == (
        "sms.transfer_code", "79220000001", True,
    )  # fmt: skip
    assert message.values == {
        "code": code, "recipient": TO, "amount": 10_000, "fee": 600, "minutes": 10
    }  # fmt: skip
    assert len(code) == 6
    done = desk.answer(1, "transfer.confirm", code=code, key="ussd:s1:4:0").values
    assert done == {"recipient": TO, "amount": 10_000, "fee": 600, "balance": 14_400}
    assert (desk.balance(1), desk.balance(2)) == (14_400, 110_000)
    sent, fee = (desk.book.journal[f"ussd:s1:4:0:transfer{end}"] for end in ("", ":fee"))
    assert sent.legs == (Leg(1001, -10_000), Leg(1002, 10_000))
    assert fee.legs == (Leg(1001, -600), Leg(FEES, 600))
    [told] = desk.sent
    assert (told.msisdn, told.text_id) == (TO, "sms.transfer")
    [row] = desk.book.charges("79220000001", 9)
    assert (row.rule, row.amount, row.category, row.key) == (
        "CH15", 600, "fees", "ussd:s1:4:0:transfer:fee",
    )  # fmt: skip
    assert row.explanation == (
        "CH15: transfer to 7922***0002: fee 6 % of 100.00, at least 5.00 = 6.00; "
        "the operation costs the same in every channel and zone"
    )


def test_a_code_is_good_once(desk: Desk) -> None:
    code = send_code(desk)
    assert desk.outcome(1, "transfer.confirm", code=code) == "ok"
    assert desk.outcome(1, "transfer.confirm", code=code) == "code_expired"
    assert desk.balance(2) == 110_000


@pytest.mark.parametrize(("seconds", "outcome"), [(599, "ok"), (600, "code_expired")])
def test_a_code_lives_ten_minutes(desk: Desk, seconds: int, outcome: str) -> None:
    code = send_code(desk)
    desk.now = NOW + seconds
    assert desk.outcome(1, "transfer.confirm", code=code) == outcome
    assert desk.outcome(1, "transfer.confirm", code=code) == "code_expired"


def test_three_wrong_codes_drop_it(desk: Desk) -> None:
    code = send_code(desk)
    for outcome in ("code_wrong", "code_wrong", "code_tries_exceeded"):
        assert desk.outcome(1, "transfer.confirm", code="000000") == outcome
    assert desk.outcome(1, "transfer.confirm", code=code) == "code_expired"
    assert desk.outcome(1, "transfer.confirm", code=send_code(desk)) == "ok"


def test_two_wrong_codes_do_not(desk: Desk) -> None:
    code = send_code(desk)
    for _ in range(2):
        assert desk.outcome(1, "transfer.confirm", code="000000") == "code_wrong"
    assert desk.outcome(1, "transfer.confirm", code=code) == "ok"


def test_another_subscribers_code_confirms_nothing(desk: Desk) -> None:
    code = send_code(desk)
    assert desk.outcome(4, "transfer.confirm", code=code) == "code_expired"


def test_three_codes_in_ten_minutes(desk: Desk) -> None:
    for _ in range(3):
        assert send_code(desk).isdigit()
    assert send_code(desk) == "codes_too_many"
    desk.now = NOW + 600
    assert send_code(desk).isdigit()


def test_money_spent_meanwhile_refuses_the_confirmation(desk: Desk) -> None:
    code = send_code(desk, 20_000)
    assert desk.outcome(1, "packages.buy", kind="minutes") == "ok"
    refused = desk.answer(1, "transfer.confirm", code=code)
    assert (refused.outcome, refused.values) == ("insufficient_balance", {"short": 700})
    assert desk.balance(2) == 100_000


def test_five_a_day(desk: Desk) -> None:
    for hour in range(5):
        desk.now = NOW + 3600 * hour
        assert desk.outcome(1, "transfer.confirm", code=send_code(desk, 1_000)) == "ok"
    assert send_code(desk, 1_000) == "transfer_daily_limit"
    desk.now = NOW + 86_399
    assert quote(desk, 1_000).outcome == "transfer_daily_limit"
    desk.now = NOW + 86_400
    assert quote(desk, 1_000).outcome == "ok"
