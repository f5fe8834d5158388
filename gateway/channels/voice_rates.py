"""A rate for each of many: whoever does something too often, by number or by address."""

from __future__ import annotations

from typing import Final

from gateway.wire.throttle import Throttle

KEYS_MAX: Final = 10_000
"""Of those kept in mind; the one not heard of for longest is forgotten, and begins anew."""
_MINUTE_SECONDS: Final = 60.0


class Rates:
    """So many a minute for each key; a pause saves up as many."""

    __slots__ = ("_known", "_per_minute")

    def __init__(self, per_minute: float) -> None:
        self._per_minute = per_minute
        self._known: dict[str, Throttle] = {}

    def take(self, key: str, now: float) -> bool:
        """One more of that key at `now` (monotonic seconds): True where it is within the rate."""
        return self._of(key).take(now)

    def has_room(self, key: str, now: float) -> bool:
        """Whether `take` would say yes."""
        known = self._known.get(key)
        return known is None or known.has_room(now)

    def _of(self, key: str) -> Throttle:
        known = self._known.pop(key, None)
        if known is None:
            known = Throttle(self._per_minute / _MINUTE_SECONDS, self._per_minute)
            if len(self._known) >= KEYS_MAX:
                del self._known[next(iter(self._known))]
        self._known[key] = known
        return known
