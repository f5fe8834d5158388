"""The ports: opened together or not at all, one line each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.error import CannotListenError

from gateway.service.config import Config
from gateway.service.errors import Fault

BACKLOG = 512


class Ports:
    """Every listening port of the service."""

    def __init__(
        self,
        config: Config,
        reactor: Any,
        smpp: Any,
        http: Any,
        tls: Any,
        say: Callable[[str], None],
    ) -> None:
        self._config = config
        self._reactor = reactor
        self._rows: list[tuple[str, int, Any, Any]] = [("smpp", config.smpp_port, smpp, None)]
        if config.smpp_tls_port is not None:
            self._rows.append(("smpps", config.smpp_tls_port, smpp, tls))
        self._rows.append(("http", config.http_port, http, None))
        self._say = say
        self._open: dict[str, Any] = {}

    @property
    def are_open(self) -> bool:
        """Whether all accept."""
        return len(self._open) == len(self._rows)

    def port(self, name: str) -> int:
        """The number of an open port: of `smpp`, `smpps` or `http`."""
        return int(self._open[name].getHost().port)

    def open(self) -> None:
        """Listen on all, then say so. Raises Fault, having closed what it opened."""
        host = self._config.host
        for name, number, factory, tls in self._rows:
            try:
                if tls is None:
                    port = self._reactor.listenTCP(number, factory, BACKLOG, host)
                else:
                    port = self._reactor.listenSSL(number, factory, tls, BACKLOG, host)
            except CannotListenError as fault:
                self.stop_listening()
                reason = getattr(fault.socketError, "strerror", None) or fault.socketError
                hint = f"choose another with --{name.rstrip('s')}-port (0: any free one)"
                raise Fault(f"{name} {host}:{number}: {reason}; {hint}") from None
            self._open[name] = port
        for name in self._open:
            self._say(f"listening {name} {host}:{self.port(name)}")

    def stop_listening(self) -> None:
        """Take no new connection; those open go on."""
        for port in self._open.values():
            port.stopListening()
        self._open.clear()
