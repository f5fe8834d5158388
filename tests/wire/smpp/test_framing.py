"""A stream cut anywhere gives the same PDUs; a length that cannot be right stops it at once."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.wire.smpp.framing import HEADER, Framer
from gateway.wire.smpp.status import Status

BODIES = st.lists(st.binary(max_size=60), max_size=8)


def frame(body: bytes, sequence: int) -> bytes:
    return HEADER.pack(16 + len(body), 4, 0, sequence) + body


@given(BODIES, st.binary(max_size=15), st.lists(st.integers(0, 700)))
def test_whole_cut_anywhere_octet_by_octet_and_trailing(
    bodies: list[bytes], rest: bytes, cuts: list[int]
) -> None:
    frames = [frame(body, sequence) for sequence, body in enumerate(bodies)]
    trailing = frame(rest, 99)[:-1]
    stream = b"".join(frames) + trailing
    edges = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    pieces = [stream[a:b] for a, b in pairwise(edges)]
    for parts in ([stream], pieces, [stream[i : i + 1] for i in range(len(stream))]):
        framer = Framer(70_000)
        found = [whole for part in parts for whole in framer.feed(part)]
        assert found == frames
        assert framer.broken is None
        assert framer.feed(frame(rest, 99)[-1:]) == [frame(rest, 99)]


@pytest.mark.parametrize(
    "length", [0, 8, 15, 70_001, 0xFFFFFFFF, int.from_bytes(b"GET ", "big"), 50331695]
)
def test_an_impossible_length_is_known_from_four_octets(length: int) -> None:
    framer = Framer(70_000)
    good = frame(b"body", 1)
    head = length.to_bytes(4, "big")
    assert framer.feed(good + head[:3]) == [good]
    assert framer.broken is None
    assert framer.feed(head[3:] + b"anything") == []
    assert framer.broken is not None
    assert framer.broken.status == Status.ESME_RINVCMDLEN
    assert framer.feed(good) == []


def test_a_long_pdu_in_small_pieces_is_joined_once() -> None:
    framer = Framer(70_000)
    whole = frame(b"x" * 60_000, 1)
    framer.feed(whole[:4])
    assert framer._wanted == len(whole), "or every octet more would copy all before it"
    pieces = [whole[i : i + 100] for i in range(4, len(whole), 100)]
    assert [found for piece in pieces for found in framer.feed(piece)] == [whole]


@pytest.mark.parametrize("length", [16, 70_000])
def test_the_limits_themselves_pass(length: int) -> None:
    whole = frame(b"x" * (length - 16), 1)
    assert Framer(70_000).feed(whole) == [whole]
