"""Scripted faults: which PDUs they befall, and what then happens on the real SMPP port."""

from __future__ import annotations

import time

import pytest

from gateway.testing import Gateway, Unexpected, money
from gateway.testing.fate import Message
from gateway.testing.faults import Faults

ACCOUNTS = """
smpp_accounts:
  - {system_id: other, password: pw}
smpp_enquire_seconds: 1
smpp_response_seconds_max: 1
"""
PEER = ("10.0.0.1", 40_000)
SUBMIT = Message("submit_sm", "peer", PEER, "79220000001", "one")
DELIVER = Message("deliver_sm", "gateway", PEER, "79220000001", "one")

numbers = iter(range(79230000000, 79230000100))


@pytest.fixture(scope="module")
def gw(reactor_thread):
    with Gateway.start(subscribers=100) as gateway:
        yield gateway


@pytest.fixture
def phone(gw):
    yield gw.phone(str(next(numbers)))
    gw.faults.clear()


# which of seven PDUs of the kind it befalls
SCRIPTS = [
    ({}, "1234567"),
    ({"every": 3}, "36"),
    ({"after": 5}, "67"),
    ({"times": 2}, "12"),
    ({"after": 1, "every": 2, "times": 2}, "35"),
]


@pytest.mark.parametrize(("script", "befallen"), SCRIPTS)
def test_a_script_is_exact(script, befallen):
    faults = Faults()
    fault = faults.submit_sm(drop=True, **script)
    met = [str(n) for n in range(1, 8) if not faults.fate(SUBMIT, n).copies]
    assert "".join(met) == befallen
    assert fault.hits == len(befallen)


# whom a fault with these conditions befalls: of SUBMIT and DELIVER
CONDITIONS = [
    ({"bind": "one", "msisdn": "+7 922 000-00-01"}, "S"),
    ({"bind": "two"}, ""),
    ({"msisdn": "79220000002"}, ""),
    ({"peer": "10.0.0.1"}, "S"),
    ({"peer": "10.0.0.1:40000", "by": "peer"}, "S"),
    ({"peer": "10.0.0.1:40001"}, ""),
    ({"by": "gateway"}, ""),
]


@pytest.mark.parametrize(("conditions", "befallen"), CONDITIONS)
def test_a_fault_is_for_its_command_bind_peer_and_subscriber(conditions, befallen):
    faults = Faults()
    faults.submit_sm(drop=True, **conditions)
    met = "".join(
        name
        for name, message in (("S", SUBMIT), ("D", DELIVER))
        if not faults.fate(message, 0.0).copies
    )
    assert met == befallen


def test_faults_combine_and_end():
    faults = Faults()
    faults.deliver_sm(delay=1, duplicate=True)
    slow = faults.deliver_sm(delay=2, reorder=True)
    fate = faults.fate(DELIVER, 0.0)
    assert (fate.delay_seconds, fate.copies, fate.overtaken) == (3, 2, True)
    slow.end()
    assert faults.fate(DELIVER, 0.0).delay_seconds == 1
    faults.clear()
    assert faults.fate(DELIVER, 0.0).delay_seconds == 0


WRONG = [
    (lambda on: on.pdu("submit", drop=True), "SMPP has no 'submit': did you mean 'submit_sm'"),
    (lambda on: on.submit_sm(status="ESME_RTHROTTLE"), "did you mean 'ESME_RTHROTTLED'"),
    (lambda on: on.submit_sm(status="ROFL"), "no status 'ROFL'"),
    (lambda on: on.submit_sm(), "a fault has an effect"),
    (lambda on: on.submit_sm(drop=True, every=0), "every is 1 or more"),
    (lambda on: on.submit_sm(drop=True, msisdn="105"), "'105' is no MSISDN"),
    (lambda on: on.sip("INVTE", drop=True), "SIP has no 'INVTE': did you mean 'INVITE'"),
    (lambda on: on.sip("INVITE", status=100), "no final status 100"),
    (lambda on: on.sip("INVITE", status="ESME_ROK"), "no final status 'ESME_ROK'"),
    (lambda on: on.sip("ACK", status=503), "an ACK is not answered"),
    (lambda on: on.sip("BYE", drop=True, bind="harness"), "SIP has no binds"),
    (lambda on: on.rtp(status=503), "RTP is not answered"),
    (lambda on: on.rtp(throttle=1), "RTP is not answered"),
]


@pytest.mark.parametrize(("adds", "says"), WRONG)
def test_a_fault_that_is_none_is_refused(adds, says):
    with pytest.raises(ValueError, match=says):
        adds(Faults())


