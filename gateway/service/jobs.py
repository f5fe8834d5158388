"""The runner of jobs: looks now and then for what is due, and has the writer carry it out.

A few jobs a commit, and the next few after it, so that dialogues come in between.
"""

from __future__ import annotations

from traceback import format_exception
from typing import Any

from twisted.logger import Logger

from gateway.channels.desk import Desk
from gateway.service.metrics import Metrics
from gateway.service.rounds import Rounds
from gateway.store.unit import SqlUnit
from gateway.turn.dated import Done, do_due

log = Logger()

JOBS_MAX = 4
"""Jobs in one turn of the writer: a millisecond each. With 16, a midnight of 10,000 changes made
dialogues beside it four times as slow (`scripts/bench batch`)."""


class JobRunner:
    """Lives on the reactor's thread."""

    def __init__(self, desk: Desk, metrics: Metrics) -> None:
        self._desk = desk
        self._metrics = metrics
        self.rounds = Rounds(self._begin)

    def _begin(self) -> bool:
        desk, now, next_id = self._desk, self._desk.now(), self._desk.ids.several()

        def work(unit: SqlUnit) -> tuple[Done, ...]:
            return do_due(now, unit, desk.world, next_id, JOBS_MAX)

        return desk.try_put(work, lambda result: self._done(result, now))

    def _done(self, result: Any, now: float) -> None:
        if isinstance(result, BaseException):
            log.error("jobs could not be carried out yet", error=repr(result))
            self.rounds.broke()
            return
        for done in result:
            self._tell(done, now)
        self._desk.flush()
        self.rounds.ended(more=bool(result))

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
