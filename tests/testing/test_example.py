"""What a test of a harness looks like: copy this file and begin.

One gateway serves the whole file, on free ports, with demo data and a clock that stands; each test
takes a phone that nobody used before, so that no test meets what another one left. It needs nothing
else: run it by `pytest`, and side by side by `pytest -n 4`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.testing import Gateway, Phone, Unexpected, equal, like, money, regex


@pytest.fixture(scope="module")
def gw() -> Iterator[Gateway]:
    """Starting takes about half a second; its end fails where the gateway logged a bug."""
    with Gateway.start(subscribers=100) as gateway:
        yield gateway


@pytest.fixture
def phone(gw: Gateway) -> Iterator[Phone]:
    """A subscriber with 100 roubles; afterwards no fault is left for the next test."""
    yield gw.fresh_phone()
    gw.faults.clear()


# --- a dialogue by USSD over SMPP --------------------------------------------------------------


def test_the_balance_by_menu(phone: Phone) -> None:
    """Pages are taken in their order, once; a string is a part of the page."""
    phone.dial("*105#").expect("Мой счёт", within=2).send("1").expect("1 Баланс")
    phone.send("1").expect(money(100), like("Баланс: <money>\n<any>"))
    phone.hang_up()


def test_the_balance_by_its_own_code(phone: Phone) -> None:
    """`end`: the page did not ask for anything more."""
    phone.dial("*100#").expect(regex(r"^Баланс: 100,00 р\.$")).end()


def test_who_does_not_answer_is_told_so(gw: Gateway, phone: Phone) -> None:
    """Time passes when you say so: three minutes take no time."""
    phone.dial("*105#").expect("Мой счёт")
    gw.clock.advance(181)
    phone.expect("Время истекло").end()


# --- SMS, money, roaming, the HTTP API ---------------------------------------------------------


def test_an_sms_is_answered_and_charged(gw: Gateway, phone: Phone) -> None:
    phone.move("26201")  # MCC and MNC of a network abroad
    phone.sms("000100", "BALANCE").expect_sms("Баланс", sender="000100")
    assert gw.api("GET", f"/v1/subscribers/{phone.msisdn}")["zone"] == "EUROPE"
    (charge,) = phone.charges()
    assert (charge.rule, charge.amount) == ("CH04", 1900), charge.explanation
    assert phone.balance == 10_000 - 1900, "kopecks"


# --- a call over SIP and RTP -------------------------------------------------------------------


def test_the_balance_by_telephone(phone: Phone) -> None:
    """Words count once sound of them came; `prompt` is the id of a recording."""
    phone.call("0505").expect("Здравствуйте!", prompt="menu/voice.root/1")
    phone.press("1").expect_prompt("menu/voice.acct/1")
    phone.press("1").expect("сто рублей").hang_up()


def test_a_number_that_is_not_ours_is_not_answered(phone: Phone) -> None:
    phone.call("0999").expect_refused("404")


# --- faults ------------------------------------------------------------------------------------


def test_a_network_that_is_throttled(gw: Gateway, phone: Phone) -> None:
    """Each second one of this subscriber's is refused, and nobody else's."""
    fault = gw.faults.submit_sm(status="ESME_RTHROTTLED", every=2, msisdn=phone.msisdn)
    phone.dial("*100#").expect(money(100))
    phone.dial("*100#").expect_refused("ESME_RTHROTTLED")
    assert fault.hits == 1


def test_a_page_that_is_late_and_comes_twice(gw: Gateway, phone: Phone) -> None:
    gw.faults.deliver_sm(delay=0.1, duplicate=True, msisdn=phone.msisdn)
    phone.dial("*100#").expect(money(100)).expect(money(100)).expect_nothing(within=0.1)


def test_a_call_over_a_bad_line(gw: Gateway, phone: Phone) -> None:
    gw.faults.sip("INVITE", drop=True, times=1)
    gw.faults.rtp(drop=True, every=10)
    gw.faults.rtp(jitter=0.03)
    phone.call("0505").expect("Здравствуйте!").press("1").expect_prompt("menu/voice.acct/1")
    phone.hang_up()


def test_a_call_that_the_gateway_cannot_take(gw: Gateway, phone: Phone) -> None:
    gw.faults.sip("INVITE", status=503)
    phone.call("0505").expect_refused("503 Service Unavailable")


# --- what went over the wire, and what a failure tells -----------------------------------------


def test_a_capture_for_wireshark(gw: Gateway, phone: Phone, tmp_path: Path) -> None:
    with gw.pcap(tmp_path / "run.pcap"):
        phone.dial("*100#").expect(money(100))
    assert (tmp_path / "run.pcap").stat().st_size > 200


def test_a_failure_tells_all_there_is_to_know(phone: Phone) -> None:
    """The last screens, the difference, what happened when, and the dialogue's id in the logs."""
    phone.dial("*100#")
    with pytest.raises(Unexpected) as failed:
        phone.expect(equal("Баланс: 99,00 р.\nБонусы: 0"))
    for told in ("screen", "difference", "timeline", phone.story.dialogue):
        assert told in str(failed.value)
