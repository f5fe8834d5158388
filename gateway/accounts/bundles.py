"""Packages: what is left of minutes, SMS and megabytes, and extra packs (CH15: one price).

Units added to a package that runs stay as long as the later of the two; what an ended one left
over is nobody's any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol, cast

from gateway.accounts.book import PACKAGES, Book, Package
from gateway.accounts.ledger import move
from gateway.accounts.posting import post
from gateway.accounts.request import Effect, Reply, Request, done, refuse, short_of
from gateway.accounts.usage import record_operation
from gateway.domain.moments import DAY_SECONDS
from gateway.domain.money import roubles

PackageKind = Literal["minutes", "sms", "megabytes"]


class Included(Protocol):
    """A plan or a service, with the units it gives."""

    @property
    def minutes(self) -> int: ...
    @property
    def sms(self) -> int: ...
    @property
    def megabytes(self) -> int: ...


def add_units(
    book: Book, msisdn: str, kind: PackageKind, units: int, until: int, now: float
) -> int:
    """Add units that may be used until a moment. The end the package now has."""
    book.drop_packages(msisdn, now)
    book.add_package(Package(msisdn, kind, units, units, until))
    return next(int(row.until) for row in book.packages(msisdn) if row.kind == kind)


def add_included(book: Book, msisdn: str, included: Included, until: int, now: float) -> None:
    """Add what a plan or a service gives for its period."""
    given: Mapping[PackageKind, int] = {
        "minutes": included.minutes,
        "sms": included.sms,
        "megabytes": included.megabytes,
    }
    for kind, units in given.items():
        if units:
            add_units(book, msisdn, kind, units, until, now)


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
    outcome = post(
        request.book,
        move(key, "pack", request.now, subscriber.account, PACKAGES, pack.price, kind),
    )
    if outcome == "insufficient_balance":
        return short_of(subscriber.available, pack.price)
    assert outcome == "ok", f"the price of a pack was {outcome}"
    end = int(request.now) + pack.days * DAY_SECONDS
    until = add_units(request.book, subscriber.msisdn, kind, pack.units, end, request.now)
    arithmetic = f"price of the pack = {roubles(pack.price)}"
    what = f"pack of {pack.units} {kind}"
    record_operation(request, what, arithmetic, pack.price, "other", key)
    balance = request.balance()
    return done(kind=kind, units=pack.units, price=pack.price, until=until, balance=balance)


EFFECTS: Mapping[str, Effect] = {
    "packages.show": _show,
    "packages.quote": _quote,
    "packages.buy": _buy,
}
