"""What leaves a turn for a call: what it hears and may press, or why it is not answered.

The channel that carries it out knows neither menus nor money; what it tells back are the arrivals
of the port.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Gather:
    """What a call collects from the keypad (VoiceXML 2.1 §6.3.3; times in seconds)."""

    keys_max: int
    """An entry so long is whole; one key is an answer at once."""
    terminator: str
    """The key that ends an entry; empty for none."""
    instant: str
    """Keys that are an answer of their own where they come first."""
    first_key_seconds: float
    next_key_seconds: float
    barge_in: bool = True
    """A key stops what is being said."""
    type_ahead: bool = True
    """Keys pressed before it count; False before money or a password is asked."""
    secret: bool = False
    """The keys must never be written anywhere."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a call hears, and what it may press then. Without `gather` the call is over with its
    last phrase: it is transferred, or hung up."""

    link: str
    dialogue: str
    msisdn: str
    language: Literal["ru", "en"]
    phrases: tuple[str, ...]
    """Each is said by one recording."""
    gather: Gather | None
    early: tuple[str, ...] = ()
    """Said first, as early media, before the call is answered and charged; never interrupted."""
    quota_seconds: int | None = None
    """On the first one of a call that is paid by the minute: how much is reserved."""
    transfer: bool = False
    """To the operator."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A call is not to be answered; why has been sent by SMS where that helps."""

    link: str
    dialogue: str
    msisdn: str
    reason: Literal["not_reachable", "funds", "number_unknown"]
    """Not reachable from where the caller is, no money for a minute, no number of ours."""


@dataclass(frozen=True, slots=True)
class Verify:
    """A password to be checked outside of a turn, because that is slow; `Verified` follows."""

    link: str
    dialogue: str
    msisdn: str
    digests: tuple[str, ...] = field(repr=False)
    """What it may be right for; where there is none, something is to be hashed all the same."""
    password: str = field(repr=False)
    attempts_left: int
