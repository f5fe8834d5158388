"""Whatever is done to a ledger, in any order: balances are the journal's sums, what is held is the
open holds, and nothing is spent that was not available."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.accounts.book import OPENING, REVENUE, Hold, Leg, Transfer
from gateway.accounts.memory import MemoryBook

ACCOUNTS = (1001, 1002, 1003)
CREDITS = {1001: 0, 1002: 500, 1003: 0}

accounts = st.sampled_from(ACCOUNTS)
targets = st.sampled_from((*ACCOUNTS, REVENUE))
amounts = st.integers(0, 1_500)
keys = st.sampled_from("abcdefgh")
moments = st.integers(0, 20)

steps = st.one_of(
    st.tuples(st.just("transfer"), keys, accounts, targets, amounts, amounts),
    st.tuples(st.just("reserve"), keys, accounts, amounts, moments),
    st.tuples(st.just("post"), keys, amounts, targets, moments),
    st.tuples(st.just("void"), keys, moments),
    st.tuples(st.just("expire"), moments),
)


def take(book: MemoryBook, step: tuple[Any, ...]) -> str:
    match step:
        case ("transfer", key, source, target, amount, fee):
            legs = (Leg(source, -amount), Leg(target, amount), Leg(source, -fee), Leg(REVENUE, fee))
            return book.transfer(Transfer(key, "test", 0.0, legs))
        case ("reserve", key, account, amount, until):
            return book.reserve(Hold(key, account, amount, "call", 0.0, float(until)))
        case ("post", key, amount, to, at):
            return book.post_hold(key, amount, to, float(at))
        case ("void", key, at):
            return book.void_hold(key, float(at))
        case (_, now):
            return "ok" if book.expire_holds(float(now)) else "none"
    raise AssertionError(step)


@settings(max_examples=300)
@given(st.lists(steps, max_size=40))
def test_the_ledger_always_adds_up(history: list[tuple[Any, ...]]) -> None:
    book = MemoryBook()
    for opened in ACCOUNTS:
        book.add_account(opened, CREDITS[opened], 0.0)
        legs = (Leg(OPENING, -1_000), Leg(opened, 1_000))
        book.transfer(Transfer(f"opening:{opened}", "opening", 0.0, legs))
    for step in history:
        before = book.snapshot()
        if take(book, step) != "ok":
            assert book.snapshot() == before, "a refusal changed something"
        for number, account in book.accounts.items():
            entries = [leg for t in book.journal.values() for leg in t.legs]
            assert account.balance == sum(leg.amount for leg in entries if leg.account == number)
            held = [h for h in book.holds.values() if h.state == "held" and h.account == number]
            assert account.held == sum(hold.amount for hold in held)
            assert account.available >= 0
