"""SIP between a gateway under test and its peers, message by message, over UDP and TCP.

Rule: a status answers in the place of whoever was asked, as a user agent would that keeps nothing.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from twisted.internet.protocol import DatagramProtocol

from gateway.testing.fate import Message
from gateway.testing.faults import response_to
from gateway.testing.pcap import Address
from gateway.testing.wires import Course, Go, Way, Wire, Wires
from gateway.wire.sip.answers import build_response, stateless_tag
from gateway.wire.sip.framing import Framer
from gateway.wire.sip.message import Headers, Request, Response, parse_message
from gateway.wire.sip.status import phrase_of

MESSAGE_OCTETS_MAX: Final = 1 << 20
_BLANK: Final = b"\r\n"


def meet(wires: Wires, octets: bytes, course: Course, peer: Address) -> None:
    """A message, or what is none, is on its way."""
    read = parse_message(octets)
    if read is None:
        course.forward(octets)
        return
    asked = isinstance(read, Request)
    method = (read.headers.get("cseq") or "").rpartition(" ")[2]
    kind = read.method if isinstance(read, Request) else response_to(method)
    message = Message(kind, course.by, peer, wires.calls.subscriber(read, course.by))

    def instead(status: int) -> Go:
        return partial(course.back if asked else course.forward, _with(status, read))

    course.way.carry(message, partial(course.forward, octets), instead)


def _with(status: int, message: Request | Response) -> bytes:
    """The answer to a request, or the response, with a status."""
    if isinstance(message, Request):
        return bytes(build_response(message, status, stateless_tag(message)))
    kept = [row for row in message.headers.fields if not row[0].lower().startswith("content-")]
    headers = Headers((*kept, ("Content-Length", "0")))
    return bytes(Response(status, phrase_of(status), headers))


class Messages:
    """Cuts a stream into SIP messages; keep-alives, and a stream that cannot be cut, stay whole."""

    def __init__(self) -> None:
        self._framer = Framer(MESSAGE_OCTETS_MAX, MESSAGE_OCTETS_MAX)
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Take octets; the messages that became whole, and what stands between them."""
        self._rest += data
        found = []
        for message in self._framer.feed(data):
            between, _, self._rest = self._rest.partition(message)
            found += [between, message]
        if self._framer.broken or not self._rest.strip(_BLANK):
            found.append(self._rest)
            self._rest = b""
        return [octets for octets in found if octets]


class SipWire(Wire):
    """One connection."""

    cutter = Messages

    def meet(self, octets: bytes, course: Course) -> None:
        """A message, or what is none, is on its way."""
        meet(self.wires, octets, course, self.peer)


class Datagrams(DatagramProtocol):
    """The protocol of the UDP port, and the transport that it writes to."""

    transport: Any

    def __init__(self, protocol: DatagramProtocol, wires: Wires) -> None:
        self._protocol: Any = protocol
        self._wires = wires
        self._inward, self._outward = Way(wires), Way(wires)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.transport, name)

    def startProtocol(self) -> None:
        host = self.transport.getHost()
        self._ours = (host.host, host.port)
        self._protocol.makeConnection(self)

    def stopProtocol(self) -> None:
        self._inward.close()
        self._outward.close()
        self._protocol.doStop()

    def datagramReceived(self, datagram: bytes, addr: Any) -> None:
        peer = addr[:2]
        self._wires.datagram(peer, self._ours, datagram)
        up, down = self._up(addr), self._down(peer)
        meet(self._wires, datagram, Course("peer", self._inward, up, down), peer)

    def connectionRefused(self) -> None:
        self._protocol.connectionRefused()

    def write(self, datagram: bytes, addr: Any) -> None:
        """The gateway sends."""
        up, down = self._up(addr), self._down(addr)
        meet(self._wires, datagram, Course("gateway", self._outward, down, up), addr)

    def _up(self, addr: Any) -> Any:
        return lambda octets: self._protocol.datagramReceived(octets, addr)

    def _down(self, addr: Address) -> Any:
        def send(octets: bytes) -> None:
            self.transport.write(octets, addr)
            self._wires.datagram(self._ours, addr, octets)

        return send
