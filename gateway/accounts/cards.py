"""Bank cards: linked once, kept as the acquirer's token and the last four digits (F04, F09).

The acquirer is a small interface; the simulator's answers as the test cards of card processors
do, by the last four digits. Card digits are never taken by USSD or SMS, whose texts networks log:
a call with masked keys or the API links a card.
"""

from __future__ import annotations

from collections.abc import Mapping

from gateway.accounts.request import (
    CardOutcome,
    Cards,
    Effect,
    Randomness,
    Reply,
    Request,
    done,
    refuse,
)
from gateway.domain.numbers import normalise_short_number

DIGITS_MIN, DIGITS_MAX = 12, 19
"""Of a card's number, ISO/IEC 7812-1."""
LAST = 4

TEST_CARDS: Mapping[str, CardOutcome] = {
    "0002": "card_declined",
    "0069": "card_expired",
    "9995": "card_short",
}
"""Last four digits -> what the simulator's acquirer answers; every other card pays."""


class SimulatedCards:
    """An acquirer that holds no money: its answer is in the card, so a key needs no memory."""

    def __init__(self, randomness: Randomness) -> None:
        self._randomness = randomness

    def tokenise(self, digits: str) -> str:
        return self._randomness.digits(DIGITS_MAX - LAST) + digits[-LAST:]

    def charge(self, token: str, amount: int, key: str) -> CardOutcome:
        return TEST_CARDS.get(token[-LAST:], "ok")


def is_card(digits: str) -> bool:
    """Whether they can be a card's number: the length, and the check digit of ISO/IEC 7812-1."""
    if not (digits.isascii() and digits.isdigit() and DIGITS_MIN <= len(digits) <= DIGITS_MAX):
        return False
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(doubled) + sum(map(int, digits[-1::-2]))) % 10 == 0


def kept(cards: Cards, written: str) -> str:
    """What is kept of a card that an administrator links: a token for a whole number, anything
    shorter (the last four digits of one that he knows) as it is, empty to unlink."""
    digits = normalise_short_number(written)
    return cards.tokenise(digits) if len(digits) >= DIGITS_MIN else digits


def last_four(token: str) -> str:
    """What may be shown of a linked card."""
    return token[-LAST:]


def _state(request: Request) -> Reply:
    card = request.subscriber.card
    return done(card=last_four(card)) if card else refuse("card_none")


def _link(request: Request) -> Reply:
    digits = request.text("digits")
    if not is_card(digits):
        return refuse("card_wrong")
    token = request.core.cards.tokenise(digits)
    request.book.update_subscriber(request.subscriber.msisdn, {"card": token})
    return done(card=last_four(token))


def _unlink(request: Request) -> Reply:
    if not request.subscriber.card:
        return refuse("card_none")
    request.book.update_subscriber(request.subscriber.msisdn, {"card": ""})
    return done()


EFFECTS: Mapping[str, Effect] = {
    "card.state": _state,
    "card.link": _link,
    "card.unlink": _unlink,
}
