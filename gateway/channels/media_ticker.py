"""One timer for the media of all calls. Each has its turn every 20 ms, a quarter of them every
5 ms, so that nothing else waits long for the reactor and packets leave in small bursts.

Turns lie on a grid from the first one on: what ran late does not move the next.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from gateway.wire.rtp.g711 import FRAME_SECONDS

QUARTERS: Final = 4
QUARTER_SECONDS: Final = FRAME_SECONDS / QUARTERS
_ROUNDING: Final = 1e-6
"""Of a quarter: a timer that fires at its time to the last bit is not early."""


class Ticking(Protocol):
    """A call's media."""

    def tick(self, now: float) -> None:
        """Its turn, at `now` (monotonic seconds). Does not raise."""
        ...

    def skip(self, frames: int) -> None:
        """So many turns were missed and will not come."""
        ...


class Ticker:
    """Runs while there is somebody to run for."""

    def __init__(
        self, clock: IReactorTime, frames_catch_up_max: int, late: Callable[[float], None]
    ) -> None:
        """`late(seconds)` is told of each run how long after its time it was."""
        self._clock = clock
        self._frames_catch_up_max = frames_catch_up_max
        self._late = late
        self._quarters: tuple[dict[Ticking, None], ...] = tuple({} for _ in range(QUARTERS))
        self._origin = 0.0
        self._turn = 0
        self._timer: IDelayedCall | None = None

    def __len__(self) -> int:
        return sum(map(len, self._quarters))

    def add(self, member: Ticking) -> None:
        """Give a call its turns, in the quarter that has fewest."""
        min(self._quarters, key=len)[member] = None
        if self._timer is None:
            self._origin, self._turn = self._clock.seconds(), 1
            self._schedule()

    def remove(self, member: Ticking) -> None:
        """No more turns for a call."""
        for quarter in self._quarters:
            quarter.pop(member, None)

    def _schedule(self) -> None:
        at = self._origin + self._turn * QUARTER_SECONDS
        self._timer = self._clock.callLater(max(0.0, at - self._clock.seconds()), self._fire)

    def _fire(self) -> None:
        now = self._clock.seconds()
        self._late(now - self._origin - self._turn * QUARTER_SECONDS)
        due = int((now - self._origin) / QUARTER_SECONDS + _ROUNDING)
        missed = (due - self._turn) // QUARTERS - self._frames_catch_up_max
        if missed > 0:
            for quarter in self._quarters:
                for member in quarter:
                    member.skip(missed)
            self._turn += missed * QUARTERS
        while self._turn <= due:
            for member in tuple(self._quarters[self._turn % QUARTERS]):
                member.tick(now)
            self._turn += 1
        if len(self):
            self._schedule()
        else:
            self._timer = None
