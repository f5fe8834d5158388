"""What a row of the catalogue is made of, and the words its arguments and values may hold.

Types: `money` (kopecks), `count`, `msisdn`, `digits`, `text`, `secret`, `moment` (epoch seconds),
`flag`, `rows`, or a tuple of the words allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

LEVELS = ("none", "view", "subscriber", "account")

ZONES = ("HOME", "RU_NET", "RU_OTHER", "CIS", "EUROPE", "WORLD")

Type = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Command:
    """One row of the catalogue."""

    level: str
    arguments: Mapping[str, Type] = field(default_factory=dict)
    values: Mapping[str, Type] = field(default_factory=dict)
    refusals: tuple[str, ...] = ()
    when_blocked: bool = False
    """Usable from a number whose SIM is blocked: to see, to top up, to unblock, to reach support.
    No password is among them: whoever found the handset must not get one."""
    confirm: bool = False
    """It moves money or blocks something: a menu must ask for a yes before it."""
    read_only: bool = False
    """It changes nothing of the subscriber: a turn need not read him again after it."""
    price: str = ""
    """The term of `tariffs.yaml` it costs (`packs`, `statement`), empty where it is free. The
    price of an operation is the same in every channel and zone (CH15)."""

    proof: str = ""
    """The proof it takes beside the level: `sms_code`, the code of a question; empty: any."""

    sets_password: bool = False
    """The policy may ask a call for the current password before it (K07)."""

    @property
    def by_code(self) -> bool:
        """Whether a yes by SMS must bring the code of its question (service guide 3.2, 3.5)."""
        return self.confirm or (self.level == "account" and not self.read_only)


def level_reaches(level: str, needed: str) -> bool:
    """Whether `level` is at least `needed`."""
    return LEVELS.index(level) >= LEVELS.index(needed)
