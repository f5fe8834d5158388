"""Early media that is not lost: reliable provisional responses (RFC 3262, RFC 3311)."""

from __future__ import annotations

import pytest

from gateway.wire.sip.events import Acked, Answered, Ended, Reinvited
from gateway.wire.sip.offer_answer import Local, offer
from tests.wire.sip.peer import ANSWER, SDP, Caller, statuses

RELIABLE = ("Supported", "100rel")


def prack(caller: Caller, rseq: str, cseq: int = 1, body: bytes = b""):
    return caller.request("PRACK", ("RAck", f"{rseq} {cseq} INVITE"), body=body)


def early(*fields, sdp: bytes = bytes(SDP)) -> tuple[Caller, str]:
    """A call with a 183 under way, and its RSeq."""
    caller = Caller()
    caller.invite(*fields, sdp=sdp)
    assert caller.uas.progress(caller.call, 0.0, ANSWER)
    caller.learn()
    return caller, caller.sent[0].headers.get("rseq")


def test_without_100rel_it_is_sent_once():
    caller, rseq = early()
    assert rseq is None
    assert caller.sent[0].body == bytes(ANSWER)
    caller.wait(100.0)
    assert caller.sent == []
    caller.uas.answer(caller.call, 100.0, ANSWER)
    assert caller.collect()[0].body == bytes(ANSWER)


@pytest.mark.parametrize("name", ["Supported", "Require"])
def test_with_it_it_is_repeated_until_its_prack(name):
    caller, rseq = early((name, "100rel"))
    assert caller.sent[0].headers.get("require") == "100rel"
    moments = []
    for tenth in range(1, 50):
        caller.wait(tenth / 10)
        moments += [tenth / 10] * len(caller.sent)
    assert moments == [0.5, 1.5, 3.5]
    acknowledgement = prack(caller, rseq)
    assert caller.send(acknowledgement, 5.0) == []
    assert statuses(caller.sent) == [200]
    caller.send(acknowledgement, 5.1)
    assert statuses(caller.sent) == [200]
    caller.wait(36.0)
    assert caller.sent == []


def test_its_answer_is_not_said_again():
    caller, rseq = early(RELIABLE)
    caller.send(prack(caller, rseq))
    caller.uas.answer(caller.call, 0.0, ANSWER)
    (answer,) = caller.collect()
    assert (answer.status, answer.body) == (200, b"")
    assert caller.ack(cseq=1) == [Acked(caller.call)]


def test_the_200_waits_for_the_prack():
    caller, rseq = early(RELIABLE)
    assert caller.uas.answer(caller.call, 0.0, ANSWER)
    assert caller.collect() == []
    assert not caller.uas.answer(caller.call, 0.0, ANSWER)
    caller.send(prack(caller, rseq))
    assert statuses(caller.sent) == [200, 200]
    assert [m.headers.get("cseq") for m in caller.sent] == ["2 PRACK", "1 INVITE"]


@pytest.mark.parametrize(("step", "cseq"), [(1, 1), (0, 2)])
def test_a_prack_of_something_else_is_refused(step, cseq):
    caller, rseq = early(RELIABLE)
    caller.send(prack(caller, str(int(rseq) + step), cseq))
    assert statuses(caller.sent) == [481]


def test_without_a_prack_the_call_fails():
    caller, _ = early(RELIABLE)
    assert caller.wait(31.9) == []
    assert caller.wait(32.0) == [Ended(caller.call, "no_prack")]
    assert statuses(caller.sent) == [504]
    assert caller.uas.calls == 0


def test_a_second_waits_for_the_first():
    caller = Caller()
    caller.invite(RELIABLE)
    assert caller.uas.progress(caller.call, 0.0, status=180)
    assert caller.uas.progress(caller.call, 0.0, ANSWER)
    caller.learn()
    assert statuses(caller.sent) == [180]
    first = caller.sent[0].headers.get("rseq")
    caller.send(prack(caller, first))
    assert statuses(caller.sent) == [183, 200]
    assert int(caller.sent[0].headers.get("rseq")) == int(first) + 1


def test_a_delayed_offer_goes_early_only_where_it_cannot_be_lost():
    caller, rseq = early(sdp=b"")
    assert (rseq, caller.sent[0].body) == (None, b"")
    caller, rseq = early(RELIABLE, sdp=b"")
    assert caller.sent[0].body == bytes(ANSWER)
    (event,) = caller.send(prack(caller, rseq, body=bytes(SDP)))
    assert isinstance(event, Answered)
    caller.uas.answer(caller.call, 0.0, ANSWER)
    assert caller.collect()[0].body == b""
    assert caller.ack(cseq=1) == [Acked(caller.call)]


def test_an_early_offer_that_is_not_answered_ends_the_call():
    caller, rseq = early(RELIABLE, sdp=b"")
    assert caller.send(prack(caller, rseq)) == [Ended(caller.call, "bad_answer")]
    assert statuses(caller.sent) == [200, 488]


def test_an_offer_in_a_prack_is_refused():
    caller, rseq = early(RELIABLE)
    caller.send(prack(caller, rseq, body=bytes(SDP)))
    assert statuses(caller.sent) == [488]


def test_an_update_before_the_answer():
    """RFC 3311 §5.2: once the first offer was answered for good, and not before."""
    caller, rseq = early(RELIABLE)
    caller.send(caller.request("UPDATE", body=bytes(SDP)))
    assert statuses(caller.sent) == [500]
    caller.send(prack(caller, rseq))
    (event,) = caller.send(caller.request("UPDATE", body=bytes(SDP)))
    assert isinstance(event, Reinvited)
    caller.uas.answer(caller.call, 0.0, offer(Local("192.0.2.99", 6002, 1)))
    assert [m.headers.get("cseq") for m in caller.collect()] == ["4 UPDATE"]
    caller.uas.answer(caller.call, 0.0, ANSWER)
    assert [m.headers.get("cseq") for m in caller.collect()] == ["1 INVITE"]


def test_a_refusal_ends_it():
    caller, _ = early(RELIABLE)
    caller.uas.reject(caller.call, 0.0, 480)
    caller.collect()
    caller.send(caller.request("ACK", cseq=1, branch="z9hG4bKcall-1INVITE1"))
    caller.wait(100.0)
    assert caller.sent == []
