"""G.711 at 8000 samples a second: A-law, mu-law, and one into the other by a table (ITU-T G.711).

Prompts are stored as A-law; a call in mu-law translates each frame as it is sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

SAMPLES_PER_SECOND: Final = 8000
FRAME_SECONDS: Final = 0.020
FRAME_OCTETS: Final = 160
"""20 ms, an octet a sample (RFC 3551 §4.5.14)."""
_SIGN: Final = 0x80
_SEGMENT: Final = 0x70
_STEP: Final = 0x0F


def _alaw_level(octet: int) -> int:
    """The linear level (16 bits) of an A-law octet; every other bit of it is inverted."""
    octet ^= 0x55
    segment = (octet & _SEGMENT) >> 4
    level = (octet & _STEP) << 4 | 0x08
    if segment:
        level = (level | 0x100) << (segment - 1)
    return level if octet & _SIGN else -level


def _mulaw_level(octet: int) -> int:
    """The linear level (16 bits) of a mu-law octet; all its bits are inverted."""
    octet ^= 0xFF
    level = (((octet & _STEP) << 3 | 0x84) << ((octet & _SEGMENT) >> 4)) - 0x84
    return -level if octet & _SIGN else level


def _levels(level_of: Callable[[int], int]) -> tuple[int, ...]:
    return tuple(map(level_of, range(256)))


ALAW_LEVELS: Final = _levels(_alaw_level)
MULAW_LEVELS: Final = _levels(_mulaw_level)


def _translation(origin: tuple[int, ...], target: tuple[int, ...], silence: int) -> bytes:
    """For each octet of one law the octet of the other whose level is nearest; of two that are
    as near (mu-law has a zero of each sign) the one of the other law's silence."""

    def nearest(level: int) -> int:
        return min(range(256), key=lambda octet: (abs(target[octet] - level), octet != silence))

    return bytes(map(nearest, origin))


@dataclass(frozen=True, slots=True)
class Codec:
    """An encoding by its name in SDP and its static payload type (RFC 3551 §6)."""

    name: str
    payload_type: int
    silence: int
    """The octet of the least positive level."""
    levels: tuple[int, ...]
    """Linear level, 16 bits, of each octet."""
    from_alaw: bytes | None
    """Table for `bytes.translate`; None: A-law it is."""


ALAW_SILENCE: Final = 0xD5
MULAW_SILENCE: Final = 0xFF
PCMA: Final = Codec("PCMA", 8, ALAW_SILENCE, ALAW_LEVELS, None)
PCMU: Final = Codec(
    "PCMU", 0, MULAW_SILENCE, MULAW_LEVELS, _translation(ALAW_LEVELS, MULAW_LEVELS, MULAW_SILENCE)
)
