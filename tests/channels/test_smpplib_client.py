"""smpplib's blocking client, which is not ours, sends and receives SMS through the gateway.

Each test has a subscriber of its own, so that none sees what another was charged or sent.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from smpplib import consts, exceptions
from smpplib.client import Client

from tests.channels.conftest import Gateway

Pdu = Any
RBINDFAIL = consts.SMPP_ESME_RBINDFAIL
RALYBND = consts.SMPP_ESME_RALYBND
RECEIPT = 0x04
UCS2 = 8


@pytest.fixture
def connect(gateway_process: Gateway) -> Iterator[Callable[[], Client]]:
    """New connections, not bound yet; all are closed at the end."""
    clients: list[Client] = []

    def connected() -> Client:
        client = Client("127.0.0.1", gateway_process.smpp, timeout=5, allow_unknown_opt_params=True)
        client.connect()
        clients.append(client)
        return client

    yield connected
    for client in clients:
        client.state = consts.SMPP_CLIENT_STATE_OPEN
        client.disconnect()


@pytest.fixture
def bound(connect: Callable[[], Client]) -> Client:
    """A transceiver of the harness."""
    client = connect()
    client.bind_transceiver(system_id="harness", password="harness1")
    return client


def send(client: Client, msisdn: str, to: str, text: bytes, **fields: Any) -> int:
    """submit_sm from a subscriber; returns its sequence number."""
    pdu = client.send_message(
        source_addr_ton=1,
        source_addr_npi=1,
        source_addr=msisdn,
        dest_addr_ton=0,
        dest_addr_npi=1,
        destination_addr=to,
        short_message=text,
        **fields,
    )
    return int(pdu.sequence)


def receive(client: Client, wanted: Callable[[Pdu], bool], seconds: float = 5) -> Pdu:
    """Answer what comes until a PDU is wanted; TimeoutError (socket.timeout) if none is."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        pdu = client.read_pdu()
        if pdu.command in ("deliver_sm", "enquire_link"):
            answer = client_answer(client, pdu)
            client.send_pdu(answer)
        if wanted(pdu):
            return pdu
    raise TimeoutError("the PDU did not come")


def client_answer(client: Client, pdu: Pdu) -> Pdu:
    """The response to a request, on its sequence number."""
    from smpplib.smpp import make_pdu

    answer = make_pdu(f"{pdu.command}_resp", client=client)
    answer.sequence = pdu.sequence
    return answer


def response_to(sequence: int) -> Callable[[Pdu], bool]:
    """The submit_sm_resp on that sequence number."""
    return lambda pdu: pdu.command == "submit_sm_resp" and pdu.sequence == sequence


def sms_to(msisdn: str) -> Callable[[Pdu], bool]:
    """A plain SMS on its way to a number."""
    return lambda pdu: (
        pdu.command == "deliver_sm"
        and pdu.destination_addr.decode().lstrip("+") == msisdn
        and not pdu.esm_class & RECEIPT
    )


def receipt_to(msisdn: str) -> Callable[[Pdu], bool]:
    """A delivery receipt on its way to a number."""
    return lambda pdu: (
        pdu.command == "deliver_sm"
        and pdu.destination_addr.decode().lstrip("+") == msisdn
        and bool(pdu.esm_class & RECEIPT)
    )


def text(pdu: Pdu) -> str:
    """Its text, by its data_coding."""
    return str(pdu.short_message.decode("utf-16-be" if pdu.data_coding == UCS2 else "ascii"))


# --- binding -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["bind_transmitter", "bind_receiver", "bind_transceiver"])
def test_each_kind_of_bind_is_accepted_and_unbound(connect, kind):
    client = connect()
    accepted = getattr(client, kind)(system_id="harness", password="harness1")
    assert accepted.status == 0
    assert accepted.command == f"{kind}_resp"
    assert client.unbind().status == 0


@pytest.mark.parametrize(("system_id", "password"), [("harness", "wrong"), ("nobody", "harness1")])
def test_a_wrong_password_and_an_unknown_account_fail_alike(connect, system_id, password):
    with pytest.raises(exceptions.PDUError) as refused:
        connect().bind_transceiver(system_id=system_id, password=password)
    assert refused.value.args[1] == RBINDFAIL


