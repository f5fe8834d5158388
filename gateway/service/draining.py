"""Waiting for the end of what is under way, within a limit."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from twisted.internet.defer import Deferred

LOOK_SECONDS: Final = 0.02
HANG_UP_SECONDS_MAX: Final = 2.0
"""How long calls that were hung up may take to be charged and to answer our BYE."""


def idle(reactor: Any, is_busy: Callable[[], bool], seconds_max: float) -> Deferred[None]:
    """Fires once nothing is busy, or the time is over."""
    done: Deferred[None] = Deferred()
    deadline = time.monotonic() + seconds_max

    def look() -> None:
        if is_busy() and time.monotonic() < deadline:
            reactor.callLater(LOOK_SECONDS, look)
        else:
            done.callback(None)

    look()
    return done


def behind(reactor: Any) -> Deferred[None]:
    """Fires behind whatever other threads have handed to the reactor until now."""
    done: Deferred[None] = Deferred()
    reactor.callFromThread(done.callback, None)
    return done
