"""What a call says and what it hears of the keypad: one playlist and one entry at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gateway.channels.alarm import Alarm
from gateway.channels.media_leg import Leg
from gateway.domain.calls import Gather as Wanted
from gateway.wire.rtp.collector import BargedIn, Collector, Entered, Event, Gather, NoInput
from gateway.wire.rtp.stream import Clip, Heard


def gather_of(wanted: Wanted) -> Gather:
    """What a turn asks for, as the collector has it."""
    return Gather(
        wanted.keys_max,
        wanted.terminator,
        frozenset(wanted.instant),
        wanted.first_key_seconds,
        wanted.next_key_seconds,
        wanted.barge_in,
        wanted.type_ahead,
    )


class Talk:
    """Joins the leg's player and the collector. `entered(keys)` and `silent()` answer an `ask`;
    `heard(playlist)` tells what of a playlist was sent, once it is over."""

    def __init__(
        self,
        leg: Leg,
        clock: Any,
        entered: Callable[[str], None],
        silent: Callable[[], None],
        heard: Callable[[Sequence[Heard]], None],
    ) -> None:
        self._leg = leg
        self._clock = clock
        self._entered = entered
        self._silent = silent
        self._heard = heard
        self._collector = Collector()
        self._alarm = Alarm(clock, self._collector.next_timer, self._fire)
        leg.on_digit = self.press

    def say(self, clips: Sequence[Clip], then: Callable[[], None]) -> None:
        """Say something to its end, whatever is pressed meanwhile."""
        self._hush()
        if not any(clip.octets for clip in clips):
            then()
            return

        def ended() -> None:
            self._heard(self._leg.heard())
            then()

        self._leg.play(clips, ended)

    def ask(self, clips: Sequence[Clip], wanted: Wanted) -> None:
        """Say something, and wait for keys."""
        self._hush()
        self._leg.play(clips, self._said)
        self._take(self._collector.start(gather_of(wanted), self._clock.seconds()))
        if not self._leg.playing:  # nothing to say
            self._take(self._collector.prompt_ended(self._clock.seconds()))

    def press(self, key: str) -> None:
        """A key, whichever way it came."""
        self._take(self._collector.press(key, self._clock.seconds()))

    def end(self) -> None:
        """Say nothing more, and hear nothing."""
        self._hush()

    def _hush(self) -> None:
        """What was said before is over, and nobody waits for its answer."""
        self._stop()
        self._collector.cancel()
        self._alarm.set()

    def _stop(self) -> None:
        if self._leg.playing:
            self._heard(self._leg.stop())

    def _said(self) -> None:
        self._heard(self._leg.heard())
        self._take(self._collector.prompt_ended(self._clock.seconds()))

    def _fire(self, now: float) -> None:
        self._take(self._collector.timer_fired(now))

    def _take(self, events: Sequence[Event]) -> None:
        for event in events:
            match event:
                case BargedIn():
                    self._stop()
                case Entered(keys=keys):
                    self._entered(keys)
                case NoInput():
                    self._silent()
        self._alarm.set()
