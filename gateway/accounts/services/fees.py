"""Fees that come again: each is a job that takes one period's money and schedules the next.

What cannot be paid is suspended, said once by SMS, and tried again every day. A fee paid in time
keeps its day; one paid late begins a new period on the day it was paid. After a long stop every
period that was missed is taken in turn. While the SIM is blocked fees rest, where the terms say so:
nothing is taken or said, and the first day after it they go on as one paid late.
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.accounts.book import FEES, Book, Subscriber
from gateway.accounts.books.jobs import Job, Payload
from gateway.accounts.dated import Dated
from gateway.accounts.ledger import move
from gateway.accounts.operations import operation_charge
from gateway.accounts.posting import post
from gateway.accounts.request import Reply, Request
from gateway.accounts.usage import take_price
from gateway.charging.terms_services import Period
from gateway.domain.moments import DAY_SECONDS, local, month_later
from gateway.domain.money import roubles


@dataclass(frozen=True, slots=True)
class Fee:
    """What a number pays each period."""

    kind: str
    """Of its job."""
    of: str
    """Of a number's fees of one kind, which: a service's id, or empty."""
    what: str
    """In words, for the charge's line."""
    amount: int
    period: Period
    rests: bool = True
    """Of what cannot be used while the SIM is blocked."""

    def key(self, msisdn: str) -> str:
        """The key of its job."""
        return f"{self.kind}:{msisdn}:{self.of}"


def pay(
    request: Request, kind: str, amount: int, what: str, arithmetic: str, memo: str = ""
) -> Reply | None:
    """Take what an operation costs, in the turn that asks for it (CH15). The refusal where the
    money does not cover it; None where it is paid, or costs nothing."""
    if not amount:
        return None
    return take_price(request, kind, FEES, amount, what, arithmetic, "fees", memo)


def begin_fee(book: Book, msisdn: str, fee: Fee, now: float, utc_offset_seconds: int) -> int:
    """The first period has been paid: schedule the next. When it is due."""
    day = local(now, utc_offset_seconds).day
    return _schedule(book, msisdn, fee, _after(now, fee, day, utc_offset_seconds), day)


def collect(dated: Dated, subscriber: Subscriber, fee: Fee, discount: int = 0) -> int:
    """Take a period's fee, less `discount`, and schedule the next. When the paid period ends, or
    0 where it rests or the money does not cover it: nothing was taken, and it is tried again in a
    day."""
    book, job, offset = dated.book, dated.job, dated.core.utc_offset_seconds
    if _rests(dated, subscriber, fee):
        _schedule(book, subscriber.msisdn, fee, dated.now + DAY_SECONDS, 0, _was_unpaid(dated))
        return 0
    if not _take(dated, subscriber, fee, fee.amount - discount):
        _schedule(book, subscriber.msisdn, fee, dated.now + DAY_SECONDS, 0, unpaid=True)
        return 0
    day = int(job.payload.get("day", 0))
    if job.key != fee.key(subscriber.msisdn) or not day:
        return begin_fee(book, subscriber.msisdn, fee, dated.now, offset)
    return _schedule(book, subscriber.msisdn, fee, _after(job.due, fee, day, offset), day)


def is_told(dated: Dated, subscriber: Subscriber, fee: Fee) -> bool:
    """Whether a fee that was not taken is told of: at its first try, and not where it rests."""
    return not (_was_unpaid(dated) or _rests(dated, subscriber, fee))


def _was_unpaid(dated: Dated) -> bool:
    return bool(dated.job.payload.get("unpaid", False))


def _rests(dated: Dated, subscriber: Subscriber, fee: Fee) -> bool:
    return fee.rests and subscriber.sim in dated.terms.services.sim.fees_rest


def _take(dated: Dated, subscriber: Subscriber, fee: Fee, amount: int) -> bool:
    if not amount:
        return True
    key = dated.key("fee")
    outcome = post(
        dated.book,
        move(key, fee.kind, dated.now, subscriber.account, FEES, amount, fee.of),
    )
    if outcome == "insufficient_balance":
        return False
    assert outcome == "ok", f"a fee was {outcome}"
    arithmetic = f"fee of a {fee.period} = {roubles(amount)}"
    dated.book.record_charge(
        operation_charge(subscriber, dated.now, fee.what, arithmetic, amount, "fees", key)
    )
    return True


def _after(at: float, fee: Fee, day: int, utc_offset_seconds: int) -> float:
    if fee.period == "day":
        return at + DAY_SECONDS
    return month_later(at, day, utc_offset_seconds)


def _schedule(book: Book, msisdn: str, fee: Fee, due: float, day: int, unpaid: bool = False) -> int:
    """`day` of the month it is paid on; 0 where its next payment decides."""
    payload: Payload = {"of": fee.of, "day": day, "unpaid": unpaid}
    book.schedule(Job(fee.key(msisdn), fee.kind, msisdn, due, payload))
    return int(due)
