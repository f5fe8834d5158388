"""A house of media in virtual time on loopback sockets, and the phones that call it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from random import Random

from twisted.internet.task import Clock

from gateway.channels.media import Media
from gateway.channels.media_leg import Leg
from gateway.channels.media_settings import MediaSettings
from gateway.wire.rtp import rtcp, telephone_event
from gateway.wire.rtp.g711 import PCMA, Codec
from gateway.wire.rtp.packet import Packet, build, parse
from gateway.wire.rtp.stream import Clip

HOST = "127.0.0.1"
EVENT = 101
"""The payload type of telephone-event."""
PROMPT = Clip("root", b"\x2a" * 160 * 10)
SILENCE = b"\xd5" * 160


class Peer:
    """A phone: a pair of sockets with an even port and the next."""

    def __init__(self, host: str = HOST) -> None:
        self.target = "::1" if ":" in host else HOST
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        for port in range(24_000, 32_000, 2):
            self.rtp, self.rtcp = (socket.socket(family, socket.SOCK_DGRAM) for _ in range(2))
            try:
                self.rtp.bind((host, port))
                self.rtcp.bind((host, port + 1))
            except OSError:
                self.close()
                continue
            break
        self.address = (host, port)
        self.rtp.setblocking(False)
        self.rtcp.setblocking(False)
        self.sequence = 0

    def close(self) -> None:
        self.rtp.close()
        self.rtcp.close()

    def send(self, leg: Leg, kind: int = 8, payload: bytes = SILENCE, timestamp: int = -1) -> None:
        """An RTP packet."""
        self.sequence += 1
        at = self.sequence * 160 if timestamp < 0 else timestamp
        packet = Packet(kind, self.sequence, at, 7, payload)
        self.rtp.sendto(build(packet), (self.target, leg.port))

    def press(self, leg: Leg, key: str, timestamp: int) -> None:
        """The packets of a key press."""
        code = telephone_event.KEYS.index(key)
        for duration in (160, 320, 480):
            event = telephone_event.TelephoneEvent(code, duration, duration == 480)
            self.send(leg, EVENT, telephone_event.build(event), timestamp)

    def heard(self) -> list[Packet]:
        """What came since the last look."""
        packets = [parse(data) for data in _drain(self.rtp)]
        assert None not in packets
        return [packet for packet in packets if packet is not None]

    def reports(self) -> list[tuple[rtcp.RtcpPacket, ...]]:
        found = [rtcp.parse(data) for data in _drain(self.rtcp)]
        assert None not in found
        return [packets for packets in found if packets is not None]


def _drain(one: socket.socket) -> list[bytes]:
    found = []
    while True:
        try:
            found.append(one.recv(2048))
        except BlockingIOError:
            return found


class House:
    """Media in virtual time, with the peers to be closed."""

    def __init__(self, **given: object) -> None:
        self.clock = Clock()
        self.clock.advance(1000.0)
        settings = {"addresses": (HOST, "::1"), "ports": range(22_000, 24_000), **given}
        self.media = Media(
            self.clock, Random(1).random, MediaSettings(**settings), "gateway", jitter=self.note
        )
        self.jitter: list[float] = []
        self.peers: list[Peer] = []

    def note(self, seconds: float) -> None:
        self.jitter.append(seconds)

    def peer(self, host: str = HOST) -> Peer:
        self.peers.append(Peer(host))
        return self.peers[-1]

    def open(self, peer: Peer, codec: Codec = PCMA, event_pt: int | None = EVENT) -> Leg:
        leg = self.media.open(codec, event_pt, peer.address)
        assert leg is not None
        return leg

    def run(self, seconds: float) -> None:
        self.clock.pump([0.005] * round(seconds / 0.005))


def made_houses() -> Iterator[Callable[..., House]]:
    """A fixture: makes houses, and closes what is left open."""
    made: list[House] = []

    def make(**given: object) -> House:
        made.append(House(**given))
        return made[-1]

    yield make
    for house in made:
        house.media.close()
        for peer in house.peers:
            peer.close()
