"""What the media of all calls have in common: limits, the unit last in each name, and counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class MediaSettings:
    """Configuration of `Media`."""

    addresses: tuple[str, ...] = ("0.0.0.0",)
    """Bound to for each call: the first of the family of the peer's address."""
    ports: range = range(20000, 22000)
    """Even ones for RTP, the odd one above for RTCP (RFC 3550 §11)."""
    legs_max: int = 800
    tone_legs_max: int = 40
    """Calls whose audio is searched for DTMF tones at once: it is some forty times the work."""
    nat: bool = True
    """Believe the first source of a call also where it is not of the host offered."""
    silent_seconds_max: float = 20.0
    """A call that is watched and heard no longer is dead."""
    report_seconds: float = 5.0
    """Between RTCP reports, half as much to half as much again (RFC 3550 §6.3.1)."""
    packets_per_tick_max: int = 32
    """Read for a call in its 20 ms; of a flood the rest is dropped by the system."""
    frames_catch_up_max: int = 2
    """Sent at once for a call whose turn was missed; longer holes are left as holes."""


@dataclass(slots=True)
class Counts:
    """Since the start, of all calls."""

    packets_sent: int = 0
    packets_unsent: int = 0
    """The system refused them."""
    packets_received: int = 0
    """Of the peers latched to, unwanted ones among them."""
    packets_lost: int = 0
    """Of calls that have ended."""
    packets_out_of_order: int = 0
    """Of calls that have ended."""
    packets_invalid: int = 0
    """Neither RTP nor RTCP."""
    packets_unwanted: int = 0
    """Of a payload type that was not negotiated, or numbered past all order."""
    packets_of_strangers: int = 0
    frames_skipped: int = 0
    """Not sent because their turn had passed."""
    tone_legs: int = 0
    """Calls searched for tones now."""
    tone_legs_refused: int = 0
    """Calls not searched for tones: `tone_legs_max`."""
    legs_refused: int = 0
    """No port, or `legs_max`."""
    legs_dead: int = 0
    legs_failed: int = 0
    """By an exception of ours."""
    digits: dict[str, int] = field(default_factory=dict)
    """Key presses by their source."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What each call's media is given."""

    settings: MediaSettings
    cname: bytes
    """Our name in RTCP."""
    clock: Callable[[], float]
    """Monotonic seconds."""
    chance: Callable[[], float]
    """Numbers from 0 to 1."""
    jitter: Callable[[float], None]
    """Told of each report's jitter (seconds)."""
    counts: Counts = field(default_factory=Counts)
