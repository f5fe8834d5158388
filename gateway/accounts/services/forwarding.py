"""Call forwarding (3GPP TS 22.082; procedures of TS 22.030 annex B).

The Book keeps the active forwardings only, so `deactivate` erases. A number is Russian; an
employee's calls go only to numbers of his company (B23); none is set while calls are barred.
"""

from __future__ import annotations

from collections.abc import Mapping

from gateway.accounts.request import Effect, Reply, Request, done, refuse
from gateway.domain.numbers import normalise_msisdn

KINDS = ("all", "busy", "no_reply", "not_reachable")
_GROUPS: Mapping[str, tuple[str, ...]] = {
    **{kind: (kind,) for kind in KINDS},
    "conditional": KINDS[1:],
    "every": KINDS,
}
BARRED_BY = frozenset({"outgoing", "incoming"})


def _apply(request: Request) -> Reply:
    return _ACTIONS[request.text("action")](request)


def _set(request: Request) -> Reply:
    """`**21*number#`; `*21#` without a number turns on what already has one."""
    if not request.text("number"):
        active = _active(request)
        return _answer(request, active) if active else refuse("forwarding_number_missing")
    number = _target(request)
    if isinstance(number, tuple):
        return number
    _write(request, number)
    return _answer(request, number)


def _erase(request: Request) -> Reply:
    _write(request, "")
    return _answer(request, "")


def _interrogate(request: Request) -> Reply:
    return _answer(request, _active(request))


def _target(request: Request) -> str | Reply:
    """Where calls would go, or why they may not go there."""
    number = normalise_msisdn(request.text("number"))
    if number is None or number == request.subscriber.msisdn or not _allowed(request, number):
        return refuse("forwarding_number_wrong")
    if request.book.barring(request.subscriber.msisdn) & BARRED_BY:
        return refuse("forwarding_barred")
    return number


def _allowed(request: Request, number: str) -> bool:
    company = request.subscriber.company
    return not company or request.book.member(company, number) is not None


def _active(request: Request) -> str:
    """The number of the first active kind of the group, or empty."""
    active = request.book.forwarding(request.subscriber.msisdn)
    return next((active[k] for k in _GROUPS[request.text("kind")] if k in active), "")


def _write(request: Request, number: str) -> None:
    for kind in _GROUPS[request.text("kind")]:
        request.book.set_forwarding(request.subscriber.msisdn, kind, number)


def _answer(request: Request, number: str) -> Reply:
    return done(kind=request.text("kind"), on=bool(number), number=number)


def _quote(request: Request) -> Reply:
    """Whether calls may go to a number, and the price of a minute of them."""
    number = _target(request)
    if isinstance(number, tuple):
        return number
    zone = request.terms.zones[request.subscriber.zone]
    return done(number=number, price=request.terms.services.forwarding_price, out=zone.out)


def _show(request: Request) -> Reply:
    active = request.book.forwarding(request.subscriber.msisdn)
    return done(**{kind: active.get(kind, "") for kind in KINDS})


_ACTIONS: Mapping[str, Effect] = {
    "register": _set,
    "activate": _set,
    "deactivate": _erase,
    "erase": _erase,
    "interrogate": _interrogate,
}

EFFECTS: Mapping[str, Effect] = {
    "forwarding.apply": _apply,
    "forwarding.quote": _quote,
    "forwarding.show": _show,
}
