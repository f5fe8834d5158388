"""A request for money: one subscriber asks another, who sends it, refuses, or lets it lapse.

At most five a day and thirty a month; it waits for twelve hours, and both sides are told (R30,
F12). To send it is an ordinary transfer, with its code; no money moves here. It works in roaming
and with a negative balance, because asking costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.accounts.book import Book, Subscriber
from gateway.accounts.books.jobs import Job, Order
from gateway.accounts.dated import Dated, DatedEffect
from gateway.accounts.request import Effect, Reply, Request, done, refuse
from gateway.domain.moments import DAY_SECONDS
from gateway.domain.port import Message, Sent
from gateway.domain.values import Value

LAPSE = "ask.lapse"
_ORDER = "ask"
_OPEN = "open"
_HOUR_SECONDS = 3_600
_LIMITS = (("ask_day", DAY_SECONDS), ("ask_month", 30 * DAY_SECONDS))
_OPEN_MAX = 20
"""How many of a number's newest requests are looked through for an open one."""


def open_ask(book: Book, asked: str, asker: str = "") -> Order | None:
    """The newest request to a number that waits for an answer: of anybody, or of one asker."""
    for order in book.orders(asked, (_ORDER,), _OPEN_MAX):
        if order.state == _OPEN and asker in ("", order.msisdn):
            return order
    return None


def answered(book: Book, order: Order, state: str, now: float) -> tuple[Message, ...]:
    """The request ends as `sent`, `refused` or `lapsed`: the SMS that tells its asker, unless the
    money tells him itself."""
    book.update_order(order.id, state, now, order.payload)
    book.cancel_job(f"{_ORDER}:{order.id}")
    asker = book.subscriber(order.msisdn)
    if state == "sent" or asker is None:
        return ()
    values: dict[str, Value] = {"recipient": order.subject, "amount": order.payload["amount"]}
    return (Message(asker.msisdn, f"sms.ask.{state}", values, asker.language),)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A request that may be sent now."""

    asked: Subscriber
    amount: int


def _plan(request: Request) -> _Plan | Reply:
    book, asker, terms = request.book, request.subscriber, request.terms.money.ask
    asked, amount = request.recipient(), request.number("amount")
    if asked is None:
        return refuse("recipient_unknown")
    if asked.account == asker.account:
        return refuse("recipient_self")
    if not terms.amount_min <= amount <= terms.amount_max:
        return refuse("amount_out_of_range")
    if open_ask(book, asked.msisdn, asker.msisdn):
        return refuse("ask_waiting")
    for (purpose, seconds), most, refusal in zip(
        _LIMITS,
        (terms.per_day_max, terms.per_month_max),
        ("ask_daily_limit", "ask_monthly_limit"),
        strict=True,
    ):
        if book.attempts(purpose, asker.msisdn, request.now, seconds) >= most:
            return refuse(refusal)
    return _Plan(asked, amount)


def _quote(request: Request) -> Reply:
    plan = _plan(request)
    return _said(request, plan) if isinstance(plan, _Plan) else plan


def _send(request: Request) -> Reply:
    plan = _plan(request)
    if not isinstance(plan, _Plan):
        return plan
    book, asker, now = request.book, request.subscriber.msisdn, request.now
    for purpose, seconds in _LIMITS:
        book.count_attempt(purpose, asker, now, seconds)
    until = now + request.terms.money.ask.hours_max * _HOUR_SECONDS
    payload = {"amount": plan.amount, "until": int(until)}
    asked = plan.asked
    id = book.add_order(Order(0, _ORDER, asked.msisdn, asker, _OPEN, now, now, payload))
    book.schedule(Job(f"{_ORDER}:{id}", LAPSE, asked.msisdn, until, {"order": id}))
    values: dict[str, Value] = {"sender": asker, "amount": plan.amount}
    return _said(request, plan, Message(asked.msisdn, "acct.ask.in", values, asked.language))


def _said(request: Request, plan: _Plan, *messages: Message) -> Reply:
    hours = request.terms.money.ask.hours_max
    return done(*messages, recipient=plan.asked.msisdn, amount=plan.amount, hours=hours)


def _waiting(request: Request) -> Reply:
    order = open_ask(request.book, request.subscriber.msisdn)
    if order is None:
        return refuse("ask_none")
    until, amount = order.payload["until"], order.payload["amount"]
    return done(recipient=order.msisdn, amount=amount, until=until)


def _refuse(request: Request) -> Reply:
    asker = request.text("recipient")
    order = open_ask(request.book, request.subscriber.msisdn, asker)
    if order is None:
        return refuse("ask_none")
    return done(*answered(request.book, order, "refused", request.now), recipient=asker)


def _lapse(dated: Dated) -> tuple[Sent, ...]:
    order = dated.book.order(dated.number("order"))
    assert order is not None, "orders are kept"
    return answered(dated.book, order, "lapsed", dated.now) if order.state == _OPEN else ()


EFFECTS: Mapping[str, Effect] = {
    "ask.quote": _quote,
    "ask.send": _send,
    "ask.waiting": _waiting,
    "ask.refuse": _refuse,
}

DATED: Mapping[str, DatedEffect] = {LAPSE: _lapse}
