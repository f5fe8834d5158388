"""A captcha: a sum to work out, asked of a company's login after two wrong passwords (A30, K15).

It is counted by the login as it was written, whether or not it names anybody, so that the demand
tells nothing; an answer is good for one attempt, and a right one lets that attempt be counted.
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.accounts.book import Book, PendingCode
from gateway.accounts.request import Core

_PURPOSE = "captcha"
_WRONG = "corporate_login"
_ID_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Captcha:
    """What the form must show. `question` is a sum in figures, alike in every language."""

    id: str
    question: str


def forget_logins(book: Book, login: str) -> None:
    """The login was right: the next is asked nothing."""
    book.clear_attempts(_WRONG, _key(login))


def needs_captcha(
    book: Book, login: str, id: str, answer: str, now: float, core: Core
) -> Captcha | None:
    """None: the attempt may be made, and is counted. Otherwise the captcha that stands before."""
    terms, key = core.terms.password, _key(login)
    wrong = book.attempts(_WRONG, key, now, terms.captcha_seconds_max)
    if wrong >= terms.captcha_after and not _answered(book, key, id, answer, now, core):
        return _ask(book, key, now, core)
    book.count_attempt(_WRONG, key, now, terms.captcha_seconds_max)  # a right one is forgotten
    return None


def _answered(book: Book, key: str, id: str, answer: str, now: float, core: Core) -> bool:
    pending = book.code(key, _PURPOSE)
    if pending is None:
        return False
    book.drop_code(key, _PURPOSE)  # right or wrong, it is not asked twice
    return pending.expires_at > now and pending.digest == _digest(core, id, answer.strip())


def _ask(book: Book, key: str, now: float, core: Core) -> Captcha:
    draw = core.randomness.digits
    first, second, id = int(draw(1)) + 10, int(draw(1)) + 1, draw(_ID_DIGITS)
    digest = _digest(core, id, str(first + second))
    expires_at = now + core.terms.password.captcha_seconds_max
    book.save_code(PendingCode(key, _PURPOSE, digest, {}, expires_at))
    return Captcha(id, f"{first} + {second} = ?")


def _digest(core: Core, id: str, answer: str) -> str:
    return core.hasher.quick(f"{_PURPOSE}:{id}:{answer}")


def _key(login: str) -> str:
    return login.strip().casefold()
