"""The ports: opened together or not at all, one line each."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from twisted.internet.error import CannotListenError

from gateway.channels.sip_port import SipPort
from gateway.service.addresses import numeric
from gateway.service.config import Config
from gateway.service.errors import Fault
from gateway.service.tls import server_options

BACKLOG: Final = 512
DATAGRAM_OCTETS_MAX: Final = 65_535
TRIES_MAX: Final = 20
"""Free TCP ports tried for one whose number is free for UDP too."""

Listen = Callable[[int], tuple[Any, ...]]
"""Listens on a number; the ports opened, all of one number."""


class Ports:
    """Every listening port of the service."""

    def __init__(
        self,
        config: Config,
        reactor: Any,
        smpp: Any,
        http: Any,
        sip: SipPort,
        say: Callable[[str], None],
    ) -> None:
        """Raises Fault for a certificate that cannot be used."""
        self._host = host = config.host
        self._sip = sip
        self._say = say
        self._open: dict[str, tuple[Any, ...]] = {}
        tcp = partial(_listen_tcp, reactor, host)
        self._rows: list[tuple[str, int, Listen]] = [
            ("smpp", config.smpp_port, partial(tcp, smpp)),
            ("sip", config.sip_port, partial(_listen_both, reactor, host, sip)),
            ("http", config.http_port, partial(tcp, http)),
        ]
        for name, number, factory, certificate, key in (
            ("smpps", config.smpp_tls_port, smpp, "smpp_tls_certificate", "smpp_tls_key"),
            ("sips", config.sip_tls_port, sip.streams["tls"], "sip_tls_certificate", "sip_tls_key"),
        ):
            if number is not None:
                pem = getattr(config, certificate), getattr(config, key)
                options = server_options(*pem, time.time())
                listen = partial(_listen_tls, reactor, host, factory, options)
                self._rows.insert(-1, (name, number, listen))

    @property
    def are_open(self) -> bool:
        """Whether all accept."""
        return len(self._open) == len(self._rows)

    def port(self, name: str) -> int:
        """The number of an open port: of `smpp`, `smpps`, `sip`, `sips` or `http`."""
        return int(self._open[name][0].getHost().port)

    def open(self) -> None:
        """Listen on all, then say so. Raises Fault, having closed what it opened."""
        host = self._host
        for name, number, listen in self._rows:
            try:
                self._open[name] = listen(number)
            except CannotListenError as fault:
                self.close()
                reason = getattr(fault.socketError, "strerror", None) or fault.socketError
                option = {"smpps": "smpp-tls", "sips": "sip-tls"}.get(name, name)
                hint = f"choose another with --{option}-port (0: any free one)"
                raise Fault(f"{name} {host}:{number}: {reason}; {hint}") from None
        numbers = {"udp": "sip", "tcp": "sip", "tls": "sips"}
        self._sip.numbers = {
            transport: self.port(name) for transport, name in numbers.items() if name in self._open
        }
        for name in self._open:
            self._say(f"listening {name} {host}:{self.port(name)}")

    def stop_listening(self) -> None:
        """Take no new SMPP connection; those open go on. SIP goes on too: calls under way end by
        it, and new ones are told that we are closing; and HTTP, which tells who asks."""
        self._close([name for name in self._open if name.startswith("smpp")])

    def close(self) -> None:
        """Close all that listen."""
        self._close(list(self._open))

    def _close(self, names: list[str]) -> None:
        for name in names:
            for port in self._open.pop(name):
                port.stopListening()


def _listen_tcp(reactor: Any, host: str, factory: Any, number: int) -> tuple[Any, ...]:
    return (reactor.listenTCP(number, factory, BACKLOG, host),)


def _listen_tls(
    reactor: Any, host: str, factory: Any, options: Any, number: int
) -> tuple[Any, ...]:
    return (reactor.listenSSL(number, factory, options, BACKLOG, host),)


def _listen_both(reactor: Any, host: str, sip: SipPort, number: int) -> tuple[Any, ...]:
    """TCP and UDP on one number, a free one for both where it is 0 (RFC 3261 §18.2.1)."""
    for tries in range(TRIES_MAX):
        tcp = reactor.listenTCP(number, sip.streams["tcp"], BACKLOG, host)
        found = tcp.getHost().port
        try:
            udp = reactor.listenUDP(found, sip, numeric(host), DATAGRAM_OCTETS_MAX)
        except CannotListenError:
            tcp.stopListening()
            if number or tries == TRIES_MAX - 1:
                raise
        else:
            return tcp, udp
    raise AssertionError("the last try returns or raises")
