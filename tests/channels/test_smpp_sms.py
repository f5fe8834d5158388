"""SMS over real sockets: alphabets, long messages both ways, receipts, and messages repeated."""

from __future__ import annotations

import re
from typing import Any

import pytest

from gateway.wire.smpp.operations import (
    CancelSm,
    DistributionList,
    QuerySm,
    ReplaceSm,
    SmeAddress,
    SubmitMulti,
)
from gateway.wire.smpp.pdu import DataSm, SubmitSm
from gateway.wire.smpp.receipt import MessageState
from gateway.wire.smpp.status import Status as S
from gateway.wire.smpp.tlv import MESSAGE_PAYLOAD, USER_MESSAGE_REFERENCE, make
from gateway.wire.smpp.ussd import Step

EUROPE = "79220000004"
POOR = "79220000005"
ENGLISH = "79220000002"


def submit(msisdn: str, number: str, text: bytes, **fields: Any) -> SubmitSm:
    """A submit_sm of a subscriber's SMS."""
    return SubmitSm(
        source_addr_ton=1,
        source_addr_npi=1,
        source_addr=msisdn,
        dest_addr_npi=1,
        destination_addr=number,
        short_message=text,
        **fields,
    )


def reference(number: int) -> dict[str, Any]:
    """A user_message_reference as fields of a PDU."""
    return {"tlvs": ((USER_MESSAGE_REFERENCE, number.to_bytes(2, "big")),)}


def balance(house: Any, msisdn: str) -> str:
    """Of a number, by the API."""
    return str(house.get(f"/v1/subscribers/{msisdn}")["balance"])


# --- in and out --------------------------------------------------------------------------------


def test_a_short_number_answers_from_itself(connect, msisdn):
    network = connect()
    assert network.sms(msisdn, "000100", "1").status == 0
    sms = network.read_sms(msisdn)
    (pdu,) = sms.pdus
    assert (sms.sender, pdu.data_coding, pdu.esm_class) == ("000100", 8, 0)
    assert "100,00" in sms.text
    assert (pdu.source_addr_ton, pdu.source_addr_npi) == (0, 1)
    assert (pdu.dest_addr_ton, pdu.dest_addr_npi) == (1, 1)


def test_a_question_is_answered_with_its_code(connect, house):
    """A Cyrillic word typed with Latin look-alikes, in 16 bits; the answer in 7."""
    network = connect()
    before = balance(house, ENGLISH)
    network.sms(ENGLISH, "000105", "П\u0415PEBO\u0414 10 9220000001")
    asked = network.read_sms(ENGLISH)
    assert balance(house, ENGLISH) == before
    [code] = re.findall(r"\nReply: YES ([0-9]{4})$", asked.text)
    network.sms(ENGLISH, "000105", f"yes {code}")
    assert network.read_sms(ENGLISH).text.startswith("RUB 10 sent to 9220000001")
    assert float(before) - float(balance(house, ENGLISH)) == 15


def test_gsm_7_bit_leaves_as_data_coding_0(connect):
    network = connect()
    network.sms(ENGLISH, "000100", "1")
    sms = network.read_sms(ENGLISH)
    assert (sms.pdus[0].data_coding, "Balance" in sms.text) == (0, True)


@pytest.mark.parametrize(
    ("coding", "octets"),
    [(0, b"00"), (1, b"00"), (3, b"00"), (8, b"\x000\x000"), (0x0F, b"00"), (0xF1, b" 00 ")],
)
def test_each_alphabet_is_read(connect, msisdn, coding, octets):
    network = connect()
    assert network.ask(submit(msisdn, "000110", octets, data_coding=coding)).status == 0
    assert re.search(r"\d{6}", network.read_sms(msisdn).text)


@pytest.mark.parametrize("number", ["000-110", "000 110", "000105", "000-105"])
def test_a_number_may_be_written_with_filling(connect, msisdn, number):
    network = connect()
    assert network.sms(msisdn, number, "00").status == 0
    assert network.read_sms(msisdn).sender == number.replace("-", "").replace(" ", "")


