"""Sessions: both roles joined, windows both ways, rates, time, and the ways to end."""

from __future__ import annotations

import pytest

from gateway.wire.smpp import codec, commands
from gateway.wire.smpp.errors import NotBound, WindowFull
from gateway.wire.smpp.events import (
    Answered,
    BindRefused,
    BindRequested,
    Bound,
    Closed,
    Lost,
    PduRefused,
)
from gateway.wire.smpp.limits import Limits
from gateway.wire.smpp.link import SEQUENCE_MAX
from gateway.wire.smpp.pdu import (
    AlertNotification,
    BindTransceiver,
    BindTransceiverResp,
    BindTransmitter,
    DeliverSmResp,
    GenericNack,
    Outbind,
    SubmitSmResp,
    Unbind,
)
from gateway.wire.smpp.session import Session
from gateway.wire.smpp.states import TABLE, Role, State
from gateway.wire.smpp.status import Status as S
from gateway.wire.throttle import Throttle
from tests.wire.smpp.links import (
    Joined,
    answers,
    bound_server,
    deliver,
    joined,
    only,
    raw,
    sent,
    submit,
)


def test_both_roles_joined() -> None:
    pair = joined()
    assert pair.client.state is pair.server.state is State.BOUND_TRX
    assert pair.client.request(submit(), "up", 1.0)
    pair.settle(1.0)
    [request] = pair.to_server
    pair.server.respond(request, 0, "17")
    pair.server.request(deliver(tlvs=((0x0501, b"\x02"),)), "down", 1.0)
    pair.settle(1.0)
    answered, delivered = pair.to_client
    assert answered == Answered("up", 0, SubmitSmResp(request.sequence, 0, "17"))
    assert delivered.tlvs == ((0x0501, b"\x02"),)
    pair.client.respond(delivered)
    pair.settle(1.0)
    assert pair.to_server[-1] == Answered("down", 0, DeliverSmResp(delivered.sequence))
    assert pair.server.window_pdus == pair.server.unanswered_pdus == 0
    pair.client.unbind(2.0)
    pair.settle(2.0)
    assert pair.to_client[-1] == pair.to_server[-1] == Closed("unbound")


def test_responses_come_in_any_order() -> None:
    pair = joined()
    for context in "abc":
        pair.client.request(submit(), context, 1.0)
    pair.settle(1.0)
    for request in reversed(pair.to_server):
        pair.server.respond(request, 0, "17")
    pair.settle(1.0)
    assert [event.context for event in pair.to_client] == ["c", "b", "a"]


# --- binding ---------------------------------------------------------------------------------


def test_a_client_whose_bind_is_refused() -> None:
    pair = Joined(Session.client(BindTransmitter(0, "a", "b"), 0.0), Session.server(0.0))
    pair.settle(0.0)
    pair.server.refuse_bind(0.0, S.ESME_RBINDFAIL)
    pair.settle(0.0)
    assert pair.to_client == [BindRefused(S.ESME_RBINDFAIL), Closed("bind_refused")]


@pytest.mark.parametrize(
    "answer",
    [GenericNack(1, S.ESME_RINVCMDID), BindTransceiverResp(1, S.ESME_RALYBND)],
)
def test_a_bind_answered_otherwise(answer: GenericNack) -> None:
    session = Session.client(BindTransceiver(0, "a", "b"), 0.0)
    events = session.receive(codec.build(answer), 1.0)
    assert events == [BindRefused(answer.status), Closed("bind_refused")]


def test_a_bind_response_that_cannot_be_read_is_a_refusal() -> None:
    session = Session.client(BindTransceiver(0, "a", "b"), 0.0)
    events = session.receive(raw(commands.BIND_TRANSCEIVER_RESP, b"x" * 30, 1), 1.0)
    assert [type(event) for event in events] == [PduRefused, BindRefused, Closed]


def test_outbind_makes_the_client_bind() -> None:
    pair = Joined(Session.client(None, 0.0), Session.server(0.0))
    pair.server.outbind("gateway", "secret")
    pair.settle(0.0)
    assert pair.to_client == [Outbind(1, "gateway", "secret")]
    pair.client.bind(BindTransceiver(0, "a", "b"), 0.0)
    pair.settle(0.0)
    assert only(pair.to_server, BindRequested).pdu.system_id == "a"
    pair.server.accept_bind(0.0)
    pair.settle(0.0)
    assert only(pair.to_client, Bound).state is State.BOUND_TRX


