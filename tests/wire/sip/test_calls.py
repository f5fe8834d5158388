"""What a server must do as seen from outside: calls, and each answer a probe looks for."""

from __future__ import annotations

import pytest

from gateway.wire.sip.events import (
    Acked,
    Answered,
    Cancelled,
    Ended,
    Info,
    Invited,
    Referred,
    Refused,
    Reinvited,
)
from gateway.wire.sip.offer_answer import Local, offer
from tests.wire.sip.peer import ANSWER, PHONE, SDP, Caller, statuses

VIDEO = (
    b"v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\nm=audio 9 RTP/AVP 3"
)
HELD = bytes(SDP).replace(b"sendrecv", b"sendonly")


def up(*fields, **settings) -> Caller:
    caller = Caller(**settings)
    caller.talk(*fields)
    return caller


def test_a_call_from_invite_to_bye():
    caller = Caller()
    (invited,) = caller.invite(("P-Asserted-Identity", "<tel:+7-922-000-00-09>"))
    assert isinstance(invited, Invited)
    assert (invited.dialled, invited.caller) == ("0505", "+79220000001")
    assert (invited.asserted, invited.visited) == ("+79220000009", None)
    assert (invited.offer.codec, invited.offer.event_pt) == ("PCMA", 101)
    assert invited.offer.remote == ("192.0.2.7", 40000)
    assert statuses(caller.sent) == [100]
    assert caller.uas.answer(invited.call, 0.0, invited.offer.answer(Local("192.0.2.99", 6000, 5)))
    answer = caller.learn()
    assert answer.headers.get("contact") == "<sip:192.0.2.99:5060>"
    assert answer.headers.get("allow")
    assert answer.headers.get("record-route") is None
    assert b"m=audio 6000 RTP/AVP 8 101\r\n" in answer.body
    assert caller.ack() == [Acked(invited.call)]
    reason = ("Reason", 'SIP;cause=200, Q.850;cause=16;text="done"')
    bye = caller.request("BYE", reason)
    assert caller.send(bye) == [Ended(invited.call, "peer", 16, "done")]
    assert statuses(caller.sent) == [200]
    assert caller.uas.calls == 0
    assert not caller.uas.hang_up(invited.call, 0.0)
    assert caller.send(bye) == []
    assert statuses(caller.sent) == [200]  # the same answer to the same BYE
    caller.wait(100.0)
    assert caller.uas.transactions == 0
    assert caller.uas.next_timer() is None


@pytest.mark.parametrize("hops", ["0", "70"])
def test_a_request_that_may_not_go_further_has_arrived(hops):
    """RFC 3261 §16.3 has proxies refuse Max-Forwards 0; §8.2 has a user agent server take it."""
    (invited,) = Caller().invite(("Max-Forwards", hops))
    assert isinstance(invited, Invited)


@pytest.mark.parametrize(
    ("status", "headers"), [(486, ()), (503, (("Retry-After", "5"),)), (404, ())]
)
def test_a_call_refused(status, headers):
    caller = Caller()
    caller.invite()
    assert caller.uas.reject(caller.call, 0.0, status, headers=headers)
    (response,) = caller.collect()
    assert response.status == status
    assert [h for h in headers if h not in response.headers.fields] == []
    assert caller.uas.calls == 0
    caller.send(caller.request("ACK", cseq=1, branch="z9hG4bKcall-1INVITE1"))
    caller.wait(40.0)
    assert caller.sent == []  # the ACK ended its repetition
    assert caller.uas.transactions == 0


def test_an_invite_that_comes_three_times_is_one_call():
    caller = Caller()
    caller.invite()
    assert caller.send(caller.invited) == []
    assert statuses(caller.sent) == [100]
    caller.uas.answer(caller.call, 0.0, ANSWER)
    first = caller.learn()
    assert caller.send(caller.invited) == []
    assert caller.sent == [first]
    assert caller.uas.calls == 1


def test_a_200_is_repeated_until_the_ack():
    caller = Caller()
    caller.invite()
    caller.uas.answer(caller.call, 0.0, ANSWER)
    caller.learn()
    moments = []
    for tenth in range(1, 100):
        caller.wait(tenth / 10)
        moments += [tenth / 10] * len(caller.sent)
    assert moments == [0.5, 1.5, 3.5, 7.5]
    assert caller.ack(now=10.0) == [Acked(caller.call)]
    caller.wait(60.0)
    assert caller.sent == []


