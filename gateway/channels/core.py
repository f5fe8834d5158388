"""What the HTTP API asks of the gateway: one protocol, its answers as values, refusals among them.

Money is kopecks and times epoch seconds here; the API turns them into text at its edge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from gateway.channels.core_access import AccessCore
from gateway.channels.core_companies import CompaniesCore
from gateway.channels.refusals import Answer


@dataclass(frozen=True, slots=True)
class PackageView:
    """What is left of one kind of package units."""

    kind: str
    left: int
    total: int
    until: float


@dataclass(frozen=True, slots=True)
class SubscriberView:
    """A number as the API shows it."""

    msisdn: str
    account: int
    owner: bool
    balance: int
    held: int
    points: int
    language: str
    tariff: str
    zone: str
    plmn: str
    region: str
    sim: str
    handset: str
    level: str
    """The level its own handset reaches by USSD."""
    email: str = ""
    card: str = ""
    company: str = ""
    role: str = "private"
    packages: tuple[PackageView, ...] = ()
    services: tuple[str, ...] = ()
    """Ids of the services that are on: `roaming`, `login_alert`, …"""
    forwarding: Mapping[str, str] = field(default_factory=dict)
    barring: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MessageView:
    """An SMS sent to a number. `state`: `queued`, `sent`, `delivered` or `failed`."""

    sender: str
    text: str
    at: float
    state: str


@dataclass(frozen=True, slots=True)
class ChargeView:
    """A charge, a free use or a refusal to charge, with its reason."""

    at: float
    channel: str
    address: str
    zone: str
    units: int
    price: int
    amount: int
    rule: str
    explanation: str
    dialogue: str


@dataclass(frozen=True, slots=True)
class UssdAnswer:
    """A page; `more` waits for an answer in the same dialogue."""

    dialogue: str
    text: str
    more: bool


Listener = Callable[[str, Mapping[str, object]], None]
"""`listener(kind, fields)`: a kind of `EVENT_SCHEMAS` and its fields, ready for JSON."""


class Core(Protocol):
    """Everything behind the API. Each method is called on the reactor's thread."""

    def ready(self) -> str:
        """Empty where every port accepts and the store answers, else the reason it is not so."""
        ...

    def subscriber(self, msisdn: str) -> Answer[SubscriberView]: ...
    def add_subscriber(self, msisdn: str, values: Mapping[str, Any]) -> Answer[SubscriberView]:
        """Sign up a private number on a `tariff`, in a `language`, with a `balance`.

        Refusals: `number_taken`, `account_exists`, `tariff_unknown`."""
        ...

    def patch(self, msisdn: str, changes: Mapping[str, str | bool]) -> Answer[SubscriberView]: ...
    def locate(self, msisdn: str, plmn: str, region: str) -> Answer[SubscriberView]: ...
    def device(self, msisdn: str, amount: int, receipt: str) -> Answer[SubscriberView]:
        """A shop sold the subscriber a device: its bonus points, once a receipt."""
        ...

    def messages(self, msisdn: str) -> Answer[tuple[MessageView, ...]]:
        """Oldest first."""
        ...

    def charges(self, msisdn: str) -> Answer[tuple[ChargeView, ...]]:
        """Oldest first."""
        ...

    def ussd(self, msisdn: str, text: str, dialogue: str) -> Answer[UssdAnswer]:
        """An empty `dialogue` opens one with the string dialled; else `text` answers it."""
        ...

    def sms(self, sender: str, to: str, text: str) -> Answer[str]:
        """Take a mobile-originated SMS; the id given to it."""
        ...

    @property
    def access(self) -> AccessCore: ...
    @property
    def companies(self) -> CompaniesCore: ...

    def now(self) -> float: ...
    @property
    def utc_offset_seconds(self) -> int:
        """Of the operator's wall clock."""
        ...

    def advance(self, seconds: float) -> Answer[float]:
        """The new time, after everything then due was done; `clock_is_system` refuses."""
        ...

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear what happens from now on; call the result to hear no more."""
        ...
