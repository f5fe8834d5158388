"""Who may do what: level = policy(way in, whose number), a table (facts.md L01-L04, K08).

A blocked number sees (`view`), and may still carry out the commands marked `when_blocked` with
the level its way in would give.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from gateway.accounts.book import Subscriber
from gateway.domain.catalogue import Command, level_reaches

Proof = Literal["ussd", "sms", "voice", "password"]
"""The way in: a channel by which the network vouches for the number, or number and password."""

LEVELS_BY_PROOF: Mapping[Proof, tuple[str, str]] = {
    "ussd": ("subscriber", "account"),
    "sms": ("subscriber", "subscriber"),
    "voice": ("subscriber", "subscriber"),
    "password": ("subscriber", "account"),
}
"""Way in -> level of a number on somebody else's account, level of the account's owner."""

CONFIRMED_BY_CODE = frozenset({"transfer.quote", "transfer.send_code", "transfer.confirm"})
"""Steps of an operation that ends with a one-operation code. By SMS an owner has level `account`
for these alone: quoting and sending the code move no money, and the code proves him."""


def is_blocked(subscriber: Subscriber) -> bool:
    """Whether the SIM is lost or suspended."""
    return subscriber.sim != "active"


def open_level(subscriber: Subscriber, proof: Proof) -> str:
    """The level by the way in, whether or not the number is blocked."""
    return LEVELS_BY_PROOF[proof][subscriber.owner]


def level_of(subscriber: Subscriber, proof: Proof) -> str:
    """`view`, `subscriber` or `account`."""
    return "view" if is_blocked(subscriber) else open_level(subscriber, proof)


def refusal(name: str, command: Command, subscriber: Subscriber, proof: Proof) -> str:
    """`number_blocked`, `level_too_low`, or empty where the command may go on."""
    if is_blocked(subscriber) and not command.when_blocked:
        return "number_blocked"
    level = open_level(subscriber, proof)
    if subscriber.owner and proof == "sms" and name in CONFIRMED_BY_CODE:
        level = "account"
    return "" if level_reaches(level, command.level) else "level_too_low"