def test_a_200_that_nobody_acknowledges_ends_the_call():
    caller = Caller()
    caller.invite()
    caller.uas.answer(caller.call, 0.0, ANSWER)
    assert caller.wait(31.9) == []
    assert caller.wait(32.0) == [Ended(caller.call, "no_ack")]
    assert statuses(caller.sent) == ["BYE"]
    assert caller.uas.calls == 0


# --- the probe: what is sent within a call, the answer, what is told -----------------------------


@pytest.mark.parametrize(
    ("method", "fields", "body", "kind", "status"),
    [
        ("OPTIONS", (), b"", "", 200),
        ("INFO", (), b"", "", 200),
        ("INFO", (), b"<x/>", "application/xml", 415),
        ("INFO", (("Info-Package", "g.3gpp.ussd"),), b"", "", 469),
        ("UPDATE", (), b"", "", 200),
        ("UPDATE", (), VIDEO, "application/sdp", 488),
        ("UPDATE", (), b"v=1", "application/sdp", 400),
        ("INVITE", (), VIDEO, "application/sdp", 488),
        ("INVITE", (), b"x", "text/plain", 415),
        ("INVITE", (("Require", "nothing, 100rel"),), b"", "", 420),
        ("PRACK", (("RAck", "1 1 INVITE"),), b"", "", 481),
        ("PRACK", (("RAck", "x"),), b"", "", 400),
        ("NOTIFY", (("Event", "refer"),), b"", "", 481),
        ("NOTIFY", (("Event", "presence"),), b"", "", 489),
        ("MESSAGE", (), b"", "", 405),
        ("REFER", (), b"", "", 405),
        ("DANCE", (), b"", "", 501),
        ("CANCEL", (), b"", "", 481),
    ],
)
def test_within_a_call(method, fields, body, kind, status):
    caller = up()
    assert caller.send(caller.request(method, *fields, body=body, content_type=kind)) == []
    assert statuses(caller.sent) == [status]
    assert caller.uas.calls == 1


@pytest.mark.parametrize("method", ["BYE", "INFO", "UPDATE", "PRACK", "NOTIFY", "CANCEL"])
def test_outside_a_call_there_is_nothing_to_act_on(method):
    caller = Caller()
    assert caller.send(caller.request(method)) == []
    assert statuses(caller.sent) == [481]
    caller.to = "<sip:0505@192.0.2.99>;tag=nobody"
    assert caller.send(caller.request(method)) == []
    assert statuses(caller.sent) == [481]
    assert caller.uas.transactions == 0


def test_options_says_what_we_take():
    caller = Caller()
    caller.send(caller.request("OPTIONS"))
    headers = caller.sent[0].headers
    assert "INVITE" in headers.tokens("allow") or "invite" in headers.tokens("allow")
    assert "application/sdp" in headers.tokens("accept")
    assert headers.tokens("supported") == ["100rel", "timer"]
    assert ";tag=" in headers.get("to")
    first = caller.sent[0].headers.get("to")
    caller.send(caller.request("OPTIONS", cseq=1))
    assert caller.sent[0].headers.get("to") == first  # one tag, though nothing is kept


def test_an_unknown_extension_is_named():
    caller = Caller()
    caller.invite(("Require", "nothing"))
    assert statuses(caller.sent) == [420]
    assert caller.sent[0].headers.get("unsupported") == "nothing"


def test_keys_by_info_are_told_once():
    caller = up()
    info = caller.request("INFO", body=b"Signal=5", content_type="application/DTMF-Relay;x=1")
    assert caller.send(info) == [Info(caller.call, "application/dtmf-relay", b"Signal=5")]
    assert caller.send(info) == []
    assert statuses(caller.sent) == [200]


def test_an_old_cseq_is_refused():
    caller = up()
    caller.send(caller.request("INFO", cseq=9))
    caller.send(caller.request("INFO", cseq=8))
    assert statuses(caller.sent) == [500]


def test_the_same_request_by_two_paths_is_merged():
    caller = Caller()
    caller.invite()
    caller.send(caller.request("INVITE", cseq=1, branch="z9hG4bKother", body=bytes(SDP)))
    assert statuses(caller.sent) == [482]


@pytest.mark.parametrize("limits", [{"calls_max": 1}, {"transactions_max": 1}])
def test_at_the_limit_one_more_is_told_to_come_back(limits):
    caller = Caller(**limits)
    caller.invite()
    other = Caller(caller.uas)
    other.call_id = "call-2"
    assert other.invite() == []
    assert statuses(other.sent) == [503]
    assert other.sent[0].headers.get("retry-after") == "5"


