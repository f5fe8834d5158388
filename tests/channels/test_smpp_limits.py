"""Limits and liveness over real sockets: rate, windows, queue, silence, peers that do not read."""

from __future__ import annotations

import socket
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from gateway.channels import pump
from gateway.wire.smpp import codec, commands
from gateway.wire.smpp.pdu import EnquireLink, SubmitSmResp
from gateway.wire.smpp.status import Status as S
from gateway.wire.smpp.ussd import Step
from tests.channels.fake_smsc import FakeNetwork
from tests.channels.serving import Served, serving
from tests.wire.smpp.links import submit

BRISK = """
limits: {queue_max: 3, batch_max: 1, connections_max: 6, dialogues_max: 12}
smpp_accounts:
  - {system_id: narrow, password: pw, window_pdus_max: 1}
"""


@pytest.fixture(scope="module")
def brisk(run, reactor_thread, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service of short patience and small limits."""
    with serving(
        run,
        reactor_thread,
        tmp_path_factory.mktemp("brisk"),
        BRISK,
        smpp_enquire_seconds="1",
        smpp_response_seconds_max="0.3",
        smpp_bind_seconds_max="0.4",
        subscribers="30",
    ) as served:
        yield served


def statuses(network: FakeNetwork, count: int) -> Counter[int]:
    """Of the next responses to submit_sm."""
    return Counter(
        network.expect(lambda pdu: isinstance(pdu, SubmitSmResp)).status for _ in range(count)
    )


def burst(count: int) -> bytes:
    """So many submit_sm in one segment, each a menu's answer from a number of its own."""
    return b"".join(
        codec.build(submit(n, source_addr=f"7922{n:07}", tlvs=((0x0501, b"\x12"),)))
        for n in range(1, count + 1)
    )


def test_over_the_rate_is_throttled_and_later_taken_again(connect):
    network = connect("slow")
    network.send_raw(burst(8))
    assert statuses(network, 8) == {0: 5, S.ESME_RTHROTTLED: 3}
    assert network.ask(EnquireLink()).status == 0, "not metered"
    time.sleep(0.25)
    network.send_raw(burst(1))
    assert statuses(network, 1) == {0: 1}


def test_the_rate_is_the_accounts_not_the_binds(connect):
    time.sleep(1.05)
    one, two = connect("slow"), connect("slow")
    one.send_raw(burst(4))
    assert statuses(one, 4) == {0: 4}
    two.send_raw(burst(4))
    assert statuses(two, 4) == {0: 1, S.ESME_RTHROTTLED: 3}


def test_more_than_the_window_unanswered_is_refused_as_full(connect):
    network = connect("tight")
    network.send_raw(burst(20))
    found = statuses(network, 20)
    assert found[0] >= 2
    assert found[S.ESME_RMSGQFUL] == 20 - found[0] > 0


def test_our_own_window_is_kept(connect):
    """window_pdus_max 2: the third page waits for a response of the peer's."""
    network = connect("tight")
    numbers = [f"7923000097{n}" for n in range(4)]
    network.answering = lambda pdu: None
    for number in numbers:
        network.ask(network.operation(Step.BEGIN, number, "*105#"))
    network.read_for(0.1)
    assert [pdu.destination_addr for pdu in network.kept] == numbers[:2]
    network.answering = lambda pdu: 0
    for pdu in tuple(network.kept):
        network.send(codec.CLASSES[pdu.command | commands.RESPONSE_BIT](pdu.sequence))
    assert [network.page(number).more for number in numbers] == [True] * 4


def test_a_full_queue_of_turns_says_so_and_takes_what_it_says(brisk):
    network = FakeNetwork(brisk.smpp)
    network.send_raw(burst(200))
    found = statuses(network, 200)
    assert found[0] + found[S.ESME_RMSGQFUL] == 200
    assert found[S.ESME_RMSGQFUL] > 0
    pages = [pdu for pdu in network.kept if pdu.command == commands.DELIVER_SM]
    deadline = time.monotonic() + 5
    while len(pages) < found[0] and time.monotonic() < deadline:
        network.read_for(0.05)
        pages = [pdu for pdu in network.kept if pdu.command == commands.DELIVER_SM]
    assert len(pages) == found[0]
    assert brisk.until("/readyz", bool)
    network.unbind()


def test_a_full_house_opens_no_more_dialogues(brisk):
    network = FakeNetwork(brisk.smpp)
    numbers = [f"7923000{n:04}" for n in range(20)]
    found = [network.ask(network.operation(Step.BEGIN, n, "*105#")).status for n in numbers]
    taken = [number for number, status in zip(numbers, found, strict=True) if not status]
    assert (len(taken), set(found)) == (12, {0, S.ESME_RMSGQFUL})
    assert "Баланс" in network.answer(taken[0], "1").text if network.page(taken[0]) else ""
    for number in taken:
        network.release(number)
    assert network.dial(numbers[-1]).more
    network.release(numbers[-1])
    network.unbind()


def test_no_more_connections_than_the_limit(brisk):
    networks = [FakeNetwork(brisk.smpp) for _ in range(6)]
    seventh = FakeNetwork(brisk.smpp, bound=False)
    assert seventh.ends()
    for network in networks:
        network.unbind()
    FakeNetwork(brisk.smpp).unbind()


def test_a_silent_peer_is_asked_and_then_dropped(brisk):
    network = FakeNetwork(brisk.smpp)
    network.answering = lambda pdu: None
    assert isinstance(network.expect(seconds=2), EnquireLink)
    assert network.ends(1)
    brisk.until("/metrics", lambda text: 'smpp_binds{account="harness",role="server"} 0.0' in text)


def test_a_peer_that_answers_enquire_link_stays(brisk):
    network = FakeNetwork(brisk.smpp)
    network.read_for(1.6)
    assert not network.eof
    network.unbind()


def test_a_connection_that_does_not_bind_is_closed(brisk):
    network = FakeNetwork(brisk.smpp, bound=False)
    assert network.ends(1)


def test_a_peer_that_reads_nothing_is_not_read_from_and_goes(brisk, run, monkeypatch):
    """What waits for it stays bounded; at the end it is aborted, not waited for."""
    monkeypatch.setattr(pump, "CLOSE_SECONDS_MAX", 0.2)
    network = FakeNetwork(brisk.smpp)
    peers = brisk.service.smpp.server.peers
    network._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    network._socket.settimeout(0.2)
    enquire = codec.build(EnquireLink(1)) * 4000
    try:
        for _ in range(400):
            network.send_raw(enquire)
    except TimeoutError:
        pass
    else:
        raise AssertionError("it was read without end")
    (peer,) = run(lambda: tuple(peers))
    deadline = time.monotonic() + 8
    while not network_gone(run, peer) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert network_gone(run, peer)
    network.close()


def network_gone(run, peer) -> bool:
    """Whether its transport is closed on our side."""
    return bool(run(lambda: peer.pump.transport.disconnected))


def test_an_account_with_a_window_of_one_gets_a_long_sms_whole(brisk):
    network = FakeNetwork(brisk.smpp, "narrow", "pw")
    assert network.sms("79230000025", "000105", "МЕНЮ").status == 0
    assert len(network.read_sms("79230000025").pdus) > 1
    network.unbind()
