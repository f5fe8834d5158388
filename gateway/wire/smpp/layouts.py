"""How a field lies on the wire and which status names its fault: rows, read by `codec.py`.

Texts are `str` with one character per octet (Latin-1), so that any octet survives a round trip.
`octets_max` counts the closing NUL, as the tables of SMPP v3.4 §4 do.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from gateway.wire.smpp.status import Status


class Kind(Enum):
    """What stands on the wire in a field's place."""

    TEXT = "C-octet string"
    TIME = "C-octet string of 1 or 17 octets, v3.4 §7.1.1"
    BYTE = "1 octet"
    MESSAGE = "sm_length and short_message"
    DESTINATIONS = "number_of_dests and dest_address(es)"
    UNSUCCESS = "no_unsuccess and unsuccess_sme(s)"


@dataclass(frozen=True, slots=True)
class Field:
    """One mandatory parameter: attribute name, kind, octets on the wire, status of a fault."""

    name: str
    kind: Kind
    octets_max: int = 1
    status: int = Status.ESME_RINVCMDLEN


def text(name: str, octets_max: int, status: Status) -> Field:
    return Field(name, Kind.TEXT, octets_max, status)


def byte(name: str) -> Field:
    return Field(name, Kind.BYTE)


def address(prefix: str, name: str, status: Status, octets_max: int = 21) -> tuple[Field, ...]:
    """TON, NPI and address, always in this order."""
    return (byte(f"{prefix}_ton"), byte(f"{prefix}_npi"), text(name, octets_max, status))


SERVICE_TYPE: Final = text("service_type", 6, Status.ESME_RINVSERTYP)
SOURCE: Final = address("source_addr", "source_addr", Status.ESME_RINVSRCADR)
DESTINATION: Final = address("dest_addr", "destination_addr", Status.ESME_RINVDSTADR)
MESSAGE_ID: Final = text("message_id", 65, Status.ESME_RINVMSGID)
SYSTEM_ID: Final = text("system_id", 16, Status.ESME_RINVSYSID)
PASSWORD: Final = text("password", 9, Status.ESME_RINVPASWD)
SCHEDULE: Final = Field("schedule_delivery_time", Kind.TIME, 17, Status.ESME_RINVSCHED)
VALIDITY: Final = Field("validity_period", Kind.TIME, 17, Status.ESME_RINVEXPIRY)
MESSAGE: Final = Field("short_message", Kind.MESSAGE, 255, Status.ESME_RINVMSGLEN)

_HANDLING: Final = (
    byte("esm_class"),
    byte("protocol_id"),
    byte("priority_flag"),
    SCHEDULE,
    VALIDITY,
    byte("registered_delivery"),
    byte("replace_if_present_flag"),
    byte("data_coding"),
    byte("sm_default_msg_id"),
    MESSAGE,
)

BIND: Final = (
    SYSTEM_ID,
    PASSWORD,
    text("system_type", 13, Status.ESME_RINVSYSTYP),
    byte("interface_version"),
    byte("addr_ton"),
    byte("addr_npi"),
    text("address_range", 41, Status.ESME_RBINDFAIL),
)
OUTBIND: Final = (SYSTEM_ID, PASSWORD)
SHORT_MESSAGE: Final = (SERVICE_TYPE, *SOURCE, *DESTINATION, *_HANDLING)
SUBMIT_MULTI: Final = (
    SERVICE_TYPE,
    *SOURCE,
    Field("destinations", Kind.DESTINATIONS, 254, Status.ESME_RINVNUMDESTS),
    *_HANDLING,
)
DATA_SM: Final = (
    SERVICE_TYPE,
    *address("source_addr", "source_addr", Status.ESME_RINVSRCADR, 65),
    *address("dest_addr", "destination_addr", Status.ESME_RINVDSTADR, 65),
    byte("esm_class"),
    byte("registered_delivery"),
    byte("data_coding"),
)
QUERY_SM: Final = (MESSAGE_ID, *SOURCE)
CANCEL_SM: Final = (SERVICE_TYPE, MESSAGE_ID, *SOURCE, *DESTINATION)
REPLACE_SM: Final = (
    MESSAGE_ID,
    *SOURCE,
    SCHEDULE,
    VALIDITY,
    byte("registered_delivery"),
    byte("sm_default_msg_id"),
    MESSAGE,
)
ALERT_NOTIFICATION: Final = (
    *address("source_addr", "source_addr", Status.ESME_RINVSRCADR, 65),
    *address("esme_addr", "esme_addr", Status.ESME_RINVDSTADR, 65),
)
BIND_RESP: Final = (SYSTEM_ID,)
MESSAGE_RESP: Final = (MESSAGE_ID,)
SUBMIT_MULTI_RESP: Final = (
    MESSAGE_ID,
    Field("unsuccess", Kind.UNSUCCESS, 255, Status.ESME_RINVNUMDESTS),
)
QUERY_SM_RESP: Final = (
    MESSAGE_ID,
    Field("final_date", Kind.TIME, 17, Status.ESME_RQUERYFAIL),
    byte("message_state"),
    byte("error_code"),
)
