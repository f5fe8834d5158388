"""Plays flows at the rate of a schedule, and measures.

Rule: a play is begun when it is due or as soon after as a number is free; its first step's time
runs from the moment it was due, that of each later one from when it is done, in a call up to the
first sound of the answer (`Seen.answer_seconds`). What is still under
way when the time is over is waited for, and counted as failed where it does not end.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime

from gateway.load.flows import Roster
from gateway.load.measures import Measures
from gateway.load.schedule import Schedule
from gateway.replay.cast import Play
from gateway.replay.handset import Action, Handset, Seen, Verb, Wants
from gateway.replay.player import Played, play
from gateway.replay.script import Flow

WAITING_PLAYS_MAX = 10_000
"""Due, and no number is free; more are dropped."""
GRACE_SECONDS = 15.0
"""How long what is under way may take when the time is over: more than a step waits."""
ROW_SECONDS = 1.0
_MEASURED: frozenset[Verb] = frozenset(("dial", "answer", "sms", "call", "press"))
UNENDED = "had not ended when the run was over"


class _Timed:
    """A handset whose steps are measured."""

    def __init__(self, inner: Handset, flow: Flow, due: float, driver: Driver) -> None:
        self.msisdn = inner.msisdn
        self._inner = inner
        self._flow = flow
        self._since: float | None = due
        self._driver = driver
        self._step = 0

    async def act(self, action: Action, wants: Wants) -> Seen:
        driver, began = self._driver, self._driver.clock.seconds()
        since, self._since = self._since, None
        waited = 0.0 if since is None else began - since
        self._step += 1
        seen = await self._inner.act(action, wants)
        if action.verb in _MEASURED:
            took = driver.clock.seconds() - began
            if seen.answer_seconds is not None:
                took = seen.answer_seconds
            driver.measures.step(self._flow, self._step, waited + took)
        return seen

    async def put_down(self) -> None:
        await self._inner.put_down()


class _Begun(NamedTuple):
    """A play under way: when it was due, and when it was begun."""

    play: Play
    due: float
    at: float


class Row(Protocol):
    """Told at the end of every second of a run."""

    def __call__(self, driver: Driver) -> None: ...


class Driver:
    """One run."""

    def __init__(
        self,
        roster: Roster,
        handset: Callable[[str], Handset],
        clock: IReactorTime,
        per_second: float,
        seconds: float,
        told: Row,
    ) -> None:
        """`handset` gives that of a number; `told` hears of every second."""
        self.measures = Measures()
        self.clock = clock
        self.schedule = Schedule(per_second, clock.seconds())
        self._roster = roster
        self._handset = handset
        self._seconds = seconds
        self._told = told
        self._waiting: deque[float] = deque()
        self._playing: dict[int, _Begun] = {}
        self._began = clock.seconds()
        self._ended_at: float | None = None
        self._timers: dict[str, Any] = {}
        self._done: Deferred[None] = Deferred()
        self.interrupted = False
        self.lost = ""
        """Where the gateway went away: how that was told."""

    @property
    def under_way(self) -> int:
        """Plays begun and not ended."""
        return len(self._playing)

    @property
    def waiting(self) -> int:
        """Plays due that wait for a free number."""
        return len(self._waiting)

    @property
    def seconds(self) -> float:
        """How long plays have been begun, or were."""
        end = self.clock.seconds() if self._ended_at is None else self._ended_at
        return end - self._began

    async def run(self) -> None:
        """Until the time is over and what is under way has ended, or the gateway went away."""
        self._began = self.clock.seconds()
        self.schedule = Schedule(self.schedule.per_second, self._began)
        self._later("end", self._seconds, self.quit)
        self._later("row", ROW_SECONDS, self._row)
        self._begin_due()
        try:
            await self._done
        finally:
            for timer in self._timers.values():
                if timer.active():
                    timer.cancel()

    def quit(self) -> None:
        """Begin nothing any more; end when what is under way has."""
        if self._ended_at is None:
            self._ended_at = self.clock.seconds()
            self.measures.dropped += len(self._waiting)
            self._waiting.clear()
            self._later("grace", GRACE_SECONDS, self._give_up)
            self._look()

    def interrupt(self) -> None:
        """As `quit`, by somebody who did not want to wait for the end."""
        self.interrupted = self._ended_at is None
        self.quit()

    def change(self, by: float) -> None:
        """Other plays a second from now on."""
        self.schedule.change(by, self.clock.seconds())
        self._rearm()

    def pause(self) -> None:
        """Begin nothing, or go on."""
        self.schedule.pause(self.clock.seconds())
        self._rearm()

    # --- plays ----------------------------------------------------------------------------------

    def _begin_due(self) -> None:
        now = self.clock.seconds()
        for moment in self.schedule.due(now) if self._ended_at is None else ():
            if self._waiting or not self._begin(moment):
                self._wait(moment)
            else:
                self.measures.late.add(now - moment)
        self._rearm()

    def _wait(self, moment: float) -> None:
        if len(self._waiting) >= WAITING_PLAYS_MAX:
            self.measures.dropped += 1
            return
        self.measures.waited += 1
        self._waiting.append(moment)

    def _begin(self, due: float) -> bool:
        one = self._roster.take()
        if one is None:
            return False
        self.measures.begun += 1
        key = self.measures.begun
        handset = _Timed(self._handset(one.subscriber.msisdn), one.flow, due, self)
        playing = Deferred.fromCoroutine(play(one.flow, handset, one.subscriber.parameters))
        self._playing[key] = _Begun(one, due, self.clock.seconds())
        playing.addCallback(self._ended, key).addErrback(self._failed)
        return True

    def _ended(self, played: Played, key: int) -> None:
        if key not in self._playing:
            return  # it was given up
        if played.lost:
            self._lose(played.error)
            return
        one = self._playing.pop(key)
        self._measure(played, one)
        self._roster.free(one.play)
        if self._waiting:
            self._later("waiting", 0, self._begin_waiting)
        self._look()

    def _begin_waiting(self) -> None:
        while self._waiting and self._begin(self._waiting[0]):
            self._waiting.popleft()

    def _lose(self, why: str) -> None:
        """The gateway went away: what is under way is over, and was nobody's fault."""
        self.lost = why
        self._ended_at = self.clock.seconds()
        self._playing.clear()
        self._finish()

    def _failed(self, failure: Any) -> None:
        """A bug: the run is over."""
        if self._done.called:
            failure.raiseException()
        self._ended_at = self.clock.seconds()
        self._done.errback(failure)

    def _look(self) -> None:
        if self._ended_at is not None and not self._playing and not self._done.called:
            self._finish()

    def _give_up(self) -> None:
        """What has not ended by now is counted as failed."""
        for one in self._playing.values():
            flow, subscriber = one.play.flow, one.play.subscriber
            self._measure(Played(flow, subscriber.msisdn, (), error=UNENDED), one)
        self._playing.clear()
        self._finish()

    def _measure(self, played: Played, one: _Begun) -> None:
        now = self.clock.seconds()
        self.measures.play(played, now - one.due, now - one.at)

    def _finish(self) -> None:
        self._add_row()
        self._done.callback(None)

    # --- time -----------------------------------------------------------------------------------

    def _row(self) -> None:
        self._add_row()
        self._told(self)
        self._later("row", ROW_SECONDS, self._row)

    def _add_row(self) -> None:
        begins = self._ended_at is None and not self.schedule.paused
        wanted = self.schedule.per_second if begins else 0.0
        self.measures.row(self.clock.seconds() - self._began, wanted)

    def _rearm(self) -> None:
        timer = self._timers.get("due")
        if timer is not None and timer.active():
            timer.cancel()
        at = self.schedule.next_at()
        if at is not None and self._ended_at is None:
            self._later("due", max(0.0, at - self.clock.seconds()), self._begin_due)

    def _later(self, name: str, seconds: float, function: Callable[[], None]) -> None:
        self._timers[name] = self.clock.callLater(seconds, function)
