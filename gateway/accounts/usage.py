"""Charges: what a use costs is taken by one conditional transfer, and every row says why.

A free use and a refusal are rows of 0.00 with their reason. The row and the transfer are written
in the same turn under the same key, so that one never stands without the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gateway.accounts.book import (
    REVENUE,
    ROAMING_REVENUE,
    Book,
    Category,
    Charge,
    Subscriber,
)
from gateway.accounts.companies.limits import LIMIT_RULE, payer
from gateway.accounts.ledger import move
from gateway.accounts.operations import OPERATION_RULE as OPERATION_RULE
from gateway.accounts.operations import operation_charge
from gateway.accounts.posting import post
from gateway.accounts.request import Reply, Request, refuse, short_of
from gateway.charging.explain import (
    explain,
    explain_limit,
    explain_shortage,
)
from gateway.charging.rating import Rater, Rating, preferred
from gateway.charging.tariff import Terms
from gateway.domain.money import roubles
from gateway.domain.port import Channel

CATEGORIES: Mapping[Channel, Category] = {"ussd": "ussd", "sms": "sms", "voice": "calls"}
SHORTAGE_RULE = "CH19"


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
    utc_offset_seconds: int = 0
    """Of the operator's wall clock: limits are of its months."""


def charge_use(book: Book, subscriber: Subscriber, rating: Rating, use: Use) -> Charge:
    """Take the money of one use (an SMS, granted minutes) before it acts, and record its row.

    The answer's `refused` says that it must not go on: not reachable, no rule (`rating.alarm`),
    or, by CH19, not enough money, or above the limit of an employee. A use whose key was charged
    before is not charged or recorded again.
    """
    if not rating.amount:
        return record_use(book, subscriber, rating, use)
    paying = payer(book, subscriber, rating.amount, use.now, use.utc_offset_seconds)
    if paying is None:
        return record_over_limit(book, subscriber, rating, use)
    outcome = post(
        book,
        move(
            use.key,
            rating.charge_class,
            use.now,
            paying.account,
            revenue_of(rating),
            rating.amount,
        ),
    )
    if outcome == "insufficient_balance" and paying is subscriber:
        return record_shortage(book, subscriber, rating, use)
    if outcome == "insufficient_balance":
        return record_over_limit(book, subscriber, rating, use)
    assert outcome != "account_unknown", "a subscriber's account exists"
    line = explain(rating, use.plmn)
    charge = _row(paying, rating, use, rating.rule, line, amount=rating.amount)
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


def record_over_limit(book: Book, subscriber: Subscriber, rating: Rating, use: Use) -> Charge:
    """R42: the row of a use that neither the company nor the employee's own account pays for."""
    line = explain_limit(rating, use.plmn)
    charge = _row(subscriber, rating, use, LIMIT_RULE, line, refused=True)
    book.record_charge(charge)
    return charge


def rate_use(
    rater: Rater, terms: Terms, subscriber: Subscriber, charge_class: str, units: int = 1
) -> Rating:
    """What a use costs this subscriber: the price of his zone, or what a corporate plan leaves of
    it (CH16, CH17)."""
    rating = rater.rate(charge_class, subscriber.zone, units)
    plan = terms.plans.get(subscriber.tariff)
    if plan is None or not plan.corporate:
        return rating
    return preferred(rating, terms.company.preferences, subscriber.region)


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


def take_price(
    request: Request,
    kind: str,
    to: int,
    amount: int,
    what: str,
    arithmetic: str,
    category: Category,
    memo: str = "",
) -> Reply | None:
    """CH15: take an operation's own price and record its row. None where it is paid; else the
    refusal, `insufficient_balance` or `limit_reached` (R42), and nothing was taken."""
    book, subscriber, key = request.book, request.subscriber, request.key(kind)
    paying = payer(book, subscriber, amount, request.now, request.core.utc_offset_seconds)
    if paying is None:
        return refuse("limit_reached")
    outcome = post(book, move(key, kind, request.now, paying.account, to, amount, memo))
    if outcome == "insufficient_balance":
        own = paying is not subscriber
        return refuse("limit_reached") if own else short_of(subscriber.available, amount)
    assert outcome == "ok", f"the price of {what} was {outcome}"
    line, paid = f"{arithmetic} = {roubles(amount)}", replace(request, subscriber=paying)
    record_operation(paid, what, line, amount, category, key)
    return None


def record_operation(
    request: Request, what: str, arithmetic: str, amount: int, category: Category, key: str
) -> None:
    """CH15: the row of an operation's own price, whose money moved under `key`."""
    context = request.context
    request.book.record_charge(
        operation_charge(
            request.subscriber,
            context.now,
            what,
            arithmetic,
            amount,
            category,
            key,
            context.channel,
            context.address,
            context.dialogue,
        )
    )
