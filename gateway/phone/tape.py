"""The PDUs of a bind, kept as octets and read only when somebody looks.

Rule: bounded; a bind's password is never shown.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from gateway.phone.radio import UDHI
from gateway.wire.gsm.segments import SegmentError, parse_udh
from gateway.wire.smpp.coding import decode_text
from gateway.wire.smpp.commands import BINDS, name_of
from gateway.wire.smpp.errors import ProtocolError
from gateway.wire.smpp.fast import PARSERS
from gateway.wire.smpp.framing import HEADER, HEADER_OCTETS, Framer
from gateway.wire.smpp.pdu import ShortMessage
from gateway.wire.smpp.status import name_of as status_name
from gateway.wire.smpp.tlv import BY_TAG

FRAMES_MAX = 100
PDU_OCTETS_MAX = 65_536
_ROW_OCTETS = 8
_RESPONSE = 0x8000_0000
_SHOWN = range(0x20, 0x7F)


class Tape:
    """The last PDUs, both ways."""

    def __init__(self) -> None:
        self._framers = {way: Framer(PDU_OCTETS_MAX) for way in "<>"}
        self._frames: deque[tuple[float, str, bytes]] = deque(maxlen=FRAMES_MAX)

    def add(self, way: str, data: bytes, at: float) -> None:
        """Octets that left (`>`) or came (`<`), `at` seconds since the phone was switched on."""
        for frame in self._framers[way].feed(data):
            self._frames.append((at, way, frame))

    def lines(self) -> list[str]:
        """Command, sequence and status of each, its fields in words, then its body in hexadecimal
        and ASCII."""
        return [line for at, way, frame in self._frames for line in _told(at, way, frame)]


def _told(at: float, way: str, frame: bytes) -> Iterator[str]:
    length, command, status, sequence = HEADER.unpack_from(frame)
    word = f" {status_name(status).removeprefix('ESME_')}" if command & _RESPONSE else ""
    yield f"{way} {at:.3f} {name_of(command)} #{sequence}{word}"
    if command in BINDS:
        yield " its password is not shown"
        return
    yield from _fields(command, frame, status, sequence)
    for start in range(HEADER_OCTETS, length, _ROW_OCTETS):
        row = frame[start : start + _ROW_OCTETS]
        text = "".join(chr(octet) if octet in _SHOWN else "." for octet in row)
        yield f" {row.hex(' '):{_ROW_OCTETS * 3 - 1}} {text}"


def _fields(command: int, frame: bytes, status: int, sequence: int) -> Iterator[str]:
    """Who writes to whom, in which coding, with which TLVs; and the words."""
    try:
        pdu = PARSERS[command](frame, status, sequence)
    except (KeyError, ProtocolError):  # not of SMPP v3.4, or a body that cannot be read
        return
    if isinstance(pdu, ShortMessage):
        yield f" {pdu.source_addr} -> {pdu.destination_addr}"
        yield f" dcs 0x{pdu.data_coding:02x} esm_class 0x{pdu.esm_class:02x}"
        yield from (_tlv(tag, value) for tag, value in pdu.tlvs)
        yield from _words(pdu)


def _tlv(tag: int, value: bytes) -> str:
    name = BY_TAG[tag].name if tag in BY_TAG else f"0x{tag:04x}"
    return f" {name} {value[0] if len(value) == 1 else value.hex(' ')}"


def _words(pdu: ShortMessage) -> Iterator[str]:
    part, octets = None, pdu.message
    if pdu.esm_class & UDHI:
        try:
            part, octets = parse_udh(pdu.message)
        except SegmentError as fault:
            yield f" {fault}"
            return
    if part is not None:
        yield f" part {part.number} of {part.total}, reference {part.reference}"
    yield f" {decode_text(pdu.data_coding, octets)!r}"
