"""Messages submitted with a schedule_delivery_time, until they are due."""

from __future__ import annotations

from sqlalchemy import delete, select

from gateway.store.schema.core import scheduled
from gateway.store.statements import (
    Operations,
    clean,
    limited,
    names,
    parameter,
    statement,
    upsert,
)
from gateway.turn.unit import Scheduled

_ID = scheduled.c.id == parameter("id_")
_PUT = statement(lambda insert: upsert(insert, scheduled), *names(scheduled))
_GET = statement(lambda _: select(scheduled).where(_ID), "id_")
_TAKE = statement(lambda _: delete(scheduled).where(_ID).returning(scheduled.c.id), "id_")
_BETWEEN = statement(
    lambda _: (
        select(scheduled)
        .where(
            scheduled.c.link == parameter("link_"),
            scheduled.c.source == parameter("source_"),
            scheduled.c.destination == parameter("destination_"),
        )
        .order_by(scheduled.c.due)
    ),
    "link_",
    "source_",
    "destination_",
)
_DUE = statement(
    lambda _: limited(
        select(scheduled).where(scheduled.c.due <= parameter("moment")).order_by(scheduled.c.due)
    ),
    "moment",
    "limit",
)
_NEXT = statement(
    lambda _: limited(
        select(scheduled).where(scheduled.c.due > parameter("moment")).order_by(scheduled.c.due)
    ),
    "moment",
    "limit",
)


class ScheduledMessages(Operations):
    """Rows `scheduled`."""

    __slots__ = ()

    def schedule(self, message: Scheduled) -> None:
        self._execute(
            _PUT[self._dialect],
            (
                message.id,
                message.link,
                message.source,
                message.destination,
                message.service_type,
                clean(message.text),
                message.data_coding,
                message.registered_delivery,
                message.due,
            ),
        )

    def scheduled(self, id: str) -> Scheduled | None:
        found = self._execute(_GET[self._dialect], (id,)).fetchone()
        return None if found is None else Scheduled(*found)

    def scheduled_for(self, link: str, source: str, destination: str) -> list[Scheduled]:
        rows = self._execute(_BETWEEN[self._dialect], (link, source, destination)).fetchall()
        return [Scheduled(*row) for row in rows]

    def unschedule(self, id: str) -> bool:
        return self._execute(_TAKE[self._dialect], (id,)).fetchone() is not None

    def scheduled_until(self, moment: float, limit: int) -> list[Scheduled]:
        rows = self._execute(_DUE[self._dialect], (moment, limit)).fetchall()
        if len(rows) < limit:
            rows += self._execute(_NEXT[self._dialect], (moment, 1)).fetchall()
        return [Scheduled(*row) for row in rows]
