"""Tones as samples, and samples as G.711."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from math import pi, sin

from gateway.wire.rtp.g711 import ALAW_LEVELS, MULAW_LEVELS, PCMA, PCMU, Codec
from gateway.wire.rtp.goertzel import COLUMNS_HZ, ROWS_HZ

KEYPAD = {
    key: (ROWS_HZ[row], COLUMNS_HZ[column])
    for row, keys in enumerate(("123A", "456B", "789C", "*0#D"))
    for column, key in enumerate(keys)
}
ZERO_DBM0 = 22_400.0
"""The amplitude of a sine of 0 dBm0 in 16 bits (G.711: full load is 3.14 dBm0)."""
_ORDER = {
    codec.name: sorted((level, octet) for octet, level in enumerate(levels))
    for codec, levels in ((PCMA, ALAW_LEVELS), (PCMU, MULAW_LEVELS))
}


def tone(ms: float, *parts: tuple[float, float], phase: float = 0.0) -> list[float]:
    """Linear samples of sines of (hertz, dBm0)."""
    return [
        sum(
            ZERO_DBM0 * 10 ** (dbm0 / 20) * sin(2 * pi * hertz * n / 8000 + phase)
            for hertz, dbm0 in parts
        )
        for n in range(int(ms * 8))
    ]


def press(
    key: str, ms: float = 60, dbm0: float = -12, twist: float = 0, off: float = 1
) -> list[float]:
    """A key; `twist`: dB by which the column is above the row; `off`: factor of frequency."""
    row, column = KEYPAD[key]
    return tone(ms, (row * off, dbm0), (column * off, dbm0 + twist))


def silence(ms: float) -> list[float]:
    return [0.0] * int(ms * 8)


def encoded(samples: Iterable[float], codec: Codec = PCMA) -> bytes:
    """Samples as octets of a law: the first level not below each."""
    order = _ORDER[codec.name]
    return bytes(
        order[min(bisect_left(order, (sample, 0)), len(order) - 1)][1] for sample in samples
    )
