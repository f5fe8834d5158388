"""The Book in SQL: the groups of operations on one cursor. Implements `accounts.book.BookAdmin`."""

from __future__ import annotations

from gateway.store.access import Access
from gateway.store.charges import Charges
from gateway.store.companies import Companies
from gateway.store.connected import ConnectedServices
from gateway.store.credentials import Credentials
from gateway.store.jobs import Jobs
from gateway.store.members import Members
from gateway.store.money import Money
from gateway.store.money_services import MoneyServices
from gateway.store.numbers import Numbers
from gateway.store.services import Services


class SqlBook(
    Numbers,
    Money,
    Charges,
    Credentials,
    Services,
    Jobs,
    Access,
    ConnectedServices,
    MoneyServices,
    Companies,
    Members,
):
    """`SqlBook(cursor.execute, database.dialect)`; transactions are the caller's."""

    __slots__ = ()
