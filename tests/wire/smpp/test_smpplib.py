"""An independent codec, smpplib, on the PDUs it can handle: it reads ours, we read its."""

from __future__ import annotations

from typing import Any

import pytest

smpplib = pytest.importorskip("smpplib.smpp")

from gateway.wire.smpp import codec  # noqa: E402
from gateway.wire.smpp.operations import QuerySm  # noqa: E402
from gateway.wire.smpp.pdu import (  # noqa: E402
    BindReceiver,
    BindTransceiver,
    BindTransceiverResp,
    BindTransmitter,
    DeliverSm,
    EnquireLink,
    Pdu,
    SubmitSm,
    SubmitSmResp,
    Unbind,
)

ADDRESSES: dict[str, Any] = {
    "service_type": "USSD",
    "source_addr_ton": 1,
    "source_addr_npi": 1,
    "source_addr": "79220000001",
    "dest_addr_ton": 0,
    "dest_addr_npi": 1,
    "destination_addr": "105",
    "data_coding": 8,
    "short_message": b"\x041\x04B",
}
BIND: dict[str, Any] = {"system_id": "harness", "password": "harness1", "interface_version": 0x34}
OURS: list[Pdu] = [
    BindTransceiver(1, **BIND),
    BindTransmitter(2, **BIND),
    BindReceiver(3, **BIND),
    BindTransceiverResp(1, 0, "gateway"),
    SubmitSm(4, **ADDRESSES),
    DeliverSm(5, **ADDRESSES),
    SubmitSmResp(4, 0, "17"),
    QuerySm(6, message_id="17", source_addr="105"),
    EnquireLink(7),
    Unbind(8),
]


class Numbers:
    """What a smpplib PDU asks its client for."""

    sequence = 9

    def next_sequence(self) -> int:
        return 9


def _read(octets: bytes) -> Any:
    return smpplib.parse_pdu(octets, client=Numbers(), allow_unknown_opt_params=True)


def _as_ours(value: Any) -> Any:
    return value.rstrip(b"\0").decode("latin-1") if isinstance(value, bytes) else value


@pytest.mark.parametrize("pdu", OURS, ids=lambda pdu: type(pdu).__name__)
def test_it_reads_what_we_build(pdu: Pdu) -> None:
    theirs = _read(codec.build(pdu))
    assert theirs.sequence == pdu.sequence
    for field in pdu.layout:
        value, expected = getattr(theirs, field.name), getattr(pdu, field.name)
        if field.name != "short_message":
            value = _as_ours(value)
        assert (value or 0) == (expected or 0), field.name


@pytest.mark.parametrize(
    ("command", "cls", "fields"),
    [
        ("bind_transceiver", BindTransceiver, {**BIND, "address_range": "", "system_type": ""}),
        ("submit_sm", SubmitSm, ADDRESSES),
        ("deliver_sm", DeliverSm, ADDRESSES),
        ("enquire_link", EnquireLink, {}),
        ("unbind", Unbind, {}),
    ],
)
def test_we_read_what_it_builds(command: str, cls: type[Pdu], fields: dict[str, Any]) -> None:
    theirs = smpplib.make_pdu(command, client=Numbers(), **fields)
    theirs.sequence = 9
    ours = codec.parse(theirs.generate())
    assert type(ours) is cls
    assert ours.sequence == 9
    for name, value in fields.items():
        assert getattr(ours, name) == value, name


def test_it_reads_our_tlvs_where_it_knows_them() -> None:
    pdu = SubmitSm(4, **ADDRESSES, tlvs=((0x0501, b"\x02"), (0x1383, b"\x05\x00")))
    theirs = _read(codec.build(pdu))
    assert (theirs.ussd_service_op, theirs.its_session_info) == (2, 0x0500)
