"""Delivery receipts: the text of v3.4 appendix B, and the TLVs that say the same (§5.3.2.12, .35).

The text is nobody's standard, so it is written strictly and read loosely: keys in any order and
case, dates of 10 or 12 digits, anything missing. Where both are there the TLVs are right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import Final

from gateway.wire.smpp.pdu import DataSm, DeliverSm, ShortMessage
from gateway.wire.smpp.tlv import (
    MESSAGE_STATE,
    RECEIPTED_MESSAGE_ID,
    Tlvs,
    integer,
    text_of,
)


class MessageState(IntEnum):
    """message_state (v3.4 §5.2.28, v5.0 §4.7.15)."""

    SCHEDULED = 0
    ENROUTE = 1
    DELIVERED = 2
    EXPIRED = 3
    DELETED = 4
    UNDELIVERABLE = 5
    ACCEPTED = 6
    UNKNOWN = 7
    REJECTED = 8
    SKIPPED = 9


# `stat:` of the text (appendix B, table B-2).
_STATS: Final = {
    MessageState.SCHEDULED: "SCHEDLD",
    MessageState.ENROUTE: "ENROUTE",
    MessageState.DELIVERED: "DELIVRD",
    MessageState.EXPIRED: "EXPIRED",
    MessageState.DELETED: "DELETED",
    MessageState.UNDELIVERABLE: "UNDELIV",
    MessageState.ACCEPTED: "ACCEPTD",
    MessageState.UNKNOWN: "UNKNOWN",
    MessageState.REJECTED: "REJECTD",
    MessageState.SKIPPED: "SKIPPED",
}
_STATES: Final = {stat: state for state, stat in _STATS.items()}
FINAL_STATES: Final = frozenset(MessageState) - {
    MessageState.SCHEDULED,
    MessageState.ENROUTE,
    MessageState.ACCEPTED,
}
_SUCCESS: Final = frozenset((MessageState.DELIVERED,))
_FAILURE: Final = FINAL_STATES - _SUCCESS

_REGISTERED_BITS: Final = 0x03
# registered_delivery bits 1-0 (v3.4 §5.2.17; 3 is v5.0's) -> the states reported.
_REPORTED: Final = (frozenset[MessageState](), FINAL_STATES, _FAILURE, _SUCCESS)

ESM_CLASS_RECEIPT: Final = 0x04
ESM_CLASS_INTERMEDIATE: Final = 0x20
_ESM_CLASS_TYPE_BITS: Final = 0x3C
_RECEIPT_TYPES: Final = frozenset((ESM_CLASS_RECEIPT, ESM_CLASS_INTERMEDIATE))
_TEXT_OCTETS_MAX: Final = 20
_DATE: Final = "%y%m%d%H%M"
_DATES: Final = {10: _DATE, 12: "%y%m%d%H%M%S"}
_KEYS: Final = re.compile(rb"\b(id|sub|dlvrd|submit date|done date|stat|err|text):", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a message; dates are aware, UTC, and None where a peer left them out."""

    message_id: str
    state: MessageState
    submitted: datetime | None = None
    done: datetime | None = None
    submitted_count: int = 1
    delivered_count: int = 0
    error: str = "000"
    """Three characters, the network's own."""
    text: bytes = b""
    """The first 20 octets of the message, in its own data_coding."""


def wants_receipt(registered_delivery: int, state: MessageState) -> bool:
    """Whether a message submitted so is to be reported in this state (v3.4 §5.2.17)."""
    return state in _REPORTED[registered_delivery & _REGISTERED_BITS]


def receipt_text(receipt: Receipt) -> bytes:
    """`id:… sub:001 dlvrd:001 submit date:… done date:… stat:DELIVRD err:000 text:…`."""
    dates = [
        moment.astimezone(UTC).strftime(_DATE) if moment is not None else "0" * 10
        for moment in (receipt.submitted, receipt.done)
    ]
    head = (
        f"id:{receipt.message_id} sub:{receipt.submitted_count:03} "
        f"dlvrd:{receipt.delivered_count:03} submit date:{dates[0]} done date:{dates[1]} "
        f"stat:{_STATS[receipt.state]} err:{receipt.error} text:"
    )
    return head.encode("latin-1") + receipt.text[:_TEXT_OCTETS_MAX]


def receipt_tlvs(receipt: Receipt) -> Tlvs:
    """receipted_message_id and message_state."""
    return (
        (RECEIPTED_MESSAGE_ID, receipt.message_id.encode("latin-1") + b"\0"),
        (MESSAGE_STATE, bytes((receipt.state,))),
    )


def build_receipt(receipt: Receipt, submitted: ShortMessage | DataSm) -> DeliverSm:
    """The deliver_sm that reports on `submitted`: its addresses exchanged, both forms inside."""
    return DeliverSm(
        service_type=submitted.service_type,
        source_addr_ton=submitted.dest_addr_ton,
        source_addr_npi=submitted.dest_addr_npi,
        source_addr=submitted.destination_addr,
        dest_addr_ton=submitted.source_addr_ton,
        dest_addr_npi=submitted.source_addr_npi,
        destination_addr=submitted.source_addr,
        esm_class=ESM_CLASS_RECEIPT,
        short_message=receipt_text(receipt),
        tlvs=receipt_tlvs(receipt),
    )


def is_receipt(pdu: ShortMessage | DataSm) -> bool:
    """Whether esm_class says delivery receipt or intermediate notification (v3.4 §5.2.12)."""
    return pdu.esm_class & _ESM_CLASS_TYPE_BITS in _RECEIPT_TYPES


def parse_receipt(pdu: ShortMessage | DataSm) -> Receipt | None:
    """The receipt a deliver_sm or data_sm carries; None where it names no message or is none."""
    if not is_receipt(pdu):
        return None
    found = _fields(pdu.message)
    message_id = text_of(pdu.tlvs, RECEIPTED_MESSAGE_ID) or _text(found, b"id")
    if not message_id:
        return None
    code = integer(pdu.tlvs, MESSAGE_STATE)
    stat = _STATES.get(_text(found, b"stat").upper(), MessageState.UNKNOWN)
    return Receipt(
        message_id,
        MessageState(code) if code is not None and code in _STATS else stat,
        _date(_text(found, b"submit date")),
        _date(_text(found, b"done date")),
        _count(_text(found, b"sub"), 1),
        _count(_text(found, b"dlvrd"), 0),
        _text(found, b"err") or "000",
        found.get(b"text", b""),
    )


def _fields(message: bytes) -> dict[bytes, bytes]:
    """Key -> what stands up to the next key; nothing after `text:` is a key."""
    found: dict[bytes, bytes] = {}
    matches = list(_KEYS.finditer(message))
    for position, match in enumerate(matches):
        key = match[1].lower()
        if key == b"text":
            found[key] = message[match.end() :]
            break
        last = position + 1 == len(matches)
        end = len(message) if last else matches[position + 1].start()
        found.setdefault(key, message[match.end() : end].strip())
    return found


def _text(found: dict[bytes, bytes], key: bytes) -> str:
    return found.get(key, b"").decode("latin-1")


def _count(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() else default


def _date(text: str) -> datetime | None:
    form = _DATES.get(len(text))
    if form is None or not (text.isascii() and text.isdigit()):
        return None
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC)
    except ValueError:
        return None
