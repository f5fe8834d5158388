"""A promised payment is paid back out of whatever comes in, at once, until nothing is owed (R28).

What was lent goes back first, then its fee. An account that owed beyond its term is free again as
soon as the last kopeck is paid.
"""

from __future__ import annotations

from gateway.accounts.book import FEES, PROMISED, Book, Promise, Subscriber
from gateway.accounts.ledger import move
from gateway.accounts.operations import operation_charge
from gateway.domain.money import roubles

DUE = "promised.due"
ACTIVE, IN_DEBT = "active", "debt"
"""States of a SIM."""


def due_key(account: int) -> str:
    """The key of the job of the last day."""
    return f"promised:{account}"


def repay(book: Book, account: int, most: int, now: float, key: str) -> int:
    """Take at most `most` kopecks for the account's open promise, under keys that begin with
    `key`. What was taken; 0 where nothing is owed."""
    promise = book.promise(account)
    if promise is None:
        return 0
    owner = book.subscriber(book.owner(account))
    assert owner is not None, "an account that was lent money has an owner"
    amount = min(promise.left, most, max(0, owner.available))
    if not amount:
        return 0
    lent = min(amount, max(0, promise.amount - promise.paid))
    if lent:
        _take(book, account, PROMISED, lent, now, f"{key}:repaid")
    if amount > lent:
        _pay_fee(book, owner, promise, amount - lent, now, f"{key}:repaid_fee")
    book.pay_promise(account, amount)
    if amount == promise.left:
        _close(book, account)
    return amount


def _take(book: Book, account: int, to: int, amount: int, now: float, key: str) -> None:
    outcome = book.transfer(move(key, "promised_repaid", now, account, to, amount))
    assert outcome == "ok", f"a repayment was {outcome}"


def _pay_fee(
    book: Book, owner: Subscriber, promise: Promise, fee: int, now: float, key: str
) -> None:
    _take(book, owner.account, FEES, fee, now, key)
    what = f"promised payment of {roubles(promise.amount)}"
    arithmetic = f"{roubles(fee)} of its fee of {roubles(promise.fee)}"
    book.record_charge(operation_charge(owner, now, what, arithmetic, fee, "fees", key))


def _close(book: Book, account: int) -> None:
    book.close_promise(account)
    book.cancel_job(due_key(account))
    book.restrict(account, IN_DEBT, ACTIVE)
