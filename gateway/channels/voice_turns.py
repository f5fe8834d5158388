"""What one call asks of the desk: its turns in their order, and its minutes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from twisted.logger import Logger

from gateway.channels.desk import Desk, Failed, call_dialogue
from gateway.channels.voice_trust import Caller
from gateway.domain.port import Arrival, Event, Opened
from gateway.turn.call import connected, extend
from gateway.turn.outcome import Outcome
from gateway.turn.unit import Busy

log = Logger()

RETRY_SECONDS: Final = 1.0


class Turns:
    """A full queue is asked again: a call that is up cannot be told to come later."""

    def __init__(
        self,
        desk: Desk,
        clock: Any,
        caller: Caller,
        address: str,
        turned: Callable[[Outcome | Failed], None],
    ) -> None:
        """`address` is the number called; `turned` hears what became of each turn."""
        self.trace = desk.ids.next()
        self.dialogue = call_dialogue(caller.link, caller.msisdn, self.trace)
        self._desk = desk
        self._clock = clock
        self._caller = caller
        self._address = address
        self._turned = turned
        self._over = False

    def begin(self) -> bool:
        """Ask what becomes of the call; False where the house is full."""
        try:
            self._desk.submit(self._arrival(Opened(self._address)), self._turned)
        except Busy:
            return False
        return True

    def take(self, event: Event) -> None:
        """Take a turn, unless the call is over."""
        if not self._over:
            self._take(event)

    def end(self, event: Event) -> None:
        """Take the last turn, come what may."""
        self._over = True
        self._take(event)

    def connected(self) -> None:
        """The first paid minute runs from now on."""
        trace, now = self.trace, self._desk.now()

        def done(result: Any) -> None:
            _log_failure(result)

        if not self._over and not self._desk.try_put(lambda u: connected(u, trace, now), done):
            self._clock.callLater(RETRY_SECONDS, self.connected)

    def extend(self, heard: int, done: Callable[[Any], None]) -> bool:
        """Reserve the next minute, `heard` seconds into those paid. `done` hears how many it may
        last in all, or an exception. False where the queue is full."""
        trace, now = self.trace, self._desk.now()

        def reserved(result: Any) -> None:
            _log_failure(result)
            done(result)

        return self._desk.try_put(lambda unit: extend(unit, trace, heard, now), reserved)

    def _take(self, event: Event) -> None:
        try:
            self._desk.submit(self._arrival(event), self._turned)
        except Busy:
            self._clock.callLater(RETRY_SECONDS, self.end if self._over else self.take, event)

    def _arrival(self, event: Event) -> Arrival:
        caller = self._caller
        return Arrival(
            "voice",
            caller.link,
            caller.msisdn,
            self._address,
            self.dialogue,
            event,
            plmn=caller.plmn,
            trace=self.trace,
        )


def _log_failure(result: Any) -> None:
    if isinstance(result, BaseException):
        log.error("minutes of a call could not be recorded", error=repr(result))
