"""What the web does with a password: changes it against the old one (A10), registers an address.

A password chosen on the web may be of any characters (A34); one typed on a keypad is digits (K16).
Digests are made outside the turn and handed in.
"""

from __future__ import annotations

from gateway.accounts.access.login import LoginAttempt, login_finish
from gateway.accounts.access.tokens import mint_token, spend_token
from gateway.accounts.book import Book, Credential
from gateway.accounts.request import Core
from gateway.domain.port import Letter
from gateway.domain.values import Values


def fits_web(password: str, msisdn: str, core: Core) -> bool:
    """Whether it may be chosen: long enough, printable, not one character, not the number."""
    terms = core.terms.password
    return (
        terms.web_characters_min <= len(password) <= terms.web_characters_max
        and password.isprintable()
        and len(set(password)) > 1
        and not (msisdn and password in msisdn)
    )


def finish_change(
    book: Book,
    attempt: LoginAttempt,
    matched: Credential | None,
    digest: str,
    now: float,
    core: Core,
) -> str:
    """Put the new password in the old one's place: `ok`, or `login_wrong` where the old one was.
    Every remembered login ends."""
    if login_finish(book, attempt, matched, now, core, "web").outcome != "ok":
        return "login_wrong"
    _own(book, attempt.msisdn, digest, now)
    return "ok"


def ask_address(book: Book, msisdn: str, email: str, now: float, core: Core) -> Letter | None:
    """The letter with the link that confirms an address; None for an unknown number."""
    subscriber = book.subscriber(msisdn)
    if subscriber is None:
        return None
    token = mint_token(book, "email", msisdn, now, core, {"email": email})
    values: Values = {"link": f"{core.terms.confirm_link}{token}"}
    return Letter(email, "mail.confirm", values, subscriber.language, secret=True)


def register(
    book: Book, access_code: str, email: str, digest: str, now: float, core: Core
) -> Letter | None:
    """A login by e-mail for whoever has the code printed on the invoice (A36, A40): the letter with
    the link that makes it so. None where the code is not known."""
    code = spend_token(book, "access_code", access_code, now, core)
    if code is None:
        return None
    subscriber = book.subscriber(code.msisdn)
    assert subscriber is not None, "a code was printed for a number of ours"
    payload = {"email": email, "digest": digest}
    token = mint_token(book, "email", code.msisdn, now, core, payload)
    values: Values = {"link": f"{core.terms.confirm_link}{token}"}
    return Letter(email, "mail.confirm", values, subscriber.language, secret=True)


def confirm_address(book: Book, plain: str, now: float, core: Core) -> str | None:
    """The link was followed: the address stands, and the password that came with it. The number;
    None where the link is unknown, spent or too old."""
    token = spend_token(book, "email", plain, now, core)
    if token is None:
        return None
    book.update_subscriber(token.msisdn, {"email": str(token.payload["email"])})
    digest = str(token.payload.get("digest", ""))
    if digest:
        _own(book, token.msisdn, digest, now)
    return token.msisdn


def _own(book: Book, msisdn: str, digest: str, now: float) -> None:
    book.drop_credential(msisdn, "one_time")
    book.save_credential(Credential(msisdn, "permanent", digest, now, own=True))
    book.clear_failures(msisdn)
    book.drop_tokens(msisdn, "session")
