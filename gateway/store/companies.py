"""Companies in SQL: clients, requests to register, lines of orders for many numbers."""

from __future__ import annotations

from sqlalchemy import or_, select

from gateway.accounts.books.companies import (
    Company,
    Line,
)
from gateway.accounts.records import Registration
from gateway.store.schema.companies import company, order_line
from gateway.store.schema.core import registration
from gateway.store.statements import (
    EMPTY,
    Operations,
    Row,
    clean,
    limited,
    names,
    parameter,
    row,
    statement,
    upsert,
)

_NAME = company.c.name == parameter("name_")
_MSISDN = parameter("msisdn_")
_LIST = ","

_COMPANY = statement(lambda _: select(*company.columns).where(_NAME), "name_")
_COMPANIES = statement(lambda _: select(*company.columns).order_by(company.c.name))
_SAVE = statement(lambda insert: upsert(insert, company), *names(company))

_ADD_LINE = statement(
    lambda insert: row(insert, order_line).on_conflict_do_nothing(
        index_elements=["order_id", "msisdn"]
    ),
    *names(order_line),
)
_LINES = statement(
    lambda _: limited(
        select(order_line.c.msisdn, order_line.c.result)
        .where(
            order_line.c.order_id == parameter("order_"),
            order_line.c.msisdn > parameter("after_"),
        )
        .order_by(order_line.c.msisdn)
    ),
    "order_",
    "after_",
    "limit",
)
_REGISTRATIONS = statement(
    lambda _: (
        select(*registration.columns)
        .where(or_(parameter("state_") == EMPTY, registration.c.state == parameter("state_")))
        .order_by(registration.c.at, registration.c.msisdn)
    ),
    "state_",
    "state_",
)
_APPROVED = statement(
    lambda _: select(registration.c.msisdn).where(
        registration.c.login == parameter("login_"),
        registration.c.login != EMPTY,
        registration.c.state == parameter("state_"),
    ),
    "login_",
    "state_",
)


class Companies(Operations):
    """Implements `CompaniesBook`."""

    __slots__ = ()

    def company(self, name: str) -> Company | None:
        row = self._execute(_COMPANY[self._dialect], (name,)).fetchone()
        return None if row is None else _company(row)

    def companies(self) -> tuple[Company, ...]:
        return tuple(map(_company, self._execute(_COMPANIES[self._dialect], ()).fetchall()))

    def save_company(self, company: Company) -> None:
        lists = [clean(_LIST.join(each)) for each in (company.branches, company.documents)]
        values = (clean(company.name), company.kind, company.account, clean(company.inn), *lists)
        rest = (company.contract_active, company.month_limit, clean(company.keeper))
        self._execute(_SAVE[self._dialect], (*values, *rest))

    def add_line(self, order: int, line: Line) -> None:
        self._execute(_ADD_LINE[self._dialect], (order, line.msisdn, line.result))

    def lines(self, order: int, after: str, limit: int) -> tuple[Line, ...]:
        rows = self._execute(_LINES[self._dialect], (order, after, limit)).fetchall()
        return tuple(Line(*row) for row in rows)

    def registrations(self, state: str) -> tuple[Registration, ...]:
        rows = self._execute(_REGISTRATIONS[self._dialect], (state, state)).fetchall()
        return tuple(Registration(*row) for row in rows)

    def approved_login(self, login: str) -> str | None:
        row = self._execute(_APPROVED[self._dialect], (login, "approved")).fetchone()
        return None if row is None else str(row[0])


def _company(row: Row) -> Company:
    name, kind, account, inn, branches, documents, active, month_limit, keeper = row
    return Company(
        name, kind, account, inn, _split(branches), _split(documents),
        bool(active), month_limit, keeper,
    )  # fmt: skip


def _split(words: str) -> tuple[str, ...]:
    return tuple(words.split(_LIST)) if words else ()
