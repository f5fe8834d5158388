"""Turns of a call: what is reserved, said, collected, charged, and never written down."""

from __future__ import annotations

import pytest

from gateway.accounts.book import REVENUE, Transfer
from gateway.accounts.ledger import move
from gateway.domain.calls import Refused, Verify
from gateway.domain.port import (
    QuotaSpent,
    Released,
    Replied,
    Sms,
    TimedOut,
    Verified,
)
from gateway.turn.call import connected, extend
from gateway.turn.speaking import CLOSING_SECONDS_MAX
from tests.accounts.fakes import NOW
from tests.turn.phones import Phones, gather, heard, only

FEDERAL = "+79221110505"
FRANCE = "20801"
PASSWORD = "482915"


@pytest.fixture
def phones() -> Phones:
    return Phones()


# --- keys -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "keys_max", "terminator", "secret"),
    [
        ((), 1, "", False),
        (("1", "3", "2"), 20, "#", False),
        (("1", "3", "3"), 10, "#", False),
        (("1", "3", "3", "9220000002"), 5, "#", False),
        (("2", "3", "2", "1"), 4, "#", True),
        (("2", "5", "1"), 10, "#", True),
        (("1", "4"), 10, "#", True),
    ],
    ids=["menu", "voucher", "number", "sum", "barring", "own password", "proof"],
)
def test_what_is_collected(
    phones: Phones, keys: tuple[str, ...], keys_max: int, terminator: str, secret: bool
) -> None:
    outcome = phones.call("a", "79220000001", "0505")
    if "3" in keys[1:2] and keys[0] == "1":
        phones.book.update_subscriber("79220000001", {"card": "kept:1111"})
    for key in keys:
        outcome = phones.press("a", key)
    found = gather(outcome)
    wanted = (keys_max, terminator, "*", secret, not secret)
    assert wanted == (
        found.keys_max,
        found.terminator,
        found.instant,
        found.secret,
        found.type_ahead,
    )
    assert (found.first_key_seconds, found.next_key_seconds, found.barge_in) == (5, 3, True)


# --- money ----------------------------------------------------------------------------------------


def test_two_calls_on_one_account_never_overspend_it(phones: Phones) -> None:
    phones.book.update_subscriber("79220000007", {"tariff": "simple"})
    phones.book.transfer(taken(phones, "79220000001", 5_000))
    one, other = "79220000001", "79220000007"  # both on account 1001, 200.00
    assert phones.available(one) == 20_000
    assert heard(phones.call("a", one, FEDERAL, FRANCE)).quota_seconds == 60
    assert heard(phones.call("b", other, FEDERAL, FRANCE)).quota_seconds == 60
    assert phones.available(one) == 20_000 - 2 * 5_900
    assert connected(phones.unit, "a", phones.now) == connected(phones.unit, "b", phones.now) == 60
    phones.now += 50
    assert extend(phones.unit, "a", 50, phones.now) == 120
    assert extend(phones.unit, "b", 50, phones.now) == 60
    phones.now += 10
    spent = phones.event("b", QuotaSpent())
    assert heard(spent).gather is None
    over = phones.event("b", Released("network", 60.0))
    assert over.charge is not None
    assert (over.charge.amount, over.ended[0].result, over.ended[0].seconds) == (
        5_900,
        "funds_spent",
        60.0,
    )
    phones.now += 50
    assert extend(phones.unit, "a", 110, phones.now) == 120
    over = phones.event("a", Released("user", 119.2))
    assert over.charge is not None
    assert (over.charge.amount, over.charge.units) == (11_800, 2)
    assert phones.available(one) == 20_000 - 3 * 5_900


def taken(phones: Phones, msisdn: str, amount: int) -> Transfer:
    """A transfer that leaves so much less."""
    subscriber = phones.book.subscriber(msisdn)
    assert subscriber is not None
    return move("test", "test", NOW, subscriber.account, REVENUE, amount)


def test_the_price_is_told_before_the_answer_and_only_where_there_is_one(phones: Phones) -> None:
    free = heard(phones.call("a", "79220000002", FEDERAL))
    paid = heard(phones.call("b", "79220000002", FEDERAL, FRANCE))
    assert (free.early, free.quota_seconds) == ((), None)
    assert " ".join(paid.early).endswith("fifty nine roubles a minute.")


@pytest.mark.parametrize("event", [Released("user", 0.0), Released("network", 2.0)])
def test_a_call_that_was_not_answered_or_short_costs_nothing(
    phones: Phones, event: Released
) -> None:
    phones.call("a", "79220000002", FEDERAL, FRANCE)
    assert phones.available("79220000002") == 100_000 - 5_900
    charge = phones.event("a", event).charge
    assert charge is not None
    assert (charge.amount, charge.units, phones.available("79220000002")) == (0, 0, 100_000)


def test_a_call_that_died_is_charged_to_the_last_second_recorded(phones: Phones) -> None:
    phones.call("a", "79220000002", FEDERAL, FRANCE)
    connected(phones.unit, "a", phones.now)
    extend(phones.unit, "a", 50, phones.now + 50)
    charge = phones.event("a", Released("link")).charge
    assert charge is not None
    assert (charge.amount, charge.units) == (5_900, 1)
    phones.now += 10_000
    assert len([row for row in phones.settle() if row.amount]) == 1


