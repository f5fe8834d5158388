"""The SIM: blocked as lost, suspended for a fee, unblocked, replaced with the number kept.

A lost SIM is unblocked by the operator or by its replacement, never from the SIM itself: whoever
found it has it. A replacement is an order that jobs move on: ordered, ready at an office,
collected; with the new card the number has a new IMSI, and the old card stops (S04, S06, S07).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gateway.accounts.book import Book, Subscriber
from gateway.accounts.books.jobs import Job, Order
from gateway.accounts.dated import Dated, DatedEffect
from gateway.accounts.request import Effect, Reply, Request, done, refuse
from gateway.accounts.services.fees import Fee, begin_fee, collect, is_told, pay
from gateway.charging.tariff import Terms
from gateway.domain.port import Sent

FEE, READY, COLLECTED = "sim.fee", "sim.ready", "sim.collected"
ORDER = "sim"
_SUSPENDED = {"lost": "lost", "temporary": "suspended"}
"""Reason of a block -> what the SIM then is."""
_STAYS = {"active": "sim_active", "lost": "sim_lost", "debt": "sim_in_debt"}
"""What a SIM is -> why it is not unblocked by asking: only a suspended one is."""
_ISSUER = "8970102"
"""How our ICCIDs begin: telecommunications, Russia, the operator (ITU-T E.118)."""


def order_replacement(
    book: Book, terms: Terms, subscriber: Subscriber, reason: str, now: float
) -> int:
    """Order a new card for a number; the number of the order. There must be none on its way."""
    order = Order(0, ORDER, subscriber.msisdn, subscriber.msisdn, "ordered", now, now)
    number = book.add_order(replace(order, payload={"reason": reason}))
    due = now + terms.services.sim.ready_seconds
    book.schedule(Job(f"{READY}:{number}", READY, subscriber.msisdn, due, {"order": number}))
    return number


def open_order(book: Book, msisdn: str) -> Order | None:
    """The replacement that is on its way, if one is."""
    order = _last_order(book, msisdn)
    return order if order and order.state != "collected" else None


def iccid(number: int) -> str:
    """The 19 digits of the card of an order, the last their check digit (ITU-T E.118 §4.2,
    ISO/IEC 7812-1 annex B)."""
    digits = f"{_ISSUER}{number:011d}"
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(digits))]
    total = sum(value - 9 if value > 9 else value for value in doubled)
    return f"{digits}{-total % 10}"


def suspension_fee(terms: Terms) -> Fee:
    """What a period of a suspension costs."""
    sim = terms.services.sim
    return Fee(FEE, "", "suspension of the SIM", sim.fee, sim.period, rests=False)


# --- commands ----------------------------------------------------------------------------------


def _quote(request: Request) -> Reply:
    """What blocking for a reason costs."""
    sim, reason = request.terms.services.sim, request.text("reason")
    fee = sim.fee if reason == "temporary" else 0
    return done(reason=reason, msisdn=request.subscriber.msisdn, fee=fee, period=sim.period)


def _block(request: Request) -> Reply:
    reason, subscriber, book = request.text("reason"), request.subscriber, request.book
    if reason == "temporary":
        fee, offset = suspension_fee(request.terms), request.core.utc_offset_seconds
        if short := pay(request, fee.kind, fee.amount, fee.what, f"fee of a {fee.period}"):
            return short
        begin_fee(book, subscriber.msisdn, fee, request.now, offset)
    book.update_subscriber(subscriber.msisdn, {"sim": _SUSPENDED[reason]})
    return done(msisdn=subscriber.msisdn)


def _unblock(request: Request) -> Reply:
    subscriber, book = request.subscriber, request.book
    refused = _STAYS.get(subscriber.sim, "")
    if refused and not (subscriber.sim == "lost" and request.terms.services.sim.unblock_lost):
        return refuse(refused)
    book.update_subscriber(subscriber.msisdn, {"sim": "active"})
    book.cancel_job(suspension_fee(request.terms).key(subscriber.msisdn))
    return done(msisdn=subscriber.msisdn)


def _replace(request: Request) -> Reply:
    subscriber, book = request.subscriber, request.book
    if open_order(book, subscriber.msisdn):
        return refuse("sim_order_open")
    number = order_replacement(book, request.terms, subscriber, request.text("reason"), request.now)
    return done(order=str(number))


def _status(request: Request) -> Reply:
    order = _last_order(request.book, request.subscriber.msisdn)
    if order is None:
        return refuse("sim_order_none")
    office = int(order.payload.get("office", 0))
    return done(order=str(order.id), state=order.state, office=office)


def _last_order(book: Book, msisdn: str) -> Order | None:
    orders = book.orders(msisdn, (ORDER,), 1)
    return orders[0] if orders else None


EFFECTS: Mapping[str, Effect] = {
    "sim.quote": _quote,
    "sim.block": _block,
    "sim.unblock": _unblock,
    "sim.replace": _replace,
    "sim.status": _status,
}

# --- on a date ---------------------------------------------------------------------------------


def _fee(dated: Dated) -> tuple[Sent, ...]:
    """Another period of a suspension; while it is unpaid the SIM stays as it is."""
    subscriber, fee = dated.subscriber(), suspension_fee(dated.terms)
    if subscriber.sim != "suspended" or collect(dated, subscriber, fee):
        return ()
    if not is_told(dated, subscriber, fee):
        return ()
    return (dated.message(subscriber, "sms.sim.fee", fee=fee.amount),)


def _ready(dated: Dated) -> tuple[Sent, ...]:
    """The card lies at an office."""
    order, sim = _order(dated), dated.terms.services.sim
    office = order.id % sim.offices_max + 1
    payload = {**order.payload, "office": office, "iccid": iccid(order.id)}
    dated.book.update_order(order.id, "ready", dated.now, payload)
    due = dated.now + sim.collect_seconds
    dated.book.schedule(
        Job(f"{COLLECTED}:{order.id}", COLLECTED, order.msisdn, due, {"order": order.id})
    )
    subscriber = dated.subscriber()
    return (dated.message(subscriber, "sms.sim.ready", order=str(order.id), office=office),)


def _collected(dated: Dated) -> tuple[Sent, ...]:
    """The new card works, and the old one no more; the number is not blocked any longer."""
    order, subscriber, book = _order(dated), dated.subscriber(), dated.book
    imsi = f"{dated.terms.home_plmn}99{order.id:08d}"
    book.update_subscriber(subscriber.msisdn, {"imsi": imsi, "sim": "active"})
    book.cancel_job(suspension_fee(dated.terms).key(subscriber.msisdn))
    book.update_order(order.id, "collected", dated.now, {**order.payload, "imsi": imsi})
    return (dated.message(subscriber, "sms.sim.done"),)


def _order(dated: Dated) -> Order:
    order = dated.book.order(dated.number("order"))
    assert order is not None, "an order is kept for ever"
    return order


DATED: Mapping[str, DatedEffect] = {FEE: _fee, READY: _ready, COLLECTED: _collected}