def test_cancel():
    caller = Caller()
    caller.invite()
    cancel = caller.request("CANCEL", cseq=1, branch="z9hG4bKcall-1INVITE1")
    assert caller.send(cancel) == [Cancelled(caller.call)]
    assert statuses(caller.sent) == [200, 487]
    assert len({m.headers.get("to") for m in caller.sent}) == 1
    assert not caller.uas.answer(caller.call, 0.0, ANSWER)
    assert caller.send(cancel) == []
    assert statuses(caller.sent) == [200]


def test_a_cancel_that_comes_too_late_changes_nothing():
    caller = Caller()
    caller.invite()
    caller.uas.answer(caller.call, 0.0, ANSWER)
    caller.learn()
    to, caller.to = caller.to, "<sip:0505@192.0.2.99>"
    assert caller.send(caller.request("CANCEL", cseq=1, branch="z9hG4bKcall-1INVITE1")) == []
    assert statuses(caller.sent) == [200]
    caller.to = to
    assert caller.ack() == [Acked(caller.call)]


# --- offers --------------------------------------------------------------------------------------


def test_a_delayed_offer_is_answered_in_the_ack():
    caller = Caller()
    (invited,) = caller.invite(sdp=b"")
    assert invited.offer is None
    caller.uas.answer(caller.call, 0.0, offer(Local("192.0.2.99", 6000, 1)))
    assert b"m=audio 6000 RTP/AVP 8 0 101" in caller.learn().body
    answered, acked = caller.ack(body=bytes(SDP))
    assert isinstance(answered, Answered)
    assert answered.answer.remote == ("192.0.2.7", 40000)
    assert acked == Acked(caller.call)


@pytest.mark.parametrize("body", [b"", VIDEO, b"rubbish"])
def test_a_delayed_offer_without_a_usable_answer_ends(body):
    caller = Caller()
    caller.invite(sdp=b"")
    caller.uas.answer(caller.call, 0.0, offer(Local("192.0.2.99", 6000, 1)))
    caller.learn()
    assert caller.ack(body=body) == [Ended(caller.call, "bad_answer")]
    assert statuses(caller.sent) == ["BYE"]


@pytest.mark.parametrize("method", ["INVITE", "UPDATE"])
def test_hold_and_resume(method):
    caller = up()
    (event,) = caller.send(caller.request(method, body=HELD))
    assert isinstance(event, Reinvited)
    assert not event.offer.sending
    assert caller.uas.answer(caller.call, 0.0, event.offer.answer(Local("192.0.2.99", 6000, 1, 2)))
    (response,) = caller.collect()
    assert response.status == 200
    assert b"a=recvonly" in response.body
    if method == "INVITE":
        assert caller.ack() == []
    caller.wait(40.0)
    assert caller.sent == []
    assert caller.uas.calls == 1


def test_two_offers_at_once():
    caller = up()
    caller.send(caller.request("INVITE", body=HELD))
    caller.send(caller.request("INVITE", body=HELD))
    assert statuses(caller.sent) == [500]
    assert caller.sent[0].headers.get("retry-after") is not None
    assert caller.uas.reject(caller.call, 0.0, 488)
    assert statuses(caller.collect()) == [488]
    assert caller.uas.calls == 1


def test_a_bye_while_a_reinvite_waits():
    caller = up()
    caller.send(caller.request("INVITE", body=HELD))
    assert caller.send(caller.request("BYE")) == [Ended(caller.call, "peer")]
    assert statuses(caller.sent) == [200, 487]


def test_our_reinvite():
    caller = up()
    assert caller.uas.reinvite(caller.call, 1.0, ANSWER)
    (asked,) = caller.collect()
    assert asked.method == "INVITE"
    caller.send(caller.request("INVITE", body=HELD))
    assert statuses(caller.sent) == [491]
    (event,) = caller.send(caller.reply(asked, 200, body=bytes(SDP)), 1.0)
    assert isinstance(event, Answered)
    assert statuses(caller.sent) == ["ACK"]
    assert caller.send(caller.reply(asked, 200, body=bytes(SDP)), 1.5) == []
    assert statuses(caller.sent) == ["ACK"]  # again: the first was lost


