"""What logins are proved by besides passwords: tokens, kept only as digests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

from gateway.accounts.books.jobs import Payload

TokenKind = Literal["session", "email", "access_code"]
"""A login remembered, an e-mail address to be confirmed, a code printed on an invoice."""


@dataclass(frozen=True, slots=True)
class Token:
    """Something long and random that stands for a number."""

    digest: str = field(repr=False)
    kind: TokenKind
    msisdn: str
    issued_at: float
    expires_at: float | None = None
    payload: Payload = field(default_factory=dict)


class AccessBook(Protocol):
    """Tokens by digest, and whom a login names."""

    def administrator_of(self, alias: str) -> str | None:
        """The MSISDN of the company administrator who logs in by this e-mail address."""
        ...

    def save_token(self, token: Token) -> None: ...
    def token(self, digest: str) -> Token | None: ...
    def drop_token(self, digest: str) -> bool:
        """Whether there was one: of two that spend it, one is told True."""
        ...

    def drop_tokens(self, msisdn: str, kind: TokenKind) -> int: ...
    def drop_expired_tokens(self, now: float) -> int: ...
