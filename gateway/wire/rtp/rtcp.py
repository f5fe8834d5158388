"""RTCP reports, octets to values and back (RFC 3550 §6); what is not ours to read is skipped."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from struct import Struct
from typing import Final

_VERSION: Final = 2
_HEADER: Final = Struct(">BBH")
_PADDING: Final = 0x20
_COUNT: Final = 0x1F
_WORD_OCTETS: Final = 4
_SENDER: Final = Struct(">IQIII")
_BLOCK: Final = Struct(">IIIIII")
_SSRC: Final = Struct(">I")
_LOST_SIGN: Final = 1 << 23
_LOST_MASK: Final = (1 << 24) - 1
CNAME: Final = 1
"""The SDES item that names the source for good (§6.5.1)."""


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """How one source was heard (§6.4.1)."""

    ssrc: int
    fraction_lost: int
    """Of the last interval, in 1/256."""
    packets_lost: int
    """Since the beginning; below zero where more came than were sent (duplicates)."""
    highest_sequence: int
    """Extended: the count of cycles in the upper 16 bits."""
    jitter: int
    """In timestamp units."""
    last_report: int = 0
    """The middle 32 bits of the NTP timestamp of the last SR of that source; 0: none."""
    delay: int = 0
    """Since it came, in 1/65536 s."""


@dataclass(frozen=True, slots=True)
class SenderReport:
    """SR: what we sent until `ntp` (64 bits, 32 of them a fraction), and how we heard."""

    ssrc: int
    ntp: int
    timestamp: int
    packets: int
    octets: int
    blocks: tuple[ReportBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiverReport:
    """RR: how a source that sends nothing itself heard others."""

    ssrc: int
    blocks: tuple[ReportBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceDescription:
    """SDES of one source: items of (type, text in UTF-8)."""

    ssrc: int
    items: tuple[tuple[int, bytes], ...]


@dataclass(frozen=True, slots=True)
class Goodbye:
    """BYE: these sources send no more."""

    ssrcs: tuple[int, ...]
    reason: bytes = b""


RtcpPacket = SenderReport | ReceiverReport | SourceDescription | Goodbye

_SR, _RR, _SDES, _BYE = 200, 201, 202, 203


# --- to octets ------------------------------------------------------------------------------------


def build(packets: Iterable[RtcpPacket]) -> bytes:
    """A compound packet. §6.1: the caller puts SR or RR first and SDES with a CNAME behind it."""
    return b"".join(_framed(packet) for packet in packets)


def _framed(packet: RtcpPacket) -> bytes:
    kind, count, body = _body(packet)
    body += bytes(-len(body) % _WORD_OCTETS)
    words = len(body) // _WORD_OCTETS
    return _HEADER.pack(_VERSION << 6 | count, kind, words) + body


def _body(packet: RtcpPacket) -> tuple[int, int, bytes]:
    match packet:
        case SenderReport(ssrc, ntp, timestamp, packets, octets, blocks):
            sender = _SENDER.pack(ssrc, ntp, timestamp, packets, octets)
            return _SR, len(blocks), sender + b"".join(map(_block_octets, blocks))
        case ReceiverReport(ssrc, blocks):
            return _RR, len(blocks), _SSRC.pack(ssrc) + b"".join(map(_block_octets, blocks))
        case SourceDescription(ssrc, items):
            texts = (bytes((kind, len(text))) + text for kind, text in items)
            return _SDES, 1, _SSRC.pack(ssrc) + b"".join(texts) + b"\0"
        case Goodbye(ssrcs, reason):
            told = bytes((len(reason),)) + reason if reason else b""
            return _BYE, len(ssrcs), b"".join(map(_SSRC.pack, ssrcs)) + told


def _block_octets(block: ReportBlock) -> bytes:
    lost = max(-_LOST_SIGN, min(_LOST_SIGN - 1, block.packets_lost)) & _LOST_MASK
    return _BLOCK.pack(
        block.ssrc,
        block.fraction_lost << 24 | lost,
        block.highest_sequence,
        block.jitter,
        block.last_report,
        block.delay,
    )


# --- from octets ----------------------------------------------------------------------------------


def parse(data: bytes) -> tuple[RtcpPacket, ...] | None:
    """One datagram, packets of other types left out; None where it is not a valid compound
    packet: it begins with SR or RR, and its lengths add up to the datagram's (RFC 3550 A.2)."""
    found: list[RtcpPacket] = []
    position = 0
    while position < len(data):
        if len(data) - position < _HEADER.size:
            return None
        first, kind, words = _HEADER.unpack_from(data, position)
        begin = position + _HEADER.size
        end = begin + words * _WORD_OCTETS
        if first >> 6 != _VERSION or end > len(data) or (position == 0 and kind not in (_SR, _RR)):
            return None
        if first & _PADDING:
            if end != len(data) or not 0 < data[-1] <= end - begin:
                return None  # only the last packet is padded
            end -= data[-1]
        reader = _READERS.get(kind)
        if reader is not None:
            packets = reader(data[begin:end], first & _COUNT)
            if packets is None:
                return None
            found += packets
        position = begin + words * _WORD_OCTETS
    return tuple(found) or None


