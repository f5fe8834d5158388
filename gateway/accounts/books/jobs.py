"""What happens on a date, and what people wait for.

A job is taken out of the book in the turn that carries it out, so it happens exactly once,
whichever process gets there; a turn that fails puts it back. Orders are numbered for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

Payload = Mapping[str, str | int | bool]


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done at `due`, by the effect that `kind` names."""

    key: str
    """UNIQUE while it waits: `autopay:1001`. Scheduling it again puts it in the other's place."""
    kind: str
    subject: str
    """The MSISDN, company or account it is about."""
    due: float
    payload: Payload = field(default_factory=dict)
    attempts: int = 0
    """How often it failed."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order with a number, as its owner follows it."""

    id: int
    """0 until it is added."""
    kind: str
    """`statement`, `report`, `sim`, `tariffs` …"""
    subject: str
    """Whose list it stands in: an MSISDN or a company."""
    msisdn: str
    """Who ordered."""
    state: str
    at: float
    changed_at: float
    payload: Payload = field(default_factory=dict)


class JobsBook(Protocol):
    """Jobs and orders."""

    def schedule(self, job: Job) -> None:
        """Add it, or put it in the place of the one with its key."""
        ...

    def job(self, key: str) -> Job | None: ...
    def cancel_job(self, key: str) -> bool:
        """Take it out undone. False where it did not wait."""
        ...

    def take_job(self, key: str, now: float) -> Job | None:
        """Take a due job out, to do it in this turn. None where another process has it, or it was
        cancelled or put off."""
        ...

    def due_jobs(self, now: float, limit: int) -> tuple[Job, ...]:
        """What is due by now, soonest first; not what another process is carrying out."""
        ...

    def jobs_of(self, subject: str, kind: str) -> tuple[Job, ...]:
        """What waits for a subject, soonest first."""
        ...

    def put_off_job(self, key: str, until: float) -> None:
        """It failed: one more attempt at that moment. Its `due` stays what it was."""
        ...

    def give_up_job(self, key: str, reason: str) -> None:
        """It failed for good; kept, with the reason, for a person to see."""
        ...

    def add_order(self, order: Order) -> int:
        """Its number."""
        ...

    def order(self, id: int) -> Order | None: ...
    def orders(self, subject: str, kinds: tuple[str, ...], limit: int) -> tuple[Order, ...]:
        """Newest first."""
        ...

    def update_order(self, id: int, state: str, at: float, payload: Payload) -> None: ...
