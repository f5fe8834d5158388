"""A reactor on which time passes faster, so that a call of minutes is a test of seconds."""

from __future__ import annotations

from typing import Any


class Hurried:
    """Delays and `seconds` of a reactor, so many times as fast; all else is the reactor's."""

    def __init__(self, reactor: Any, times: float) -> None:
        self._reactor = reactor
        self._times = times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)

    def seconds(self) -> float:
        """IReactorTime."""
        return float(self._reactor.seconds() * self._times)

    def callLater(self, delay: float, call: Any, *args: Any, **more: Any) -> Any:
        """IReactorTime."""
        later = self._reactor.callLater(delay / self._times, call, *args, **more)
        return _Later(later, self._times)


class _Later:
    """IDelayedCall, in hurried seconds."""

    def __init__(self, later: Any, times: float) -> None:
        self._later = later
        self._times = times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._later, name)

    def getTime(self) -> float:
        return float(self._later.getTime() * self._times)

    def reset(self, seconds: float) -> None:
        self._later.reset(seconds / self._times)

    def delay(self, seconds: float) -> None:
        self._later.delay(seconds / self._times)
