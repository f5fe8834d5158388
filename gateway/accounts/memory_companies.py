"""Companies in dictionaries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace

from gateway.accounts.books.companies import (
    Allowance,
    Company,
    Held,
    Line,
    Member,
    MemberChanges,
)
from gateway.accounts.memory_records import MemoryRecords
from gateway.accounts.records import Charge, Registration, Subscriber

_HELD: Mapping[Held, Callable[[Member], bool]] = {
    "all": lambda member: True,
    "held": lambda member: bool(member.name),
    "free": lambda member: not member.name,
}


@dataclass(frozen=True, slots=True)
class Holder:
    """What is kept of a member beside his subscriber's row."""

    name: str = ""
    position: str = ""
    label: str = ""
    branch: str = ""
    month_limit: int | None = None
    own_account: int = 0


class MemoryCompanies(MemoryRecords):
    """Implements `CompaniesBook`, beside `numbers` of the other half."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers: dict[str, Subscriber] = {}
        self.company_rows: dict[str, Company] = {}
        self.holders: dict[str, Holder] = {}
        self.line_rows: dict[tuple[int, str], Line] = {}

    def company(self, name: str) -> Company | None:
        return self.company_rows.get(name)

    def companies(self) -> tuple[Company, ...]:
        return tuple(self.company_rows[name] for name in sorted(self.company_rows))

    def save_company(self, company: Company) -> None:
        self.company_rows[company.name] = company

    def member(self, company: str, msisdn: str) -> Member | None:
        row = self.numbers.get(msisdn)
        if row is None or not company or row.company != company:
            return None
        holder = asdict(self.holders.get(msisdn, Holder()))
        return Member(msisdn, row.account, row.tariff, row.sim, row.role, **holder)

    def _members(self, company: str, label: str, held: Held) -> list[Member]:
        rows = [self.member(company, msisdn) for msisdn in sorted(self.numbers)]
        return [
            row for row in rows if row is not None and label in ("", row.label) and _HELD[held](row)
        ]

    def members(
        self, company: str, after: str, limit: int, label: str = "", held: Held = "all"
    ) -> tuple[Member, ...]:
        rows = self._members(company, label, held)
        return tuple([row for row in rows if row.msisdn > after][:limit])

    def count_members(self, company: str, label: str = "", held: Held = "all") -> int:
        return len(self._members(company, label, held))

    def labels(self, company: str) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for row in self._members(company, "", "all"):
            if row.label:
                found[row.label] = found.get(row.label, 0) + 1
        return dict(sorted(found.items()))

    def update_member(self, msisdn: str, changes: MemberChanges) -> None:
        holder = self.holders.get(msisdn, Holder())
        self.holders[msisdn] = replace(holder, **changes)  # type: ignore[arg-type]

    def allowance(self, msisdn: str) -> Allowance:
        row = self.numbers.get(msisdn)
        company = self.company(row.company) if row else None
        if company is None:
            return Allowance(0, 0)
        holder = self.holders.get(msisdn, Holder())
        own = holder.month_limit
        return Allowance(company.month_limit if own is None else own, holder.own_account)

    def paid_from(self, account: int, msisdn: str, since: float) -> int:
        return sum(
            row.amount
            for row in self.charge_rows
            if (row.account, row.msisdn) == (account, msisdn) and row.at >= since
        )

    def spending_by_member(
        self, company: str, since: float, limit: int
    ) -> Mapping[str, Mapping[str, int]]:
        sums: dict[tuple[str, str], int] = {}
        for row in self.company_charges(company, since, len(self.charge_rows)):
            sums[row.msisdn, row.category] = sums.get((row.msisdn, row.category), 0) + row.amount
        found: dict[str, dict[str, int]] = {}
        for (msisdn, category), amount in sorted(sums.items())[:limit]:
            found.setdefault(msisdn, {})[category] = amount
        return found

    def company_charges(self, company: str, since: float, limit: int) -> tuple[Charge, ...]:
        accounts = {row.msisdn: row.account for row in self._members(company, "", "all")}
        rows = [
            row
            for row in self.charge_rows
            if row.amount > 0 and row.at >= since and accounts.get(row.msisdn) == row.account
        ]
        return tuple(sorted(rows, key=lambda row: (row.msisdn, row.at))[:limit])

    def add_line(self, order: int, line: Line) -> None:
        self.line_rows.setdefault((order, line.msisdn), line)

    def lines(self, order: int, after: str, limit: int) -> tuple[Line, ...]:
        rows = sorted(
            (line for (of, _), line in self.line_rows.items() if of == order),
            key=lambda line: line.msisdn,
        )
        return tuple([row for row in rows if row.msisdn > after][:limit])

    def registrations(self, state: str) -> tuple[Registration, ...]:
        rows = [row for row in self.registration_rows.values() if state in ("", row.state)]
        return tuple(sorted(rows, key=lambda row: (row.at, row.msisdn)))

    def approved_login(self, login: str) -> str | None:
        for row in self.registration_rows.values():
            if login and (row.state, row.login) == ("approved", login):
                return row.msisdn
        return None
