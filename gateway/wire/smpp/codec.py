"""Octets <-> PDUs, by the rows of `layouts.py`; every length is checked before it is used.

`parse` and `build` are exact inverses for every PDU that `build` takes. submit_sm and deliver_sm,
their responses and nothing else have a straight-line path (`fast.py`), which falls back to the
rows here whenever something is unusual: the rows alone decide which status a fault has.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, Final

from gateway.wire.smpp import commands, operations, pdu
from gateway.wire.smpp.errors import ProtocolError
from gateway.wire.smpp.framing import HEADER, HEADER_OCTETS
from gateway.wire.smpp.layouts import Field, Kind
from gateway.wire.smpp.lists import (
    build_destinations,
    build_unsuccess,
    read_destinations,
    read_unsuccess,
)
from gateway.wire.smpp.octets import pack_text, read_byte, read_text
from gateway.wire.smpp.pdu import Pdu, Response
from gateway.wire.smpp.status import Status
from gateway.wire.smpp.times import parse_time
from gateway.wire.smpp.tlv import build_tlvs, parse_tlvs

CLASSES: Final[dict[int, type[Pdu]]] = {
    cls.command: cls
    for cls in (
        pdu.GenericNack,
        pdu.BindReceiver,
        pdu.BindReceiverResp,
        pdu.BindTransmitter,
        pdu.BindTransmitterResp,
        pdu.BindTransceiver,
        pdu.BindTransceiverResp,
        pdu.Outbind,
        pdu.Unbind,
        pdu.UnbindResp,
        pdu.EnquireLink,
        pdu.EnquireLinkResp,
        pdu.SubmitSm,
        pdu.SubmitSmResp,
        pdu.DeliverSm,
        pdu.DeliverSmResp,
        pdu.DataSm,
        pdu.DataSmResp,
        pdu.AlertNotification,
        operations.SubmitMulti,
        operations.SubmitMultiResp,
        operations.QuerySm,
        operations.QuerySmResp,
        operations.CancelSm,
        operations.CancelSmResp,
        operations.ReplaceSm,
        operations.ReplaceSmResp,
    )
}


def parse(frame: bytes) -> Pdu:
    """One whole PDU, header included, as `Framer.feed` gives it.

    Raises ProtocolError with the status to answer (reference tables: v3.4 §3.3, v5.0 §2.8.2).
    """
    length, command, status, sequence = HEADER.unpack_from(frame)
    if length != len(frame):
        raise ProtocolError(Status.ESME_RINVCMDLEN, f"{len(frame)} octets, not {length}")
    cls = CLASSES.get(command)
    if cls is None:
        raise ProtocolError(Status.ESME_RINVCMDID, commands.name_of(command))
    return parse_body(cls, frame, status, sequence)


def parse_body(cls: type[Pdu], frame: bytes, status: int, sequence: int) -> Pdu:
    """The body of a PDU whose header is read, by the rows of its class. Raises ProtocolError."""
    head: tuple[int, ...] = (sequence,)
    if issubclass(cls, Response):
        head = (sequence, status)
        if len(frame) == HEADER_OCTETS or not cls.layout:
            return cls(*head)
    position = HEADER_OCTETS
    values: list[Any] = []
    for field in cls.layout:
        value, position = _READERS[field.kind](frame, position, field)
        values.append(value)
    if cls.has_tlvs:
        values.append(parse_tlvs(frame, position))
    elif position != len(frame):
        raise ProtocolError(Status.ESME_RINVCMDLEN, f"{len(frame) - position} octets of body")
    return cls(*head, *values)


def build(value: Pdu) -> bytes:
    """The octets of a PDU. Raises ValueError for a field that does not fit its place."""
    body = b"".join(
        _BUILDERS[field.kind](getattr(value, field.name), field) for field in value.layout
    )
    if value.has_tlvs:
        body += build_tlvs(value.tlvs)  # type: ignore[attr-defined]
    status = value.status if isinstance(value, Response) else 0
    length = HEADER_OCTETS + len(body)
    try:
        return HEADER.pack(length, value.command, status, value.sequence) + body
    except struct.error as fault:
        raise ValueError(f"header of {type(value).__name__}: {fault}") from None


def _read_time(frame: bytes, position: int, field: Field) -> tuple[str, int]:
    text, position = read_text(frame, position, field)
    try:
        parse_time(text)
    except ValueError as fault:
        raise ProtocolError(field.status, str(fault)) from None
    return text, position


def _read_message(frame: bytes, position: int, field: Field) -> tuple[bytes, int]:
    length, position = read_byte(frame, position, field)
    end = position + length
    if end > len(frame):
        raise ProtocolError(field.status, f"sm_length {length}, {len(frame) - position} present")
    return frame[position:end], end


def _pack_byte(value: int, field: Field) -> bytes:
    if not 0 <= value <= 0xFF:
        raise ValueError(f"{field.name} of {value}")
    return bytes((value,))


def _pack_message(value: bytes, field: Field) -> bytes:
    if len(value) > field.octets_max:
        raise ValueError(f"{field.name} of {len(value)} octets")
    return bytes((len(value),)) + value


def _pack_time(value: str, field: Field) -> bytes:
    parse_time(value)
    return pack_text(value, field)


_READERS: Final[dict[Kind, Callable[[bytes, int, Field], tuple[Any, int]]]] = {
    Kind.TEXT: read_text,
    Kind.TIME: _read_time,
    Kind.BYTE: read_byte,
    Kind.MESSAGE: _read_message,
    Kind.DESTINATIONS: read_destinations,
    Kind.UNSUCCESS: read_unsuccess,
}
_BUILDERS: Final[dict[Kind, Callable[[Any, Field], bytes]]] = {
    Kind.TEXT: pack_text,
    Kind.TIME: _pack_time,
    Kind.BYTE: _pack_byte,
    Kind.MESSAGE: _pack_message,
    Kind.DESTINATIONS: build_destinations,
    Kind.UNSUCCESS: build_unsuccess,
}
