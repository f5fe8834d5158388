"""Addresses of our own: the one bound to, and the one a peer reaches us by."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from typing import Final

from gateway.service.errors import Fault

ADDRESSES_KEPT_MAX: Final = 1_000
_DISCARD_PORT: Final = 9


def numeric(host: str) -> str:
    """The address of the host that ports bind to: media and SIP want no names. Raises Fault."""
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    try:
        return socket.gethostbyname(host)
    except OSError as fault:
        raise Fault(f"host {host}: {fault.strerror}") from None


class OwnAddress:
    """Under what address we are reached: the one configured, the one bound to, or, where that is
    any, the one the system would send from."""

    def __init__(self, host: str, public: str) -> None:
        """`host` is bound to; `public` empty where none is configured."""
        self._fixed = public or ("" if ip_address(host).is_unspecified else host)
        self._seen: dict[str, str] = {}

    def seen_from(self, peer: str) -> str:
        """Ours, as the peer at that address can reach it."""
        if self._fixed:
            return self._fixed
        if peer not in self._seen:
            if len(self._seen) >= ADDRESSES_KEPT_MAX:
                self._seen.clear()
            self._seen[peer] = _source_towards(peer)
        return self._seen[peer]


def _source_towards(peer: str) -> str:
    """What the routing table says; no packet is sent."""
    family = socket.AF_INET6 if ":" in peer else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as one:
        try:
            one.connect((peer, _DISCARD_PORT))
        except OSError:  # no way there
            return "::1" if family == socket.AF_INET6 else "127.0.0.1"
        return str(one.getsockname()[0])
