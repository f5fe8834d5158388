"""RTP packets, octets to values and back (RFC 3550 §5.1, §5.3.1)."""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from typing import Final

VERSION: Final = 2
HEADER: Final = Struct(">BBHII")
"""First octet, marker and payload type, sequence number, timestamp, SSRC."""
FIRST_OCTET: Final = VERSION << 6
MARKER: Final = 0x80
_PADDING: Final = 0x20
_EXTENSION: Final = 0x10
_CSRC_COUNT: Final = 0x0F
_PAYLOAD_TYPE: Final = 0x7F
_EXTENSION_HEADER: Final = Struct(">HH")
_WORD_OCTETS: Final = 4


@dataclass(slots=True)
class Packet:
    """One RTP packet; padding is not kept. Not frozen: one is made for every packet heard."""

    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes
    marker: bool = False
    csrcs: tuple[int, ...] = ()
    extension: tuple[int, bytes] | None = None
    """What its profile calls it, and whole words of octets."""


def build(packet: Packet) -> bytes:
    """The octets of a packet; the caller keeps its fields within their widths."""
    first = FIRST_OCTET | len(packet.csrcs)
    parts = [csrc.to_bytes(_WORD_OCTETS, "big") for csrc in packet.csrcs]
    if packet.extension is not None:
        profile, words = packet.extension
        first |= _EXTENSION
        parts += (_EXTENSION_HEADER.pack(profile, len(words) // _WORD_OCTETS), words)
    second = packet.payload_type | (MARKER if packet.marker else 0)
    header = HEADER.pack(first, second, packet.sequence, packet.timestamp, packet.ssrc)
    return b"".join((header, *parts, packet.payload))


def parse(data: bytes) -> Packet | None:
    """One datagram; None where it is not RTP version 2 or its parts do not fit (RFC 3550 A.1)."""
    if len(data) < HEADER.size:
        return None
    first, second, sequence, timestamp, ssrc = HEADER.unpack_from(data)
    if first >> 6 != VERSION:
        return None
    packet = Packet(second & _PAYLOAD_TYPE, sequence, timestamp, ssrc, b"", second >= MARKER)
    if first == FIRST_OCTET:  # nearly every packet
        packet.payload = data[HEADER.size :]
        return packet
    return _with_options(packet, data, first)


def _with_options(packet: Packet, data: bytes, first: int) -> Packet | None:
    position, end = HEADER.size, len(data)
    if first & _PADDING:
        padding = data[-1]  # counts itself
        if padding == 0:
            return None
        end -= padding
    csrc_octets = (first & _CSRC_COUNT) * _WORD_OCTETS
    csrcs = data[position : position + csrc_octets]
    position += csrc_octets
    packet.csrcs = tuple(
        int.from_bytes(csrcs[at : at + _WORD_OCTETS], "big")
        for at in range(0, len(csrcs), _WORD_OCTETS)
    )
    if first & _EXTENSION:
        if end - position < _EXTENSION_HEADER.size:
            return None
        profile, words = _EXTENSION_HEADER.unpack_from(data, position)
        position += _EXTENSION_HEADER.size
        packet.extension = profile, data[position : position + words * _WORD_OCTETS]
        position += words * _WORD_OCTETS
    if position > end:
        return None
    packet.payload = data[position:end]
    return packet