def test_what_waits_for_the_decision_is_limited() -> None:
    session = Session.server(0.0, Limits(parked_pdus_max=1))
    bind = codec.build(BindTransceiver(1, "a", "b"))
    session.receive(bind + codec.build(submit(2)) + codec.build(submit(3)) + bind, 0.0)
    assert answers(session) == [
        ("submit_sm_resp", S.ESME_RINVBNDSTS, 3),
        ("bind_transceiver_resp", S.ESME_RALYBND, 1),
    ]
    assert session.accept_bind(0.0) == [submit(2)]


def test_a_decision_about_a_peer_that_has_gone_does_nothing() -> None:
    session = Session.server(0.0)
    session.receive(codec.build(BindTransceiver(1, "a", "b")), 0.0)
    assert session.connection_lost() == [Closed("connection_lost")]
    assert session.accept_bind(0.0) == session.refuse_bind(0.0) == []
    assert session.data_to_send() == []


def test_below_v34_no_tlvs_and_a_short_message_id() -> None:
    session = bound_server(version=0x33)
    session.receive(codec.build(submit()), 1.0)
    session.respond(submit(), 0, "1234567890AB", ((0x0428, b"\x50"),))
    session.request(deliver(tlvs=((0x0501, b"\x02"),)), None, 1.0)
    response, request = sent(session)
    assert response == SubmitSmResp(7, 0, "567890AB")
    assert request.tlvs == ()  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="message_payload"):
        session.request(deliver(short_message=b"", tlvs=((0x0424, b"x"),)), None, 1.0)


@pytest.mark.parametrize(("assume", "tlvs"), [(True, ((0x0501, b"\x12"),)), (False, ())])
def test_an_smsc_that_names_no_version(assume: bool, tlvs: object) -> None:
    limits = Limits(tlvs_without_version=assume)
    session = Session.client(BindTransceiver(0, "a", "b"), 0.0, limits)
    session.receive(codec.build(BindTransceiverResp(1, 0, "smsc")), 0.0)
    session.data_to_send()
    session.request(submit(tlvs=((0x0501, b"\x12"),)), None, 0.0)
    assert sent(session)[0].tlvs == tlvs  # type: ignore[attr-defined]


# --- windows and rates -----------------------------------------------------------------------


def test_requests_wait_for_the_window_and_then_for_nothing() -> None:
    session = bound_server(limits=Limits(window_out_pdus_max=2, queue_out_pdus_max=1))
    assert [session.request(deliver(), context, 1.0) for context in "abc"] == [True, True, False]
    with pytest.raises(WindowFull):
        session.request(deliver(), "d", 1.0)
    assert (session.window_pdus, session.queue_pdus) == (2, 1)
    first, second = sent(session)
    events = session.receive(codec.build(DeliverSmResp(second.sequence)), 2.0)
    assert [event.context for event in events] == ["b"]
    [third] = sent(session)
    assert third.sequence == second.sequence + 1
    assert session.request(deliver(), "d", 2.0) is False
    assert first.sequence == 1


def test_a_response_of_the_wrong_kind_answers_nothing_and_a_nack_does() -> None:
    session = bound_server()
    session.request(deliver(), "a", 1.0)
    assert session.receive(codec.build(SubmitSmResp(1, 0, "x")), 1.0) == []
    nack = GenericNack(1, S.ESME_RINVCMDID)
    assert session.receive(codec.build(nack), 1.0) == [Answered("a", S.ESME_RINVCMDID, nack)]


def test_a_response_that_cannot_be_read_still_answers() -> None:
    session = bound_server()
    session.request(deliver(), "a", 1.0)
    events = session.receive(raw(commands.DELIVER_SM_RESP, b"x" * 80, 1), 1.0)
    assert [type(event) for event in events] == [PduRefused, Answered]
    assert events[1] == Answered("a", 0, None)
    assert session.data_to_send()[1:] == []


def test_more_than_the_window_in_is_a_full_queue() -> None:
    session = bound_server(limits=Limits(window_in_pdus_max=2))
    octets = b"".join(codec.build(submit(number)) for number in (1, 2, 3))
    assert len(session.receive(octets, 1.0)) == 3
    assert answers(session) == [("submit_sm_resp", S.ESME_RMSGQFUL, 3)]
    session.respond(submit(1), 0, "1")
    assert session.receive(codec.build(submit(4)), 1.0) == [submit(4)]


