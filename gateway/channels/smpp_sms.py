"""SMS in SMPP PDUs: long messages joined on the way in, cut on the way out, receipts.

A long message comes by UDH (8- or 16-bit reference), SAR TLVs or message_payload; it leaves by
UDH with an 8-bit reference, which every handset joins. A part acknowledged waits in memory for the
rest; when the rest does not come in time the loss is reported, and nothing is acted on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

from twisted.logger import Logger

from gateway.domain.numbers import mask
from gateway.domain.port import Sms
from gateway.wire.gsm.segments import (
    Concatenation,
    MessageKey,
    Reassembly,
    SegmentError,
    parse_udh,
    split,
    user_data,
)
from gateway.wire.smpp.coding import decode_text
from gateway.wire.smpp.errors import ProtocolError
from gateway.wire.smpp.pdu import DeliverSm, ShortMessage, SubmitSm
from gateway.wire.smpp.receipt import MessageState, Receipt, build_receipt, wants_receipt
from gateway.wire.smpp.states import Role
from gateway.wire.smpp.status import Status
from gateway.wire.smpp.tlv import (
    SAR_MSG_REF_NUM,
    SAR_SEGMENT_SEQNUM,
    SAR_TOTAL_SEGMENTS,
    Tlvs,
    integer,
)

log = Logger()

UDHI = 0x40
DATA_CODINGS = {"gsm7": 0, "ucs2": 8}
_STATUSES = {
    "header_malformed": Status.ESME_RINVESMCLASS,
    "part_out_of_range": Status.ESME_RINVTLVVAL,
    "reassembly_full": Status.ESME_RMSGQFUL,
}


@dataclass(frozen=True, slots=True)
class Submitted:
    """A request that carries an SMS or a part of one, and the id it was answered with."""

    pdu: Any
    message_id: str


@dataclass(frozen=True, slots=True)
class Received:
    """A whole SMS."""

    text: str
    earlier: tuple[Submitted, ...] = ()
    """Its other parts, where it had several."""


class SmsReader:
    """The text of a mobile-originated SMS, once all of it has come. Shared by all links."""

    def __init__(
        self, seconds: Callable[[], float], parts: Reassembly, digest: Callable[[str], str]
    ) -> None:
        self._seconds = seconds
        self._parts = parts
        self.digest = digest
        """What stands for a text where it must not: keyed, so that nobody guesses at it."""
        self._earlier: dict[MessageKey, dict[int, Submitted]] = {}
        self.lost: Callable[[str, tuple[Submitted, ...]], None] = _unheard
        """Told of parts whose message was lost: the link's name, and the parts that came."""

    def read(
        self, link: str, source: str, destination: str, submitted: Submitted
    ) -> Received | None:
        """The whole SMS, or None for a part while others are missing.

        Raises ProtocolError for a header or part number that cannot be, or a full store of parts.
        """
        pdu = submitted.pdu
        octets = pdu.message
        part: Concatenation | None = None
        try:
            if pdu.esm_class & UDHI:
                part, octets = parse_udh(octets)
            elif pdu.tlvs:
                part = _sar(pdu.tlvs)
            if part is None or part.total == 1:
                return Received(decode_text(pdu.data_coding, octets))
            key = MessageKey(f"{link}|{source}", destination, part.reference, part.total)
            joined = self._parts.add(key, part.number, octets, self._seconds())
        except SegmentError as error:
            raise ProtocolError(_STATUSES[error.reason], str(error)) from error
        if joined is None:
            self._earlier.setdefault(key, {})[part.number] = submitted
            return None
        earlier = self._earlier.pop(key, {})
        earlier.pop(part.number, None)
        text = decode_text(pdu.data_coding, b"".join(joined))
        return Received(text, tuple(earlier.values()))

    def tick(self) -> None:
        """Report the long messages whose parts did not all come."""
        for lost in self._parts.expired(self._seconds()):
            link, _, source = lost.key.source.rpartition("|")
            log.warn(
                "a long message was lost",
                link=link,
                source=mask(source),
                destination=lost.key.destination,
                parts_got=",".join(map(str, lost.got)),
                parts_missing=",".join(map(str, lost.missing)),
            )
            self.lost(link, tuple(self._earlier.pop(lost.key, {}).values()))


def _unheard(_link: str, _parts: tuple[Submitted, ...]) -> None:
    """For a reader whose losses only the log hears of."""


def _sar(tlvs: Tlvs) -> Concatenation | None:
    """sar_msg_ref_num and its two companions; anything less is no concatenation (§5.3.2.22)."""
    reference = integer(tlvs, SAR_MSG_REF_NUM)
    total = integer(tlvs, SAR_TOTAL_SEGMENTS)
    number = integer(tlvs, SAR_SEGMENT_SEQNUM)
    if reference is None or total is None or number is None:
        return None
    return Concatenation(reference, total, number)


def sms_pdus(sms: Sms, role: Role) -> list[ShortMessage]:
    """The PDUs that carry an SMS to its handset: short number TON 0, MSISDN TON 1 (an
    international TON would cost the short number its zeros)."""
    segments = split(sms.text)
    kind = DeliverSm if role is Role.SMSC else SubmitSm
    esm_class = UDHI if len(segments) > 1 else 0
    reference = crc32(sms.id.encode()) & 0xFF
    return [
        kind(
            source_addr_ton=0,
            source_addr_npi=1,
            source_addr=sms.sender,
            dest_addr_ton=1,
            dest_addr_npi=1,
            destination_addr=sms.msisdn,
            esm_class=esm_class,
            data_coding=DATA_CODINGS[segment.alphabet],
            short_message=octets,
        )
        for segment, octets in zip(segments, user_data(segments, reference), strict=True)
    ]


def receipt(
    submitted: Any, message_id: str, state: MessageState, now: float, role: Role
) -> DeliverSm | None:
    """The delivery receipt the submitter asked for, or None (v3.4 §5.2.17). An SMSC's alone."""
    if role is not Role.SMSC or not wants_receipt(submitted.registered_delivery, state):
        return None
    at = datetime.fromtimestamp(now, UTC)
    delivered = int(state is MessageState.DELIVERED)
    return build_receipt(
        Receipt(message_id, state, submitted=at, done=at, delivered_count=delivered), submitted
    )
