"""RTP packets both ways (RFC 3550 §5): golden octets, the inverse, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.wire.rtp.packet import Packet, build, parse

PLAIN = bytes.fromhex("80 08 1234 00000140 deadbeef") + b"\xd5" * 160
WORDS = st.integers(0, 2**32 - 1)
PACKETS = st.builds(
    Packet,
    st.integers(0, 127),
    st.integers(0, 2**16 - 1),
    WORDS,
    WORDS,
    st.binary(max_size=200),
    st.booleans(),
    st.lists(WORDS, max_size=15).map(tuple),
    st.none()
    | st.tuples(
        st.integers(0, 2**16 - 1),
        st.binary(max_size=40).map(lambda octets: octets[: len(octets) // 4 * 4]),
    ),
)


@pytest.mark.parametrize(
    ("octets", "packet"),
    [
        (PLAIN, Packet(8, 0x1234, 320, 0xDEADBEEF, b"\xd5" * 160)),
        (
            bytes.fromhex("80 e5 0001 00000000 00000007 05 0a 00a0"),
            Packet(101, 1, 0, 7, b"\x05\x0a\x00\xa0", marker=True),
        ),
        (
            bytes.fromhex("92 00 0001 00000002 00000003 0000000a 0000000b bede 0001 10ff0000 aa"),
            Packet(0, 1, 2, 3, b"\xaa", False, (10, 11), (0xBEDE, b"\x10\xff\0\0")),
        ),
    ],
)
def test_octets_both_ways(octets: bytes, packet: Packet) -> None:
    assert parse(octets) == packet
    assert build(packet) == octets


def test_padding_is_taken_off() -> None:
    assert parse(bytes.fromhex("a0 00 0001 00000002 00000003 aabb 000003")) == Packet(
        0, 1, 2, 3, b"\xaa\xbb"
    )


@pytest.mark.parametrize(
    ("octets", "why"),
    [
        (b"", "nothing"),
        (PLAIN[:11], "shorter than a header"),
        (b"\x40" + PLAIN[1:], "version 1"),
        (b"\xc0" + PLAIN[1:], "version 3"),
        (b"\xa0" + PLAIN[1:-1] + b"\0", "padding of no octets"),
        (b"\xa0" + PLAIN[1:-1] + b"\xff", "more padding than octets"),
        (b"\xa0" + PLAIN[1:12], "padding out of the header"),
        (b"\x8f" + PLAIN[1:20], "more CSRCs than octets"),
        (b"\x90" + PLAIN[1:14], "half a header extension"),
        (b"\x90" + PLAIN[1:12] + b"\0\0\xff\xff", "an extension past the end"),
        (b"OPTIONS sip:a SIP/2.0\r\n", "another protocol"),
    ],
)
def test_what_is_no_packet(octets: bytes, why: str) -> None:
    assert parse(octets) is None, why


@given(PACKETS)
def test_parse_is_the_inverse_of_build(packet: Packet) -> None:
    assert parse(build(packet)) == packet


@given(st.binary(max_size=64))
def test_any_octets_are_read_or_refused(octets: bytes) -> None:
    """Invariant: no exception; what is read is written so that it is read the same."""
    packet = parse(octets)
    if packet is not None:
        assert parse(build(packet)) == packet
