"""Packages: what is left of minutes, SMS and megabytes, and extra packs (CH15: one price)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

from gateway.accounts.book import PACKAGES, Package
from gateway.accounts.ledger import move
from gateway.accounts.request import Effect, Reply, Request, done, refuse, short_of
from gateway.accounts.usage import record_operation
from gateway.domain.money import roubles

PackageKind = Literal["minutes", "sms", "megabytes"]

_DAY_SECONDS = 86_400


def _running(request: Request) -> dict[str, Package]:
    rows = request.book.packages(request.subscriber.msisdn)
    return {row.kind: row for row in rows if row.until > request.now}


def _show(request: Request) -> Reply:
    """What is left of each kind; `until` is when the first of them ends."""
    running = _running(request)
    if not running:
        return refuse("packages_none")
    left = {kind: running[kind].left if kind in running else 0 for kind in request.terms.packs}
    return done(until=int(min(row.until for row in running.values())), **left)


def _quote(request: Request) -> Reply:
    kind = request.text("kind")
    pack = request.terms.packs[kind]
    return done(kind=kind, units=pack.units, price=pack.price, days=pack.days)


def _buy(request: Request) -> Reply:
    kind, subscriber = cast(PackageKind, request.text("kind")), request.subscriber
    pack, key = request.terms.packs[kind], request.key("pack")
    outcome = request.book.transfer(
        move(key, "pack", request.now, subscriber.account, PACKAGES, pack.price, kind)
    )
    if outcome == "insufficient_balance":
        return short_of(subscriber.available, pack.price)
    assert outcome == "ok", f"the price of a pack was {outcome}"
    until = _add(request, kind, pack.units, int(request.now) + pack.days * _DAY_SECONDS)
    arithmetic = f"price of the pack = {roubles(pack.price)}"
    what = f"pack of {pack.units} {kind}"
    record_operation(request, what, arithmetic, pack.price, "other", key)
    balance = request.balance()
    return done(kind=kind, units=pack.units, price=pack.price, until=until, balance=balance)


def _add(request: Request, kind: PackageKind, units: int, until: int) -> int:
    """Add the units; what an ended package left over is carried over. The end they now have."""
    msisdn = request.subscriber.msisdn
    old = next((p for p in request.book.packages(msisdn) if p.kind == kind), None)
    request.book.add_package(Package(msisdn, kind, units, units, until))
    return until if old is None else max(until, int(old.until))


EFFECTS: Mapping[str, Effect] = {
    "packages.show": _show,
    "packages.quote": _quote,
    "packages.buy": _buy,
}
