"""The media of calls on loopback sockets in virtual time: prompts, keys, strangers, death."""

from __future__ import annotations

import pytest
from twisted.logger import globalLogPublisher

from gateway.wire.rtp import rtcp
from gateway.wire.rtp.g711 import PCMA, PCMU
from gateway.wire.rtp.stream import Heard
from tests.channels.media_house import EVENT, HOST, PROMPT, SILENCE, made_houses

houses = pytest.fixture(made_houses)


@pytest.fixture
def failures():
    """The failures logged meanwhile."""
    logged: list[object] = []

    def observe(event) -> None:
        if "log_failure" in event:
            logged.append(event["log_failure"])

    globalLogPublisher.addObserver(observe)
    yield logged
    globalLogPublisher.removeObserver(observe)


def test_a_prompt_then_silence(houses) -> None:
    house = houses()
    peer, done = house.peer(), []
    leg = house.open(peer)
    leg.play([PROMPT], lambda: done.append(leg.playing))
    house.run(0.4)
    packets = peer.heard()
    assert [p.payload for p in packets] == [b"\x2a" * 160] * 10 + [SILENCE] * 10
    assert [p.marker for p in packets] == [True] + [False] * 19
    assert done == [False]
    assert leg.heard() == (Heard("root", 1600, 1600),)
    assert house.media.counts.packets_sent == 20


def test_a_playlist_follows_a_playlist_without_a_gap(houses) -> None:
    house = houses()
    peer = house.peer()
    leg = house.open(peer, PCMU)
    leg.play([PROMPT], lambda: leg.play([PROMPT]))
    house.run(0.4)
    packets = peer.heard()
    assert [p.payload for p in packets] == [b"\x00" * 160] * 20
    assert {p.timestamp - packets[0].timestamp - 160 * n for n, p in enumerate(packets)} == {0}


def test_a_key_stops_the_prompt_with_the_next_frame(houses) -> None:
    house = houses()
    peer, keys, heard = house.peer(), [], []
    leg = house.open(peer)
    leg.on_digit = lambda key: (keys.append(key), heard.extend(leg.stop()))
    leg.play([PROMPT], lambda: keys.append("never"))
    house.run(0.06)
    assert len(peer.heard()) == 3
    peer.press(leg, "5", 800)
    house.run(0.04)
    assert [p.payload for p in peer.heard()] == [SILENCE] * 2
    assert (keys, heard) == (["5"], [Heard("root", 480, 1600)])
    assert house.media.counts.digits == {"event": 1}


def test_the_way_of_the_first_press_is_the_way_of_the_call(houses) -> None:
    house = houses()
    peer, keys = house.peer(), []
    leg = house.open(peer)
    leg.on_digit = keys.append
    assert leg.info("application/dtmf-relay", b"Signal=1\r\nDuration=160\r\n")
    assert not leg.info("application/dtmf-relay", b"nothing")
    peer.press(leg, "1", 800)
    house.run(0.04)
    assert keys == ["1"]


def test_packets_that_mean_nothing_are_counted_and_change_nothing(houses) -> None:
    house = houses()
    peer, stranger, keys = house.peer(), house.peer("127.0.0.2"), []
    leg = house.open(peer)
    leg.on_digit = keys.append
    peer.send(leg)
    house.run(0.02)
    peer.send(leg, 97, b"\0\0\0\0")  # the no-op packets of SIPp
    peer.rtp.sendto(b"garbage", (HOST, leg.port))
    stranger.send(leg)
    stranger.rtp.sendto(_goodbye(), (HOST, leg.port + 1))
    stranger.press(leg, "5", 800)
    house.run(0.2)
    counts = house.media.counts
    assert (counts.packets_unwanted, counts.packets_invalid) == (1, 1)
    assert counts.packets_of_strangers == 5
    assert counts.packets_received == 2
    assert keys == []
    assert peer.heard()
    assert stranger.heard() == []


def test_behind_a_nat_audio_goes_where_it_comes_from(houses) -> None:
    house = houses()
    peer, inside = house.peer("127.0.0.3"), house.peer("127.0.0.2")
    leg = house.open(inside)
    house.run(0.04)
    inside.heard()
    peer.send(leg)
    house.run(0.04)
    assert len(peer.heard()) == 2
    assert inside.heard() == []


def test_without_nat_another_host_is_a_stranger(houses) -> None:
    house = houses(nat=False)
    peer, inside = house.peer("127.0.0.3"), house.peer("127.0.0.2")
    leg = house.open(inside)
    peer.send(leg)
    house.run(0.04)
    assert peer.heard() == []


def _goodbye() -> bytes:
    return rtcp.build((rtcp.ReceiverReport(7), rtcp.Goodbye((7,))))


def test_a_call_that_is_watched_and_silent_is_dead(houses) -> None:
    house = houses(silent_seconds_max=2.0)
    peer, dead = house.peer(), []
    leg = house.open(peer)
    leg.on_dead = dead.append
    house.run(3.0)
    assert dead == [], "before the answer nobody need speak"
    leg.watch()
    for _ in range(4):
        house.run(0.5)
        peer.send(leg)
    house.run(0.02)
    last = house.clock.seconds()
    house.run(1.9)
    assert dead == []
    house.run(0.2)
    assert dead == [pytest.approx(last, abs=0.03)]
    house.run(5.0)
    assert len(dead) == 1
    assert house.media.counts.legs_dead == 1


