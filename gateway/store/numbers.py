"""Subscribers and the accounts they belong to."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import Any, get_args

from sqlalchemy import Select, select, update

from gateway.accounts.book import Subscriber, SubscriberField
from gateway.store.schema.core import account, subscriber
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

_COLUMNS = names(subscriber)
_values = attrgetter(*_COLUMNS)
_OWNER, *_ = _FLAGS = tuple(map(_COLUMNS.index, ("owner", "login_alert", "roaming_on")))


def _subscribers() -> Select[Any]:
    return select(
        *subscriber.columns,
        account.c.balance,
        account.c.held,
        account.c.credit,
        account.c.points,
    ).join_from(subscriber, account, subscriber.c.account == account.c.id)


_FIND = statement(
    lambda _: _subscribers().where(subscriber.c.msisdn == parameter("msisdn_")), "msisdn_"
)
_LIST = statement(
    lambda _: limited(
        _subscribers()
        .where(subscriber.c.msisdn > parameter("after_"))
        .order_by(subscriber.c.msisdn)
    ),
    "after_",
    "limit",
)
_EXISTS = statement(
    lambda _: select(subscriber.c.msisdn).where(subscriber.c.msisdn == parameter("msisdn_")),
    "msisdn_",
)
_CHANGE = {
    field: statement(
        lambda _, field=field: (  # type: ignore[misc]
            update(subscriber)
            .values({field: parameter("value")})
            .where(subscriber.c.msisdn == parameter("msisdn_"))
            .returning(subscriber.c.msisdn)
        ),
        "value",
        "msisdn_",
    )
    for field in get_args(SubscriberField)
}
_ANY = statement(lambda _: limited(select(account.c.id)), "limit")
_ADD_ACCOUNT = statement(
    lambda insert: insert(account).values(
        id=parameter("id"),
        balance=ZERO,
        held=ZERO,
        credit=parameter("credit"),
        points=ZERO,
        at=parameter("at"),
    ),
    "id",
    "credit",
    "at",
)
_BALANCE = statement(
    lambda _: select(account.c.balance, account.c.credit).where(
        account.c.id == parameter("account_")
    ),
    "account_",
)
_CREDIT = statement(
    lambda _: (
        update(account)
        .values(credit=parameter("credit_"))
        .where(
            account.c.id == parameter("account_"),
            account.c.balance - account.c.held + parameter("credit_") >= ZERO,
        )
        .returning(account.c.id)
    ),
    "credit_",
    "account_",
    "credit_",
)
_ADD_SUBSCRIBER = statement(lambda insert: row(insert, subscriber), *_COLUMNS)


def _subscriber(row: Row) -> Subscriber:
    """The row's columns stand in the order of the fields; only SQLite's flags are not `bool`."""
    if type(row[_OWNER]) is bool:
        return Subscriber._make(row)
    values = list(row)
    for place in _FLAGS:
        values[place] = bool(values[place])
    return Subscriber._make(values)


class Numbers(Operations):
    """Rows `subscriber` and `account`."""

    __slots__ = ()

    def subscriber(self, msisdn: str) -> Subscriber | None:
        row = self._execute(_FIND[self._dialect], (msisdn,)).fetchone()
        return None if row is None else _subscriber(row)

    def update_subscriber(self, msisdn: str, changes: Mapping[SubscriberField, str | bool]) -> bool:
        found = self._execute(_EXISTS[self._dialect], (msisdn,)).fetchone() is not None
        for field, value in changes.items():
            self._execute(_CHANGE[field][self._dialect], (value, msisdn)).fetchone()
        return found

    def add_account(self, account: int, credit: int, at: float) -> None:
        self._execute(_ADD_ACCOUNT[self._dialect], (account, credit, at))

    def balance_of(self, account: int) -> tuple[int, int]:
        row = self._execute(_BALANCE[self._dialect], (account,)).fetchone()
        assert row is not None, "the account exists"
        return row[0], row[1]

    def set_credit(self, account: int, credit: int) -> bool:
        values = (credit, account, credit)
        return self._execute(_CREDIT[self._dialect], values).fetchone() is not None

    def add_subscriber(self, subscriber: Subscriber) -> None:
        self._execute(_ADD_SUBSCRIBER[self._dialect], _values(subscriber))

    def subscribers(self, after: str, limit: int) -> tuple[Subscriber, ...]:
        rows = self._execute(_LIST[self._dialect], (after, limit)).fetchall()
        return tuple(map(_subscriber, rows))

    def is_empty(self) -> bool:
        return self._execute(_ANY[self._dialect], (1,)).fetchone() is None
