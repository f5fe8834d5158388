"""Autopay: the linked card tops the account up by the calendar, or when the balance is low.

An account has one of each kind. By the calendar it pays a month, a week or 20 days after it was
set, and so on (F07); a payment missed while the service stood still is made once, late. By a
threshold it pays when a debit has brought the balance strictly below it (F08, K23), at most so
often a day. Each payment, and each one that the card refused, is told by SMS.
"""

from __future__ import annotations

from collections.abc import Mapping

from gateway.accounts.book import Subscriber
from gateway.accounts.books.jobs import Job
from gateway.accounts.books.money import Autopay, AutopayKind
from gateway.accounts.cards import last_four
from gateway.accounts.dated import Dated, DatedEffect
from gateway.accounts.posting import LOW_BALANCE, watch_threshold
from gateway.accounts.request import CardOutcome, Effect, Reply, Request, done, refuse
from gateway.accounts.topups import charge_card
from gateway.domain.moments import DAY_SECONDS, local, month_later
from gateway.domain.port import Sent

BY_CALENDAR = "autopay.period"
KINDS: tuple[AutopayKind, ...] = ("period", "threshold")
_DAYS: Mapping[str, int] = {"week": 7, "days20": 20}
_DAY = "autopay_day"


def _key(account: int, kind: AutopayKind) -> str:
    return f"autopay:{account}:{kind}"


def _next(since: float, period: str, after: float, utc_offset_seconds: int) -> float:
    """The first payment after a moment, of those a period apart that begin at `since`."""
    if period in _DAYS:
        step = _DAYS[period] * DAY_SECONDS
        return since + ((after - since) // step + 1) * step
    day, due = local(since, utc_offset_seconds).day, since
    while due <= after:
        due = month_later(due, day, utc_offset_seconds)
    return due


# --- setting it --------------------------------------------------------------------------------


def _refused(request: Request) -> str:
    terms = request.terms.money.autopay
    if not request.subscriber.card:
        return "card_none"
    fits = terms.amount_min <= request.number("amount") <= terms.amount_max
    return "" if fits else "autopay_out_of_range"


def _by_period(request: Request) -> Reply:
    if refused := _refused(request):
        return refuse(refused)
    subscriber, now = request.subscriber, request.now
    amount, period = request.number("amount"), request.text("period")
    autopay = Autopay(subscriber.account, "period", subscriber.msisdn, amount, period, 0, now)
    request.book.save_autopay(autopay)
    due = _next(now, period, now, request.core.utc_offset_seconds)
    payload = {"account": subscriber.account}
    key = _key(subscriber.account, "period")
    request.book.schedule(Job(key, BY_CALENDAR, subscriber.msisdn, due, payload))
    return done(period=period, amount=amount, due=int(due))


def _by_threshold(request: Request) -> Reply:
    if refused := _refused(request):
        return refuse(refused)
    subscriber, terms = request.subscriber, request.terms.money.autopay
    amount, threshold = request.number("amount"), request.number("threshold")
    if not terms.threshold_min <= threshold <= terms.threshold_max:
        return refuse("threshold_out_of_range")
    autopay = Autopay(
        subscriber.account, "threshold", subscriber.msisdn, amount, "", threshold, request.now
    )
    request.book.save_autopay(autopay)
    watch_threshold(request.book, subscriber.account, request.now)
    return done(threshold=threshold, amount=amount)


def _list(request: Request) -> Reply:
    account = request.subscriber.account
    by_period, by_threshold = (request.book.autopay(account, kind) for kind in KINDS)
    if by_period is None and by_threshold is None:
        return refuse("autopay_none")
    job = request.book.job(_key(account, "period"))
    return done(
        by_period=by_period is not None,
        period=by_period.period if by_period else "",
        period_amount=by_period.amount if by_period else 0,
        due=int(job.due) if job else 0,
        by_threshold=by_threshold is not None,
        threshold=by_threshold.threshold if by_threshold else 0,
        threshold_amount=by_threshold.amount if by_threshold else 0,
    )


def _off(request: Request) -> Reply:
    account = request.subscriber.account
    [kind] = (kind for kind in KINDS if kind == request.text("kind"))
    if not request.book.drop_autopay(account, kind):
        return refuse("autopay_none")
    request.book.cancel_job(_key(account, kind))
    return done()


# --- paying ------------------------------------------------------------------------------------


def _pay(dated: Dated, autopay: Autopay, payer: Subscriber) -> tuple[Sent, ...]:
    """One payment, and the SMS that tells how it went."""
    outcome: CardOutcome | str = "card_none"
    if payer.card:
        key = dated.key("topup")
        outcome = charge_card(
            dated.core, dated.book, payer.card, payer, autopay.amount, dated.now, key
        )
    if outcome != "ok":
        return (dated.message(payer, "sms.autopay.failed", amount=autopay.amount, reason=outcome),)
    after = dated.book.subscriber(payer.msisdn)
    assert after is not None, "a subscriber vanished inside a job"
    card, balance = last_four(payer.card), after.balance
    return (dated.message(payer, "sms.autopay", amount=autopay.amount, card=card, balance=balance),)


def _standing(dated: Dated, kind: AutopayKind) -> tuple[Autopay, Subscriber] | None:
    """The autopay the job is of, unless it was switched off or its number has left the account."""
    autopay = dated.book.autopay(dated.number("account"), kind)
    payer = dated.book.subscriber(autopay.msisdn) if autopay else None
    if autopay is None or payer is None or payer.account != autopay.account:
        return None
    return autopay, payer


def _calendar(dated: Dated) -> tuple[Sent, ...]:
    standing = _standing(dated, "period")
    if standing is None:
        return ()
    autopay, payer = standing
    due = _next(autopay.since, autopay.period, dated.now, dated.core.utc_offset_seconds)
    dated.book.schedule(
        Job(dated.job.key, BY_CALENDAR, payer.msisdn, due, {"account": autopay.account})
    )
    return _pay(dated, autopay, payer)


def _low(dated: Dated) -> tuple[Sent, ...]:
    """The balance may have risen since it was seen low, and a card that refuses is not tried all
    day long."""
    standing = _standing(dated, "threshold")
    if standing is None:
        return ()
    autopay, payer = standing
    if payer.balance >= autopay.threshold:
        return ()
    most = dated.terms.money.autopay.per_day_max
    tries = dated.book.count_attempt(_DAY, payer.msisdn, dated.now, DAY_SECONDS)
    return _pay(dated, autopay, payer) if tries <= most else ()


EFFECTS: Mapping[str, Effect] = {
    "autopay.period": _by_period,
    "autopay.threshold": _by_threshold,
    "autopay.list": _list,
    "autopay.off": _off,
}

DATED: Mapping[str, DatedEffect] = {BY_CALENDAR: _calendar, LOW_BALANCE: _low}
