"""The rows of the Book: what the account core reads and writes, as frozen values.

Times are epoch seconds, money is kopecks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from gateway.domain.port import Language

# System accounts: journal legs only, no balance row (else every debit meets on one row).
OPENING = 1
REVENUE = 2
ROAMING_REVENUE = 3
FEES = 4
VOUCHERS = 5
PROMISED = 6
PACKAGES = 7
BONUS = 8
TOPUPS = 9
SYSTEM_ACCOUNTS_MAX = 999
"""Ids up to this are system accounts; subscribers' accounts begin above."""

Unit = Literal["RUB", "PTS"]
"""Kopecks, or bonus points."""


class Subscriber(NamedTuple):
    """A number and the account it belongs to, as one row read at the start of a turn.

    A tuple because one is made of every turn's row: a dataclass takes ten times as long.
    """

    msisdn: str
    imsi: str
    account: int
    owner: bool
    language: Language
    handset: str
    sim: Literal["active", "lost", "suspended", "debt"]
    """`debt`: blocked until a promised payment is paid back (R28)."""
    zone: str
    plmn: str
    region: str
    tariff: str
    email: str = ""
    card: str = ""
    login_alert: bool = False
    roaming_on: bool = True
    company: str = ""
    role: Literal["private", "employee", "administrator"] = "private"
    activated_at: float = 0.0
    balance: int = 0
    held: int = 0
    credit: int = 0
    points: int = 0

    @property
    def available(self) -> int:
        """What may be spent: balance - held + credit."""
        return self.balance - self.held + self.credit


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of a transfer: `amount` is added to the account (negative takes away)."""

    account: int
    amount: int
    unit: Unit = "RUB"


@dataclass(frozen=True, slots=True)
class Transfer:
    """A business fact in money; its legs sum to zero per unit."""

    key: str
    """Idempotency key `channel:session:sequence[:step]`, UNIQUE for ever."""
    kind: str
    at: float
    legs: tuple[Leg, ...]
    memo: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """A reservation: money set aside, to be posted (in whole or part), voided, or expired."""

    key: str
    account: int
    amount: int
    kind: str
    at: float
    expires_at: float
    state: Literal["held", "posted", "voided", "expired"] = "held"
    posted: int = 0


TransferOutcome = Literal["ok", "exists", "insufficient_balance", "account_unknown"]
HoldOutcome = Literal[
    "ok",
    "exists",
    "insufficient_balance",
    "account_unknown",
    "hold_unknown",
    "hold_already_posted",
    "hold_already_voided",
    "hold_expired",
    "exceeds_hold",
]

Category = Literal["calls", "sms", "internet", "fees", "other", "ussd"]


@dataclass(frozen=True, slots=True)
class Charge:
    """What a use cost, and why. A refusal and a free use are rows of 0 with their reason."""

    at: float
    msisdn: str
    account: int
    channel: str
    address: str
    zone: str
    units: int
    price: int
    amount: int
    rule: str
    explanation: str
    dialogue: str
    category: Category
    refused: bool = False
    key: str = ""
    """Idempotency key of the transfer that took the money; empty where nothing moved."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A password, hashed. One of each kind may stand at once (K05)."""

    msisdn: str
    kind: Literal["permanent", "one_time", "secret_word"]
    digest: str
    issued_at: float
    expires_at: float | None = None
    own: bool = False
    """Chosen by the subscriber (then an issued one is one-time, K05)."""


@dataclass(frozen=True, slots=True)
class Login:
    """One login: when and by what, never who (A21)."""

    msisdn: str
    at: float
    channel: str


@dataclass(frozen=True, slots=True)
class Voucher:
    """A payment card; its code is kept only as a digest."""

    digest: str
    amount: int
    used_by: str = ""
    used_at: float | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """A promised payment: lent until `due`, owed with its fee."""

    account: int
    amount: int
    fee: int
    taken_at: float
    due: float
    key: str
    paid: int = 0
    """What has been paid back of both."""

    @property
    def left(self) -> int:
        """What is still owed, kopecks."""
        return self.amount + self.fee - self.paid


@dataclass(frozen=True, slots=True)
class PendingCode:
    """A one-operation code: what it confirms, and until when; good once."""

    msisdn: str
    purpose: str
    digest: str
    payload: Mapping[str, str | int]
    expires_at: float


@dataclass(frozen=True, slots=True)
class Package:
    """What is left of one kind of package units."""

    msisdn: str
    kind: Literal["minutes", "sms", "megabytes", "roaming"]
    """`roaming`: minutes of calls away from home."""
    left: int
    total: int
    until: float


RegistrationState = Literal["received", "review", "approved", "refused"]


@dataclass(frozen=True, slots=True)
class Registration:
    """A company's request to register, by SMS to 000511 (K09)."""

    msisdn: str
    company: str
    at: float
    state: RegistrationState = "received"
    email: str = ""
    login: str = ""
    """What the administrator logs in by once it is approved, in small letters (K10)."""


@dataclass(frozen=True, slots=True)
class Spending:
    """Sums of charges since a moment, by category (kopecks)."""

    total: int = 0
    by_category: Mapping[str, int] = field(default_factory=dict)


SubscriberField = Literal[
    "language",
    "handset",
    "email",
    "card",
    "sim",
    "zone",
    "plmn",
    "region",
    "imsi",
    "tariff",
    "login_alert",
    "roaming_on",
    "company",
    "role",
]
