"""Charges: what each use cost, and why."""

from __future__ import annotations

from operator import attrgetter

from sqlalchemy import func, select

from gateway.accounts.book import Charge, Spending
from gateway.store.schema.core import charge
from gateway.store.statements import (
    ZERO,
    Operations,
    Row,
    limited,
    names,
    parameter,
    row,
    statement,
)

CHARGE_COLUMNS = names(charge)
_values = attrgetter(*CHARGE_COLUMNS)
_REFUSED = CHARGE_COLUMNS.index("refused")

_INSERT = statement(lambda insert: row(insert, charge), *CHARGE_COLUMNS)
_NEWEST = (
    select(*(charge.c[name] for name in CHARGE_COLUMNS))
    .where(charge.c.msisdn == parameter("msisdn_"))
    .order_by(charge.c.at.desc(), charge.c.id.desc())
)
_ALL = statement(lambda _: limited(_NEWEST), "msisdn_", "limit")
_PAID = statement(lambda _: limited(_NEWEST.where(charge.c.amount > ZERO)), "msisdn_", "limit")
_SPENDING = statement(
    lambda _: (
        select(charge.c.category, func.sum(charge.c.amount))
        .where(
            charge.c.msisdn == parameter("msisdn_"),
            charge.c.at >= parameter("since"),
            charge.c.amount > ZERO,
        )
        .group_by(charge.c.category)
    ),
    "msisdn_",
    "since",
)


def read_charge(row: Row) -> Charge:
    """A row of `CHARGE_COLUMNS`; SQLite's flags are no `bool`."""
    values = list(row)
    values[_REFUSED] = bool(values[_REFUSED])
    return Charge(*values)


class Charges(Operations):
    """Rows `charge`."""

    __slots__ = ()

    def record_charge(self, charge: Charge) -> None:
        self._execute(_INSERT[self._dialect], _values(charge))

    def charges(self, msisdn: str, limit: int, only_paid: bool = False) -> tuple[Charge, ...]:
        query = _PAID if only_paid else _ALL
        rows = self._execute(query[self._dialect], (msisdn, limit)).fetchall()
        return tuple(map(read_charge, rows))

    def spending(self, msisdn: str, since: float) -> Spending:
        rows = self._execute(_SPENDING[self._dialect], (msisdn, since)).fetchall()
        # PostgreSQL sums BIGINT as NUMERIC
        sums = {category: int(amount) for category, amount in rows}
        return Spending(sum(sums.values()), sums)
