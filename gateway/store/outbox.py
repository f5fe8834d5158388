"""The outbox: an SMS waits in it until its peer has acknowledged it, through any restart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import delete, literal_column, select, update

from gateway.domain.port import Sms
from gateway.store.schema.core import outbox
from gateway.store.statements import (
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

State = Literal["queued", "acknowledged", "failed"]
MASK = "***"
"""What stands for a secret text once it is no longer needed."""


@dataclass(frozen=True, slots=True)
class Message:
    """An SMS of the outbox and how far it came."""

    sms: Sms
    state: State
    attempts: int
    acknowledged_at: float | None


_QUEUED = outbox.c.state == literal_column("'queued'")
_ID = outbox.c.id == parameter("id_")
_SMS = [outbox.c[name] for name in ("id", "link", "msisdn", "sender", "text", "at", "secret")]

_QUEUE = statement(lambda insert: row(insert, outbox), *names(outbox))
_OLDEST = select(*_SMS).where(_QUEUED).order_by(outbox.c.seq)
_PENDING = statement(lambda _: limited(_OLDEST), "limit")
_PENDING_ON = statement(
    lambda _: limited(_OLDEST.where(outbox.c.link == parameter("link_"))), "link_", "limit"
)
_OF_NUMBER = statement(
    lambda _: limited(
        select(*_SMS, outbox.c.state, outbox.c.attempts, outbox.c.acknowledged_at)
        .where(outbox.c.msisdn == parameter("msisdn_"))
        .order_by(outbox.c.seq.desc())
    ),
    "msisdn_",
    "limit",
)
_RESOLVE = statement(
    lambda _: (
        update(outbox)
        .values(state=parameter("state_"), acknowledged_at=parameter("at_"))
        .where(_ID, _QUEUED)
        .returning(outbox.c.id)
    ),
    "state_",
    "at_",
    "id_",
)
_ATTEMPT = statement(
    lambda _: (
        update(outbox)
        .values(attempts=outbox.c.attempts + ONE)
        .where(_ID)
        .returning(outbox.c.attempts)
    ),
    "id_",
)
_RESOLVED_BEFORE = (
    outbox.c.state != literal_column("'queued'"),
    outbox.c.at < parameter("before"),
)
_MASK_SECRETS = statement(
    lambda _: (
        update(outbox)
        .values(text=literal_column(f"'{MASK}'"))
        .where(outbox.c.secret, outbox.c.text != literal_column(f"'{MASK}'"), *_RESOLVED_BEFORE)
        .returning(outbox.c.id)
    ),
    "before",
)
_DROP = statement(
    lambda _: delete(outbox).where(*_RESOLVED_BEFORE).returning(outbox.c.id), "before"
)


def _sms(values: Row) -> Sms:
    id, link, msisdn, sender, text, at, secret = values[:7]
    return Sms(id, link, msisdn, sender, text, at, bool(secret))


class Outbox(Operations):
    """Rows `outbox`."""

    __slots__ = ()

    def queue_sms(self, sms: Sms) -> None:
        """Put it at the end; its id is new, or the database refuses it as a bug."""
        self._execute(
            _QUEUE[self._dialect],
            (
                sms.id,
                sms.link,
                sms.msisdn,
                sms.sender,
                clean(sms.text),
                sms.at,
                sms.secret,
                "queued",
                0,
                None,
            ),
        )

    def pending(self, link: str | None = None, limit: int = 1_000) -> list[Sms]:
        """The oldest that wait, of one link or of all, in the order in which they were queued."""
        if link is None:
            rows = self._execute(_PENDING[self._dialect], (limit,)).fetchall()
        else:
            rows = self._execute(_PENDING_ON[self._dialect], (link, limit)).fetchall()
        return [_sms(values) for values in rows]

    def attempted(self, id: str) -> int:
        """It was sent once more; how often by now (0 where it is unknown)."""
        found = self._execute(_ATTEMPT[self._dialect], (id,)).fetchone()
        return 0 if found is None else int(found[0])

    def acknowledge(self, id: str, at: float) -> bool:
        """The peer took it: it is not sent again. False where it no longer waited."""
        return self._resolve("acknowledged", id, at)

    def fail(self, id: str) -> bool:
        """The peer refused it for good. False where it no longer waited."""
        return self._resolve("failed", id, None)

    def _resolve(self, state: State, id: str, at: float | None) -> bool:
        return self._execute(_RESOLVE[self._dialect], (state, at, id)).fetchone() is not None

    def messages(self, msisdn: str, limit: int = 1_000) -> list[Message]:
        """The newest `limit` SMS to a number, oldest first."""
        rows = self._execute(_OF_NUMBER[self._dialect], (msisdn, limit)).fetchall()
        return [Message(_sms(values), *values[7:]) for values in reversed(rows)]

    def mask_secrets(self, before: float) -> int:
        """Overwrite passwords and codes in messages of before then that no longer wait."""
        return len(self._execute(_MASK_SECRETS[self._dialect], (before,)).fetchall())

    def drop_messages(self, before: float) -> int:
        """Forget messages of before then that no longer wait; how many."""
        return len(self._execute(_DROP[self._dialect], (before,)).fetchall())
