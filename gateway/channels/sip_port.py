"""The SIP user agent server on its sockets: a UDP port, TCP and TLS connections, one timer.

The commands a call gives pass through here, so that what they make leaves at once. What cannot be
sent is dropped: SIP repeats it, or gives up by its own timers (RFC 3261 §17).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from twisted.internet.error import InvalidAddressError, MessageLengthError
from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import DatagramProtocol, Factory
from twisted.logger import Logger

from gateway.channels.alarm import Alarm
from gateway.channels.pump import Pump
from gateway.channels.sip_connection import Connecting, Connection
from gateway.wire.sip.errors import Fields
from gateway.wire.sip.events import Address, Disconnect, Event, Outgoing
from gateway.wire.sip.sdp import Sdp
from gateway.wire.sip.uas import SipUas

log = Logger()

Handle = Callable[[Sequence[Event]], None]
LOOKUPS_MAX: Final = 100
"""Names of hosts looked up at once; what is for others is dropped."""


class SipPort(DatagramProtocol):
    """`handle` gets the events in their order. Listen with it for UDP, with `streams` for TCP."""

    noisy = False
    transport: Any  # a UDP port; Twisted declares one that is connected

    def __init__(self, uas: SipUas, reactor: Any, handle: Handle, connections_max: int) -> None:
        self.uas = uas
        self._reactor = reactor
        self._handle = handle
        self._connections_max = connections_max
        self._connections: dict[tuple[Address, str], Connection] = {}
        self._connecting: dict[Address, Connecting] = {}
        self._lookups = 0
        self._alarm = Alarm(reactor, uas.next_timer, self._fire)
        self.numbers: dict[str, int] = {}
        """Transport -> port number, once it is listened on."""
        self.streams = {name: _Streams(self, name) for name in ("tcp", "tls")}

    def now(self) -> float:
        """The clock of every call: monotonic seconds."""
        return float(self._reactor.seconds())

    # --- commands (see SipUas) ------------------------------------------------------------------

    def progress(self, call: str, sdp: Sdp | None, status: int = 183, headers: Fields = ()) -> bool:
        return self._did(self.uas.progress(call, self.now(), sdp, status, headers))

    def answer(self, call: str, sdp: Sdp) -> bool:
        return self._did(self.uas.answer(call, self.now(), sdp))

    def reject(self, call: str, status: int, headers: Fields = ()) -> bool:
        return self._did(self.uas.reject(call, self.now(), status, "", headers))

    def hang_up(self, call: str, cause: int) -> bool:
        return self._did(self.uas.hang_up(call, self.now(), cause))

    def refer(self, call: str, target: str) -> bool:
        return self._did(self.uas.refer(call, self.now(), target))

    def _did(self, done: bool) -> bool:
        self.flush()
        return done

    # --- in -------------------------------------------------------------------------------------

    def datagramReceived(self, datagram: bytes, addr: Any) -> None:
        """One message, or garbage."""
        self.received(datagram, addr[:2], "udp")

    def received(self, data: bytes, source: Address, transport: str) -> None:
        """Feed the machine, hand on what it understood, send its answers."""
        self.tell(self.uas.receive(data, source, transport, self.now()))

    def tell(self, events: list[Event]) -> None:
        """Hand events on, then send; streams that broke are closed behind their last answer."""
        broken = [event for event in events if isinstance(event, Disconnect)]
        if len(broken) < len(events):
            self._handle([event for event in events if not isinstance(event, Disconnect)])
        self.flush()
        for event in broken:
            connection = self._connections.get((event.source, event.transport))
            if connection is not None:
                connection.pump.close()

    def _fire(self, now: float) -> None:
        self.tell(self.uas.timer_fired(now))

    # --- out ------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Send all that waits, and set the timer."""
        for out in self.uas.data_to_send():
            if out.transport == "udp":
                self._datagram(out.data, out.destination)
            else:
                self._stream(out)
        self._alarm.set()

    def _datagram(self, data: bytes, destination: Address) -> None:
        try:
            self.transport.write(data, destination)
        except InvalidAddressError:
            self._look_up(data, destination)
        except (OSError, MessageLengthError) as fault:
            log.debug("a datagram could not be sent: {fault}", fault=str(fault))

    def _look_up(self, data: bytes, destination: Address) -> None:
        """The peer's Contact, Route or Via names a host (RFC 3263 §4.2)."""
        if self._lookups >= LOOKUPS_MAX or _is_numeric(destination[0]):
            return  # numeric: of a family that the port is not of
        self._lookups += 1

        def found(host: str) -> None:
            self._lookups -= 1
            if _is_numeric(host):
                self._datagram(data, (host, destination[1]))

        def lost(_failure: Any) -> None:
            self._lookups -= 1

        self._reactor.resolve(destination[0]).addCallbacks(found, lost)

    def _stream(self, out: Outgoing) -> None:
        connection = self._connections.get((out.destination, out.transport))
        if connection is not None:
            connection.send(out.data)
        elif out.transport == "tcp" and len(self._connecting) < self._connections_max:
            # a peer of TLS connects to us: what it is called by we do not know (RFC 5922)
            waiting = self._connecting.get(out.destination)
            if waiting is None:
                waiting = Connecting(self, self._reactor, out.destination)
                self._connecting[out.destination] = waiting
            waiting.send(out.data)

    # --- connections ----------------------------------------------------------------------------

    def connect(self, peer: Address, transport: str) -> Pump | None:
        """A connection is there; None (closed at once) beyond `connections_max`."""
        if len(self._connections) >= self._connections_max:
            log.warn("refused a connection", peer=peer[0], connections=len(self._connections))
            return None
        connection = Connection(self, self._reactor, peer, transport)
        self._connections[peer, transport] = connection
        return connection.pump

    def connected(self, peer: Address) -> None:
        """An attempt to connect is over, whatever became of it."""
        self._connecting.pop(peer, None)

    def disconnected(self, peer: Address, transport: str) -> None:
        """A connection is gone; its calls go on (RFC 3261 §18.4)."""
        self._connections.pop((peer, transport), None)
        self.uas.disconnected(peer, transport)

    def close(self) -> None:
        """The last: close connections and send nothing more."""
        self._alarm.cancel()
        for connection in tuple(self._connections.values()):
            connection.pump.close()


class _Streams(Factory):
    """Accepts connections of one transport."""

    noisy = False

    def __init__(self, port: SipPort, transport: str) -> None:
        self._port = port
        self._transport = transport

    def buildProtocol(self, addr: IAddress | None) -> Pump | None:
        """One connection."""
        peer = (getattr(addr, "host", ""), getattr(addr, "port", 0))
        return self._port.connect(peer, self._transport)


def _is_numeric(host: str) -> bool:
    return host.replace(".", "").isdecimal() or ":" in host