def test_a_condition_that_is_none_is_refused_by_its_name():
    with pytest.raises(TypeError, match="evry"):
        Faults().submit_sm(drop=True, evry=2)


def test_jitter_is_spread_evenly_and_alike_in_every_run():
    faults = Faults()
    faults.rtp(jitter=0.1)
    packet = Message("audio", "peer", PEER)
    delays = [faults.fate(packet, 0.0).delay_seconds for _ in range(1000)]
    assert all(0 <= delay < 0.1 for delay in delays)
    assert sum(delays) / 1000 == pytest.approx(0.05, abs=0.001)


# --- on the wire -------------------------------------------------------------------------------


def test_an_error_status_answers_and_the_gateway_never_knows(gw, phone):
    fault = gw.faults.submit_sm(status="ESME_RTHROTTLED", every=2)
    phone.dial("*100#").expect(money(100))
    charged = len(phone.charges())
    phone.dial("*100#").expect_refused("ESME_RTHROTTLED").expect_nothing(within=0.05)
    assert fault.hits == 1
    assert len(phone.charges()) == charged
    phone.dial("*100#").expect(money(100))


def test_an_error_status_of_a_response_hides_what_was_done(gw, phone):
    gw.faults.submit_sm_resp(status="ESME_RSYSERR", msisdn=phone.msisdn, times=1)
    phone.sms("000100", "BALANCE").expect_refused("ESME_RSYSERR").expect_sms(money(100))


def test_what_the_network_refuses_for_now_is_sent_again(gw, phone):
    """An SMS that is refused with a temporary status comes later, and once."""
    fault = gw.faults.deliver_sm(status="ESME_RMSGQFUL", times=1)
    phone.sms("000100", "BALANCE")
    with pytest.raises(Unexpected, match="nothing came"):
        phone.expect_sms(within=0.1)
    gw.faults.clear()
    gw.clock.advance(60)
    phone.expect_sms(money(100))
    assert fault.hits == 1


def test_delay_drop_and_duplicate(gw, phone):
    gw.faults.deliver_sm(delay=0.2, times=1)
    began = time.monotonic()
    phone.dial("*100#").expect(money(100))
    assert time.monotonic() - began >= 0.2
    gw.faults.deliver_sm(drop=True, times=1)
    phone.dial("*100#").expect_nothing(within=0.1)
    gw.faults.deliver_sm(duplicate=True, times=1)
    phone.dial("*100#").expect(money(100)).expect(money(100)).expect_nothing(within=0.05)


def test_a_request_that_comes_twice_is_two_for_a_gateway(gw, phone):
    gw.faults.submit_sm(duplicate=True, times=1)
    phone.dial("*100#").expect(money(100)).expect(money(100))


def test_reorder_lets_the_next_one_pass(gw, phone):
    gw.faults.deliver_sm(reorder=True, msisdn=phone.msisdn, times=1)
    phone.dial("*105#").expect_nothing(within=0.05)
    phone.dial("*100#").expect("Баланс").expect("Мой счёт")


def test_what_nothing_overtakes_goes_on_after_a_while(gw, phone):
    gw.faults.deliver_sm(reorder=True, times=1)
    phone.dial("*100#").expect(money(100), within=3)


def test_throttle_answers_what_is_over_the_rate(gw, phone):
    gw.faults.submit_sm(throttle=1.0)
    phone.dial("*100#").expect(money(100))
    phone.dial("*100#").expect_refused("ESME_RTHROTTLED")


def test_a_fault_of_one_subscriber_leaves_the_others_alone(gw, phone):
    gw.faults.deliver_sm(drop=True, msisdn=phone.msisdn)
    phone.dial("*100#")
    gw.phone(str(next(numbers))).dial("*100#").expect(money(100))
    phone.expect_nothing(within=0.05)


def test_a_half_open_connection_is_given_up_by_the_gateway(tmp_path):
    """A bind that died without a word is found by enquire_link; the other one lives on."""
    file = tmp_path / "gateway.yaml"
    file.write_text(ACCOUNTS)
    with Gateway.start(file=file, clock="system") as gateway:
        lives = gateway.phone("79220000001", bind="other").dial("*100#").expect(money(250))
        dies = gateway.phone("79220000002").dial("*100#").expect("1000")
        gateway.faults.half_open(bind="harness")
        dies.dial("*100#").expect_refused("is the gateway up?")
        lives.dial("*100#").expect(money(250))
