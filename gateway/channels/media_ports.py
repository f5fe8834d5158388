"""UDP ports of calls: a pair each, even for RTP and odd for RTCP, polled and never waited for."""

from __future__ import annotations

import socket
from struct import Struct
from typing import Final

from gateway.wire.rtp.latch import Address

DATAGRAM_OCTETS_MAX: Final = 1500
BUFFER_OCTETS: Final = 65_536
"""Of packets the system keeps between two polls: about a second of a call, or 32 of a flood."""
EXPEDITED_FORWARDING: Final = 46 << 2
"""DSCP EF in the TOS octet: what telephony asks of the network (RFC 4594 §4.1)."""
_SO_TIMESTAMPNS: Final = 35
"""Linux; the socket module has no name for it."""
_TIMESPEC: Final = Struct("@ll")
_ANCILLARY_OCTETS: Final = socket.CMSG_SPACE(_TIMESPEC.size)
_NANO: Final = 1e-9

Datagram = tuple[bytes, Address, float | None]
"""Octets, source, and when the system took it (seconds, any origin) where it tells."""


class Port:
    """One UDP socket. Bad luck of the network is no exception here: UDP loses packets anyway."""

    __slots__ = ("_socket",)

    def __init__(self, address: str, port: int) -> None:
        """Raises OSError where the port is taken."""
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._socket = one = socket.socket(family, socket.SOCK_DGRAM)
        try:
            one.setblocking(False)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_OCTETS)
            one.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, EXPEDITED_FORWARDING)
            else:
                one.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, EXPEDITED_FORWARDING)
            one.bind((address, port))
        except OSError:
            one.close()
            raise

    def receive(self) -> Datagram | None:
        """The next datagram that waits; None where none does."""
        try:
            data, told, _, source = self._socket.recvmsg(DATAGRAM_OCTETS_MAX, _ANCILLARY_OCTETS)
        except OSError:  # nothing there, or what became of a packet sent before
            return None
        if not told:
            return data, source[:2], None
        seconds, nanoseconds = _TIMESPEC.unpack(told[0][2])
        return data, source[:2], seconds + nanoseconds * _NANO

    def send(self, data: bytes, to: Address) -> bool:
        """Send a datagram; False where the system refuses."""
        try:
            self._socket.sendto(data, to)
        except OSError:
            return False
        return True

    def close(self) -> None:
        self._socket.close()


class PortPair:
    """The ports of one call."""

    __slots__ = ("number", "rtcp", "rtp")

    def __init__(self, address: str, number: int) -> None:
        """Raises OSError where one of the two is taken."""
        self.number = number
        self.rtp = Port(address, number)
        try:
            self.rtcp = Port(address, number + 1)
        except OSError:
            self.rtp.close()
            raise

    def close(self) -> None:
        self.rtp.close()
        self.rtcp.close()


class PortRange:
    """Hands out pairs, the one free longest first: late packets of one call meet no other."""

    def __init__(self, ports: range) -> None:
        first = ports.start + ports.start % 2
        self._free = dict.fromkeys(range(first, ports.stop - 1, 2))

    def open(self, address: str) -> PortPair | None:
        """A pair bound to `address`; None where all are taken, by us or by others."""
        for number in tuple(self._free):
            del self._free[number]
            try:
                return PortPair(address, number)
            except OSError:
                self._free[number] = None  # somebody else's: asked again last
        return None

    def close(self, pair: PortPair) -> None:
        """Close a pair; its numbers are free again."""
        pair.close()
        self._free[pair.number] = None
