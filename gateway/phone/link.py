"""A handset on the real SMPP port: binds as the network does and holds dialogues and SMS.

Blocking, on a plain socket: the phone is its own process and has nothing else to do. It plays the
network's side with the same sans-IO session that serves it.
"""

from __future__ import annotations

import socket
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

from gateway.phone.line import NoConnection, Refused, Shown
from gateway.wire.gsm.segments import MessageKey, Reassembly, parse_udh
from gateway.wire.smpp.coding import decode_text, encode_text
from gateway.wire.smpp.events import Answered, BindRefused, Bound, Closed
from gateway.wire.smpp.pdu import BindTransceiver, DeliverSm, SubmitSm
from gateway.wire.smpp.receipt import is_receipt
from gateway.wire.smpp.session import Session
from gateway.wire.smpp.states import Role
from gateway.wire.smpp.status import name_of
from gateway.wire.smpp.ussd import Direction, Operation, Step, build, read

CONNECT_SECONDS_MAX = 5.0
ANSWER_SECONDS_MAX = 30.0
READ_OCTETS = 65_536
UDHI = 0x40


@dataclass(frozen=True, slots=True)
class Inbox:
    """An SMS that reached the handset."""

    sender: str
    text: str


class Handset:
    """One bind, one MSISDN. Raises NoConnection and Refused, each of one line."""

    def __init__(self, host: str, port: int, system_id: str, password: str, msisdn: str) -> None:
        self._where = f"{host}:{port}"
        self._msisdn = msisdn
        self._shown: deque[Shown] = deque()
        self._inbox: deque[Inbox] = deque()
        self._parts = Reassembly()
        self._code = ""
        self._waits = False
        self._bound = False
        self._closed = ""
        try:
            self._socket = socket.create_connection((host, port), CONNECT_SECONDS_MAX)
        except OSError as fault:
            reason = fault.strerror or str(fault)
            raise NoConnection(f"smpp {self._where}: {reason}; is the gateway up?") from None
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        bind = BindTransceiver(system_id=system_id, password=password)
        self._session = Session.client(bind, time.monotonic())
        self._flush()
        self._until(lambda: self._bound, ANSWER_SECONDS_MAX)

    # --- a `Link` of the line-mode phone --------------------------------------------------------

    def dial(self, code: str) -> Shown:
        """Open a dialogue with the whole string dialled; the first page."""
        self._code = code.strip("*#").split("*", 1)[0].split("#", 1)[0]
        return self._say(Step.BEGIN, code)

    def answer(self, text: str) -> Shown:
        """Answer the page on show; the next one."""
        return self._say(Step.CONTINUE, text)

    def release(self) -> None:
        """End a dialogue that waits, as the subscriber does; the bind stays."""
        if self._waits:
            self._waits = False
            self._submit(self._operation(Step.ABORT, ""))

    def hang_up(self) -> None:
        """Release, unbind, close. Never raises."""
        try:
            self.release()
            self._session.unbind(time.monotonic())
            self._flush()
            self._until(lambda: bool(self._closed), CONNECT_SECONDS_MAX)
        except (NoConnection, Refused, OSError):
            pass
        finally:
            self._socket.close()

    # --- SMS --------------------------------------------------------------------------------------

    def send_sms(self, number: str, text: str) -> None:
        """Write to a short number. Raises Refused where the gateway does not take it."""
        coding, octets = encode_text(text)
        self._submit(
            SubmitSm(
                source_addr_ton=1,
                source_addr_npi=1,
                source_addr=self._msisdn,
                dest_addr_npi=1,
                destination_addr=number,
                data_coding=coding,
                short_message=octets,
            )
        )

    def read_sms(self, seconds_max: float = ANSWER_SECONDS_MAX) -> Inbox:
        """The next SMS, waited for. Raises NoConnection where none comes."""
        self._until(lambda: bool(self._inbox), seconds_max)
        return self._inbox.popleft()

    def inbox(self) -> list[Inbox]:
        """What has come already, and is not waited for."""
        received, self._inbox = list(self._inbox), deque()
        return received

    # --- within -----------------------------------------------------------------------------------

    def _operation(self, step: Step, text: str) -> Any:
        coding, octets = encode_text(text, gsm7=0x0F, ucs2=0x48)
        operation = Operation(step, self._msisdn, self._code, octets, coding)
        return build(operation, Direction.MO, Role.ESME)

    def _say(self, step: Step, text: str) -> Shown:
        self._submit(self._operation(step, text))
        self._until(lambda: bool(self._shown), ANSWER_SECONDS_MAX)
        shown = self._shown.popleft()
        self._waits = shown.more
        return shown

    def _submit(self, pdu: Any) -> None:
        answers: list[int] = []
        self._session.request(pdu, answers.append, time.monotonic())
        self._flush()
        self._until(lambda: bool(answers), ANSWER_SECONDS_MAX)
        if answers[0]:
            raise Refused(f"smpp {self._where}: refused with {name_of(answers[0])}")

    def _flush(self) -> None:
        data = b"".join(self._session.data_to_send())
        if data:
            self._socket.sendall(data)

    def _until(self, happened: Any, seconds_max: float) -> None:
        deadline = time.monotonic() + seconds_max
        while not happened():
            if self._closed:
                raise NoConnection(f"smpp {self._where}: the gateway closed ({self._closed})")
            now = time.monotonic()
            if now >= deadline:
                raise NoConnection(f"smpp {self._where}: no answer in {seconds_max:.0f} s")
            timer = self._session.next_timer()
            wake = min(deadline, timer) if timer is not None else deadline
            self._socket.settimeout(max(0.001, wake - now))
            try:
                data = self._socket.recv(READ_OCTETS)
            except TimeoutError:
                events = self._session.timer_fired(time.monotonic())
            except OSError as fault:
                raise NoConnection(f"smpp {self._where}: {fault.strerror or fault}") from None
            else:
                now = time.monotonic()
                events = self._session.receive(data, now) if data else self._lost()
            for event in events:
                self._handle(event)
            self._flush()

    def _lost(self) -> list[Any]:
        return self._session.connection_lost()

    def _handle(self, event: Any) -> None:
        if isinstance(event, DeliverSm):
            self._session.respond(event)
            self._deliver(event)
        elif isinstance(event, Answered):
            event.context(event.status)
        elif isinstance(event, Bound):
            self._bound = True
        elif isinstance(event, BindRefused):
            raise Refused(f"smpp {self._where}: the bind was refused with {name_of(event.status)}")
        elif isinstance(event, Closed):
            self._closed = event.reason

    def _deliver(self, pdu: DeliverSm) -> None:
        if is_receipt(pdu) or pdu.destination_addr != self._msisdn:
            return
        operation = read(pdu, Direction.MT)
        if operation is not None:
            text = decode_text(operation.data_coding, operation.octets)
            self._shown.append(Shown(text, operation.step is Step.CONTINUE))
            return
        octets: bytes | None = pdu.message
        if pdu.esm_class & UDHI:
            part, rest = parse_udh(pdu.message)
            octets = rest
            if part is not None:
                key = MessageKey(pdu.source_addr, self._msisdn, part.reference, part.total)
                joined = self._parts.add(key, part.number, rest, time.monotonic())
                octets = b"".join(joined) if joined is not None else None
        if octets is not None:
            self._inbox.append(Inbox(pdu.source_addr, decode_text(pdu.data_coding, octets)))


def dial_smpp(host: str, port: int, system_id: str, password: str, msisdn: str) -> Handset:
    """A handset bound to the gateway, ready to dial."""
    return Handset(host, port, system_id, password, msisdn)
