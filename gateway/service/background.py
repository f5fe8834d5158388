"""What the service does by the clock, behind the dialogues: jobs, letters, housekeeping."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from gateway.channels.desk import Desk, nothing
from gateway.service.carriers import carrier_of
from gateway.service.config import Config
from gateway.service.jobs import JobRunner
from gateway.service.mailer import Mailer
from gateway.service.metrics import Metrics
from gateway.service.watch import every
from gateway.store.unit import SqlUnit

KEEP_SECONDS = 30 * 86_400.0
"""Settled SMS and letters older than that are forgotten."""
SECRET_SECONDS = 3_600.0
"""Passwords in settled SMS older than that are masked."""
HOUSEKEEPING_SECONDS = 60.0
DUE_SECONDS = 1.0
"""How often the store is asked which jobs and letters are due."""


class Background:
    """Lives on the reactor's thread; works in the writer's, and the mailer's own."""

    def __init__(self, config: Config, desk: Desk, metrics: Metrics, reactor: Any) -> None:
        self._desk = desk
        self._reactor = reactor
        self._jobs = JobRunner(desk, metrics)
        carrier = carrier_of(
            config.data, config.smtp, config.smtp_tls, config.smtp_user, config.smtp_password
        )
        self._mailer = Mailer(desk, carrier, config.mail_from, metrics, reactor)

    def start(self) -> Iterator[Callable[[], None]]:
        """Begin; what stops each part again, in order."""
        self._mailer.start()
        yield every(self._reactor, DUE_SECONDS, self._jobs.rounds.tick)
        yield every(self._reactor, DUE_SECONDS, self._mailer.rounds.tick)
        yield every(self._reactor, HOUSEKEEPING_SECONDS, self.keep_house)
        yield self._mailer.stop

    def settled(self) -> Any:
        """Carry out whatever is due by now; the Deferred fires when it is done, and the letters
        it wrote have been tried."""
        return self._jobs.rounds.settled().addCallback(lambda _: self._mailer.rounds.settled())

    def keep_house(self) -> None:
        """Forget what is old."""
        now = self._desk.now()

        def work(unit: SqlUnit) -> None:
            unit.drop_expired_replays(now)
            unit.mask_secrets(now - SECRET_SECONDS)
            unit.drop_messages(now - KEEP_SECONDS)
            unit.drop_mail(now - KEEP_SECONDS)
            unit.book.expire_holds(now)

        self._desk.try_put(work, nothing)
