"""Tones and silence as A-law: what a call hears where there is nothing recorded to play."""

from __future__ import annotations

from bisect import bisect_left
from math import pi, sin
from typing import Final

from gateway.wire.rtp.g711 import ALAW_LEVELS, ALAW_SILENCE, SAMPLES_PER_SECOND

_BY_LEVEL: Final = sorted((level, octet) for octet, level in enumerate(ALAW_LEVELS))
_LEVELS: Final = tuple(level for level, _ in _BY_LEVEL)
_FULL: Final = 32_768


def alaw_octet(level: int) -> int:
    """The A-law octet whose level is nearest to a linear one of 16 bits (ITU-T G.711)."""
    above = bisect_left(_LEVELS, level)
    near = _BY_LEVEL[max(above - 1, 0) : above + 1]
    return min(near, key=lambda each: abs(each[0] - level))[1]


def silence(seconds: float) -> bytes:
    """Nothing to be heard."""
    return bytes((ALAW_SILENCE,)) * round(seconds * SAMPLES_PER_SECOND)


def tone(hertz: float, seconds: float, dbfs: float = -12.0) -> bytes:
    """A sine of that frequency; `dbfs` is its peak below full scale."""
    peak = _FULL * 10 ** (dbfs / 20)
    step = 2 * pi * hertz / SAMPLES_PER_SECOND
    count = round(seconds * SAMPLES_PER_SECOND)
    return bytes(alaw_octet(round(peak * sin(step * sample))) for sample in range(count))
