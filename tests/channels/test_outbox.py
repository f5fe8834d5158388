"""SMS on their way out: kept until taken, tried again, given up, and never sent twice."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gateway.channels.smpp_peer import SmppPeer
from gateway.domain.port import Sms
from gateway.wire.smpp import commands
from gateway.wire.smpp.pdu import DeliverSmResp
from gateway.wire.smpp.status import Status as S
from tests.channels.conftest import listen, start_process
from tests.channels.fake_smsc import FakeNetwork
from tests.channels.serving import Served
from tests.channels.test_live import eventually
from tests.channels.test_smpp_sms import reference, submit

EUROPE = "79220000004"
TEMPORARY = (S.ESME_RTHROTTLED, S.ESME_RMSGQFUL, S.ESME_RX_T_APPN, S.ESME_RSYSERR)
PERMANENT = (S.ESME_RX_P_APPN, S.ESME_RX_R_APPN, S.ESME_RINVDSTADR)


def state(house: Served, msisdn: str, wanted: str) -> Any:
    """The number's only message, once it is in that state."""
    found = house.until(
        f"/v1/subscribers/{msisdn}/messages",
        lambda rows: [row["state"] for row in rows] == [wanted],
    )
    return found[0]


def refusing(network: FakeNetwork, status: int | None) -> None:
    """Answer what is delivered with that status, everything else as usual."""
    network.answering = lambda pdu: status if pdu.command == commands.DELIVER_SM else 0


def test_without_a_bind_that_receives_it_waits_and_leaves_with_the_next(house, connect, msisdn):
    transmitter = connect("outbox", kind="transmitter")
    assert transmitter.sms(msisdn, "000100", "1").status == 0
    state(house, msisdn, "queued")
    receiver = connect("outbox", kind="receiver")
    assert "100,00" in receiver.read_sms(msisdn).text
    state(house, msisdn, "delivered")


@pytest.mark.parametrize("status", TEMPORARY)
def test_a_temporary_refusal_is_tried_again_after_a_pause(house, connect, msisdn, status):
    network = connect("outbox")
    refusing(network, status)
    network.sms(msisdn, "000100", "1")
    network.read_sms(msisdn)
    assert network.hears_nothing(msisdn), "not at once"
    refusing(network, 0)
    house.advance(5.1)
    network.read_sms(msisdn)
    state(house, msisdn, "delivered")
    house.advance(600)
    assert network.hears_nothing(msisdn)


@pytest.mark.parametrize("status", PERMANENT)
def test_a_permanent_refusal_is_the_end_of_it(house, connect, msisdn, status):
    network = connect("outbox")
    refusing(network, status)
    network.sms(msisdn, "000100", "1")
    network.read_sms(msisdn)
    state(house, msisdn, "failed")
    house.advance(600)
    assert network.hears_nothing(msisdn)


def test_what_one_bind_rejects_is_for_another_of_the_account(house, connect, msisdn):
    """Two programs on one account, each with numbers of its own: nothing is swallowed."""
    other, network = connect("outbox"), connect("outbox")
    refusing(network, S.ESME_RX_R_APPN)
    network.sms(msisdn, "000100", "1")
    assert "100,00" in network.read_sms(msisdn).text
    assert "100,00" in other.read_sms(msisdn).text
    state(house, msisdn, "delivered")
    assert network.hears_nothing(msisdn)


def test_what_is_rejected_waits_for_another_bind_that_has_no_room(
    house, connect, msisdn, monkeypatch
):
    other, network = connect("outbox"), connect("outbox")
    refusing(network, S.ESME_RX_R_APPN)
    rooms = iter((True, False))
    monkeypatch.setattr(SmppPeer, "has_room", lambda _peer, _count: next(rooms, True))
    network.sms(msisdn, "000100", "1")
    network.read_sms(msisdn)
    assert other.hears_nothing(msisdn)
    state(house, msisdn, "queued")
    house.advance(5.1)
    network.read_sms(msisdn)  # it is asked first, as before
    assert "100,00" in other.read_sms(msisdn).text
    state(house, msisdn, "delivered")


def test_what_nobody_takes_for_three_days_is_given_up(house, connect, msisdn):
    network = connect("outbox")
    refusing(network, S.ESME_RTHROTTLED)
    network.sms(msisdn, "000100", "1")
    network.read_sms(msisdn)
    house.advance(3 * 86_400 + 60)
    network.read_sms(msisdn)
    state(house, msisdn, "failed")


def test_an_answer_lost_with_the_connection_makes_it_leave_again(house, connect, msisdn):
    network = connect("outbox")
    refusing(network, None)
    network.sms(msisdn, "000100", "1")
    first = network.read_sms(msisdn)
    network.close()
    state(house, msisdn, "queued")
    again = connect("outbox")
    assert again.read_sms(msisdn).text == first.text
    state(house, msisdn, "delivered")
    again.unbind()
    third = connect("outbox")
    assert third.hears_nothing(msisdn)


