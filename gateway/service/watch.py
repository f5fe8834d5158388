"""Files that are read again once they were saved: a look, a read in a thread, and the result taken.

Files are looked at some times a second (size, time of change, name); an editor that writes in two
steps is waited for until two looks agree. One reading at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Generic, TypeVar

from twisted.internet.threads import deferToThreadPool
from twisted.logger import Logger
from twisted.python.failure import Failure

log = Logger()

LOOK_SECONDS = 0.1

Read = TypeVar("Read")
Look = tuple[tuple[str, int, int], ...]


class Watch(Generic[Read]):
    """Looks at `files()`; when they have changed and come to rest, what `read()` made of them in
    a thread is handed to `take` on the reactor."""

    def __init__(
        self,
        files: Callable[[], Iterable[Path]],
        read: Callable[[], Read],
        take: Callable[[Read], None],
        reactor: Any,
    ) -> None:
        self._files = files
        self._read = read
        self._take = take
        self._reactor = reactor
        self._reading = False
        self._taken = self._seen = self._look()

    def tick(self) -> None:
        """Look; read when the files changed and have come to rest."""
        seen = self._look()
        at_rest, self._seen = seen == self._seen, seen
        if at_rest and seen != self._taken and not self._reading:
            self._taken = seen
            self._reading = True
            pool = self._reactor.getThreadPool()
            reading = deferToThreadPool(self._reactor, pool, self._read)
            reading.addBoth(self._done)
            reading.addCallback(self._take)
            reading.addErrback(_failed)

    def _done(self, read: Any) -> Any:
        self._reading = False
        return read

    def _look(self) -> Look:
        found = []
        for path in self._files():
            try:
                state = path.stat()
            except OSError:
                continue
            found.append((str(path), state.st_mtime_ns, state.st_size))
        return tuple(found)


def _failed(fault: Failure) -> None:
    log.failure("files that changed could not be read", fault)


def every(reactor: object, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
    """Call it every so often on the reactor; a failure is logged and does not end it. The result
    stops it."""
    from twisted.internet.task import LoopingCall

    def safely() -> None:
        try:
            call()
        except Exception:
            log.failure("a regular task failed")

    loop = LoopingCall(safely)
    loop.clock = reactor  # type: ignore[assignment]
    loop.start(seconds, now=False)
    return loop.stop
