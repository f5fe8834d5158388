"""A Unit: what one turn may touch while its transaction is open. The store implements it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from gateway.accounts.book import Book
from gateway.domain.port import Sms
from gateway.domain.report import Document, ReportFormat


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A mobile-originated SMS to be acted on later, as it was submitted."""

    id: str
    link: str
    source: str
    """Both addresses as on the wire."""
    destination: str
    service_type: str
    text: str
    data_coding: int
    registered_delivery: int
    due: float
    """Epoch seconds."""


class Busy(Exception):
    """The queue of turns, or the house, is full: nothing was taken; try later."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter as it stands in the mail: written, in its reader's language."""

    id: str
    """UNIQUE; its Message-ID is made of it, so that one sent twice is known as one."""
    to: str
    subject: str
    body: str
    at: float
    """When it was written, epoch seconds."""
    document: Document | None = None
    format: ReportFormat = "pdf"
    then: Sms | None = None
    """Queued once the letter has been handed over."""
    secret: bool = False
    attempts: int = 0
    """How often it was tried before."""


T = TypeVar("T")


class Unit(Protocol):
    """One open transaction, seen by one turn. An exception undoes the turn, and only it."""

    @property
    def book(self) -> Book: ...

    def attempt(self, work: Callable[[], T]) -> T | Exception:
        """What `work` returned, or what it raised; then nothing of it stays, and the transaction
        goes on. Raises what ends the transaction: a database that fails, or gives way."""
        ...

    def load_session(self, dialogue: str) -> str | None:
        """The session's JSON, or None."""
        ...

    def save_session(self, dialogue: str, body: str, deadline: float) -> None: ...
    def drop_session(self, dialogue: str) -> None: ...

    def claim(self, replay_key: str, message_id: str, now: float, until: float) -> str | None:
        """Remember a message's identity until a moment. None the first time; afterwards the id
        it was first given, and the message must not be acted on again."""
        ...

    def forget_replays(self, prefix: str) -> int:
        """Forget the identities that begin so; how many."""
        ...

    def schedule(self, message: Scheduled) -> None:
        """Keep it until it is due, or put it in the place of the one with its id."""
        ...

    def scheduled(self, id: str) -> Scheduled | None:
        """The message, while it waits."""
        ...

    def scheduled_for(self, link: str, source: str, destination: str) -> list[Scheduled]:
        """What waits from that source to that destination, soonest first."""
        ...

    def unschedule(self, id: str) -> bool:
        """Take it out, to act on it or to cancel it. False where it no longer waits."""
        ...

    def scheduled_until(self, moment: float, limit: int) -> list[Scheduled]:
        """What is due by then, and the one that is due next after it; soonest first."""
        ...

    def queue_mail(self, mail: Mail) -> None:
        """Put it into the mail, where it waits until it was handed over."""
        ...

    def take_mail(self, now: float, until: float, limit: int) -> tuple[Mail, ...]:
        """The oldest that wait, to be tried once; nobody else is given them before `until`, and
        then they wait again."""
        ...

    def settle_mail(self, id: str, failure: str = "") -> bool:
        """It was handed over, or given up for that reason. False where it no longer waited."""
        ...

    def put_off_mail(self, id: str, until: float) -> None:
        """It could not be handed over: it waits again from then on."""
        ...

    def queue_sms(self, sms: Sms) -> None:
        """Put it into the outbox, where it waits until acknowledged."""
        ...

    def pending(self, link: str | None = None, limit: int = 1_000) -> list[Sms]:
        """What waits in the outbox, oldest first."""
        ...

    def acknowledge(self, id: str, at: float) -> bool:
        """The peer took it: it is never sent again. False where it no longer waited."""
        ...

    def fail(self, id: str) -> bool:
        """The peer refused it for good. False where it no longer waited."""
        ...
