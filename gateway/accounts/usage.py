"""Charges: what a use costs is taken by one conditional transfer, and every row says why.

A free use and a refusal are rows of 0.00 with their reason. The row and the transfer are written
in the same turn under the same key, so that one never stands without the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.accounts.book import (
    REVENUE,
    ROAMING_REVENUE,
    Book,
    Category,
    Charge,
    Subscriber,
)
from gateway.accounts.ledger import move
from gateway.accounts.request import Request
from gateway.charging.explain import explain, explain_operation, explain_shortage
from gateway.charging.rating import Rating
from gateway.domain.port import Channel

CATEGORIES: Mapping[Channel, Category] = {"ussd": "ussd", "sms": "sms", "voice": "calls"}
SHORTAGE_RULE = "CH19"
OPERATION_RULE = "CH15"


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a channel, on its way to be charged."""

    now: float
    key: str
    """Idempotency key `channel:session:sequence`; the same use always has the same."""
    channel: Channel
    address: str
    dialogue: str
    plmn: str = ""
    """The visited network, for the explanation."""


def charge_use(book: Book, subscriber: Subscriber, rating: Rating, use: Use) -> Charge:
    """Take the money of one use (an SMS, granted minutes) before it acts, and record its row.

    The answer's `refused` says that it must not go on: not reachable, no rule (`rating.alarm`),
    or, by CH19, not enough money. A use whose key was charged before is not charged or recorded
    again.
    """
    if not rating.amount:
        return record_use(book, subscriber, rating, use)
    outcome = book.transfer(
        move(
            use.key,
            rating.charge_class,
            use.now,
            subscriber.account,
            revenue_of(rating),
            rating.amount,
        )
    )
    if outcome == "insufficient_balance":
        return record_shortage(book, subscriber, rating, use)
    assert outcome != "account_unknown", "a subscriber's account exists"
    line = explain(rating, use.plmn)
    charge = _row(subscriber, rating, use, rating.rule, line, amount=rating.amount)
    if outcome != "exists":
        book.record_charge(charge)
    return charge


def revenue_of(rating: Rating) -> int:
    """The system account that a use's price goes to."""
    return REVENUE if rating.zone == "HOME" else ROAMING_REVENUE


def record_use(
    book: Book, subscriber: Subscriber, rating: Rating, use: Use, line: str = ""
) -> Charge:
    """The row of a use whose money, if it costs any, has moved under `use.key`; of a free one, and
    of one refused by its rule. `line` explains it in place of the rating's own words."""
    line = line or explain(rating, use.plmn)
    amount, refused = rating.amount, not rating.allowed
    charge = _row(subscriber, rating, use, rating.rule, line, amount, refused)
    book.record_charge(charge)
    return charge


def record_shortage(book: Book, subscriber: Subscriber, rating: Rating, use: Use) -> Charge:
    """CH19: the row of a use refused for want of money."""
    line = explain_shortage(rating, use.plmn, subscriber.available)
    charge = _row(subscriber, rating, use, SHORTAGE_RULE, line, refused=True)
    book.record_charge(charge)
    return charge


def _row(
    subscriber: Subscriber,
    rating: Rating,
    use: Use,
    rule: str,
    line: str,
    amount: int = 0,
    refused: bool = False,
) -> Charge:
    return Charge(
        use.now,
        subscriber.msisdn,
        subscriber.account,
        use.channel,
        use.address,
        rating.zone,
        rating.units,
        rating.price,
        amount,
        rule,
        line,
        use.dialogue,
        CATEGORIES[use.channel],
        refused,
        use.key if amount else "",
    )


def record_operation(
    request: Request, what: str, arithmetic: str, amount: int, category: Category, key: str
) -> None:
    """CH15: the row of an operation's own price, whose money moved under `key`."""
    subscriber, context = request.subscriber, request.context
    request.book.record_charge(
        Charge(
            at=context.now,
            msisdn=subscriber.msisdn,
            account=subscriber.account,
            channel=context.channel,
            address=context.address,
            zone=subscriber.zone,
            units=1,
            price=amount,
            amount=amount,
            rule=OPERATION_RULE,
            explanation=explain_operation(what, arithmetic),
            dialogue=context.dialogue,
            category=category,
            key=key,
        )
    )
