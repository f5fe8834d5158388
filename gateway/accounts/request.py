"""A request to the account core, and the words its effects answer with.

An effect is a function `Request -> Reply`. A refusal may have changed something that must last (a
counted wrong code), so a turn commits refusals as it commits answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from gateway.accounts.book import Book, Subscriber
from gateway.accounts.policy import Policy
from gateway.charging.tariff import Terms
from gateway.domain.numbers import normalise_msisdn
from gateway.domain.port import Answered, Channel, Message, Sent
from gateway.domain.values import Value, Values


class Secret(str):
    """A text that no `repr` shows, so that a password in a value never reaches a log. It is
    written out only where it is formatted into the SMS it is meant for."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


class Hasher(Protocol):
    """Digests of secrets; the service's uses argon2 with a pepper, a test's is a fake."""

    def mint(self, msisdn: str) -> tuple[str, str]:
        """A random password of six digits and its digest, ready at once: a turn never waits."""
        ...

    def digest(self, secret: str, msisdn: str) -> str:
        """The digest of a chosen password. Slow by intent (tens of milliseconds)."""
        ...

    def verify(self, digest: str, secret: str, msisdn: str) -> bool:
        """Whether the password is the digest's. Slow: never called inside a turn."""
        ...

    def quick(self, text: str) -> str:
        """A peppered HMAC of a voucher or a one-operation code: short-lived or machine-made."""
        ...


class Randomness(Protocol):
    """Where one-operation codes come from."""

    def digits(self, count: int) -> str:
        """So many random decimal digits."""
        ...


TariffChange = Literal["immediate", "application"]
CardOutcome = Literal["ok", "card_declined", "card_expired", "card_short"]


class Cards(Protocol):
    """The acquirer that charges bank cards."""

    def tokenise(self, digits: str) -> str:
        """A token for a card's number, which ends in its last four digits and tells no others."""
        ...

    def charge(self, token: str, amount: int, key: str) -> CardOutcome:
        """Take `amount` kopecks; a repeated `key` takes nothing again and answers the same."""
        ...


@dataclass(frozen=True, slots=True)
class Options:
    """Readings of contradictory sources, one line each."""

    issue_kind: Literal["permanent", "one_time"] = "permanent"
    """What `*105*00#` issues (K05)."""
    company_auto_approve: bool = True
    """Whether an administrator's registration is approved at once (K09)."""
    company_tariff_change: TariffChange = "immediate"
    """Whether an order to change tariffs is carried out at once or waits for the operator (K12)."""


@dataclass(frozen=True, slots=True)
class Core:
    """What the account core is made with, the same for every request."""

    terms: Terms
    hasher: Hasher
    randomness: Randomness
    utc_offset_seconds: int
    options: Options
    policy: Policy
    cards: Cards


@dataclass(frozen=True, slots=True)
class Context:
    """When and by what a request came."""

    now: float
    key: str
    """`channel:session:sequence:step`, its own for each request: keys of transfers begin so."""
    channel: Channel
    dialogue: str = ""
    address: str = ""
    """The service code or short number, for the charges of the request."""


@dataclass(frozen=True, slots=True)
class Request:
    """One command, on its way to its effect; level and blocking are checked already."""

    arguments: Values
    subscriber: Subscriber
    book: Book
    context: Context
    core: Core

    @property
    def now(self) -> float:
        """Epoch seconds of the turn."""
        return self.context.now

    @property
    def terms(self) -> Terms:
        """Prices, terms and limits."""
        return self.core.terms

    def text(self, name: str) -> str:
        """An argument of type text, digits, msisdn or secret."""
        return str(self.arguments[name])

    def number(self, name: str) -> int:
        """An argument of type money or count."""
        value = self.arguments[name]
        assert isinstance(value, int), f"the menu check lets only a number through for {name}"
        return value

    def recipient(self) -> Subscriber | None:
        """Whom `recipient` names: the caller himself where it is empty, None where nobody has the
        number."""
        written = self.text("recipient")
        if not written:
            return self.subscriber
        number = normalise_msisdn(written)
        return self.book.subscriber(number) if number else None

    def key(self, step: str) -> str:
        """The idempotency key of one transfer of this request."""
        return f"{self.context.key}:{step}"

    def balance(self) -> int:
        """The account's balance as it now is, kopecks."""
        subscriber = self.book.subscriber(self.subscriber.msisdn)
        assert subscriber is not None, "a subscriber vanished inside a turn"
        return subscriber.balance

    def message(self, text_id: str, secret: bool = False, **values: Value) -> Message:
        """An SMS to the one who asks, in his language."""
        subscriber = self.subscriber
        return Message(subscriber.msisdn, text_id, values, subscriber.language, secret)


Reply = tuple[Answered, tuple[Sent, ...]]
Effect = Callable[[Request], Reply]


def done(*messages: Sent, **values: Value) -> Reply:
    """The command was carried out."""
    return Answered("ok", values), messages


def refuse(outcome: str, *messages: Sent, **values: Value) -> Reply:
    """It was not: the exact name of the refusal."""
    return Answered(outcome, values), messages


def short_of(available: int, needed: int) -> Reply:
    """`insufficient_balance`, with what is missing (kopecks) for the screen to name."""
    return refuse("insufficient_balance", short=needed - available)
