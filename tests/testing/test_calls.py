"""Calls of a phone under test: what is heard over RTP, keys, ends, refusals, and their faults."""

from __future__ import annotations

import pytest

from gateway.testing import Gateway, Unexpected, money

ROOT, ACCOUNT = "menu/voice.root/1", "menu/voice.acct/1"
ENGLISH, POOR = "79220000002", "79220000003"
PAID = "+79221110505"
STRANGER = "79990000001"

numbers = iter(range(79230000000, 79230000100))


@pytest.fixture(scope="module")
def gw(reactor_thread):
    with Gateway.start(subscribers=100, sip_t1_seconds=0.05) as gateway:
        yield gateway


@pytest.fixture
def phone(gw):
    phone = gw.phone(str(next(numbers)))
    yield phone
    gw.faults.clear()
    phone.hang_up()


def test_a_call_is_held_as_a_dialogue_is(gw):
    phone = gw.phone(ENGLISH)
    phone.call("0505").expect("Hello!", prompt=ROOT).press("1").expect_prompt(ACCOUNT)
    phone.press("1").expect("one thousand roubles").press("*").expect_prompt(ROOT)
    phone.hang_up()
    assert phone.charges()[-1].rule == "CH06"
    phone.dial("*100#").expect(money(1000)).end()


def test_keys_before_the_answer_wait_for_it(phone):
    phone.call("0505").press("1").expect("Здравствуйте").expect(prompt=ACCOUNT)


def test_what_is_not_answered_is_refused(gw, phone):
    phone.call("0999").expect_refused("404").end()
    phone.press("1").expect_refused("the call is over")
    poor = gw.phone(POOR).move("26201")
    poor.call(PAID).expect_refused("402", within=10).end()


def test_a_call_is_settled_when_hang_up_returns(phone):
    phone.call("0505").expect(prompt=ROOT).hang_up()
    done, settled = phone.story.events[-2:]
    assert done.what == "hangs up"
    assert settled.what.startswith("turn of")


def test_the_end_of_a_call_by_the_gateway_is_told(gw):
    stranger = gw.phone(STRANGER).call("0505").expect("не определён")
    with pytest.raises(Unexpected, match="the gateway hung up"):
        stranger.expect(within=20)
    stranger.end()


# --- faults of calls ---------------------------------------------------------------------------


def test_a_request_is_answered_in_the_place_of_the_gateway(gw, phone):
    fault = gw.faults.sip("INVITE", status=503, msisdn=phone.msisdn, times=1)
    phone.call("0505").expect_refused("503 Service Unavailable").call("0505").expect(prompt=ROOT)
    assert fault.hits == 1
    assert [each.what for each in phone.story.events[:3]] == [
        "calls 0505",
        "503 Service Unavailable",
        "calls 0505",
    ]


def test_a_response_carries_another_status(gw, phone):
    gw.faults.sip_response("INVITE", status=486)
    phone.call("0505").expect_refused("486 Busy Here")


def test_what_is_lost_is_sent_again_and_acted_on_once(gw, phone):
    lost = [
        gw.faults.sip(method, drop=True, by="peer", times=1) for method in ("INVITE", "ACK", "BYE")
    ]
    again = gw.faults.sip("INVITE", duplicate=True, after=1, times=1)
    phone.call("0505").expect(prompt=ROOT).press("1").expect(prompt=ACCOUNT).hang_up().end()
    assert [fault.hits for fault in (*lost, again)] == [1, 1, 1, 1]
    assert len([one for one in phone.charges() if one.rule == "CH06"]) == 1


def test_sound_that_is_lost_is_told(gw, phone):
    gw.faults.rtp(drop=True, by="gateway", msisdn=phone.msisdn)
    other = gw.phone(str(next(numbers))).call("0505").expect(prompt=ROOT)
    phone.call("0505").expect_nothing(within=0.3)
    other.hang_up()
    phone.hang_up()


def test_a_key_survives_all_but_the_loss_of_each_of_its_packets(gw, phone):
    """RFC 4733 §2.5.1.4: each update tells all of the event, and its end is sent three times."""
    phone.call("0505").expect(prompt=ROOT)
    some = gw.faults.telephone_event(drop=True, every=2, msisdn=phone.msisdn)
    twice = gw.faults.telephone_event(duplicate=True, msisdn=phone.msisdn)
    phone.press("1").expect(prompt=ACCOUNT).expect_nothing(within=0.3)
    some.end()
    twice.end()
    assert some.hits > 2
    gw.faults.telephone_event(drop=True, by="peer")
    phone.press("1").expect_nothing(within=0.3)


def test_jitter_and_reordering_do_no_harm(gw, phone):
    faults = gw.faults.rtp(jitter=0.04), gw.faults.rtp(reorder=True, every=7)
    phone.call("0505").expect(prompt=ROOT).press("1").expect(prompt=ACCOUNT).press("*")
    phone.expect(prompt=ROOT)
    assert all(fault.hits for fault in faults)


def test_a_call_whose_caller_died_is_given_up(reactor_thread):
    with Gateway.start(rtp_silent_seconds_max=1, sip_t1_seconds=0.05) as gateway:
        dies = gateway.phone(ENGLISH).call("0505").expect(prompt=ROOT)
        lives = gateway.phone(POOR).call("0505").expect(prompt=ROOT)
        gateway.faults.half_open(msisdn=ENGLISH)
        dies.end(within=5)
        lives.press("1").expect(prompt=ACCOUNT)


def test_a_call_that_the_network_lost_is_given_up(reactor_thread):
    with Gateway.start(rtp_silent_seconds_max=1, sip_t1_seconds=0.05) as gateway:
        gateway.phone(ENGLISH).call("0505").expect(prompt=ROOT).drop().end(within=5)
