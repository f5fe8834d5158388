"""One TCP or TLS connection of SIP: octets for the server behind it, a machine to the pump."""

from __future__ import annotations

from typing import Any, Final, Protocol

from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Factory
from twisted.logger import Logger

from gateway.channels.pump import Pump
from gateway.wire.sip.events import Address, Event

log = Logger()

CONNECT_SECONDS_MAX: Final = 5.0
WAITING_MESSAGES_MAX: Final = 100
"""For a connection that is not there yet; more are dropped."""


class Switchboard(Protocol):
    """What a connection needs of the port."""

    def received(self, data: bytes, source: Address, transport: str) -> None: ...
    def connect(self, peer: Address, transport: str) -> Pump | None: ...
    def connected(self, peer: Address) -> None: ...
    def disconnected(self, peer: Address, transport: str) -> None: ...


class Connection:
    """Its machine is the server of all, so it hands octets on and keeps what is to be sent."""

    __slots__ = ("_out", "_peer", "_port", "_transport", "pump")

    def __init__(self, port: Switchboard, clock: Any, peer: Address, transport: str) -> None:
        self._port = port
        self._peer = peer
        self._transport = transport
        self._out: list[bytes] = []
        self.pump = Pump(self, clock, _nothing, self._lost)

    def send(self, data: bytes) -> None:
        """Send a message, when the connection is up."""
        self._out.append(data)
        self.pump.flush()

    def receive(self, data: bytes, now: float) -> list[Event]:
        """The server handles the events of all connections itself."""
        self._port.received(data, self._peer, self._transport)
        return []

    def data_to_send(self) -> list[bytes]:
        out, self._out = self._out, []
        return out

    def next_timer(self) -> None:
        """The server has one timer for all."""
        return

    def timer_fired(self, now: float) -> list[Event]:
        return []

    def _lost(self, reason: str) -> None:
        self._port.disconnected(self._peer, self._transport)


class Connecting:
    """A connection on its way to a peer that has none to us; what it is for waits."""

    def __init__(self, port: Switchboard, reactor: Any, peer: Address) -> None:
        self._port = port
        self._peer = peer
        self._waiting: list[bytes] = []
        host, number = peer
        endpoint: Any = HostnameEndpoint(reactor, host, number, timeout=CONNECT_SECONDS_MAX)
        attempt = endpoint.connect(_Once(port, peer))
        attempt.addCallbacks(self._made, self._failed)

    def send(self, data: bytes) -> None:
        """Send once it is there."""
        if len(self._waiting) < WAITING_MESSAGES_MAX:
            self._waiting.append(data)

    def _made(self, pump: Pump) -> None:
        self._port.connected(self._peer)
        for data in self._waiting:
            pump.machine.send(data)  # type: ignore[attr-defined]

    def _failed(self, failure: Any) -> None:
        self._port.connected(self._peer)
        log.debug("no connection to a peer: {fault}", fault=failure.getErrorMessage())


class _Once(Factory):
    noisy = False

    def __init__(self, port: Switchboard, peer: Address) -> None:
        self._port = port
        self._peer = peer

    def buildProtocol(self, addr: IAddress | None) -> Pump | None:
        return self._port.connect(self._peer, "tcp")


def _nothing(events: list[Event]) -> None:
    """Nothing is left over to handle."""
