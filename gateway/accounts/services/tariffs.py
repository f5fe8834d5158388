"""The tariff plan: what a number has, may have and changes to, and its monthly fee (S01, S03).

A change is a job of the next local midnight; until then it can be taken back, and its price with
it. What the new plan does not have is removed (C08), and its first month is paid at once.
"""

from __future__ import annotations

from collections.abc import Mapping

from gateway.accounts.book import FEES, Book, Subscriber
from gateway.accounts.books.jobs import Job
from gateway.accounts.bundles import add_included
from gateway.accounts.companies.discounts import off_fee
from gateway.accounts.dated import Dated, DatedEffect
from gateway.accounts.ledger import move
from gateway.accounts.posting import post
from gateway.accounts.request import Effect, Reply, Request, done, refuse
from gateway.accounts.services.fees import Fee, collect, is_told, pay
from gateway.accounts.services.options import remove_unavailable
from gateway.charging.tariff import Plan, Terms
from gateway.domain.moments import DAY_SECONDS, day_start
from gateway.domain.port import Language, Sent
from gateway.domain.values import Value, Values

CHANGE, FEE = "tariff.change", "tariff.fee"
_FREE_CHANGES = "tariff_change"
MEGABYTES_OF_GIGABYTE = 1024


def plans_for(terms: Terms, subscriber: Subscriber) -> list[str]:
    """Ids of the plans the number may change to."""
    return [
        id
        for id, plan in terms.plans.items()
        if id != subscriber.tariff and is_sold(terms, plan, subscriber)
    ]


def order_change(
    book: Book,
    subscriber: Subscriber,
    plan: str,
    price: int,
    now: float,
    utc_offset_seconds: int,
) -> int:
    """Change the plan at the next local midnight; `price` is what was paid for it (given back
    where it is cancelled). The moment."""
    due = day_start(now, utc_offset_seconds) + DAY_SECONDS
    book.schedule(
        Job(_key(subscriber), CHANGE, subscriber.msisdn, due, {"plan": plan, "price": price})
    )
    return int(due)


def plan_fee(plan: Plan) -> Fee:
    """What a month of the plan costs."""
    return Fee(FEE, "", f"tariff plan {plan.en}", plan.month_fee, "month")


# --- commands ----------------------------------------------------------------------------------


def _show(request: Request) -> Reply:
    """The plan, what it includes, until when it is paid, and what it will be changed to."""
    subscriber, book, language = request.subscriber, request.book, request.subscriber.language
    plan = request.terms.plans.get(subscriber.tariff) or _forgotten(subscriber.tariff)
    fee, change = book.job(plan_fee(plan).key(subscriber.msisdn)), book.job(_key(subscriber))
    coming = [_coming(request.terms, change, language)] if change else []
    return done(
        tariff=plan.name(language),
        fee=plan.month_fee,
        until=int(fee.due) if fee else 0,
        suspended=bool(fee and fee.payload["unpaid"]),
        minutes=plan.minutes,
        sms=plan.sms,
        gigabytes=plan.megabytes // MEGABYTES_OF_GIGABYTE,
        coming=tuple(coming),
    )


def _list(request: Request) -> Reply:
    plans = request.terms.plans
    rows: list[Mapping[str, Value]] = [
        {
            "code": plans[id].code,
            "name": plans[id].name(request.subscriber.language),
            "fee": plans[id].month_fee,
        }
        for id in plans_for(request.terms, request.subscriber)
    ]
    return done(plans=tuple(rows))


def _quote(request: Request) -> Reply:
    id, refused = _wanted(request)
    if refused:
        return refuse(refused)
    plan = request.terms.plans[id]
    return done(
        name=plan.name(request.subscriber.language),
        fee=plan.month_fee,
        price=_price(request),
    )


def _change(request: Request) -> Reply:
    id, refused = _wanted(request)
    if refused:
        return refuse(refused)
    subscriber, book, price = request.subscriber, request.book, _price(request)
    if short := pay(request, CHANGE, price, "change of the tariff plan", "price of a change"):
        return short
    if not price:
        window = request.terms.services.change.free_days * DAY_SECONDS
        book.count_attempt(_FREE_CHANGES, subscriber.msisdn, request.now, window)
    at = order_change(book, subscriber, id, price, request.now, request.core.utc_offset_seconds)
    return done(name=request.terms.plan_name(id, subscriber.language), price=price, at=at)


def _pending(request: Request) -> Reply:
    job = request.book.job(_key(request.subscriber))
    if job is None:
        return refuse("tariff_no_change")
    return done(**_coming(request.terms, job, request.subscriber.language))


