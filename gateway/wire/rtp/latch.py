"""Whom a call listens to and sends to: symmetric RTP (RFC 4961), the latching of RFC 7362.

The offer names an address; behind a NAT packets come from another. The first valid packet
decides, and a better claim later overrules it: the very address of the offer before another port
of its host, that before any other host. Whoever else sends to the port is a stranger.
"""

from __future__ import annotations

from enum import IntEnum
from ipaddress import ip_address
from typing import Final

Address = tuple[str, int]
PORT_MAX: Final = 65_535


def is_usable(remote: Address) -> bool:
    """Whether packets can be sent to what an offer named: an IP address, since a name would be
    looked up at each of them, and a port with another above it for RTCP."""
    host, port = remote
    try:
        ip_address(host)
    except ValueError:
        return False
    return 0 < port < PORT_MAX


class Claim(IntEnum):
    """How well a source matches the offer; greater is better."""

    NONE = 0
    ELSEWHERE = 1
    SAME_HOST = 2
    EXACT = 3


class Latch:
    """`remote` is where to send; `claim` how the source heard there matches the offer."""

    __slots__ = ("_least", "claim", "offered", "remote")

    def __init__(self, offered: Address, nat: bool) -> None:
        """`offered` is usable. `nat`: believe other hosts than the offered one too."""
        self.offered = offered
        self._least = Claim.ELSEWHERE if nat else Claim.SAME_HOST
        self.remote = offered
        self.claim = Claim.NONE

    def knows(self, source: Address) -> bool:
        """Whether `source` is the peer latched to."""
        return source == self.remote and self.claim is not Claim.NONE

    def accepts(self, source: Address) -> bool:
        """A valid packet came from `source`: whether it is the peer's, who is latched to."""
        if self.knows(source):
            return True
        claim = self._claim(source)
        if claim < self._least or claim <= self.claim:
            return False
        self.remote, self.claim = source, claim
        return True

    def _claim(self, source: Address) -> Claim:
        if source == self.offered:
            return Claim.EXACT
        return Claim.SAME_HOST if source[0] == self.offered[0] else Claim.ELSEWHERE
