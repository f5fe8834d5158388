"""Login to the cabinet in two halves, because checking a password is slow by intent.

`login_begin` counts the attempt durably (commit it!) before anything is hashed, so that parallel
guesses share no attempt and a restart gives no new ones; then the service verifies the candidates
outside a turn; `login_finish` tells the book how it ended. Five failures lock; the sixth attempt
is refused even if right (K03). A company's login takes the permanent password alone (A38), and
after two wrong ones a captcha before anything is counted (A30).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from gateway.accounts.access.captcha import Captcha, forget_logins, needs_captcha
from gateway.accounts.book import Book, Credential, Login, Subscriber
from gateway.accounts.request import Core
from gateway.domain.numbers import normalise_msisdn
from gateway.domain.port import Message
from gateway.domain.values import Values

_CORPORATE_PREFIX = "CP_"


@dataclass(frozen=True, slots=True)
class LoginForm:
    """What a login form sends, without the password."""

    login: str
    region: str = ""
    """Where the SIM is registered; a company's form asks it (A39)."""
    captcha: str = ""
    """The id of the captcha shown, and the answer to it."""
    captcha_answer: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a login names."""

    msisdn: str
    """Empty where it names nobody."""
    corporate: bool


@dataclass(frozen=True, slots=True)
class LoginAttempt:
    """An attempt that was counted, and what its password may be verified against."""

    msisdn: str
    candidates: tuple[Credential, ...] = field(repr=False)
    """Empty for an unknown number: hash something anyway, so that timing tells nothing."""
    attempts_left: int
    corporate: bool = False
    login: str = ""


@dataclass(frozen=True, slots=True)
class LoginResult:
    """How a login ended. `level` is empty unless it is ok; `messages` are to be sent."""

    outcome: Literal["ok", "wrong", "locked", "captcha"]
    attempts_left: int = 0
    level: str = ""
    messages: tuple[Message, ...] = ()
    captcha: Captcha | None = None
    """To be answered before the next attempt."""


def whose_login(book: Book, login: str) -> Who:
    """The number behind a login: ten digits (A01); `CP_` and ten digits, an e-mail address or an
    approved login of a company's administrator (A36, A37, K10)."""
    login = login.strip()
    if login.startswith(_CORPORATE_PREFIX):
        return Who(normalise_msisdn(login.removeprefix(_CORPORATE_PREFIX)) or "", True)
    number = normalise_msisdn(login)
    if number is not None:
        return Who(number, False)
    named = book.administrator_of(login) or book.approved_login(login.lower())
    return Who(named or "", True)


def login_begin(book: Book, form: LoginForm, now: float, core: Core) -> LoginAttempt | LoginResult:
    """Count one attempt. A `LoginResult` refuses it before anything is hashed: locked, or the
    captcha that must be answered first."""
    who, terms = whose_login(book, form.login), core.terms.password
    if who.corporate:
        captcha = needs_captcha(book, form.login, form.captcha, form.captcha_answer, now, core)
        if captcha is not None:
            return LoginResult("captcha", captcha=captcha)
    if book.failures(who.msisdn) >= terms.failures_max:
        return LoginResult("locked")
    subscriber = book.subscriber(who.msisdn)
    if subscriber is None or (who.corporate and subscriber.role != "administrator"):
        return LoginAttempt(who.msisdn, (), terms.failures_max - 1, who.corporate, form.login)
    failures = book.count_failure(who.msisdn, now)
    if failures > terms.failures_max:
        return LoginResult("locked")
    candidates = _candidates(book, subscriber, form, who.corporate, now)
    left = terms.failures_max - failures
    return LoginAttempt(who.msisdn, candidates, left, who.corporate, form.login)


def _candidates(
    book: Book, subscriber: Subscriber, form: LoginForm, corporate: bool, now: float
) -> tuple[Credential, ...]:
    if corporate and form.region not in ("", subscriber.region):
        return ()
    kinds = ("permanent",) if corporate else ("permanent", "one_time")
    standing = (book.credential(subscriber.msisdn, kind) for kind in kinds)
    return tuple(one for one in standing if one is not None and _stands(one, now))


def login_finish(
    book: Book,
    attempt: LoginAttempt,
    matched: Credential | None,
    now: float,
    core: Core,
    channel: str,
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
    if attempt.corporate:
        forget_logins(book, attempt.login)
    return logged_in(book, subscriber, core.policy.level_of(subscriber, "password"), now, channel)


def logged_in(
    book: Book, subscriber: Subscriber, level: str, now: float, channel: str
) -> LoginResult:
    """Somebody is in: it stands in the history, and is told where the subscriber wants it (A20)."""
    book.add_login(Login(subscriber.msisdn, now, channel))
    messages: tuple[Message, ...] = ()
    if subscriber.login_alert:
        values: Values = {"at": int(now), "channel": channel}
        messages = (Message(subscriber.msisdn, "sms.login", values, subscriber.language),)
    return LoginResult("ok", level=level, messages=messages)


def _stands(credential: Credential, now: float) -> bool:
    return credential.expires_at is None or now < credential.expires_at


def _still(book: Book, matched: Credential, now: float) -> bool:
    return _stands(matched, now) and book.credential(matched.msisdn, matched.kind) == matched
