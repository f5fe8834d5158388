"""The driver in virtual time: an open model, whose slow gateway is not given less to do."""

from __future__ import annotations

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from gateway.load import driver as module
from gateway.load.driver import GRACE_SECONDS, Driver
from gateway.load.flows import Roster, as_load
from gateway.replay.handset import Lost, Seen
from tests.load.runs import FLOWS, flows, plays_of

PAGE = Seen("Баланс: Мой счёт", True)


class Handset:
    """Answers after as long as `slow(now)` says; None: never."""

    def __init__(self, msisdn, clock, slow, page):
        self._page = page
        self.msisdn = msisdn
        self._clock = clock
        self._slow = slow

    async def act(self, action, wants):
        assert not any((wants.charges, wants.balance, wants.quiet))
        seconds = self._slow(self._clock.seconds())
        answer = Deferred()
        if seconds is not None:
            self._clock.callLater(seconds, answer.callback, self._page)
        return await answer

    async def put_down(self):
        """Nothing is under way."""


@pytest.fixture(scope="module")
def flow(tmp_path_factory):
    return as_load(flows(tmp_path_factory.mktemp("flows"))[0])


def driven(flow, slow, *, rate=10.0, seconds=2.0, numbers=50, until=30.0, hook=None, page=PAGE):
    """The driver after its run, and whether it ended; `hook(driver, second)` each second."""
    clock = Clock()
    told = []
    driver = Driver(
        Roster(plays_of(flow, numbers)),
        lambda msisdn: Handset(msisdn, clock, slow, page),
        clock,
        rate,
        seconds,
        lambda driver: told.append(driver.under_way) or (hook and hook(driver, len(told))),
    )
    running = Deferred.fromCoroutine(driver.run())
    for _ in range(round(until / 0.01)):
        clock.advance(0.01)
    return driver, running


def test_plays_begin_by_the_schedule(flow):
    driver, running = driven(flow, lambda now: 0.05)
    assert running.called
    measures = driver.measures
    assert (measures.begun, measures.ended, measures.failed) == (20, 20, 0)
    assert measures.steps.percentile(50) == pytest.approx(0.05, abs=0.02)
    assert driver.seconds == pytest.approx(2.0, abs=0.02)


def test_a_stall_is_seen_by_all_it_held_up(flow):
    """No answer in the first second: those due meanwhile waited, and their times say so."""

    def stall(now):
        return max(0.01, 1.0 - now)

    driver, _ = driven(flow, stall)
    assert driver.measures.begun == 20, "a closed loop would have begun fewer"
    assert driver.measures.steps.most == pytest.approx(1.0, abs=0.03)
    slow = sum(driver.measures.steps.percentile(each) > 0.1 for each in range(5, 101, 5))
    assert slow == pytest.approx(9, abs=1), "nearly half waited, not one"


def test_time_runs_from_when_a_play_was_due_not_from_when_a_number_was_free(flow):
    driver, _ = driven(flow, lambda now: 0.5, numbers=1, seconds=0.95, until=20)
    measures = driver.measures
    assert measures.waited == 9
    assert measures.dropped == measures.waited - measures.begun + 1
    assert measures.steps.most > 0.8
    assert measures.late.count == 1, "that it waited is not our lateness"


def test_how_long_a_number_is_busy_does_not_hold_what_it_was_waited_for(flow):
    measures = driven(flow, lambda now: 0.5, numbers=1, seconds=0.95, until=20)[0].measures
    assert measures.busy.most == pytest.approx(0.5, abs=0.02)
    assert measures.plays.most > 0.8


def test_nothing_is_due_when_the_schedule_is_over(flow):
    driver, _ = driven(flow, lambda now: 3.0, seconds=2.0)
    assert [row.wanted for row in driver.measures.rows][:2] == [10.0, 0.0]
    assert driver.measures.rows[-1].wanted == 0.0


def test_what_waits_has_a_limit(flow, monkeypatch):
    monkeypatch.setattr(module, "WAITING_PLAYS_MAX", 3)
    driver, _ = driven(flow, lambda now: None, numbers=1)
    assert driver.measures.waited == 3
    assert driver.measures.dropped == 19