def test_an_sms_by_data_sm(connect, msisdn):
    network = connect()
    pdu = DataSm(source_addr=msisdn, destination_addr="000100", tlvs=((MESSAGE_PAYLOAD, b"1"),))
    assert network.ask(pdu).status == 0
    assert "100,00" in network.read_sms(msisdn).text


def test_a_long_answer_is_cut_by_udh_with_one_reference(connect, msisdn):
    network = connect()
    network.sms(msisdn, "000105", "МЕНЮ")
    sms = network.read_sms(msisdn)
    assert len(sms.pdus) > 1
    assert {pdu.esm_class for pdu in sms.pdus} == {0x40}
    headers = {pdu.short_message[:4] for pdu in sms.pdus}
    assert len(headers) == 1, "one reference"
    assert [pdu.short_message[4:6] for pdu in sms.pdus] == [
        bytes((len(sms.pdus), number)) for number in range(1, len(sms.pdus) + 1)
    ]
    assert all(len(pdu.short_message) <= 140 for pdu in sms.pdus)


# --- long messages in --------------------------------------------------------------------------


def long_pdus(network: Any, msisdn: str, carried: str) -> list[SubmitSm]:
    """`00` and filling in three parts, or in one payload; the menu takes it as `00`."""
    text = "00" + " " * 330
    if carried == "message_payload":
        pdu = submit(msisdn, "000110", b"")
        pdu.tlvs = ((MESSAGE_PAYLOAD, text.encode()),)
        return [pdu]
    pdus = network.sms_pdus(msisdn, "000110", text, reference=300 % 256, wide=carried == "udh16")
    if carried == "sar":
        for number, pdu in enumerate(pdus, 1):
            pdu.short_message, pdu.esm_class = pdu.short_message[6:], 0
            pdu.tlvs = (
                make("sar_msg_ref_num", 300),
                make("sar_total_segments", len(pdus)),
                make("sar_segment_seqnum", number),
            )
    assert len(pdus) == 3
    return list(pdus)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
@pytest.mark.parametrize("carried", ["udh8", "udh16", "sar", "message_payload"])
def test_a_long_message_is_joined_in_any_order(connect, msisdn, carried, order):
    network = connect()
    pdus = long_pdus(network, msisdn, carried)
    answers = [network.ask(pdus[place]) for place in order if place < len(pdus)]
    assert {answer.status for answer in answers} == {0}
    assert len({answer.message_id for answer in answers}) == len(answers)
    assert re.search(r"\d{6}", network.read_sms(msisdn).text)
    assert network.hears_nothing(msisdn), "one answer"


def test_a_part_sent_twice_counts_once(connect, msisdn):
    network = connect()
    first_part, second, third = long_pdus(network, msisdn, "udh8")
    for pdu in (first_part, second, second, third):
        assert network.ask(pdu).status == 0
    assert re.search(r"\d{6}", network.read_sms(msisdn).text)


def test_every_part_has_the_receipt_it_asked_for(connect, msisdn):
    network = connect()
    answers = []
    for pdu in long_pdus(network, msisdn, "udh8"):
        pdu.registered_delivery = 1
        answers.append(network.ask(pdu))
    for answer in answers:
        assert network.receipt(answer.message_id).state is MessageState.DELIVERED


def test_a_lost_part_expires_is_reported_and_has_a_receipt(house, connect, msisdn):
    network = connect()
    pdus = long_pdus(network, msisdn, "udh8")
    pdus[0].registered_delivery = 1
    message_id = network.ask(pdus[0]).message_id
    network.ask(pdus[2])
    house.advance(601)
    lost = house.logged("a long message was lost", destination="000110", link="harness")
    assert (lost["parts_got"], lost["parts_missing"]) == ("1,3", "2")
    assert msisdn not in str(lost)
    assert network.receipt(message_id).state is MessageState.EXPIRED
    late = network.ask(pdus[1])
    assert late.status == 0
    assert network.hears_nothing(msisdn)


