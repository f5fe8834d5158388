"""Services by their code: options, roaming options, packs, paid subscriptions, bans (S02, F22).

What is offered is what the plan has (C08). Price and first fee are taken in one transfer before
the service is on; a ban keeps paid content, or everything paid, from being connected.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from gateway.accounts.book import Book, Subscriber
from gateway.accounts.books.jobs import Job
from gateway.accounts.books.services import Connected
from gateway.accounts.bundles import add_included
from gateway.accounts.dated import Dated, DatedEffect
from gateway.accounts.request import Effect, Reply, Request, done, refuse
from gateway.accounts.services.fees import Fee, begin_fee, collect, is_told, pay
from gateway.charging.terms_services import Service
from gateway.domain.moments import DAY_SECONDS
from gateway.domain.money import roubles
from gateway.domain.port import Sent
from gateway.domain.values import Value

FEE, END = "service.fee", "service.end"
_LISTED: Mapping[str, frozenset[str]] = {
    "all": frozenset({"option", "roaming", "content", "ban"}),
    "option": frozenset({"option", "pack"}),
    "roaming": frozenset({"roaming"}),
    "content": frozenset({"content"}),
}
"""What is asked for -> the kinds of service it lists."""


def service_fee(id: str, service: Service) -> Fee:
    """What a period of the service costs."""
    return Fee(FEE, id, f"service {service.en}", service.fee, service.period)


def drop_service(book: Book, msisdn: str, id: str, service: Service) -> None:
    """Take it off, with what would happen on a date because of it."""
    book.drop_service(msisdn, id)
    book.cancel_job(service_fee(id, service).key(msisdn))
    book.cancel_job(_end_key(msisdn, id))


def remove_unavailable(dated: Dated, subscriber: Subscriber, plan: str) -> tuple[Sent, ...]:
    """Take off what `plan` does not have, and say so."""
    sent: list[Sent] = []
    catalogue = dated.terms.services.catalogue
    for row in dated.book.services(subscriber.msisdn):
        service = catalogue.get(row.service)
        if service is not None and service.tariffs and plan not in service.tariffs:
            drop_service(dated.book, subscriber.msisdn, row.service, service)
            name = service.name(subscriber.language)
            sent.append(dated.message(subscriber, "sms.svc.off", name=name))
    return tuple(sent)


# --- lists -------------------------------------------------------------------------------------


def _mine(request: Request) -> Reply:
    """What is on, and what it costs (S02)."""
    on = _on(request)
    wanted = _LISTED[request.text("kind")]
    rows = [
        {**_priced(request, service), "suspended": on[id].suspended}
        for id, service in _catalogue(request)
        if id in on and service.kind in wanted
    ]
    return done(services=tuple(rows))


def _offers(request: Request) -> Reply:
    """What the plan has and is not on (C08)."""
    on, wanted, plan = _on(request), _LISTED[request.text("kind")], request.subscriber.tariff
    rows = [
        _priced(request, service)
        for id, service in _catalogue(request)
        if id not in on and service.kind in wanted and _has(plan, service)
    ]
    return done(services=tuple(rows))


def _state(request: Request) -> Reply:
    id, service = _find(request)
    if service is None:
        return refuse("service_unknown")
    name = service.name(request.subscriber.language)
    return done(code=service.code, name=name, on=id in _on(request))


def _catalogue(request: Request) -> Iterable[tuple[str, Service]]:
    return request.terms.services.catalogue.items()


def _on(request: Request) -> dict[str, Connected]:
    return {row.service: row for row in request.book.services(request.subscriber.msisdn)}


def _has(plan: str, service: Service) -> bool:
    return not service.tariffs or plan in service.tariffs


def _priced(request: Request, service: Service) -> dict[str, Value]:
    """A service as lists and questions name it."""
    each = bool(service.fee)
    return {
        "code": service.code,
        "name": service.name(request.subscriber.language),
        "cost": service.fee if each else service.price,
        "period": service.period if each else "once",
        "price": service.price if each else 0,
        "days": service.days,
    }


# --- on ----------------------------------------------------------------------------------------


def _quote(request: Request) -> Reply:
    id, service = _find(request)
    if service is None:
        return refuse("service_unknown")
    refused = _refused(request, id, service)
    return refuse(refused) if refused else done(**_priced(request, service))


def _add(request: Request) -> Reply:
    id, service = _find(request)
    if service is None:
        return refuse("service_unknown")
    if refused := _refused(request, id, service):
        return refuse(refused)
    what, arithmetic = f"service {service.en}", _arithmetic(service)
    if short := pay(request, "service", _first(service), what, arithmetic, service.code):
        return short
    until = _connect(request, id, service)
    add_included(request.book, request.subscriber.msisdn, service, until, request.now)
    return done(**_priced(request, service), balance=request.balance())


def _find(request: Request) -> tuple[str, Service | None]:
    return request.terms.services.by_code.get(request.text("code"), ("", None))


def _refused(request: Request, id: str, service: Service) -> str:
    on = _on(request)
    if id in on:
        return "service_on"
    if not _has(request.subscriber.tariff, service):
        return "service_unavailable"
    if service.kind == "content" and "content_ban" in on:
        return "content_banned"
    if service.paid and "paid_ban" in on:
        return "paid_banned"
    return ""


def _first(service: Service) -> int:
    return service.price + service.fee


def _arithmetic(service: Service) -> str:
    return f"price {roubles(service.price)} + fee of a {service.period} {roubles(service.fee)}"


def _connect(request: Request, id: str, service: Service) -> int:
    """Put it on and see to its next date; until when its units last."""
    book, msisdn, now = request.book, request.subscriber.msisdn, request.now
    ends = int(now) + service.days * DAY_SECONDS
    if service.kind == "pack":
        return ends
    book.save_service(Connected(msisdn, id, now))
    if service.fee:
        fee = service_fee(id, service)
        return begin_fee(book, msisdn, fee, now, request.core.utc_offset_seconds)
    if service.days:
        book.schedule(Job(_end_key(msisdn, id), END, msisdn, ends, {"of": id}))
    return ends


def _end_key(msisdn: str, id: str) -> str:
    return f"{END}:{msisdn}:{id}"


# --- off ---------------------------------------------------------------------------------------


def _removal(request: Request) -> Reply:
    """What would be removed, for the question."""
    id, service = _find(request)
    if service is None:
        return refuse("service_unknown")
    return done(**_priced(request, service)) if id in _on(request) else refuse("service_off")


def _remove(request: Request) -> Reply:
    id, service = _find(request)
    if service is None:
        return refuse("service_unknown")
    if id not in _on(request):
        return refuse("service_off")
    drop_service(request.book, request.subscriber.msisdn, id, service)
    return done(**_priced(request, service))


def _remove_content(request: Request) -> Reply:
    """Every paid subscription at once (F22)."""
    on = _on(request)
    gone = [(i, s) for i, s in _catalogue(request) if i in on and s.kind == "content"]
    if not gone:
        return refuse("subscriptions_none")
    for id, service in gone:
        drop_service(request.book, request.subscriber.msisdn, id, service)
    return done(count=len(gone))


EFFECTS: Mapping[str, Effect] = {
    "service.mine": _mine,
    "service.offers": _offers,
    "service.state": _state,
    "service.quote": _quote,
    "service.add": _add,
    "service.removal": _removal,
    "service.remove": _remove,
    "service.remove_content": _remove_content,
}

# --- on a date ---------------------------------------------------------------------------------


def _fee(dated: Dated) -> tuple[Sent, ...]:
    """Another period: paid and working, or suspended and told of once."""
    subscriber, id = dated.subscriber(), dated.text("of")
    rows = dated.book.services(subscriber.msisdn)
    row = next((each for each in rows if each.service == id), None)
    service = dated.terms.services.catalogue.get(id)
    if row is None or service is None:
        return ()
    fee = service_fee(id, service)
    until = collect(dated, subscriber, fee)
    if row.suspended == bool(until):
        dated.book.save_service(replace(row, suspended=not until))
    if until:
        add_included(dated.book, subscriber.msisdn, service, until, dated.now)
        return ()
    if not is_told(dated, subscriber, fee):
        return ()
    name = service.name(subscriber.language)
    return (dated.message(subscriber, "sms.fee_short", name=name, fee=service.fee),)


def _end(dated: Dated) -> tuple[Sent, ...]:
    """Its days are over."""
    subscriber, id = dated.subscriber(), dated.text("of")
    service = dated.terms.services.catalogue.get(id)
    if service is None or not dated.book.drop_service(subscriber.msisdn, id):
        return ()
    return (dated.message(subscriber, "sms.svc.off", name=service.name(subscriber.language)),)


DATED: Mapping[str, DatedEffect] = {FEE: _fee, END: _end}
