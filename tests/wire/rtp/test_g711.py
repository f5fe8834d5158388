"""G.711: levels of both laws, and one law into the other by a table."""

from __future__ import annotations

import pytest

from gateway.wire.rtp.g711 import (
    ALAW_LEVELS,
    ALAW_SILENCE,
    MULAW_LEVELS,
    MULAW_SILENCE,
    PCMA,
    PCMU,
)


@pytest.mark.parametrize(
    ("levels", "octet", "level"),
    [
        (ALAW_LEVELS, 0xD5, 8),
        (ALAW_LEVELS, 0x55, -8),
        (ALAW_LEVELS, 0xAA, 32256),
        (ALAW_LEVELS, 0x2A, -32256),
        (ALAW_LEVELS, 0x80, 5504),
        (ALAW_LEVELS, 0xD0, 88),
        (MULAW_LEVELS, 0xFF, 0),
        (MULAW_LEVELS, 0x7F, 0),
        (MULAW_LEVELS, 0x80, 32124),
        (MULAW_LEVELS, 0x00, -32124),
        (MULAW_LEVELS, 0xF0, 120),
        (MULAW_LEVELS, 0xEF, 132),
    ],
)
def test_levels(levels: tuple[int, ...], octet: int, level: int) -> None:
    assert levels[octet] == level


@pytest.mark.parametrize("levels", [ALAW_LEVELS, MULAW_LEVELS])
def test_a_law_is_odd_and_covers_its_range(levels: tuple[int, ...]) -> None:
    assert all(levels[octet ^ 0x80] == -level for octet, level in enumerate(levels))
    assert max(levels) > 32_000


def test_alaw_is_what_it_is() -> None:
    assert PCMA.from_alaw is None


def test_alaw_to_mulaw_keeps_the_level() -> None:
    table = PCMU.from_alaw
    assert table is not None
    assert len(table) == 256
    for octet, level in enumerate(ALAW_LEVELS):
        # a mu-law step is at most 1/16 of its level; below 30 the nearest step is 8 wide
        assert abs(MULAW_LEVELS[table[octet]] - level) <= max(8, abs(level) // 16)
        assert MULAW_LEVELS[table[octet]] * level >= 0, "the sign is kept"


def test_silence_is_quiet_in_both() -> None:
    assert abs(ALAW_LEVELS[ALAW_SILENCE]) == min(map(abs, ALAW_LEVELS))
    assert MULAW_LEVELS[MULAW_SILENCE] == 0
