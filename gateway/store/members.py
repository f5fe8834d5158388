"""Numbers of companies in SQL: the subscriber's row, with what `member` tells of its holder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update

from gateway.accounts.books.companies import (
    Allowance,
    Held,
    Member,
    MemberChanges,
    MemberField,
)
from gateway.accounts.records import Charge
from gateway.store.charges import CHARGE_COLUMNS, read_charge
from gateway.store.schema.companies import company, member
from gateway.store.schema.core import charge, subscriber
from gateway.store.statements import (
    EMPTY,
    ZERO,
    Operations,
    clean,
    limited,
    names,
    parameter,
    row,
    statement,
)

_MSISDN = parameter("msisdn_")
_JOINED = subscriber.outerjoin(member, member.c.msisdn == subscriber.c.msisdn)
_LABEL = func.coalesce(member.c.label, EMPTY)
_HOLDER = func.coalesce(member.c.name, EMPTY)
_OF = and_(subscriber.c.company == parameter("company_"), subscriber.c.company != EMPTY)
_LABELLED = or_(parameter("label_") == EMPTY, parameter("label_") == _LABEL)
_HELD: Mapping[Held, tuple[ColumnElement[bool], ...]] = {
    "all": (),
    "held": (_HOLDER != EMPTY,),
    "free": (_HOLDER == EMPTY,),
}


def _members() -> Select[tuple[object, ...]]:
    return select(
        subscriber.c.msisdn,
        subscriber.c.account,
        subscriber.c.tariff,
        subscriber.c.sim,
        subscriber.c.role,
        _HOLDER,
        func.coalesce(member.c.position, EMPTY),
        _LABEL,
        func.coalesce(member.c.branch, EMPTY),
        member.c.month_limit,
        func.coalesce(member.c.own_account, ZERO),
    ).select_from(_JOINED)


_MEMBER = statement(
    lambda _: _members().where(_OF, subscriber.c.msisdn == _MSISDN), "company_", "msisdn_"
)
_MEMBERS = {
    held: statement(
        lambda _, which=which: limited(  # type: ignore[misc]
            _members()
            .where(_OF, subscriber.c.msisdn > parameter("after_"), _LABELLED, *which)
            .order_by(subscriber.c.msisdn)
        ),
        "company_",
        "after_",
        "label_",
        "label_",
        "limit",
    )
    for held, which in _HELD.items()
}
_COUNT = {
    held: statement(
        lambda _, which=which: (  # type: ignore[misc]
            select(func.count()).select_from(_JOINED).where(_OF, _LABELLED, *which)
        ),
        "company_",
        "label_",
        "label_",
    )
    for held, which in _HELD.items()
}
_COUNT_ALL = statement(
    lambda _: select(func.count()).select_from(subscriber).where(_OF), "company_"
)
_LABELS = statement(
    lambda _: (
        select(member.c.label, func.count())
        .select_from(_JOINED)
        .where(_OF, _LABEL != EMPTY)
        .group_by(member.c.label)
        .order_by(member.c.label)
    ),
    "company_",
)
_ADD_MEMBER = statement(
    lambda insert: row(insert, member).on_conflict_do_nothing(index_elements=["msisdn"]),
    *names(member),
)
_CHANGE = {
    field: statement(
        lambda _, field=field: (  # type: ignore[misc]
            update(member).values({field: parameter("value")}).where(member.c.msisdn == _MSISDN)
        ),
        "value",
        "msisdn_",
    )
    for field in get_args(MemberField)
}
_ALLOWANCE = statement(
    lambda _: (
        select(
            func.coalesce(member.c.month_limit, company.c.month_limit, ZERO),
            func.coalesce(member.c.own_account, ZERO),
        )
        .select_from(_JOINED.join(company, company.c.name == subscriber.c.company))
        .where(subscriber.c.msisdn == _MSISDN)
    ),
    "msisdn_",
)
_PAID = statement(
    lambda _: select(func.sum(charge.c.amount)).where(
        charge.c.msisdn == _MSISDN,
        charge.c.at >= parameter("since_"),
        charge.c.account == parameter("account_"),
    ),
    "msisdn_",
    "since_",
    "account_",
)
_PAID_BY_COMPANY = (
    _OF,
    charge.c.at >= parameter("since_"),
    charge.c.amount > ZERO,
)
_CHARGED = subscriber.join(
    charge, and_(charge.c.msisdn == subscriber.c.msisdn, charge.c.account == subscriber.c.account)
)
_SPENT = statement(
    lambda _: limited(
        select(charge.c.msisdn, charge.c.category, func.sum(charge.c.amount))
        .select_from(_CHARGED)
        .where(*_PAID_BY_COMPANY)
        .group_by(charge.c.msisdn, charge.c.category)
        .order_by(charge.c.msisdn, charge.c.category)
    ),
    "company_",
    "since_",
    "limit",
)
_CHARGES = statement(
    lambda _: limited(
        select(*(charge.c[name] for name in CHARGE_COLUMNS))
        .select_from(_CHARGED)
        .where(*_PAID_BY_COMPANY)
        .order_by(charge.c.msisdn, charge.c.at, charge.c.id)
    ),
    "company_",
    "since_",
    "limit",
)


class Members(Operations):
    """Implements what `CompaniesBook` asks of numbers."""

    __slots__ = ()

    def member(self, company: str, msisdn: str) -> Member | None:
        row = self._execute(_MEMBER[self._dialect], (company, msisdn)).fetchone()
        return None if row is None else Member(*row)

    def members(
        self, company: str, after: str, limit: int, label: str = "", held: Held = "all"
    ) -> tuple[Member, ...]:
        query = _MEMBERS[held][self._dialect]
        rows = self._execute(query, (company, after, label, label, limit)).fetchall()
        return tuple(Member(*row) for row in rows)

    def count_members(self, company: str, label: str = "", held: Held = "all") -> int:
        if held == "all" and not label:  # asked for every fee: the index alone answers it
            found = self._execute(_COUNT_ALL[self._dialect], (company,)).fetchone()
        else:
            found = self._execute(_COUNT[held][self._dialect], (company, label, label)).fetchone()
        assert found is not None, "a count is one row"
        return int(found[0])

    def labels(self, company: str) -> Mapping[str, int]:
        rows = self._execute(_LABELS[self._dialect], (company,)).fetchall()
        return {label: int(count) for label, count in rows}

    def update_member(self, msisdn: str, changes: MemberChanges) -> None:
        self._execute(_ADD_MEMBER[self._dialect], (msisdn, "", "", "", "", None, 0))
        for field, value in changes.items():
            kept = clean(value) if isinstance(value, str) else value
            self._execute(_CHANGE[field][self._dialect], (kept, msisdn))

    def allowance(self, msisdn: str) -> Allowance:
        row = self._execute(_ALLOWANCE[self._dialect], (msisdn,)).fetchone()
        return Allowance(0, 0) if row is None else Allowance(*row)

    def paid_from(self, account: int, msisdn: str, since: float) -> int:
        row = self._execute(_PAID[self._dialect], (msisdn, since, account)).fetchone()
        assert row is not None, "a sum is one row"
        return int(row[0] or 0)

    def spending_by_member(
        self, company: str, since: float, limit: int
    ) -> Mapping[str, Mapping[str, int]]:
        rows = self._execute(_SPENT[self._dialect], (company, since, limit)).fetchall()
        found: dict[str, dict[str, int]] = {}
        for msisdn, category, amount in rows:
            found.setdefault(msisdn, {})[category] = int(amount)
        return found

    def company_charges(self, company: str, since: float, limit: int) -> tuple[Charge, ...]:
        rows = self._execute(_CHARGES[self._dialect], (company, since, limit)).fetchall()
        return tuple(map(read_charge, rows))
