"""Statements: what a number was charged for, by SMS at once or by e-mail as a file (F14, F15).

Paid when ordered. An e-mail is a job, made 20-30 minutes later (B24) of what was charged until the
order was given; it goes to the address named with the order, else to the one kept then. By fax
nothing is sent: no document says from which number (K21); the menu says who takes such an order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import cast

from gateway.accounts.book import Book, Charge
from gateway.accounts.books.jobs import Job, Order
from gateway.accounts.dated import Dated, DatedEffect
from gateway.accounts.orders import ready_at
from gateway.accounts.request import Effect, Reply, Request, done, refuse
from gateway.accounts.services.fees import pay
from gateway.charging.terms_statement import StatementTerms
from gateway.domain.emails import mask_email, normalise_email
from gateway.domain.moments import DAY_SECONDS
from gateway.domain.money import roubles
from gateway.domain.port import Letter, Message, Sent
from gateway.domain.report import Column, Report, ReportFormat
from gateway.domain.values import Value, Values

STATEMENT = "statement"
_COLUMNS = (
    Column("at", "datetime"),
    Column("kind", label="category"),
    Column("address"),
    Column("zone", label="zone"),
    Column("units", "count"),
    Column("amount", "money"),
)
_SUMMED = ("calls", "sms", "internet", "fees")
"""Categories with a sum of their own; the rest is `other`."""


def _quote(request: Request) -> Reply:
    to = _address(request)
    return to if isinstance(to, tuple) else done(**request.arguments, price=_price(request))


def _address(request: Request) -> str | Reply:
    """Where an e-mail of this order goes: as it was written, or the address that is kept. Empty
    where it comes by SMS."""
    if request.text("delivery") == "sms":
        return ""
    if not (written := request.text("email") or request.subscriber.email):
        return refuse("email_missing")
    return normalise_email(written) or refuse("email_wrong")


def _price(request: Request) -> int:
    terms, role = request.terms.statement, request.subscriber.role
    return terms.price(request.text("period"), request.text("delivery"), role)


def _order(request: Request) -> Reply:
    subscriber, book, now = request.subscriber, request.book, request.now
    to = _address(request)
    if isinstance(to, tuple):
        return to
    period, price = request.text("period"), _price(request)
    if short := pay(request, STATEMENT, price, f"statement of a {period}", roubles(price)):
        return short
    payload = {
        "period": period,
        "format": request.text("format"),
        "email": to,
        "paid": request.key(STATEMENT),
    }
    state = "working" if to else "done"
    row = Order(0, STATEMENT, subscriber.msisdn, subscriber.msisdn, state, now, now, payload)
    order = book.add_order(row)
    terms = request.terms.statement
    if not to:
        sums = _sums(_charges(book, terms, row))
        values: Values = {"period": period, **sums}
        message = Message(subscriber.msisdn, "sms.stmt", values, subscriber.language)
        return done(message, order=str(order), price=price)
    due = ready_at(order, now, terms.ready_seconds_min, terms.ready_seconds_max)
    job = Job(f"{STATEMENT}:{order}", STATEMENT, subscriber.msisdn, due, {"order": order})
    book.schedule(job)
    return done(order=str(order), price=price)


def _show_email(request: Request) -> Reply:
    email = request.subscriber.email
    return done(email=mask_email(email) if email else "")


def _set_email(request: Request) -> Reply:
    """Where reports go from now on (B24)."""
    email = normalise_email(request.text("email"))
    if email is None:
        return refuse("email_wrong")
    request.book.update_subscriber(request.subscriber.msisdn, {"email": email})
    return done(email=mask_email(email))


EFFECTS: Mapping[str, Effect] = {
    "statement.quote": _quote,
    "statement.order": _order,
    "email.show": _show_email,
    "email.set": _set_email,
}

# --- what a statement holds --------------------------------------------------------------------


def _charges(book: Book, terms: StatementTerms, order: Order) -> tuple[Charge, ...]:
    """What was done in the period before the order, free uses too, refused ones and its own price
    not; oldest first."""
    since, paid = _since(terms, order), order.payload["paid"]
    return tuple(
        charge
        for charge in reversed(book.charges(order.msisdn, terms.charges_max))
        if since <= charge.at <= order.at and not charge.refused and charge.key != paid
    )


def _since(terms: StatementTerms, order: Order) -> float:
    return order.at - terms.periods[str(order.payload["period"])].days * DAY_SECONDS


def _sums(charges: tuple[Charge, ...]) -> Mapping[str, int]:
    """Kopecks by kind, and in all."""
    sums: Counter[str] = Counter()
    for charge in charges:
        sums[charge.category] += charge.amount
    total = sums.total()
    named = {name: sums[name] for name in _SUMMED}
    return {**named, "other": total - sum(named.values()), "total": total}


def _make(dated: Dated) -> tuple[Sent, ...]:
    book, subscriber, terms = dated.book, dated.subscriber(), dated.terms.statement
    order = book.order(dated.number("order"))
    assert order is not None, "an order is kept for ever"
    period, format = str(order.payload["period"]), cast(ReportFormat, str(order.payload["format"]))
    charges = _charges(book, terms, order)
    sums, language = _sums(charges), subscriber.language
    rows = tuple(_row(charge) for charge in charges)
    about: dict[str, Value] = {
        "msisdn": subscriber.msisdn,
        "since": int(_since(terms, order)),
        "until": int(order.at),
    }
    report = Report(STATEMENT, about, _COLUMNS, rows, {"amount": sums["total"]})
    book.update_order(order.id, "done", dated.now, order.payload)
    to = str(order.payload["email"])
    values: dict[str, Value] = {"order": str(order.id), "format": format, "email": mask_email(to)}
    told = Message(subscriber.msisdn, "sms.rep", values, language)
    letter: Values = {**values, **sums, **about, "period": period}
    return (Letter(to, "mail.stmt", letter, language, report, format, then=told),)


def _row(charge: Charge) -> Values:
    return {
        "at": int(charge.at),
        "kind": charge.category,
        "address": charge.address,
        "zone": charge.zone,
        "units": charge.units,
        "amount": charge.amount,
    }


DATED: Mapping[str, DatedEffect] = {STATEMENT: _make}
