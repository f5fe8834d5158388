"""The PDUs about messages already accepted, and to many at once: query, cancel, replace, multi."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gateway.wire.smpp import commands, layouts
from gateway.wire.smpp.layouts import Field
from gateway.wire.smpp.pdu import Request, Response
from gateway.wire.smpp.tlv import MESSAGE_PAYLOAD, Tlvs, first


@dataclass(frozen=True, slots=True)
class SmeAddress:
    """dest_flag 1 of submit_multi (v3.4 §4.5.1.1)."""

    ton: int
    npi: int
    addr: str


@dataclass(frozen=True, slots=True)
class DistributionList:
    """dest_flag 2 of submit_multi: a list known to the SMSC by name."""

    name: str


@dataclass(frozen=True, slots=True)
class UnsuccessSme:
    """One destination that submit_multi did not reach, and why (v3.4 §4.5.2.1)."""

    ton: int
    npi: int
    addr: str
    status: int


@dataclass(slots=True)
class SubmitMulti(Request):
    command: ClassVar[int] = commands.SUBMIT_MULTI
    layout: ClassVar[tuple[Field, ...]] = layouts.SUBMIT_MULTI
    has_tlvs: ClassVar[bool] = True
    service_type: str = ""
    source_addr_ton: int = 0
    source_addr_npi: int = 0
    source_addr: str = ""
    destinations: tuple[SmeAddress | DistributionList, ...] = ()
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
        """The user data: short_message, or message_payload where that is empty."""
        return self.short_message or first(self.tlvs, MESSAGE_PAYLOAD) or b""


@dataclass(slots=True)
class SubmitMultiResp(Response):
    command: ClassVar[int] = commands.SUBMIT_MULTI_RESP
    layout: ClassVar[tuple[Field, ...]] = layouts.SUBMIT_MULTI_RESP
    has_tlvs: ClassVar[bool] = True
    message_id: str = ""
    unsuccess: tuple[UnsuccessSme, ...] = ()
    tlvs: Tlvs = ()


@dataclass(slots=True)
class QuerySm(Request):
    command: ClassVar[int] = commands.QUERY_SM
    layout: ClassVar[tuple[Field, ...]] = layouts.QUERY_SM
    has_tlvs: ClassVar[bool] = True
    message_id: str = ""
    source_addr_ton: int = 0
    source_addr_npi: int = 0
    source_addr: str = ""
    tlvs: Tlvs = ()


@dataclass(slots=True)
class QuerySmResp(Response):
    """`message_state` per v3.4 §5.2.28 (`receipt.MessageState`)."""

    command: ClassVar[int] = commands.QUERY_SM_RESP
    layout: ClassVar[tuple[Field, ...]] = layouts.QUERY_SM_RESP
    has_tlvs: ClassVar[bool] = True
    message_id: str = ""
    final_date: str = ""
    message_state: int = 0
    error_code: int = 0
    tlvs: Tlvs = ()


@dataclass(slots=True)
class CancelSm(Request):
    command: ClassVar[int] = commands.CANCEL_SM
    layout: ClassVar[tuple[Field, ...]] = layouts.CANCEL_SM
    has_tlvs: ClassVar[bool] = True
    service_type: str = ""
    message_id: str = ""
    source_addr_ton: int = 0
    source_addr_npi: int = 0
    source_addr: str = ""
    dest_addr_ton: int = 0
    dest_addr_npi: int = 0
    destination_addr: str = ""
    tlvs: Tlvs = ()


@dataclass(slots=True)
class CancelSmResp(Response):
    command: ClassVar[int] = commands.CANCEL_SM_RESP


@dataclass(slots=True)
class ReplaceSm(Request):
    command: ClassVar[int] = commands.REPLACE_SM
    layout: ClassVar[tuple[Field, ...]] = layouts.REPLACE_SM
    has_tlvs: ClassVar[bool] = True
    message_id: str = ""
    source_addr_ton: int = 0
    source_addr_npi: int = 0
    source_addr: str = ""
    schedule_delivery_time: str = ""
    validity_period: str = ""
    registered_delivery: int = 0
    sm_default_msg_id: int = 0
    short_message: bytes = b""
    tlvs: Tlvs = ()


@dataclass(slots=True)
class ReplaceSmResp(Response):
    command: ClassVar[int] = commands.REPLACE_SM_RESP
