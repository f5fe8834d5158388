"""Tokens: a remembered login (A29), an address to confirm (A35), the code of an invoice (A40).

What leaves is digits drawn once; what is kept is their peppered digest. Whoever changes the
password ends every remembered login.
"""

from __future__ import annotations

from gateway.accounts.book import Book
from gateway.accounts.books.access import Token, TokenKind
from gateway.accounts.books.jobs import Payload
from gateway.accounts.request import Core, Secret

_DIGITS: dict[TokenKind, int] = {"session": 40, "email": 40, "access_code": 12}


def mint_token(
    book: Book,
    kind: TokenKind,
    msisdn: str,
    now: float,
    core: Core,
    payload: Payload | None = None,
) -> Secret:
    """Draw one and keep its digest; one of a kind other than a login replaces the earlier."""
    terms = core.terms.password
    seconds = {"session": terms.session_seconds_max, "email": terms.email_seconds_max}.get(kind)
    if kind != "session":
        book.drop_tokens(msisdn, kind)
    plain = Secret(core.randomness.digits(_DIGITS[kind]))
    expires_at = None if seconds is None else now + seconds
    book.save_token(Token(_digest(core, kind, plain), kind, msisdn, now, expires_at, payload or {}))
    return plain


def find_token(book: Book, kind: TokenKind, plain: str, now: float, core: Core) -> Token | None:
    """The token that `plain` is, while it stands."""
    token = book.token(_digest(core, kind, plain.strip()))
    if token is None or token.kind != kind:
        return None
    return token if token.expires_at is None or token.expires_at > now else None


def spend_token(book: Book, kind: TokenKind, plain: str, now: float, core: Core) -> Token | None:
    """The same, and it is used up: of two that give it at once, one gets it."""
    token = find_token(book, kind, plain, now, core)
    return token if token is not None and book.drop_token(token.digest) else None


def _digest(core: Core, kind: TokenKind, plain: str) -> str:
    return core.hasher.quick(f"token:{kind}:{plain}")
