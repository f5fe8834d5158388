"""WAV files of A-law: ours are read back, others' are told apart; garbage is a ValueError."""

from __future__ import annotations

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.wire.wav import read_alaw, write_alaw


def chunk(name: bytes, data: bytes) -> bytes:
    """One RIFF chunk, padded."""
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def riff(*chunks: bytes) -> bytes:
    """A file of chunks."""
    return chunk(b"RIFF", b"WAVE" + b"".join(chunks))


ALAW = struct.pack("<HHIIHH", 6, 1, 8000, 8000, 1, 8)
SOX = riff(chunk(b"fmt ", ALAW + b"\0\0"), chunk(b"fact", b"\3\0\0\0"), chunk(b"data", b"abc"))


@given(st.binary(max_size=500))
def test_what_is_written_is_read(samples: bytes) -> None:
    assert read_alaw(write_alaw(samples)) == samples


def test_other_chunks_and_a_longer_format_are_passed_over() -> None:
    assert read_alaw(SOX) == b"abc"
    assert (
        read_alaw(riff(chunk(b"LIST", b"x"), chunk(b"data", b"ab"), chunk(b"fmt ", ALAW))) == b"ab"
    )


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (b"", "not a WAV"),
        (b"OggS" + b"\0" * 40, "not a WAV"),
        (SOX[:-2], "cut short"),
        (riff(chunk(b"data", b"abc")), "A-law"),
        (riff(chunk(b"fmt ", ALAW)), "no samples"),
        *(
            (riff(chunk(b"fmt ", struct.pack("<HHIIHH", *form)), chunk(b"data", b"ab")), "A-law")
            for form in (
                (1, 1, 8000, 16000, 2, 16),
                (7, 1, 8000, 8000, 1, 8),
                (6, 2, 8000, 16000, 2, 8),
                (6, 1, 16000, 16000, 1, 8),
            )
        ),
    ],
)
def test_what_is_none_is_refused(file: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_alaw(file)


@given(st.binary(max_size=60), st.integers(0, len(SOX)))
def test_garbage_is_a_value_error(garbage: bytes, at: int) -> None:
    for file in (garbage, b"RIFF\0\0\0\0WAVE" + garbage, SOX[:at] + garbage + SOX[at:]):
        with suppress(ValueError):
            assert isinstance(read_alaw(file), bytes)
