"""Who may bind, how often, and what each bind carries: over real sockets."""

from __future__ import annotations

import ssl

import pytest

from gateway.wire.smpp.pdu import SubmitSm, Unbind
from gateway.wire.smpp.status import Status as S
from gateway.wire.smpp.tlv import SC_INTERFACE_VERSION, first
from gateway.wire.smpp.ussd import Step
from tests.channels.fake_smsc import FakeNetwork


@pytest.mark.parametrize("kind", ["transmitter", "receiver", "transceiver"])
def test_each_kind_of_bind_is_answered_with_our_name_and_version(house, kind):
    network = FakeNetwork(house.smpp, bound=False)
    answer = network.bind(kind)
    assert (answer.status, answer.system_id) == (0, "gateway")
    assert first(answer.tlvs, SC_INTERFACE_VERSION) == b"\x34"
    assert network.unbind().status == 0


@pytest.mark.parametrize(
    ("version", "told"), [(0x33, None), (0x34, b"\x34"), (0x50, b"\x50"), (0x00, None)]
)
def test_the_version_is_agreed_on(connect, version, told):
    """v3.4 §3.4: no TLVs to a peer below 3.4; a 5.0 bind is accepted."""
    network = connect(bound=False, interface_version=version)
    answer = network.bind()
    assert (answer.status, first(answer.tlvs, SC_INTERFACE_VERSION)) == (0, told)


@pytest.mark.parametrize(
    ("system_id", "password"),
    [("harness", "wrong"), ("harness", ""), ("nobody", "harness1"), ("", ""), ("elsewhere", "pw")],
)
def test_every_reason_to_refuse_a_bind_looks_alike(house, system_id, password):
    """v5.0 §4.7.6: a stranger learns nothing from the difference."""
    network = FakeNetwork(house.smpp, system_id, password, bound=False)
    assert network.bind().status == S.ESME_RBINDFAIL
    network.close()


@pytest.mark.parametrize(
    ("system_id", "password", "reason"),
    [
        ("harness", "wrong", "password_wrong"),
        ("nobody", "harness1", "system_id_unknown"),
        ("elsewhere", "pw", "address_not_allowed"),
    ],
)
def test_our_log_says_why_a_bind_was_refused(house, system_id, password, reason):
    network = FakeNetwork(house.smpp, system_id, password, bound=False)
    network.bind()
    told = house.logged("refused a bind", account=system_id, reason=reason)
    assert (told["bind"], told["version"], told["peer"]) == ("transceiver", "3.4", "127.0.0.1")
    network.close()


def test_the_log_says_who_is_bound_and_why_not_any_more(house):
    network = FakeNetwork(house.smpp, "two", "pw", bound=False, interface_version=0x50)
    network.bind("receiver")
    house.logged("bound", account="two", bind="receiver", version="5.0")
    network.unbind()
    house.logged("unbound", account="two", reason="unbound")


def test_a_refused_bind_may_be_tried_again(connect):
    network = connect(bound=False)
    assert network.bind(password="wrong").status == S.ESME_RBINDFAIL
    assert network.bind().status == 0


def test_a_second_bind_is_told_so_and_changes_nothing(connect, msisdn):
    network = connect()
    assert network.bind("receiver").status == S.ESME_RALYBND
    assert network.dial(msisdn).more


def test_an_account_binds_no_oftener_than_it_may(connect):
    first_bind, _ = connect("two"), connect("two", kind="receiver")
    third = connect("two", bound=False)
    assert third.bind().status == S.ESME_RBINDFAIL
    first_bind.unbind()
    assert third.bind().status == 0


def test_binds_are_counted_for_metrics(house, connect):
    binds = [connect("two"), connect("two")]
    house.until("/metrics", lambda text: 'smpp_binds{account="two",role="server"} 2.0' in text)
    for each in binds:
        each.unbind()
    house.until("/metrics", lambda text: 'smpp_binds{account="two",role="server"} 0.0' in text)


def test_a_transmitter_submits_and_the_receiver_is_delivered_to(connect, msisdn):
    transmitter, receiver = connect(kind="transmitter"), connect(kind="receiver")
    transmitter.send(transmitter.operation(Step.BEGIN, msisdn, "*105#"))
    assert transmitter.expect().status == 0
    assert receiver.page(msisdn).more
    assert transmitter.hears_nothing(msisdn)


def test_a_receiver_may_not_submit(connect):
    receiver = connect(kind="receiver")
    answer = receiver.ask(SubmitSm(source_addr="79220000001", destination_addr="000100"))
    assert answer.status == S.ESME_RINVBNDSTS


def test_answers_leave_by_the_bind_that_asked(connect, msisdn):
    """Several programs of one account are bound at once: each gets its own."""
    one, two = connect(), connect()
    for asking, other in ((one, two), (two, one)):
        asking.dial(msisdn)
        asking.sms(msisdn, "000100", "1")
        assert "100,00" in asking.read_sms(msisdn).text
        assert other.hears_nothing(msisdn)


def test_a_page_whose_bind_is_gone_leaves_by_another(house, connect, msisdn):
    one, two = connect("two"), connect("two")
    one.dial(msisdn)
    one.unbind()
    house.advance(600)
    assert two.page(msisdn).op == 17


def test_pages_of_a_transmitter_leave_by_the_least_burdened_bind(connect):
    other, silent = connect("old"), connect("old")
    transmitter = connect("old", kind="transmitter")
    silent.answering = lambda pdu: None
    numbers = [f"7923000098{n}" for n in range(4)]
    for number in numbers:
        transmitter.ask(transmitter.operation(Step.BEGIN, number, "*105#"))
        other.read_for(0.05)
    silent.read_for(0.05)
    got = [[pdu.destination_addr for pdu in peer.kept] for peer in (other, silent)]
    assert got == [numbers[1:], numbers[:1]], "the newest bind first, then whoever owes nothing"


def test_the_tls_port_serves_and_closes_in_order(house, msisdn):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    network = FakeNetwork(house.ports["smpps"], tls=context)
    assert network.dial(msisdn).more
    assert network.ask(Unbind()).status == 0
    assert network.ends(2)


def test_a_plain_client_on_the_tls_port_is_dropped(house):
    network = FakeNetwork(house.ports["smpps"], bound=False)
    network.send_raw(b"\0\0\0\x10\0\0\0\x15\0\0\0\0\0\0\0\1")
    assert network.ends()
