"""Rounds of background work: one at a time, the next behind it while there is more to do.

Ticks start them; whoever moved a manual clock is told when nothing that was due is left.
"""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.defer import Deferred


class Rounds:
    """`begin` starts a round and says whether it could; its end comes by `ended` or `broke`."""

    def __init__(self, begin: Callable[[], bool]) -> None:
        self._begin = begin
        self._running = False
        self._again = False
        self._waiters: list[Deferred[None]] = []

    def tick(self) -> None:
        """Start a round, unless one is under way."""
        if not self._running:
            self._running = True
            self._running = self._begin()

    def settled(self) -> Deferred[None]:
        """Do what is due by now; fires when none of it is left."""
        waiter: Deferred[None] = Deferred()
        self._waiters.append(waiter)
        self._again = self._running  # the round under way may have begun before the clock moved
        self.tick()
        return waiter

    def ended(self, more: bool) -> None:
        """A round is over; `more` where it left work that is due."""
        self._running = False
        if more or self._again:
            self._again = False
            self.tick()
            return
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            waiter.callback(None)

    def broke(self) -> None:
        """A round could not be finished (the store failed): the next tick tries again."""
        self._running = False
