"""Reports for a company: ordered now, made and e-mailed in 20-30 minutes (B24-B29).

An order and a job; the job reads what the month has cost until then, and its letter carries the
report as a file of the format asked for. What one kind of report holds is one function of a table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from gateway.accounts.book import Book, Subscriber
from gateway.accounts.books.companies import Company
from gateway.accounts.books.jobs import Job, Order
from gateway.accounts.companies.batches import FORWARDINGS, TARIFFS
from gateway.accounts.companies.numbers import KINDS
from gateway.accounts.companies.office import Office, of_company
from gateway.accounts.companies.sims import ORDER as SIMS
from gateway.accounts.dated import Dated, DatedEffect
from gateway.accounts.orders import ready_at
from gateway.accounts.request import Effect, Reply, done, refuse
from gateway.charging.terms_companies import CompanyTerms
from gateway.domain.emails import mask_email
from gateway.domain.moments import month_start
from gateway.domain.port import Letter, Message, Sent
from gateway.domain.report import Column, Report, ReportFormat
from gateway.domain.values import Value, Values

REPORT = "company.report"
ORDER_KINDS = (REPORT, TARIFFS, FORWARDINGS, SIMS)
"""What a company's list of orders holds."""
_KINDS_MAX = len(KINDS) + 2
"""Sums a number has at most: one for each category of charges."""


def _quote(office: Office) -> Reply:
    request = office.request
    email = request.subscriber.email
    if not email:
        return refuse("email_missing")
    kind, format = request.text("kind"), request.text("format")
    return done(kind=kind, format=format, email=mask_email(email))


def _order(office: Office) -> Reply:
    request, book = office.request, office.book
    if not request.subscriber.email:
        return refuse("email_missing")
    now, terms = request.now, request.terms.company
    payload = {"report": request.text("kind"), "format": request.text("format")}
    who = request.subscriber.msisdn
    order = book.add_order(Order(0, REPORT, office.company.name, who, "working", now, now, payload))
    due = ready_at(order, now, terms.report_seconds_min, terms.report_seconds_max)
    book.schedule(Job(f"{REPORT}:{order}", REPORT, who, due, {"order": order}))
    return done(order=str(order))


def _orders(office: Office) -> Reply:
    """The newest orders of the company, of whatever kind, and how far they are."""
    limit = office.request.terms.company.shown_orders_max
    rows: list[Mapping[str, Value]] = [
        {
            "order": str(order.id),
            "what": str(order.payload.get("format", order.kind.rpartition(".")[2])),
            "state": order.state,
            "progress": progress(order),
        }
        for order in office.book.orders(office.company.name, ORDER_KINDS, limit)
    ]
    return done(orders=tuple(rows))


def progress(order: Order) -> str:
    """` 300/10000` of an order for many numbers that is under way; empty for another."""
    total = int(order.payload.get("total", 0))
    if order.state != "working" or not total:
        return ""
    return f" {int(order.payload['done']) + int(order.payload.get('refused', 0))}/{total}"


EFFECTS: Mapping[str, Effect] = {
    "company.report_quote": of_company(_quote),
    "company.report_order": of_company(_order),
    "company.orders": of_company(_orders),
}

# --- what a report holds -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Of:
    """What a report is made of."""

    book: Book
    company: Company
    subscriber: Subscriber
    terms: CompanyTerms
    since: float
    now: float

    @property
    def values(self) -> Values:
        """Of every title."""
        return {
            "company": self.company.name,
            "inn": self.company.inn,
            "account": str(self.company.account),
            "since": int(self.since),
            "until": int(self.now),
        }

    def sums(self) -> Mapping[str, Mapping[str, int]]:
        """Number -> category -> kopecks."""
        limit = self.terms.report_numbers_max * _KINDS_MAX
        return self.book.spending_by_member(self.company.name, self.since, limit)


_NUMBER = Column("number", "msisdn")
_SPENDING = (
    _NUMBER,
    Column("employee"),
    Column("label"),
    *(Column(kind, "money") for kind in (*KINDS, "other", "total")),
)


def _spending(of: _Of) -> Report:
    """Every number, and what it cost by kind (B31)."""
    sums = of.sums()
    rows: list[Values] = []
    for member in of.book.members(of.company.name, "", of.terms.report_numbers_max):
        named, total = _split(sums.get(member.msisdn, {}))
        who = {"number": member.msisdn, "employee": member.name, "label": member.label}
        rows.append({**who, **named, "total": total})
    return _report("corp_spending", of.values, _SPENDING, rows, (*KINDS, "other", "total"))


