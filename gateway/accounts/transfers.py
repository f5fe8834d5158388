"""Money sent to another subscriber: quoted, confirmed by a code from an SMS, moved with its fee in
one turn. The code is good once; what it confirms is kept with it, not taken from the menu.

`per_day_max` counts transfers in 24 hours from the first of them. (R29)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.accounts.asks import answered, open_ask
from gateway.accounts.book import FEES, PendingCode, Subscriber
from gateway.accounts.ledger import move
from gateway.accounts.posting import post
from gateway.accounts.request import Effect, Reply, Request, Secret, done, refuse, short_of
from gateway.accounts.usage import record_operation
from gateway.domain.money import roubles
from gateway.domain.numbers import mask, normalise_msisdn
from gateway.domain.port import Message
from gateway.domain.values import Value

_PURPOSE = "transfer"
_CODES = "transfer_codes"
_TRIES = "transfer_tries"
_DAY = "transfer_day"
_DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class _Plan:
    """A transfer that may be made now."""

    recipient: Subscriber
    amount: int
    fee: int


def _plan(request: Request, recipient_text: str, amount: int) -> _Plan | Reply:
    """Check everything that may refuse a transfer; each check names its refusal."""
    book, sender, terms = request.book, request.subscriber, request.terms.transfer
    number = normalise_msisdn(recipient_text)
    recipient = book.subscriber(number) if number else None
    if recipient is None:
        return refuse("recipient_unknown")
    if recipient.account == sender.account:
        return refuse("recipient_self")
    if not terms.amount_min <= amount <= terms.amount_max:
        return refuse("amount_out_of_range")
    if book.promise(sender.account) is not None:
        return refuse("promised_debt_open")
    if book.attempts(_DAY, sender.msisdn, request.now, _DAY_SECONDS) >= terms.per_day_max:
        return refuse("transfer_daily_limit")
    fee = terms.fee(amount)
    if sender.available < amount + fee:
        return short_of(sender.available, amount + fee)
    if sender.balance - sender.held - amount - fee < terms.remaining_min:
        return refuse("transfer_floor")
    return _Plan(recipient, amount, fee)


def _quote(request: Request) -> Reply:
    plan = _plan(request, request.text("recipient"), request.number("amount"))
    if not isinstance(plan, _Plan):
        return plan
    return done(recipient=plan.recipient.msisdn, amount=plan.amount, fee=plan.fee)


def _code_digest(request: Request, code: str) -> str:
    return request.core.hasher.quick(f"{_PURPOSE}:{request.subscriber.msisdn}:{code}")


def _send_code(request: Request) -> Reply:
    plan = _plan(request, request.text("recipient"), request.number("amount"))
    if not isinstance(plan, _Plan):
        return plan
    book, msisdn, terms = request.book, request.subscriber.msisdn, request.terms.transfer
    sent = book.count_attempt(_CODES, msisdn, request.now, terms.window_seconds)
    if sent > terms.codes_per_window_max:
        return refuse("codes_too_many")
    code = Secret(request.core.randomness.digits(terms.code_digits))
    payload: dict[str, str | int] = {"recipient": plan.recipient.msisdn, "amount": plan.amount}
    expires_at = request.now + terms.code_seconds_max
    digest = _code_digest(request, code)
    book.save_code(PendingCode(msisdn, _PURPOSE, digest, payload, expires_at))
    book.clear_attempts(_TRIES, msisdn)
    minutes = terms.code_seconds_max // 60
    message = request.message(
        "sms.transfer_code",
        secret=True,
        code=code,
        recipient=plan.recipient.msisdn,
        amount=plan.amount,
        fee=plan.fee,
        minutes=minutes,
    )
    return done(message, minutes=minutes)


def _confirm(request: Request) -> Reply:
    pending = _spend_code(request)
    if not isinstance(pending, PendingCode):
        return pending
    recipient, amount = pending.payload["recipient"], pending.payload["amount"]
    return _send(request, str(recipient), int(amount))


def _make(request: Request) -> Reply:
    """The transfer of a question that was answered with its code."""
    return _send(request, request.text("recipient"), request.number("amount"))


def _send(request: Request, number: str, amount: int) -> Reply:
    """Both moves, or neither: a turn is one transaction."""
    plan = _plan(request, number, amount)
    if not isinstance(plan, _Plan):
        return plan
    sender, key = request.subscriber.account, request.key("transfer")
    book, now, recipient = request.book, request.now, plan.recipient
    for sent in (
        move(key, "transfer", now, sender, recipient.account, plan.amount),
        move(f"{key}:fee", "transfer_fee", now, sender, FEES, plan.fee),
    ):
        outcome = post(book, sent)
        assert outcome == "ok", f"money that was there a moment ago: {outcome}"
    _after(request, plan, f"{key}:fee")
    ask = open_ask(book, request.subscriber.msisdn, recipient.msisdn)
    if ask is not None:
        answered(book, ask, "sent", now)
    values: dict[str, Value] = {"sender": request.subscriber.msisdn, "amount": plan.amount}
    return done(
        Message(recipient.msisdn, "sms.transfer", values, recipient.language),
        recipient=recipient.msisdn,
        amount=plan.amount,
        fee=plan.fee,
        balance=request.balance(),
    )


def _spend_code(request: Request) -> PendingCode | Reply:
    """The pending transfer whose code was given; the code is spent. Three wrong ones drop it."""
    book, msisdn, terms = request.book, request.subscriber.msisdn, request.terms.transfer
    pending = book.code(msisdn, _PURPOSE)
    if pending is None:
        return refuse("code_expired")
    if pending.expires_at <= request.now:
        book.drop_code(msisdn, _PURPOSE)
        return refuse("code_expired")
    if pending.digest == _code_digest(request, request.text("code")):
        book.drop_code(msisdn, _PURPOSE)
        return pending
    tries = book.count_attempt(_TRIES, msisdn, request.now, terms.code_seconds_max)
    if tries < terms.code_tries_max:
        return refuse("code_wrong")
    book.drop_code(msisdn, _PURPOSE)
    return refuse("code_tries_exceeded")


def _after(request: Request, plan: _Plan, key: str) -> None:
    terms = request.terms.transfer
    book, msisdn = request.book, request.subscriber.msisdn
    book.count_attempt(_DAY, msisdn, request.now, _DAY_SECONDS)
    arithmetic = (
        f"fee {terms.fee_parts_per_10000 / 100:g} % of {roubles(plan.amount)}, "
        f"at least {roubles(terms.fee_min)} = {roubles(plan.fee)}"
    )
    what = f"transfer to {mask(plan.recipient.msisdn)}"
    record_operation(request, what, arithmetic, plan.fee, "fees", key)


EFFECTS: Mapping[str, Effect] = {
    "transfer.quote": _quote,
    "transfer.send_code": _send_code,
    "transfer.confirm": _confirm,
    "transfer.make": _make,
}
