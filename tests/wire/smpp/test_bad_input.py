"""Input -> expected answer: what a peer does wrong, and the status it gets for it.

Each row: what is sent, in which state, and the one answer (command, status, sequence_number).
Where the standard leaves a choice the row says which was made ("policy").
"""

from __future__ import annotations

import pytest

from gateway.wire.smpp import codec, commands
from gateway.wire.smpp.events import BindRequested, Closed, PduRefused
from gateway.wire.smpp.operations import (
    QuerySm,
)
from gateway.wire.smpp.pdu import (
    AlertNotification,
    BindReceiver,
    BindTransceiver,
    BindTransceiverResp,
    DataSm,
    EnquireLink,
    SubmitSm,
    SubmitSmResp,
    Unbind,
)
from gateway.wire.smpp.session import Session
from gateway.wire.smpp.states import State
from gateway.wire.smpp.status import Status as S
from tests.wire.smpp.links import answers, bound_server, deliver, only, raw, sent, submit

SUBMIT, DELIVER, DATA = commands.SUBMIT_SM, commands.DELIVER_SM, commands.DATA_SM
HEAD = b"\0\x01\x01111\0\x00\x01105\0"
"""service_type, source, destination of a submit_sm."""
TAIL = b"\0\0\0\0\0\0\0\0\0"
"""esm_class ... sm_default_msg_id, without sm_length."""


def whole(text: bytes = b"\x011", tlvs: bytes = b"") -> bytes:
    """A submit_sm of a body given from sm_length on."""
    return raw(SUBMIT, HEAD + TAIL + text + tlvs)


