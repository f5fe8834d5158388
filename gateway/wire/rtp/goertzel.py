"""DTMF tones in the audio itself, for a call where no telephone-event was negotiated.

Blocks of 102 samples (12.75 ms) go through a Goertzel filter for each of the eight frequencies
(ITU-T Q.23). Two like blocks in a row make a press, two without one its end: so a tone of 40 ms,
wherever the blocks fall, is heard, and one below 20 ms is not (Q.24). A quiet block costs a sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi
from typing import Final

from gateway.wire.rtp.g711 import SAMPLES_PER_SECOND, Codec

BLOCK_SAMPLES: Final = 102
ROWS_HZ: Final = (697, 770, 852, 941)
COLUMNS_HZ: Final = (1209, 1336, 1477, 1633)
_KEYPAD: Final = ("123A", "456B", "789C", "*0#D")

_MEAN_SQUARE_MIN: Final = 60_000
"""Both tones together: about -38 dBm0 each."""
_PURITY_MIN: Final = 0.6
"""The share of the block's energy that the two tones hold: speech, whose harmonics lie elsewhere,
has less, and so does a tone more than some 3 % off."""
_PEAK_MIN: Final = 6.3
"""8 dB: the strongest of a group above each other of it."""
_ROW_OVER_COLUMN_MAX: Final = 6.3
"""8 dB of normal twist."""
_COLUMN_OVER_ROW_MAX: Final = 2.5
"""4 dB of reverse twist."""


def _coefficients(frequencies: tuple[int, ...]) -> tuple[float, ...]:
    return tuple(2 * cos(2 * pi * hertz / SAMPLES_PER_SECOND) for hertz in frequencies)


_ROWS: Final = _coefficients(ROWS_HZ)
_COLUMNS: Final = _coefficients(COLUMNS_HZ)


def _power(samples: Sequence[int], coefficient: float) -> float:
    """The square of the spectrum at one frequency."""
    one = two = 0.0
    for sample in samples:
        one, two = sample + coefficient * one - two, one
    return one * one + two * two - coefficient * one * two


def _peak(samples: Sequence[int], coefficients: tuple[float, ...]) -> tuple[int, float]:
    """The strongest of a group and its power; 0.0 where it does not stand out."""
    powers = [_power(samples, coefficient) for coefficient in coefficients]
    best = max(powers)
    others = sum(best < _PEAK_MIN * power for power in powers) - 1
    return powers.index(best), 0.0 if others else best


def key_of(samples: Sequence[int]) -> str:
    """The key whose two tones a block of linear samples (16 bits) holds; empty for none."""
    energy = sum(sample * sample for sample in samples)
    if energy < _MEAN_SQUARE_MIN * len(samples):
        return ""
    row, row_power = _peak(samples, _ROWS)
    if not row_power:
        return ""
    column, column_power = _peak(samples, _COLUMNS)
    if (
        row_power > _ROW_OVER_COLUMN_MAX * column_power
        or column_power > _COLUMN_OVER_ROW_MAX * row_power
        or row_power + column_power < _PURITY_MIN * energy * len(samples) / 2
    ):
        return ""
    return _KEYPAD[row][column]


class ToneDetector:
    """Payloads of a call's audio in, key presses out."""

    __slots__ = ("_before", "_key", "_rest")

    def __init__(self) -> None:
        self._rest = b""
        self._before = ""
        self._key = ""

    def heard(self, codec: Codec, payload: bytes) -> list[str]:
        """The keys whose presses were recognised with this payload."""
        octets = self._rest + payload
        whole = len(octets) - len(octets) % BLOCK_SAMPLES
        self._rest = octets[whole:]
        pressed = []
        for at in range(0, whole, BLOCK_SAMPLES):
            block = octets[at : at + BLOCK_SAMPLES]
            key = key_of(list(map(codec.levels.__getitem__, block)))
            if key == self._before and key != self._key:
                self._key = key
                if key:
                    pressed.append(key)
            self._before = key
        return pressed
