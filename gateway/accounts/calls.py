"""A call paid by the minute: one reservation that grows a minute at a time.

The first minute is set aside before the call is connected; each further one is added before it
begins, durable together with the second last heard; at the end the started minutes are taken in
one transfer, but for those that a package of roaming minutes covers (F18), and the rest goes back
(session charging with unit reservation, RFC 8506 §5.2, 3GPP TS 32.299 §5.2.2.3). The call's job
knows all this, and settles the call up to the last second recorded where its process died. So
nobody pays twice, or for silence, and two calls on one account never spend the same money.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gateway.accounts.book import Book, Charge, Hold, Subscriber
from gateway.accounts.books.jobs import Job, Payload
from gateway.accounts.companies.limits import payer
from gateway.accounts.dated import Dated, DatedEffect
from gateway.accounts.posting import debited
from gateway.accounts.usage import (
    Use,
    charge_use,
    record_over_limit,
    record_shortage,
    record_use,
    revenue_of,
)
from gateway.charging.explain import explain_included, explain_unpaid
from gateway.charging.rating import Rating, times
from gateway.domain.port import Sent

MINUTE_SECONDS = 60
GRACE_SECONDS = 30.0
"""How long after its reserved minutes a call that nobody ended is settled."""
HOLD_SECONDS_MAX = 7 * 86_400.0
"""Money of a call whose process never came back is free again after this."""
SETTLE = "call.settle"


def begin_call(book: Book, subscriber: Subscriber, rating: Rating, use: Use) -> Charge | None:
    """Before a call is connected. None: it is paid by the minute, and the first one is reserved
    under `use.key`. Otherwise the row recorded: free, or `refused` (not reachable, or CH19)."""
    if not rating.amount:
        return charge_use(book, subscriber, rating, use)
    paying = payer(book, subscriber, rating.price, use.now, use.utc_offset_seconds)
    if paying is None:
        return record_over_limit(book, subscriber, rating, use)
    hold = Hold(
        use.key,
        paying.account,
        rating.price,
        rating.charge_class,
        use.now,
        use.now + HOLD_SECONDS_MAX,
    )
    outcome = book.reserve(hold)
    if outcome == "insufficient_balance":
        return record_shortage(book, subscriber, rating, use)
    assert outcome == "ok", f"the first minute of a call was {outcome}"
    payload: Payload = {
        "msisdn": subscriber.msisdn,
        "account": paying.account,
        "utc_offset": use.utc_offset_seconds,
        "class": rating.charge_class,
        "zone": rating.zone,
        "rule": rating.rule,
        "price": rating.price,
        "price_kind": rating.price_kind,
        "address": use.address,
        "dialogue": use.dialogue,
        "plmn": use.plmn,
        "quota": MINUTE_SECONDS,
        "heard": 0,
    }
    due = use.now + MINUTE_SECONDS + GRACE_SECONDS
    book.schedule(Job(_job_key(use.key), SETTLE, subscriber.msisdn, due, payload))
    return None


def connect_call(book: Book, key: str, now: float) -> int:
    """The call was answered: its first minute runs from here. The seconds it may last; 0 where it
    was settled meanwhile, because nobody cared for it in time."""
    job = book.job(_job_key(key))
    if job is None:
        return 0
    quota = int(job.payload["quota"])
    book.schedule(replace(job, due=now + quota + GRACE_SECONDS))
    return quota


def extend_call(book: Book, key: str, heard: int, now: float) -> int:
    """Reserve the next minute, `heard` seconds into the call. The seconds it may last in all:
    more than before, or as before where the money does not cover another minute; 0 where it was
    settled meanwhile."""
    job = book.job(_job_key(key))
    if job is None:
        return 0
    quota, price = int(job.payload["quota"]), int(job.payload["price"])
    if _is_within_limit(book, job, now):
        outcome = book.extend_hold(key, price)
        assert outcome in ("ok", "insufficient_balance"), f"a minute of a call was {outcome}"
        if outcome == "ok":
            quota += MINUTE_SECONDS
    payload = {**job.payload, "quota": quota, "heard": heard}
    due = now + quota - heard + GRACE_SECONDS
    book.schedule(replace(job, payload=payload, due=due))
    return quota


def _is_within_limit(book: Book, job: Job, now: float) -> bool:
    """Whether the account that pays for the call may pay for its next minute too."""
    payload = job.payload
    account, minutes = int(payload["account"]), int(payload["quota"]) // MINUTE_SECONDS + 1
    amount = int(payload["price"]) * minutes
    paying = payer(book, _caller(book, job), amount, now, int(payload["utc_offset"]))
    return paying is not None and paying.account == account


def end_call(
    book: Book, key: str, heard: float | None, now: float, short_seconds: int
) -> Charge | None:
    """Take what was used: every started minute, none of a call below `short_seconds` (CH18). The
    row recorded; None where the call was settled before, or was never paid by the minute. `heard`:
    seconds since the answer; None where only what was recorded is known."""
    job = book.job(_job_key(key))
    if job is None:
        return None
    book.cancel_job(job.key)
    recorded = int(job.payload["heard"])
    return _settle(book, job, recorded if heard is None else heard, now, short_seconds)


def _settle(book: Book, job: Job, heard: float, now: float, short_seconds: int) -> Charge:
    payload, key = job.payload, job.key.removeprefix(_JOB)
    seconds = min(max(0, -int(-heard // 1)), int(payload["quota"]))
    units = 0 if heard < short_seconds else -(-seconds // MINUTE_SECONDS)
    subscriber = _caller(book, job)._replace(account=int(payload["account"]))
    included = book.take_units(subscriber.msisdn, "roaming", units, now) if units else 0
    rating = times(_rating(payload), units - included)
    if rating.amount:
        outcome = book.post_hold(key, rating.amount, revenue_of(rating), now)
        debited(book, subscriber.account, now)
    else:
        outcome = book.void_hold(key, now)
    if outcome == "hold_expired":  # its process was away for longer than money is kept aside
        rating = times(rating, 0)
    else:
        assert outcome == "ok", f"a call's reservation was {outcome}"
    use = Use(
        now,
        f"{key}:post",
        "voice",
        str(payload["address"]),
        str(payload["dialogue"]),
        str(payload["plmn"]),
    )
    if included:
        line = explain_included(rating, use.plmn, included)
    else:
        line = "" if rating.amount else explain_unpaid(rating, use.plmn, heard, short_seconds)
    return record_use(book, subscriber, rating, use, line)


def _settle_late(dated: Dated) -> tuple[Sent, ...]:
    """Its process died: charge up to the last second it recorded."""
    heard = dated.number("heard")
    _settle(dated.book, dated.job, heard, dated.now, dated.terms.calls.short_seconds)
    return ()


DATED: Mapping[str, DatedEffect] = {SETTLE: _settle_late}

_JOB = "call:"


def _job_key(key: str) -> str:
    return f"{_JOB}{key}"


def _caller(book: Book, job: Job) -> Subscriber:
    subscriber = book.subscriber(str(job.payload["msisdn"]))
    assert subscriber is not None, "a subscriber vanished inside a call"
    return subscriber


def _rating(payload: Payload) -> Rating:
    """The price of a minute, pinned when the call began."""
    return Rating(
        charge_class=str(payload["class"]),
        zone=str(payload["zone"]),
        rule=str(payload["rule"]),
        allowed=True,
        reason="tariff",
        price=int(payload["price"]),
        amount=int(payload["price"]),
        price_kind=str(payload["price_kind"]),
    )
