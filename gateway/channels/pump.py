"""The pump: joins any stream machine of `wire` to a Twisted transport and clock.

It is the only code that touches a transport: bytes in, one write per read or batch out, one timer
a machine. A peer that does not read is not read from either, so what waits for it stays bounded
by its windows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IPushProducer, IReactorTime
from twisted.internet.protocol import Protocol, connectionDone
from twisted.protocols.policies import ProtocolWrapper
from twisted.python.failure import Failure
from zope.interface import implementer

from gateway.channels.alarm import Alarm
from gateway.wire import WireMachine

CLOSE_SECONDS_MAX = 5.0
"""How long a closed connection may take to write what is left; then it is aborted."""


@implementer(IPushProducer)
class Pump(Protocol):
    """One connection and its machine. `handle` gets the events, `lost` the end."""

    transport: Any  # TCP or TLS; Twisted's ITransport leaves most of what both can do out

    def __init__(
        self,
        machine: WireMachine,
        clock: IReactorTime,
        handle: Callable[[list[Any]], None],
        lost: Callable[[str], None],
    ) -> None:
        """`lost` hears why the connection ended; empty where somebody simply closed it."""
        self.machine = machine
        self._clock = clock
        self._handle = handle
        self._lost = lost
        self._alarm = Alarm(clock, machine.next_timer, self._fire)
        self._closing: Any = None
        self._wire: Any = None
        self._open = False

    def connectionMade(self) -> None:
        """No Nagle: each write is a whole batch already."""
        self._open = True
        if hasattr(self.transport, "setTcpNoDelay"):
            self.transport.setTcpNoDelay(True)
        # on the octets' own transport: TLS pauses its producer while it waits for octets of the
        # peer's, and not to read then would be to wait for ever
        self._wire = self.transport
        while isinstance(self._wire, ProtocolWrapper):
            self._wire = self._wire.transport
        self._wire.registerProducer(self, True)
        self.flush()

    def dataReceived(self, data: bytes) -> None:
        """Feed the machine, hand on what it understood, write its answers once."""
        events = self.machine.receive(data, self._clock.seconds())
        if events:
            self._handle(events)
        self.flush()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The peer, or we, went away."""
        self._open = False
        self._alarm.cancel()
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None
        clean = reason.check(ConnectionDone)  # type: ignore[no-untyped-call]
        self._lost("" if clean else reason.getErrorMessage())

    def flush(self) -> None:
        """Write all that the machine wants sent, and set its timer."""
        if not self._open:
            return
        data = self.machine.data_to_send()
        if data:
            self.transport.write(b"".join(data))
        self._alarm.set()

    def close(self) -> None:
        """Close after what is written has left; a peer that does not read is not waited for."""
        if self._open and self._closing is None:
            self._closing = self._clock.callLater(CLOSE_SECONDS_MAX, self._abort)
            self._wire.unregisterProducer()
            self.transport.loseConnection()

    def _abort(self) -> None:
        self._closing = None
        self.transport.abortConnection()

    # --- the transport's buffer is full: read no more until it is not ---------------------------

    def pauseProducing(self) -> None:
        """Twisted: the peer does not keep up."""
        self._wire.pauseProducing()

    def resumeProducing(self) -> None:
        """Twisted: it does again."""
        if self._open:
            self._wire.resumeProducing()

    def stopProducing(self) -> None:
        """Twisted: the connection is going away."""

    # --- time ----------------------------------------------------------------------------------

    def _fire(self, now: float) -> None:
        events = self.machine.timer_fired(now)
        if events:
            self._handle(events)
        self.flush()
