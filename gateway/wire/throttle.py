"""How many a second: the limit of a peer, in time that is an argument."""

from __future__ import annotations


class Throttle:
    """A token bucket, shared by all that one limit is for. Not thread-safe, needs no timer."""

    __slots__ = ("_burst", "_rate", "_tokens", "_upto")

    def __init__(self, per_second: float, burst: float | None = None) -> None:
        """`burst` (default: one second's worth, at least 1) is what a pause saves up."""
        assert per_second > 0, "no limit is None, not a Throttle of 0"
        self._rate = per_second
        self._burst = max(1.0, per_second if burst is None else burst)
        self._tokens = self._burst
        self._upto: float | None = None

    def take(self, now: float) -> bool:
        """One use at `now` (monotonic seconds): True where it is within the rate."""
        if not self.has_room(now):
            return False
        self._tokens -= 1.0
        return True

    def has_room(self, now: float) -> bool:
        """Whether `take` would say yes."""
        if self._upto is not None and now > self._upto:
            self._tokens = min(self._burst, self._tokens + (now - self._upto) * self._rate)
        if self._upto is None or now > self._upto:
            self._upto = now
        return self._tokens >= 1.0
