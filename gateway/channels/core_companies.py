"""What the HTTP API asks about companies: the operator's desk for corporate clients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from gateway.channels.refusals import Answer


@dataclass(frozen=True, slots=True)
class CompanyView:
    """A corporate client."""

    name: str
    kind: str
    account: int
    balance: int
    credit: int
    inn: str
    branches: tuple[str, ...]
    documents: tuple[str, ...]
    contract_active: bool
    federal: bool
    month_limit: int
    """Of numbers without their own; 0: none."""
    numbers: int
    stock: int
    """Numbers that nobody holds yet."""
    keeper: str
    discount_percent: int
    unmet: tuple[str, ...]
    """What it lacks for a contract: `branches`, `deposit`, `documents`."""


@dataclass(frozen=True, slots=True)
class MemberView:
    """A number of a company and its employee."""

    msisdn: str
    account: int
    tariff: str
    sim: str
    role: str
    name: str
    position: str
    label: str
    branch: str
    month_limit: int
    """Its own or the company's; 0: none."""
    own_account: int
    """The employee's, which pays above the limit; 0: none."""


@dataclass(frozen=True, slots=True)
class RegistrationView:
    """A request to register. `state`: `received`, `review`, `approved` or `refused`."""

    msisdn: str
    company: str
    at: float
    state: str
    email: str
    login: str


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order, and how far it is. `state`: `review`, `working`, `done` or `refused`."""

    order: int
    kind: str
    company: str
    msisdn: str
    state: str
    at: float
    changed_at: float
    total: int
    done: int
    refused: int


@dataclass(frozen=True, slots=True)
class LineView:
    """What became of one number: `ok`, or the name of a refusal."""

    msisdn: str
    result: str


@dataclass(frozen=True, slots=True)
class OrderLinesView:
    """An order with a result for each number."""

    order: OrderView
    lines: tuple[LineView, ...]


class CompaniesCore(Protocol):
    """Companies. Each method is called on the reactor's thread. A number that is not of the
    company is `member_unknown`, an unknown company `company_unknown`."""

    def companies(self) -> Answer[tuple[CompanyView, ...]]: ...
    def company(self, name: str) -> Answer[CompanyView]: ...
    def add(self, values: Mapping[str, Any]) -> Answer[CompanyView]:
        """Refusals: `company_exists`, `subscriber_unknown`, `number_taken`."""
        ...

    def change(self, name: str, values: Mapping[str, Any]) -> Answer[CompanyView]:
        """Refusals: `credit_below_debt`, `conditions_unmet`."""
        ...

    def members(self, name: str) -> Answer[tuple[MemberView, ...]]: ...
    def member(self, name: str, msisdn: str) -> Answer[MemberView]: ...
    def add_number(self, name: str, msisdn: str, tariff: str, branch: str) -> Answer[MemberView]:
        """Refusals: `number_taken`, `tariff_unknown`."""
        ...

    def open_own_account(self, name: str, msisdn: str) -> Answer[MemberView]:
        """Refusals: `member_free`, `account_exists`."""
        ...

    def orders(self, name: str) -> Answer[tuple[OrderView, ...]]:
        """Newest first."""
        ...

    def order(self, name: str, id: int) -> Answer[OrderLinesView]:
        """Refusal: `order_unknown`."""
        ...

    def decide_order(self, name: str, id: int, approved: bool) -> Answer[OrderLinesView]:
        """Refusal: `order_unknown`, where it waits for no decision."""
        ...

    def registrations(self, state: str) -> Answer[tuple[RegistrationView, ...]]:
        """Oldest first; an empty state is any."""
        ...

    def decide(self, msisdn: str, decision: str, login: str) -> Answer[RegistrationView]:
        """`review`, `approve` or `refuse`. Refusals: `registration_unknown`,
        `registration_decided`, `conditions_unmet`, `login_taken`."""
        ...
