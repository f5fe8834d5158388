"""Packages: what is left of minutes, SMS and megabytes, and extra packs (CH15: one price).

Units added to a package that runs stay as long as the later of the two; what an ended one left
over is nobody's any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol, cast

from gateway.accounts.book import PACKAGES, Book, Package
from gateway.accounts.request import Effect, Reply, Request, done, refuse
from gateway.accounts.usage import take_price
from gateway.domain.moments import DAY_SECONDS

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
    pack = request.terms.packs[kind]
    what, why = f"pack of {pack.units} {kind}", "price of the pack"
    if refused := take_price(request, "pack", PACKAGES, pack.price, what, why, "other", kind):
        return refused
    end = int(request.now) + pack.days * DAY_SECONDS
    until = add_units(request.book, subscriber.msisdn, kind, pack.units, end, request.now)
    balance = request.balance()
    return done(kind=kind, units=pack.units, price=pack.price, until=until, balance=balance)


EFFECTS: Mapping[str, Effect] = {
    "packages.show": _show,
    "packages.quote": _quote,
    "packages.buy": _buy,
}
