"""Transactions: the table is whole, and each timer fires at its moment (RFC 3261 §17)."""

from __future__ import annotations

import pytest

from gateway.wire.sip.core import Core
from gateway.wire.sip.message import Headers, Request, Response
from gateway.wire.sip.settings import Settings
from gateway.wire.sip.states import DURATIONS, FIRST, TABLE, Action, Input, Machine, State
from gateway.wire.sip.timers import Timers
from gateway.wire.sip.transactions import Transactions
from tests.wire.sip.peer import ANSWER, OURS, PHONE, Caller, statuses


@pytest.mark.parametrize("machine", Machine, ids=lambda machine: machine.value)
def test_the_table_is_whole(machine):
    rows = TABLE[machine]
    reached = {FIRST[machine].state} | {row.state for row in rows.values()}
    left = {state for state, _ in rows}
    assert reached - left == {State.TERMINATED}  # every other state can be left
    assert left <= reached
    started = FIRST[machine].start + "".join(row.start for row in rows.values())
    assert set(started) <= set(DURATIONS)
    fired = {came.name for _, came in rows if came.name in DURATIONS}
    assert fired == set(started)  # what is started is waited for, and nothing else


@pytest.mark.parametrize("machine", Machine, ids=lambda machine: machine.value)
def test_a_retransmission_never_changes_the_state(machine):
    for (state, came), row in TABLE[machine].items():
        if came in (Input.REQUEST, Input.A, Input.E, Input.G):
            assert row.state is state
            assert row.actions == (Action.RESEND,)


MOMENTS_TO_T2 = [0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]


def moments(caller: Caller, upto: float) -> list[float]:
    """When something is sent again."""
    seen = []
    while (at := caller.uas.next_timer()) is not None and at <= upto:
        caller.uas.timer_fired(at)
        seen += [at] * len(caller.collect())
    return seen


def test_a_failure_is_repeated_until_its_ack():
    """Timers G and H."""
    caller = Caller()
    caller.invite()
    caller.uas.reject(caller.call, 0.0, 486)
    caller.collect()
    assert moments(caller, 100.0) == MOMENTS_TO_T2
    assert caller.uas.transactions == 0


@pytest.mark.parametrize(("transport", "kept"), [("udp", 5.0), ("tcp", 0.0)])
def test_after_the_ack_of_a_failure_it_is_kept_for_late_ones(transport, kept):
    """Timer I."""
    caller = Caller(transport=transport)
    caller.invite()
    caller.uas.reject(caller.call, 0.0, 486)
    ack = caller.request("ACK", cseq=1, branch="z9hG4bKcall-1INVITE1")
    caller.send(ack, 1.0)
    assert caller.uas.next_timer() == 1.0 + kept
    caller.wait(1.0 + kept)
    assert caller.uas.transactions == 0


@pytest.mark.parametrize(("transport", "kept"), [("udp", 32.0), ("tcp", 0.0)])
def test_an_answer_is_kept_for_its_retransmissions(transport, kept):
    """Timer J."""
    caller = Caller(transport=transport)
    caller.talk()
    caller.send(caller.request("INFO"), 1.0)
    if kept:
        caller.wait(kept - 0.1)  # without Timer L of the INVITE
        assert caller.uas.transactions == 2
        caller.wait(32.5)
        assert caller.uas.transactions == 1
    caller.wait(33.0)
    assert caller.uas.transactions == 0


# --- the client side ------------------------------------------------------------------------------


class Asked:
    """A request of ours, without a call around it."""

    def __init__(self, method: str, transport: str = "udp") -> None:
        self.core = Core(Settings(), lambda: "x" * 16, lambda transport, peer: OURS)
        self.layer = Transactions(self.core)
        self.told: list[int | str] = []
        fields = (
            ("Via", f"SIP/2.0/{transport.upper()} 192.0.2.99;branch=z9hG4bK1"),
            ("Max-Forwards", "70"),
            ("From", "<sip:a>;tag=1"),
            ("To", "<sip:b>;tag=2"),
            ("Call-ID", "c"),
            ("CSeq", f"1 {method}"),
        )
        self.request = Request(method, "sip:b@192.0.2.7", Headers(fields))
        self.layer.ask(self.request, (PHONE, transport), self._response, self._silence, 0.0)

    def _response(self, response: Response, now: float) -> None:
        self.told.append(response.status)

    def _silence(self, now: float) -> None:
        self.told.append("silence")

    def answered(self, status: int, now: float) -> bool:
        headers = Headers((*self.request.headers, ("X", "y")))
        return self.layer.answered(Response(status, "", headers), now)

    def sent(self, upto: float) -> list[tuple[float, str]]:
        """What left, and when."""
        seen = [(0.0, item.data.split()[0].decode()) for item in self.core.out]
        self.core.out.clear()
        while (at := self.core.timers.next()) is not None and at <= upto:
            self.core.timers.fire(at)
            seen += [(at, item.data.split()[0].decode()) for item in self.core.out]
            self.core.out.clear()
        return seen


