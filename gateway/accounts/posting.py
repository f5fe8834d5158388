"""Posting: the one way money reaches or leaves a subscriber's account, and what follows from it.

Money that comes in pays an open promise back first (R28). Money that leaves may bring the balance
below the threshold of an autopay (F08), and is gathered for bonus points (F17). All of it happens
in the same turn; what must charge a card or count a month's spending waits as a job.
"""

from __future__ import annotations

from gateway.accounts.book import SYSTEM_ACCOUNTS_MAX, Book, Transfer, TransferOutcome
from gateway.accounts.books.jobs import Job, Payload
from gateway.accounts.repayment import repay
from gateway.domain.moments import DAY_SECONDS

LOW_BALANCE = "autopay.threshold"
MONTH_OF_SPENDING = "bonus.month"
MONTH_SECONDS = 30.0 * DAY_SECONDS


def post(book: Book, transfer: Transfer) -> TransferOutcome:
    """`book.transfer`, and what follows from it where it was made."""
    outcome = book.transfer(transfer)
    if outcome == "ok":
        for account, amount in _moved(transfer).items():
            if amount > 0:
                repay(book, account, amount, transfer.at, transfer.key)
            elif amount < 0:
                debited(book, account, transfer.at)
    return outcome


def debited(book: Book, account: int, now: float) -> None:
    """Money has left the account, by a transfer or by a hold that was posted."""
    watch_threshold(book, account, now)
    key = f"bonus:{account}:month"
    if book.job(key) is None:
        due = now + MONTH_SECONDS
        payload: Payload = {"account": account, "since": repr(now)}
        book.schedule(Job(key, MONTH_OF_SPENDING, str(account), due, payload))


def watch_threshold(book: Book, account: int, now: float) -> None:
    """Have the account topped up now if its balance is below the threshold of its autopay; once,
    however often money leaves it until then."""
    autopay = book.autopay(account, "threshold")
    if autopay is None:
        return
    payer = book.subscriber(autopay.msisdn)
    if payer is None or payer.balance >= autopay.threshold:
        return
    key = f"autopay:{account}:threshold"
    if book.job(key) is None:
        book.schedule(Job(key, LOW_BALANCE, autopay.msisdn, now, {"account": account}))


def _moved(transfer: Transfer) -> dict[int, int]:
    """Subscribers' accounts -> kopecks they gained (negative: lost)."""
    moved: dict[int, int] = {}
    for leg in transfer.legs:
        if leg.account > SYSTEM_ACCOUNTS_MAX and leg.unit == "RUB":
            moved[leg.account] = moved.get(leg.account, 0) + leg.amount
    return moved
