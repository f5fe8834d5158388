"""What is done on a date: a due job, on its way to its effect.

An effect is a function `Dated -> tuple[Sent, ...]`. It runs in the turn that took the job out of
the book, so all it does happens once; what shall happen again it schedules anew. Keys of transfers
are made of the job's key and its due moment: even a job run twice would move nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway.accounts.book import Book, Subscriber
from gateway.accounts.books.jobs import Job
from gateway.accounts.request import Core
from gateway.charging.tariff import Terms
from gateway.domain.port import Message, Sent
from gateway.domain.values import Value


@dataclass(frozen=True, slots=True)
class Dated:
    """One due job."""

    job: Job
    book: Book
    now: float
    """Epoch seconds of the turn: at or after `job.due`, by days after a long stop."""
    core: Core

    @property
    def terms(self) -> Terms:
        """Prices, terms and limits."""
        return self.core.terms

    def subscriber(self) -> Subscriber:
        """The number it is about."""
        subscriber = self.book.subscriber(self.job.subject)
        assert subscriber is not None, "the subject of a job is a number of ours"
        return subscriber

    def text(self, name: str) -> str:
        """A text of the payload."""
        return str(self.job.payload[name])

    def number(self, name: str) -> int:
        """A number of the payload."""
        value = self.job.payload[name]
        assert isinstance(value, int), f"{name} of job {self.job.kind} is no number"
        return value

    def key(self, step: str) -> str:
        """The idempotency key of one transfer of this job."""
        return f"job:{self.job.key}:{int(self.job.due)}:{step}"

    def message(
        self, subscriber: Subscriber, text_id: str, secret: bool = False, **values: Value
    ) -> Message:
        """An SMS to a subscriber, in his language."""
        return Message(subscriber.msisdn, text_id, values, subscriber.language, secret)


DatedEffect = Callable[[Dated], tuple[Sent, ...]]
