"""Who may do what: level = policy(way in, whose number), a file (facts.md L01-L04, K08).

A blocked number sees what the file says, and may still carry out the commands marked
`when_blocked` with the level its way in would give.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, cast, get_args

import yaml

from gateway.accounts.book import Subscriber
from gateway.domain.catalogue import LEVELS, Command, level_reaches

Proof = Literal["ussd", "sms", "sms_code", "voice", "password", "bearer", "bearer_shared"]
"""The way in: a channel by which the network vouches for the number, an SMS with the code of a
question, number and password, or a bearer of the operator's own network."""
PROOFS: tuple[Proof, ...] = get_args(Proof)

Standing = Literal["member", "owner", "employee", "administrator"]
"""Whose number it is."""
STANDINGS: tuple[Standing, ...] = get_args(Standing)

WITH_CODE: Mapping[Proof, Proof] = {"sms": "sms_code"}
"""Way in -> what it becomes with the code of a question. A menu shows what can be reached with it,
and quotes it; to change something the code must have been given."""

BY_PASSWORD: Mapping[Proof, Proof] = {"voice": "password"}
"""Way in -> what it becomes with the cabinet's password. A menu shows what can be reached with it,
and asks for it before that (service guide 3.2)."""

_CURRENT = "own_password_needs_current"


def is_blocked(subscriber: Subscriber) -> bool:
    """Whether the SIM is lost or suspended."""
    return subscriber.sim != "active"


def standing(subscriber: Subscriber) -> Standing:
    """Whose number it is. An administrator speaks for his company by the account's own number."""
    if subscriber.role == "employee":
        return "employee"
    if not subscriber.owner:
        return "member"
    return "administrator" if subscriber.role == "administrator" else "owner"


@dataclass(frozen=True, slots=True)
class Policy:
    """The whole of a policy file."""

    levels: Mapping[tuple[Proof, Standing], str]
    blocked: str
    own_password_needs_current: bool

    def open_level(self, subscriber: Subscriber, proof: Proof) -> str:
        """The level by the way in, whether or not the number is blocked."""
        return self.levels[proof, standing(subscriber)]

    def level_of(self, subscriber: Subscriber, proof: Proof) -> str:
        """`view`, `subscriber` or `account`."""
        return self.blocked if is_blocked(subscriber) else self.open_level(subscriber, proof)

    def level_in_reach(self, subscriber: Subscriber, proof: Proof) -> str:
        """The level once a question has been answered with its code, where the way in asks one."""
        return self.level_of(subscriber, WITH_CODE.get(proof, proof))

    def level_by_password(self, subscriber: Subscriber, proof: Proof) -> str:
        """The level once the cabinet's password has been given, where the way in can ask it."""
        return self.level_of(subscriber, BY_PASSWORD.get(proof, proof))

    def needs_current(self, proof: Proof) -> bool:
        """Whether the cabinet's password is still to be given before another one is set (K07)."""
        return self.own_password_needs_current and proof in BY_PASSWORD

    def refusal(self, command: Command, subscriber: Subscriber, proof: Proof) -> str:
        """`number_blocked`, `level_too_low`, or empty where the command may go on."""
        if is_blocked(subscriber) and not command.when_blocked:
            return "number_blocked"
        if command.proof not in ("", proof) or (
            command.sets_password and self.needs_current(proof)
        ):
            return "level_too_low"
        if command.read_only:
            proof = WITH_CODE.get(proof, proof)
        level = self.open_level(subscriber, proof)
        return "" if level_reaches(level, command.level) else "level_too_low"


def load_policy(text: str) -> Policy:
    """Read a policy file. Raises ValueError that names the row."""
    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(f"the file is no YAML: {' '.join(str(error).split())}") from None
    whole = _mapping(raw, "the file", ("levels", "blocked", _CURRENT))
    rows = _mapping(whole["levels"], "levels", PROOFS)
    levels = {
        (proof, kind): _level(row[kind], f"levels.{proof}.{kind}")
        for proof in PROOFS
        for row in [_mapping(rows[proof], f"levels.{proof}", STANDINGS)]
        for kind in STANDINGS
    }
    if not isinstance(whole[_CURRENT], bool):
        raise ValueError(f"{_CURRENT}: true or false is needed")
    return Policy(levels, _level(whole["blocked"], "blocked"), whole[_CURRENT])


def _mapping(raw: Any, where: str, names: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(raw, dict) or set(raw) != set(names):
        raise ValueError(f"{where}: it must have exactly {', '.join(names)}")
    return cast(Mapping[str, Any], raw)


def _level(raw: Any, where: str) -> str:
    if raw not in LEVELS:
        raise ValueError(f"{where}: one of {', '.join(LEVELS)} is needed")
    return str(raw)


@cache
def default_policy() -> Policy:
    """The policy packaged with the gateway."""
    return load_policy((resources.files("gateway.accounts") / "policy.yaml").read_text("utf-8"))