def test_a_second_bind_is_told_that_it_is_bound(bound):
    bound.state = consts.SMPP_CLIENT_STATE_OPEN
    with pytest.raises(exceptions.PDUError) as refused:
        bound.bind_transceiver(system_id="harness", password="harness1")
    assert refused.value.args[1] == RALYBND


def test_the_link_is_enquired(bound):
    from smpplib.smpp import make_pdu

    enquiry = make_pdu("enquire_link", client=bound)
    bound.send_pdu(enquiry)
    answer = receive(bound, lambda pdu: pdu.command == "enquire_link_resp")
    assert (answer.status, answer.sequence) == (0, enquiry.sequence)


# --- messages ----------------------------------------------------------------------------------


def test_sms_00_brings_a_password_in_english(bound):
    sequence = send(bound, "79220000002", "000110", b"00")
    submitted = receive(bound, response_to(sequence))
    assert submitted.status == 0
    assert submitted.message_id
    sms = receive(bound, sms_to("79220000002"))
    assert sms.source_addr == b"000110"
    assert (sms.source_addr_ton, sms.source_addr_npi) == (0, 1)
    assert (sms.dest_addr_ton, sms.dest_addr_npi) == (1, 1)
    assert sms.data_coding == 0
    assert re.match(r"Your password: \d{6}\. Login: your number", text(sms))


def test_a_receipt_comes_when_asked_for(bound):
    sequence = send(bound, "79220000010", "000100", b"1", registered_delivery=1)
    submitted = receive(bound, response_to(sequence))
    receipt = receive(bound, receipt_to("79220000010"))
    assert receipt.source_addr == b"000100"
    assert receipt.receipted_message_id.rstrip(b"\0") == submitted.message_id.rstrip(b"\0")
    assert b"stat:DELIVRD" in receipt.short_message


def test_a_transmitter_submits_and_a_receiver_is_delivered_to(connect):
    transmitter, receiver = connect(), connect()
    transmitter.bind_transmitter(system_id="harness", password="harness1")
    receiver.bind_receiver(system_id="harness", password="harness1")
    sequence = send(transmitter, "79220000001", "000100", b"1")
    assert receive(transmitter, response_to(sequence)).status == 0
    sms = receive(receiver, sms_to("79220000001"))
    assert sms.data_coding == UCS2
    assert re.search(r"250[.,]00", text(sms))


def test_a_roaming_sms_is_charged_its_zone_once_however_often_it_is_sent(bound, gateway_process):
    """A PDU repeated after a reconnect has the reference it had: it is answered with the same
    message_id, and acted on once (CH04)."""
    fields = {"user_message_reference": 4242}
    answers = [
        receive(bound, response_to(send(bound, "79220000004", "000110", b"00", **fields)))
        for _ in range(3)
    ]
    assert {answer.status for answer in answers} == {0}
    assert len({answer.message_id for answer in answers}) == 1
    path = "/v1/subscribers/79220000004"
    charges = gateway_process.until(f"{path}/charges", bool)
    taken = [charge for charge in charges if charge["amount"] != "0.00"]
    assert [(c["rule"], c["zone"], c["amount"]) for c in taken] == [("CH04", "EUROPE", "19.00")]
    assert gateway_process.api("GET", path)[1]["balance"] == "281.00"


def test_a_roaming_sms_without_money_is_refused_before_it_acts(bound, gateway_process):
    """19.00 in WORLD on 10.00: a row of 0.00 with its reason (CH19), and no password."""
    sequence = send(bound, "79220000005", "000110", b"00")
    receive(bound, response_to(sequence))
    charges = gateway_process.until("/v1/subscribers/79220000005/charges", bool)
    assert [(c["rule"], c["amount"]) for c in charges] == [("CH19", "0.00")]
    assert gateway_process.api("GET", "/v1/subscribers/79220000005")[1]["balance"] == "10.00"
    messages = gateway_process.api("GET", "/v1/subscribers/79220000005/messages")[1]
    assert not [m for m in messages if re.search(r"\d{6}", m["text"])]
