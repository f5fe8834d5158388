"""The cabinet's password given in a call, in the two halves of every login.

The first half is a command of the menu: it counts the attempt and answers `pending` with what the
password is to be compared with; the second follows the comparison, which is slow and is made
outside of a turn. (Service guide 3.2: a call with the password has the level of the cabinet.)
"""

from __future__ import annotations

from collections.abc import Mapping

from gateway.accounts.access.login import LoginAttempt, LoginForm, login_begin, login_finish
from gateway.accounts.book import Book
from gateway.accounts.request import Core, Effect, Reply, Request, Secret, done, refuse
from gateway.domain.catalogue import PASSWORD_KINDS
from gateway.domain.numbers import local_digits
from gateway.domain.port import Answered

PROVE = "access.prove"
PENDING = "pending"
"""The outcome of a command whose answer comes in a later turn."""


def _begin(request: Request) -> Reply:
    msisdn = request.subscriber.msisdn
    form = LoginForm(local_digits(msisdn))
    attempt = login_begin(request.book, form, request.now, request.core)
    if not isinstance(attempt, LoginAttempt):
        return refuse("password_locked")
    digests = tuple({"digest": Secret(one.digest)} for one in attempt.candidates)
    return Answered(PENDING, {"left": attempt.attempts_left, "digests": digests}), ()


def prove_finish(
    book: Book, msisdn: str, digest: str, attempts_left: int, now: float, core: Core
) -> Reply:
    """The answer of the command: `ok` where `digest` is that of a password that still stands,
    else `password_wrong` with the attempts `left`, and `password_locked` after the last one."""
    standing = (book.credential(msisdn, kind) for kind in PASSWORD_KINDS)
    matched = next((one for one in standing if one and one.digest == digest), None)
    attempt = LoginAttempt(msisdn, (), attempts_left)
    result = login_finish(book, attempt, matched, now, core, "voice")
    if result.outcome == "ok":
        return done(*result.messages)
    if attempts_left == 0:
        return refuse("password_locked")
    return refuse("password_wrong", left=attempts_left)


EFFECTS: Mapping[str, Effect] = {PROVE: _begin}
