"""Octets <-> PDUs: golden PDUs of real gateways, the inverse property, the two paths as one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.wire.smpp import codec, commands, fast
from gateway.wire.smpp.errors import ProtocolError
from gateway.wire.smpp.framing import HEADER, HEADER_OCTETS
from gateway.wire.smpp.layouts import Field, Kind
from gateway.wire.smpp.operations import SmeAddress, SubmitMulti
from gateway.wire.smpp.pdu import (
    BindTransceiver,
    BindTransceiverResp,
    DeliverSm,
    Outbind,
    Pdu,
    Response,
    SubmitSm,
    SubmitSmResp,
)
from gateway.wire.smpp.status import Status
from tests.wire.smpp import pdus

GOLDEN = {
    "deliver_sm of a USSD gateway, P2, dcs 0x0F": DeliverSm(
        sequence=2,
        service_type="P2",
        source_addr_ton=1,
        source_addr_npi=1,
        source_addr="66900000000",
        dest_addr_ton=1,
        dest_addr_npi=1,
        destination_addr="66900000001",
        data_coding=0x0F,
        short_message=b"*4006#",
        tlvs=((0x0501, b"\x01"),),
    ),
    "deliver_sm of a USSD gateway, service_type USSD": DeliverSm(
        sequence=0x158,
        service_type="USSD",
        source_addr_ton=1,
        source_addr_npi=1,
        source_addr="992000000000",
        dest_addr_ton=1,
        dest_addr_npi=1,
        destination_addr="992000000001",
        short_message=b"*3322*0#",
        tlvs=((0x0501, b"\x01"),),
    ),
    "deliver_sm with unexpected TLVs": DeliverSm(
        sequence=0xFA,
        service_type="WAP",
        source_addr_ton=1,
        source_addr_npi=1,
        source_addr="26800000000",
        dest_addr_npi=1,
        destination_addr="3838",
        short_message=b"Test",
        tlvs=((0x0204, b"\x00\xc5"), (0x0210, b"\x34")),
    ),
    "submit_sm_resp with congestion_state": SubmitSmResp(
        sequence=1,
        message_id="34f0ac1b-a11d-417b-870b-feb045cfdc33",
        tlvs=((0x0428, b"\x00"),),
    ),
    "bind_transceiver_resp refused": BindTransceiverResp(sequence=1, status=0x53),
}


def parse_fast(frame: bytes) -> Pdu:
    """As a session does."""
    _, command, status, sequence = HEADER.unpack_from(frame)
    return fast.PARSERS[command](frame, status, sequence)


@pytest.mark.parametrize("name", GOLDEN)
def test_golden_both_ways(name: str) -> None:
    frame = pdus.golden(name)
    assert codec.parse(frame) == parse_fast(frame)
    parsed = codec.parse(frame)
    assert parsed == GOLDEN[name]
    assert codec.build(parsed) == frame == fast.build(parsed)


def test_user_message_reference_of_four_octets_is_refused() -> None:
    frame = pdus.golden("submit_sm with user_message_reference of 4 octets")
    with pytest.raises(ProtocolError) as refused:
        parse_fast(frame)
    assert refused.value.status == Status.ESME_RINVTLVLEN


@given(pdus.ANY)
def test_parse_is_the_inverse_of_build(pdu: Pdu) -> None:
    frame = codec.build(pdu)
    assert HEADER.unpack_from(frame)[0] == len(frame)
    assert codec.parse(frame) == pdu
    assert parse_fast(frame) == pdu
    assert fast.build(pdu) == frame


@given(pdus.ANY, st.data())
def test_a_damaged_pdu_has_a_status_and_both_paths_agree(pdu: Pdu, data: st.DataObject) -> None:
    body = bytearray(codec.build(pdu)[HEADER_OCTETS:])
    cut = data.draw(st.integers(0, len(body)))
    del body[cut:]
    for _ in range(data.draw(st.integers(0, 3)) if body else 0):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(pdus.BYTES)
    body += data.draw(st.binary(max_size=6))
    frame = HEADER.pack(HEADER_OCTETS + len(body), pdu.command, 0, 7) + bytes(body)

    def outcome(parser: Callable[[bytes], Pdu]) -> Pdu | int:
        try:
            return parser(frame)
        except ProtocolError as fault:
            return fault.status

    result = outcome(codec.parse)
    assert result == outcome(parse_fast)
    assert result != 0


@given(st.binary(max_size=200), st.sampled_from(sorted(codec.CLASSES)))
def test_what_parses_builds_back_to_its_octets(body: bytes, command: int) -> None:
    frame = HEADER.pack(HEADER_OCTETS + len(body), command, 0, 1) + body
    try:
        pdu = codec.parse(frame)
    except ProtocolError:
        return
    optional_body = isinstance(pdu, Response) and (not body or not pdu.layout)
    assert optional_body or codec.build(pdu) == frame


@pytest.mark.parametrize("build", [codec.build, fast.build])
@pytest.mark.parametrize(
    "pdu",
    [
        SubmitSm(service_type="TOOLONG"),
        SubmitSm(source_addr="1" * 21),
        SubmitSm(destination_addr="1\x002"),
        SubmitSm(destination_addr="Я"),
        SubmitSm(data_coding=256),
        SubmitSm(esm_class=-1),
        SubmitSm(short_message=b"x" * 256),
        SubmitSm(validity_period="tomorrow"),
        SubmitSm(tlvs=((0x0424, b"x" * 65536),)),
        SubmitSm(sequence=1 << 32),
        BindTransceiver(password="nine octets"),
        SubmitMulti(destinations=()),
    ],
    ids=repr,
)
def test_what_does_not_fit_is_a_value_error(build: Callable[[Pdu], bytes], pdu: Pdu) -> None:
    with pytest.raises(ValueError, match=r"."):
        build(pdu)


TEXTS = [
    (cls, field)
    for cls in codec.CLASSES.values()
    for field in cls.layout
    if field.kind in (Kind.TEXT, Kind.TIME)
]


@pytest.mark.parametrize(
    ("cls", "field"), TEXTS, ids=[f"{cls.__name__}.{field.name}" for cls, field in TEXTS]
)
def test_each_text_to_its_limit_and_one_over(cls: type[Pdu], field: Field) -> None:
    lists = {"destinations": (SmeAddress(0, 1, "105"),)} if cls is SubmitMulti else {}
    full = "1" * (field.octets_max - 1) if field.kind is Kind.TEXT else "000002000000000R"
    mark = "0123456789" * 6 + "01234"
    pdu = cls(sequence=1, **lists, **{field.name: full})
    octets = codec.build(pdu)
    assert parse_fast(octets) == codec.parse(octets) == pdu
    head, _, tail = octets[HEADER_OCTETS:].partition(full.encode() + b"\0")
    for parser in (parse_fast, codec.parse):
        for longer in (full + "1", mark + mark[:50]):
            body = head + longer.encode() + b"\0" + tail
            frame = HEADER.pack(HEADER_OCTETS + len(body), cls.command, 0, 1) + body
            with pytest.raises(ProtocolError) as fault:
                parser(frame)
            assert fault.value.status == field.status


def test_a_password_is_not_shown() -> None:
    assert "secret" not in repr(BindTransceiver(system_id="a", password="secret"))
    assert "secret" not in repr(Outbind(system_id="a", password="secret"))


def test_names() -> None:
    assert commands.name_of(4) == "submit_sm"
    assert commands.name_of(0x80000000) == "generic_nack"
    assert commands.name_of(0x10200) == "0x00010200"
