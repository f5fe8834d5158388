"""Login to the cabinet in two halves, because checking a password is slow by intent.

`login_begin` counts the attempt durably (commit it!) before anything is hashed, so that parallel
guesses share no attempt and a restart gives no new ones; then the service verifies the candidates
outside a turn; `login_finish` tells the book how it ended. Five failures lock; the sixth attempt
is refused even if right (K03).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from gateway.accounts.book import Book, Credential, Login
from gateway.accounts.policy import level_of
from gateway.charging.tariff import PasswordTerms
from gateway.domain.numbers import normalise_msisdn
from gateway.domain.port import Message
from gateway.domain.values import Values

_CORPORATE_PREFIX = "CP_"


@dataclass(frozen=True, slots=True)
class LoginAttempt:
    """An attempt that was counted, and what its password may be verified against."""

    msisdn: str
    candidates: tuple[Credential, ...] = field(repr=False)
    """Empty for an unknown number: hash something anyway, so that timing tells nothing."""
    attempts_left: int


@dataclass(frozen=True, slots=True)
class LoginResult:
    """How a login ended. `level` is empty unless it is ok; `messages` are to be sent."""

    outcome: Literal["ok", "wrong", "locked"]
    attempts_left: int = 0
    level: str = ""
    messages: tuple[Message, ...] = ()


def login_msisdn(login: str) -> str | None:
    """The number behind a login: ten digits (A01), or `CP_` and ten digits (A37, K10)."""
    return normalise_msisdn(login.removeprefix(_CORPORATE_PREFIX))


def login_begin(
    book: Book, msisdn: str, now: float, terms: PasswordTerms
) -> LoginAttempt | LoginResult:
    """Count one attempt. A `LoginResult("locked")` refuses it before anything is hashed."""
    if book.failures(msisdn) >= terms.failures_max:
        return LoginResult("locked")
    if book.subscriber(msisdn) is None:
        return LoginAttempt(msisdn, (), terms.failures_max - 1)
    failures = book.count_failure(msisdn, now)
    if failures > terms.failures_max:
        return LoginResult("locked")
    standing = (book.credential(msisdn, kind) for kind in ("permanent", "one_time"))
    candidates = tuple(one for one in standing if one is not None and _stands(one, now))
    return LoginAttempt(msisdn, candidates, terms.failures_max - failures)


def login_finish(
    book: Book, attempt: LoginAttempt, matched: Credential | None, now: float, channel: str
) -> LoginResult:
    """Close the attempt: `matched` is the candidate whose password was right, or None.

    A candidate that was spent, replaced or expired meanwhile no longer counts, so a one-time
    password is good once even when it is given twice at the same moment. `channel` is the way
    in as the history shows it (`web`, `voice`, …).
    """
    subscriber = book.subscriber(attempt.msisdn)
    if subscriber is None or matched is None or not _still(book, matched, now):
        return LoginResult("wrong", attempt.attempts_left)
    if matched.kind == "one_time":
        book.drop_credential(matched.msisdn, "one_time")
    book.clear_failures(matched.msisdn)
    book.add_login(Login(matched.msisdn, now, channel))
    messages: tuple[Message, ...] = ()
    if subscriber.login_alert:
        values: Values = {"at": int(now), "channel": channel}
        messages = (Message(subscriber.msisdn, "sms.login", values, subscriber.language),)
    return LoginResult("ok", level=level_of(subscriber, "password"), messages=messages)


def _stands(credential: Credential, now: float) -> bool:
    return credential.expires_at is None or now < credential.expires_at


def _still(book: Book, matched: Credential, now: float) -> bool:
    return _stands(matched, now) and book.credential(matched.msisdn, matched.kind) == matched
