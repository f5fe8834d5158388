"""A request for money: limits, its twelve hours, and both sides told (R30, F12)."""

from __future__ import annotations

import pytest

from tests.accounts.fakes import NOW, Desk

ONE, TWO, THREE = "79220000001", "79220000002", "79220000003"
HOURS_12 = 12 * 3600


def ask(desk: Desk, asker: int = 3, recipient: str = ONE, amount: int = 50_000) -> str:
    arguments = {"recipient": recipient, "amount": amount}
    quoted = desk.outcome(asker, "ask.quote", **arguments)
    assert desk.outcome(asker, "ask.send", **arguments) == quoted
    return quoted


def test_the_one_asked_is_told(desk: Desk) -> None:
    assert desk.outcome(1, "ask.waiting") == "ask_none"
    sent = desk.answer(3, "ask.send", recipient=ONE, amount=50_000)
    assert sent.values == {"recipient": ONE, "amount": 50_000, "hours": 12}
    [message] = desk.sent
    assert (message.msisdn, message.text_id) == (ONE, "acct.ask.in")
    assert message.values == {"sender": THREE, "amount": 50_000}
    assert desk.answer(1, "ask.waiting").values == {
        "recipient": THREE, "amount": 50_000, "until": int(NOW) + HOURS_12
    }  # fmt: skip


def test_it_is_refused_and_the_asker_told(desk: Desk) -> None:
    ask(desk)
    assert desk.outcome(2, "ask.refuse", recipient=THREE) == "ask_none"
    assert desk.outcome(1, "ask.refuse", recipient=THREE) == "ok"
    [message] = desk.sent
    assert (message.msisdn, message.text_id) == (THREE, "sms.ask.refused")
    assert desk.outcome(1, "ask.refuse", recipient=THREE) == "ask_none"
    assert desk.run_due(NOW + HOURS_12) == []


def test_it_is_sent_by_an_ordinary_transfer(desk: Desk) -> None:
    ask(desk, amount=10_000)
    assert desk.outcome(1, "transfer.send_code", recipient=THREE, amount=10_000) == "ok"
    code = desk.sent[0].values["code"]
    assert desk.outcome(1, "transfer.confirm", code=code) == "ok"
    assert [(m.msisdn, m.text_id) for m in desk.sent] == [(THREE, "sms.transfer")]
    assert desk.outcome(1, "ask.waiting") == "ask_none"
    assert desk.run_due(NOW + HOURS_12) == []


def test_it_lapses_after_twelve_hours(desk: Desk) -> None:
    ask(desk)
    assert desk.run_due(NOW + HOURS_12 - 1) == []
    [message] = desk.run_due(NOW + HOURS_12)
    assert (message.msisdn, message.text_id) == (THREE, "sms.ask.lapsed")
    assert desk.outcome(1, "ask.waiting") == "ask_none"


@pytest.mark.parametrize(
    ("recipient", "amount", "outcome"),
    [
        ("79229999999", 1_000, "recipient_unknown"),
        (THREE, 1_000, "recipient_self"),
        (ONE, 999, "amount_out_of_range"),
        (ONE, 500_001, "amount_out_of_range"),
        (ONE, 500_000, "ok"),
    ],
)
def test_what_refuses_it(desk: Desk, recipient: str, amount: int, outcome: str) -> None:
    assert desk.outcome(3, "ask.quote", recipient=recipient, amount=amount) == outcome
    assert desk.outcome(3, "ask.send", recipient=recipient, amount=amount) == outcome


def test_one_at_a_time_to_a_number(desk: Desk) -> None:
    assert desk.outcome(3, "ask.send", recipient=ONE, amount=1_000) == "ok"
    assert ask(desk) == "ask_waiting"
    assert desk.outcome(3, "ask.send", recipient=TWO, amount=1_000) == "ok"
    assert desk.outcome(2, "ask.send", recipient=ONE, amount=1_000) == "ok"


def test_five_a_day_and_thirty_a_month(desk: Desk) -> None:
    sent = 0
    for day in range(8):
        for _ in range(6):
            outcome = desk.outcome(3, "ask.send", recipient=ONE, amount=1_000)
            if outcome == "ok":
                sent += 1
                assert desk.outcome(1, "ask.refuse", recipient=THREE) == "ok"
            else:
                assert outcome == ("ask_daily_limit" if sent < 30 else "ask_monthly_limit") or (
                    sent == 30 and outcome == "ask_daily_limit"
                )
        assert sent == min(30, 5 * (day + 1))
        desk.now += 86_400
    desk.now = NOW + 30 * 86_400
    assert desk.outcome(3, "ask.send", recipient=ONE, amount=1_000) == "ok"


def test_it_works_in_roaming_and_with_nothing_on_the_account(desk: Desk) -> None:
    assert desk.subscriber(5).zone == "WORLD"
    assert desk.outcome(5, "ask.send", recipient=ONE, amount=1_000) == "ok"
    assert desk.balance(3) == 0
    assert desk.outcome(3, "ask.send", recipient=ONE, amount=1_000) == "ok"
    assert desk.balance(5) == 1_000
