"""command_id values (SMPP v3.4 §5.1.2.1). Plain ints: they are compared on every PDU."""

from __future__ import annotations

from typing import Final

RESPONSE_BIT: Final = 0x80000000

BIND_RECEIVER: Final = 0x00000001
BIND_TRANSMITTER: Final = 0x00000002
QUERY_SM: Final = 0x00000003
SUBMIT_SM: Final = 0x00000004
DELIVER_SM: Final = 0x00000005
UNBIND: Final = 0x00000006
REPLACE_SM: Final = 0x00000007
CANCEL_SM: Final = 0x00000008
BIND_TRANSCEIVER: Final = 0x00000009
OUTBIND: Final = 0x0000000B
ENQUIRE_LINK: Final = 0x00000015
SUBMIT_MULTI: Final = 0x00000021
ALERT_NOTIFICATION: Final = 0x00000102
DATA_SM: Final = 0x00000103

GENERIC_NACK: Final = 0x80000000
BIND_RECEIVER_RESP: Final = 0x80000001
BIND_TRANSMITTER_RESP: Final = 0x80000002
QUERY_SM_RESP: Final = 0x80000003
SUBMIT_SM_RESP: Final = 0x80000004
DELIVER_SM_RESP: Final = 0x80000005
UNBIND_RESP: Final = 0x80000006
REPLACE_SM_RESP: Final = 0x80000007
CANCEL_SM_RESP: Final = 0x80000008
BIND_TRANSCEIVER_RESP: Final = 0x80000009
ENQUIRE_LINK_RESP: Final = 0x80000015
SUBMIT_MULTI_RESP: Final = 0x80000021
DATA_SM_RESP: Final = 0x80000103

BINDS: Final = frozenset((BIND_RECEIVER, BIND_TRANSMITTER, BIND_TRANSCEIVER))

NAMES: Final[dict[int, str]] = {
    value: name.lower()
    for name, value in dict(globals()).items()
    if isinstance(value, int) and name != "RESPONSE_BIT"
}


def name_of(command: int) -> str:
    """`submit_sm` for 4; `0x00010200` for a number SMPP v3.4 does not define."""
    return NAMES.get(command) or f"0x{command:08X}"