def test_reports_keep_a_call_alive_and_so_does_hold(houses) -> None:
    house = houses(silent_seconds_max=2.0)
    peer, dead = house.peer(), []
    leg = house.open(peer)
    leg.on_dead = dead.append
    leg.watch()
    for _ in range(4):
        house.run(1.0)
        peer.rtcp.sendto(_goodbye(), (HOST, leg.port + 1))
    leg.hold(False)
    house.run(5.0)
    assert dead == []
    leg.hold(True)
    house.run(4.5)
    assert len(dead) == 1


def test_on_hold_nothing_is_sent_and_time_runs_on(houses) -> None:
    house = houses()
    peer = house.peer()
    leg = house.open(peer)
    leg.play([PROMPT])
    house.run(0.04)
    before = peer.heard()[-1]
    leg.hold(False)
    house.run(0.2)
    assert peer.heard() == []
    leg.hold(True)
    house.run(0.02)
    (after,) = peer.heard()
    assert after.marker
    assert after.sequence == (before.sequence + 1) % 2**16
    assert after.timestamp == (before.timestamp + 11 * 160) % 2**32
    assert leg.heard() == (Heard("root", 480, 1600),)


def test_a_re_invite_moves_the_audio(houses) -> None:
    house = houses()
    peer, other = house.peer(), house.peer()
    leg = house.open(peer)
    peer.send(leg)
    house.run(0.02)
    leg.redirect(other.address, PCMU, EVENT)
    peer.heard()
    house.run(0.02)
    assert peer.heard() == []
    (packet,) = other.heard()
    assert packet.payload_type == 0


def test_a_delayed_offer_and_a_name(houses) -> None:
    house = houses()
    leg = house.media.open(PCMA, EVENT, None)
    house.run(0.04)
    leg.redirect(("phone.example", 4000), PCMA, EVENT)
    house.run(0.04)
    assert house.media.counts.packets_sent == 0
    peer = house.peer()
    leg.redirect(peer.address, PCMA, EVENT)
    house.run(0.04)
    assert len(peer.heard()) == 2


def test_reports(houses) -> None:
    house = houses(report_seconds=1.0)
    peer = house.peer()
    leg = house.open(peer)
    peer.send(leg)
    peer.sequence += 1  # one is lost
    peer.send(leg)
    house.run(0.02)
    sent = rtcp.SenderReport(7, 0x1111222233334444, 0, 2, 320)
    peer.rtcp.sendto(rtcp.build((sent,)), (HOST, leg.port + 1))
    house.run(1.5)
    report, name = peer.reports()[-1]
    assert isinstance(report, rtcp.SenderReport)
    assert report.packets == pytest.approx(50, abs=30)
    assert report.octets == report.packets * 160
    (block,) = report.blocks
    assert (block.ssrc, block.packets_lost, block.fraction_lost) == (7, 1, 85)
    assert block.last_report == 0x22223333
    assert block.delay > 0
    assert name == rtcp.SourceDescription(report.ssrc, ((rtcp.CNAME, b"gateway"),))
    leg.close()
    last = peer.reports()[-1]
    assert last[-1] == rtcp.Goodbye((report.ssrc,))
    assert house.jitter
    assert house.media.counts.packets_lost == 1


def test_a_call_that_only_listens_sends_receiver_reports(houses) -> None:
    house = houses(report_seconds=1.0)
    peer = house.peer()
    house.open(peer).hold(False)
    house.run(1.6)
    assert isinstance(peer.reports()[0][0], rtcp.ReceiverReport)


@pytest.mark.parametrize("when", ["digit", "done"])
def test_a_callback_that_fails_ends_its_call_alone(houses, failures, when: str) -> None:
    house = houses()
    peer, other, dead = house.peer(), house.peer(), []
    leg, healthy = house.open(peer), house.open(other)
    leg.on_dead = dead.append

    def fail(*_: object) -> None:
        raise LookupError("a bug")

    leg.on_digit = fail
    if when == "digit":
        peer.press(leg, "5", 800)
    else:
        leg.play([], fail)
    house.run(0.1)
    assert house.media.counts.legs_failed == len(failures) == len(dead) == 1
    assert house.media.legs == 1
    other.heard()
    house.run(0.04)
    assert len(other.heard()) == 2
    healthy.close()
    assert house.media.legs == 0


def test_nothing_is_called_after_close(houses) -> None:
    house = houses()
    peer, told = house.peer(), []
    leg = house.open(peer)
    leg.on_digit = lambda key: (told.append(key), leg.close())
    leg.on_dead = told.append
    leg.play([PROMPT], lambda: told.append("done"))
    leg.watch()
    peer.press(leg, "1", 800)
    peer.press(leg, "2", 1600)
    house.run(60.0)
    assert told == ["1"]
    leg.close()
    assert house.media.legs == 0
