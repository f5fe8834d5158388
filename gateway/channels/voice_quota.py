"""The minutes of a call that is paid by the minute: one reserved ahead of each that is begun.

Ten seconds before those reserved are over one more is asked for; where the money does not cover
it, the call is told when they are (session charging with unit reservation, RFC 8506 §5.2).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from gateway.channels.alarm import Alarm

AHEAD_SECONDS: Final = 10.0
RETRY_SECONDS: Final = 1.0

Reserve = Callable[[int, Callable[[Any], None]], bool]
"""`reserve(heard seconds, done)`: ask for one more minute; `done(seconds in all, or an exception)`.
False where the store takes no more work just now."""


class Quota:
    """Counts from where it is made: the moment of the answer."""

    def __init__(
        self, clock: Any, seconds: int, reserve: Reserve, spent: Callable[[], None]
    ) -> None:
        self._clock = clock
        self._began = clock.seconds()
        self._seconds = seconds
        self._reserve = reserve
        self._spent = spent
        self._next: float | None = self._began + seconds - AHEAD_SECONDS
        self._last = self._over = False
        self._alarm = Alarm(clock, lambda: self._next, self._fire)
        self._alarm.set()

    def end(self) -> None:
        """The call is over, or nobody asks for more."""
        self._over, self._next = True, None
        self._alarm.cancel()

    def _fire(self, now: float) -> None:
        self._next = None
        if self._last:
            self._spent()
        elif not self._reserve(int(now - self._began), self._reserved):
            self._next = now + RETRY_SECONDS
            self._last = self._next >= self._began + self._seconds
            self._alarm.set()

    def _reserved(self, result: Any) -> None:
        """More seconds in all, or as many as before: then these were the last."""
        if self._over:
            return
        more = not isinstance(result, BaseException) and result > self._seconds
        self._last = not more
        self._seconds = result if more else self._seconds
        self._next = self._began + self._seconds - (AHEAD_SECONDS if more else 0.0)
        self._alarm.set()
