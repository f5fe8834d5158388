"""Companies, their numbers and who holds them, as the account core reads and writes them.

Every operation on a number of a company is asked with the company's name: a number of another
company is not found, so a statement alone cannot cross from one to the other (A44).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from gateway.accounts.records import Charge, Registration

ClientKind = Literal["legal", "sole_trader", "private_practice"]
CLIENT_KINDS: tuple[ClientKind, ...] = get_args(ClientKind)
Held = Literal["all", "held", "free"]
"""Every number, those an employee holds, those in the stock."""


@dataclass(frozen=True, slots=True)
class Company:
    """A corporate client: one account that pays for a group of numbers."""

    name: str
    """UNIQUE; a subscriber's `company`."""
    kind: ClientKind
    account: int
    inn: str = ""
    branches: tuple[str, ...] = ()
    """Regions in which it has SIM cards (B04, B05)."""
    documents: tuple[str, ...] = ()
    """What it has brought (B09, B10)."""
    contract_active: bool = False
    month_limit: int = 0
    """Kopecks a month it pays for a number without a limit of its own; 0: all of it."""
    keeper: str = ""
    """The employee who keeps the SIM cards nobody holds yet (B14)."""

    @property
    def federal(self) -> bool:
        """Whether it has groups in several branches (B04)."""
        return len(set(self.branches)) > 1


@dataclass(frozen=True, slots=True)
class Member:
    """A number of a company and its employee; without a name it is in the stock."""

    msisdn: str
    account: int
    tariff: str
    sim: str
    role: str
    name: str = ""
    position: str = ""
    label: str = ""
    branch: str = ""
    month_limit: int | None = None
    """Kopecks; None: the company's, 0: no limit."""
    own_account: int = 0
    """The employee's personal account, which pays above the limit (R42); 0: he has none."""


MemberField = Literal["name", "position", "label", "branch", "month_limit", "own_account"]
MemberChanges = Mapping[MemberField, str | int | None]


@dataclass(frozen=True, slots=True)
class Allowance:
    """How far a company pays for a number, and who pays above."""

    month_limit: int
    """Kopecks; 0: no limit."""
    own_account: int


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one number in an order for many."""

    msisdn: str
    result: str
    """`ok`, or the name of a refusal."""


class CompaniesBook(Protocol):
    """Companies, their numbers, orders for many numbers."""

    def company(self, name: str) -> Company | None: ...
    def companies(self) -> tuple[Company, ...]:
        """By name."""
        ...

    def save_company(self, company: Company) -> None: ...
    def member(self, company: str, msisdn: str) -> Member | None:
        """None where the number is not of this company."""
        ...

    def members(
        self, company: str, after: str, limit: int, label: str = "", held: Held = "all"
    ) -> tuple[Member, ...]:
        """Numbers above `after`, in order; an empty label is any."""
        ...

    def count_members(self, company: str, label: str = "", held: Held = "all") -> int: ...
    def labels(self, company: str) -> Mapping[str, int]:
        """Label -> how many numbers bear it."""
        ...

    def update_member(self, msisdn: str, changes: MemberChanges) -> None: ...
    def allowance(self, msisdn: str) -> Allowance:
        """Without a limit where the number is of no company that is kept."""
        ...

    def paid_from(self, account: int, msisdn: str, since: float) -> int:
        """Kopecks that an account has paid for a number."""
        ...

    def spending_by_member(
        self, company: str, since: float, limit: int
    ) -> Mapping[str, Mapping[str, int]]:
        """Number -> category -> kopecks that the company's account paid, of numbers that cost
        something; at most `limit` sums."""
        ...

    def company_charges(self, company: str, since: float, limit: int) -> tuple[Charge, ...]:
        """What the company's account paid, by number and then oldest first."""
        ...

    def add_line(self, order: int, line: Line) -> None:
        """Once for a number of an order; the first result stands."""
        ...

    def lines(self, order: int, after: str, limit: int) -> tuple[Line, ...]:
        """Numbers above `after`, in order."""
        ...

    def registrations(self, state: str) -> tuple[Registration, ...]:
        """Oldest first; an empty state is any."""
        ...

    def approved_login(self, login: str) -> str | None:
        """The MSISDN whose registration was approved under this login, in small letters (K10)."""
        ...
