"""What stands between a gateway under test and its peers: faults are made and captures fed here.

Rule: what is on the wire is captured, so what arrives before it meets its fate, and what leaves
after it. Whatever is no message of its protocol passes as it came, and the gateway judges it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import connectionDone
from twisted.protocols.policies import ProtocolWrapper, WrappingFactory
from twisted.python.failure import Failure

from gateway.testing.calls import Calls
from gateway.testing.fate import Fate, Message
from gateway.testing.faults import Faults
from gateway.testing.pcap import Address, Capture

OVERTAKE_SECONDS_MAX: Final = 1.0
"""A message that nothing overtakes goes on after that."""

Send = Callable[[bytes], None]
Go = Callable[[], None]
"""Carries a message on, once."""


class Wires:
    """The faults and captures of one gateway."""

    def __init__(self, clock: Any) -> None:
        """`clock` is the reactor."""
        self.clock = clock
        self.faults = Faults()
        self.captures: list[Capture] = []
        self.calls = Calls()

    def stream(self, source: Address, destination: Address, octets: bytes) -> None:
        """Octets of a connection are on the wire."""
        for capture in self.captures:
            capture.stream(source, destination, octets)

    def datagram(
        self, source: Address, destination: Address, octets: bytes, at: float | None = None
    ) -> None:
        """A datagram is on the wire; `at`: since when (epoch seconds), where it was now found."""
        for capture in self.captures:
            capture.datagram(source, destination, octets, at)

    def fate(self, message: Message) -> Fate:
        """What becomes of a message that passes now."""
        return self.faults.fate(message, self.clock.seconds())


class Way:
    """One direction of a connection or socket: each message goes on as its fate is."""

    def __init__(self, wires: Wires) -> None:
        self._wires = wires
        self._held: dict[str, list[Go]] = {}
        self._timers: set[Any] = set()

    def carry(self, message: Message, go: Go, instead: Callable[[int], Go]) -> None:
        """`go` carries it on; `instead(status)` is what a status makes of that."""
        fate = self._wires.fate(message)
        if fate.status is not None:
            go = instead(fate.status)

        def leave() -> None:
            for _ in range(fate.copies):
                self._later(fate.delay_seconds, go)

        if fate.overtaken:
            self._held.setdefault(message.kind, []).append(leave)
            self._later(OVERTAKE_SECONDS_MAX, self._release, message.kind)
            return
        leave()
        self._release(message.kind)

    def close(self) -> None:
        """Nothing goes on any more, whatever is on its way."""
        for timer in self._timers:
            if timer.active():
                timer.cancel()
        self._timers.clear()
        self._held.clear()

    def _release(self, kind: str) -> None:
        for leave in self._held.pop(kind, ()):
            leave()

    def _later(self, seconds: float, function: Callable[..., None], *arguments: Any) -> None:
        if not seconds:
            function(*arguments)
            return
        timer = self._wires.clock.callLater(seconds, function, *arguments)
        self._timers = {each for each in self._timers if each.active()} | {timer}


@dataclass(slots=True)
class Course:
    """A direction of a connection: where octets go on, and where an answer in their place goes."""

    by: Literal["gateway", "peer"]
    way: Way
    forward: Send
    back: Send


class Cutter(Protocol):
    """Cuts one direction of a connection into messages, and what is none between them."""

    def feed(self, data: bytes) -> list[bytes]: ...


class Wire(ProtocolWrapper):
    """One connection, message by message. A kind says how it is cut and what a message is."""

    factory: Any
    transport: Any
    wrappedProtocol: Any
    cutter: Callable[[], Cutter]

    def __init__(self, factory: Any, wrapped: Any) -> None:
        super().__init__(factory, wrapped)
        self.wires: Wires = factory.wires
        self._inward = Course("peer", Way(self.wires), self._up, self._down)
        self._outward = Course("gateway", Way(self.wires), self._down, self._up)
        self._cut_in, self._cut_out = self.cutter(), self.cutter()

    def meet(self, octets: bytes, course: Course) -> None:
        """A message, or what is none, is on its way."""
        raise NotImplementedError

    def makeConnection(self, transport: Any) -> None:
        """Twisted: a connection was made."""
        host, peer = transport.getHost(), transport.getPeer()
        self._ours, self.peer = (host.host, host.port), (peer.host, peer.port)
        super().makeConnection(transport)  # type: ignore[no-untyped-call]

    def dataReceived(self, data: bytes) -> None:
        for octets in self._cut_in.feed(data):
            self.wires.stream(self.peer, self._ours, octets)
            self.meet(octets, self._inward)

    def write(self, data: bytes) -> None:
        """The gateway writes."""
        for octets in self._cut_out.feed(data):
            self.meet(octets, self._outward)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._inward.way.close()
        self._outward.way.close()
        super().connectionLost(reason)  # type: ignore[no-untyped-call]

    def _up(self, octets: bytes) -> None:
        self.wrappedProtocol.dataReceived(octets)

    def _down(self, octets: bytes) -> None:
        self.wires.stream(self._ours, self.peer, octets)
        self.transport.write(octets)


class Watching(WrappingFactory):
    """Wraps what one factory makes."""

    noisy = False

    def __init__(self, factory: Any, kind: type[Wire], wires: Wires) -> None:
        super().__init__(factory)  # type: ignore[no-untyped-call]
        self.wires = wires
        self.protocol = kind

    def buildProtocol(self, addr: IAddress | None) -> Any:
        made = self.wrappedFactory.buildProtocol(addr)
        return None if made is None else self.protocol(self, made)