def _cancel(request: Request) -> Reply:
    book, subscriber = request.book, request.subscriber
    job = book.job(_key(subscriber))
    if job is None or not book.cancel_job(job.key):
        return refuse("tariff_no_change")
    price = int(job.payload["price"])
    if price:
        back = move(
            request.key("back"), "tariff_back", request.now, FEES, subscriber.account, price
        )
        outcome = post(book, back)
        assert outcome == "ok", f"the price of a change given back was {outcome}"
    else:
        book.clear_attempts(_FREE_CHANGES, subscriber.msisdn)
    name = request.terms.plan_name(str(job.payload["plan"]), subscriber.language)
    return done(name=name, price=price)


def _wanted(request: Request) -> tuple[str, str]:
    """The plan of the code, and why it may not be had."""
    terms, subscriber, code = request.terms, request.subscriber, request.text("code")
    id = next((id for id, plan in terms.plans.items() if plan.code == code), "")
    if not id:
        return "", "tariff_unknown"
    if id == subscriber.tariff:
        return id, "tariff_same"
    if not is_sold(terms, terms.plans[id], subscriber):
        return id, "tariff_unavailable"
    return id, "tariff_change_waits" if request.book.job(_key(subscriber)) else ""


def is_sold(terms: Terms, plan: Plan, subscriber: Subscriber) -> bool:
    """Whether the subscriber may have it: it is sold, in the region, to such as he."""
    return (
        not plan.archive
        and plan.corporate == bool(subscriber.company)
        and (not plan.regions or terms.home_region in plan.regions)
    )


def _price(request: Request) -> int:
    change = request.terms.services.change
    window, msisdn = change.free_days * DAY_SECONDS, request.subscriber.msisdn
    used = request.book.attempts(_FREE_CHANGES, msisdn, request.now, window)
    return change.price if used else 0


def _coming(terms: Terms, job: Job, language: Language) -> Values:
    return {"name": terms.plan_name(str(job.payload["plan"]), language), "at": int(job.due)}


def _forgotten(tariff: str) -> Plan:
    """A plan the file no longer has is shown by its id."""
    return Plan(tariff, tariff, code="", month_fee=0)


def _key(subscriber: Subscriber) -> str:
    return f"{CHANGE}:{subscriber.msisdn}"


# --- on a date ---------------------------------------------------------------------------------


def _changed(dated: Dated) -> tuple[Sent, ...]:
    """Midnight: the new plan, without what it does not have."""
    subscriber = dated.subscriber()
    id = dated.text("plan")
    plan = dated.terms.plans[id]
    dated.book.update_subscriber(subscriber.msisdn, {"tariff": id})
    dated.book.cancel_job(plan_fee(plan).key(subscriber.msisdn))
    name = plan.name(subscriber.language)
    changed = dated.message(subscriber, "sms.tariff", name=name, fee=plan.month_fee)
    return (changed, *remove_unavailable(dated, subscriber, id), *_month(dated, subscriber, plan))


def _fee(dated: Dated) -> tuple[Sent, ...]:
    subscriber = dated.subscriber()
    plan = dated.terms.plans.get(subscriber.tariff)
    return () if plan is None else _month(dated, subscriber, plan)


def _month(dated: Dated, subscriber: Subscriber, plan: Plan) -> tuple[Sent, ...]:
    """One month of a plan that costs something: pay it, less a discount bought with points (F18),
    and fill its packages."""
    if not plan.month_fee:
        return ()
    book, account = dated.book, subscriber.account
    off = off_fee(book, dated.terms, subscriber, plan.month_fee)
    discount = min(book.discount(account), plan.month_fee - off)
    fee = plan_fee(plan)
    until = collect(dated, subscriber, fee, off + discount)
    if until:
        book.take_discount(account, discount)
        add_included(dated.book, subscriber.msisdn, plan, until, dated.now)
        return ()
    if not is_told(dated, subscriber, fee):
        return ()
    name = plan.name(subscriber.language)
    return (dated.message(subscriber, "sms.fee_short", name=name, fee=plan.month_fee),)


EFFECTS: Mapping[str, Effect] = {
    "tariff.show": _show,
    "tariff.list": _list,
    "tariff.quote": _quote,
    "tariff.change": _change,
    "tariff.pending": _pending,
    "tariff.cancel": _cancel,
}

DATED: Mapping[str, DatedEffect] = {CHANGE: _changed, FEE: _fee}
