"""The Writer: turns that arrive together share one transaction and one commit.

One thread takes what queued while the last commit ran, runs it in arrival order in one transaction,
commits, and hands all results over in one call. No result leaves before its commit. A turn that
raises undoes the batch; its neighbours are run again together and it alone, so a turn may run
twice and must touch nothing but its unit. When the database fails, every turn of the batch gets
`StoreUnavailable` and the keys make a retry safe.
"""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, NamedTuple, TypeVar

from gateway.store.connection import UnitConnection
from gateway.store.engine import Database
from gateway.store.errors import StoreUnavailable
from gateway.store.faults import in_a_line, is_contention, is_fault
from gateway.store.unit import SqlUnit
from gateway.turn.unit import Busy

T = TypeVar("T")
Handed = list[tuple[Callable[[Any], None], Any]]
"""(done, result) of each turn of a batch; an exception as result means it changed nothing."""
Deliver = Callable[[Handed], None]
Observe = Callable[[int, float, float], None]
"""Turns in the batch, seconds its oldest waited, seconds its commits took."""

QUEUE_TURNS_MAX = 4_096
BATCH_TURNS_MAX = 256
CONTENTION_TRIES_MAX = 5


class _Turn(NamedTuple):
    work: Callable[[SqlUnit], Any]
    done: Callable[[Any], None]
    at: float


class _TurnFailed(Exception):
    """The turn at `place` of a batch raised `error`; the batch is rolled back."""

    def __init__(self, place: int, error: Exception) -> None:
        super().__init__(place)
        self.place = place
        self.error = error


class Writer:
    """The only writer of this process. `deliver` is called in its thread, once a batch,
    and must not raise."""

    def __init__(
        self,
        database: Database,
        deliver: Deliver,
        clock: Callable[[], float],
        observe: Observe | None = None,
        queue_turns_max: int = QUEUE_TURNS_MAX,
        batch_turns_max: int = BATCH_TURNS_MAX,
    ) -> None:
        self._connection = UnitConnection(database)
        self._deliver = deliver
        self._clock = clock
        self._observe = observe
        self._queue_turns_max = queue_turns_max
        self._batch_turns_max = batch_turns_max
        self._queue: SimpleQueue[_Turn | None] = SimpleQueue()
        self._commit_seconds = 0.0
        self._closed = False
        self._thread = Thread(target=self._run, name="store-writer", daemon=True)

    def start(self) -> None:
        """Begin to run what is and will be submitted."""
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Turns in the queue."""
        return self._queue.qsize()

    def submit(
        self, work: Callable[[SqlUnit], T], done: Callable[[T | BaseException], None]
    ) -> None:
        """Queue a turn; `done` gets its result or its exception after the commit.

        Raises Busy where `queue_turns_max` wait already, and after `close`.
        """
        if self._closed:
            raise Busy("the store is closed")
        if self._queue.qsize() >= self._queue_turns_max:
            raise Busy(f"{self._queue_turns_max} turns are waiting")
        self._queue.put(_Turn(work, done, self._clock()))

    def close(self) -> None:
        """Take no more, finish what is queued, hand it over, close the connection. Blocks."""
        if self._closed:
            return
        self._closed = True
        if self._thread.ident is not None:
            self._queue.put(None)
            self._thread.join()

    # --- in the writer's thread --------------------------------------------------------------

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, last = self._drain(first)
            began = self._clock()
            self._commit_seconds = 0.0
            results = self._results(batch)
            if self._observe is not None:
                self._observe(len(batch), began - first.at, self._commit_seconds)
            self._deliver([(turn.done, res) for turn, res in zip(batch, results, strict=True)])
            if last:
                break
        self._connection.drop()

    def _drain(self, first: _Turn) -> tuple[list[_Turn], bool]:
        """All that waits, up to the limit; and whether the end was among it."""
        batch = [first]
        get = self._queue.get_nowait
        try:
            while len(batch) < self._batch_turns_max:
                turn = get()
                if turn is None:
                    return batch, True
                batch.append(turn)
        except Empty:
            pass
        return batch, False

    def _results(self, batch: list[_Turn]) -> list[Any]:
        """One result for each turn, every one committed or undone."""
        results: list[Any] = []
        while batch:
            try:
                return results + self._together(batch)
            except StoreUnavailable as unavailable:
                return results + [unavailable] * len(batch)
            except _TurnFailed as failed:
                results += self._results(batch[: failed.place])
                results.append(self._alone(batch[failed.place]))
                batch = batch[failed.place + 1 :]
        return results

    def _alone(self, turn: _Turn) -> Any:
        for _ in range(CONTENTION_TRIES_MAX):
            try:
                return self._together([turn])[0]
            except StoreUnavailable as unavailable:
                return unavailable
            except _TurnFailed as failed:
                if not is_contention(failed.error):
                    return failed.error
        return StoreUnavailable(f"gave way to other writers {CONTENTION_TRIES_MAX} times")

    def _together(self, batch: list[_Turn]) -> list[Any]:
        """One transaction. Raises _TurnFailed (undone) and StoreUnavailable."""
        connection = self._connection
        unit = connection.begin()
        results: list[Any] = []
        try:
            for turn in batch:
                results.append(turn.work(unit))
        except Exception as error:
            connection.rollback()
            if is_fault(error):
                raise StoreUnavailable(in_a_line(error)) from error
            raise _TurnFailed(len(results), error) from error
        began = self._clock()
        connection.commit()
        self._commit_seconds += self._clock() - began
        return results