REFUSED = [
    # what                                   state   octets                          answer
    ("unknown command_id", "TRX", raw(0x00010200), "generic_nack", S.ESME_RINVCMDID),
    ("unknown command_id, before bind", "OPEN", raw(0x0A), "generic_nack", S.ESME_RINVCMDID),
    (
        "broadcast_sm of v5.0",
        "TRX",
        raw(0x111, b"\0" * 9),
        "generic_nack",
        S.ESME_RINVCMDID,
    ),
    (
        "enquire_link with 3 body octets",
        "TRX",
        raw(commands.ENQUIRE_LINK, b"abc"),
        "enquire_link_resp",
        S.ESME_RINVCMDLEN,
    ),
    (
        "unbind with a body",
        "TRX",
        raw(commands.UNBIND, b"abc"),
        "unbind_resp",
        S.ESME_RINVCMDLEN,
    ),
    (
        "submit_sm before bind",
        "OPEN",
        codec.build(submit()),
        "submit_sm_resp",
        S.ESME_RINVBNDSTS,
    ),
    ("submit_sm on RX", "RX", codec.build(submit()), "submit_sm_resp", S.ESME_RINVBNDSTS),
    (
        "query_sm on RX",
        "RX",
        codec.build(QuerySm(7, "1")),
        "query_sm_resp",
        S.ESME_RINVBNDSTS,
    ),
    (
        "data_sm on RX",
        "RX",
        codec.build(DataSm(7, destination_addr="105", tlvs=((0x0424, b"1"),))),
        "data_sm_resp",
        S.ESME_RINVBNDSTS,
    ),
    (
        "second bind",
        "TRX",
        codec.build(BindTransceiver(7, "a", "b")),
        "bind_transceiver_resp",
        S.ESME_RALYBND,
    ),
    (
        "second bind of another kind",
        "TX",
        codec.build(BindReceiver(7, "a", "b")),
        "bind_receiver_resp",
        S.ESME_RALYBND,
    ),
    (
        "system_id of 40 octets",
        "OPEN",
        raw(commands.BIND_TRANSCEIVER, b"s" * 40 + b"\0pw\0\0\x34\0\0\0"),
        "bind_transceiver_resp",
        S.ESME_RINVSYSID,
    ),
    (
        "password of 9 characters",
        "OPEN",
        raw(commands.BIND_TRANSCEIVER, b"id\0" + b"p" * 9 + b"\0\0\x34\0\0\0"),
        "bind_transceiver_resp",
        S.ESME_RINVPASWD,
    ),
    (
        "system_type of 20",
        "OPEN",
        raw(commands.BIND_TRANSMITTER, b"id\0pw\0" + b"t" * 20 + b"\0\x34\0\0\0"),
        "bind_transmitter_resp",
        S.ESME_RINVSYSTYP,
    ),
    (
        "bind cut short",
        "OPEN",
        raw(commands.BIND_TRANSCEIVER, b"harness\0pass"),
        "bind_transceiver_resp",
        S.ESME_RINVCMDLEN,
    ),
    (
        "unbind before bind",
        "OPEN",
        raw(commands.UNBIND),
        "unbind_resp",
        S.ESME_RINVBNDSTS,
    ),
    (
        "deliver_sm sent by an ESME",
        "TRX",
        codec.build(deliver(7)),
        "deliver_sm_resp",
        S.ESME_RINVBNDSTS,
    ),
    (
        "alert_notification by an ESME",
        "TRX",
        codec.build(AlertNotification(7)),
        "generic_nack",
        S.ESME_RINVCMDID,
    ),
    ("submit_sm, empty body", "TRX", raw(SUBMIT), "submit_sm_resp", S.ESME_RINVCMDLEN),
    (
        "submit_sm cut after the destination",
        "TRX",
        raw(SUBMIT, HEAD),
        "submit_sm_resp",
        S.ESME_RINVCMDLEN,
    ),
    (
        "no NUL anywhere",
        "TRX",
        raw(SUBMIT, b"x" * 60),
        "submit_sm_resp",
        S.ESME_RINVSERTYP,
    ),
    ("no NUL in 6 octets", "TRX", raw(SUBMIT, b"x" * 6), "submit_sm_resp", S.ESME_RINVSERTYP),
    ("no NUL, short", "TRX", raw(SUBMIT, b"xxx"), "submit_sm_resp", S.ESME_RINVCMDLEN),
    ("sm_length 200, 5 there", "TRX", whole(b"\xc8hello"), "submit_sm_resp", S.ESME_RINVMSGLEN),
    (
        "service_type of 40",
        "TRX",
        raw(SUBMIT, b"s" * 40 + HEAD + TAIL + b"\0"),
        "submit_sm_resp",
        S.ESME_RINVSERTYP,
    ),
    (
        "source_addr of 30 digits",
        "TRX",
        raw(SUBMIT, b"\0\0\0" + b"1" * 30 + b"\0\0\x01105\0" + TAIL + b"\0"),
        "submit_sm_resp",
        S.ESME_RINVSRCADR,
    ),
    (
        "destination_addr of 30 digits",
        "TRX",
        raw(SUBMIT, b"\0\0\x00111\0\0\0" + b"1" * 30 + b"\0" + TAIL + b"\0"),
        "submit_sm_resp",
        S.ESME_RINVDSTADR,
    ),
    (
        "destination_addr empty, no USSD",
        "TRX",
        codec.build(submit(destination_addr="")),
        "submit_sm_resp",
        S.ESME_RINVDSTADR,
    ),
    (
        "schedule of 5 characters",
        "TRX",
        raw(SUBMIT, HEAD + b"\0\0\x0012345\0" + b"\0\0\0\0\0\0"),
        "submit_sm_resp",
        S.ESME_RINVSCHED,
    ),
    (
        "validity in month 13",
        "TRX",
        raw(SUBMIT, HEAD + b"\0\0\0\x00261301000000000+\0" + b"\0\0\0\0\0"),
        "submit_sm_resp",
        S.ESME_RINVEXPIRY,
    ),
    (
        "validity of 40 characters",
        "TRX",
        raw(SUBMIT, HEAD + b"\0\0\0\0" + b"1" * 40 + b"\0\0\0\0\0\0"),
        "submit_sm_resp",
        S.ESME_RINVEXPIRY,
    ),
    (
        "TLV length past the end",
        "TRX",
        whole(tlvs=b"\x05\x01\x00\x09\x01"),
        "submit_sm_resp",
        S.ESME_RINVTLVSTREAM,
    ),
    (
        "2 trailing octets",
        "TRX",
        whole(tlvs=b"\x05\x01"),
        "submit_sm_resp",
        S.ESME_RINVTLVSTREAM,
    ),
    (
        "ussd_service_op of 2 octets",
        "TRX",
        whole(tlvs=b"\x05\x01\x00\x02\x00\x01"),
        "submit_sm_resp",
        S.ESME_RINVTLVLEN,
    ),
    (
        "policy: short_message and message_payload",
        "TRX",
        whole(tlvs=b"\x04\x24\x00\x01x"),
        "submit_sm_resp",
        S.ESME_RINVMSGLEN,
    ),
    (
        "data_sm without message_payload",
        "TRX",
        codec.build(DataSm(7, "", 1, 1, "111", 0, 1, "105")),
        "data_sm_resp",
        S.ESME_RMISSINGTLV,
    ),
    (
        "data_sm to nobody",
        "TRX",
        codec.build(DataSm(7, source_addr="111", tlvs=((0x0424, b"1"),))),
        "data_sm_resp",
        S.ESME_RINVDSTADR,
    ),
    ("data_sm cut", "TRX", raw(DATA, b"\0\x01"), "data_sm_resp", S.ESME_RINVCMDLEN),
    (
        "message_id of 70",
        "TRX",
        raw(commands.QUERY_SM, b"m" * 70 + b"\0\0\0\0"),
        "query_sm_resp",
        S.ESME_RINVMSGID,
    ),
    ("cancel_sm cut", "TRX", raw(commands.CANCEL_SM, b"\0a"), "cancel_sm_resp", S.ESME_RINVCMDLEN),
    (
        "submit_multi to none",
        "TRX",
        raw(commands.SUBMIT_MULTI, b"\0\0\x00111\0\0" + TAIL + b"\0"),
        "submit_multi_resp",
        S.ESME_RINVNUMDESTS,
    ),
    (
        "submit_multi, dest_flag 3",
        "TRX",
        raw(commands.SUBMIT_MULTI, b"\0\0\x00111\0\x01\x03" + TAIL + b"\0"),
        "submit_multi_resp",
        S.ESME_RINVDESTFLAG,
    ),
    (
        "submit_multi, list name of 30",
        "TRX",
        raw(commands.SUBMIT_MULTI, b"\0\0\x00111\0\x01\x02" + b"l" * 30 + b"\0" + TAIL + b"\0"),
        "submit_multi_resp",
        S.ESME_RINVDLNAME,
    ),
]


