"""What stands between a gateway under test and its peers: faults are made and captures fed here.

Rule: the gateway listens through a reactor that wraps what it listens with, so that it knows
nothing of being tested. A capture shows what was on the wire, faults included.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import DatagramProtocol, Factory, connectionDone
from twisted.protocols.policies import ProtocolWrapper, WrappingFactory
from twisted.python.failure import Failure
from twisted.web.server import Site
from zope.interface import directlyProvides, providedBy

from gateway.channels.smpp_server import SmppServer
from gateway.testing.faults import Faults
from gateway.testing.pcap import Address, Capture
from gateway.wire.smpp import commands
from gateway.wire.smpp.codec import parse
from gateway.wire.smpp.errors import ProtocolError
from gateway.wire.smpp.framing import HEADER, HEADER_OCTETS
from gateway.wire.smpp.pdu import Bind

PDU_OCTETS_MAX: Final = 1 << 20
"""What claims to be longer is no PDU: it passes as it came, and the gateway judges it."""
OVERTAKE_SECONDS_MAX: Final = 1.0
"""A PDU that nothing overtakes goes on after that."""
_MESSAGES: Final = {
    commands.SUBMIT_SM: "source_addr",
    commands.DELIVER_SM: "destination_addr",
    commands.DATA_SM: "source_addr",
}
"""Where the subscriber stands, as the network sends them to a gateway that is the SMSC."""

Send = Callable[[bytes], None]


class Wires:
    """The faults and captures of one gateway."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.captures: list[Capture] = []

    def stream(self, source: Address, destination: Address, octets: bytes) -> None:
        """Octets of a connection are on the wire."""
        for capture in self.captures:
            capture.stream(source, destination, octets)

    def datagram(self, source: Address, destination: Address, octets: bytes) -> None:
        """A datagram is on the wire."""
        for capture in self.captures:
            capture.datagram(source, destination, octets)


class WatchedReactor:
    """The reactor, but for what listens on it. HTTP passes untouched: it carries the token."""

    def __init__(self, reactor: Any, wires: Wires) -> None:
        self._reactor = reactor
        self._wires = wires
        directlyProvides(self, providedBy(reactor))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)

    def listenTCP(self, port: int, factory: Factory, *more: Any) -> Any:
        """Twisted: listen."""
        return self._reactor.listenTCP(port, self._watched(factory), *more)

    def listenSSL(self, port: int, factory: Factory, *more: Any) -> Any:
        """Twisted: listen, under TLS; what is seen is in the clear."""
        return self._reactor.listenSSL(port, self._watched(factory), *more)

    def listenUDP(self, port: int, protocol: DatagramProtocol, *more: Any, **named: Any) -> Any:
        """Twisted: listen for datagrams."""
        watched = _Datagrams(protocol, self._wires)
        return self._reactor.listenUDP(port, watched, *more, **named)

    def _watched(self, factory: Any) -> Any:
        if isinstance(factory, Site):
            return factory
        kind = SmppWire if isinstance(factory, SmppServer) else Wire
        return _Watching(factory, kind, self._wires, self._reactor)


class _Watching(WrappingFactory):
    """Wraps what one factory makes."""

    noisy = False

    def __init__(self, factory: Any, kind: type[Wire], wires: Wires, clock: Any) -> None:
        super().__init__(factory)  # type: ignore[no-untyped-call]
        self.wires = wires
        self.clock = clock
        self.protocol = kind

    def buildProtocol(self, addr: IAddress | None) -> Any:
        made = self.wrappedFactory.buildProtocol(addr)
        return None if made is None else self.protocol(self, made)


class Wire(ProtocolWrapper):
    """One connection, seen."""

    factory: Any
    transport: Any
    wrappedProtocol: Any

    def makeConnection(self, transport: Any) -> None:
        """Twisted: a connection was made."""
        host, peer = transport.getHost(), transport.getPeer()
        self._ours, self._theirs = (host.host, host.port), (peer.host, peer.port)
        super().makeConnection(transport)  # type: ignore[no-untyped-call]

    def dataReceived(self, data: bytes) -> None:
        self.factory.wires.stream(self._theirs, self._ours, data)
        self.wrappedProtocol.dataReceived(data)

    def write(self, data: bytes) -> None:
        """The gateway writes."""
        self.factory.wires.stream(self._ours, self._theirs, data)
        self.transport.write(data)


class SmppWire(Wire):
    """One connection of SMPP: PDU by PDU, each to its fate."""

    def __init__(self, factory: Any, wrapped: Any) -> None:
        super().__init__(factory, wrapped)
        self.bind = ""
        self._inward = _Way(self, self._arrived, self._up, self._down)
        self._outward = _Way(self, _unseen, self._down, self._up)

    def dataReceived(self, data: bytes) -> None:
        self._inward.pass_on(data, self._outward)

    def write(self, data: bytes) -> None:
        """The gateway writes."""
        self._outward.pass_on(data, self._inward)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        for way in (self._inward, self._outward):
            way.close()
        super().connectionLost(reason)  # type: ignore[no-untyped-call]

    def _arrived(self, octets: bytes) -> None:
        self.factory.wires.stream(self._theirs, self._ours, octets)

    def _up(self, octets: bytes) -> None:
        self.wrappedProtocol.dataReceived(octets)

    def _down(self, octets: bytes) -> None:
        super().write(octets)


