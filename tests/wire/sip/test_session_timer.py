"""Session timers (RFC 4028): who refreshes, when, and what becomes of a session nobody does."""

from __future__ import annotations

import pytest

from gateway.wire.sip.events import Ended
from gateway.wire.sip.offer_answer import Local
from tests.wire.sip.peer import SDP, Caller, statuses

TIMER = ("Supported", "timer")
UPDATES = ("Allow", "INVITE, UPDATE")
_LOCAL = Local("192.0.2.99", 6000, 1)


def agreed(*fields: tuple[str, str]) -> tuple[Caller, str | None, str | None]:
    """A call, and what its 200 says of the session."""
    caller = Caller()
    caller.talk(*fields)
    headers = caller.answer.headers
    return caller, headers.get("session-expires"), headers.get("require")


@pytest.mark.parametrize(
    ("fields", "says", "require"),
    [
        ((), None, None),
        ((TIMER,), None, None),
        ((TIMER, ("Session-Expires", "1800")), "1800;refresher=uac", "timer"),
        ((TIMER, ("x", "1800;refresher=uac")), "1800;refresher=uac", "timer"),
        ((TIMER, ("Session-Expires", "1800;refresher=uas")), "1800;refresher=uas", None),
        ((("Session-Expires", "1800"),), "1800;refresher=uas", None),
        ((("Session-Expires", "30"),), "90;refresher=uas", None),
    ],
)
def test_what_is_agreed(fields, says, require):
    assert agreed(*fields)[1:] == (says, require)


def test_too_short_an_interval():
    caller = Caller()
    assert caller.invite(TIMER, ("Session-Expires", "89")) == []
    assert statuses(caller.sent) == [422]
    assert caller.sent[0].headers.get("min-se") == "90"


def test_a_peer_that_does_not_refresh_is_hung_up_on():
    caller, _, _ = agreed(TIMER, ("Session-Expires", "90"))
    assert caller.wait(59.9) == []
    assert caller.wait(60.0) == [Ended(caller.call, "session_expired")]
    assert statuses(caller.sent) == ["BYE"]


@pytest.mark.parametrize("method", ["UPDATE", "INVITE"])
def test_a_peer_that_does_is_not(method):
    caller, _, _ = agreed(TIMER, ("Session-Expires", "90"))
    body = bytes(SDP) if method == "INVITE" else b""
    refresh = caller.request(method, TIMER, ("Session-Expires", "90;refresher=uac"), body=body)
    events = caller.send(refresh, 45.0)
    if events:
        caller.uas.answer(caller.call, 45.0, events[0].offer.answer(_LOCAL))
        caller.collect()
    assert caller.sent[0].headers.get("session-expires") == "90;refresher=uac"
    caller.ack(45.0)
    assert caller.wait(104.9) == []
    assert caller.wait(105.0) == [Ended(caller.call, "session_expired")]


@pytest.mark.parametrize(("fields", "method"), [((UPDATES,), "UPDATE"), ((), "INVITE")])
def test_we_refresh_at_half_time(fields, method):
    caller, _, _ = agreed(TIMER, ("Session-Expires", "90;refresher=uas"), *fields)
    caller.wait(44.9)
    assert caller.sent == []
    for at in (45.0, 90.0):
        caller.wait(at)
        (asked,) = caller.sent
        assert asked.method == method
        assert asked.headers.get("session-expires") == "90;refresher=uac"
        body = bytes(SDP) if method == "INVITE" else b""
        answer = caller.reply(asked, 200, ("Session-Expires", "90;refresher=uac"), body=body)
        caller.send(answer, at)
    assert caller.uas.calls == 1


def test_a_refresh_refused_lets_the_session_run_out():
    caller, _, _ = agreed(TIMER, ("Session-Expires", "90;refresher=uas"), UPDATES)
    caller.wait(45.0)
    caller.send(caller.reply(caller.sent[0], 500), 45.0)
    assert caller.wait(60.0) == [Ended(caller.call, "session_expired")]


@pytest.mark.parametrize("status", [481, 408])
def test_a_refresh_of_a_call_the_peer_does_not_know(status):
    caller, _, _ = agreed(TIMER, ("Session-Expires", "90;refresher=uas"), UPDATES)
    caller.wait(45.0)
    events = caller.send(caller.reply(caller.sent[0], status), 45.0)
    assert events == [Ended(caller.call, "peer_gone")]


def test_after_the_end_no_timer_is_left():
    caller, _, _ = agreed(TIMER, ("Session-Expires", "1800"))
    caller.send(caller.request("BYE"), 1.0)
    caller.wait(40.0)
    assert caller.uas.next_timer() is None
