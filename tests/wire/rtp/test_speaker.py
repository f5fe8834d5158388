"""What a caller sends: RFC 4733 keys among frames of silence, numbered without a gap."""

from __future__ import annotations

import itertools

import pytest

from gateway.wire.rtp import packet, telephone_event
from gateway.wire.rtp.speaker import ENDS, KEY_FRAMES, KEYS_WAITING_MAX, SILENCE, Speaker


def speaker(event_pt: int | None = 101) -> Speaker:
    """One whose numbers begin just before they wrap."""
    return Speaker(event_pt, lambda bits: (1 << bits) - 3)


def test_a_key_is_one_event_of_one_timestamp_with_its_end_three_times():
    one = speaker()
    silence = packet.parse(one.frame())
    one.press("5")
    frames = [packet.parse(one.frame()) for _ in range(KEY_FRAMES + ENDS)]
    after = packet.parse(one.frame())
    events = [telephone_event.parse(frame.payload) for frame in frames]
    assert {event.key for event in events} == {"5"}
    assert [event.duration for event in events] == [160, 320, 480, 640, 800, 800, 800, 800]
    assert [event.end for event in events] == [False] * KEY_FRAMES + [True] * ENDS
    assert [frame.marker for frame in frames] == [True] + [False] * 7
    assert len({frame.timestamp for frame in frames}) == 1
    numbers = [each.sequence for each in (silence, *frames, after)]
    assert [(b - a) % 65_536 for a, b in itertools.pairwise(numbers)] == [1] * 9
    assert (after.timestamp - silence.timestamp) % 2**32 == 160 * 9
    assert silence.payload_type == after.payload_type == 8
    assert after.payload == SILENCE


def test_keys_wait_until_their_first_packet_leaves():
    one = speaker()
    for key in "1#":
        assert one.press(key) is None
    waiting = [(one.frame(), one.keys_waiting)[1] for _ in range(2 * (KEY_FRAMES + ENDS))]
    assert waiting == [1] * (KEY_FRAMES + ENDS) + [0] * (KEY_FRAMES + ENDS)


def test_time_that_was_missed_passes():
    one = speaker()
    before = packet.parse(one.frame())
    one.skip(3)
    after = packet.parse(one.frame())
    assert (after.timestamp - before.timestamp) % 2**32 == 160 * 4
    assert (after.sequence - before.sequence) % 2**16 == 1


@pytest.mark.parametrize("key", ["", "E", "12", "+"])
def test_what_is_no_key_is_refused(key: str):
    assert speaker().press(key) == "key_unknown"


def test_keys_are_refused_where_they_cannot_be_sent_or_are_too_many():
    assert speaker(None).press("1") == "telephone_event_not_negotiated"
    one = speaker()
    told = [one.press("1") for _ in range(KEYS_WAITING_MAX + 1)]
    assert told == [None] * KEYS_WAITING_MAX + ["keys_waiting_max"]
