"""Messages for later: kept, found, changed, taken back, and acted on once when they are due."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.channels.smpp_schedule import moment_of
from gateway.wire.smpp.errors import ProtocolError
from gateway.wire.smpp.operations import CancelSm, QuerySm, ReplaceSm, SmeAddress, SubmitMulti
from gateway.wire.smpp.receipt import MessageState
from gateway.wire.smpp.status import Status as S
from gateway.wire.smpp.times import absolute_time
from tests.channels.fake_smsc import FakeNetwork
from tests.channels.serving import serving
from tests.channels.test_smpp_sms import reference, submit

IN_TEN_MINUTES = "000000001000000R"
NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)


def later(msisdn: str, text: bytes = b"1", when: str = IN_TEN_MINUTES, **fields: Any) -> Any:
    """A balance asked for later."""
    return submit(msisdn, "000100", text, schedule_delivery_time=when, **fields)


def state_of(network: FakeNetwork, message_id: str, msisdn: str = "") -> Any:
    """What query_sm tells."""
    return network.ask(QuerySm(message_id=message_id, source_addr=msisdn))


def test_it_waits_until_it_is_due_and_acts_once(house, connect, msisdn):
    network = connect()
    message_id = network.ask(later(msisdn, registered_delivery=1)).message_id
    query = state_of(network, message_id, msisdn)
    assert (query.message_state, query.final_date) == (MessageState.SCHEDULED, "")
    house.advance(599)
    assert network.hears_nothing(msisdn)
    house.advance(2)
    assert network.receipt(message_id).state is MessageState.DELIVERED
    assert "100,00" in network.read_sms(msisdn).text
    assert state_of(network, message_id).message_state == MessageState.DELIVERED
    house.advance(3600)
    assert network.hears_nothing(msisdn)


def test_several_are_acted_on_in_their_order(house, connect, msisdn):
    network = connect()
    for minutes, text in ((20, b"B"), (10, b"00"), (30, b"7")):
        when = f"00000000{minutes}00000R"
        answer = network.ask(submit(msisdn, "000105", text, schedule_delivery_time=when))
        assert answer.status == 0
    house.advance(1801)
    texts = [network.read_sms(msisdn).text for _ in range(3)]
    assert re.search(r"\d{6}", texts[0])
    assert "100,00" in texts[1]


@pytest.mark.parametrize("when", ["", "000000000000000R", "200101000000000+"])
def test_now_or_past_is_at_once(connect, msisdn, when):
    network = connect()
    assert network.ask(later(msisdn, when=when)).status == 0
    assert "100,00" in network.read_sms(msisdn).text


@pytest.mark.parametrize("when", ["990101000000000+", "000201000000000R"])
def test_too_far_ahead_is_refused(connect, msisdn, when):
    network = connect()
    assert network.ask(later(msisdn, when=when)).status == S.ESME_RINVSCHED


def test_a_repeated_one_is_kept_once(house, connect, msisdn):
    network = connect()
    ids = {network.ask(later(msisdn, **reference(5))).message_id for _ in range(2)}
    assert len(ids) == 1
    house.advance(601)
    assert network.read_sms(msisdn).text
    assert network.hears_nothing(msisdn)


def test_cancelled_it_never_happens(house, connect, msisdn):
    network = connect()
    message_id = network.ask(later(msisdn, registered_delivery=1)).message_id
    cancel = {"message_id": message_id, "destination_addr": "000100"}
    foreign = network.ask(CancelSm(**cancel, source_addr="79220000099"))
    assert foreign.status == S.ESME_RINVMSGID
    assert network.ask(CancelSm(**cancel, source_addr=f"+{msisdn}")).status == 0
    assert network.receipt(message_id).state is MessageState.DELETED
    query = state_of(network, message_id)
    assert query.message_state == MessageState.DELETED
    assert query.final_date
    assert network.ask(CancelSm(**cancel, source_addr=msisdn)).status == S.ESME_RCANCELFAIL
    house.advance(601)
    assert network.hears_nothing(msisdn)


def test_without_an_id_all_between_two_addresses_are_cancelled(house, connect, msisdn):
    network = connect()
    for text in (b"1", b"2"):
        network.ask(later(msisdn, text))
    between = {"source_addr": msisdn, "destination_addr": "000100"}
    assert network.ask(CancelSm(**between)).status == 0
    assert network.ask(CancelSm(**between)).status == S.ESME_RCANCELFAIL
    house.advance(601)
    assert network.hears_nothing(msisdn)


def test_another_account_cannot_touch_it(house, connect, msisdn):
    network, other = connect(), connect("bare")
    message_id = network.ask(later(msisdn)).message_id
    known = {"message_id": message_id, "source_addr": msisdn}
    assert other.ask(QuerySm(**known)).status == S.ESME_RQUERYFAIL
    assert other.ask(CancelSm(**known)).status == S.ESME_RINVMSGID
    assert other.ask(ReplaceSm(**known)).status == S.ESME_RINVMSGID
    assert network.ask(CancelSm(**known)).status == 0


def test_replaced_its_text_and_its_time_are_new(house, connect, msisdn):
    network = connect()
    message_id = network.ask(later(msisdn, "1".encode("utf-16-be"), data_coding=8)).message_id
    known = {"message_id": message_id, "source_addr": msisdn}
    replaced = ReplaceSm(
        **known,
        schedule_delivery_time="000000002000000R",
        registered_delivery=1,
        short_message="РАСХОД".encode("utf-16-be"),
    )
    assert network.ask(replaced).status == 0
    assert state_of(network, message_id).message_state == MessageState.SCHEDULED
    house.advance(900)
    assert network.hears_nothing(msisdn)
    house.advance(301)
    assert network.receipt(message_id).state is MessageState.DELIVERED
    assert "100,00" not in network.read_sms(msisdn).text
    assert network.ask(ReplaceSm(**known)).status == S.ESME_RREPLACEFAIL


def test_submit_multi_is_not_scheduled(connect, msisdn):
    network = connect()
    pdu = SubmitMulti(
        source_addr=msisdn,
        destinations=(SmeAddress(0, 1, "000100"),),
        schedule_delivery_time=IN_TEN_MINUTES,
        short_message=b"1",
    )
    assert network.ask(pdu).status == S.ESME_RINVSCHED


def test_it_outlives_a_restart(run, reactor_thread, tmp_path):
    with serving(run, reactor_thread, tmp_path) as served:
        network = FakeNetwork(served.smpp)
        soon = absolute_time(datetime.now(UTC) + timedelta(seconds=1))
        message_id = network.ask(later("79220000002", when=soon)).message_id
        network.unbind()
    with serving(run, reactor_thread, tmp_path) as served:
        network = FakeNetwork(served.smpp)
        assert "Balance" in network.read_sms("79220000002").text
        assert state_of(network, message_id).message_state == MessageState.DELIVERED
        network.unbind()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 0),
        ("000000000130000R", 90),
        ("260801120130000+", 90),
        ("260801170130020+", 90),
        ("260801115900000+", 0),
    ],
)
def test_moments(text, seconds):
    now = NOW.timestamp()
    assert moment_of(text, now) == now + seconds


def test_a_moment_too_far_ahead():
    with pytest.raises(ProtocolError):
        moment_of("261001120000000+", NOW.timestamp())
