"""Sound: what a synthesizer made -> samples as loud as all the others, as A-law.

Rule: loudness is the level of what is loud enough to be speech (the idea of ITU-T P.56), so a
word beside a sentence is as loud; where that would clip, the peak decides.
"""

from __future__ import annotations

from array import array
from functools import cache
from math import log10, sqrt
from typing import Final

from gateway.wire.rtp.tones import alaw_octet

LEVEL_DBFS: Final = -20.0
PEAK_DBFS_MAX: Final = -2.0
SETTINGS: Final = f"8000 Hz, active level {LEVEL_DBFS} dBFS, peak {PEAK_DBFS_MAX}, cut 0.25%"
"""Part of what a recording is made of: change it where this module or the cutting changes."""

_FRAME: Final = 160
_FULL: Final = 32_768.0
_ACTIVE_DB: Final = -25.0
"""A frame is speech where it is at most so far below the loudest one."""


def active_level(samples: array[int]) -> float:
    """RMS of the frames of 20 ms that hold speech, in dBFS. Raises ValueError for silence."""
    powers = [_power(samples[at : at + _FRAME]) for at in range(0, len(samples), _FRAME)]
    loudest = max(powers, default=0.0)
    if not loudest:
        raise ValueError("is silent")
    heard = [power for power in powers if power >= loudest * 10 ** (_ACTIVE_DB / 10)]
    return 20 * log10(sqrt(sum(heard) / len(heard)) / _FULL)


def evened(samples: array[int]) -> array[int]:
    """The same sound at the common level. Raises ValueError for silence."""
    peak = 20 * log10(max(map(abs, samples), default=0) / _FULL) if any(samples) else 0.0
    gain = min(LEVEL_DBFS - active_level(samples), PEAK_DBFS_MAX - peak)
    factor = 10 ** (gain / 20)
    return array("h", (round(sample * factor) for sample in samples))


def alaw(samples: array[int]) -> bytes:
    """16-bit samples as A-law."""
    return bytes(map(_octet, samples))


@cache
def _octet(sample: int) -> int:
    return alaw_octet(sample)


def _power(frame: array[int]) -> float:
    return sum(sample * sample for sample in frame) / len(frame)
