"""Shared fixtures: one real reactor in a thread for the whole run and a way to call into it, and a
database with the demo data to copy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def reactor_thread() -> Iterator[Any]:
    """The global reactor, running in a daemon thread; started once, because it cannot restart."""
    from gateway.service.tuning import tune
    from gateway.testing.reactor import running_reactor

    reactor = running_reactor()
    tune()  # as a service is, or its second would be measured on another machine
    yield reactor
    reactor.callFromThread(reactor.stop)


@pytest.fixture(scope="session")
def run(reactor_thread: Any) -> Callable[..., Any]:
    """`run(function, *args, timeout=2)`: call it in the reactor thread and wait for its result.

    The function may return a plain value, a Deferred or a coroutine. Its exception comes back
    here; a Deferred that never fires becomes `defer.TimeoutError`.
    """
    from gateway.testing.reactor import run

    return partial(run, timeout=2)


@pytest.fixture(scope="session")
def sqlite_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the demo data, to copy."""
    from tests.flows.stores import template

    return template(tmp_path_factory.mktemp("demo") / "demo.db")
