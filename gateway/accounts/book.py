"""The Book: what the account core reads and writes, as one table of operations.

The core is pure and works on the Book it is given; `store/book.py` keeps one in SQL, and
`accounts/memory.py` one in dictionaries, for tests. Each operation is one or a few statements.
Money never passes through read-modify-write: a transfer names its legs and the Book applies them
or refuses, in one step. Refusals are values with exact names; an operation that refuses has
changed nothing. Times are epoch seconds, money is kopecks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from gateway.accounts.books.access import AccessBook
from gateway.accounts.books.companies import CompaniesBook
from gateway.accounts.books.jobs import JobsBook
from gateway.accounts.books.money import MoneyBook
from gateway.accounts.books.services import ServicesBook
from gateway.accounts.records import (
    BONUS,
    FEES,
    OPENING,
    PACKAGES,
    PROMISED,
    REVENUE,
    ROAMING_REVENUE,
    SYSTEM_ACCOUNTS_MAX,
    TOPUPS,
    VOUCHERS,
    Category,
    Charge,
    Credential,
    Hold,
    HoldOutcome,
    Leg,
    Login,
    Package,
    PendingCode,
    Promise,
    Registration,
    Spending,
    Subscriber,
    SubscriberField,
    Transfer,
    TransferOutcome,
    Unit,
    Voucher,
)

__all__ = [
    "BONUS",
    "FEES",
    "OPENING",
    "PACKAGES",
    "PROMISED",
    "REVENUE",
    "ROAMING_REVENUE",
    "SYSTEM_ACCOUNTS_MAX",
    "TOPUPS",
    "VOUCHERS",
    "Book",
    "BookAdmin",
    "Category",
    "Charge",
    "Credential",
    "Hold",
    "HoldOutcome",
    "Leg",
    "Login",
    "Package",
    "PendingCode",
    "Promise",
    "Registration",
    "Spending",
    "Subscriber",
    "SubscriberField",
    "Transfer",
    "TransferOutcome",
    "Unit",
    "Voucher",
]


class Book(AccessBook, CompaniesBook, JobsBook, MoneyBook, ServicesBook, Protocol):
    """The operations. `now` is always passed in."""

    # numbers and accounts
    def subscriber(self, msisdn: str) -> Subscriber | None: ...
    def balance_of(self, account: int) -> tuple[int, int]:
        """Balance and credit of an account that there is."""
        ...

    def update_subscriber(
        self, msisdn: str, changes: Mapping[SubscriberField, str | bool]
    ) -> bool: ...

    # money
    def transfer(self, transfer: Transfer) -> TransferOutcome:
        """Apply all legs or none. A leg that takes from a subscriber's account needs
        `balance - held + credit >= amount` (RUB) or `points >= amount` (PTS)."""
        ...

    def reserve(self, hold: Hold) -> HoldOutcome: ...
    def extend_hold(self, key: str, amount: int) -> HoldOutcome:
        """Set `amount` more aside under the same hold."""
        ...

    def post_hold(self, key: str, amount: int, to: int, at: float) -> HoldOutcome:
        """Take `amount` (<= held) for good, give back the rest. Adds a transfer `key + ':post'`."""
        ...

    def void_hold(self, key: str, at: float) -> HoldOutcome: ...
    def expire_holds(self, now: float) -> int: ...

    # charges
    def record_charge(self, charge: Charge) -> None: ...
    def charges(self, msisdn: str, limit: int, only_paid: bool = False) -> tuple[Charge, ...]:
        """Newest first."""
        ...

    def spending(self, msisdn: str, since: float) -> Spending: ...

    # credentials
    def credential(self, msisdn: str, kind: str) -> Credential | None: ...
    def save_credential(self, credential: Credential) -> None: ...
    def drop_credential(self, msisdn: str, kind: str) -> None: ...
    def failures(self, msisdn: str) -> int: ...
    def count_failure(self, msisdn: str, now: float) -> int:
        """One more wrong password, durable and atomic; the new count."""
        ...

    def clear_failures(self, msisdn: str) -> None: ...
    def add_login(self, login: Login) -> None: ...
    def logins(self, msisdn: str, limit: int) -> tuple[Login, ...]:
        """Newest first."""
        ...

    def count_attempt(self, purpose: str, msisdn: str, now: float, window_seconds: float) -> int:
        """One more attempt in a fixed window that begins with its first; the new count."""
        ...

    def attempts(self, purpose: str, msisdn: str, now: float, window_seconds: float) -> int: ...
    def clear_attempts(self, purpose: str, msisdn: str) -> None: ...

    # one-operation codes
    def save_code(self, code: PendingCode) -> None: ...
    def code(self, msisdn: str, purpose: str) -> PendingCode | None: ...
    def drop_code(self, msisdn: str, purpose: str) -> None: ...

    # vouchers, promises, packages
    def voucher(self, digest: str) -> Voucher | None: ...
    def use_voucher(self, digest: str, msisdn: str, at: float) -> bool:
        """Mark it used if it was not; False where another was quicker."""
        ...

    def promise(self, account: int) -> Promise | None: ...
    def open_promise(self, promise: Promise) -> bool: ...
    def close_promise(self, account: int) -> None: ...
    def packages(self, msisdn: str) -> tuple[Package, ...]: ...
    def add_package(self, package: Package) -> None:
        """Add units to the kind (left and total grow, until becomes the later)."""
        ...

    # supplementary services
    def forwarding(self, msisdn: str) -> Mapping[str, str]:
        """Kind -> number, the active ones: all, busy, no_reply, not_reachable."""
        ...

    def set_forwarding(self, msisdn: str, kind: str, number: str) -> None:
        """An empty number erases it."""
        ...

    def barring(self, msisdn: str) -> frozenset[str]: ...
    def set_barring(self, msisdn: str, kind: str, on: bool) -> None: ...
    def barring_password(self, msisdn: str) -> str:
        """The digest, or empty where the first password (0000) still stands."""
        ...

    def set_barring_password(self, msisdn: str, digest: str) -> None: ...

    # requests
    def registration(self, msisdn: str) -> Registration | None: ...
    def save_registration(self, registration: Registration) -> None: ...
    def add_question(self, msisdn: str, text: str, at: float) -> None: ...


class BookAdmin(Book, Protocol):
    """What only set-up and administration do."""

    def add_account(self, account: int, credit: int, at: float) -> None: ...
    def set_credit(self, account: int, credit: int) -> bool:
        """How far an account may go below zero. False where there is no such account, or it owes
        more already."""
        ...

    def add_subscriber(self, subscriber: Subscriber) -> None:
        """Its balance fields are ignored: money enters by a transfer from OPENING."""
        ...

    def subscribers(self, after: str, limit: int) -> tuple[Subscriber, ...]:
        """In the order of their numbers, those behind `after`."""
        ...

    def add_voucher(self, voucher: Voucher) -> None: ...
    def is_empty(self) -> bool: ...
