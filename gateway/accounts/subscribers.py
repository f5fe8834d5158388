"""What a subscriber sees and sets of his own number: balance, spending, language, help."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.accounts.request import Effect, Reply, Request, done
from gateway.domain.moments import DAY_SECONDS, day_start, month_start
from gateway.domain.values import Value


def _week_start(now: float, utc_offset_seconds: int) -> float:
    """The midnight that began the last seven days, today among them."""
    return day_start(now - 6 * DAY_SECONDS, utc_offset_seconds)


_PERIODS = {"day": day_start, "week": _week_start, "month": month_start}
_SHOWN_CATEGORIES = ("calls", "sms", "internet", "fees")
"""What spending names; every other category is summed as `other`."""


def _balance(request: Request) -> Reply:
    subscriber = request.subscriber
    return done(
        balance=subscriber.balance,
        points=subscriber.points,
        limit=subscriber.credit,
        tariff=request.terms.plan_name(subscriber.tariff, subscriber.language),
        own_account=subscriber.owner,
    )


def _spending(request: Request) -> Reply:
    """Sums of the number's charges since the local midnight, or the month's first."""
    since = _PERIODS[request.text("period")](request.now, request.core.utc_offset_seconds)
    spending = request.book.spending(request.subscriber.msisdn, since)
    named = {name: spending.by_category.get(name, 0) for name in _SHOWN_CATEGORIES}
    other = spending.total - sum(named.values())
    return done(since=int(since), total=spending.total, other=other, **named)


def _last_charges(request: Request) -> Reply:
    limit = request.terms.limits.last_charges_max
    rows: list[Mapping[str, Value]] = [
        {"at": int(row.at), "category": row.category, "amount": row.amount}
        for row in request.book.charges(request.subscriber.msisdn, limit, only_paid=True)
    ]
    return done(charges=tuple(rows))


def _number(request: Request) -> Reply:
    return done(msisdn=request.subscriber.msisdn)


def _level(request: Request) -> Reply:
    policy, subscriber = request.core.policy, request.subscriber
    return done(level=policy.level_of(subscriber, request.context.channel))


def _language(request: Request) -> Reply:
    language = request.text("language")
    request.book.update_subscriber(request.subscriber.msisdn, {"language": language})
    return done()


def _app_link(request: Request) -> Reply:
    """The link of the handset's own store (C11)."""
    links = request.terms.app_links
    link = links.get(request.subscriber.handset, links["other"])
    return done(request.message("sms.app", link=link))


def _question(request: Request) -> Reply:
    text = request.text("text")[: request.terms.limits.question_characters_max]
    request.book.add_question(request.subscriber.msisdn, text, request.now)
    return done()


EFFECTS: Mapping[str, Effect] = {
    "account.balance": _balance,
    "account.spending": _spending,
    "account.last_charges": _last_charges,
    "number.own": _number,
    "access.level": _level,
    "language.set": _language,
    "app.link": _app_link,
    "question.ask": _question,
}