def _report(
    id: str, values: Values, columns: tuple[Column, ...], rows: list[Values], sums: tuple[str, ...]
) -> Report:
    """A report with the sums of these columns under it."""
    totals = {
        name: sum(value for row in rows if isinstance(value := row[name], int)) for name in sums
    }
    return Report(id, values, columns, tuple(rows), totals)


def _split(sums: Mapping[str, int]) -> tuple[Mapping[str, int], int]:
    named, total = {kind: sums.get(kind, 0) for kind in KINDS}, sum(sums.values())
    return {**named, "other": total - sum(named.values())}, total


def _details(of: _Of) -> Report:
    """Every charge of every number (B29)."""
    charges = of.book.company_charges(of.company.name, of.since, of.terms.report_charges_max)
    rows: list[Values] = [
        {
            "number": each.msisdn,
            "at": int(each.at),
            "kind": each.category,
            "address": each.address,
            "zone": each.zone,
            "units": each.units,
            "amount": each.amount,
        }
        for each in charges
    ]
    columns = (
        _NUMBER,
        Column("at", "datetime"),
        Column("kind", label="category"),
        Column("address"),
        Column("zone", label="zone"),
        Column("units", "count"),
        Column("amount", "money"),
    )
    return _report("corp_details", of.values, columns, rows, ("amount",))


def _by_kind(of: _Of) -> Mapping[str, int]:
    """Category -> kopecks of the whole company."""
    found: dict[str, int] = {}
    for sums in of.sums().values():
        for category, amount in sums.items():
            found[category] = found.get(category, 0) + amount
    return dict(sorted(found.items()))


def _reconciliation(of: _Of) -> Report:
    """Expenses of the month by kind, and what the account holds now (B28)."""
    rows: list[Values] = [{"kind": kind, "amount": amount} for kind, amount in _by_kind(of).items()]
    columns = (Column("kind", label="category"), Column("amount", "money"))
    values = {**of.values, "balance": of.subscriber.balance, "credit": of.subscriber.credit}
    return _report("corp_reconciliation", values, columns, rows, ("amount",))


def _tax(of: _Of) -> Report:
    """Expenses of the month by kind, and the tax that is part of them (B26)."""
    percent = of.terms.vat_percent
    rows: list[Values] = [
        {"kind": kind, "net": amount - vat, "vat": vat, "amount": amount}
        for kind, amount in _by_kind(of).items()
        for vat in [vat_of(amount, percent)]
    ]
    names = ("net", "vat", "amount")
    columns = (Column("kind", label="category"), *(Column(name, "money") for name in names))
    return _report("corp_tax", {**of.values, "percent": percent}, columns, rows, names)


def vat_of(amount: int, percent: int) -> int:
    """The tax inside an amount, to the nearest kopeck."""
    return (amount * percent + (100 + percent) // 2) // (100 + percent)


_CONTENTS: Mapping[str, Callable[[_Of], Report]] = {
    "spending": _spending,
    "details": _details,
    "reconciliation": _reconciliation,
    "tax": _tax,
}


def _make(dated: Dated) -> tuple[Sent, ...]:
    book, subscriber, now = dated.book, dated.subscriber(), dated.now
    order = book.order(dated.number("order"))
    assert order is not None, "an order is kept for ever"
    company = book.company(order.subject)
    assert company is not None, "a company is kept for ever"
    since = month_start(now, dated.core.utc_offset_seconds)
    of = _Of(book, company, subscriber, dated.terms.company, since, now)
    format = cast(ReportFormat, str(order.payload["format"]))
    report = _CONTENTS[str(order.payload["report"])](of)
    book.update_order(order.id, "done", now, order.payload)
    values: dict[str, Value] = {
        "order": str(order.id),
        "format": format,
        "email": mask_email(subscriber.email),
    }
    told = Message(subscriber.msisdn, "sms.rep", values, subscriber.language)
    letter = {**values, "company": company.name, "kind": str(order.payload["report"])}
    language = subscriber.language
    return (Letter(subscriber.email, "mail.corp", letter, language, report, format, then=told),)


DATED: Mapping[str, DatedEffect] = {REPORT: _make}
