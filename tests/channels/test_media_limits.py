"""Media under what it must bear: ports that run out, floods, garbage, tones for too many calls."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

import pytest

from gateway.channels.media import Media
from gateway.channels.media_ports import PortRange
from gateway.channels.media_settings import MediaSettings
from gateway.wire.rtp.g711 import PCMA
from gateway.wire.rtp.packet import Packet, build
from gateway.wire.rtp.stream import Clip
from tests.channels.media_house import EVENT, HOST, PROMPT, SILENCE, Peer, made_houses
from tests.wire.rtp.tones import encoded, press, silence

houses = pytest.fixture(made_houses)


# --- ports ----------------------------------------------------------------------------------------


def test_ports_are_pairs_and_the_one_free_longest_comes_first() -> None:
    ports = PortRange(range(25_001, 25_041))
    first, second = ports.open(HOST), ports.open(HOST)
    assert first is not None
    assert second is not None
    assert first.number % 2 == 0
    assert second.number > first.number
    ports.close(first)
    third = ports.open(HOST)
    assert third is not None
    assert third.number > second.number
    for pair in (second, third):
        ports.close(pair)


@pytest.mark.parametrize("taken", ["rtp", "rtcp"])
def test_a_port_of_somebody_else_is_passed_over(taken: str) -> None:
    theirs = PortRange(range(26_000, 26_400)).open(HOST)
    assert theirs is not None
    ports = PortRange(range(theirs.number, theirs.number + 2))
    (theirs.rtcp if taken == "rtp" else theirs.rtp).close()
    assert ports.open(HOST) is None
    theirs.close()
    pair = ports.open(HOST)
    assert pair is not None, "it is asked for again"
    ports.close(pair)


def test_no_more_calls_than_ports_or_the_limit(houses) -> None:
    house = houses(ports=range(25_100, 25_400), legs_max=2)
    peer = house.peer()
    legs = [house.open(peer), house.open(peer)]
    assert house.media.open(PCMA, EVENT, peer.address) is None
    assert house.media.counts.legs_refused == 1
    legs[0].close()
    assert house.media.open(PCMA, EVENT, peer.address) is not None
    few = houses(ports=range(25_400, 25_401))
    assert few.media.open(PCMA, EVENT, peer.address) is None


@pytest.mark.skipif(not Path("/proc/net/if_inet6").exists(), reason="no IPv6 here")
def test_ipv6(houses) -> None:
    house = houses()
    peer, keys = house.peer("::1"), []
    leg = house.open(peer)
    leg.on_digit = keys.append
    leg.play([PROMPT])
    peer.press(leg, "#", 800)
    house.run(0.04)
    assert keys == ["#"]
    assert peer.heard()
    only_4 = houses(addresses=(HOST,))
    assert only_4.media.open(PCMA, EVENT, peer.address) is None


# --- floods and garbage ---------------------------------------------------------------------------


def test_a_flood_costs_its_share_of_a_turn(houses) -> None:
    house = houses(packets_per_tick_max=10)
    peer, stranger = house.peer(), house.peer("127.0.0.2")
    leg = house.open(peer)
    peer.send(leg)
    house.run(0.02)
    for _ in range(40):
        stranger.send(leg)
    house.run(0.02)
    assert house.media.counts.packets_of_strangers == 10
    assert len(peer.heard()) == 2, "and keeps no frame from its time"


def test_garbage_changes_nothing(houses) -> None:
    """Invariant: whatever a peer sends to either port, nothing is raised and nothing pressed
    that is no key."""
    house, chance = houses(), Random(4)
    peer, keys = house.peer(), []
    leg = house.open(peer)
    leg.on_digit = keys.append
    whole = build(Packet(EVENT, 1, 2, 7, b"\x05\x0a\x00\xa0", True, (1, 2), (5, b"abcd")))
    for turn in range(400):
        octets = bytearray(whole if turn % 2 else chance.randbytes(chance.randrange(80)))
        for _ in range(chance.randrange(4)):
            if octets:
                octets[chance.randrange(len(octets))] = chance.randrange(256)
        peer.rtp.sendto(octets, (HOST, leg.port))
        peer.rtcp.sendto(octets, (HOST, leg.port + 1))
        house.run(0.02)
    counts = house.media.counts
    assert counts.legs_failed == 0
    assert counts.packets_invalid > 100
    assert set(keys) <= set("0123456789*#ABCD")
    assert len(peer.heard()) > 100, "it is sent to all the while"


# --- tones ----------------------------------------------------------------------------------------


def test_tones_are_heard_where_no_event_was_negotiated_and_no_more_calls_than_may(houses) -> None:
    house = houses(tone_legs_max=1)
    peers = [house.peer(), house.peer()]
    told: list[tuple[int, str]] = []
    legs = [house.open(peer, event_pt=None) for peer in peers]
    for number, leg in enumerate(legs):
        leg.on_digit = lambda key, number=number: told.append((number, key))
    audio = encoded([*press("4", 80), *silence(60), *press("2", 80), *silence(60)])
    for at in range(0, len(audio), 160):
        for peer, leg in zip(peers, legs, strict=True):
            peer.send(leg, payload=audio[at : at + 160])
        house.run(0.02)
    assert told == [(0, "4"), (0, "2")]
    counts = house.media.counts
    assert (counts.tone_legs, counts.tone_legs_refused) == (1, 1)
    legs[0].redirect(peers[0].address, PCMA, EVENT)
    assert counts.tone_legs == 0
    legs[1].redirect(peers[1].address, PCMA, None)
    assert counts.tone_legs == 1
    legs[1].close()
    assert counts.tone_legs == 0


# --- the reactor's own time -----------------------------------------------------------------------


def test_on_a_real_clock_a_prompt_keeps_its_pace_and_a_key_stops_it(run, reactor_thread) -> None:
    """A phone in this thread, the media in the reactor's."""
    settings = MediaSettings(addresses=(HOST,), ports=range(25_500, 25_900))
    media = Media(reactor_thread, Random(2).random, settings, "gateway")
    peer = Peer()
    peer.rtp.settimeout(2.0)
    leg = run(media.open, PCMA, EVENT, peer.address)
    try:
        leg.on_digit = lambda key: leg.stop()
        run(leg.play, [Clip("long", PROMPT.octets * 10)])
        began = time.monotonic()
        played = [peer.rtp.recv(2048) for _ in range(25)]
        elapsed = time.monotonic() - began
        peer.press(leg, "5", 800)
        after = [peer.rtp.recv(2048)[12:] for _ in range(5)]
    finally:
        run(media.close)
        peer.close()
    assert {data[12:] for data in played} == {PROMPT.octets[:160]}
    assert 0.4 < elapsed < 1.5, "25 frames are half a second, on a busy machine somewhat more"
    assert after[-1] == SILENCE
    assert after.index(SILENCE) <= 2, "two frames are 40 ms"