def _in_state(state: str) -> Session:
    return Session.server(0.0) if state == "OPEN" else bound_server(state)


@pytest.mark.parametrize(
    ("state", "octets", "command", "status"),
    [row[1:] for row in REFUSED],
    ids=[row[0] for row in REFUSED],
)
def test_refused_with_its_own_status_and_the_session_lives(
    state: str, octets: bytes, command: str, status: S
) -> None:
    session = _in_state(state)
    events = session.receive(octets, 1.0)
    assert answers(session) == [(command, status, 7)]
    assert only(events, PduRefused).status == status
    assert len(events) == 1
    session.receive(raw(commands.ENQUIRE_LINK, sequence=8), 1.0)
    assert answers(session) == [("enquire_link_resp", 0, 8)]


@pytest.mark.parametrize(
    "octets",
    [length.to_bytes(4, "big") + raw(SUBMIT)[4:] for length in (0, 8, 15, 70_001, 0xFFFFFFFF)]
    + [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"AMQP\0\0\x09\x01", b"\x16\x03\x01\x02\x00\x01"],
    ids=["0", "8", "15", "over the limit", "0xFFFFFFFF", "HTTP", "AMQP", "TLS"],
)
@pytest.mark.parametrize("state", ["OPEN", "TRX"])
def test_a_stream_that_cannot_be_framed_is_nacked_and_closed(state: str, octets: bytes) -> None:
    session = _in_state(state)
    events = session.receive(octets, 1.0)
    assert answers(session) == [("generic_nack", S.ESME_RINVCMDLEN, 0)]
    assert events[-1] == Closed("unusable_stream", S.ESME_RINVCMDLEN)
    assert session.state is State.CLOSED
    assert session.receive(octets, 1.0) == []
    assert session.data_to_send() == []


def test_what_came_whole_before_the_break_is_answered_first() -> None:
    session = bound_server()
    session.receive(raw(commands.ENQUIRE_LINK) + b"\0\0\0\0", 1.0)
    assert answers(session) == [
        ("enquire_link_resp", 0, 7),
        ("generic_nack", S.ESME_RINVCMDLEN, 0),
    ]


@pytest.mark.parametrize(
    "octets",
    [
        codec.build(SubmitSmResp(99, 0, "1")),
        raw(commands.GENERIC_NACK),
        raw(0x80010200),
        raw(commands.ENQUIRE_LINK_RESP),
        raw(commands.UNBIND_RESP),
        raw(commands.BIND_TRANSCEIVER_RESP),
    ],
    ids=["submit_sm_resp", "generic_nack", "unknown", "enquire_link_resp", "unbind_resp", "bind"],
)
def test_an_unsolicited_response_is_ignored(octets: bytes) -> None:
    session = bound_server()
    assert session.receive(octets, 1.0) == []
    assert answers(session) == []
    assert session.state is State.BOUND_TRX


