"""What a peer does wrong, over real sockets: the status the table names, and the session lives.

The tables are those of the session's own tests; here the answers come through the whole gateway.
"""

from __future__ import annotations

import pytest

from gateway.wire.smpp import codec, commands
from gateway.wire.smpp.pdu import BindTransceiver, EnquireLink, GenericNack, SubmitSm, SubmitSmResp
from gateway.wire.smpp.status import Status as S
from tests.wire.smpp.links import raw, submit
from tests.wire.smpp.test_bad_input import ACCEPTED, REFUSED

KINDS = {"TRX": "transceiver", "RX": "receiver", "TX": "transmitter"}


@pytest.fixture(autouse=True)
def without_a_traceback(house):
    """Whatever comes, nothing of ours breaks."""
    yield
    assert not [record for record in house.log if "traceback" in record]


@pytest.mark.parametrize(
    ("state", "octets", "command", "status"),
    [row[1:] for row in REFUSED],
    ids=[row[0] for row in REFUSED],
)
def test_refused_with_its_own_status_and_the_session_lives(connect, state, octets, command, status):
    network = connect(kind=KINDS[state]) if state in KINDS else connect(bound=False)
    assert network.ask_raw(octets) == (command, status, 7)
    assert network.ask(EnquireLink()).status == 0


@pytest.mark.parametrize("pdu", [row[1] for row in ACCEPTED], ids=[row[0] for row in ACCEPTED])
def test_accepted_whole_and_octet_by_octet(connect, pdu):
    network = connect()
    octets = codec.build(pdu)
    assert network.ask_raw(octets) == ("submit_sm_resp", 0, pdu.sequence)
    if len(octets) < 120:
        for octet in octets:
            network.send_raw(bytes((octet,)))
        assert network.ask_raw(b"") == ("submit_sm_resp", 0, pdu.sequence)


@pytest.mark.parametrize(
    "octets",
    [
        b"\0\0\0\0",
        b"\0\0\0\x08",
        b"\xff\xff\xff\xff" + b"\0" * 12,
        b"\0\x02\0\0" + raw(commands.SUBMIT_SM)[4:],
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03" + b"\0" * 20,
    ],
    ids=["length 0", "length 8", "length 0xFFFFFFFF", "length 131072", "HTTP", "TLS"],
)
@pytest.mark.parametrize("bound", [True, False])
def test_a_stream_that_cannot_be_framed_is_nacked_and_closed(connect, octets, bound):
    network = connect(bound=bound)
    assert network.ask_raw(octets) == ("generic_nack", S.ESME_RINVCMDLEN, 0)
    assert network.ends()


def test_what_came_before_the_break_is_done_first(connect, msisdn):
    network = connect()
    network.send_raw(codec.build(submit(5, source_addr=msisdn)) + b"\0\0\0\0")
    assert isinstance(network.expect(), GenericNack)
    assert network.ends()
    again = connect()
    assert again.dial(msisdn).more


def test_ten_in_a_segment_have_ten_answers(connect):
    network = connect()
    network.send_raw(b"".join(codec.build(submit(number)) for number in range(10, 20)))
    answers = [network.expect(lambda pdu: isinstance(pdu, SubmitSmResp)) for _ in range(10)]
    assert sorted(answer.sequence for answer in answers) == list(range(10, 20))


def test_bind_dial_and_unbind_in_one_segment(connect, msisdn):
    network = connect(bound=False)
    bind = BindTransceiver(1, "harness", "harness1")
    dial = submit(2, source_addr=msisdn, short_message=b"*105#")
    network.send_raw(codec.build(bind) + codec.build(dial) + raw(commands.ENQUIRE_LINK))
    got = {(pdu.command, pdu.status, pdu.sequence) for pdu in (network.expect() for _ in range(2))}
    assert got == {(commands.BIND_TRANSCEIVER_RESP, 0, 1), (commands.ENQUIRE_LINK_RESP, 0, 7)}
    assert network.expect().sequence == 2
    assert network.page(msisdn).more
    network.send_raw(codec.build(submit(3)) + raw(commands.UNBIND))
    assert network.expect(lambda pdu: pdu.command == commands.UNBIND_RESP).status == 0
    assert network.ends()


def test_responses_nobody_asked_for_are_ignored(connect, msisdn):
    network = connect("two")
    for octets in (codec.build(SubmitSmResp(99, 0, "1")), raw(commands.GENERIC_NACK)):
        network.send_raw(octets)
    network.read_for(0.03)
    assert network.kept == []
    assert network.dial(msisdn).more


def test_a_flood_of_faults_is_answered_whole_and_written_down_in_part(house, connect):
    network = connect("two")
    before = len(house.log)
    network.send_raw(b"".join(raw(0x00010200) for _ in range(500)))
    assert [network.expect().status for _ in range(500)] == [S.ESME_RINVCMDID] * 500
    refused = [record for record in house.log[before:] if record["event"] == "refused a PDU"]
    assert 10 <= len(refused) < 100


@pytest.mark.parametrize(
    "text",
    ["", "*", "#", "**#", "*105*", "*105*1*2*3*4*5*6*7#", "\u0416" * 70, "9" * 160, "*105#" * 30],
)
def test_any_text_has_some_page(connect, msisdn, text):
    network = connect()
    assert network.dial(msisdn, text).text


def test_texts_that_no_database_takes_are_no_fault(connect, msisdn):
    """NUL and halves of surrogate pairs in UCS-2."""
    network = connect()
    for octets in (b"\0\0", b"\xd8\x3d", b"\xdc\x00\0a"):
        pdu = SubmitSm(
            source_addr=msisdn, destination_addr="000105", data_coding=8, short_message=octets
        )
        assert network.ask(pdu).status == 0
        assert network.read_sms(msisdn).text
