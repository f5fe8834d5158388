"""What the parts of one machine share: settings, timers, and what waits to leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from zlib import crc32

from gateway.wire.sip.counts import Counts
from gateway.wire.sip.events import Address, Event, Outgoing
from gateway.wire.sip.framing import Framer
from gateway.wire.sip.headers import BRANCH_COOKIE
from gateway.wire.sip.message import Request, Response
from gateway.wire.sip.settings import Settings
from gateway.wire.sip.timers import Timers

LocalAddress = Callable[[str, Address], Address]
"""(transport, the peer's address) -> our address as that peer must reach us."""

UDP: Final = "udp"
TRANSPORTS: Final = (UDP, "tcp", "tls")


class Core:
    """One per `SipUas`."""

    def __init__(self, settings: Settings, ids: Callable[[], str], local: LocalAddress) -> None:
        self.settings = settings
        self.ids = ids
        self.local = local
        self.timers = Timers()
        self.counts = Counts()
        self.connections: dict[tuple[Address, str], Framer] = {}
        self.out: list[Outgoing] = []
        self.events: list[Event] = []

    def send(self, message: Request | Response, destination: Address, transport: str) -> None:
        """Put a message in line to leave."""
        if isinstance(message, Response):
            self.counts.responses[message.status] += 1
        self.out.append(Outgoing(bytes(message), destination, transport))

    def tell(self, event: Event) -> None:
        """Put an event in line for the application."""
        self.events.append(event)

    def branch(self) -> str:
        """A new branch of ours (RFC 3261 §8.1.1.7)."""
        return BRANCH_COOKIE + self.ids()

    def number(self) -> int:
        """A number nobody can guess, 31 bits: where sequences begin, how long to wait."""
        return crc32(self.ids().encode()) >> 1
