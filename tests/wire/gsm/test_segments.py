"""23.040: headers read and built, texts cut without hurting a pair, parts joined in any order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.wire.gsm.alphabet import decode_gsm7, decode_ucs2
from gateway.wire.gsm.segments import (
    Concatenation,
    Lost,
    MessageKey,
    Reassembly,
    Segment,
    SegmentError,
    build_udh,
    parse_udh,
    split,
    user_data,
)

KEY = MessageKey("79220000001", "000110", 7, 3)
DECODE = {"gsm7": decode_gsm7, "ucs2": decode_ucs2}


@pytest.mark.parametrize(
    ("octets", "part", "rest"),
    [
        ("0500034203016162", Concatenation(0x42, 3, 1), "6162"),
        ("060804012302026162", Concatenation(0x123, 2, 2), "6162"),
        ("006162", None, "6162"),
        ("00", None, ""),
        ("0b05040b8423f0000342020161", Concatenation(0x42, 2, 1), "61"),  # ports first, skipped
        ("0500034200016162", None, "6162"),  # a total of 0: ignored
        ("0500034202006162", None, "6162"),  # part 0: ignored
        ("0500034202036162", None, "6162"),  # part 3 of 2: ignored
        ("0a000342020100034303026161", Concatenation(0x43, 3, 2), "6161"),  # the last counts
        ("02700061", None, "61"),  # an unknown element without octets
    ],
)
def test_reading_a_header(octets: str, part: Concatenation | None, rest: str) -> None:
    assert parse_udh(bytes.fromhex(octets)) == (part, bytes.fromhex(rest))


@pytest.mark.parametrize(
    "octets",
    [
        "",  # no length
        "05",  # nothing but a length
        "0500034203",  # ends within the element
        "0100",  # an element without its length
        "050004420301",  # the element's length runs past the header
        "0400024203",  # an 8-bit reference of 2 octets
        "06000401230301",  # ... of 4
        "0508034203016162",  # a 16-bit reference of 3
        "ff0003420301",
    ],
)
def test_a_malformed_header_is_named(octets: str) -> None:
    with pytest.raises(SegmentError) as caught:
        parse_udh(bytes.fromhex(octets))
    assert caught.value.reason == "header_malformed"


@given(st.binary(max_size=40))
def test_any_octets_are_a_header_or_an_error(octets: bytes) -> None:
    try:
        _, rest = parse_udh(octets)
    except SegmentError:
        return
    assert octets.endswith(rest)
    assert len(rest) == len(octets) - octets[0] - 1


@given(st.integers(0, 65535), st.integers(1, 255), st.integers(1, 255), st.booleans(), st.binary())
def test_header_round_trip(ref: int, total: int, number: int, wide: bool, text: bytes) -> None:
    part = Concatenation(ref if wide else ref % 256, total, min(number, total))
    assert parse_udh(build_udh(part, wide) + text) == (part, text)


@pytest.mark.parametrize(
    ("text", "wide", "alphabet", "lengths"),
    [
        ("", False, "gsm7", [0]),
        ("a" * 160, False, "gsm7", [160]),
        ("a" * 161, False, "gsm7", [153, 8]),
        ("a" * 161, True, "gsm7", [152, 9]),
        ("€" * 80, False, "gsm7", [160]),
        ("a" * 152 + "€" * 5, False, "gsm7", [152, 10]),  # the pair goes to the next part
        ("я" * 70, False, "ucs2", [140]),
        ("я" * 71, False, "ucs2", [134, 8]),
        ("я" * 71, True, "ucs2", [132, 10]),
        ("я" * 66 + "😀" * 3, False, "ucs2", [132, 12]),
        ("я" + "a" * 80, False, "ucs2", [134, 28]),
    ],
)
def test_cutting(text: str, wide: bool, alphabet: str, lengths: list[int]) -> None:
    parts = split(text, wide)
    assert [len(part.octets) for part in parts] == lengths
    assert {part.alphabet for part in parts} == {alphabet}


def test_more_parts_than_a_number_holds() -> None:
    assert len(split("a" * 153 * 255)) == 255
    with pytest.raises(SegmentError, match="too_many_parts"):
        split("a" * (153 * 255 + 1))


@given(st.text(st.sampled_from("ab€[Яя😀"), max_size=500), st.booleans())
def test_every_part_reads_alone_and_fits(text: str, wide: bool) -> None:
    parts = split(text, wide)
    assert "".join(DECODE[part.alphabet](part.octets) for part in parts) == text
    sent = user_data(parts, 300, wide)
    for part, octets in zip(parts, sent, strict=True):
        header = octets[: len(octets) - len(part.octets)]
        if part.alphabet == "gsm7":  # the header takes whole septets on the radio side
            assert -(-len(header) * 8 // 7) + len(part.octets) <= 160
        else:
            assert len(octets) <= 140
    if len(parts) > 1:
        headers = [parse_udh(octets)[0] for octets in sent]
        reference = 300 if wide else 300 % 256
        assert headers == [Concatenation(reference, len(parts), n + 1) for n in range(len(parts))]


# --- joining -----------------------------------------------------------------------------------


def test_any_order_and_repeated_parts() -> None:
    joiner = Reassembly()
    assert joiner.add(KEY, 3, b"c", 0.0) is None
    assert joiner.add(KEY, 1, b"a", 1.0) is None
    assert joiner.add(KEY, 1, b"a", 1.5) is None
    assert joiner.add(KEY, 2, b"b", 2.0) == [b"a", b"b", b"c"]
    assert len(joiner) == 0
    assert joiner.next_timer() is None
    assert joiner.expired(1e9) == []


def test_a_single_part_is_whole() -> None:
    assert Reassembly(messages_max=0).add(KEY._replace(total=1), 1, b"a", 0.0) == [b"a"]


def test_a_lost_part_is_reported_once() -> None:
    joiner = Reassembly(seconds_max=10.0)
    joiner.add(KEY, 3, b"c", 5.0)
    joiner.add(KEY, 1, b"a", 12.0)  # does not lengthen the wait
    assert joiner.next_timer() == 15.0
    assert joiner.expired(14.9) == []
    assert joiner.expired(15.0) == [Lost(KEY, (1, 3), (2,))]
    assert joiner.expired(15.0) == []
    assert joiner.add(KEY, 2, b"b", 16.0) is None


def test_another_total_or_address_is_another_message() -> None:
    joiner = Reassembly()
    joiner.add(KEY, 1, b"a", 0.0)
    other = KEY._replace(total=2)
    joiner.add(other, 1, b"x", 0.0)
    joiner.add(KEY._replace(source="79220000002"), 2, b"!", 0.0)
    assert joiner.add(other, 2, b"y", 0.0) == [b"x", b"y"]
    joiner.add(KEY, 2, b"b", 0.0)
    assert joiner.add(KEY, 3, b"c", 0.0) == [b"a", b"b", b"c"]


def test_a_reused_reference_begins_anew() -> None:
    joiner = Reassembly()
    joiner.add(KEY, 1, b"old", 0.0)
    joiner.add(KEY, 1, b"new", 5.0)
    assert joiner.next_timer() == 0.0
    assert joiner.expired(5.0) == [Lost(KEY, (1,), (2, 3))]
    joiner.add(KEY, 2, b"b", 5.0)
    assert joiner.add(KEY, 3, b"c", 5.0) == [b"new", b"b", b"c"]


@pytest.mark.parametrize(("total", "number"), [(3, 0), (3, 4), (0, 0), (9, 1), (3, -1)])
def test_a_part_out_of_range(total: int, number: int) -> None:
    with pytest.raises(SegmentError, match="part_out_of_range"):
        Reassembly(parts_max=8).add(KEY._replace(total=total), number, b"a", 0.0)


def test_limits_refuse_and_keep_what_waits() -> None:
    joiner = Reassembly(messages_max=1, octets_max=4)
    joiner.add(KEY, 1, b"aaa", 0.0)
    with pytest.raises(SegmentError, match="reassembly_full"):
        joiner.add(KEY._replace(reference=8), 1, b"b", 0.0)
    with pytest.raises(SegmentError, match="reassembly_full"):
        joiner.add(KEY, 2, b"bb", 0.0)
    joiner.add(KEY, 2, b"b", 0.0)
    # The last part is never refused: it frees what waits.
    assert joiner.add(KEY, 3, b"ccc", 0.0) == [b"aaa", b"b", b"ccc"]
    joiner.add(KEY._replace(reference=8), 1, b"bbbb", 0.0)


@given(st.data(), st.text(min_size=1, max_size=400))
def test_any_permutation_joins(data: st.DataObject, text: str) -> None:
    parts = split("я" + text)
    order = data.draw(st.permutations(range(len(parts))))
    joiner = Reassembly()
    key = KEY._replace(total=len(parts))
    got = [joiner.add(key, place + 1, parts[place].octets, 0.0) for place in order]
    assert got[:-1] == [None] * (len(parts) - 1)
    assert got[-1] == [part.octets for part in parts]
    assert Segment("ucs2", got[-1][0]) == parts[0]