@pytest.mark.parametrize(
    ("status", "told", "sent"),
    [
        (488, [Refused("", 488)], ["ACK"]),
        (481, [Ended("", "peer_gone")], ["ACK", "BYE"]),
    ],
)
def test_our_reinvite_refused(status, told, sent):
    caller = up()
    caller.uas.reinvite(caller.call, 0.0, ANSWER)
    (asked,) = caller.collect()
    events = caller.send(caller.reply(asked, status))
    assert [type(event) for event in events] == [type(event) for event in told]
    assert statuses(caller.sent) == sent


def test_glare_is_tried_again_within_two_seconds():
    caller = up()
    caller.uas.reinvite(caller.call, 0.0, ANSWER)
    (asked,) = caller.collect()
    for round_ in (1, 2):
        assert caller.send(caller.reply(asked, 491), 2.0 * round_ - 2.0) == []
        caller.wait(2.0 * round_)
        assert set(statuses(caller.sent)) == {"INVITE"}
        assert caller.sent[0].headers.get("cseq") == f"{round_ + 1} INVITE"
        asked = caller.sent[0]
    assert caller.send(caller.reply(asked, 491)) == [Refused(caller.call, 491)]


# --- ending --------------------------------------------------------------------------------------


def test_hanging_up():
    caller = up()
    assert caller.uas.hang_up(caller.call, 0.0, 16, "Normal call clearing")
    (bye,) = caller.collect()
    assert bye.headers.get("reason") == 'Q.850;cause=16;text="Normal call clearing"'
    assert bye.headers.get("cseq") == "1 BYE"
    assert bye.uri == "sip:phone@192.0.2.7:5062"
    assert bye.headers.get("to") == "<sip:+79220000001@192.0.2.7>;tag=caller"
    assert caller.paths == [(PHONE, "udp")]
    assert caller.send(caller.reply(bye, 200)) == []
    caller.wait(40.0)
    assert (caller.sent, caller.uas.transactions) == ([], 0)


def test_hanging_up_before_the_answer():
    caller = Caller()
    caller.invite()
    assert caller.uas.hang_up(caller.call, 0.0)
    assert statuses(caller.collect()) == [480]


def test_hanging_up_waits_for_the_ack():
    caller = Caller()
    caller.invite()
    caller.uas.answer(caller.call, 0.0, ANSWER)
    caller.learn()
    assert caller.uas.hang_up(caller.call, 0.0)
    assert caller.collect() == []
    assert not caller.uas.hang_up(caller.call, 0.0)
    assert caller.ack() == []  # the application is told nothing more
    assert statuses(caller.sent) == ["BYE"]
    assert caller.uas.calls == 0


def test_a_bye_nobody_answers_is_given_up():
    caller = up()
    caller.uas.hang_up(caller.call, 0.0)
    moments = [0.0] * len(caller.collect())
    for half in range(1, 80):
        assert caller.wait(half / 2) == []
        moments += [half / 2] * len(caller.sent)
    assert moments == [0.0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]
    assert caller.uas.transactions == 0


def test_closing_ends_every_call():
    caller = up()
    waiting = Caller(caller.uas)
    waiting.call_id, waiting.tag = "call-2", "other"
    waiting.invite()
    caller.uas.close(0.0)
    assert statuses(caller.collect()) == ["BYE", 503]
    assert caller.uas.calls == 0


def test_a_transfer():
    caller = up()
    assert caller.uas.refer(caller.call, 0.0, "sip:operator@192.0.2.50")
    (refer,) = caller.collect()
    assert refer.headers.get("refer-to") == "<sip:operator@192.0.2.50>"
    assert caller.send(caller.reply(refer, 202)) == []
    for line, state, told in (("100 Trying", "active", 100), ("200 OK", "terminated", 200)):
        fields = (("Event", "refer"), ("Subscription-State", state))
        body = f"SIP/2.0 {line}\r\n".encode()
        notify = caller.request("NOTIFY", *fields, body=body, content_type="message/sipfrag")
        assert caller.send(notify) == [Referred(caller.call, told)]
        assert statuses(caller.sent) == [200]
    caller.send(caller.request("NOTIFY", ("Event", "refer")))
    assert statuses(caller.sent) == [481]


def test_a_transfer_refused():
    caller = up()
    caller.uas.refer(caller.call, 0.0, "sip:operator@192.0.2.50")
    (refer,) = caller.collect()
    assert caller.send(caller.reply(refer, 603)) == [Referred(caller.call, 603)]


def test_an_ack_is_never_answered():
    caller = Caller()
    assert caller.send(caller.request("ACK", ("Require", "x"))) == []
    assert caller.sent == []
