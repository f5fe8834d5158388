"""Shared fixtures: one real reactor in a thread for the whole run and a way to call into it, and a
database with the demo data to copy."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def reactor_thread() -> Iterator[Any]:
    """The global reactor, running in a daemon thread; started once, because it cannot restart."""
    from twisted.internet import reactor

    started = threading.Event()
    reactor.callWhenRunning(started.set)
    thread = threading.Thread(
        target=reactor.run, kwargs={"installSignalHandlers": False}, daemon=True, name="reactor"
    )
    thread.start()
    assert started.wait(5), "the reactor did not start"
    yield reactor
    reactor.callFromThread(reactor.stop)
    thread.join(5)


@pytest.fixture(scope="session")
def run(reactor_thread: Any) -> Callable[..., Any]:
    """`run(function, *args, timeout=2)`: call it in the reactor thread and wait for its result.

    The function may return a plain value, a Deferred or a coroutine. Its exception comes back
    here; a Deferred that never fires becomes `defer.TimeoutError`.
    """
    from twisted.internet import defer, threads

    def run_in_reactor(function: Callable[..., Any], *args: Any, timeout: float = 2) -> Any:
        def call() -> defer.Deferred[Any]:
            async def awaited() -> Any:
                result = function(*args)
                return await result if hasattr(result, "__await__") else result

            return defer.ensureDeferred(awaited()).addTimeout(timeout, reactor_thread)

        return threads.blockingCallFromThread(reactor_thread, call)

    return run_in_reactor


@pytest.fixture(scope="session")
def sqlite_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the demo data, to copy."""
    from tests.flows.stores import template

    return template(tmp_path_factory.mktemp("demo") / "demo.db")
