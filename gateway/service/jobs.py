"""The runner of jobs: looks now and then for what is due, and has the writer carry it out.

A few jobs a commit, and the next few after it, so that dialogues come in between. When a manual
clock is advanced it says when nothing is left that was due by then.
"""

from __future__ import annotations

from traceback import format_exception
from typing import Any

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from gateway.channels.desk import Desk
from gateway.service.metrics import Metrics
from gateway.store.unit import SqlUnit
from gateway.turn.dated import Done, do_due

log = Logger()

JOBS_MAX = 16
"""Jobs in one turn of the writer."""


class JobRunner:
    """Lives on the reactor's thread."""

    def __init__(self, desk: Desk, metrics: Metrics) -> None:
        self._desk = desk
        self._metrics = metrics
        self._running = False
        self._again = False
        self._waiters: list[Deferred[None]] = []

    def tick(self) -> None:
        """Carry out what is due, if that is not under way already."""
        if not self._running:
            self._round()

    def settled(self) -> Deferred[None]:
        """Carry out what is due by now; fires when none of it is left."""
        waiter: Deferred[None] = Deferred()
        self._waiters.append(waiter)
        self._again = self._running  # the round under way may have begun before the clock moved
        self.tick()
        return waiter

    def _round(self) -> None:
        desk, now, next_id = self._desk, self._desk.now(), self._desk.ids.several()

        def work(unit: SqlUnit) -> tuple[Done, ...]:
            return do_due(now, unit, desk.world, next_id, JOBS_MAX)

        self._running = desk.try_put(work, lambda result: self._done(result, now))

    def _done(self, result: Any, now: float) -> None:
        self._running = False
        if isinstance(result, BaseException):  # the store: the next tick tries again
            log.error("jobs could not be carried out yet", error=repr(result))
            return
        for done in result:
            self._tell(done, now)
        self._desk.flush()
        if self._again or len(result) == JOBS_MAX:
            self._again = False
            self._round()
            return
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            waiter.callback(None)

    def _tell(self, done: Done, now: float) -> None:
        job = done.job
        self._metrics.job(job.kind, done.result, max(0.0, now - job.due))
        for sms in done.deliveries:
            self._desk.deliver(sms)
        if done.error is not None:
            log.error(
                "a job failed: {result}",
                result=done.result,
                job=job.key,
                kind=job.kind,
                attempts=job.attempts + 1,
                error=repr(done.error),
                traceback="".join(format_exception(done.error)),
            )
