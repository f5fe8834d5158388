"""The network's end of one SMPP bind, sans-IO: what handsets send as PDUs, what comes for them.

Rule: every MSISDN behind the bind has its own dialogue and inbox; the owner of a socket only moves
octets. What is not for a handset (receipts, other commands) is answered and told to nobody; an SMS
for a number that nobody holds is rejected, so that another bind of the account may take it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from gateway.wire.gsm.segments import MessageKey, Reassembly, parse_udh, split, user_data
from gateway.wire.smpp.coding import decode_text, encode_text
from gateway.wire.smpp.errors import NotBound, WindowFull
from gateway.wire.smpp.events import Answered, BindRefused, Bound, Closed, Lost
from gateway.wire.smpp.pdu import BindTransceiver, DeliverSm, SubmitSm
from gateway.wire.smpp.receipt import is_receipt
from gateway.wire.smpp.session import Session
from gateway.wire.smpp.states import Role
from gateway.wire.smpp.status import Status, name_of
from gateway.wire.smpp.ussd import Direction, Operation, Step, build, read

UDHI = 0x40
USSD_GSM7, USSD_UCS2 = 0x0F, 0x48
_REFERENCES = 256


@dataclass(frozen=True, slots=True)
class Paged:
    """A USSD page for a handset; `more` waits for an answer."""

    msisdn: str
    text: str
    more: bool


@dataclass(frozen=True, slots=True)
class Texted:
    """A whole SMS for a handset, long ones joined."""

    msisdn: str
    sender: str
    text: str


@dataclass(frozen=True, slots=True)
class Up:
    """The bind was accepted."""


@dataclass(frozen=True, slots=True)
class Down:
    """The bind was refused, or is over; `reason` is a few words."""

    reason: str
    refused: bool = False


Heard = Paged | Texted | Up | Down
Holds = Callable[[str], bool]
"""Whether there is a handset of an MSISDN."""
Answer = Callable[[str], None]
"""Told how a submit was answered: empty, or the name of the status that refuses it."""


class Radio:
    """One bind. After every call send what `to_send` gives; `Down` comes once and last."""

    def __init__(self, system_id: str, password: str, now: float, holds: Holds) -> None:
        self._holds = holds
        self._session = Session.client(BindTransceiver(system_id=system_id, password=password), now)
        self._parts = Reassembly()
        self._reference = 0

    # --- what a handset does --------------------------------------------------------------------

    def ussd(
        self, step: Step, msisdn: str, code: str, text: str, answer: Answer, now: float
    ) -> None:
        """Dial, answer or release. `answer` is told what became of it, perhaps at once."""
        coding, octets = encode_text(text, gsm7=USSD_GSM7, ucs2=USSD_UCS2)
        operation = Operation(step, msisdn, code, octets, coding)
        self._request([build(operation, Direction.MO, Role.ESME)], answer, now)

    def text(self, msisdn: str, number: str, text: str, answer: Answer, now: float) -> None:
        """Write an SMS, a long one in parts; `answer` is told of each part."""
        self._request(self._parts_of(msisdn, number, text), answer, now)

    def unbind(self, now: float) -> None:
        """Say good-bye; `Down` follows when it was answered."""
        self._session.unbind(now)

    def _parts_of(self, msisdn: str, number: str, text: str) -> Iterator[SubmitSm]:
        segments = split(text)
        self._reference = (self._reference + 1) % _REFERENCES
        coding, _ = encode_text(text)
        for octets in user_data(segments, self._reference):
            yield SubmitSm(
                source_addr_ton=1,
                source_addr_npi=1,
                source_addr=msisdn,
                dest_addr_npi=1,
                destination_addr=number,
                esm_class=UDHI if len(segments) > 1 else 0,
                data_coding=coding,
                short_message=octets,
            )

    def _request(self, pdus: Iterable[Any], answer: Answer, now: float) -> None:
        try:
            for pdu in pdus:
                self._session.request(pdu, answer, now)
        except (NotBound, WindowFull, ValueError) as fault:  # ValueError: a field it does not fit
            answer(str(fault))

    # --- the socket -------------------------------------------------------------------------------

    def to_send(self) -> bytes:
        """Octets that are to leave now."""
        return b"".join(self._session.data_to_send())

    def receive(self, data: bytes, now: float) -> list[Heard]:
        """Octets that came."""
        return self._heard(self._session.receive(data, now), now)

    def next_timer(self) -> float | None:
        """When `timer_fired` is due, on the clock of `now`."""
        return self._session.next_timer()

    def timer_fired(self, now: float) -> list[Heard]:
        """It is due."""
        return self._heard(self._session.timer_fired(now), now)

    def lost(self, now: float) -> list[Heard]:
        """The connection is gone."""
        return self._heard(self._session.connection_lost(), now)

    def _heard(self, events: list[Any], now: float) -> list[Heard]:
        found = (self._one(event, now) for event in events)
        return [each for each in found if each is not None]

    def _one(self, event: Any, now: float) -> Heard | None:
        match event:
            case DeliverSm():
                return self._delivered(event, now)
            case Answered():
                event.context(name_of(event.status) if event.status else "")
            case Lost():
                event.context("no answer")
            case Bound():
                return Up()
            case BindRefused():
                return Down(f"the bind was refused with {name_of(event.status)}", refused=True)
            case Closed():
                return Down(f"the gateway closed ({event.reason})")
        return None

    def _delivered(self, pdu: DeliverSm, now: float) -> Heard | None:
        msisdn, sender = pdu.destination_addr, pdu.source_addr
        operation = read(pdu, Direction.MT)
        if operation is None and not is_receipt(pdu) and not self._holds(msisdn):
            self._session.respond(pdu, Status.ESME_RX_R_APPN)
            return None
        self._session.respond(pdu)
        if is_receipt(pdu):
            return None
        if operation is not None:
            text = decode_text(operation.data_coding, operation.octets)
            return Paged(msisdn, text, operation.step is Step.CONTINUE)
        octets: bytes | None = pdu.message
        if pdu.esm_class & UDHI:
            part, octets = parse_udh(pdu.message)
            if part is not None:
                key = MessageKey(sender, msisdn, part.reference, part.total)
                joined = self._parts.add(key, part.number, octets, now)
                octets = b"".join(joined) if joined is not None else None
        if octets is None:
            return None
        return Texted(msisdn, sender, decode_text(pdu.data_coding, octets))