def test_parts_that_cannot_be_are_refused_and_the_session_lives(connect, msisdn):
    network = connect()
    longer_than_it_is = submit(msisdn, "000110", b"\x09\x00\x03\x07", esm_class=0x40)
    assert network.ask(longer_than_it_is).status == S.ESME_RINVESMCLASS
    part = submit(msisdn, "000110", b"x")
    for number in (0, 4):
        part.tlvs = (
            make("sar_msg_ref_num", 9),
            make("sar_total_segments", 3),
            make("sar_segment_seqnum", number),
        )
        assert network.ask(part).status == S.ESME_RINVTLVVAL
    assert network.sms(msisdn, "000100", "1").status == 0


@pytest.mark.parametrize("part", [0, 4])
def test_a_user_data_header_with_an_impossible_part_is_no_concatenation(connect, msisdn, part):
    """3GPP TS 23.040 §9.2.3.24.1: such an element is ignored."""
    network = connect()
    octets = b"\x05\x00\x03\x07\x03" + bytes((part,)) + b"00"
    assert network.ask(submit(msisdn, "000110", octets, esm_class=0x40)).status == 0
    assert re.search(r"\d{6}", network.read_sms(msisdn).text)


# --- receipts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("registered", "msisdn_", "state"),
    [
        (1, ENGLISH, MessageState.DELIVERED),
        (1, POOR, MessageState.REJECTED),
        (2, POOR, MessageState.REJECTED),
        (3, ENGLISH, MessageState.DELIVERED),
        (0x11, ENGLISH, MessageState.DELIVERED),
        (0, ENGLISH, None),
        (2, ENGLISH, None),
        (3, POOR, None),
    ],
)
def test_a_receipt_is_sent_as_asked(connect, registered, msisdn_, state):
    """v3.4 §5.2.17; 3 is v5.0's success only. POOR cannot pay its zone's price."""
    network = connect()
    answer = network.ask(submit(msisdn_, "000100", b"1", registered_delivery=registered))
    assert answer.status == 0
    if state is not None:
        receipt = network.receipt(answer.message_id)
        assert receipt.state is state
        assert receipt.delivered_count == (state is MessageState.DELIVERED)
    else:
        network.read_sms(msisdn_)
        assert network.hears_nothing(msisdn_)


# --- repeated, charged once --------------------------------------------------------------------


def test_a_repeated_message_is_answered_alike_and_charged_once(house, connect):
    before = float(balance(house, EUROPE))
    network = connect()
    pdu = submit(EUROPE, "000110", b"00", **reference(4711))
    ids = {network.ask(pdu).message_id for _ in range(3)}
    network.read_sms(EUROPE)
    network.close()
    again = connect()
    ids.add(again.ask(pdu).message_id)
    assert len(ids) == 1
    assert again.hears_nothing(EUROPE)
    assert float(balance(house, EUROPE)) == before - 19
    house.advance(86_401)
    assert again.ask(pdu).message_id not in ids
    assert float(balance(house, EUROPE)) == before - 38


def test_another_reference_or_text_is_another_message(house, connect, msisdn):
    network = connect()
    for number, text in ((1, b"00"), (2, b"00"), (2, b"0 0")):
        network.ask(submit(msisdn, "000110", text, **reference(number)))
        network.read_sms(msisdn)


def test_without_a_reference_the_unanswered_pdu_is_known_by_its_sequence_number(connect, msisdn):
    """The answers did not reach the peer: it comes back and sends the same PDU again."""
    network = connect("bare")
    network.answering = lambda pdu: None
    first_id = network.sms(msisdn, "000110", "00", sequence=77).message_id
    network.close()
    again = connect("bare")
    assert again.sms(msisdn, "000110", "00", sequence=77).message_id == first_id


def test_without_a_reference_what_was_answered_may_be_said_again(connect, msisdn):
    """It answered what we sent behind the response: a program that starts anew counts from 1."""
    ids = set()
    for _ in range(3):
        network = connect("bare")
        ids.add(network.sms(msisdn, "000110", "00", sequence=2).message_id)
        network.read_sms(msisdn)
        network.sms(msisdn, "000100", "1")  # the answer to the SMS has arrived by then
        network.read_sms(msisdn)
        network.close()
    assert len(ids) == 3


