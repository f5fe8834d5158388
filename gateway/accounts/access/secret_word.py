"""The secret word: set by the owner, answered where a password is forgotten (A31-A33).

Case, blanks and the dots over U+0451 do not count, because people do not remember them. It is
kept as a peppered digest; a few wrong answers pause the reset, whoever gives them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from gateway.accounts.book import Book, Credential, Subscriber
from gateway.accounts.request import Core, Effect, Reply, Request, done, refuse

_KIND: Literal["secret_word"] = "secret_word"


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of an answer. `subscriber` is who may have a new password."""

    outcome: Literal["ok", "secret_wrong", "secret_unset", "secret_paused"]
    subscriber: Subscriber | None = None


def _set(request: Request) -> Reply:
    terms, word = request.terms.password, _fold(request.text("word"))
    if not terms.secret_characters_min <= len(word) <= terms.secret_characters_max:
        return refuse("secret_length")
    msisdn = request.subscriber.msisdn
    if word in (msisdn, msisdn[1:]):
        return refuse("secret_is_number")
    digest = _digest(request.core, msisdn, word)
    request.book.save_credential(Credential(msisdn, _KIND, digest, request.now, own=True))
    return done()


def _state(request: Request) -> Reply:
    return done(on=request.book.credential(request.subscriber.msisdn, _KIND) is not None)


def answer_secret(book: Book, msisdn: str, word: str, now: float, core: Core) -> Answered:
    """Hold an answer against the word. An unknown number is answered as one without a word."""
    subscriber = book.subscriber(msisdn)
    terms, seconds = core.terms.password, core.terms.password.secret_pause_seconds
    if book.attempts(_KIND, msisdn, now, seconds) >= terms.secret_tries_max:
        return Answered("secret_paused")
    kept = book.credential(msisdn, _KIND)
    if subscriber is None or kept is None:
        return Answered("secret_unset")
    if kept.digest != _digest(core, msisdn, _fold(word)):
        book.count_attempt(_KIND, msisdn, now, seconds)
        return Answered("secret_wrong")
    book.clear_attempts(_KIND, msisdn)
    return Answered("ok", subscriber)


def _fold(word: str) -> str:
    return " ".join(word.casefold().replace("\u0451", "\u0435").split())


def _digest(core: Core, msisdn: str, word: str) -> str:
    return core.hasher.quick(f"{_KIND}:{msisdn}:{word}")


EFFECTS: Mapping[str, Effect] = {"secret.set": _set, "secret.state": _state}
