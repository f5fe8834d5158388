"""Tokens in SQL by digest, and administrators by their e-mail addresses."""

from __future__ import annotations

import json

from sqlalchemy import delete, func, literal_column, select

from gateway.accounts.books.access import Token, TokenKind
from gateway.store.schema.access import token
from gateway.store.schema.core import subscriber
from gateway.store.statements import (
    EMPTY,
    Operations,
    clean,
    names,
    parameter,
    statement,
    upsert,
)

_DIGEST = token.c.digest == parameter("digest_")
_ADMINISTRATOR = statement(
    lambda _: select(func.min(subscriber.c.msisdn)).where(
        subscriber.c.email != EMPTY,
        func.lower(subscriber.c.email) == parameter("alias_"),
        subscriber.c.role == literal_column("'administrator'"),
    ),
    "alias_",
)
_SAVE = statement(lambda insert: upsert(insert, token), *names(token))
_TOKEN = statement(lambda _: select(*token.columns).where(_DIGEST), "digest_")
_DROP = statement(lambda _: delete(token).where(_DIGEST).returning(token.c.digest), "digest_")
_DROP_OF = statement(
    lambda _: delete(token).where(
        token.c.msisdn == parameter("msisdn_"), token.c.kind == parameter("kind_")
    ),
    "msisdn_",
    "kind_",
)
_DROP_EXPIRED = statement(
    lambda _: delete(token).where(token.c.expires_at <= parameter("now_")), "now_"
)


class Access(Operations):
    """Implements `AccessBook`."""

    __slots__ = ()

    def administrator_of(self, alias: str) -> str | None:
        row = self._execute(_ADMINISTRATOR[self._dialect], (clean(alias).lower(),)).fetchone()
        return None if row is None or row[0] is None else str(row[0])

    def save_token(self, token: Token) -> None:
        body = clean(json.dumps(dict(token.payload), ensure_ascii=False))
        who = (token.digest, token.kind, token.msisdn)
        self._execute(_SAVE[self._dialect], (*who, token.issued_at, token.expires_at, body))

    def token(self, digest: str) -> Token | None:
        row = self._execute(_TOKEN[self._dialect], (digest,)).fetchone()
        if row is None:
            return None
        digest, kind, msisdn, issued_at, expires_at, payload = row
        return Token(digest, kind, msisdn, issued_at, expires_at, json.loads(payload))

    def drop_token(self, digest: str) -> bool:
        return self._execute(_DROP[self._dialect], (digest,)).fetchone() is not None

    def drop_tokens(self, msisdn: str, kind: TokenKind) -> int:
        return self._execute(_DROP_OF[self._dialect], (msisdn, kind)).rowcount

    def drop_expired_tokens(self, now: float) -> int:
        return self._execute(_DROP_EXPIRED[self._dialect], (now,)).rowcount