def _unseen(_octets: bytes) -> None:
    """What the gateway writes is on the wire once its fate is known."""


class _Way:
    """One direction of an SMPP connection."""

    def __init__(self, wire: SmppWire, arrives: Send, forward: Send, back: Send) -> None:
        self._wire = wire
        self._arrives = arrives
        self._forward = forward
        self._back = back
        self._rest = bytearray()
        self._held: dict[int, list[bytes]] = {}
        self._timers: set[Any] = set()
        self.asked: dict[int, str] = {}
        """sequence_number -> the subscriber, of requests that went this way."""

    def pass_on(self, data: bytes, other: _Way) -> None:
        """Octets that came; `other` is the opposite direction."""
        self._rest += data
        for frame in self._frames():
            self._arrives(frame)
            self._pass(frame, other)

    def close(self) -> None:
        """The connection is gone, with all that was on its way."""
        for timer in self._timers:
            if timer.active():
                timer.cancel()
        self._timers.clear()

    def _frames(self) -> list[bytes]:
        found, rest = [], self._rest
        while len(rest) >= HEADER_OCTETS:
            length = int.from_bytes(rest[:4], "big")
            if not HEADER_OCTETS <= length <= PDU_OCTETS_MAX:
                length = len(rest)
            if len(rest) < length:
                break
            found.append(bytes(rest[:length]))
            del rest[:length]
        return found

    def _pass(self, frame: bytes, other: _Way) -> None:
        length, command, _, sequence = HEADER.unpack_from(frame)
        if length != len(frame):
            self._forward(frame)
            return
        msisdn = self._subscriber(frame, command, sequence, other)
        wire = self._wire
        faults, now = wire.factory.wires.faults, wire.factory.clock.seconds()
        fate = faults.fate(command, wire.bind, msisdn, now)
        send = self._forward
        if fate.status is not None and fate.copies:
            answer = command | commands.RESPONSE_BIT
            frame = HEADER.pack(HEADER_OCTETS, answer, fate.status, sequence)
            send = self._forward if command == answer else self._back
        if fate.overtaken:
            self._held.setdefault(command, []).append(frame)
            self._later(OVERTAKE_SECONDS_MAX, self._release, command)
            return
        for _ in range(fate.copies):
            self._later(fate.delay_seconds, send, frame)
        if self._held:
            self._release(command)

    def _subscriber(self, frame: bytes, command: int, sequence: int, other: _Way) -> str:
        if command & commands.RESPONSE_BIT:
            return other.asked.pop(sequence, "")
        if command not in _MESSAGES and command not in commands.BINDS:
            return ""
        try:
            pdu = parse(frame)
        except ProtocolError:
            return ""  # the gateway judges it
        if isinstance(pdu, Bind):
            self._wire.bind = pdu.system_id
            return ""
        msisdn: str = getattr(pdu, _MESSAGES[command]).removeprefix("+")
        self.asked[sequence] = msisdn
        return msisdn

    def _release(self, command: int) -> None:
        for frame in self._held.pop(command, ()):
            self._forward(frame)

    def _later(self, seconds: float, function: Callable[..., None], *arguments: Any) -> None:
        if not seconds:
            function(*arguments)
            return
        timer = self._wire.factory.clock.callLater(seconds, function, *arguments)
        self._timers = {each for each in self._timers if each.active()} | {timer}


class _Datagrams(DatagramProtocol):
    """A protocol of datagrams, and the transport that it writes to."""

    transport: Any

    def __init__(self, protocol: DatagramProtocol, wires: Wires) -> None:
        self._protocol: Any = protocol
        self._wires = wires

    def __getattr__(self, name: str) -> Any:
        return getattr(self.transport, name)

    def startProtocol(self) -> None:
        host = self.transport.getHost()
        self._ours = (host.host, host.port)
        self._protocol.makeConnection(self)

    def stopProtocol(self) -> None:
        self._protocol.doStop()

    def datagramReceived(self, datagram: bytes, addr: Any) -> None:
        self._wires.datagram(addr[:2], self._ours, datagram)
        self._protocol.datagramReceived(datagram, addr)

    def connectionRefused(self) -> None:
        self._protocol.connectionRefused()

    def write(self, datagram: bytes, addr: Any = None) -> None:
        """The gateway sends."""
        if addr is not None:
            self._wires.datagram(self._ours, addr[:2], datagram)
        self.transport.write(datagram, addr)
