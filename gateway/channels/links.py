"""What the desk works with: the store's writer on one side, the peers' links on the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from gateway.domain.port import Page, Sms, ToCall


class Work(Protocol):
    """The store's writer, as the desk sees it."""

    def submit(self, work: Callable[[Any], Any], done: Callable[[Any], None]) -> None:
        """Queue `work(unit)`; `done(result or exception)` comes after its commit. Raises
        `turn.unit.Busy` where the queue is full or the store closed."""
        ...


class Link(Protocol):
    """One peer a delivery can leave by."""

    @property
    def is_up(self) -> bool:
        """Whether something is bound that takes what we send."""
        ...

    def serves(self, msisdn: str) -> bool:
        """Whether an SMS to that number may leave by it though it did not come by it."""
        ...

    def show(self, page: Page) -> bool:
        """Send a USSD page; False where nothing is bound that could carry it."""
        ...

    def send(self, sms: Sms, done: Callable[[str], None]) -> bool:
        """Send an SMS; `done` hears `ok`, `failed` (for good), `retry` (later) or `lost` (no
        answer came). False where it cannot leave now; then `done` is never called."""
        ...

    def flush(self) -> None:
        """Write what has been queued since the last flush, once."""
        ...


class Calls(Protocol):
    """What carries out what calls are told."""

    def tell(self, delivery: ToCall) -> bool:
        """Play it, refuse it, verify it; False where there is no such call any more."""
        ...
