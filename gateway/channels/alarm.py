"""One timer for whatever says itself when it is due next: a call later that moves, never a second.

A call already due no later than needed is left alone: it asks again when it comes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import IReactorTime


class Alarm:
    """`next_timer()` says when (clock seconds), or None; `fire(now)` does what is due then,
    and sets the alarm again."""

    __slots__ = ("_call", "_clock", "_fire", "_next_timer")

    def __init__(
        self,
        clock: IReactorTime,
        next_timer: Callable[[], float | None],
        fire: Callable[[float], None],
    ) -> None:
        self._clock = clock
        self._next_timer = next_timer
        self._fire = fire
        self._call: Any = None

    def set(self) -> None:
        """Ask again when: to be called whenever that may have changed."""
        at = self._next_timer()
        call = self._call
        if at is None:
            self.cancel()
        elif call is None:
            self._call = self._clock.callLater(max(0.0, at - self._clock.seconds()), self._ring)
        elif call.getTime() > at:
            call.reset(max(0.0, at - self._clock.seconds()))

    def cancel(self) -> None:
        """Not at all."""
        call, self._call = self._call, None
        if call is not None:
            call.cancel()

    def _ring(self) -> None:
        self._call = None
        now, at = self._clock.seconds(), self._next_timer()
        if at is not None and at <= now:
            self._fire(now)
        else:
            self.set()
