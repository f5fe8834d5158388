"""The promised payment: money lent for days, down to a floor, one debt at a time.

Only the loan is paid out here; it is owed with its fee until 23:59 of its last day
(R27, R28).
"""

from __future__ import annotations

from collections.abc import Mapping

from gateway.accounts.book import PROMISED, Promise
from gateway.accounts.ledger import move
from gateway.accounts.request import Effect, Reply, Request, done, refuse
from gateway.domain.moments import day_start

_DAY_SECONDS = 86_400
_LAST_MINUTE_SECONDS = (23 * 60 + 59) * 60


def _refused(request: Request) -> str:
    offer = request.terms.offers.get(request.number("amount"))
    if offer is None:
        return "promised_amount_unknown"
    if request.book.promise(request.subscriber.account) is not None:
        return "promised_debt_open"
    return "promised_floor" if request.subscriber.balance < offer.floor else ""


def _due(request: Request) -> int:
    today = day_start(request.now, request.core.utc_offset_seconds)
    return int(today) + request.terms.promised_days * _DAY_SECONDS + _LAST_MINUTE_SECONDS


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
    return done(amount=offer.amount, fee=offer.fee, total=offer.amount + offer.fee, due=due)


def _debt(request: Request) -> Reply:
    promise = request.book.promise(request.subscriber.account)
    if promise is None:
        return refuse("promised_no_debt")
    return done(debt=promise.amount + promise.fee, due=int(promise.due))


EFFECTS: Mapping[str, Effect] = {
    "promised.quote": _quote,
    "promised.take": _take,
    "promised.debt": _debt,
}