def test_a_call_is_timed_to_the_first_sound_and_from_when_it_was_due(flow):
    """Its step goes on for a second; the sound came 50 ms after the INVITE left."""
    heard = Seen("Баланс: Мой счёт", True, answer_seconds=0.05)
    driver, _ = driven(flow, lambda now: 1.0, page=heard)
    assert driver.measures.steps.most == pytest.approx(0.05, abs=0.02)
    driver, _ = driven(flow, lambda now: 1.0, page=heard, numbers=1, seconds=1.5)
    assert driver.measures.steps.most > 0.9, "those that waited for a number say so"


def test_what_never_ends_is_waited_for_and_then_failed(flow):
    driver, running = driven(flow, lambda now: None, seconds=0.95, until=0.9 + GRACE_SECONDS)
    assert not running.called
    driver, running = driven(flow, lambda now: None, seconds=0.95, until=1.1 + GRACE_SECONDS)
    assert running.called
    assert (driver.measures.begun, driver.measures.failed) == (10, 10)


def test_keys_change_the_rate_pause_and_quit(flow):
    def press(driver, second):
        {1: lambda: driver.change(10), 2: driver.pause, 3: driver.pause, 4: driver.quit}.get(
            second, lambda: None
        )()

    driver, running = driven(flow, lambda now: 0.01, seconds=60.0, until=6.0, hook=press)
    assert running.called
    begun = [row.begun for row in driver.measures.rows]
    assert begun[:4] == pytest.approx([10, 20, 0, 20], abs=1)
    assert driver.seconds == pytest.approx(4.0, abs=0.05)


def test_a_gateway_that_goes_away_ends_the_run(flow):
    clock = Clock()

    class Gone:
        msisdn = "79230000000"

        async def act(self, action, wants):
            raise Lost("smpp: connection lost")

        async def put_down(self):
            pass

    driver = Driver(Roster(plays_of(flow, 5)), lambda msisdn: Gone(), clock, 10, 5, lambda d: None)
    running = Deferred.fromCoroutine(driver.run())
    clock.advance(0.2)
    assert running.called
    assert (driver.lost, driver.under_way) == ("smpp: connection lost", 0)
    assert not clock.getDelayedCalls()


# --- flows as load -----------------------------------------------------------------------------


def test_what_would_be_other_load_is_not_asked_for(tmp_path):
    kept = [
        [check.what for step in as_load(flow).steps for check in step.checks]
        for flow in flows(tmp_path)
    ]
    assert kept == [["text"], ["text", "text"]]


@pytest.mark.parametrize(
    ("step", "why"),
    [
        ("advance: 60", "moves the clock"),
        ("timeout: true", "moves the clock"),
        ("move: {zone: EUROPE}", "moves a subscriber"),
    ],
)
def test_what_cannot_be_load_is_told_with_its_line(tmp_path, step, why):
    found = flows(tmp_path, FLOWS + f"      - {step}\n")
    with pytest.raises(ValueError, match=rf"load.flow.yaml:15: 'menu' {why}"):
        as_load(found[1])


def test_every_flow_is_played_from_the_first_second(tmp_path):
    plays = [play for flow in flows(tmp_path) for play in plays_of(flow, 4)]
    roster = Roster(plays)
    taken = [roster.take() for _ in range(4)]
    assert [play.flow.name for play in taken] == ["balance", "menu"] * 2
    assert roster.take() is None
    roster.free(taken[2])
    again = roster.take()
    assert (again.subscriber.msisdn, again.flow.name) == ("79230000002", "menu")


def test_silence_in_a_call_is_load_and_a_time_out_of_a_dialogue_is_none(tmp_path):
    steps = '      - call: "0505"\n      - timeout: true\n      - hang_up: true\n'
    assert len(as_load(flows(tmp_path, FLOWS + steps)[1]).steps) == 6
    with pytest.raises(ValueError, match=r"load.flow.yaml:18: 'menu' moves the clock"):
        as_load(flows(tmp_path, FLOWS + steps + "      - timeout: true\n")[1])
