"""Calls paid by the minute, in virtual time: two minutes pass in a second."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from gateway.accounts.book import OPENING, Leg, Transfer
from gateway.service.commands.explain import command as explain
from tests.channels.sip_phone import Phone
from tests.channels.voice_service import VoiceService, voice_service

GERMANY = "26201"
FEDERAL = "+79221110505"
FRAME = 0.02
PATH = "/v1/subscribers"


class VirtualReactor:
    """The real reactor, but for time, which is a clock's that is advanced."""

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self.clock = Clock()
        self.seconds, self.callLater = self.clock.seconds, self.clock.callLater

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)


class Time:
    """Virtual seconds of a service, with calls that go on talking the while."""

    def __init__(self, service: VoiceService, virtual: VirtualReactor, run: Any) -> None:
        self.service = service
        self._clock = virtual.clock
        self._run = run

    def pass_(self, seconds: float, *phones: Phone) -> None:
        """So much time, a second at a time. In every one of them each phone is heard, and has
        the menu repeated now and then, for a caller who does nothing is let go."""
        turns = 0
        while seconds > 0:
            step = min(1.0, seconds)
            turns += 1
            for phone in phones:
                if phone.media[1]:
                    phone.talk()
                    phone.press("9" if turns % 5 == 0 else "")
            self._run(self._clock.pump, [FRAME] * round(step / FRAME))
            self._settle()
            seconds -= step

    def call(self, phone: Phone) -> None:
        """Dial, hear the warning, and be answered."""
        phone.invite(FEDERAL)
        phone.learn(phone.until(lambda message: message.status == 183))
        for _ in range(20):
            self.pass_(1.0, phone)
            answer = phone.receive(0.05)
            if answer is not None and answer.status == 200:
                phone.learn(answer)
                phone.ack()
                return
        raise AssertionError("the warning never ends")

    def _settle(self) -> None:
        """What was put to the store has been answered."""
        put(self._run, self.service, lambda _: None)


@pytest.fixture
def paid(
    run: Callable[..., Any], reactor_thread: Any, tmp_path: Path
) -> Iterator[tuple[VoiceService, Time]]:
    """A service whose calls live in virtual time."""
    virtual = VirtualReactor(reactor_thread)
    with voice_service(
        run, reactor_thread, tmp_path, calls_reactor=virtual, rtp_silent_seconds_max="20"
    ) as service:
        yield service, Time(service, virtual, run)


def put(run: Any, service: VoiceService, work: Callable[[Any], Any]) -> Any:
    """Some work for the writer; its result."""

    def putting() -> Any:
        done: Deferred[Any] = Deferred()
        service.served.service.desk.put(work, done.callback)
        return done

    return run(putting)


def abroad(run: Any, service: VoiceService, balance: int) -> Phone:
    """A telephone in EUROPE with so many kopecks."""
    phone = service.phone()
    status, view = service.api("PUT", f"{PATH}/{phone.number}/location", {"plmn": GERMANY})
    assert (status, view["zone"], view["balance"]) == (200, "EUROPE", "100.00")
    more, account = balance - 100_00, view["account"]
    legs = (Leg(OPENING, -more), Leg(account, more))
    given = Transfer(f"test:{phone.number}", "opening", 0.0, legs)
    assert put(run, service, lambda unit: unit.book.transfer(given)) == "ok"
    return phone


def balance(service: VoiceService, number: str) -> str:
    """What is left, with nothing held."""
    view = service.served.get(f"{PATH}/{number}")
    assert view.get("held", "0.00") == "0.00"
    return str(view["balance"])


def test_two_minutes_and_ten_seconds_from_europe(paid: tuple[VoiceService, Time]) -> None:
    """Three started minutes at 59.00; the bill and `gateway explain` say so."""
    service, time = paid
    phone = service.phone("79220000004")
    time.call(phone)
    time.pass_(130.0, phone)
    phone.bye()
    (cdr,) = service.cdrs(phone.number)
    assert (cdr["units"], cdr["amount_minor"], cdr["rule"], cdr["zone"]) == (
        3,
        177_00,
        "CH09",
        "EUROPE",
    )
    assert 130 <= cdr["seconds"] < 131
    (charge,) = service.served.get(f"{PATH}/{phone.number}/charges")
    assert (charge["amount"], charge["units"], charge["price"]) == ("177.00", 3, "59.00")
    assert "EUROPE" in charge["explanation"]
    assert "59.00" in charge["explanation"]
    assert balance(service, phone.number) == "123.00"
    told = CliRunner().invoke(explain, [phone.number, "--data", str(service.data)])
    assert told.exit_code == 0, told.output
    assert ("3 x 59.00 = 177.00" in told.output, "CH09" in told.output) == (True, True)


def test_two_calls_at_once_never_spend_more_than_there_is(
    run: Any, paid: tuple[VoiceService, Time]
) -> None:
    """200.00 are three minutes, whoever gets them; both calls are told when theirs are over."""
    service, time = paid
    one = abroad(run, service, 200_00)
    other = service.phone(one.number)
    time.call(one)
    time.call(other)
    time.pass_(150.0, one, other)
    for phone in (one, other):
        phone.until(lambda message: message.first.startswith("BYE"))
    cdrs = service.cdrs(one.number)
    assert sorted(cdr["units"] for cdr in cdrs) == [1, 2]
    assert {cdr["result"] for cdr in cdrs} == {"funds_spent"}
    assert balance(service, one.number) == "23.00"
    assert {cdr["prompts"][-1] for cdr in cdrs} == {"ru/menu/voice.bye/1"}


def test_no_money_for_the_first_minute_refuses_the_call(
    run: Any, paid: tuple[VoiceService, Time]
) -> None:
    service, _ = paid
    phone = abroad(run, service, 58_99)
    answer = phone.call(FEDERAL)
    assert (answer.status, answer.get("Reason")) == (402, "Q.850;cause=21")
    (cdr,) = service.cdrs(phone.number)
    assert (cdr["result"], cdr["amount_minor"], cdr["answered_at"]) == ("refused", 0, None)
    assert balance(service, phone.number) == "58.99"


def test_nobody_pays_for_silence(run: Any, paid: tuple[VoiceService, Time]) -> None:
    """A caller whose packets stop coming is charged up to the last."""
    service, time = paid
    phone = abroad(run, service, 300_00)
    time.call(phone)
    time.pass_(45.0, phone)
    time.pass_(25.0)
    phone.until(lambda message: message.first.startswith("BYE"))
    (cdr,) = service.cdrs(phone.number)
    assert (cdr["units"], cdr["hung_up_by"]) == (1, "network")
    assert cdr["seconds"] == pytest.approx(45, abs=1.1)
    assert balance(service, phone.number) == "241.00"


def test_a_stop_of_the_service_charges_to_the_last_second(
    run: Any, paid: tuple[VoiceService, Time]
) -> None:
    service, time = paid
    phone = abroad(run, service, 300_00)
    time.call(phone)
    time.pass_(70.0, phone)
    stopping = service.served.service
    run(stopping.voice.voice.drain)
    late = service.phone()
    answer = late.call()
    assert (answer.status, answer.get("Retry-After")) == (503, "5")
    assert stopping.voice.busy, "a call under way goes on"
    run(stopping.voice.voice.hang_up)
    phone.until(lambda message: message.first.startswith("BYE"))
    (cdr,) = service.cdrs(phone.number)
    assert (cdr["units"], cdr["amount_minor"], cdr["hung_up_by"]) == (2, 118_00, "gateway")
    assert phone.number not in {call.dialogue for call in stopping.voice.voice._calls.values()}
