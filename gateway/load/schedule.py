"""When plays begin: so many a second, evenly, from now until the rate is changed.

Rule: a moment once due stays due. A loop that comes late is given all moments it missed.
"""

from __future__ import annotations

RATE_MAX = 10_000.0
RATE_MIN = 0.1
MOMENTS_MAX = 1_000
"""Given at once; the rest follow at the next call."""


class Schedule:
    """Moments (monotonic seconds) at a rate that keys may change."""

    def __init__(self, per_second: float, now: float) -> None:
        """The first moment is `now`."""
        self.per_second = per_second
        self.paused = False
        self._next = now

    def next_at(self) -> float | None:
        """The next moment; None while it is paused."""
        return None if self.paused else self._next

    def due(self, now: float) -> list[float]:
        """The moments up to `now`, each once, oldest first."""
        found: list[float] = []
        while not self.paused and self._next <= now and len(found) < MOMENTS_MAX:
            found.append(self._next)
            self._next += 1 / self.per_second
        return found

    def change(self, by: float, now: float) -> None:
        """So many more (or fewer) a second from now on, within RATE_MIN and RATE_MAX."""
        self.per_second = min(RATE_MAX, max(RATE_MIN, self.per_second + by))
        self._next = min(self._next, now + 1 / self.per_second)

    def pause(self, now: float) -> None:
        """Begin nothing until it is called again; what a pause left out is not made up for."""
        self.paused = not self.paused
        self._next = max(self._next, now)
