"""The straight-line path of the four PDUs that make the traffic.

Only what is entirely usual passes here; anything else goes to the rows of `codec.py`, which are
slower, take the same octets to the same values, and alone know the status of a fault. The tests
hold the two against each other.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, Final, TypeVar

from gateway.wire.smpp import codec, commands
from gateway.wire.smpp.framing import HEADER, HEADER_OCTETS
from gateway.wire.smpp.pdu import (
    DeliverSm,
    DeliverSmResp,
    MessageResp,
    Pdu,
    ShortMessage,
    SubmitSm,
    SubmitSmResp,
)
from gateway.wire.smpp.tlv import build_tlvs, parse_tlvs

Parser = Callable[[bytes, int, int], Pdu]
"""(frame, command_status, sequence_number) -> PDU. Raises ProtocolError."""

_Short = TypeVar("_Short", bound=ShortMessage)

# Octets with the NUL, as in layouts.py.
_SERVICE_TYPE: Final = 6
_ADDRESS: Final = 21
_SHORT_MESSAGE_MAX: Final = 255
_MESSAGE: Final = 11
"""From the NUL of destination_addr to short_message, where no time is given."""
_HANDLING: Final = struct.Struct("10B")
"""esm_class to sm_length, where no time is given: both times are their NUL."""
_FIXED: Final = 33
"""Octets of a submit_sm whose texts and message are all empty."""


def _short_message_parser(cls: type[_Short]) -> Parser:
    handling = _HANDLING.unpack_from

    def parse(frame: bytes, status: int, sequence: int) -> Pdu:
        index = frame.index
        try:
            service = index(0, HEADER_OCTETS)
            source = index(0, service + 3)
            dest = index(0, source + 3)
            esm, pid, priority, later, until, receipt, replace, coding, default, length = handling(
                frame, dest + 1
            )
            end = dest + _MESSAGE + length
            if (
                service > HEADER_OCTETS + _SERVICE_TYPE - 1
                or source > service + 2 + _ADDRESS
                or dest > source + 2 + _ADDRESS
                or later
                or until
                or end > len(frame)
            ):
                return codec.parse_body(cls, frame, status, sequence)
        except (ValueError, struct.error):
            return codec.parse_body(cls, frame, status, sequence)
        text = frame[:dest].decode("latin-1")
        return cls(
            sequence,
            text[HEADER_OCTETS:service],
            frame[service + 1],
            frame[service + 2],
            text[service + 3 : source],
            frame[source + 1],
            frame[source + 2],
            text[source + 3 : dest],
            esm,
            pid,
            priority,
            "",
            "",
            receipt,
            replace,
            coding,
            default,
            frame[dest + _MESSAGE : end],
            parse_tlvs(frame, end) if end < len(frame) else (),
        )

    return parse


def _message_resp_parser(cls: type[MessageResp]) -> Parser:
    def parse(frame: bytes, status: int, sequence: int) -> Pdu:
        last = len(frame) - 1
        if last < HEADER_OCTETS:
            return cls(sequence, status)
        if last - HEADER_OCTETS > 64 or frame.find(0, HEADER_OCTETS) != last:
            return codec.parse_body(cls, frame, status, sequence)
        return cls(sequence, status, frame[HEADER_OCTETS:last].decode("latin-1"))

    return parse


def _rows_parser(cls: type[Pdu]) -> Parser:
    def parse(frame: bytes, status: int, sequence: int) -> Pdu:
        return codec.parse_body(cls, frame, status, sequence)

    return parse


PARSERS: Final[dict[int, Parser]] = {
    **{command: _rows_parser(cls) for command, cls in codec.CLASSES.items()},
    commands.SUBMIT_SM: _short_message_parser(SubmitSm),
    commands.DELIVER_SM: _short_message_parser(DeliverSm),
    commands.SUBMIT_SM_RESP: _message_resp_parser(SubmitSmResp),
    commands.DELIVER_SM_RESP: _message_resp_parser(DeliverSmResp),
}


def _build_short_message(pdu: ShortMessage) -> bytes:
    service, source, dest = pdu.service_type, pdu.source_addr, pdu.destination_addr
    message = pdu.short_message
    length = len(message)
    if (
        len(service) >= _SERVICE_TYPE
        or len(source) >= _ADDRESS
        or len(dest) >= _ADDRESS
        or length > _SHORT_MESSAGE_MAX
        or pdu.schedule_delivery_time
        or pdu.validity_period
        or "\0" in f"{service}{source}{dest}"
    ):
        return codec.build(pdu)
    tail = message + build_tlvs(pdu.tlvs) if pdu.tlvs else message
    return b"%b%b\0%c%c%b\0%c%c%b\0%c%c%c\0\0%c%c%c%c%c%b" % (
        HEADER.pack(
            _FIXED + len(service) + len(source) + len(dest) + len(tail),
            pdu.command,
            0,
            pdu.sequence,
        ),
        service.encode("latin-1"),
        pdu.source_addr_ton,
        pdu.source_addr_npi,
        source.encode("latin-1"),
        pdu.dest_addr_ton,
        pdu.dest_addr_npi,
        dest.encode("latin-1"),
        pdu.esm_class,
        pdu.protocol_id,
        pdu.priority_flag,
        pdu.registered_delivery,
        pdu.replace_if_present_flag,
        pdu.data_coding,
        pdu.sm_default_msg_id,
        length,
        tail,
    )


_BUILDERS: Final[dict[int, Callable[[Any], bytes]]] = {
    commands.SUBMIT_SM: _build_short_message,
    commands.DELIVER_SM: _build_short_message,
}


def build(pdu: Pdu) -> bytes:
    """As `codec.build`, faster for submit_sm and deliver_sm. Raises ValueError."""
    try:
        return _BUILDERS.get(pdu.command, codec.build)(pdu)
    except (OverflowError, struct.error) as fault:
        raise ValueError(f"{type(pdu).__name__}: {fault}") from None