@pytest.mark.parametrize(
    ("method", "transport", "at"),
    [
        ("INVITE", "udp", [0.0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5]),
        ("INVITE", "tcp", [0.0]),
        ("BYE", "udp", [0.0, *MOMENTS_TO_T2]),
        ("BYE", "tcp", [0.0]),
    ],
)
def test_a_request_nobody_answers(method, transport, at):
    """Timers A and B, E and F."""
    asked = Asked(method, transport)
    assert [moment for moment, _ in asked.sent(31.9)] == at
    assert asked.told == []
    asked.sent(32.0)
    assert asked.told == ["silence"]
    assert len(asked.layer) == 0


def test_a_provisional_answer_slows_a_request_down():
    asked = Asked("BYE")
    asked.answered(100, 0.1)
    assert [at for at, _ in asked.sent(10.0)] == [0.0, 0.5, 4.5, 8.5]
    assert asked.answered(200, 10.0)
    assert asked.told == [200]
    assert asked.answered(200, 11.0)
    assert asked.told == [200]
    assert asked.sent(100.0) == []


def test_a_failure_of_an_invite_is_acknowledged_as_often_as_it_comes():
    asked = Asked("INVITE")
    asked.answered(486, 0.1)
    asked.answered(486, 0.6)
    assert asked.told == [486]
    assert asked.sent(31.0) == [(0.0, "INVITE"), (0.0, "ACK"), (0.0, "ACK")]
    assert len(asked.layer) == 1
    asked.sent(32.1)  # Timer D
    assert len(asked.layer) == 0
    assert not asked.answered(486, 33.0)


def test_every_2xx_of_an_invite_is_passed_on():
    asked = Asked("INVITE")
    asked.answered(180, 0.1)
    asked.answered(200, 0.2)
    asked.answered(200, 0.7)
    assert asked.told == [180, 200, 200]
    asked.sent(32.2)  # Timer M
    assert len(asked.layer) == 0


@pytest.mark.parametrize("status", [180, 200, 486])
def test_answers_of_nobody_are_nobodys(status):
    asked = Asked("BYE")
    other = Response(status, "", Headers([("Via", "SIP/2.0/UDP x;branch=y"), ("CSeq", "1 BYE")]))
    assert not asked.layer.answered(other, 0.0)
    assert not asked.layer.answered(Response(status, "", Headers()), 0.0)
    assert asked.told == []


# --- timers ---------------------------------------------------------------------------------------


def test_timers_fire_in_order_and_stopped_ones_do_not():
    timers, fired = Timers(), []
    stopped = timers.start(1.0, lambda now: fired.append("stopped"))
    timers.start(3.0, lambda now: fired.append("late"))
    timers.start(2.0, lambda now: fired.append("first"))
    timers.start(2.0, lambda now: fired.append("second"))
    timers.stop(stopped)
    timers.stop(stopped)
    assert timers.next() == 2.0
    timers.fire(2.5)
    assert fired == ["first", "second"]
    assert timers.next() == 3.0


def test_stopped_timers_are_swept():
    timers = Timers()
    timers.start(1.0, lambda now: None)
    for _ in range(10_000):
        timers.stop(timers.start(2.0, lambda now: None))
    assert len(timers._heap) < 2_500
    assert timers.next() == 1.0


def test_statuses_are_counted():
    caller = Caller()
    caller.talk()
    caller.send(caller.request("DANCE"))
    counts = caller.uas.counts
    assert counts.requests == {"INVITE": 1, "ACK": 1, "other": 1}
    assert counts.responses == {100: 1, 200: 1, 501: 1}
    assert statuses(caller.sent) == [501]
    assert ANSWER.media
