"""Tones and silence: as long, as loud and as high as asked, heard by the detector of tones."""

from __future__ import annotations

from itertools import pairwise
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.wire.rtp.g711 import ALAW_LEVELS, ALAW_SILENCE
from gateway.wire.rtp.tones import alaw_octet, silence, tone


def levels(samples: bytes) -> list[int]:
    """Linear, 16 bits."""
    return [ALAW_LEVELS[octet] for octet in samples]


@pytest.mark.parametrize("octet", range(256))
def test_every_level_of_the_law_is_encoded_as_its_octet(octet: int) -> None:
    assert ALAW_LEVELS[alaw_octet(ALAW_LEVELS[octet])] == ALAW_LEVELS[octet]


@given(st.integers(-32_768, 32_767))
def test_no_octet_is_nearer(level: int) -> None:
    near = min(abs(each - level) for each in ALAW_LEVELS)
    assert abs(ALAW_LEVELS[alaw_octet(level)] - level) == near


def test_silence() -> None:
    assert silence(0.25) == bytes((ALAW_SILENCE,)) * 2000


@pytest.mark.parametrize("hertz", [425, 1000, 1400])
def test_a_tone_has_its_length_loudness_and_frequency(hertz: int) -> None:
    heard = levels(tone(hertz, 0.5, dbfs=-12))
    assert len(heard) == 4000
    power = sqrt(sum(level * level for level in heard) / len(heard))
    assert power == pytest.approx(32_768 * 10 ** (-12 / 20) / sqrt(2), rel=0.02)
    rises = sum(before < 0 <= after for before, after in pairwise(heard))
    assert rises == pytest.approx(hertz / 2, abs=1)
