"""The double itself: both ends of it speak to each other before either speaks to the gateway."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from gateway.wire.smpp.pdu import SubmitSm
from gateway.wire.smpp.states import Role
from gateway.wire.smpp.ussd import Direction, Operation, Step, build
from tests.channels.fake_smsc import FakeNetwork, FakeSmsc, Peer

ANNA = "79220000001"


@pytest.fixture
def ends() -> Iterator[tuple[FakeNetwork, Peer]]:
    """A network bound to an SMSC, both fake; the second is ours to script."""
    smsc = FakeSmsc()
    accepted: list[Any] = []
    thread = threading.Thread(target=lambda: accepted.extend(smsc.accept()))
    thread.start()
    network = FakeNetwork(smsc.port, "them", "pw")
    thread.join()
    peer, bind = accepted
    assert (bind.system_id, bind.password) == ("them", "pw")
    yield network, peer
    network.close()
    peer.close()
    smsc.close()


def test_an_sms_goes_over_whole_and_its_response_comes_back(ends):
    network, peer = ends
    for pdu in network.sms_pdus(ANNA, "000110", "long " * 60):
        network.send(pdu)
    parts = [peer.expect() for _ in range(2)]
    assert [part.source_addr for part in parts] == [ANNA, ANNA]
    assert [network.expect().sequence for _ in parts] == [2, 3]


def test_parts_are_joined_in_any_order(ends):
    network, peer = ends
    text = "Одна страница за другой. " * 8
    for pdu in reversed(peer.sms_pdus("000100", ANNA, text)):
        peer.send(pdu)
    got = network.read_sms(ANNA)
    assert (got.sender, got.text, len(got.pdus)) == ("000100", text, 3)


def test_a_page_is_told_from_an_sms_and_both_wait_their_turn(ends):
    network, peer = ends
    (sms,) = peer.sms_pdus("000100", ANNA, "an SMS")
    peer.send(sms)
    page = Operation(Step.END, ANNA, "105", b"bye", 0x0F, session=3)
    peer.send(build(page, Direction.MT, Role.SMSC))
    shown = network.page(ANNA)
    assert (shown.text, shown.more, shown.op, shown.session_info) == ("bye", False, 17, b"\3\1")
    assert network.read_sms(ANNA).text == "an SMS"


@pytest.mark.parametrize("status", [0, 0x58, None])
def test_answers_are_as_told_or_left_out(ends, status):
    network, peer = ends
    peer.answering = lambda pdu: status
    sequence = network.send(SubmitSm(destination_addr="1", short_message=b"x"))
    peer.expect()
    if status is None:
        network.read_for(0.05)
        assert network.kept == []
    else:
        answer = network.expect()
        assert (answer.status, answer.sequence) == (status, sequence)


def test_a_closed_connection_is_seen(ends):
    network, peer = ends
    peer.close()
    assert network.ends()
    with pytest.raises(ConnectionError):
        network.expect()
