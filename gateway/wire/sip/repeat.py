"""A response that is sent again and again until the peer has shown it came: the 2xx to an INVITE
(RFC 3261 §13.3.1.4) and reliable provisional responses (RFC 3262 §3)."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

from gateway.wire.sip.core import Core
from gateway.wire.sip.timers import Timer

Step = Callable[[float], None]


class Repeater:
    """Calls `send` at once and after T1, doubling up to `seconds_max`; after 64 x T1 `failed`."""

    __slots__ = ("_core", "_failed", "_pause", "_seconds_max", "_send", "_timer", "_until")

    def __init__(
        self, core: Core, send: Step, failed: Step, now: float, seconds_max: float = inf
    ) -> None:
        self._core = core
        self._send = send
        self._failed = failed
        self._seconds_max = seconds_max
        self._pause = core.settings.t1_seconds
        self._until = now + core.settings.timeout_seconds
        self._timer: Timer | None = None
        self._step(now)

    def stop(self) -> None:
        """It came."""
        self._core.timers.stop(self._timer)

    def _step(self, now: float) -> None:
        if now >= self._until:
            self._failed(now)
            return
        self._send(now)
        at = min(now + self._pause, self._until)
        self._pause = min(self._pause * 2, self._seconds_max)
        self._timer = self._core.timers.start(at, self._step)
