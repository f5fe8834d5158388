"""Money that comes in: from the linked bank card, for one's own account or another's (F04-F06).

A top-up earns bonus points (F17) and pays an open promise back (R28).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.accounts.bonus import earn
from gateway.accounts.book import TOPUPS, VOUCHERS, Book, Subscriber
from gateway.accounts.cards import last_four
from gateway.accounts.companies.limits import purse
from gateway.accounts.ledger import move
from gateway.accounts.policy import is_blocked
from gateway.accounts.posting import post
from gateway.accounts.request import CardOutcome, Core, Effect, Reply, Request, done, refuse
from gateway.domain.moments import DAY_SECONDS
from gateway.domain.port import Message

_DAY = "topup_day"
_KINDS = {TOPUPS: "topup", VOUCHERS: "voucher"}
"""System account -> the kind of its transfers."""


def credit(
    core: Core, book: Book, receiver: Subscriber, source: int, amount: int, now: float, key: str
) -> None:
    """`amount` kopecks from a system account, as a top-up; its points with it."""
    account = purse(book, receiver)
    outcome = post(book, move(key, _KINDS[source], now, source, account, amount))
    assert outcome == "ok", f"a top-up was {outcome}"
    earn(core, book, receiver, "top_up", amount, now, key)


def credited(request: Request, receiver: Subscriber, amount: int) -> Reply:
    """The answer to a top-up; another's number is told of it by SMS."""
    own = receiver.account == request.subscriber.account
    told = Message(receiver.msisdn, "sms.topup", {"amount": amount}, receiver.language)
    return done(
        *(() if own else (told,)),
        amount=amount,
        balance=request.book.balance_of(purse(request.book, request.subscriber))[0],
        own=own,
        recipient=receiver.msisdn,
    )


def charge_card(
    core: Core, book: Book, token: str, receiver: Subscriber, amount: int, now: float, key: str
) -> CardOutcome:
    """Take `amount` kopecks from a card and bring them in, both under `key`."""
    outcome = core.cards.charge(token, amount, key)
    if outcome == "ok":
        credit(core, book, receiver, TOPUPS, amount, now, key)
    return outcome


@dataclass(frozen=True, slots=True)
class _Plan:
    """A top-up that may be made now."""

    receiver: Subscriber
    card: str
    amount: int


def _plan(request: Request) -> _Plan | Reply:
    payer, terms, amount = request.subscriber, request.terms.money.top_up, request.number("amount")
    if not payer.card:
        return refuse("card_none")
    if not terms.amount_min <= amount <= terms.amount_max:
        return refuse("topup_out_of_range")
    receiver = request.recipient()
    if receiver is None:
        return refuse("recipient_unknown")
    # whoever found a lost SIM does not spend its owner's card
    if is_blocked(payer) and receiver.account != payer.account:
        return refuse("number_blocked")
    if request.book.attempts(_DAY, payer.msisdn, request.now, DAY_SECONDS) >= terms.per_day_max:
        return refuse("topup_daily_limit")
    return _Plan(receiver, payer.card, amount)


def _quote(request: Request) -> Reply:
    plan = _plan(request)
    if not isinstance(plan, _Plan):
        return plan
    own = plan.receiver.account == request.subscriber.account
    card, recipient = last_four(plan.card), plan.receiver.msisdn
    return done(amount=plan.amount, card=card, own=own, recipient=recipient)


def _by_card(request: Request) -> Reply:
    plan = _plan(request)
    if not isinstance(plan, _Plan):
        return plan
    book, now = request.book, request.now
    book.count_attempt(_DAY, request.subscriber.msisdn, now, DAY_SECONDS)
    key = request.key("topup")
    outcome = charge_card(request.core, book, plan.card, plan.receiver, plan.amount, now, key)
    if outcome != "ok":
        return refuse(outcome)
    return credited(request, plan.receiver, plan.amount)


EFFECTS: Mapping[str, Effect] = {
    "topup.quote": _quote,
    "account.topup_card": _by_card,
}
