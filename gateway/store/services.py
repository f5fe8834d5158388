"""Vouchers, promised payments, packages, supplementary services and requests."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter

from sqlalchemy import case, delete, select, update
from sqlalchemy.sql.expression import ClauseElement

from gateway.accounts.book import Package, Promise, Registration, Voucher
from gateway.store.schema.core import (
    barring,
    barring_password,
    forwarding,
    package,
    promise,
    question,
    registration,
    voucher,
)
from gateway.store.statements import (
    Insert,
    Operations,
    clean,
    names,
    parameter,
    row,
    statement,
    upsert,
)

_MSISDN = parameter("msisdn_")
_KIND = parameter("kind_")
_voucher_values = attrgetter(*names(voucher))
_promise_values = attrgetter(*names(promise))
_package_values = attrgetter(*names(package))

_VOUCHER = statement(
    lambda _: select(*voucher.columns).where(voucher.c.digest == parameter("digest_")), "digest_"
)
_ADD_VOUCHER = statement(lambda insert: row(insert, voucher), *names(voucher))
_USE_VOUCHER = statement(
    lambda _: (
        update(voucher)
        .values(used_by=parameter("used_by_"), used_at=parameter("used_at_"))
        .where(voucher.c.digest == parameter("digest_"), voucher.c.used_at.is_(None))
        .returning(voucher.c.digest)
    ),
    "used_by_",
    "used_at_",
    "digest_",
)

_ACCOUNT = promise.c.account == parameter("account_")
_PROMISE = statement(lambda _: select(*promise.columns).where(_ACCOUNT), "account_")
_OPEN_PROMISE = statement(
    lambda insert: (
        row(insert, promise)
        .on_conflict_do_nothing(index_elements=["account"])
        .returning(promise.c.account)
    ),
    *names(promise),
)
_CLOSE_PROMISE = statement(lambda _: delete(promise).where(_ACCOUNT), "account_")

_PACKAGES = statement(
    lambda _: select(*package.columns).where(package.c.msisdn == _MSISDN).order_by(package.c.kind),
    "msisdn_",
)


def _add_package(insert: Insert) -> ClauseElement:
    made = row(insert, package)
    new = made.excluded
    return made.on_conflict_do_update(
        index_elements=["msisdn", "kind"],
        set_={
            "left": package.c.left + new.left,
            "total": package.c.total + new.total,
            "until": case((new.until > package.c.until, new.until), else_=package.c.until),
        },
    )


_ADD_PACKAGE = statement(_add_package, *names(package))

_FORWARDING = statement(
    lambda _: (
        select(forwarding.c.kind, forwarding.c.number)
        .where(forwarding.c.msisdn == _MSISDN)
        .order_by(forwarding.c.kind)
    ),
    "msisdn_",
)
_SET_FORWARDING = statement(lambda insert: upsert(insert, forwarding), *names(forwarding))
_ERASE_FORWARDING = statement(
    lambda _: delete(forwarding).where(forwarding.c.msisdn == _MSISDN, forwarding.c.kind == _KIND),
    "msisdn_",
    "kind_",
)
_BARRING = statement(lambda _: select(barring.c.kind).where(barring.c.msisdn == _MSISDN), "msisdn_")
_BAR = statement(
    lambda insert: row(insert, barring).on_conflict_do_nothing(index_elements=["msisdn", "kind"]),
    *names(barring),
)
_UNBAR = statement(
    lambda _: delete(barring).where(barring.c.msisdn == _MSISDN, barring.c.kind == _KIND),
    "msisdn_",
    "kind_",
)
_BARRING_PASSWORD = statement(
    lambda _: select(barring_password.c.digest).where(barring_password.c.msisdn == _MSISDN),
    "msisdn_",
)
_SET_BARRING_PASSWORD = statement(
    lambda insert: upsert(insert, barring_password), *names(barring_password)
)

_REGISTRATION = statement(
    lambda _: select(*registration.columns).where(registration.c.msisdn == _MSISDN), "msisdn_"
)
_REGISTER = statement(lambda insert: upsert(insert, registration), *names(registration))
_ASK = statement(lambda insert: row(insert, question), *names(question))


class Services(Operations):
    """Rows of everything a subscriber has besides money and passwords."""

    __slots__ = ()

    def voucher(self, digest: str) -> Voucher | None:
        row = self._execute(_VOUCHER[self._dialect], (digest,)).fetchone()
        return None if row is None else Voucher(*row)

    def add_voucher(self, voucher: Voucher) -> None:
        self._execute(_ADD_VOUCHER[self._dialect], _voucher_values(voucher))

    def use_voucher(self, digest: str, msisdn: str, at: float) -> bool:
        row = self._execute(_USE_VOUCHER[self._dialect], (msisdn, at, digest)).fetchone()
        return row is not None

    def promise(self, account: int) -> Promise | None:
        row = self._execute(_PROMISE[self._dialect], (account,)).fetchone()
        return None if row is None else Promise(*row)

    def open_promise(self, promise: Promise) -> bool:
        opened = self._execute(_OPEN_PROMISE[self._dialect], _promise_values(promise)).fetchone()
        return opened is not None

    def close_promise(self, account: int) -> None:
        self._execute(_CLOSE_PROMISE[self._dialect], (account,))

    def packages(self, msisdn: str) -> tuple[Package, ...]:
        rows = self._execute(_PACKAGES[self._dialect], (msisdn,)).fetchall()
        return tuple(Package(*row) for row in rows)

    def add_package(self, package: Package) -> None:
        self._execute(_ADD_PACKAGE[self._dialect], _package_values(package))

    def forwarding(self, msisdn: str) -> Mapping[str, str]:
        rows = self._execute(_FORWARDING[self._dialect], (msisdn,)).fetchall()
        return {row[0]: row[1] for row in rows}

    def set_forwarding(self, msisdn: str, kind: str, number: str) -> None:
        if number:
            self._execute(_SET_FORWARDING[self._dialect], (msisdn, kind, number))
        else:
            self._execute(_ERASE_FORWARDING[self._dialect], (msisdn, kind))

    def barring(self, msisdn: str) -> frozenset[str]:
        rows = self._execute(_BARRING[self._dialect], (msisdn,)).fetchall()
        return frozenset(row[0] for row in rows)

    def set_barring(self, msisdn: str, kind: str, on: bool) -> None:
        self._execute((_BAR if on else _UNBAR)[self._dialect], (msisdn, kind))

    def barring_password(self, msisdn: str) -> str:
        row = self._execute(_BARRING_PASSWORD[self._dialect], (msisdn,)).fetchone()
        return "" if row is None else str(row[0])

    def set_barring_password(self, msisdn: str, digest: str) -> None:
        self._execute(_SET_BARRING_PASSWORD[self._dialect], (msisdn, digest))

    def registration(self, msisdn: str) -> Registration | None:
        row = self._execute(_REGISTRATION[self._dialect], (msisdn,)).fetchone()
        return None if row is None else Registration(*row)

    def save_registration(self, registration: Registration) -> None:
        self._execute(
            _REGISTER[self._dialect],
            (
                registration.msisdn,
                clean(registration.company),
                registration.at,
                registration.state,
                clean(registration.email),
                clean(registration.login),
            ),
        )

    def add_question(self, msisdn: str, text: str, at: float) -> None:
        self._execute(_ASK[self._dialect], (msisdn, clean(text), at))
