"""Binds of the gateway to an SMSC: the same faults and captures as of those made to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.testing import Gateway
from gateway.wire.smpp import commands
from gateway.wire.smpp.status import Status
from gateway.wire.smpp.ussd import Step
from tests.channels.fake_smsc import FakeSmsc, Peer
from tests.testing.test_pcap import needs_tshark, read_back

MSISDN = "79230000001"


@pytest.fixture(scope="module")
def smsc() -> Iterator[FakeSmsc]:
    smsc = FakeSmsc()
    yield smsc
    smsc.close()


@pytest.fixture(scope="module")
def gw(smsc: FakeSmsc, reactor_thread) -> Iterator[Gateway]:
    upstream = {"name": "upstream", "host": "127.0.0.1", "port": smsc.port}
    file = {"smpp_clients": [upstream | {"system_id": "us", "password": "pw"}]}
    with Gateway.start(file=file, subscribers=10, clock="system") as gateway:
        yield gateway


@pytest.fixture(scope="module")
def capture(gw: Gateway, tmp_path_factory: pytest.TempPathFactory):
    path = tmp_path_factory.mktemp("clients") / "run.pcap"
    with gw.pcap(path):
        yield path


@pytest.fixture(scope="module")
def peer(capture, smsc: FakeSmsc) -> Iterator[Peer]:
    peer, bind = smsc.accept()
    assert bind.command in commands.BINDS
    yield peer
    peer.close()


@pytest.fixture(autouse=True)
def lifted(gw: Gateway) -> Iterator[None]:
    yield
    gw.faults.clear()


def test_what_an_smsc_delivers_is_answered_in_our_place(gw, peer):
    fault = gw.faults.deliver_sm(status="ESME_RX_T_APPN", msisdn=MSISDN, bind="us", times=1)
    refused = peer.ask(peer.operation(Step.BEGIN, MSISDN, "*100#"))
    assert refused.status == Status.ESME_RX_T_APPN
    assert fault.hits == 1
    assert "Баланс" in peer.dial(MSISDN, "*100#").text


def test_what_we_submit_is_lost_for_one_subscriber(gw, peer):
    gw.faults.submit_sm(drop=True, msisdn=MSISDN, by="gateway")
    assert "Баланс" in peer.dial("79230000002", "*100#").text
    assert peer.ask(peer.operation(Step.BEGIN, MSISDN, "*100#")).status == 0
    assert peer.hears_nothing(MSISDN)
    gw.faults.clear()
    assert "Баланс" in peer.dial(MSISDN, "*100#").text


@needs_tshark
def test_wireshark_reads_a_bind_to_an_smsc(gw, peer, capture, smsc):
    peer.dial(MSISDN, "*100#")
    asked = f"smpp && tcp.srcport == {smsc.port} && smpp.command_id == 0x00000005"
    assert (MSISDN,) in read_back(capture, asked, "smpp.source_addr")
    shown = f"smpp && tcp.dstport == {smsc.port} && smpp.command_id == 0x00000004"
    assert (MSISDN,) in read_back(capture, shown, "smpp.destination_addr")
