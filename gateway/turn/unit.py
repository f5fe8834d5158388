"""A Unit: what one turn may touch while its transaction is open. The store implements it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from gateway.accounts.book import Book
from gateway.domain.port import Sms


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


class Unit(Protocol):
    """One open transaction, seen by one turn. An exception undoes the turn, and only it."""

    @property
    def book(self) -> Book: ...

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
