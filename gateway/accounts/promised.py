"""The promised payment: money lent for days, down to a floor, one debt at a time.

Only the loan is paid out here; it is owed with its fee until 23:59 of its last day, and paid back
out of whatever comes in (`repayment`). At its term the balance pays as far as it goes; what is
still owed then blocks the account's numbers until it is paid (R27, R28).
"""

from __future__ import annotations

from collections.abc import Mapping

from gateway.accounts.book import PROMISED, Promise
from gateway.accounts.books.jobs import Job
from gateway.accounts.dated import Dated, DatedEffect
from gateway.accounts.ledger import move
from gateway.accounts.repayment import ACTIVE, DUE, IN_DEBT, due_key, repay
from gateway.accounts.request import Effect, Reply, Request, done, refuse
from gateway.domain.moments import DAY_SECONDS, day_start
from gateway.domain.port import Sent

_LAST_MINUTE_SECONDS = (23 * 60 + 59) * 60


def _refused(request: Request) -> str:
    offer = request.terms.offers.get(request.number("amount"))
    if offer is None:
        return "promised_amount_unknown"
    if request.book.promise(request.subscriber.account) is not None:
        return "promised_debt_open"
    days = request.terms.money.promised_age_days_min
    if request.now - request.subscriber.activated_at < days * DAY_SECONDS:
        return "promised_too_young"
    return "promised_floor" if request.subscriber.balance < offer.floor else ""


def _due(request: Request) -> int:
    today = day_start(request.now, request.core.utc_offset_seconds)
    return int(today) + request.terms.promised_days * DAY_SECONDS + _LAST_MINUTE_SECONDS


def _quote(request: Request) -> Reply:
    if refused := _refused(request):
        return refuse(refused)
    offer = request.terms.offers[request.number("amount")]
    return done(
        amount=offer.amount, fee=offer.fee, due=_due(request), days=request.terms.promised_days
    )


def _take(request: Request) -> Reply:
    if refused := _refused(request):
        return refuse(refused)
    book, account = request.book, request.subscriber.account
    offer, due = request.terms.offers[request.number("amount")], _due(request)
    key = request.key("promised")
    promise = Promise(account, offer.amount, offer.fee, request.now, due, key)
    if not book.open_promise(promise):
        return refuse("promised_debt_open")
    outcome = book.transfer(move(key, "promised", request.now, PROMISED, account, offer.amount))
    assert outcome == "ok", f"a promised payment was {outcome}"
    payload = {"account": account}
    book.schedule(Job(due_key(account), DUE, request.subscriber.msisdn, due, payload))
    return done(amount=offer.amount, fee=offer.fee, total=offer.amount + offer.fee, due=due)


def _debt(request: Request) -> Reply:
    promise = request.book.promise(request.subscriber.account)
    if promise is None:
        return refuse("promised_no_debt")
    return done(debt=promise.left, due=int(promise.due))


def _term(dated: Dated) -> tuple[Sent, ...]:
    """The term has come: what the balance has is taken, and what is left blocks the numbers."""
    book, account = dated.book, dated.number("account")
    promise, borrower = book.promise(account), book.subscriber(book.owner(account))
    if promise is None or borrower is None:
        return ()
    own = max(0, borrower.balance - borrower.held)
    paid = repay(book, account, own, dated.now, dated.key("term"))
    left = promise.left - paid
    if not left:
        return (dated.message(borrower, "sms.promised.paid", amount=paid),)
    book.restrict(account, ACTIVE, IN_DEBT)
    return (dated.message(borrower, "sms.promised.blocked", debt=left),)


EFFECTS: Mapping[str, Effect] = {
    "promised.quote": _quote,
    "promised.take": _take,
    "promised.debt": _debt,
}

DATED: Mapping[str, DatedEffect] = {DUE: _term}
