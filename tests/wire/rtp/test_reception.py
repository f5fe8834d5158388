"""How a source is heard: sequences, loss and jitter as RFC 3550 A.1, A.3 and A.8 count them."""

from __future__ import annotations

import pytest

from gateway.wire.rtp.reception import Reception

FRAME = 160


def heard(*sequences: int) -> Reception:
    """A source after these packets."""
    reception = Reception(7, sequences[0])
    for sequence in sequences:
        reception.heard(sequence)
    return reception


@pytest.mark.parametrize(
    ("sequences", "received", "lost", "out_of_order", "highest"),
    [
        ((5,), 1, 0, 0, 5),
        ((5, 6, 7), 3, 0, 0, 7),
        ((5, 7), 2, 1, 0, 7),
        ((5, 7, 6), 3, 0, 1, 7),
        ((5, 5), 2, -1, 1, 5),
        ((65534, 65535, 0, 1), 4, 0, 0, 65537),
        ((0, 1), 2, 0, 0, 1),
        ((65535, 1, 0), 3, 0, 1, 65537),
        ((5, 40_000), 1, 0, 0, 5),
        ((5, 6, 40_000, 40_001), 1, 0, 0, 40_001),
        ((5, 2_000), 2, 1_994, 0, 2_000),
    ],
)
def test_sequences(
    sequences: tuple[int, ...], received: int, lost: int, out_of_order: int, highest: int
) -> None:
    reception = heard(*sequences)
    found = (reception.received, reception.lost, reception.out_of_order)
    assert found == (received, lost, out_of_order)
    assert reception.block(0.0).highest_sequence == highest


def test_a_wild_number_is_dropped_once() -> None:
    reception = heard(5)
    assert not reception.heard(40_000)
    assert reception.heard(6), "it was a stray"
    assert not reception.heard(50_000)
    assert reception.heard(50_001), "the source began anew"


def test_the_fraction_is_of_the_last_interval() -> None:
    reception = heard(0, 1, 2, 3)
    assert reception.block(1.0).fraction_lost == 0
    for sequence in (4, 7):
        reception.heard(sequence)
    assert reception.block(2.0).fraction_lost == 128
    assert reception.block(3.0).fraction_lost == 0
    assert reception.block(3.0).packets_lost == 2


@pytest.mark.parametrize("start", [0, 2**32 - 5 * FRAME])
def test_jitter_is_the_deviation_of_the_spacing(start: int) -> None:
    steady, shaken = heard(0), heard(0)
    for turn in range(400):
        timestamp = (start + turn * FRAME) % 2**32
        steady.timed(timestamp, 1000 + turn * 0.02)
        shaken.timed(timestamp, 1000 + turn * 0.02 + 0.005 * (turn % 2))
    assert steady.jitter <= 1
    assert shaken.jitter == pytest.approx(40, abs=1), "5 ms"


def test_a_sender_report_is_answered_with_its_time_and_the_delay() -> None:
    reception = heard(0)
    assert (reception.block(5.0).last_report, reception.block(5.0).delay) == (0, 0)
    reception.reported(0x1111222233334444, 5.0)
    block = reception.block(6.5)
    assert (block.last_report, block.delay) == (0x22223333, 3 * 32768)
