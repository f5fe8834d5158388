"""Tokens in a dictionary, and administrators by their e-mail addresses."""

from __future__ import annotations

from gateway.accounts.books.access import Token, TokenKind
from gateway.accounts.records import Subscriber


class MemoryAccess:
    """Implements `AccessBook`."""

    numbers: dict[str, Subscriber]

    def __init__(self) -> None:
        super().__init__()
        self.tokens: dict[str, Token] = {}

    def administrator_of(self, alias: str) -> str | None:
        rows = (row for row in self.numbers.values() if row.role == "administrator")
        named = sorted(
            row.msisdn for row in rows if row.email and row.email.lower() == alias.lower()
        )
        return named[0] if named else None

    def save_token(self, token: Token) -> None:
        self.tokens[token.digest] = token

    def token(self, digest: str) -> Token | None:
        return self.tokens.get(digest)

    def drop_token(self, digest: str) -> bool:
        return self.tokens.pop(digest, None) is not None

    def drop_tokens(self, msisdn: str, kind: TokenKind) -> int:
        return self._drop([t for t in self.tokens.values() if (t.msisdn, t.kind) == (msisdn, kind)])

    def drop_expired_tokens(self, now: float) -> int:
        dated = [t for t in self.tokens.values() if t.expires_at is not None]
        return self._drop([t for t in dated if t.expires_at is not None and t.expires_at <= now])

    def _drop(self, tokens: list[Token]) -> int:
        for token in tokens:
            del self.tokens[token.digest]
        return len(tokens)
