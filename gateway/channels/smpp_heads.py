"""The heads of PDUs in the log, at debug: command, sequence, status, addresses; never a text.

Rule: only a session that is to be overheard pays for it; whatever it cannot read it leaves out.
"""

from __future__ import annotations

from typing import Any, Final

from twisted.logger import Logger

from gateway.wire import WireMachine
from gateway.wire.smpp.commands import RESPONSE_BIT, name_of
from gateway.wire.smpp.errors import ProtocolError
from gateway.wire.smpp.fast import PARSERS
from gateway.wire.smpp.framing import HEADER, Framer
from gateway.wire.smpp.pdu import ShortMessage
from gateway.wire.smpp.status import name_of as status_name

log = Logger()

PDU_OCTETS_MAX: Final = 1_048_576
"""Longer ones end the session by its own, lower limit."""


class Overheard:
    """A session whose PDUs are logged, both ways."""

    def __init__(self, session: WireMachine, peer: str) -> None:
        self._session = session
        self._peer = peer
        self._framers = {way: Framer(PDU_OCTETS_MAX) for way in ("in", "out")}
        self.next_timer = session.next_timer
        self.timer_fired = session.timer_fired

    def receive(self, data: bytes, now: float) -> list[Any]:
        """As the session."""
        self._tell("in", data)
        return self._session.receive(data, now)

    def data_to_send(self) -> list[bytes]:
        """As the session."""
        data = self._session.data_to_send()
        for each in data:
            self._tell("out", each)
        return data

    def _tell(self, way: str, data: bytes) -> None:
        for frame in self._framers[way].feed(data):
            log.debug("PDU {way}", way=way, peer=self._peer, **_head(frame))


def _head(frame: bytes) -> dict[str, object]:
    length, command, status, sequence = HEADER.unpack_from(frame)
    head: dict[str, object] = {
        "command": name_of(command),
        "sequence": sequence,
        "octets": length,
    }
    if command & RESPONSE_BIT:
        return head | {"status": status_name(status)}
    parser = PARSERS.get(command)
    try:
        pdu = parser(frame, status, sequence) if parser else None
    except ProtocolError:
        return head
    if isinstance(pdu, ShortMessage):
        return head | {"source": pdu.source_addr, "destination": pdu.destination_addr}
    return head
