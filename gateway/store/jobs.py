"""Jobs and orders in SQL. A job is deleted by the transaction that carries it out."""

from __future__ import annotations

import json

from sqlalchemy import delete, select, update

from gateway.accounts.books.jobs import Job, Order, Payload
from gateway.store.schema.jobs import job, order
from gateway.store.statements import (
    EMPTY,
    ONE,
    Operations,
    Row,
    clean,
    limited,
    names,
    parameter,
    row,
    statement,
    upsert,
)

_KEY = job.c.key == parameter("key_")
_WAITS = job.c.failure == EMPTY
_COLUMNS = (job.c.key, job.c.kind, job.c.subject, job.c.due, job.c.payload, job.c.attempts)
_SUBJECT = parameter("subject_")

_SCHEDULE = statement(lambda insert: upsert(insert, job), *names(job))
_JOB = statement(lambda _: select(*_COLUMNS).where(_KEY, _WAITS), "key_")
_CANCEL = statement(lambda _: delete(job).where(_KEY, _WAITS).returning(job.c.key), "key_")
_TAKE = statement(
    lambda _: (
        delete(job).where(_KEY, _WAITS, job.c.not_before <= parameter("now_")).returning(*_COLUMNS)
    ),
    "key_",
    "now_",
)
_DUE = statement(
    lambda _: limited(
        select(*_COLUMNS)
        .where(_WAITS, job.c.due <= parameter("now_"), job.c.not_before <= parameter("until_"))
        .order_by(job.c.due, job.c.key)
        .with_for_update(skip_locked=True)
    ),
    "now_",
    "until_",
    "limit",
)
_OF = statement(
    lambda _: (
        select(*_COLUMNS)
        .where(job.c.subject == _SUBJECT, job.c.kind == parameter("kind_"), _WAITS)
        .order_by(job.c.due, job.c.key)
    ),
    "subject_",
    "kind_",
)
_PUT_OFF = statement(
    lambda _: (
        update(job)
        .values(not_before=parameter("until_"), attempts=job.c.attempts + ONE)
        .where(_KEY)
    ),
    "until_",
    "key_",
)
_GIVE_UP = statement(
    lambda _: update(job).values(failure=parameter("failure_")).where(_KEY), "failure_", "key_"
)

_ADD_ORDER = statement(lambda insert: row(insert, order).returning(order.c.id), *names(order))
_ORDER = statement(lambda _: select(*order.columns).where(order.c.id == parameter("id_")), "id_")
_ORDERS = statement(
    lambda _: limited(
        select(*order.columns)
        .where(order.c.subject == _SUBJECT, order.c.kind == parameter("kind_"))
        .order_by(order.c.id.desc())
    ),
    "subject_",
    "kind_",
    "limit",
)
_UPDATE_ORDER = statement(
    lambda _: (
        update(order)
        .values(
            state=parameter("state_"), changed_at=parameter("at_"), payload=parameter("payload_")
        )
        .where(order.c.id == parameter("id_"))
    ),
    "state_",
    "at_",
    "payload_",
    "id_",
)


class Jobs(Operations):
    """Implements `JobsBook`."""

    __slots__ = ()

    def schedule(self, job: Job) -> None:
        body = _body(job.payload)
        values = (job.key, job.kind, job.subject, job.due, job.due, body, job.attempts, "")
        self._execute(_SCHEDULE[self._dialect], values)

    def job(self, key: str) -> Job | None:
        row = self._execute(_JOB[self._dialect], (key,)).fetchone()
        return None if row is None else _job(row)

    def cancel_job(self, key: str) -> bool:
        return self._execute(_CANCEL[self._dialect], (key,)).fetchone() is not None

    def take_job(self, key: str, now: float) -> Job | None:
        row = self._execute(_TAKE[self._dialect], (key, now)).fetchone()
        return None if row is None else _job(row)

    def due_jobs(self, now: float, limit: int) -> tuple[Job, ...]:
        rows = self._execute(_DUE[self._dialect], (now, now, limit)).fetchall()
        return tuple(_job(row) for row in rows)

    def jobs_of(self, subject: str, kind: str) -> tuple[Job, ...]:
        rows = self._execute(_OF[self._dialect], (subject, kind)).fetchall()
        return tuple(_job(row) for row in rows)

    def put_off_job(self, key: str, until: float) -> None:
        self._execute(_PUT_OFF[self._dialect], (until, key))

    def give_up_job(self, key: str, reason: str) -> None:
        self._execute(_GIVE_UP[self._dialect], (clean(reason) or "unknown", key))

    def add_order(self, order: Order) -> int:
        values = (order.kind, order.subject, order.msisdn, order.state, order.at)
        row = self._execute(
            _ADD_ORDER[self._dialect], (*values, order.changed_at, _body(order.payload))
        ).fetchone()
        assert row is not None, "an inserted row gives its number"
        return int(row[0])

    def order(self, id: int) -> Order | None:
        row = self._execute(_ORDER[self._dialect], (id,)).fetchone()
        return None if row is None else _order(row)

    def orders(self, subject: str, kinds: tuple[str, ...], limit: int) -> tuple[Order, ...]:
        rows = [
            row
            for kind in kinds
            for row in self._execute(_ORDERS[self._dialect], (subject, kind, limit)).fetchall()
        ]
        return tuple(_order(row) for row in sorted(rows, key=lambda row: -row[0])[:limit])

    def update_order(self, id: int, state: str, at: float, payload: Payload) -> None:
        self._execute(_UPDATE_ORDER[self._dialect], (state, at, _body(payload), id))


def _body(payload: Payload) -> str:
    return clean(json.dumps(dict(payload), ensure_ascii=False))


def _job(row: Row) -> Job:
    key, kind, subject, due, payload, attempts = row
    return Job(key, kind, subject, due, json.loads(payload), attempts)


def _order(row: Row) -> Order:
    id, kind, subject, msisdn, state, at, changed_at, payload = row
    return Order(id, kind, subject, msisdn, state, at, changed_at, json.loads(payload))
