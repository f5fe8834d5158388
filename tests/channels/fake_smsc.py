"""The other side of SMPP as tests want it: a network with verbs, on real blocking sockets.

`FakeNetwork` binds to the gateway; `FakeSmsc` is what the gateway binds to. Both dial, answer,
release, send SMS and read pages and SMS in the same words; `send_raw` sends any octets, and
`answering` decides what each request of the gateway's is answered with (None: not at all).
What is read and not asked for yet is kept, so that order between kinds does not matter.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gateway.wire.gsm.segments import Concatenation, parse_udh, split, user_data
from gateway.wire.smpp import commands
from gateway.wire.smpp.codec import CLASSES, parse
from gateway.wire.smpp.codec import build as octets_of
from gateway.wire.smpp.coding import decode_text, encode_text
from gateway.wire.smpp.framing import Framer
from gateway.wire.smpp.pdu import (
    BindReceiver,
    BindTransceiver,
    BindTransmitter,
    DataSm,
    DataSmResp,
    DeliverSm,
    DeliverSmResp,
    EnquireLink,
    EnquireLinkResp,
    SubmitSm,
    SubmitSmResp,
    Unbind,
    UnbindResp,
)
from gateway.wire.smpp.profiles import DEFAULT, Profile
from gateway.wire.smpp.receipt import Receipt, parse_receipt
from gateway.wire.smpp.states import Role
from gateway.wire.smpp.tlv import ITS_SESSION_INFO, USSD_SERVICE_OP, first
from gateway.wire.smpp.ussd import Direction, Operation, Step, build, read

SECONDS = 5.0
UDHI = 0x40
PDU_OCTETS_MAX = 200_000
BINDS = {
    "transceiver": BindTransceiver,
    "transmitter": BindTransmitter,
    "receiver": BindReceiver,
}
MESSAGES = {SubmitSm: SubmitSmResp, DeliverSm: DeliverSmResp, DataSm: DataSmResp}


@dataclass(frozen=True, slots=True)
class Page:
    """A USSD page as the handset got it."""

    text: str
    more: bool
    operation: Operation
    pdu: Any

    @property
    def op(self) -> int:
        """ussd_service_op."""
        return (first(self.pdu.tlvs, USSD_SERVICE_OP) or b"\xff")[0]

    @property
    def session_info(self) -> bytes | None:
        """its_session_info as it stood on the wire."""
        return first(self.pdu.tlvs, ITS_SESSION_INFO)


@dataclass(frozen=True, slots=True)
class Text:
    """An SMS as the handset got it, joined; its PDUs in the order of its parts."""

    sender: str
    text: str
    pdus: tuple[Any, ...]


class Peer:
    """One connection of a network, in either role."""

    def __init__(self, connection: socket.socket, role: Role, profile: Profile = DEFAULT) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.role = role
        self.profile = profile
        self.answering: Callable[[Any], int | None] = lambda pdu: 0
        self.kept: list[Any] = []
        """What came and nobody has asked for yet, oldest first."""
        self.eof = False
        self._socket = connection
        self._framer = Framer(PDU_OCTETS_MAX)
        self._sequence = 0

    # --- octets and PDUs ----------------------------------------------------------------------

    def send_raw(self, octets: bytes) -> None:
        """Any octets."""
        self._socket.sendall(octets)

    def send(self, pdu: Any, sequence: int = 0) -> int:
        """A PDU; a request of ours gets the next sequence_number unless it is given one."""
        if sequence:
            pdu.sequence = sequence
        elif not pdu.command & commands.RESPONSE_BIT:
            self._sequence += 1
            pdu.sequence = self._sequence
        self.send_raw(octets_of(pdu))
        return int(pdu.sequence)

    def expect(
        self, wanted: Callable[[Any], bool] = lambda pdu: True, seconds: float = SECONDS
    ) -> Any:
        """The first PDU that is wanted, read now or kept from before. Raises TimeoutError, or
        ConnectionError where the connection ends first."""
        deadline = time.monotonic() + seconds
        while True:
            for pdu in self.kept:
                if wanted(pdu):
                    self.kept.remove(pdu)
                    return pdu
            self.read(deadline - time.monotonic())

    def read(self, seconds: float) -> None:
        """Read once, answer what asks for it, keep the rest."""
        if self.eof:
            raise ConnectionError(f"the connection ended; kept: {self.kept}")
        if seconds <= 0:
            raise TimeoutError(f"it did not come; kept: {self.kept}")
        self._socket.settimeout(seconds)
        data = self._socket.recv(65_536)
        self.eof = not data
        for frame in self._framer.feed(data):
            self._take(parse(frame))

    def read_for(self, seconds: float) -> None:
        """Read whatever comes for a while (to see that nothing does)."""
        deadline = time.monotonic() + seconds
        try:
            while not self.eof:
                self.read(deadline - time.monotonic())
        except TimeoutError:
            pass

    def hears_nothing(self, msisdn: str, seconds: float = 0.05) -> bool:
        """Whether nothing more comes to a number for a while."""
        self.read_for(seconds)
        return not [pdu for pdu in self.kept if getattr(pdu, "destination_addr", "") == msisdn]

    def _take(self, pdu: Any) -> None:
        if isinstance(pdu, EnquireLink) and self.answering(pdu) is not None:
            self.send(EnquireLinkResp(pdu.sequence))
        elif isinstance(pdu, Unbind) and self.answering(pdu) is not None:
            self.send(UnbindResp(pdu.sequence))
            self.kept.append(pdu)
        elif type(pdu) in MESSAGES:
            status = self.answering(pdu)
            if status is not None:
                self.send(MESSAGES[type(pdu)](pdu.sequence, status))
            self.kept.append(pdu)
        else:
            self.kept.append(pdu)

    def ask(self, pdu: Any, seconds: float = SECONDS, sequence: int = 0) -> Any:
        """Send a request; its answer (a generic_nack answers too)."""
        command, number = pdu.command | commands.RESPONSE_BIT, self.send(pdu, sequence)
        answers = (command, commands.GENERIC_NACK)
        return self.expect(lambda r: r.command in answers and r.sequence == number, seconds)

    def ask_raw(self, octets: bytes, seconds: float = SECONDS) -> tuple[str, int, int]:
        """Send any octets; (command, status, sequence_number) of the next response."""
        self.send_raw(octets)
        pdu = self.expect(lambda pdu: bool(pdu.command & commands.RESPONSE_BIT), seconds)
        return commands.name_of(pdu.command), pdu.status, pdu.sequence

    def ends(self, seconds: float = SECONDS) -> bool:
        """Whether the gateway closes the connection in time."""
        try:
            self.expect(lambda pdu: False, seconds)
        except TimeoutError:
            return False
        except OSError:
            return True
        raise AssertionError("nothing was wanted")

    def close(self) -> None:
        """Close without a word, as a peer that died."""
        self._socket.close()

    def unbind(self) -> Any:
        """Leave in order; the response."""
        answer = self.ask(Unbind())
        self.close()
        return answer

    # --- USSD ---------------------------------------------------------------------------------

    def operation(self, step: Step, msisdn: str, text: str, **fields: Any) -> Any:
        """The PDU of an operation of the subscriber's; `code`, `session`, `unit` as fields."""
        coding, octets = encode_text(text, fields.pop("gsm7", 0x0F), fields.pop("ucs2", 0x48))
        code = fields.pop("code", "105")
        operation = Operation(step, msisdn, code, octets, coding, **fields)
        return build(operation, Direction.MO, self.role, self.profile)

    def dial(self, msisdn: str, text: str = "*105#", **fields: Any) -> Page:
        """Dial; the first page."""
        return self._say(Step.BEGIN, msisdn, text, fields)

    def answer(self, msisdn: str, text: str, **fields: Any) -> Page:
        """Answer the page on show; the next one."""
        return self._say(Step.CONTINUE, msisdn, text, fields)

    def release(self, msisdn: str, **fields: Any) -> int:
        """Hang up; the status it is answered with."""
        return int(self.ask(self.operation(Step.ABORT, msisdn, "", **fields)).status)

    def _say(self, step: Step, msisdn: str, text: str, fields: dict[str, Any]) -> Page:
        session = fields.get("session")
        answer = self.ask(self.operation(step, msisdn, text, **fields))
        assert answer.status == 0, f"refused with status 0x{answer.status:02X}"
        return self.page(msisdn, session)

    def page(self, msisdn: str, session: int | None = None, seconds: float = SECONDS) -> Page:
        """The next page to a number (and session, where one is named)."""
        found: list[Operation] = []

        def wanted(pdu: Any) -> bool:
            if type(pdu) not in MESSAGES or pdu.destination_addr != msisdn:
                return False
            operation = read(pdu, Direction.MT, self.profile)
            if operation is None or session not in (None, operation.session):
                return False
            found[:] = [operation]
            return True

        pdu = self.expect(wanted, seconds)
        text = decode_text(found[0].data_coding, found[0].octets)
        return Page(text, found[0].step is Step.CONTINUE, found[0], pdu)

    # --- SMS ----------------------------------------------------------------------------------

    def sms_pdus(
        self,
        msisdn: str,
        number: str,
        text: str,
        reference: int = 7,
        wide: bool = False,
        **more: Any,
    ) -> list[Any]:
        """The PDUs of an SMS from a subscriber: several with UDH where it is long."""
        segments = split(text)
        kind = SubmitSm if self.role is Role.ESME else DeliverSm
        udhi = UDHI if len(segments) > 1 else 0
        return [
            kind(
                source_addr_ton=1,
                source_addr_npi=1,
                source_addr=msisdn,
                dest_addr_npi=1,
                destination_addr=number,
                esm_class=udhi,
                data_coding=0 if segment.alphabet == "gsm7" else 8,
                short_message=octets,
                **more,
            )
            for segment, octets in zip(segments, user_data(segments, reference, wide), strict=True)
        ]

    def sms(self, msisdn: str, number: str, text: str, sequence: int = 0, **more: Any) -> Any:
        """Write to a short number; the response to (the last part of) it."""
        answers = [
            self.ask(pdu, sequence=sequence) for pdu in self.sms_pdus(msisdn, number, text, **more)
        ]
        return answers[-1]

    def read_sms(self, msisdn: str, seconds: float = SECONDS) -> Text:
        """The next SMS to a number, its parts joined whatever their order."""
        parts: dict[int, tuple[bytes, Any]] = {}
        total = 1
        while len(parts) < total:
            pdu = self.expect(lambda pdu: self._is_sms(pdu, msisdn), seconds)
            part: Concatenation | None = None
            octets = pdu.message
            if pdu.esm_class & UDHI:
                part, octets = parse_udh(octets)
            total, number = (part.total, part.number) if part is not None else (1, 1)
            parts[number] = octets, pdu
        ordered = [parts[number] for number in sorted(parts)]
        pdus = tuple(pdu for _, pdu in ordered)
        text = decode_text(pdus[0].data_coding, b"".join(octets for octets, _ in ordered))
        return Text(pdus[0].source_addr, text, pdus)

    def _is_sms(self, pdu: Any, msisdn: str) -> bool:
        return (
            type(pdu) in MESSAGES
            and pdu.destination_addr == msisdn
            and parse_receipt(pdu) is None
            and read(pdu, Direction.MT, self.profile) is None
        )

    def receipt(self, message_id: str, seconds: float = SECONDS) -> Receipt:
        """The delivery receipt of a message."""

        def wanted(pdu: Any) -> bool:
            receipt = parse_receipt(pdu) if type(pdu) in MESSAGES else None
            return receipt is not None and receipt.message_id == message_id

        receipt = parse_receipt(self.expect(wanted, seconds))
        assert receipt is not None
        return receipt


