"""Orders for many numbers: one order, a line with a result for each number (B18, B22, K12).

A job carries out some numbers a turn, in their order, and schedules itself for the rest, so other
turns come in between; the number it came to is part of the order. Where tariffs are changed by
application, the order waits for the operator's approval.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gateway.accounts.book import Book
from gateway.accounts.books.companies import Line, Member
from gateway.accounts.books.jobs import Job, Order, Payload
from gateway.accounts.companies.office import Office, of_company
from gateway.accounts.dated import Dated, DatedEffect
from gateway.accounts.request import Effect, Reply, done, refuse
from gateway.accounts.services import forwarding, tariffs
from gateway.charging.tariff import Terms
from gateway.domain.port import Sent
from gateway.domain.values import Value

TARIFFS, FORWARDINGS = "company.tariffs", "company.forwardings"
BATCH = "company.batch"
OK = "ok"


def _sold(terms: Terms) -> Mapping[str, str]:
    """Code -> id of the plans companies may have."""
    plans = terms.plans.items()
    return {plan.code: id for id, plan in plans if plan.corporate and not plan.archive}


def _tariffs(office: Office) -> Reply:
    terms, language = office.request.terms, office.request.subscriber.language
    rows: list[Mapping[str, Value]] = [
        {"code": code, "name": terms.plan_name(id, language), "fee": terms.plans[id].month_fee}
        for code, id in _sold(terms).items()
    ]
    return done(plans=tuple(rows))


def _quote(office: Office) -> Reply:
    request, label = office.request, office.request.text("label")
    plan = _sold(request.terms).get(request.text("code"))
    count = office.book.count_members(office.company.name, label)
    if plan is None:
        return refuse("tariff_unknown")
    if not count:
        return refuse("label_unknown")
    return done(
        name=request.terms.plan_name(plan, request.subscriber.language), count=count, label=label
    )


def _change_tariffs(office: Office) -> Reply:
    quoted = _quote(office)
    answer, _ = quoted
    if answer.outcome != OK:
        return quoted
    request = office.request
    plan = _sold(request.terms)[request.text("code")]
    order = _begin(office, TARIFFS, request.text("label"), {"plan": plan})
    return done(order=str(order), count=answer.values["count"])


def _forward_all(office: Office) -> Reply:
    """Forward every number to one of the company, which itself stays as it is; an empty target
    erases (B22, B23)."""
    target = ""
    if office.request.text("target"):
        found = office.member("target")
        if found is None:
            return refuse("member_unknown")
        target = found.msisdn
    order = _begin(office, FORWARDINGS, "", {"target": target})
    return done(order=str(order), count=office.book.count_members(office.company.name))


def _begin(office: Office, kind: str, label: str, what: Payload) -> int:
    request, book, company = office.request, office.book, office.company
    total = book.count_members(company.name, label)
    waits = kind == TARIFFS and request.core.options.company_tariff_change == "application"
    payload = {**what, "label": label, "total": total, "done": 0, "refused": 0, "after": ""}
    state, now = "review" if waits else "working", request.now
    order = book.add_order(
        Order(0, kind, company.name, request.subscriber.msisdn, state, now, now, payload)
    )
    if not waits:
        _schedule(book, company.name, order, now)
    return order


def decide(book: Book, company: str, id: int, approved: bool, now: float) -> str:
    """The operator's decision on an order that waits for it: `ok` or `order_unknown`."""
    order = book.order(id)
    if order is None or (order.subject, order.state) != (company, "review"):
        return "order_unknown"
    book.update_order(id, "working" if approved else "refused", now, order.payload)
    if approved:
        _schedule(book, company, id, now)
    return OK


def _schedule(book: Book, company: str, order: int, now: float) -> None:
    book.schedule(Job(f"{BATCH}:{order}", BATCH, company, now, {"order": order}))


# --- on a date ---------------------------------------------------------------------------------


def _some(dated: Dated) -> tuple[Sent, ...]:
    """The next numbers of an order, a line for each; the rest is the next job's."""
    book, size = dated.book, dated.terms.company.batch_numbers
    order = book.order(dated.number("order"))
    assert order is not None, "an order is kept for ever"
    payload = order.payload
    members = book.members(order.subject, str(payload["after"]), size, str(payload["label"]))
    results = [_STEPS[order.kind](dated, payload, member) for member in members]
    for member, result in zip(members, results, strict=True):
        book.add_line(order.id, Line(member.msisdn, result))
    changed = {
        **payload,
        "done": int(payload["done"]) + results.count(OK),
        "refused": int(payload["refused"]) + len(results) - results.count(OK),
    }
    if len(members) == size:
        changed["after"] = members[-1].msisdn
        book.update_order(order.id, order.state, dated.now, changed)
        _schedule(book, order.subject, order.id, dated.now)
        return ()
    book.update_order(order.id, "done", dated.now, changed)
    return (_told(dated, order, changed),)


def _told(dated: Dated, order: Order, payload: Payload) -> Sent:
    subscriber = dated.book.subscriber(order.msisdn)
    assert subscriber is not None, "who ordered is a subscriber"
    made, refused = int(payload["done"]), int(payload["refused"])
    return dated.message(
        subscriber, "sms.corp.batch", order=str(order.id), made=made, refused=refused
    )


def _step_tariff(dated: Dated, payload: Payload, member: Member) -> str:
    """One number to the plan at the next midnight, as a change of one's own (S01); free."""
    plan = str(payload["plan"])
    if member.tariff == plan:
        return "tariff_same"
    if member.sim != "active":
        return "number_blocked"
    if dated.book.jobs_of(member.msisdn, tariffs.CHANGE):
        return "tariff_change_waits"
    subscriber = dated.book.subscriber(member.msisdn)
    assert subscriber is not None, "a member is a subscriber"
    offset = dated.core.utc_offset_seconds
    tariffs.order_change(dated.book, subscriber, plan, 0, dated.now, offset)
    return OK


def _step_forwarding(dated: Dated, payload: Payload, member: Member) -> str:
    target = str(payload["target"])
    if member.msisdn == target:
        return "recipient_self"
    if target and dated.book.barring(member.msisdn) & forwarding.BARRED_BY:
        return "forwarding_barred"
    dated.book.set_forwarding(member.msisdn, "all", target)
    return OK


_STEPS: Mapping[str, Callable[[Dated, Payload, Member], str]] = {
    TARIFFS: _step_tariff,
    FORWARDINGS: _step_forwarding,
}

EFFECTS: Mapping[str, Effect] = {
    "company.tariffs": of_company(_tariffs),
    "company.tariffs_quote": of_company(_quote),
    "company.tariffs_change": of_company(_change_tariffs),
    "company.forward_all": of_company(_forward_all),
}
DATED: Mapping[str, DatedEffect] = {BATCH: _some}