def test_a_long_sms_is_settled_by_its_last_part_and_repeated_whole(house, connect, msisdn):
    network = connect("outbox")
    refusing(network, None)
    network.sms(msisdn, "000105", "МЕНЮ")
    parts = network.read_sms(msisdn).pdus
    assert len(parts) == 2
    network.send(DeliverSmResp(parts[0].sequence))
    state(house, msisdn, "queued")
    network.send(DeliverSmResp(parts[1].sequence, S.ESME_RX_T_APPN))
    refusing(network, 0)
    network.read_for(0.05)
    house.advance(5.1)
    assert len(network.read_sms(msisdn).pdus) == 2
    state(house, msisdn, "delivered")


def test_an_sms_of_the_account_core_finds_the_network_that_serves_the_number(house, connect):
    """Ordered by HTTP, it has no link of its own; `few` may not speak for the number."""
    with_few, bare = connect("few"), connect("bare")
    status, _ = house.api("POST", "/v1/sms", {"from": "79230000990", "to": "000100", "text": "1"})
    assert status == 202
    assert "100,00" in bare.read_sms("79230000990").text
    with_few.read_for(0.03)
    assert not [pdu for pdu in with_few.kept if pdu.destination_addr == "79230000990"]


def test_an_sms_that_fits_no_pdu_is_given_up_and_harms_nothing(house, connect, run, msisdn):
    network = connect("bare")
    sms = Sms("X-0-0", "bare", msisdn, "0" * 30, "never", 0.0)
    run(house.service.desk.deliver, sms)
    house.logged("an SMS cannot be sent", link="bare")
    network.sms(msisdn, "000100", "1")
    assert "100,00" in network.read_sms(msisdn).text
    assert "X-0-0" not in house.service.desk.outbox._held


def test_the_age_of_what_waits_longest_is_told(house, run, msisdn):
    outbox, now = house.service.desk.outbox, house.service.desk.now()
    eventually(lambda: len(outbox) == 0)
    assert outbox.oldest_seconds == 0.0
    for number, age in enumerate((90.0, 30.0)):
        run(outbox.offer, Sms(f"Y-0-{number}", "nowhere", msisdn, "000100", "late", now - age))
    assert 90.0 <= outbox.oldest_seconds < 95.0
    for held in ("Y-0-0", "Y-0-1"):
        run(outbox._held.pop, held)


def test_hundreds_of_sms_all_leave_through_a_small_window(house, connect):
    """`tight` has a window of 2: the rest waits in memory and in order."""
    transmitter = connect("tight", kind="transmitter")
    numbers = [f"79230000{n}" for n in range(900, 960)]
    for number in numbers:
        while transmitter.sms(number, "000100", "1").status:
            pass
    receiver = connect("tight", kind="receiver")
    got = [receiver.expect(lambda pdu: pdu.command == commands.DELIVER_SM) for _ in numbers]
    assert [pdu.destination_addr for pdu in got] == numbers


# --- kill -9 -----------------------------------------------------------------------------------


class Runs:
    """A gateway that is started again and again on the same data."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def run(self) -> Iterator[tuple[Served, Any]]:
        """One run; killed at its end, whatever it was doing."""
        log = self._folder / "log"
        process = start_process(self._folder / "data", log)
        try:
            yield Served(listen(process, log)), process
        finally:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            assert "Traceback" not in log.read_text()


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    """A gateway to be killed."""
    return Runs(tmp_path)


def test_kill_9_loses_no_sms_repeats_none_that_was_taken_and_charges_once(runs):
    """Three runs: the SMS is not acknowledged, then it is, then nothing is left to send. The
    subscriber's PDU is repeated in each and paid for once."""
    pdu = submit(EUROPE, "000110", b"00", **reference(99))
    with runs.run() as (served, _):
        network = FakeNetwork(served.smpp)
        refusing(network, None)
        network.dial(EUROPE)
        first_id = network.ask(pdu).message_id
        password = re.search(r"\d{6}", network.read_sms(EUROPE).text)
    with runs.run() as (served, _):
        network = FakeNetwork(served.smpp)
        again = network.read_sms(EUROPE)
        assert password is not None
        assert password[0] in again.text
        assert "Баланс" in network.answer(EUROPE, "1").text, "the dialogue went on"
        assert network.ask(pdu).message_id == first_id
        served.until(
            f"/v1/subscribers/{EUROPE}/messages",
            lambda rows: [row["state"] for row in rows] == ["delivered"],
        )
    with runs.run() as (served, _):
        network = FakeNetwork(served.smpp)
        assert network.ask(pdu).message_id == first_id
        network.read_for(0.2)
        assert network.kept == []
        charges = served.get(f"/v1/subscribers/{EUROPE}/charges")
        paid = [charge for charge in charges if charge["amount"] != "0.00"]
        assert [(charge["rule"], charge["amount"]) for charge in paid] == [("CH04", "19.00")]
        assert served.get(f"/v1/subscribers/{EUROPE}")["balance"] == "281.00"
        new = network.ask(submit("79220000001", "000100", b"1")).message_id
        assert new[:3] > first_id[:3], "message ids are unique over restarts"