def _sender_report(body: bytes, count: int) -> list[RtcpPacket] | None:
    if len(body) < _SENDER.size + count * _BLOCK.size:
        return None
    ssrc, ntp, timestamp, packets, octets = _SENDER.unpack_from(body)
    blocks = _blocks(body, _SENDER.size, count)
    return [SenderReport(ssrc, ntp, timestamp, packets, octets, blocks)]


def _receiver_report(body: bytes, count: int) -> list[RtcpPacket] | None:
    if len(body) < _SSRC.size + count * _BLOCK.size:
        return None
    (ssrc,) = _SSRC.unpack_from(body)
    return [ReceiverReport(ssrc, _blocks(body, _SSRC.size, count))]


def _blocks(body: bytes, position: int, count: int) -> tuple[ReportBlock, ...]:
    blocks = []
    for at in range(position, position + count * _BLOCK.size, _BLOCK.size):
        ssrc, loss, highest, jitter, last_report, delay = _BLOCK.unpack_from(body, at)
        lost = loss & _LOST_MASK
        lost -= (lost & _LOST_SIGN) << 1
        blocks.append(ReportBlock(ssrc, loss >> 24, lost, highest, jitter, last_report, delay))
    return tuple(blocks)


def _source_description(body: bytes, count: int) -> list[RtcpPacket] | None:
    found: list[RtcpPacket] = []
    position = 0
    for _ in range(count):
        if len(body) - position < _SSRC.size:
            return None
        (ssrc,) = _SSRC.unpack_from(body, position)
        position += _SSRC.size
        items = []
        while body[position : position + 1] not in (b"", b"\0"):
            kind, octets = body[position], body[position + 1 : position + 2]
            end = position + 2 + (octets[0] if octets else 0)
            items.append((kind, body[position + 2 : end]))
            position = end
        if position >= len(body):
            return None  # a null octet ends the items
        position += _WORD_OCTETS - position % _WORD_OCTETS
        found.append(SourceDescription(ssrc, tuple(items)))
    return found


def _goodbye(body: bytes, count: int) -> list[RtcpPacket] | None:
    octets = count * _SSRC.size
    if len(body) < octets:
        return None
    ssrcs = tuple(_SSRC.unpack_from(body, at)[0] for at in range(0, octets, _SSRC.size))
    told = body[octets : octets + 1]
    return [Goodbye(ssrcs, body[octets + 1 : octets + 1 + told[0]] if told else b"")]


_READERS: Final[dict[int, Callable[[bytes, int], list[RtcpPacket] | None]]] = {
    _SR: _sender_report,
    _RR: _receiver_report,
    _SDES: _source_description,
    _BYE: _goodbye,
}
