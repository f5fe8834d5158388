"""SMPP between a gateway under test and its peers, PDU by PDU, whoever binds to whom."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from twisted.internet.interfaces import IStreamClientEndpoint
from zope.interface import implementer

from gateway.testing.fate import Message
from gateway.testing.wires import Course, Go, Watching, Wire, Wires
from gateway.wire.smpp import commands
from gateway.wire.smpp.codec import parse
from gateway.wire.smpp.errors import ProtocolError
from gateway.wire.smpp.framing import HEADER, HEADER_OCTETS
from gateway.wire.smpp.pdu import Bind

PDU_OCTETS_MAX: Final = 1 << 20
"""What claims to be longer is no PDU."""
_OF_SUBSCRIBERS: Final = frozenset((commands.SUBMIT_SM, commands.DELIVER_SM, commands.DATA_SM))
_ADDRESS: Final = {"peer": "source_addr", "gateway": "destination_addr"}
"""Sender -> where the subscriber stands: what peers send comes from one, what we send is for one,
and so it is whoever of the two is the SMSC."""


class Pdus:
    """Cuts a stream into PDUs; behind what claims to be one and is none, all stays whole."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._broken = False

    def feed(self, data: bytes) -> list[bytes]:
        """Take octets; the PDUs that became whole, and what is none."""
        found, rest = [], self._rest
        rest += data
        while len(rest) >= (1 if self._broken else HEADER_OCTETS):
            length = int.from_bytes(rest[:4], "big")
            self._broken = self._broken or not HEADER_OCTETS <= length <= PDU_OCTETS_MAX
            if self._broken:
                length = len(rest)
            if len(rest) < length:
                break
            found.append(bytes(rest[:length]))
            del rest[:length]
        return found


class SmppWire(Wire):
    """One connection."""

    cutter = Pdus

    def __init__(self, factory: Any, wrapped: Any) -> None:
        super().__init__(factory, wrapped)
        self._bind = ""
        self._asked: dict[tuple[str, int], str] = {}
        """Sender and sequence_number of a request -> its subscriber, for the response."""

    def meet(self, octets: bytes, course: Course) -> None:
        """A PDU, or what is none, is on its way."""
        whole = int.from_bytes(octets[:4], "big")
        if whole != len(octets) or whole < HEADER_OCTETS:
            course.forward(octets)
            return
        _, command, _, sequence = HEADER.unpack(octets[:HEADER_OCTETS])
        msisdn = self._subscriber(octets, command, sequence, course.by)
        kind = commands.name_of(command)
        message = Message(kind, course.by, self.peer, msisdn, self._bind)

        def instead(status: int) -> Go:
            answer = command | commands.RESPONSE_BIT
            answered = HEADER.pack(HEADER_OCTETS, answer, status, sequence)
            return partial(course.forward if command == answer else course.back, answered)

        course.way.carry(message, partial(course.forward, octets), instead)

    def _subscriber(self, octets: bytes, command: int, sequence: int, by: str) -> str:
        if command & commands.RESPONSE_BIT:
            asker = "peer" if by == "gateway" else "gateway"
            return self._asked.pop((asker, sequence), "")
        if command not in _OF_SUBSCRIBERS and command not in commands.BINDS:
            return ""
        try:
            pdu = parse(octets)
        except ProtocolError:
            return ""  # the gateway judges it
        if isinstance(pdu, Bind):
            self._bind = pdu.system_id
            return ""
        msisdn: str = getattr(pdu, _ADDRESS[by]).removeprefix("+")
        self._asked[by, sequence] = msisdn
        return msisdn


@implementer(IStreamClientEndpoint)
class WatchedEndpoint:
    """Where the gateway binds as an ESME; under TLS what is seen is in the clear."""

    def __init__(self, endpoint: IStreamClientEndpoint, wires: Wires) -> None:
        self._endpoint = endpoint
        self._wires = wires

    def connect(self, factory: Any) -> Any:
        """Twisted: connect."""
        return self._endpoint.connect(Watching(factory, SmppWire, self._wires))
