"""Who pays for an employee: the company up to its limit of the month, above it he himself (R42).

A use that would pass the limit is paid wholly from the employee's personal account; where he has
none it is refused. What is brought for his number comes into that account. Numbers outside
companies, and administrators, have no limit.
"""

from __future__ import annotations

from gateway.accounts.book import Book, Subscriber
from gateway.domain.moments import month_start

LIMIT_RULE = "R42"
"""The rule of a use that a limit refused."""


def payer(
    book: Book, subscriber: Subscriber, amount: int, now: float, utc_offset_seconds: int
) -> Subscriber | None:
    """The subscriber with the account that pays `amount` kopecks more for him this month; None
    where nobody does."""
    if subscriber.role != "employee" or not amount:
        return subscriber
    allowance = book.allowance(subscriber.msisdn)
    if not allowance.month_limit:
        return subscriber
    since = month_start(now, utc_offset_seconds)
    paid = book.paid_from(subscriber.account, subscriber.msisdn, since)
    if paid + amount <= allowance.month_limit:
        return subscriber
    return subscriber._replace(account=allowance.own_account) if allowance.own_account else None


def purse(book: Book, subscriber: Subscriber) -> int:
    """The account that money brought for a number comes to: an employee's own, where he has one."""
    if subscriber.role != "employee":
        return subscriber.account
    return book.allowance(subscriber.msisdn).own_account or subscriber.account
