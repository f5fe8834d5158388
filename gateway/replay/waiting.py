"""Something waited for, and no longer than it may take.

Rule: whoever changes what is waited for calls `look`; one thing is waited for at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime

from gateway.replay.handset import Lost


class Waiting:
    """On a clock; ended for good by `lost`."""

    def __init__(self, clock: IReactorTime) -> None:
        self._clock = clock
        self._wanted: Callable[[], bool] = bool
        self._waiting: Deferred[None] | None = None
        self._gone: Lost | None = None

    async def until(self, wanted: Callable[[], bool], seconds: float) -> bool:
        """Wait until it holds; False where the time is over before. Raises Lost."""
        if self._gone is not None:
            raise self._gone
        if wanted():
            return True
        assert self._waiting is None, "one thing at a time"
        self._wanted, self._waiting = wanted, Deferred()
        waiting = self._waiting
        timer: Any = self._clock.callLater(seconds, waiting.callback, None)
        try:
            await waiting
        finally:
            self._waiting = None
            if timer.active():
                timer.cancel()
        return wanted()

    async def sleep(self, seconds: float) -> None:
        """Let time pass. Raises Lost."""
        await self.until(lambda: False, seconds)

    def look(self) -> None:
        """Something changed."""
        waiting = self._waiting
        if waiting is not None and not waiting.called and self._wanted():
            waiting.callback(None)

    def lost(self, fault: Lost) -> None:
        """What is waited for will not come, nor anything later."""
        self._gone = fault
        if self._waiting is not None and not self._waiting.called:
            self._waiting.errback(fault)
