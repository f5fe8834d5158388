"""We are the ESME: bound to somebody's SMSC, the same dialogues, and back after every loss."""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from gateway.channels.smpp_client import PAUSE_SECONDS_FIRST, Login, SmppClient
from gateway.service.tls import self_signed
from gateway.wire.smpp import commands
from gateway.wire.smpp.counts import Counts
from gateway.wire.smpp.limits import Limits
from gateway.wire.smpp.pdu import SubmitSm, Unbind
from gateway.wire.smpp.receipt import MessageState, Receipt, build_receipt
from gateway.wire.smpp.status import Status as S
from gateway.wire.smpp.ussd import Step
from tests.channels.fake_smsc import FakeSmsc, Peer
from tests.channels.serving import Served, serving

CLIENT = (
    "{{name: {name}, host: localhost, port: {port}, system_id: us, password: pw,"
    " system_type: USSD, {more}}}"
)


def clients(**rows: str) -> str:
    """The configuration of clients: name -> `port, more settings`."""
    lines = ["smpp_clients:"]
    for name, row in rows.items():
        port, _, more = row.partition(",")
        lines.append("  - " + CLIENT.format(name=name, port=port, more=more.strip()))
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def smsc() -> Iterator[FakeSmsc]:
    """The SMSC of most tests."""
    smsc = FakeSmsc()
    yield smsc
    smsc.close()


