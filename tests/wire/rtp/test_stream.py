"""The sending half: frames of 20 ms, numbers that run on, what was heard of each prompt."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.wire.rtp.g711 import PCMA, PCMU
from gateway.wire.rtp.packet import Packet, parse
from gateway.wire.rtp.stream import Clip, Heard, Sender

SILENCE = b"\xd5"


def sent(sender: Sender) -> Packet:
    """The next packet."""
    packet = parse(sender.packet())
    assert packet is not None
    return packet


def clip(name: str, octets: int) -> Clip:
    return Clip(name, name.encode() * octets)


def test_numbers_run_on_and_the_first_is_marked() -> None:
    sender = Sender(PCMA, 7, 65535, 2**32 - 160)
    sender.play([clip("a", 320)])
    packets = [sent(sender) for _ in range(4)]
    assert [p.sequence for p in packets] == [65535, 0, 1, 2]
    assert [p.timestamp for p in packets] == [2**32 - 160, 0, 160, 320]
    assert [p.marker for p in packets] == [True, False, False, False]
    assert {(p.ssrc, p.payload_type) for p in packets} == {(7, 8)}
    assert [p.payload[:1] for p in packets] == [b"a", b"a", SILENCE, SILENCE]
    assert (sender.packets, sender.octets) == (4, 640)


def test_clips_are_joined_and_the_last_frame_is_filled() -> None:
    sender = Sender(PCMA, 7, 0, 0)
    sender.play([clip("a", 100), clip("b", 0), clip("c", 10), clip("d", 100)])
    first, second = sent(sender).payload, sent(sender).payload
    assert first == b"a" * 100 + b"c" * 10 + b"d" * 50
    assert second == b"d" * 50 + SILENCE * 110
    assert not sender.playing
    assert sent(sender).payload == SILENCE * 160


def test_playing_ends_with_the_packet_of_the_last_octet() -> None:
    sender = Sender(PCMA, 7, 0, 0)
    sender.play([clip("a", 160)])
    assert sender.playing
    sender.packet()
    assert not sender.playing
    sender.play([clip("a", 0)])
    assert not sender.playing, "nothing to play"


def test_what_was_heard() -> None:
    sender = Sender(PCMA, 7, 0, 0)
    sender.play([clip("a", 200), clip("b", 400), clip("c", 400)])
    assert sender.heard() == ()
    sender.packet()
    assert sender.heard() == (Heard("a", 160, 200),)
    sender.packet()
    assert sender.stop() == (Heard("a", 200, 200), Heard("b", 120, 400))
    assert sender.stop() == ()
    assert sent(sender).payload == SILENCE * 160
    sender.play([clip("c", 160)])
    assert sent(sender).payload == b"c" * 160, "a prompt begins with the next packet"
    assert sender.heard() == (Heard("c", 160, 160),)


def test_a_new_playlist_takes_the_place_of_the_old() -> None:
    sender = Sender(PCMA, 7, 0, 0)
    sender.play([clip("a", 1600)])
    sender.packet()
    sender.play([clip("b", 160)])
    assert sent(sender).payload == b"b" * 160


def test_mulaw_is_translated() -> None:
    sender = Sender(PCMU, 7, 0, 0)
    sender.play([Clip("a", b"\x2a\xaa" * 40)])
    packet = sent(sender)
    assert packet.payload_type == 0
    assert packet.payload == b"\x00\x80" * 40 + b"\xfe" * 80


def test_a_hole_moves_the_timestamp_alone_and_is_marked() -> None:
    sender = Sender(PCMA, 7, 0, 0)
    sender.play([clip("a", 1600)])
    sender.packet()
    sender.skip(3)
    packet = sent(sender)
    assert (packet.sequence, packet.timestamp, packet.marker) == (1, 640, True)
    assert sender.heard() == (Heard("a", 320, 1600),), "nothing of the prompt is left out"


@given(st.lists(st.integers(0, 500), max_size=8))
def test_what_is_sent_is_what_was_to_be_played(lengths: list[int]) -> None:
    """Invariant: the payloads are the clips, whole and in order, and then silence."""
    clips = [Clip(str(n), bytes((n + 1,)) * length) for n, length in enumerate(lengths)]
    sender = Sender(PCMA, 7, 0, 0)
    sender.play(clips)
    whole = b"".join(one.octets for one in clips)
    frames = [sent(sender).payload for _ in range(-(-len(whole) // 160))]
    assert b"".join(frames) == whole + SILENCE * (-len(whole) % 160)
    assert not sender.playing
    heard = {one.id: (one.octets, one.octets_total) for one in sender.heard()}
    assert heard == {one.id: (len(one.octets), len(one.octets)) for one in clips}
