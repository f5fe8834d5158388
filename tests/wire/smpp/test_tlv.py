"""TLVs: stepped by the length on the wire, known lengths checked, unknown tags kept in order."""

from __future__ import annotations

import pytest
from hypothesis import given

from gateway.wire.smpp import tlv
from gateway.wire.smpp.errors import ProtocolError
from gateway.wire.smpp.status import Status
from tests.wire.smpp import pdus


@given(pdus.TLVS)
def test_parse_is_the_inverse_of_build(tlvs: tlv.Tlvs) -> None:
    assert tlv.parse_tlvs(tlv.build_tlvs(tlvs), 0) == tlvs


@pytest.mark.parametrize(
    ("octets", "status"),
    [
        ("05", Status.ESME_RINVTLVSTREAM),
        ("0501", Status.ESME_RINVTLVSTREAM),
        ("050100", Status.ESME_RINVTLVSTREAM),
        ("05010002aa", Status.ESME_RINVTLVSTREAM),
        ("0501ffff01", Status.ESME_RINVTLVSTREAM),
        ("050100020101", Status.ESME_RINVTLVLEN),
        ("05010000", Status.ESME_RINVTLVLEN),
        ("138300010a", Status.ESME_RINVTLVLEN),
        ("0204000431303000", Status.ESME_RINVTLVLEN),
    ],
)
def test_faults(octets: str, status: Status) -> None:
    with pytest.raises(ProtocolError) as fault:
        tlv.parse_tlvs(bytes.fromhex(octets), 0)
    assert fault.value.status == status


@pytest.mark.parametrize(
    "octets",
    ["14000003616263", "14000000", "130c0000", "130c000101", "1204000101", "1204000400000001"],
    ids=["unknown", "unknown, empty", "alert 0", "alert 1", "validity 1", "validity 4"],
)
def test_unknown_tags_and_lengths_that_versions_differ_in(octets: str) -> None:
    tlvs = tlv.parse_tlvs(bytes.fromhex(octets), 0)
    assert tlv.build_tlvs(tlvs).hex() == octets


def test_accessors() -> None:
    tlvs = (
        tlv.make("callback_num", b"\x01\x00\x00+7922"),
        tlv.make("ussd_service_op", 18),
        tlv.make("receipted_message_id", "abc"),
        tlv.make("callback_num", b"\x01\x00\x00+7923"),
    )
    assert tlv.integer(tlvs, tlv.USSD_SERVICE_OP) == 18
    assert tlv.text_of(tlvs, tlv.RECEIPTED_MESSAGE_ID) == "abc"
    assert tlv.first(tlvs, 0x0381) == b"\x01\x00\x00+7922"
    assert tlv.integer(tlvs, tlv.ITS_SESSION_INFO) is None
    assert tlv.text_of(tlvs, 0x001D) is None
    assert tlv.required(tlvs, tlv.USSD_SERVICE_OP) == b"\x12"
    with pytest.raises(ProtocolError) as missing:
        tlv.required(tlvs, tlv.MESSAGE_PAYLOAD)
    assert missing.value.status == Status.ESME_RMISSINGTLV


@pytest.mark.parametrize(("name", "value"), [("its_session_info", b"1"), ("ussd_service_op", b"")])
def test_make_refuses_what_a_reader_would(name: str, value: bytes) -> None:
    with pytest.raises(ValueError, match=name):
        tlv.make(name, value)


def test_tags_are_named_once() -> None:
    assert len(tlv.BY_TAG) == len(tlv.BY_NAME) == len(tlv.SPECS)