class FakeNetwork(Peer):
    """A network that binds to the gateway, which is the SMSC."""

    def __init__(
        self,
        port: int,
        system_id: str = "harness",
        password: str = "harness1",
        kind: str = "transceiver",
        *,
        bound: bool = True,
        profile: Profile = DEFAULT,
        tls: ssl.SSLContext | None = None,
        interface_version: int = 0x34,
    ) -> None:
        connection = socket.create_connection(("127.0.0.1", port), SECONDS)
        if tls is not None:
            connection = tls.wrap_socket(connection, server_hostname="localhost")
        super().__init__(connection, Role.ESME, profile)
        self._login = {"system_id": system_id, "password": password}
        self._version = interface_version
        if bound:
            answer = self.bind(kind)
            assert answer.status == 0, f"the bind was refused with 0x{answer.status:02X}"

    def bind(self, kind: str = "transceiver", **changed: Any) -> Any:
        """Ask to bind; the response."""
        return self.ask(BINDS[kind](interface_version=self._version, **self._login | changed))


class FakeSmsc:
    """A network's SMSC that the gateway, an ESME, binds to. `bind_status` is what binds get."""

    def __init__(self, tls: ssl.SSLContext | None = None, profile: Profile = DEFAULT) -> None:
        self.bind_status = 0
        self._tls = tls
        self._profile = profile
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def accept(self, seconds: float = SECONDS) -> tuple[Peer, Any]:
        """The next connection and the bind it asked for, answered with `bind_status`."""
        self._listener.settimeout(seconds)
        connection, _ = self._listener.accept()
        connection.settimeout(seconds)
        if self._tls is not None:
            connection = self._tls.wrap_socket(connection, server_side=True)
        peer = Peer(connection, Role.SMSC, self._profile)
        bind = peer.expect(lambda pdu: pdu.command in commands.BINDS)
        answer: Any = CLASSES[bind.command | commands.RESPONSE_BIT]
        peer.send(answer(bind.sequence, self.bind_status, "smsc"))
        return peer, bind

    def close(self) -> None:
        """Take no more connections: the next attempt is refused."""
        self._listener.close()
