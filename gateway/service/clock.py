"""The one place that reads the time: the system's clock, one that stands until advanced, or one
that runs and may be advanced."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Protocol

ADVANCE_SECONDS_MAX = 10 * 366 * 86_400.0
"""How far one call may move a manual clock."""

Observer = Callable[[float], None]


class Clock(Protocol):
    """What every composed part is given instead of the time module."""

    manual: bool

    def now(self) -> float:
        """Seconds since the epoch, UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    manual = False

    def now(self) -> float:
        return time.time()


class ManualClock:
    """Stands still; `advance` moves it and tells its observers by how much."""

    manual = True

    def __init__(self, start: float | None = None) -> None:
        self._now = time.time() if start is None else start
        self._observers: list[Observer] = []

    def now(self) -> float:
        return self._now

    def observe(self, observer: Observer) -> None:
        """`observer(seconds)` is called after each advance, in order of registration."""
        self._observers.append(observer)

    def advance(self, seconds: float) -> float:
        """Move forward; returns the new time. Raises ValueError for a step back or too far."""
        if not 0 <= seconds <= ADVANCE_SECONDS_MAX:
            raise ValueError(f"a clock advances by 0 to {ADVANCE_SECONDS_MAX:.0f} seconds")
        self._now += seconds
        for observer in tuple(self._observers):
            observer(seconds)
        return self.now()


class MovableClock(ManualClock):
    """Runs with the machine's clock, ahead of it by what it was advanced."""

    manual = False

    def __init__(self) -> None:
        super().__init__(0.0)

    def now(self) -> float:
        return time.time() + self._now


_CLOCKS: Mapping[str, Callable[[], SystemClock | ManualClock]] = {
    "system": SystemClock,
    "manual": ManualClock,
    "movable": MovableClock,
}


def make_clock(kind: str) -> SystemClock | ManualClock:
    """`system`, `manual` or `movable`, as configured."""
    return _CLOCKS[kind]()
