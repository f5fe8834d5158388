"""Waiting for the end of what is under way, within a limit."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from typing import Any, Final

from twisted.internet.defer import Deferred

LOOK_SECONDS: Final = 0.02
HANG_UP_SECONDS_MAX: Final = 2.0
"""How long calls that were hung up may take to be charged and to answer our BYE."""


class Draining:
    """The end of a service: what is under way goes on for a while, which whoever waits for it may
    cut short."""

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self._hurried = False
        self.begun = False

    def begin(self, is_busy: Callable[[], bool], seconds_max: float) -> Deferred[None]:
        """Fires once nothing is busy, the time is over, or somebody hurries."""
        self.begun = True
        return idle(self._reactor, lambda: is_busy() and not self._hurried, seconds_max)

    def hurry(self) -> None:
        """Wait no longer."""
        self._hurried = True

    def hurry_at_signals(self) -> None:
        """From now on SIGINT and SIGTERM hurry: a reactor that stops is not stopped again."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda _number, _frame: self.hurry())


def idle(reactor: Any, is_busy: Callable[[], bool], seconds_max: float) -> Deferred[None]:
    """Fires once nothing is busy, or the time is over."""
    done: Deferred[None] = Deferred()
    deadline = time.monotonic() + seconds_max

    def look() -> None:
        if is_busy() and time.monotonic() < deadline:
            reactor.callLater(LOOK_SECONDS, look)
        else:
            done.callback(None)

    look()
    return done


def behind(reactor: Any) -> Deferred[None]:
    """Fires behind whatever other threads have handed to the reactor until now."""
    done: Deferred[None] = Deferred()
    reactor.callFromThread(done.callback, None)
    return done