def test_an_orderly_unbind_forgets_bare_identities(connect, msisdn):
    ids = set()
    for _ in range(2):
        network = connect("bare")
        ids.add(network.sms(msisdn, "000110", "00", sequence=2).message_id)
        network.unbind()
    assert len(ids) == 2


# --- query, cancel, replace, many --------------------------------------------------------------


def test_query_tells_the_state_of_a_message(connect):
    network = connect()
    for msisdn, state in ((ENGLISH, MessageState.DELIVERED), (POOR, MessageState.REJECTED)):
        message_id = network.sms(msisdn, "000100", "1").message_id
        answer = network.ask(QuerySm(message_id=message_id, source_addr=msisdn))
        assert (answer.status, answer.message_state) == (0, state)
        assert answer.message_id == message_id
        assert re.fullmatch(r"\d{12}\d{3}\+|\d{13}\d{2}\+", answer.final_date)
        foreign = network.ask(QuerySm(message_id=message_id, source_addr="79220000099"))
        assert foreign.status == S.ESME_RQUERYFAIL


def test_what_is_delivered_can_be_neither_cancelled_nor_replaced(connect, msisdn):
    network = connect()
    message_id = network.sms(msisdn, "000100", "1").message_id
    known = {"message_id": message_id, "source_addr": msisdn}
    assert network.ask(CancelSm(**known, destination_addr="000100")).status == S.ESME_RCANCELFAIL
    assert network.ask(ReplaceSm(**known, short_message=b"2")).status == S.ESME_RREPLACEFAIL
    unknown = {"message_id": "ZZZZZZZZ", "source_addr": msisdn}
    assert network.ask(QuerySm(**unknown)).status == S.ESME_RQUERYFAIL
    assert network.ask(CancelSm(**unknown)).status == S.ESME_RINVMSGID
    assert network.ask(ReplaceSm(**unknown)).status == S.ESME_RINVMSGID


def test_submit_multi_acts_for_each_destination(connect, msisdn):
    network = connect()
    pdu = SubmitMulti(
        source_addr=msisdn,
        destinations=(
            SmeAddress(0, 1, "000100"),
            DistributionList("l"),
            SmeAddress(0, 1, "000110"),
        ),
        registered_delivery=1,
        short_message=b"00",
    )
    answer = network.ask(pdu)
    assert answer.status == 0
    (missed,) = answer.unsuccess
    assert (missed.addr, missed.status) == ("l", S.ESME_RINVDLNAME)
    assert {network.read_sms(msisdn).sender for _ in range(2)} == {"000100", "000110"}
    assert [network.receipt(answer.message_id).state for _ in range(2)] == [
        MessageState.DELIVERED
    ] * 2
    query = network.ask(QuerySm(message_id=answer.message_id, source_addr=msisdn))
    assert query.message_state == MessageState.DELIVERED


# --- accounts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("79230000010", 0),
        ("+79220000002", 0),
        ("79220000001", S.ESME_RINVSRCADR),
        ("12345", S.ESME_RINVSRCADR),
        ("", S.ESME_RINVSRCADR),
    ],
)
def test_an_account_speaks_for_its_own_numbers(connect, source, status):
    network = connect("few")
    assert network.ask(submit(source, "000100", b"1")).status == status
    assert network.ask(network.operation(Step.BEGIN, source, "*105#")).status == status


def test_what_the_line_carries_is_counted(house, connect, msisdn):
    network = connect()
    network.sms(msisdn, "000100", "1")
    network.read_sms(msisdn)
    network.ask(QuerySm(message_id="ZZZZZZZZ"))
    for command, direction, status in (
        ("submit_sm", "in", "ESME_ROK"),
        ("submit_sm_resp", "out", "ESME_ROK"),
        ("deliver_sm", "out", "ESME_ROK"),
        ("deliver_sm_resp", "in", "ESME_ROK"),
        ("query_sm_resp", "out", "ESME_RQUERYFAIL"),
    ):
        labels = f'command="{command}",direction="{direction}",status="{status}"'
        house.until("/metrics", lambda text, labels=labels: f"pdus_total{{{labels}}}" in text)