def test_one_rate_for_all_binds_of_an_account() -> None:
    throttle = Throttle(per_second=2)
    one, other = bound_server(throttle=throttle), bound_server(throttle=throttle)
    one.receive(codec.build(submit(1)), 1.0)
    other.receive(codec.build(submit(1)), 1.0)
    other.receive(codec.build(submit(2)), 1.0)
    assert answers(one) == []
    assert answers(other) == [("submit_sm_resp", S.ESME_RTHROTTLED, 2)]
    assert one.receive(codec.build(submit(2)), 1.5) == [submit(2)]


def test_a_throttle_saves_up_its_burst_and_no_more() -> None:
    throttle = Throttle(per_second=10, burst=3)
    assert [throttle.take(0.0) for _ in range(4)] == [True, True, True, False]
    assert [throttle.take(0.1) for _ in range(2)] == [True, False]
    assert [throttle.take(99.0) for _ in range(4)] == [True, True, True, False]
    assert throttle.take(50.0) is False, "a clock that goes back gives nothing"


def test_sequence_numbers_wrap_to_one() -> None:
    session = bound_server()
    session._sequence = SEQUENCE_MAX - 1
    for _ in range(2):
        session.request(deliver(), None, 1.0)
    assert [pdu.sequence for pdu in sent(session)] == [SEQUENCE_MAX, 1]


def test_alert_notification_is_sent_and_nothing_waits() -> None:
    pair = joined(Limits(window_out_pdus_max=1))
    pair.server.request(deliver(), None, 1.0)
    assert pair.server.request(AlertNotification(source_addr="7922"), None, 1.0)
    pair.settle(1.0)
    assert isinstance(pair.to_client[1], AlertNotification)
    assert (pair.server.window_pdus, pair.client.unanswered_pdus) == (1, 1)


@pytest.mark.parametrize(
    ("how", "pdu"),
    [("TX", deliver()), ("TRX", submit()), ("TRX", Unbind()), ("TRX", BindTransceiver())],
    ids=["deliver_sm to a transmitter", "submit_sm by an SMSC", "unbind", "bind"],
)
def test_what_this_end_may_not_send(how: str, pdu: Unbind) -> None:
    with pytest.raises(NotBound):
        bound_server(how).request(pdu, None, 1.0)


def test_answering_twice_is_a_bug() -> None:
    session = bound_server()
    session.receive(codec.build(submit()), 1.0)
    session.respond(submit(), 0, "1")
    with pytest.raises(AssertionError):
        session.respond(submit(), 0, "1")


# --- time ------------------------------------------------------------------------------------


def test_no_bind_in_time() -> None:
    session = Session.server(0.0)
    assert session.next_timer() == 10.0
    assert session.timer_fired(9.9) == []
    session.receive(raw(commands.ENQUIRE_LINK), 9.9)
    assert session.timer_fired(10.0) == [Closed("session_init_timeout")]
    assert session.next_timer() is None


def test_refused_binds_do_not_buy_time() -> None:
    session = Session.server(0.0)
    session.receive(codec.build(BindTransceiver(1, "a", "b")), 9.0)
    session.refuse_bind(9.0)
    assert session.next_timer() == 10.0


def test_a_client_whose_bind_is_not_answered() -> None:
    session = Session.client(BindTransceiver(0, "a", "b"), 0.0)
    assert session.next_timer() == 10.0
    assert session.timer_fired(10.0) == [Closed("bind_timeout")]


def test_enquire_link_after_silence_and_the_end_without_an_answer() -> None:
    session = bound_server()
    assert session.next_timer() == 30.0
    assert session.timer_fired(30.0) == []
    assert answers(session) == [("enquire_link", 0, 1)]
    assert session.next_timer() == 40.0
    assert session.timer_fired(39.0) == []
    assert session.timer_fired(40.0) == [Closed("enquire_link_timeout")]


def test_an_answered_enquire_link_and_a_busy_peer_keep_the_session() -> None:
    session = bound_server()
    session.timer_fired(30.0)
    session.receive(raw(commands.ENQUIRE_LINK_RESP, sequence=1), 31.0)
    assert session.next_timer() == 61.0
    session.timer_fired(61.0)
    session.receive(codec.build(submit()), 70.0)
    assert session.timer_fired(71.0) == []
    assert session.state is State.BOUND_TRX
    assert session.next_timer() == 100.0