@pytest.fixture(scope="module")
def esme(run, reactor_thread, smsc, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service with one client, and 1000 numbers."""
    folder = tmp_path_factory.mktemp("esme")
    file = clients(upstream=str(smsc.port))
    with serving(run, reactor_thread, folder, file, subscribers="1000") as served:
        yield served


@pytest.fixture(scope="module")
def bound(esme: Served, smsc: FakeSmsc) -> Iterator[list[Peer]]:
    """The connection as it is now, in a list of one: a test that breaks it puts in the next."""
    peer, bind = smsc.accept()
    assert (bind.system_id, bind.password, bind.system_type) == ("us", "pw", "USSD")
    assert (bind.command, bind.interface_version) == (commands.BIND_TRANSCEIVER, 0x34)
    peers = [peer]
    yield peers
    peers[0].close()


def test_a_dialogue_with_deliver_sm_and_submit_sm_exchanged(bound, msisdn):
    (peer,) = bound
    main = peer.dial(msisdn, session=3)
    assert (main.op, main.more, main.session_info) == (2, True, b"\x03\x00")
    assert isinstance(main.pdu, SubmitSm)
    assert (main.pdu.source_addr, main.pdu.destination_addr) == ("105", msisdn)
    assert "Баланс" in peer.answer(msisdn, "1", session=3).text
    assert peer.release(msisdn, session=3) == 0
    last = peer.dial(msisdn, "*100#", session=4)
    assert (last.op, last.session_info) == (17, b"\x04\x01")


def test_an_sms_both_ways(esme, bound, msisdn):
    (peer,) = bound
    answer = peer.sms(msisdn, "000110", "00")
    assert answer.status == 0
    sms = peer.read_sms(msisdn)
    assert sms.sender == "000110"
    assert re.search(r"\d{6}", sms.text)
    esme.until(
        f"/v1/subscribers/{msisdn}/messages",
        lambda rows: [row["state"] for row in rows] == ["delivered"],
    )


def test_a_long_sms_both_ways(bound, msisdn):
    (peer,) = bound
    assert peer.sms(msisdn, "000105", "МЕНЮ" + " " * 100).status == 0
    assert len(peer.read_sms(msisdn).pdus) == 2


def test_a_receipt_for_what_we_sent_is_answered_and_starts_nothing(bound, msisdn):
    (peer,) = bound
    (sent,) = peer.sms_pdus(msisdn, "000110", "x")
    receipt = build_receipt(Receipt("17", MessageState.DELIVERED), sent)
    receipt.source_addr, receipt.destination_addr = msisdn, "000110"
    assert peer.ask(receipt).status == 0
    assert peer.hears_nothing(msisdn)


def test_what_only_an_esme_may_send_is_refused(bound, msisdn):
    (peer,) = bound
    refused = peer.ask(SubmitSm(source_addr=msisdn, destination_addr="000100"))
    assert refused.status == S.ESME_RINVBNDSTS
    assert peer.dial(msisdn).more


def test_a_lost_connection_is_made_again_and_what_waited_leaves(esme, smsc, bound, msisdn):
    bound[0].answering = lambda pdu: None
    bound[0].dial(msisdn)
    bound[0].sms(msisdn, "000110", "00")
    text = bound[0].read_sms(msisdn).text
    bound[0].close()
    bound[0], _ = smsc.accept()
    assert bound[0].read_sms(msisdn).text == text
    assert "Баланс" in bound[0].answer(msisdn, "1").text, "the dialogue went on"
    esme.logged("not bound; trying again", link="upstream")


def test_an_unbind_of_the_smsc_is_answered_and_followed_by_a_new_bind(smsc, bound, msisdn):
    assert bound[0].ask(Unbind()).status == 0
    assert bound[0].ends()
    bound[0], _ = smsc.accept()
    assert bound[0].dial(msisdn).more


def test_a_refused_bind_is_tried_again(esme, smsc, bound, msisdn):
    smsc.bind_status = S.ESME_RBINDFAIL
    bound[0].close()
    refused, _ = smsc.accept()
    assert refused.ends()
    smsc.bind_status = 0
    bound[0], _ = smsc.accept()
    assert bound[0].dial(msisdn).more
    esme.logged("our bind was refused", status="ESME_RBINDFAIL")


def test_binds_of_clients_are_counted(esme, bound):
    esme.until("/metrics", lambda text: 'smpp_binds{account="upstream",role="client"} 1.0' in text)


def test_a_transmitter_sends_and_a_receiver_receives(run, reactor_thread, tmp_path):
    """The SMS that came by the receiver is answered by the transmitter, which serves any number."""
    sending, receiving = FakeSmsc(), FakeSmsc()
    file = clients(tx=f"{sending.port}, bind: transmitter", rx=f"{receiving.port}, bind: receiver")
    with serving(run, reactor_thread, tmp_path, file) as served:
        (tx, tx_bind), (rx, rx_bind) = sending.accept(), receiving.accept()
        assert tx_bind.command == commands.BIND_TRANSMITTER
        assert rx_bind.command == commands.BIND_RECEIVER
        assert tx.ask(tx.operation(Step.BEGIN, "79220000001", "*105#")).status == S.ESME_RINVBNDSTS
        status, _ = served.api(
            "POST", "/v1/sms", {"from": "79220000002", "to": "000100", "text": "1"}
        )
        assert status == 202
        assert "Balance" in tx.read_sms("79220000002").text
        assert rx.ask(rx.operation(Step.BEGIN, "79220000001", "*105#")).status == 0
        served.logged("a USSD page had no bind to leave by", link="rx")
        tx.close()
        rx.close()


def test_at_the_end_it_unbinds(run, reactor_thread, tmp_path):
    smsc = FakeSmsc()
    with serving(run, reactor_thread, tmp_path, clients(upstream=str(smsc.port))) as served:
        peer, _ = smsc.accept()
        # the answer to the bind has to be read before there is something to unbind
        bound = 'smpp_binds{account="upstream",role="client"} 1.0'
        served.until("/metrics", lambda text: bound in text)
        stopping = run(lambda: [served.service.stop()])
        assert isinstance(peer.expect(), Unbind)
        assert peer.ends()
        assert stopping


# --- TLS ---------------------------------------------------------------------------------------


def server_context(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS, and the certificate to check it against."""
    pem = folder / "server.pem"
    pem.write_bytes(self_signed(time.time()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context, pem


def test_tls_checks_who_it_speaks_to(run, reactor_thread, tmp_path):
    context, authority = server_context(tmp_path)
    trusted, strange = FakeSmsc(context), FakeSmsc(context)
    file = clients(
        known=f"{trusted.port}, tls: true, tls_authority: {authority}",
        unknown=f"{strange.port}, tls: true",
    )
    with serving(run, reactor_thread, tmp_path, file) as served:
        peer, _ = trusted.accept()
        assert "Balance" in peer.dial("79220000002", "*100#").text
        with pytest.raises((ssl.SSLError, ConnectionError)):
            strange.accept()
        served.logged("not bound; trying again", link="unknown")
        assert "certificate" in served.logged("a connection broke", peer="127.0.0.1")["reason"]
        peer.close()


# --- coming back, in virtual time --------------------------------------------------------------


class Endpoint:
    """Connects when told to."""

    def __init__(self) -> None:
        self.attempts: list[Deferred[Any]] = []

    def connect(self, factory: Any) -> Deferred[Any]:
        """One more attempt."""
        self.attempts.append(Deferred())
        return self.attempts[-1]


class NoLink:
    """A link nothing travels by."""

    name = "upstream"


@pytest.fixture
def client() -> tuple[SmppClient, Endpoint, Clock]:
    """A client with the longest pauses that chance gives."""
    endpoint, clock = Endpoint(), Clock()
    made: Any = SmppClient(
        endpoint, Login("us", "pw"), NoLink(), clock, Limits(), lambda: 1.0, Counts()
    )
    return made, endpoint, clock


def test_pauses_double_up_to_a_minute(client):
    made, endpoint, clock = client
    made.start()
    pauses = []
    for _ in range(10):
        endpoint.attempts[-1].errback(OSError("refused"))
        (call,) = clock.getDelayedCalls()
        pauses.append(call.getTime() - clock.seconds())
        clock.advance(pauses[-1])
    assert pauses == [PAUSE_SECONDS_FIRST * 2**n for n in range(7)] + [60.0] * 3


def test_stopping_while_connecting_ends_the_attempt(client):
    made, endpoint, clock = client
    made.start()
    made.stop()
    assert clock.getDelayedCalls() == []
    assert endpoint.attempts[0].called


def test_stopping_while_waiting_ends_the_wait(client):
    made, endpoint, clock = client
    made.start()
    endpoint.attempts[0].errback(OSError("refused"))
    made.stop()
    assert clock.getDelayedCalls() == []
    assert not made.is_up
