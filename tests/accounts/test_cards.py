"""Bank cards: linked once, kept as a token; money comes in from them (F04-F06, F09)."""

from __future__ import annotations

import pytest

from gateway.accounts.book import TOPUPS, Leg
from gateway.accounts.cards import is_card, kept
from tests.accounts.fakes import Desk

GOOD = "4242424242424242"
OTHER = "79220000003"


def link(desk: Desk, number: int, digits: str = GOOD) -> None:
    assert desk.outcome(number, "card.link", digits=digits) == "ok"


def charge(desk: Desk, number: int, amount: int, recipient: str = "") -> str:
    arguments = {"amount": amount, "recipient": recipient}
    quoted = desk.outcome(number, "topup.quote", **arguments)
    outcome = desk.outcome(number, "account.topup_card", **arguments)
    # a quote refuses whatever can be known before the card is asked
    assert quoted in (outcome, "ok")
    return outcome


@pytest.mark.parametrize(
    ("digits", "right"),
    [
        (GOOD, True),
        ("5555555555554444", True),
        ("378282246310005", True),
        ("2200000000000004", True),
        ("4242424242424241", False),  # the check digit
        ("4242424242", False),  # too short
        ("42424242424242424242", False),  # too long
        ("4242 4242 4242 4242", False),
        ("", False),
    ],
)
def test_a_card_number_has_its_check_digit(digits: str, right: bool) -> None:
    assert is_card(digits) is right


def test_only_a_token_and_the_last_four_digits_are_kept(desk: Desk) -> None:
    assert desk.outcome(1, "card.state") == "card_none"
    assert desk.outcome(1, "card.link", digits="4242424242424241") == "card_wrong"
    assert desk.answer(1, "card.link", digits=GOOD).values == {"card": "4242"}
    assert desk.answer(1, "card.state").values == {"card": "4242"}
    kept = desk.subscriber(1).card
    assert kept.endswith("4242")
    assert GOOD not in kept
    assert kept[:4] != GOOD[:4]
    assert desk.outcome(1, "card.unlink") == "ok"
    assert desk.outcome(1, "card.unlink") == "card_none"


def test_a_whole_number_from_an_administrator_becomes_a_token(desk: Desk) -> None:
    cards = desk.accounts.core.cards
    for written in (GOOD, "4242 4242 4242 4242", "4242-4242-4242-4242"):
        token = kept(cards, written)
        assert token.endswith("4242")
        assert GOOD not in token
    assert (kept(cards, "4242"), kept(cards, "")) == ("4242", "")


def test_a_top_up_of_ones_own_account(desk: Desk) -> None:
    link(desk, 3)
    answered = desk.answer(3, "account.topup_card", amount=10_000, recipient="", key="k")
    assert answered.values == {
        "amount": 10_000, "balance": 10_000, "own": True, "recipient": OTHER
    }  # fmt: skip
    assert desk.book.journal["k:topup"].legs == (Leg(TOPUPS, -10_000), Leg(1003, 10_000))
    assert desk.sent == []


def test_a_top_up_of_another_number_tells_it(desk: Desk) -> None:
    link(desk, 1)
    answered = desk.answer(1, "account.topup_card", amount=10_000, recipient="9220000003")
    assert (answered.values["own"], answered.values["recipient"]) == (False, OTHER)
    assert (desk.balance(1), desk.balance(3)) == (25_000, 10_000)
    [told] = desk.sent
    assert (told.msisdn, told.text_id, told.language) == (OTHER, "sms.topup", "ru-Latn")


@pytest.mark.parametrize(
    ("amount", "recipient", "outcome"),
    [
        (999, "", "topup_out_of_range"),
        (1_000, "", "ok"),
        (1_500_000, "", "ok"),
        (1_500_001, "", "topup_out_of_range"),
        (1_000, "9229999999", "recipient_unknown"),
        (1_000, "123", "recipient_unknown"),
    ],
)
def test_what_refuses_a_top_up(desk: Desk, amount: int, recipient: str, outcome: str) -> None:
    assert charge(desk, 1, amount, recipient) == "card_none"
    link(desk, 1)
    assert charge(desk, 1, amount, recipient) == outcome


@pytest.mark.parametrize(
    ("digits", "outcome"),
    [
        ("4000000000000002", "card_declined"),
        ("4000000000000069", "card_expired"),
        ("4000000000009995", "card_short"),
    ],
)
def test_a_card_that_refuses_moves_nothing(desk: Desk, digits: str, outcome: str) -> None:
    link(desk, 1, digits)
    before = dict(desk.book.journal)
    assert charge(desk, 1, 10_000) == outcome
    assert desk.book.journal == before
    assert desk.balance(1) == 25_000


def test_ten_a_day(desk: Desk) -> None:
    link(desk, 1)
    for _ in range(10):
        assert charge(desk, 1, 1_000) == "ok"
    assert charge(desk, 1, 1_000) == "topup_daily_limit"
    desk.now += 86_400
    assert charge(desk, 1, 1_000) == "ok"


def test_whoever_found_a_lost_sim_tops_up_its_own_account_alone(desk: Desk) -> None:
    desk.book.update_subscriber("79220000008", {"card": "123456789012344242"})
    assert charge(desk, 8, 10_000, OTHER) == "number_blocked"
    assert charge(desk, 8, 10_000) == "ok"
    assert (desk.balance(8), desk.balance(3)) == (15_000, 0)


def test_a_voucher_for_another_number(desk: Desk) -> None:
    arguments = {"code": "105000000100", "recipient": "9220000003"}
    assert desk.outcome(1, "account.topup_voucher", code="1", recipient="123") == (
        "recipient_unknown"
    )
    answered = desk.answer(1, "account.topup_voucher", **arguments)
    assert (answered.values["own"], answered.values["balance"]) == (False, 25_000)
    assert desk.balance(3) == 10_000
    assert [message.text_id for message in desk.sent] == ["sms.topup"]
    assert desk.outcome(1, "account.topup_voucher", **arguments) == "voucher_used"