def test_a_request_without_an_answer_is_lost_and_the_next_takes_its_place() -> None:
    session = bound_server(limits=Limits(window_out_pdus_max=1))
    session.request(deliver(), "a", 1.0)
    session.request(deliver(), "b", 1.0)
    session.data_to_send()
    assert session.next_timer() == 11.0
    assert session.timer_fired(11.0) == [Lost("a", "response_timeout", True)]
    assert answers(session) == [("deliver_sm", 0, 2)]
    assert session.receive(codec.build(DeliverSmResp(1)), 12.0) == [], "late"
    assert session.next_timer() == 21.0


def test_inactivity_unbinds() -> None:
    session = bound_server(limits=Limits(inactivity_seconds_max=20.0))
    session.receive(raw(commands.ENQUIRE_LINK), 19.0)
    session.receive(codec.build(submit()), 15.0)
    session.data_to_send()
    assert session.next_timer() == 35.0
    assert session.timer_fired(35.0) == []
    assert answers(session) == [("unbind", 0, 1)]
    assert session.timer_fired(45.0) == [Closed("unbind_timeout")]


# --- the end ---------------------------------------------------------------------------------


def test_drain_waits_for_both_ways_then_unbinds() -> None:
    pair = joined()
    pair.client.request(submit(), "under way", 1.0)
    pair.settle(1.0)
    [request] = pair.to_server
    assert pair.server.drain(1.0) == []
    pair.client.request(submit(), "too late", 1.0)
    pair.settle(1.0)
    assert pair.to_client[-1].status == S.ESME_RSYSERR
    pair.server.timer_fired(2.0)
    assert pair.server.state is State.BOUND_TRX
    pair.server.request(deliver(), "the answer may still leave", 2.0)
    pair.server.respond(request, 0, "17")
    pair.settle(2.0)
    pair.server.timer_fired(3.0)
    assert pair.server.state is State.BOUND_TRX
    pair.client.respond(pair.to_client[-2])
    pair.settle(3.0)
    pair.server.timer_fired(4.0)
    with pytest.raises(NotBound):
        pair.server.request(deliver(), None, 4.0)
    pair.settle(4.0)
    assert pair.to_server[-1] == pair.to_client[-1] == Closed("unbound")


def test_a_drain_has_an_end() -> None:
    session = bound_server()
    session.request(deliver(), "a", 1.0)
    session.drain(1.0)
    assert session.next_timer() == pytest.approx(1.05)
    events = session.timer_fired(11.0)
    assert Lost("a", "response_timeout", True) in events
    assert events[-1] == Closed("drain_timeout")


def test_a_client_that_drains_asks_to_try_again() -> None:
    pair = joined()
    pair.client.drain(1.0)
    pair.server.request(deliver(), "a", 1.0)
    pair.settle(1.0)
    assert pair.to_server[-1].status == S.ESME_RX_T_APPN


def test_draining_what_is_not_bound_closes_it() -> None:
    assert Session.server(0.0).drain(0.0) == [Closed("closed")]
    assert Session.server(0.0).unbind(0.0) == [Closed("closed")]


def test_whatever_is_under_way_is_lost_once_in_order() -> None:
    session = bound_server(limits=Limits(window_out_pdus_max=1))
    session.request(deliver(), "sent", 1.0)
    session.request(deliver(), "waiting", 1.0)
    session.receive(codec.build(submit()), 1.0)
    assert session.connection_lost() == [
        Lost("sent", "connection_lost", True),
        Lost("waiting", "connection_lost", False),
        Closed("connection_lost"),
    ]
    assert session.connection_lost() == session.close() == []
    assert session.respond(submit(), 0, "1") is False
    with pytest.raises(NotBound):
        session.request(deliver(), None, 1.0)


# --- the table -------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_the_table_names_every_state_and_command(role: Role) -> None:
    table = TABLE[role]
    assert len(table) == len(State) * 14
    for (state, command), status in table.items():
        if command == commands.ENQUIRE_LINK and state is not State.CLOSED:
            assert status == 0
        if state in (State.UNBOUND, State.CLOSED) and command != commands.ENQUIRE_LINK:
            assert status != 0
