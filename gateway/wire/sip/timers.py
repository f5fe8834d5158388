"""Every timer of a machine in one heap; the time is given, never asked for."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heapify, heappop, heappush
from typing import Final

Action = Callable[[float], None]
"""What a timer does, given now (seconds)."""

_STALE_MIN: Final = 1_000


class Timer:
    """A timer under way; `Timers.stop` ends it."""

    __slots__ = ("action", "at")

    def __init__(self, at: float, action: Action) -> None:
        self.at = at
        self.action: Action | None = action


class Timers:
    """The next timer costs nothing to know; a stopped one stays in the heap until it is cheap to
    sweep, so a flood of short transactions keeps no more than twice its live timers."""

    __slots__ = ("_heap", "_serial", "_stale")

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Timer]] = []
        self._serial = 0
        self._stale = 0

    def start(self, at: float, action: Action) -> Timer:
        """Call `action` at or after `at`; of timers of one moment the one started first comes
        first."""
        timer = Timer(at, action)
        self._serial += 1
        heappush(self._heap, (at, self._serial, timer))
        return timer

    def stop(self, timer: Timer | None) -> None:
        """Forget a timer; nothing happens where there is none or it has fired."""
        if timer is None or timer.action is None:
            return
        timer.action = None
        self._stale += 1
        if self._stale > _STALE_MIN and self._stale * 2 > len(self._heap):
            self._heap = [entry for entry in self._heap if entry[2].action is not None]
            heapify(self._heap)
            self._stale = 0

    def next(self) -> float | None:
        """When `fire` has something to do, or None."""
        while self._heap and self._heap[0][2].action is None:
            heappop(self._heap)
            self._stale -= 1
        return self._heap[0][0] if self._heap else None

    def fire(self, now: float) -> None:
        """Do what is due at `now`, in the order of its moments."""
        while (at := self.next()) is not None and at <= now:
            timer = heappop(self._heap)[2]
            action, timer.action = timer.action, None
            assert action is not None, "next() sweeps what was stopped"
            action(now)
