"""The mail: a letter waits in it until it was handed over. What is handed out for an attempt is
lent for a while, so that two processes do not try it at once and one that died holds up nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple, fields
from typing import Any

from sqlalchemy import delete, literal_column, select, update

from gateway.domain.port import Sms
from gateway.domain.report import Cell, Document
from gateway.store.schema.mail import mail
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
)
from gateway.turn.unit import Mail

_FIELDS = [field.name for field in fields(Document)]

_QUEUED = mail.c.state == literal_column("'queued'")
_ID = mail.c.id == parameter("id_")
_UNREAD = ("seq", "not_before", "state", "failure")
_COLUMNS = [column for column in mail.columns if column.name not in _UNREAD]

_QUEUE = statement(lambda insert: row(insert, mail), *names(mail))
_TAKE = statement(
    lambda _: (
        update(mail)
        .values(not_before=parameter("until_"), attempts=mail.c.attempts + ONE)
        .where(
            mail.c.seq.in_(
                limited(
                    select(mail.c.seq)
                    .where(_QUEUED, mail.c.not_before <= parameter("now_"))
                    .order_by(mail.c.not_before)
                    .with_for_update(skip_locked=True)
                )
            )
        )
        .returning(*_COLUMNS)
    ),
    "until_",
    "now_",
    "limit",
)
_SETTLE = statement(
    lambda _: (
        update(mail)
        .values(
            body=EMPTY,
            document=EMPTY,
            follow_up=EMPTY,
            state=parameter("state_"),
            failure=parameter("failure_"),
        )
        .where(_ID, _QUEUED)
        .returning(mail.c.id)
    ),
    "state_",
    "failure_",
    "id_",
)
_PUT_OFF = statement(
    lambda _: update(mail).values(not_before=parameter("until_")).where(_ID, _QUEUED),
    "until_",
    "id_",
)
_DROP = statement(
    lambda _: (
        delete(mail)
        .where(mail.c.state != literal_column("'queued'"), mail.c.at < parameter("before"))
        .returning(mail.c.id)
    ),
    "before",
)


class MailQueue(Operations):
    """Rows `mail`. A letter that no longer waits keeps its address and subject, not its words."""

    __slots__ = ()

    def queue_mail(self, mail: Mail) -> None:
        written = clean(mail.subject), clean(mail.body)
        document, then = mail.document, mail.then
        attached = (
            _json([getattr(document, name) for name in _FIELDS]) if document else "",
            mail.format,
            _json(astuple(then)) if then else "",
        )
        self._execute(
            _QUEUE[self._dialect],
            (
                *(mail.id, mail.to, *written, mail.at, *attached, mail.secret),
                *(mail.attempts, mail.at, "queued", ""),
            ),
        )

    def take_mail(self, now: float, until: float, limit: int) -> tuple[Mail, ...]:
        found = self._execute(_TAKE[self._dialect], (until, now, limit)).fetchall()
        return tuple(sorted(map(_mail, found), key=lambda mail: mail.at))

    def settle_mail(self, id: str, failure: str = "") -> bool:
        state = "failed" if failure else "sent"
        settled = self._execute(_SETTLE[self._dialect], (state, clean(failure), id))
        return settled.fetchone() is not None

    def put_off_mail(self, id: str, until: float) -> None:
        self._execute(_PUT_OFF[self._dialect], (until, id))

    def drop_mail(self, before: float) -> int:
        """Forget letters of before then that no longer wait; how many."""
        return len(self._execute(_DROP[self._dialect], (before,)).fetchall())


def _json(values: Sequence[Any]) -> str:
    return clean(json.dumps(values, ensure_ascii=False))


def _mail(values: Row) -> Mail:
    id, to, subject, body, at, document, format, then, secret, attempts = values
    return Mail(
        id=id,
        to=to,
        subject=subject,
        body=body,
        at=at,
        document=_document(json.loads(document)) if document else None,
        format=format,
        then=Sms(*json.loads(then)) if then else None,
        secret=bool(secret),
        attempts=attempts - 1,
    )


def _document(values: list[Any]) -> Document:
    title, about, heads, rows, totals = values
    return Document(title, about, tuple(heads), tuple(map(_line, rows)), _line(totals))


def _line(cells: list[Any]) -> tuple[Cell, ...]:
    return tuple(Cell(*cell) for cell in cells)
