"""Who may do what: level = policy(way in, whose number), a table (facts.md L01-L04, K08).

A blocked number sees (`view`), and may still carry out the commands marked `when_blocked` with
the level its way in would give.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from gateway.accounts.book import Subscriber
from gateway.domain.catalogue import Command, level_reaches

Proof = Literal["ussd", "sms", "sms_code", "voice", "password"]
"""The way in: a channel by which the network vouches for the number, an SMS with the code of a
question, or number and password."""

LEVELS_BY_PROOF: Mapping[Proof, tuple[str, str]] = {
    "ussd": ("subscriber", "account"),
    "sms": ("subscriber", "subscriber"),
    "sms_code": ("subscriber", "account"),
    "voice": ("subscriber", "subscriber"),
    "password": ("subscriber", "account"),
}
"""Way in -> level of a number on somebody else's account, level of the account's owner."""

WITH_CODE: Mapping[Proof, Proof] = {"sms": "sms_code"}
"""Way in -> what it becomes with the code of a question. A menu shows what can be reached with it,
and quotes it; to change something the code must have been given."""


def is_blocked(subscriber: Subscriber) -> bool:
    """Whether the SIM is lost or suspended."""
    return subscriber.sim != "active"


def open_level(subscriber: Subscriber, proof: Proof) -> str:
    """The level by the way in, whether or not the number is blocked."""
    return LEVELS_BY_PROOF[proof][subscriber.owner]


def level_of(subscriber: Subscriber, proof: Proof) -> str:
    """`view`, `subscriber` or `account`."""
    return "view" if is_blocked(subscriber) else open_level(subscriber, proof)


def level_in_reach(subscriber: Subscriber, proof: Proof) -> str:
    """The level once a question has been answered with its code, where the way in asks one."""
    return level_of(subscriber, WITH_CODE.get(proof, proof))


def refusal(command: Command, subscriber: Subscriber, proof: Proof) -> str:
    """`number_blocked`, `level_too_low`, or empty where the command may go on."""
    if is_blocked(subscriber) and not command.when_blocked:
        return "number_blocked"
    if command.proof not in ("", proof):
        return "level_too_low"
    if command.read_only:
        proof = WITH_CODE.get(proof, proof)
    level = open_level(subscriber, proof)
    return "" if level_reaches(level, command.level) else "level_too_low"
