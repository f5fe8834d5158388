"""Typed answers: what was typed -> a value, or None where it does not fit. One row per type.

Rule: bounds come from the `answer` of the ask; what is not typed within them is never a value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gateway.domain.money import kopecks
from gateway.domain.numbers import normalise_msisdn, normalise_short_number
from gateway.domain.port import Expect, ExpectKind
from gateway.domain.values import Value
from gateway.menu.model import Answer

Read = Callable[[str], Value]

LENGTH_MAX = 160
MSISDN_LENGTHS = (10, 12)
"""`9220000001` … `+79220000001`."""


def _bounded(answer: Answer, digits_only: bool, filled: bool) -> Read:
    shortest, longest = _lengths(answer)

    def read(typed: str) -> Value:
        text = normalise_short_number(typed) if filled else typed.strip()
        fits = shortest <= len(text) <= longest
        right = not digits_only or (text.isascii() and text.isdigit())
        return text if fits and right else None

    return read


def _digits(answer: Answer) -> Read:
    return _bounded(answer, digits_only=True, filled=True)


def _pin(answer: Answer) -> Read:
    return _bounded(answer, digits_only=True, filled=False)


def _text(answer: Answer) -> Read:
    return _bounded(answer, digits_only=False, filled=False)


def _amount(answer: Answer) -> Read:
    least = (answer.min or 0) * 100
    most = (answer.max or 0) * 100

    def read(typed: str) -> Value:
        try:
            value = kopecks(typed)
        except ValueError:
            return None
        return value if least <= value <= most else None

    return read


def _msisdn(answer: Answer) -> Read:
    return normalise_msisdn


READERS: Mapping[str, Callable[[Answer], Read]] = {
    "digits": _digits,
    "amount": _amount,
    "msisdn": _msisdn,
    "pin": _pin,
    "text": _text,
}

TYPES: Mapping[str, str] = {
    "digits": "digits",
    "amount": "money",
    "msisdn": "msisdn",
    "pin": "secret",
    "text": "text",
}
"""Type of an answer -> type of its variable."""

_EXPECTS: Mapping[str, ExpectKind] = {
    "digits": "digits",
    "amount": "amount",
    "msisdn": "msisdn",
    "pin": "pin",
    "text": "text",
}


def is_secret(answer: Answer) -> bool:
    """Whether the answer must never be shown or logged."""
    return answer.secret or answer.type == "pin"


def expectation(answer: Answer) -> Expect:
    """What a channel collects; lengths in characters."""
    shortest, longest = _lengths(answer)
    return Expect(_EXPECTS[answer.type], shortest, longest, is_secret(answer))


def _lengths(answer: Answer) -> tuple[int, int]:
    if answer.type == "msisdn":
        return MSISDN_LENGTHS
    if answer.type == "amount":
        return 1, len(str(answer.max or 0))
    return answer.min_length or 1, answer.max_length or LENGTH_MAX