def test_an_end_told_twice_is_charged_once(phones: Phones) -> None:
    phones.call("a", "79220000002", FEDERAL, FRANCE)
    connected(phones.unit, "a", phones.now)
    assert phones.event("a", Released("user", 70.0)).charge is not None
    again = phones.event("a", Released("user", 70.0))
    assert (again.charge, again.ended, again.deliveries) == (None, (), ())


@pytest.mark.parametrize(
    ("msisdn", "number", "plmn", "reason", "text"),
    [
        ("79220000001", "0505", FRANCE, "not_reachable", "+79221110505"),
        ("79220000005", FEDERAL, FRANCE, "funds", "RUB 49"),
        ("79220000001", "0999", "", "number_unknown", ""),
    ],
)
def test_refused_before_the_answer(
    phones: Phones, msisdn: str, number: str, plmn: str, reason: str, text: str
) -> None:
    outcome = phones.call("a", msisdn, number, plmn)
    assert only(outcome, Refused).reason == reason
    told = [each for each in outcome.deliveries if isinstance(each, Sms)]
    assert [text in each.text for each in told] == ([True] if text else [])
    assert {each.link for each in told} <= {""}, "an SMS never leaves by the link of a call"
    assert phones.stored("a") == ""
    assert [each.result for each in outcome.ended] == ["refused"]


def test_a_hidden_caller_gets_the_operator_and_no_menu(phones: Phones) -> None:
    outcome = phones.call("a", "", "0505")
    assert (heard(outcome).gather, heard(outcome).transfer) == (None, True)
    assert (outcome.charge, outcome.ended) == (None, ())
    phones.now += 4
    assert phones.event("a", Replied("1")).deliveries == ()
    over = phones.event("a", Released("network", 3.5))
    (ended,) = over.ended
    assert (over.charge, phones.stored("a"), ended.result) == (None, "", "stranger")
    assert (ended.ended_at - ended.opened_at, ended.seconds) == (4, 3.5)


# --- the password ---------------------------------------------------------------------------------


def proving(phones: Phones) -> Verify:
    """Until the password of the promised payment is compared."""
    phones.call("a", "79220000001", "0505")
    phones.press("a", "2", "5", "1", PASSWORD, PASSWORD)
    phones.press("a", "*", "*", "1", "4")
    return only(phones.press("a", PASSWORD), Verify)


def test_a_password_is_compared_outside_and_stands_nowhere(phones: Phones) -> None:
    asked = proving(phones)
    assert asked.password == PASSWORD
    assert PASSWORD not in repr(asked)
    assert PASSWORD not in phones.stored("a")
    [digest] = asked.digests
    assert phones.hasher.verify(digest, PASSWORD, "79220000001")


def test_while_it_is_compared_nothing_else_counts(phones: Phones) -> None:
    proving(phones)
    before = phones.stored("a")
    for event in (Replied("1"), TimedOut()):
        outcome = phones.event("a", event)
        assert (outcome.deliveries, outcome.ended, phones.stored("a")) == ((), (), before)


def test_a_password_replaced_meanwhile_is_wrong(phones: Phones) -> None:
    asked = proving(phones)
    stale = f"{asked.digests[0]}-of-before"
    outcome = phones.event("a", Verified(stale, asked.attempts_left))
    assert gather(outcome).secret
    assert "четыре" in heard(outcome).phrases


def test_a_proof_lasts_as_long_as_the_call(phones: Phones) -> None:
    asked = proving(phones)
    phones.event("a", Verified(asked.digests[0], asked.attempts_left))
    assert not gather(phones.press("a", "*", "5", "1")).secret  # transfer: no second question
    phones.event("a", Released("user", 30.0))
    phones.call("b", "79220000001", "0505")
    assert gather(phones.press("b", "1", "4")).secret


# --- time -----------------------------------------------------------------------------------------


def test_mistakes_are_no_progress_and_the_call_has_an_end(phones: Phones) -> None:
    begun = phones.call("a", "79220000001", "0505")
    phones.now += 20
    for event in (TimedOut(), Replied("8")):
        assert phones.event("a", event).deadline == begun.deadline == NOW + 180
    assert phones.press("a", "1").deadline == NOW + 200
    assert phones.press("a", "9").deadline == NOW + 200
    while phones.now < NOW + 1_700:
        phones.now += 170
        last = phones.press("a", "*", "1").deadline
    assert last == NOW + 1_800
    phones.now = NOW + 1_800
    bye = phones.event("a", TimedOut())
    assert (heard(bye).gather, bye.deadline) == (None, phones.now + CLOSING_SECONDS_MAX)


def test_a_channel_that_never_tells_the_end_is_not_waited_for(phones: Phones) -> None:
    phones.call("a", "79220000001", "0505")
    phones.press("a", "0")
    late = phones.event("a", Replied("1"))
    assert (late.deliveries, late.ended) == ((), ())
    phones.now += CLOSING_SECONDS_MAX
    over = phones.event("a", TimedOut())
    assert [ended.result for ended in over.ended] == ["transferred"]
    assert phones.stored("a") == ""
