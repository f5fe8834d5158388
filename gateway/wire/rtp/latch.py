"""Whom a call listens to and sends to: symmetric RTP (RFC 4961), the latching of RFC 7362.

The offer names an address; behind a NAT packets come from another. The first valid packet
decides, and a better claim later overrules it: the very address of the offer before another port
of its host, that before any other host. Whoever else sends to the port is a stranger.
"""

from __future__ import annotations

from enum import IntEnum

Address = tuple[str, int]


class Claim(IntEnum):
    """How well a source matches the offer; greater is better."""

    NONE = 0
    ELSEWHERE = 1
    SAME_HOST = 2
    EXACT = 3


class Latch:
    """`remote` is where to send; `claim` how the source heard there matches the offer."""

    __slots__ = ("_least", "_offered", "claim", "remote")

    def __init__(self, offered: Address, nat: bool) -> None:
        """`nat`: believe other hosts than the offered one too."""
        self._offered = offered
        self._least = Claim.ELSEWHERE if nat else Claim.SAME_HOST
        self.remote = offered
        self.claim = Claim.NONE

    def accepts(self, source: Address) -> bool:
        """A valid packet came from `source`: whether it is the peer's, who is latched to."""
        if self.claim and source == self.remote:
            return True
        claim = self._claim(source)
        if claim < self._least or claim <= self.claim:
            return False
        self.remote, self.claim = source, claim
        return True

    def _claim(self, source: Address) -> Claim:
        if source == self._offered:
            return Claim.EXACT
        return Claim.SAME_HOST if source[0] == self._offered[0] else Claim.ELSEWHERE
