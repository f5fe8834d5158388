"""The reactor in a daemon thread, and calls into it from threads that wait.

Rule: a process has one reactor and it cannot be started twice, so it is started at the first use
and left running; whoever runs it in a thread already is taken as it is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

START_SECONDS_MAX = 5.0
CALL_SECONDS_MAX = 10.0

_starting = threading.Lock()


def running_reactor() -> Any:
    """Twisted's reactor, running in a thread. Raises RuntimeError where it does not start."""
    from twisted.internet import reactor as installed

    reactor: Any = installed
    with _starting:
        if not reactor.running:
            started = threading.Event()
            reactor.callWhenRunning(started.set)
            threading.Thread(
                target=reactor.run,
                kwargs={"installSignalHandlers": False},
                daemon=True,
                name="reactor",
            ).start()
            if not started.wait(START_SECONDS_MAX):
                raise RuntimeError("the reactor does not start")
    return reactor


def run(function: Callable[..., Any], *arguments: Any, timeout: float = CALL_SECONDS_MAX) -> Any:
    """Call it in the reactor's thread and wait for its result: a value, a Deferred's or a
    coroutine's. Its exception comes back here; one that takes longer than `timeout` seconds
    raises `twisted.internet.defer.TimeoutError`."""
    from twisted.internet.defer import Deferred
    from twisted.internet.threads import blockingCallFromThread

    reactor = running_reactor()

    async def awaited() -> Any:
        result = function(*arguments)
        return await result if hasattr(result, "__await__") else result

    def call() -> Deferred[Any]:
        return Deferred.fromCoroutine(awaited()).addTimeout(timeout, reactor)

    return blockingCallFromThread(reactor, call)
