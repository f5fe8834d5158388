"""Passwords, wrong guesses, logins and one-operation codes. Only digests are kept."""

from __future__ import annotations

import json
from operator import attrgetter

from sqlalchemy import case, delete, select
from sqlalchemy.sql.expression import ClauseElement

from gateway.accounts.book import Credential, Login, PendingCode
from gateway.store.schema.core import attempt, credential, login, login_failure, pending_code
from gateway.store.statements import (
    ONE,
    Insert,
    Operations,
    limited,
    names,
    parameter,
    row,
    statement,
    upsert,
)

_MSISDN = parameter("msisdn_")

_values = attrgetter(*names(credential))
_OWN = names(credential).index("own")
_CREDENTIAL = (credential.c.msisdn == _MSISDN, credential.c.kind == parameter("kind_"))
_FIND = statement(lambda _: select(*credential.columns).where(*_CREDENTIAL), "msisdn_", "kind_")
_SAVE = statement(lambda insert: upsert(insert, credential), *names(credential))
_DROP = statement(lambda _: delete(credential).where(*_CREDENTIAL), "msisdn_", "kind_")

_FAILURES = statement(
    lambda _: select(login_failure.c.failed).where(login_failure.c.msisdn == _MSISDN), "msisdn_"
)
_FAIL = statement(
    lambda insert: (
        insert(login_failure)
        .values(msisdn=parameter("msisdn"), failed=ONE, at=parameter("at"))
        .on_conflict_do_update(
            index_elements=["msisdn"],
            set_={"failed": login_failure.c.failed + ONE, "at": parameter("at_")},
        )
        .returning(login_failure.c.failed)
    ),
    "msisdn",
    "at",
    "at_",
)
_FORGIVE = statement(
    lambda _: delete(login_failure).where(login_failure.c.msisdn == _MSISDN), "msisdn_"
)

_ADD_LOGIN = statement(lambda insert: row(insert, login), *names(login))
_LOGINS = statement(
    lambda _: limited(
        select(login.c.msisdn, login.c.at, login.c.channel)
        .where(login.c.msisdn == _MSISDN)
        .order_by(login.c.at.desc(), login.c.id.desc())
    ),
    "msisdn_",
    "limit",
)

_ATTEMPT = (attempt.c.purpose == parameter("purpose_"), attempt.c.msisdn == _MSISDN)
_OVER = attempt.c.began <= parameter("before")
"""The window that the row tells of has ended."""


def _count_attempt(insert: Insert) -> ClauseElement:
    """Count in the window, or begin one where it has ended."""
    return (
        insert(attempt)
        .values(
            purpose=parameter("purpose"),
            msisdn=parameter("msisdn"),
            began=parameter("began"),
            attempts=ONE,
        )
        .on_conflict_do_update(
            index_elements=["purpose", "msisdn"],
            set_={
                "began": case((_OVER, parameter("now")), else_=attempt.c.began),
                "attempts": case((_OVER, ONE), else_=attempt.c.attempts + ONE),
            },
        )
        .returning(attempt.c.attempts)
    )


_COUNT_ATTEMPT = statement(_count_attempt, "purpose", "msisdn", "began", "before", "now", "before")
_ATTEMPTS = statement(
    lambda _: select(attempt.c.attempts).where(*_ATTEMPT, ~_OVER), "purpose_", "msisdn_", "before"
)
_CLEAR_ATTEMPTS = statement(lambda _: delete(attempt).where(*_ATTEMPT), "purpose_", "msisdn_")

_CODE = (pending_code.c.msisdn == _MSISDN, pending_code.c.purpose == parameter("purpose_"))
_FIND_CODE = statement(lambda _: select(*pending_code.columns).where(*_CODE), "msisdn_", "purpose_")
_SAVE_CODE = statement(lambda insert: upsert(insert, pending_code), *names(pending_code))
_DROP_CODE = statement(lambda _: delete(pending_code).where(*_CODE), "msisdn_", "purpose_")


class Credentials(Operations):
    """Rows `credential`, `login_failure`, `login`, `attempt` and `pending_code`."""

    __slots__ = ()

    def credential(self, msisdn: str, kind: str) -> Credential | None:
        row = self._execute(_FIND[self._dialect], (msisdn, kind)).fetchone()
        if row is None:
            return None
        values = list(row)
        values[_OWN] = bool(values[_OWN])
        return Credential(*values)

    def save_credential(self, credential: Credential) -> None:
        self._execute(_SAVE[self._dialect], _values(credential))

    def drop_credential(self, msisdn: str, kind: str) -> None:
        self._execute(_DROP[self._dialect], (msisdn, kind))

    def failures(self, msisdn: str) -> int:
        row = self._execute(_FAILURES[self._dialect], (msisdn,)).fetchone()
        return 0 if row is None else int(row[0])

    def count_failure(self, msisdn: str, now: float) -> int:
        row = self._execute(_FAIL[self._dialect], (msisdn, now, now)).fetchone()
        assert row is not None, "an upsert returns its row"
        return int(row[0])

    def clear_failures(self, msisdn: str) -> None:
        self._execute(_FORGIVE[self._dialect], (msisdn,))

    def add_login(self, login: Login) -> None:
        self._execute(_ADD_LOGIN[self._dialect], (login.msisdn, login.at, login.channel))

    def logins(self, msisdn: str, limit: int) -> tuple[Login, ...]:
        rows = self._execute(_LOGINS[self._dialect], (msisdn, limit)).fetchall()
        return tuple(Login(*row) for row in rows)

    def count_attempt(self, purpose: str, msisdn: str, now: float, window_seconds: float) -> int:
        before = now - window_seconds
        row = self._execute(
            _COUNT_ATTEMPT[self._dialect], (purpose, msisdn, now, before, now, before)
        ).fetchone()
        assert row is not None, "an upsert returns its row"
        return int(row[0])

    def attempts(self, purpose: str, msisdn: str, now: float, window_seconds: float) -> int:
        row = self._execute(
            _ATTEMPTS[self._dialect], (purpose, msisdn, now - window_seconds)
        ).fetchone()
        return 0 if row is None else int(row[0])

    def clear_attempts(self, purpose: str, msisdn: str) -> None:
        self._execute(_CLEAR_ATTEMPTS[self._dialect], (purpose, msisdn))

    def save_code(self, code: PendingCode) -> None:
        payload = json.dumps(dict(code.payload), ensure_ascii=False)
        self._execute(
            _SAVE_CODE[self._dialect],
            (code.msisdn, code.purpose, code.digest, payload, code.expires_at),
        )

    def code(self, msisdn: str, purpose: str) -> PendingCode | None:
        row = self._execute(_FIND_CODE[self._dialect], (msisdn, purpose)).fetchone()
        if row is None:
            return None
        return PendingCode(row[0], row[1], row[2], json.loads(row[3]), row[4])

    def drop_code(self, msisdn: str, purpose: str) -> None:
        self._execute(_DROP_CODE[self._dialect], (msisdn, purpose))
