"""What makes a request faulty as a whole although each of its fields can be read.

- A message in short_message and in message_payload at once is refused (v3.4 §5.3.2.32 wants one):
  of the two nobody can say which to charge for. From an SMSC, which has accepted it already, it is
  taken and short_message counts.
- An empty destination is refused, but for USSD, where the dialled string names the service.
- data_sm needs message_payload, but for a USSD operation, which may be a bare release.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gateway.wire.smpp import commands
from gateway.wire.smpp.errors import ProtocolError
from gateway.wire.smpp.operations import SubmitMulti
from gateway.wire.smpp.pdu import DataSm, SubmitSm
from gateway.wire.smpp.states import Role
from gateway.wire.smpp.status import Status
from gateway.wire.smpp.tlv import (
    ITS_SESSION_INFO,
    MESSAGE_PAYLOAD,
    USSD_SERVICE_OP,
    first,
    required,
)

_DIALLED: Final = (b"*", b"#", b"\0*", b"\0#")
"""How a USSD string begins, one or two octets a character."""


def _check_one_message(pdu: SubmitSm | SubmitMulti) -> None:
    if pdu.short_message and pdu.tlvs and first(pdu.tlvs, MESSAGE_PAYLOAD):
        raise ProtocolError(Status.ESME_RINVMSGLEN, "short_message and message_payload")


def _is_ussd(pdu: SubmitSm | DataSm) -> bool:
    return (
        pdu.service_type == "USSD"
        or first(pdu.tlvs, USSD_SERVICE_OP) is not None
        or first(pdu.tlvs, ITS_SESSION_INFO) is not None
        or pdu.message.startswith(_DIALLED)
    )


def _check_submit(pdu: SubmitSm) -> None:
    _check_one_message(pdu)
    if not pdu.destination_addr and not _is_ussd(pdu):
        raise ProtocolError(Status.ESME_RINVDSTADR, "no destination_addr")


def _check_data(pdu: DataSm) -> None:
    if _is_ussd(pdu):
        return
    required(pdu.tlvs, MESSAGE_PAYLOAD)
    if not pdu.destination_addr:
        raise ProtocolError(Status.ESME_RINVDSTADR, "no destination_addr")


# What each role asks of its peer's requests; each raises ProtocolError.
CHECKS: Final[dict[Role, dict[int, Callable[..., None]]]] = {
    Role.SMSC: {
        commands.SUBMIT_SM: _check_submit,
        commands.SUBMIT_MULTI: _check_one_message,
        commands.DATA_SM: _check_data,
    },
    Role.ESME: {commands.DATA_SM: _check_data},
}
