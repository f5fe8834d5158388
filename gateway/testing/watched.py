"""The reactor that a gateway under test is given, and what else of it is watched.

Rule: the gateway is the one that `gateway serve` runs and knows nothing of being tested: what it
listens and connects with is wrapped from outside.
"""

from __future__ import annotations

from typing import Any, cast

from twisted.internet.protocol import DatagramProtocol, Factory
from twisted.web.server import Site
from zope.interface import directlyProvides, providedBy

from gateway.channels.media_ports import PortRange
from gateway.channels.smpp_server import SmppServer
from gateway.service.compose import Service
from gateway.testing.rtp_wire import WatchedPorts
from gateway.testing.sip_wire import Datagrams, SipWire
from gateway.testing.smpp_wire import SmppWire, WatchedEndpoint
from gateway.testing.wires import Watching, Wires


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
        """Twisted: listen for datagrams, which are SIP."""
        watched = Datagrams(protocol, self._wires)
        return self._reactor.listenUDP(port, watched, *more, **named)

    def _watched(self, factory: Any) -> Any:
        if isinstance(factory, Site):
            return factory
        kind = SmppWire if isinstance(factory, SmppServer) else SipWire
        return Watching(factory, kind, self._wires)


class CallsReactor(WatchedReactor):
    """What calls are given: of what they connect, all is SIP."""

    def connectTCP(self, host: str, port: int, factory: Factory, *more: Any, **named: Any) -> Any:
        """Twisted: connect."""
        return self._reactor.connectTCP(host, port, self._watched(factory), *more, **named)


def watch(service: Service, wires: Wires) -> None:
    """Watch what does not go by a reactor: binds to SMSCs, above their TLS, and media."""
    for client in service.smpp.clients:
        client.endpoint = WatchedEndpoint(client.endpoint, wires)
    media = service.voice.media
    media.ports = cast("PortRange", WatchedPorts(media.ports, wires))
