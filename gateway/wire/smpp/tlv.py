"""Tag-length-value parameters (SMPP v3.4 §5.3, v5.0 §4.8): a table of tags, and reading by it.

A PDU's TLVs are an ordered tuple of `(tag, value)`: tags may repeat and unknown ones are kept.
The stream is stepped by the length on the wire, never by the one expected. A tag that is known is
checked for its length (0xC2) wherever it stands, and never refused for being unexpected (§3.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from struct import Struct
from typing import Final

from gateway.wire.smpp.errors import ProtocolError
from gateway.wire.smpp.status import Status

Tlvs = tuple[tuple[int, bytes], ...]

_HEAD: Final = Struct(">HH")
_HEAD_OCTETS: Final = 4


class TlvKind(Enum):
    """How the value of a known tag is read."""

    INTEGER = "big-endian integer of any listed length"
    OCTETS = "octets"
    TEXT = "C-octet string"


@dataclass(frozen=True, slots=True)
class TlvSpec:
    """One known tag; lengths in octets as they may stand on the wire."""

    tag: int
    name: str
    kind: TlvKind
    octets_min: int
    octets_max: int


def _integer(tag: int, name: str, octets: int, octets_min: int | None = None) -> TlvSpec:
    return TlvSpec(tag, name, TlvKind.INTEGER, octets if octets_min is None else octets_min, octets)


def _octets(tag: int, name: str, octets_min: int, octets_max: int) -> TlvSpec:
    return TlvSpec(tag, name, TlvKind.OCTETS, octets_min, octets_max)


def _text(tag: int, name: str, octets_max: int) -> TlvSpec:
    return TlvSpec(tag, name, TlvKind.TEXT, 1, octets_max)


SPECS: Final = (
    _integer(0x0005, "dest_addr_subunit", 1),
    _integer(0x0006, "dest_network_type", 1),
    _integer(0x0007, "dest_bearer_type", 1),
    _integer(0x0008, "dest_telematics_id", 2),
    _integer(0x000D, "source_addr_subunit", 1),
    _integer(0x000E, "source_network_type", 1),
    _integer(0x000F, "source_bearer_type", 1),
    _integer(0x0010, "source_telematics_id", 1),
    _integer(0x0017, "qos_time_to_live", 4),
    _integer(0x0019, "payload_type", 1),
    _text(0x001D, "additional_status_info_text", 256),
    _text(0x001E, "receipted_message_id", 65),
    _integer(0x0030, "ms_msg_wait_facilities", 1),
    _octets(0x0201, "privacy_indicator", 1, 1),
    _octets(0x0202, "source_subaddress", 2, 23),
    _octets(0x0203, "dest_subaddress", 2, 23),
    _integer(0x0204, "user_message_reference", 2),
    _integer(0x0205, "user_response_code", 1),
    _integer(0x020A, "source_port", 2),
    _integer(0x020B, "destination_port", 2),
    _integer(0x020C, "sar_msg_ref_num", 2),
    _integer(0x020D, "language_indicator", 1),
    _integer(0x020E, "sar_total_segments", 1),
    _integer(0x020F, "sar_segment_seqnum", 1),
    _integer(0x0210, "sc_interface_version", 1),
    _integer(0x0302, "callback_num_pres_ind", 1),
    _octets(0x0303, "callback_num_atag", 0, 65),
    _integer(0x0304, "number_of_messages", 1),
    _octets(0x0381, "callback_num", 4, 19),
    _integer(0x0420, "dpf_result", 1),
    _integer(0x0421, "set_dpf", 1),
    _integer(0x0422, "ms_availability_status", 1),
    _octets(0x0423, "network_error_code", 3, 3),
    _octets(0x0424, "message_payload", 0, 65535),
    _integer(0x0425, "delivery_failure_reason", 1),
    _integer(0x0426, "more_messages_to_send", 1),
    _integer(0x0427, "message_state", 1),
    _integer(0x0428, "congestion_state", 1),
    _integer(0x0501, "ussd_service_op", 1),
    _integer(0x1201, "display_time", 1),
    _integer(0x1203, "sms_signal", 2),
    _integer(0x1204, "ms_validity", 4, octets_min=1),
    _integer(0x130C, "alert_on_message_delivery", 1, octets_min=0),
    _integer(0x1380, "its_reply_type", 1),
    _octets(0x1383, "its_session_info", 2, 2),
    _integer(0x1501, "ussd_session_id", 4),
)

BY_TAG: Final = {spec.tag: spec for spec in SPECS}
BY_NAME: Final = {spec.name: spec for spec in SPECS}
_LENGTHS: Final = {spec.tag: (spec.octets_min, spec.octets_max) for spec in SPECS}

RECEIPTED_MESSAGE_ID: Final = 0x001E
USER_MESSAGE_REFERENCE: Final = 0x0204
SAR_MSG_REF_NUM: Final = 0x020C
SAR_TOTAL_SEGMENTS: Final = 0x020E
SAR_SEGMENT_SEQNUM: Final = 0x020F
SC_INTERFACE_VERSION: Final = 0x0210
MESSAGE_PAYLOAD: Final = 0x0424
MESSAGE_STATE: Final = 0x0427
USSD_SERVICE_OP: Final = 0x0501
ITS_SESSION_INFO: Final = 0x1383
USSD_SESSION_ID: Final = 0x1501


def parse_tlvs(data: bytes, position: int) -> Tlvs:
    """Read the stream from `position` to the end of `data`.

    Raises ProtocolError: 0xC0 for 1-3 octets left or a length past the end, 0xC2 for a known tag
    of a wrong length (v5.0 §4.7.6).
    """
    end = len(data)
    found: list[tuple[int, bytes]] = []
    unpack_from = _HEAD.unpack_from
    while position < end:
        if end - position < _HEAD_OCTETS:
            raise ProtocolError(Status.ESME_RINVTLVSTREAM, "octets left after the last TLV")
        tag, length = unpack_from(data, position)
        start = position + _HEAD_OCTETS
        position = start + length
        if position > end:
            raise ProtocolError(Status.ESME_RINVTLVSTREAM, f"TLV 0x{tag:04X} ends past the PDU")
        allowed = _LENGTHS.get(tag)
        if allowed is not None and not allowed[0] <= length <= allowed[1]:
            raise ProtocolError(Status.ESME_RINVTLVLEN, f"{BY_TAG[tag].name} of {length} octets")
        found.append((tag, data[start:position]))
    return tuple(found)


def build_tlvs(tlvs: Tlvs) -> bytes:
    """The stream of `tlvs`, in their order. Raises ValueError for a value over 65535 octets."""
    out = b""
    pack = _HEAD.pack
    for tag, value in tlvs:
        if len(value) > 0xFFFF:
            raise ValueError(f"TLV 0x{tag:04X} of {len(value)} octets")
        out += pack(tag, len(value)) + value
    return out


def first(tlvs: Tlvs, tag: int) -> bytes | None:
    """The octets of the first TLV with this tag, or None."""
    for found, value in tlvs:
        if found == tag:
            return value
    return None


def required(tlvs: Tlvs, tag: int) -> bytes:
    """The octets of the first TLV with this tag. Raises ProtocolError 0xC3 where it is missing."""
    value = first(tlvs, tag)
    if value is None:
        raise ProtocolError(Status.ESME_RMISSINGTLV, BY_TAG[tag].name)
    return value


def integer(tlvs: Tlvs, tag: int) -> int | None:
    """The first TLV with this tag as an unsigned integer; None where there is none."""
    value = first(tlvs, tag)
    return None if value is None else int.from_bytes(value, "big")


def text_of(tlvs: Tlvs, tag: int) -> str | None:
    """The first TLV with this tag as text (Latin-1) without its closing NUL; None without one."""
    value = first(tlvs, tag)
    return None if value is None else value.split(b"\0", 1)[0].decode("latin-1")


def make(name: str, value: int | str | bytes) -> tuple[int, bytes]:
    """A TLV by its name: an int for INTEGER, str for TEXT (its NUL is added), bytes for any.

    Raises KeyError for a name not in `SPECS`, ValueError for a value that does not fit.
    """
    spec = BY_NAME[name]
    if isinstance(value, int):
        value = value.to_bytes(spec.octets_max, "big")
    elif isinstance(value, str):
        value = value.encode("latin-1") + b"\0"
    if not spec.octets_min <= len(value) <= spec.octets_max:
        raise ValueError(f"{name} of {len(value)} octets")
    return spec.tag, value