ACCEPTED: list[tuple[str, SubmitSm]] = [
    ("data_coding 0x0F", submit(data_coding=0x0F)),
    ("data_coding 0x48", submit(data_coding=0x48, short_message=b"\x041")),
    ("policy: UCS-2 of odd length", submit(data_coding=8, short_message=b"\x041\x04")),
    ("message_payload of 64 KiB - 1", submit(short_message=b"", tlvs=((0x0424, b"x" * 65535),))),
    ("unknown TLV", submit(tlvs=((0x1400, b"abc"),))),
    ("receipted_message_id in submit_sm", submit(tlvs=((0x001E, b"17\0"),))),
    ("USSD TLVs", submit(tlvs=((0x0501, b"\x12"), (0x1383, b"\x05\x00")))),
    ("policy: sequence_number 0", submit(sequence=0)),
    ("policy: sequence_number 0xFFFFFFFF", submit(sequence=0xFFFFFFFF)),
    ("no destination, op", submit(destination_addr="", tlvs=((0x0501, b"\x01"),))),
    ("no destination, session", submit(destination_addr="", tlvs=((0x1383, b"\x01\x01"),))),
    ("no destination, service_type", submit(destination_addr="", service_type="USSD")),
    ("no destination, dialled", submit(destination_addr="", short_message=b"*105#")),
    (
        "no destination, dialled in UCS-2",
        submit(destination_addr="", short_message=b"\0*\x001\0#"),
    ),
    ("validity, schedule", submit(validity_period="000001000000000R")),
    ("reserved values", submit(priority_flag=9, registered_delivery=0xFF, data_coding=0xBB)),
    ("sm_length 255", submit(short_message=b"x" * 255)),
]


@pytest.mark.parametrize("pdu", [row[1] for row in ACCEPTED], ids=[row[0] for row in ACCEPTED])
def test_accepted_whole_octet_by_octet_and_ten_in_a_segment(pdu: SubmitSm) -> None:
    octets = codec.build(pdu)
    session = bound_server()
    assert session.receive(octets * 10, 1.0) == [pdu] * 10
    if len(octets) < 1000:
        found = [event for octet in octets for event in session.receive(bytes((octet,)), 1.0)]
        assert found == [pdu]
        session.respond(pdu, 0, "17")
    for _ in range(10):
        session.respond(pdu, 0, "17")
    assert set(answers(session)) == {("submit_sm_resp", 0, pdu.sequence)}
    assert session.unanswered_pdus == 0


def test_enquire_link_before_bind() -> None:
    session = Session.server(0.0)
    session.receive(codec.build(EnquireLink(7)), 1.0)
    assert answers(session) == [("enquire_link_resp", 0, 7)]


def test_bind_and_submit_in_one_segment() -> None:
    session = Session.server(0.0)
    bind = BindTransceiver(1, "harness", "harness1")
    octets = codec.build(bind) + codec.build(submit(2)) + codec.build(EnquireLink(3))
    assert session.receive(octets, 1.0) == [BindRequested(bind)]
    assert answers(session) == [("enquire_link_resp", 0, 3)]
    events = session.accept_bind(1.0, "gateway")
    assert events == [submit(2)]
    session.respond(submit(2), 0, "17")
    assert answers(session) == [("bind_transceiver_resp", 0, 1), ("submit_sm_resp", 0, 2)]


def test_a_wrong_password_and_then_the_right_one() -> None:
    session = Session.server(0.0)
    bind = codec.build(BindTransceiver(1, "harness", "wrong"))
    session.receive(bind + codec.build(submit(2)), 1.0)
    session.refuse_bind(1.0)
    assert answers(session) == [
        ("bind_transceiver_resp", S.ESME_RBINDFAIL, 1),
        ("submit_sm_resp", S.ESME_RINVBNDSTS, 2),
    ]
    session.receive(bind, 2.0)
    session.accept_bind(2.0, "gateway")
    assert answers(session) == [("bind_transceiver_resp", 0, 1)]
    assert session.state is State.BOUND_TRX


@pytest.mark.parametrize(
    ("version", "tlvs"),
    [
        (0x00, ()),
        (0x33, ()),
        (0x34, ((0x0210, b"\x34"),)),
        (0x50, ((0x0210, b"\x50"),)),
        (0xFF, ((0x0210, b"\x50"),)),
    ],
)
def test_sc_interface_version(version: int, tlvs: tuple[tuple[int, bytes], ...]) -> None:
    session = Session.server(0.0)
    session.receive(codec.build(BindTransceiver(1, "a", "b", "", version)), 1.0)
    session.accept_bind(1.0, "gateway")
    assert sent(session) == [BindTransceiverResp(1, 0, "gateway", tlvs)]


def test_unbind_is_answered_and_ends_the_session() -> None:
    session = bound_server()
    events = session.receive(codec.build(Unbind(7)) + codec.build(submit(8)), 1.0)
    assert answers(session) == [
        ("unbind_resp", 0, 7),
        ("submit_sm_resp", S.ESME_RINVBNDSTS, 8),
    ]
    assert Closed("unbound") in events
    assert session.state is State.UNBOUND
