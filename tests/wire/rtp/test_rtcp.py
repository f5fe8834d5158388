"""RTCP both ways (RFC 3550 §6): golden octets, the inverse, the rules of a compound packet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.wire.rtp.rtcp import (
    CNAME,
    Goodbye,
    ReceiverReport,
    ReportBlock,
    RtcpPacket,
    SenderReport,
    SourceDescription,
    build,
    parse,
)

WORDS = st.integers(0, 2**32 - 1)
BLOCK = ReportBlock(7, 64, -2, 0x10005, 3, 0x11112222, 0x8000)
REPORT = SenderReport(1, 0x1111222233334444, 320, 2, 320, (BLOCK,))
NAME = SourceDescription(1, ((CNAME, b"gw"),))
GOLDEN = bytes.fromhex(
    "81c8 000c 00000001 1111222233334444 00000140 00000002 00000140"
    "00000007 40fffffe 00010005 00000003 11112222 00008000"
    "81ca 0003 00000001 01026777 00000000"
    "81cb 0002 00000001 03657468"  # Goodbye: a reason of 3 octets
)
BLOCKS = st.lists(
    st.builds(
        ReportBlock,
        WORDS,
        st.integers(0, 255),
        st.integers(-(2**23), 2**23 - 1),
        WORDS,
        WORDS,
        WORDS,
        WORDS,
    ),
    max_size=31,
).map(tuple)
TEXTS = st.binary(max_size=255)
REPORTS = st.builds(ReceiverReport, WORDS, BLOCKS) | st.builds(
    SenderReport, WORDS, st.integers(0, 2**64 - 1), WORDS, WORDS, WORDS, BLOCKS
)
OTHERS = st.builds(
    SourceDescription, WORDS, st.lists(st.tuples(st.integers(1, 255), TEXTS), max_size=4).map(tuple)
) | st.builds(Goodbye, st.lists(WORDS, max_size=31).map(tuple), TEXTS)
COMPOUNDS = st.tuples(REPORTS, st.lists(REPORTS | OTHERS, max_size=4)).map(
    lambda parts: (parts[0], *parts[1])
)


def test_octets_both_ways() -> None:
    packets = (REPORT, NAME, Goodbye((1,), b"eth"))
    assert build(packets) == GOLDEN
    assert parse(GOLDEN) == packets


def test_what_we_do_not_know_is_skipped() -> None:
    application = bytes.fromhex("80cc 0002 00000001 6e616d65")
    assert parse(build((REPORT,)) + application + build((NAME,))) == (REPORT, NAME)


def test_the_last_packet_may_be_padded() -> None:
    padded = bytes.fromhex("a1cb 0002 00000001 00000004")
    assert parse(build((REPORT,)) + padded) == (REPORT, Goodbye((1,)))


@pytest.mark.parametrize(
    ("octets", "why"),
    [
        (b"", "nothing"),
        (GOLDEN[:-1], "shorter than its lengths say"),
        (GOLDEN + b"\x80", "longer than its lengths say"),
        (build((NAME,)), "does not begin with a report"),
        (b"\x41" + GOLDEN[1:], "version 1"),
        (b"\x9f" + GOLDEN[1:], "more blocks than octets"),
        (b"\xa1" + GOLDEN[1:], "padding before the last packet"),
        (bytes.fromhex("80c9 0000"), "a report of nobody"),
        (build((REPORT,)) + bytes.fromhex("82ca 0002 00000001 01026777"), "items without an end"),
        (build((REPORT,)) + bytes.fromhex("82cb 0001 00000001"), "more sources than octets"),
    ],
)
def test_what_is_no_compound_packet(octets: bytes, why: str) -> None:
    assert parse(octets) is None, why


@given(COMPOUNDS)
def test_parse_is_the_inverse_of_build(packets: tuple[RtcpPacket, ...]) -> None:
    assert parse(build(packets)) == packets


@given(COMPOUNDS.map(build), st.data())
def test_damage_is_read_or_refused(octets: bytes, data: st.DataObject) -> None:
    """Invariant: no exception, whatever a bit or the end of the datagram has become."""
    at = data.draw(st.integers(0, len(octets) - 1))
    flipped = octets[:at] + bytes((octets[at] ^ 1 << data.draw(st.integers(0, 7)),))
    parse(flipped + octets[at + 1 :])
    parse(octets[:at])
