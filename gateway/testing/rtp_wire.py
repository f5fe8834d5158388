"""RTP and RTCP between a gateway under test and its callers, packet by packet.

Rule: the gateway polls its ports, so what arrives meets its fate when it is polled for, under the
time at which the system took it.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import Final, NoReturn, cast

from gateway.channels.media_ports import Datagram, Port, PortPair, PortRange
from gateway.testing.fate import Message
from gateway.testing.faults import AUDIO, EVENT, RTCP
from gateway.testing.pcap import Address
from gateway.testing.wires import Way, Wires
from gateway.wire.rtp import packet

DYNAMIC: Final = 96
"""Payload types from here on are agreed call by call (RFC 3551 §6): of ours, key presses alone."""


class WatchedPorts:
    """Hands out what a `PortRange` does, watched."""

    def __init__(self, ports: PortRange, wires: Wires) -> None:
        self._ports = ports
        self._wires = wires

    def open(self, address: str) -> PortPair | None:
        """A pair, or None where all are taken."""
        pair = self._ports.open(address)
        if pair is not None:
            pair.rtp = self._watched(pair.rtp, address, pair.number, False)
            pair.rtcp = self._watched(pair.rtcp, address, pair.number, True)
        return pair

    def close(self, pair: PortPair) -> None:
        """Close it."""
        self._ports.close(pair)

    def _watched(self, port: Port, address: str, number: int, rtcp: bool) -> Port:
        ours = (address, number + rtcp)
        made = WatchedPort(port, ours, self._wires, rtcp, partial(self._wires.calls.at, number))
        return cast("Port", made)


class WatchedPort:
    """One socket; what is asked of it is what is asked of a `Port`."""

    def __init__(
        self, port: Port, ours: Address, wires: Wires, rtcp: bool, subscriber: partial[str]
    ) -> None:
        self._port = port
        self._ours = ours
        self._wires = wires
        self._rtcp = rtcp
        self._subscriber = subscriber
        self._inward, self._outward = Way(wires), Way(wires)
        self._arrived: deque[Datagram] = deque()
        self._sent = True

    def receive(self) -> Datagram | None:
        """The next datagram that has come through."""
        while not self._arrived:
            datagram = self._port.receive()
            if datagram is None:
                return None
            octets, source, at = datagram
            self._wires.datagram(source, self._ours, octets, at)
            go = partial(self._take, datagram, self._wires.clock.seconds())
            message = Message(self._kind(octets), "peer", source, self._subscriber())
            self._inward.carry(message, go, _unanswered)
        return self._arrived.popleft()

    def send(self, data: bytes, to: Address) -> bool:
        """False where the system refuses; what is lost on its way was sent."""
        self._sent = True
        message = Message(self._kind(data), "gateway", to, self._subscriber())
        self._outward.carry(message, partial(self._leave, data, to), _unanswered)
        return self._sent

    def close(self) -> None:
        """Close it."""
        self._inward.close()
        self._outward.close()
        self._port.close()

    def _take(self, datagram: Datagram, polled_at: float) -> None:
        octets, source, at = datagram
        held_seconds = self._wires.clock.seconds() - polled_at
        self._arrived.append((octets, source, None if at is None else at + held_seconds))

    def _leave(self, data: bytes, to: Address) -> None:
        self._wires.datagram(self._ours, to, data)
        self._sent = self._port.send(data, to)

    def _kind(self, octets: bytes) -> str:
        if self._rtcp:
            return RTCP
        read = packet.parse(octets)
        return EVENT if read is not None and read.payload_type >= DYNAMIC else AUDIO


def _unanswered(_status: int) -> NoReturn:
    raise AssertionError("no fault of RTP has a status")
