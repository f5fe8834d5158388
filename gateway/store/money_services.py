"""What the money services keep, in SQL: autopay, lots of points, discounts."""

from __future__ import annotations

from operator import attrgetter

from sqlalchemy import delete, func, select, update
from sqlalchemy.sql.expression import ClauseElement

from gateway.accounts.books.money import Autopay, AutopayKind, Lot
from gateway.store.schema.core import charge, package, promise, subscriber
from gateway.store.schema.money import autopay, discount, point_lot
from gateway.store.statements import (
    ZERO,
    Insert,
    Operations,
    names,
    parameter,
    row,
    statement,
    upsert,
)

_ACCOUNT = parameter("account_")
_autopay_values = attrgetter(*names(autopay))

_OWNER = statement(
    lambda _: select(subscriber.c.msisdn).where(
        subscriber.c.account == _ACCOUNT, subscriber.c.owner
    ),
    "account_",
)
_RESTRICT = statement(
    lambda _: (
        update(subscriber)
        .values(sim=parameter("to"))
        .where(subscriber.c.account == _ACCOUNT, subscriber.c.sim == parameter("sim_"))
        .returning(subscriber.c.msisdn)
    ),
    "to",
    "account_",
    "sim_",
)
_PAY_PROMISE = statement(
    lambda _: (
        update(promise)
        .values(paid=promise.c.paid + parameter("amount_"))
        .where(promise.c.account == _ACCOUNT)
    ),
    "amount_",
    "account_",
)
# charges are found by their numbers, which the account's index gives
_SPENT = statement(
    lambda _: (
        select(func.coalesce(func.sum(charge.c.amount), ZERO))
        .join_from(subscriber, charge, charge.c.msisdn == subscriber.c.msisdn)
        .where(
            subscriber.c.account == _ACCOUNT,
            charge.c.account == subscriber.c.account,
            charge.c.at >= parameter("since"),
            charge.c.at < parameter("before"),
        )
    ),
    "account_",
    "since",
    "before",
)

_KIND = (autopay.c.account == _ACCOUNT, autopay.c.kind == parameter("kind_"))
_AUTOPAY = statement(lambda _: select(*autopay.columns).where(*_KIND), "account_", "kind_")
_SAVE_AUTOPAY = statement(lambda insert: upsert(insert, autopay), *names(autopay))
_DROP_AUTOPAY = statement(
    lambda _: delete(autopay).where(*_KIND).returning(autopay.c.account), "account_", "kind_"
)

_LOT = (point_lot.c.account == _ACCOUNT, point_lot.c.until == parameter("until_"))
_LOTS = statement(
    lambda _: (
        select(point_lot.c.until, point_lot.c.points)
        .where(point_lot.c.account == _ACCOUNT)
        .order_by(point_lot.c.until)
    ),
    "account_",
)
_TAKE_LOT = statement(
    lambda _: (
        update(point_lot)
        .values(points=point_lot.c.points - parameter("points_"))
        .where(*_LOT)
        .returning(point_lot.c.points)
    ),
    "points_",
    "account_",
    "until_",
)
_DROP_LOT = statement(lambda _: delete(point_lot).where(*_LOT), "account_", "until_")


def _add_lot(insert: Insert) -> ClauseElement:
    made = row(insert, point_lot)
    return made.on_conflict_do_update(
        index_elements=["account", "until"],
        set_={"points": point_lot.c.points + made.excluded.points},
    )


def _add_discount(insert: Insert) -> ClauseElement:
    made = row(insert, discount)
    return made.on_conflict_do_update(
        index_elements=["account"], set_={"amount": discount.c.amount + made.excluded.amount}
    )


_PACKAGE = (package.c.msisdn == parameter("msisdn_"), package.c.kind == parameter("kind_"))
_UNITS = statement(
    lambda _: select(package.c.left).where(*_PACKAGE, package.c.until > parameter("now")),
    "msisdn_",
    "kind_",
    "now",
)
_TAKE_UNITS = statement(
    lambda _: (
        update(package)
        .values({package.c.left: package.c.left - parameter("units")})
        .where(*_PACKAGE)
    ),
    "units",
    "msisdn_",
    "kind_",
)

_ADD_LOT = statement(_add_lot, *names(point_lot))
_DISCOUNT = statement(
    lambda _: select(discount.c.amount).where(discount.c.account == _ACCOUNT), "account_"
)
_ADD_DISCOUNT = statement(_add_discount, *names(discount))
_TAKE_DISCOUNT = statement(
    lambda _: (
        update(discount)
        .values(amount=discount.c.amount - parameter("amount_"))
        .where(discount.c.account == _ACCOUNT)
    ),
    "amount_",
    "account_",
)


class MoneyServices(Operations):
    """Implements `MoneyBook`."""

    __slots__ = ()

    def owner(self, account: int) -> str:
        row = self._execute(_OWNER[self._dialect], (account,)).fetchone()
        return "" if row is None else str(row[0])

    def restrict(self, account: int, sim: str, to: str) -> int:
        return len(self._execute(_RESTRICT[self._dialect], (to, account, sim)).fetchall())

    def pay_promise(self, account: int, amount: int) -> None:
        self._execute(_PAY_PROMISE[self._dialect], (amount, account))

    def spent(self, account: int, since: float, before: float) -> int:
        row = self._execute(_SPENT[self._dialect], (account, since, before)).fetchone()
        assert row is not None, "a sum is a row"
        return int(row[0])

    def autopay(self, account: int, kind: AutopayKind) -> Autopay | None:
        row = self._execute(_AUTOPAY[self._dialect], (account, kind)).fetchone()
        return None if row is None else Autopay(*row)

    def save_autopay(self, autopay: Autopay) -> None:
        self._execute(_SAVE_AUTOPAY[self._dialect], _autopay_values(autopay))

    def drop_autopay(self, account: int, kind: AutopayKind) -> bool:
        return self._execute(_DROP_AUTOPAY[self._dialect], (account, kind)).fetchone() is not None

    def lots(self, account: int) -> tuple[Lot, ...]:
        rows = self._execute(_LOTS[self._dialect], (account,)).fetchall()
        return tuple(Lot(*row) for row in rows)

    def add_lot(self, account: int, lot: Lot) -> None:
        self._execute(_ADD_LOT[self._dialect], (account, lot.until, lot.points))

    def take_lot(self, account: int, lot: Lot) -> None:
        row = self._execute(_TAKE_LOT[self._dialect], (lot.points, account, lot.until)).fetchone()
        assert row is not None, "points are taken out of a lot that has them"
        if row[0] == 0:
            self._execute(_DROP_LOT[self._dialect], (account, lot.until))

    def take_units(self, msisdn: str, kind: str, units: int, now: float) -> int:
        row = self._execute(_UNITS[self._dialect], (msisdn, kind, now)).fetchone()
        used = min(int(row[0]), units) if row else 0
        if used:
            self._execute(_TAKE_UNITS[self._dialect], (used, msisdn, kind))
        return used

    def discount(self, account: int) -> int:
        row = self._execute(_DISCOUNT[self._dialect], (account,)).fetchone()
        return 0 if row is None else int(row[0])

    def add_discount(self, account: int, amount: int) -> None:
        self._execute(_ADD_DISCOUNT[self._dialect], (account, amount))

    def take_discount(self, account: int, fee: int) -> int:
        taken = min(self.discount(account), fee)
        if taken:
            self._execute(_TAKE_DISCOUNT[self._dialect], (taken, account))
        return taken
