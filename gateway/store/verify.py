"""Verify: the journal is believed, and every balance it should have made is built anew.

Reads one moment of the database without holding up the writer. Each rule is one query for its
exceptions; what a query returns is a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal, or_, select

from gateway.accounts.book import SYSTEM_ACCOUNTS_MAX
from gateway.domain.money import roubles
from gateway.store.engine import Database
from gateway.store.schema.core import account, charge, entry, hold, txn


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that does not hold, of what, and how far off."""

    rule: str
    subject: str
    detail: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.subject}: {self.detail}"


def verify(database: Database) -> list[Finding]:
    """Every broken rule; empty where the books are right. Raises the driver's errors."""
    with database.reading() as connection:
        return [finding for rule in _RULES for finding in rule(connection)]


def _rows(connection: Connection, query: Select[Any]) -> Iterator[Any]:
    return iter(connection.execute(query))


def _sum(column: ColumnElement[int], when: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((when, column), else_=0)), 0)


def _txns_sum_to_zero(connection: Connection) -> Iterator[Finding]:
    total = func.sum(entry.c.amount)
    query = (
        select(txn.c.key, entry.c.unit, total)
        .join_from(entry, txn, entry.c.txn == txn.c.id, isouter=True)
        .group_by(entry.c.txn, txn.c.key, entry.c.unit)
        .having(total != 0)
    )
    for key, unit, off in _rows(connection, query):
        yield Finding("txn_sums_to_zero", f"txn {key}", f"its legs sum to {_shown(unit, off)}")


def _txns_are_whole(connection: Connection) -> Iterator[Finding]:
    legs = select(entry.c.txn).where(entry.c.txn == txn.c.id)
    for (key,) in _rows(connection, select(txn.c.key).where(~legs.exists())):
        yield Finding("txn_has_legs", f"txn {key}", "it has none")
    again = select(txn.c.key, func.count()).group_by(txn.c.key).having(func.count() > 1)
    for key, times in _rows(connection, again):
        yield Finding("txn_key_unique", f"txn {key}", f"there are {int(times)} of it")


def _balances_are_the_journals(connection: Connection) -> Iterator[Finding]:
    money, points = literal("RUB"), literal("PTS")
    journal = (
        select(
            entry.c.account.label("account"),
            _sum(entry.c.amount, entry.c.unit == money).label("money"),
            _sum(entry.c.amount, entry.c.unit == points).label("points"),
        )
        .where(entry.c.account > SYSTEM_ACCOUNTS_MAX)
        .group_by(entry.c.account)
        .subquery()
    )
    built_money = func.coalesce(journal.c.money, 0)
    built_points = func.coalesce(journal.c.points, 0)
    query = (
        select(account.c.id, account.c.balance, built_money, account.c.points, built_points)
        .join_from(account, journal, journal.c.account == account.c.id, isouter=True)
        .where(or_(account.c.balance != built_money, account.c.points != built_points))
    )
    for number, balance, from_money, held_points, from_points in _rows(connection, query):
        for unit, kept, built in (
            ("RUB", balance, from_money),
            ("PTS", held_points, from_points),
        ):
            if kept != built:
                detail = f"has {_shown(unit, kept)}, its journal makes {_shown(unit, built)}"
                yield Finding("balance_is_the_journals", f"account {number}", detail)
    lost = (
        select(journal.c.account)
        .join_from(journal, account, journal.c.account == account.c.id, isouter=True)
        .where(account.c.id.is_(None))
    )
    for (number,) in _rows(connection, lost):
        yield Finding("account_exists", f"account {number}", "the journal names it, no row has it")


def _held_is_the_open_holds(connection: Connection) -> Iterator[Finding]:
    open_holds = (
        select(hold.c.account.label("account"), func.sum(hold.c.amount).label("amount"))
        .where(hold.c.state == literal("held"))
        .group_by(hold.c.account)
        .subquery()
    )
    built = func.coalesce(open_holds.c.amount, 0)
    query = (
        select(account.c.id, account.c.held, built)
        .join_from(account, open_holds, open_holds.c.account == account.c.id, isouter=True)
        .where(account.c.held != built)
    )
    for number, held, holds in _rows(connection, query):
        detail = f"has {_shown('RUB', held)} held, its open holds sum to {_shown('RUB', holds)}"
        yield Finding("held_is_the_open_holds", f"account {number}", detail)


def _nothing_is_overspent(connection: Connection) -> Iterator[Finding]:
    query = select(account.c.id, account.c.balance, account.c.credit).where(
        account.c.balance < -account.c.credit
    )
    for number, balance, credit in _rows(connection, query):
        detail = f"has {_shown('RUB', balance)} with a credit of {_shown('RUB', credit)}"
        yield Finding("balance_within_credit", f"account {number}", detail)


def _charges_took_their_amount(connection: Connection) -> Iterator[Finding]:
    legs = (
        select(
            txn.c.key.label("key"),
            entry.c.account.label("account"),
            func.sum(entry.c.amount).label("amount"),
        )
        .join_from(txn, entry, entry.c.txn == txn.c.id)
        .where(entry.c.unit == literal("RUB"))
        .group_by(txn.c.key, entry.c.account)
        .subquery()
    )
    taken = func.coalesce(-legs.c.amount, 0)
    same = and_(legs.c.key == charge.c.key, legs.c.account == charge.c.account)
    query = (
        select(charge.c.id, charge.c.key, charge.c.amount, taken)
        .join_from(charge, legs, same, isouter=True)
        .where(charge.c.amount != 0, taken != charge.c.amount)
    )
    for number, key, amount, from_journal in _rows(connection, query):
        detail = f"is {_shown('RUB', amount)}, its txn {key!r} took {_shown('RUB', from_journal)}"
        yield Finding("charge_has_its_txn", f"charge {number}", detail)
    shared = (
        select(charge.c.key, func.count())
        .where(charge.c.amount != 0)
        .group_by(charge.c.key)
        .having(func.count() > 1)
    )
    for key, times in _rows(connection, shared):
        yield Finding("txn_has_one_charge", f"txn {key}", f"{int(times)} charges name it")


def _shown(unit: str, amount: int) -> str:
    return roubles(int(amount)) if unit == "RUB" else f"{int(amount)} points"


_RULES: tuple[Callable[[Connection], Iterator[Finding]], ...] = (
    _txns_sum_to_zero,
    _txns_are_whole,
    _balances_are_the_journals,
    _held_is_the_open_holds,
    _nothing_is_overspent,
    _charges_took_their_amount,
)
