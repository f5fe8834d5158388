"""The PDUs of SMPP v3.4 §4 as plain slotted values, named as the standard names them.

They are not frozen: a frozen one costs three times as much to make, and one is made per message.
Nobody changes one after `request`/`respond` took it. `codec.parse` and `codec.build` are the wire.
Texts are `str`, one character per octet (Latin-1); messages are `bytes`; `tlvs` is an ordered
tuple of `(tag, value)`, unknown tags included (`tlv.py` reads and makes them).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gateway.wire.smpp import commands, layouts
from gateway.wire.smpp.layouts import Field
from gateway.wire.smpp.tlv import MESSAGE_PAYLOAD, Tlvs, first


@dataclass(slots=True)
class Pdu:
    """Any PDU. `sequence` 0 in a request means: the session gives it one when it is sent."""

    command: ClassVar[int]
    layout: ClassVar[tuple[Field, ...]] = ()
    has_tlvs: ClassVar[bool] = False
    sequence: int = 0


@dataclass(slots=True)
class Request(Pdu):
    """A PDU that asks; `command | 0x80000000` answers it (but for outbind, alert_notification)."""


@dataclass(slots=True)
class Response(Pdu):
    """A PDU that answers; a body is optional on the wire whatever the status."""

    status: int = 0


@dataclass(slots=True)
class GenericNack(Response):
    command: ClassVar[int] = commands.GENERIC_NACK


# --- binding ---------------------------------------------------------------------------------


@dataclass(slots=True)
class Bind(Request):
    """bind_receiver, bind_transmitter, bind_transceiver (v3.4 §4.1)."""

    layout: ClassVar[tuple[Field, ...]] = layouts.BIND
    has_tlvs: ClassVar[bool] = True
    system_id: str = ""
    password: str = ""
    system_type: str = ""
    interface_version: int = 0x34
    addr_ton: int = 0
    addr_npi: int = 0
    address_range: str = ""
    tlvs: Tlvs = ()

    def __repr__(self) -> str:
        """Without the password: a bind is logged."""
        return f"{type(self).__name__}(sequence={self.sequence}, system_id={self.system_id!r})"


@dataclass(slots=True, repr=False)
class BindReceiver(Bind):
    command: ClassVar[int] = commands.BIND_RECEIVER


@dataclass(slots=True, repr=False)
class BindTransmitter(Bind):
    command: ClassVar[int] = commands.BIND_TRANSMITTER


@dataclass(slots=True, repr=False)
class BindTransceiver(Bind):
    command: ClassVar[int] = commands.BIND_TRANSCEIVER


@dataclass(slots=True)
class BindResp(Response):
    layout: ClassVar[tuple[Field, ...]] = layouts.BIND_RESP
    has_tlvs: ClassVar[bool] = True
    system_id: str = ""
    tlvs: Tlvs = ()


@dataclass(slots=True)
class BindReceiverResp(BindResp):
    command: ClassVar[int] = commands.BIND_RECEIVER_RESP


@dataclass(slots=True)
class BindTransmitterResp(BindResp):
    command: ClassVar[int] = commands.BIND_TRANSMITTER_RESP


@dataclass(slots=True)
class BindTransceiverResp(BindResp):
    command: ClassVar[int] = commands.BIND_TRANSCEIVER_RESP


@dataclass(slots=True)
class Outbind(Request):
    command: ClassVar[int] = commands.OUTBIND
    layout: ClassVar[tuple[Field, ...]] = layouts.OUTBIND
    has_tlvs: ClassVar[bool] = True
    system_id: str = ""
    password: str = ""
    tlvs: Tlvs = ()

    def __repr__(self) -> str:
        """Without the password."""
        return f"Outbind(sequence={self.sequence}, system_id={self.system_id!r})"


@dataclass(slots=True)
class Unbind(Request):
    command: ClassVar[int] = commands.UNBIND


@dataclass(slots=True)
class UnbindResp(Response):
    command: ClassVar[int] = commands.UNBIND_RESP


@dataclass(slots=True)
class EnquireLink(Request):
    command: ClassVar[int] = commands.ENQUIRE_LINK


@dataclass(slots=True)
class EnquireLinkResp(Response):
    command: ClassVar[int] = commands.ENQUIRE_LINK_RESP


# --- messages --------------------------------------------------------------------------------


@dataclass(slots=True)
class ShortMessage(Request):
    """What submit_sm and deliver_sm have in common: everything (v3.4 §4.4.1, §4.6.1)."""

    layout: ClassVar[tuple[Field, ...]] = layouts.SHORT_MESSAGE
    has_tlvs: ClassVar[bool] = True
    service_type: str = ""
    source_addr_ton: int = 0
    source_addr_npi: int = 0
    source_addr: str = ""
    dest_addr_ton: int = 0
    dest_addr_npi: int = 0
    destination_addr: str = ""
    esm_class: int = 0
    protocol_id: int = 0
    priority_flag: int = 0
    schedule_delivery_time: str = ""
    validity_period: str = ""
    registered_delivery: int = 0
    replace_if_present_flag: int = 0
    data_coding: int = 0
    sm_default_msg_id: int = 0
    short_message: bytes = b""
    tlvs: Tlvs = ()

    @property
    def message(self) -> bytes:
        """The user data: short_message, or message_payload where that is empty (§5.3.2.32)."""
        return self.short_message or first(self.tlvs, MESSAGE_PAYLOAD) or b""


@dataclass(slots=True)
class SubmitSm(ShortMessage):
    command: ClassVar[int] = commands.SUBMIT_SM


@dataclass(slots=True)
class DeliverSm(ShortMessage):
    command: ClassVar[int] = commands.DELIVER_SM


@dataclass(slots=True)
class DataSm(Request):
    """data_sm (v3.4 §4.7.1), either direction; the text is in message_payload."""

    command: ClassVar[int] = commands.DATA_SM
    layout: ClassVar[tuple[Field, ...]] = layouts.DATA_SM
    has_tlvs: ClassVar[bool] = True
    service_type: str = ""
    source_addr_ton: int = 0
    source_addr_npi: int = 0
    source_addr: str = ""
    dest_addr_ton: int = 0
    dest_addr_npi: int = 0
    destination_addr: str = ""
    esm_class: int = 0
    registered_delivery: int = 0
    data_coding: int = 0
    tlvs: Tlvs = ()

    @property
    def message(self) -> bytes:
        """The user data, from message_payload."""
        return first(self.tlvs, MESSAGE_PAYLOAD) or b""


@dataclass(slots=True)
class MessageResp(Response):
    """submit_sm_resp, deliver_sm_resp, data_sm_resp: a message_id (unused in deliver_sm_resp)."""

    layout: ClassVar[tuple[Field, ...]] = layouts.MESSAGE_RESP
    has_tlvs: ClassVar[bool] = True
    message_id: str = ""
    tlvs: Tlvs = ()


@dataclass(slots=True)
class SubmitSmResp(MessageResp):
    command: ClassVar[int] = commands.SUBMIT_SM_RESP


@dataclass(slots=True)
class DeliverSmResp(MessageResp):
    command: ClassVar[int] = commands.DELIVER_SM_RESP


@dataclass(slots=True)
class DataSmResp(MessageResp):
    command: ClassVar[int] = commands.DATA_SM_RESP


@dataclass(slots=True)
class AlertNotification(Request):
    """alert_notification (v3.4 §4.12): SMSC to ESME, never answered."""

    command: ClassVar[int] = commands.ALERT_NOTIFICATION
    layout: ClassVar[tuple[Field, ...]] = layouts.ALERT_NOTIFICATION
    has_tlvs: ClassVar[bool] = True
    source_addr_ton: int = 0
    source_addr_npi: int = 0
    source_addr: str = ""
    esme_addr_ton: int = 0
    esme_addr_npi: int = 0
    esme_addr: str = ""
    tlvs: Tlvs = ()
