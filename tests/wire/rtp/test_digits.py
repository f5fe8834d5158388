"""Key presses as one stream: telephone-event packets as networks deliver them, and other ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.wire.rtp.digits import Digits, Source
from gateway.wire.rtp.packet import Packet
from gateway.wire.rtp.telephone_event import KEYS, TelephoneEvent, build, parse

# one packet: timestamp, key, then any of M(arker), E(nd), R(eserved bit), and a duration
Sent = tuple[int, str, str, int]


def packet(sent: Sent, ssrc: int = 7, sequence: int = 0) -> Packet:
    """A telephone-event packet."""
    timestamp, key, flags, duration = sent
    payload = build(TelephoneEvent(KEYS.index(key), duration, "E" in flags))
    if "R" in flags:
        payload = bytes((payload[0], payload[1] | 0x40)) + payload[2:]
    return Packet(101, sequence, timestamp % 2**32, ssrc, payload, "M" in flags)


def keys_of(sent: list[Sent], digits: Digits | None = None) -> str:
    """The keys of packets that arrive in this order; they were sent by timestamp and duration."""
    digits = digits or Digits()
    order = sorted({(timestamp, duration) for timestamp, _, _, duration in sent})
    numbers = {of: (65_530 + n) % 2**16 for n, of in enumerate(order)}
    return "".join(digits.event(packet(one, sequence=numbers[one[0], one[3]])) for one in sent)


FIVE = [(800, "5", "M", 160), (800, "5", "", 320), (800, "5", "E", 480)]
SEVEN = [(2400, "7", "M", 160), (2400, "7", "", 320), (2400, "7", "E", 480)]
LONG = [(800, "5", "M", 160), (800, "5", "", 0xFFFF), (800 + 0xFFFF, "5", "", 160)]


@pytest.mark.parametrize(
    ("what", "sent", "keys"),
    [
        ("a press", FIVE, "5"),
        ("the end three times", [*FIVE, FIVE[2], FIVE[2]], "5"),
        ("two presses", FIVE + SEVEN, "57"),
        ("the same key twice", [*FIVE, *((ts + 1600, k, f, d) for ts, k, f, d in FIVE)], "55"),
        ("every packet twice", [p for p in FIVE + SEVEN for _ in range(2)], "57"),
        ("the first packet lost", FIVE[1:], "5"),
        ("all but the end lost", FIVE[2:], "5"),
        ("no end arrives", FIVE[:2] + SEVEN[:2], "57"),
        ("no end, the same key again", [FIVE[0], (2400, "5", "M", 160)], "55"),
        ("within a press disorder", [FIVE[1], FIVE[2], FIVE[0]], "5"),
        ("an end behind the next press", [*FIVE[:2], SEVEN[0], FIVE[2], *SEVEN[1:]], "57"),
        ("the R bit of SIPp", [(800, "5", "MR", 400), (800, "5", "R", 800)], "5"),
        ("timestamps that go by 400", [(400 * n, "123"[n], "M", 400) for n in range(3)], "123"),
        ("a marker on each packet", [(ts, k, f + "M", d) for ts, k, f, d in FIVE], "5"),
        ("no markers at all", [(ts, k, f.strip("M"), d) for ts, k, f, d in FIVE + SEVEN], "57"),
        ("held past 8 s: a second segment", LONG, "5"),
        ("the same, but marked", [*LONG[:2], (800 + 0xFFFF, "5", "M", 160)], "55"),
        ("the same, but ended before", [*LONG[:1], FIVE[2], LONG[2]], "55"),
        ("timestamps that wrap", [(2**32 - 80, "5", "M", 160), (2**32 + 800, "7", "M", 1)], "57"),
        ("star, hash, letters", [(n * 800, "*#AD"[n], "M", 160) for n in range(4)], "*#AD"),
    ],
)
def test_events(what: str, sent: list[Sent], keys: str) -> None:
    assert keys_of(sent) == keys, what


def test_a_new_source_has_timestamps_of_its_own() -> None:
    digits = Digits()
    assert digits.event(packet((50_000, "5", "M", 160))) == "5"
    assert digits.event(packet((800, "5", "M", 160), ssrc=8)) == "5"


def test_a_clock_that_was_set_back_is_no_lateness() -> None:
    digits = Digits()
    assert digits.event(packet((50_000, "5", "M", 160), sequence=10)) == "5"
    assert digits.event(packet((800, "7", "M", 160), sequence=11)) == "7"


def test_events_that_are_no_keys() -> None:
    digits = Digits()
    flash = Packet(101, 0, 0, 7, build(TelephoneEvent(16, 160)))
    assert digits.event(flash) == ""
    assert digits.event(Packet(101, 0, 0, 7, b"\x05\x0a\x00")) == "", "too short"
    assert digits.source is None
    assert digits.pressed(Source.INFO, "5") == "5"


@pytest.mark.parametrize("first", Source)
def test_the_way_of_the_first_press_is_the_way_of_the_call(first: Source) -> None:
    digits = Digits()
    assert digits.pressed(first, "1") == "1"
    for source in Source:
        assert digits.pressed(source, "2") == ("2" if source is first else "")


@given(st.lists(st.sampled_from(KEYS), min_size=1, max_size=12), st.data())
def test_each_press_once_whatever_is_lost_or_doubled(keys: list[str], data: st.DataObject) -> None:
    """Of each press any packets but not all are lost, others doubled, those left shuffled."""
    arrived: list[Sent] = []
    for number, key in enumerate(keys):
        press = [(number * 1600, key, flags, duration) for _, _, flags, duration in FIVE]
        arrived += data.draw(st.lists(st.sampled_from(press), min_size=1, max_size=6))
    assert keys_of(arrived) == "".join(keys)


@given(st.binary(max_size=8), st.integers(0, 2**32 - 1), st.booleans())
def test_any_payload_is_taken(payload: bytes, timestamp: int, marker: bool) -> None:
    """Invariant: no exception, and at most one key a packet."""
    assert Digits().event(Packet(101, 0, timestamp, 7, payload, marker)) in ("", *KEYS)


@pytest.mark.parametrize(
    ("octets", "event"),
    [
        ("050a00a0", TelephoneEvent(5, 160, False, 10)),
        ("0b8a0320", TelephoneEvent(11, 800, True, 10)),
        ("054a0190", TelephoneEvent(5, 400, False, 10)),  # R, as SIPp sends it
        ("050a00a0ffff", TelephoneEvent(5, 160, False, 10)),
        ("050a00", None),
        ("", None),
    ],
)
def test_payloads(octets: str, event: TelephoneEvent | None) -> None:
    assert parse(bytes.fromhex(octets)) == event


@given(
    st.builds(
        TelephoneEvent,
        st.integers(0, 255),
        st.integers(0, 0xFFFF),
        st.booleans(),
        st.integers(0, 63),
    )
)
def test_parse_is_the_inverse_of_build(event: TelephoneEvent) -> None:
    assert parse(build(event)) == event
