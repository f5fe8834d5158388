"""What happened, kept for the message of a failure: screens, words, messages, turns, times.

Rule: whoever reads a failure sees the last screens, what differs, the order in which things
happened, and the dialogue id by which logs, CDRs and charges know it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gateway.channels.desk import Failed
from gateway.domain.money import roubles
from gateway.domain.port import Arrival
from gateway.replay.frames import columns
from gateway.replay.visible import one_line, visible
from gateway.testing.matchers import Matcher
from gateway.turn.outcome import Outcome

SCREENS_TOLD = 3
EVENTS_TOLD = 20
EVENTS_MAX = 1_000
"""Kept of each phone; of more, the oldest go."""


class Unexpected(AssertionError):
    """What came is not what was expected, or nothing came."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a subscriber, at a time (monotonic seconds)."""

    at: float
    what: str
    dialogue: str = ""


@dataclass(frozen=True, slots=True)
class Screen:
    """A USSD page, or what a call said; `more` waits for an answer."""

    text: str
    more: bool
    prompts: tuple[str, ...] = ()
    """Ids of the recordings heard."""

    def __str__(self) -> str:
        return f"{'hears' if self.prompts else 'page'}: {self.text}"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What was done could not be: the gateway refused it, or nobody answered."""

    reason: str

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True, slots=True)
class Ended:
    """The gateway ended a call."""

    call: object
    why: str

    def __str__(self) -> str:
        return self.why


Came = Screen | Trouble | Ended


class Story:
    """All that happened to one subscriber. The reactor's thread adds, a test reads."""

    def __init__(self) -> None:
        self._events: deque[Event] = deque(maxlen=EVENTS_MAX)
        self.screens: list[Screen] = []

    def add(self, at: float, what: str, dialogue: str = "") -> None:
        """One more event."""
        self._events.append(Event(at, what, dialogue))

    def turn(self, at: float, outcome: Outcome | Failed, arrival: Arrival, seconds: float) -> None:
        """The gateway took a turn for the subscriber."""
        if isinstance(outcome, Failed):
            self.add(at, f"the turn failed after {seconds * 1000:.1f} ms", arrival.trace)
            return
        charge = outcome.charge
        parts = [
            f"turn of {seconds * 1000:.1f} ms",
            outcome.state,
            *outcome.notes,
            outcome.refused and f"refused {outcome.refused}",
            charge and f"charge {charge.rule} {roubles(charge.amount)}",
        ]
        self.add(at, "; ".join(part for part in parts if part), outcome.trace)

    @property
    def events(self) -> tuple[Event, ...]:
        """Those kept, oldest first."""
        return tuple(sorted(self._events.copy(), key=lambda event: event.at))

    @property
    def dialogue(self) -> str:
        """The id of the last dialogue the gateway knew of; empty where there was none."""
        return next((each.dialogue for each in reversed(self._events) if each.dialogue), "")

    def unexpected(
        self, msisdn: str, wanted: tuple[Matcher, ...] | None, got: str | None, within: float
    ) -> str:
        """The message of a failure: `wanted` is None where nothing was to come, `got` the text
        that came, None where none did."""
        if wanted is None:
            lines = [f"{msisdn} expected nothing within {within:g} s: something came"]
        else:
            says = " and ".join(each.says for each in wanted) or "of any kind"
            came = "nothing came" if got is None else "it came otherwise"
            lines = [f"{msisdn} expected a text {says} within {within:g} s: {came}"]
        for screen in self.screens[-SCREENS_TOLD:]:
            lines += _shown(screen)
        if got is not None and (not self.screens or got != self.screens[-1].text):
            lines.append(f"  came: {one_line(got)}")
        whole = next((each.whole for each in wanted or () if each.whole), None)
        if whole is not None and got is not None:
            lines += ["  difference:", *(f"    {row}" for row in columns(whole, got))]
        lines += ["  timeline:", *self._timeline()]
        lines.append(f"  dialogue {self.dialogue or 'none: the gateway knows of none'}")
        return "\n".join(lines)

    def _timeline(self) -> Iterable[str]:
        events = self.events[-EVENTS_TOLD:]
        began = events[0].at if events else 0.0
        for event in events:
            yield f"    {event.at - began:8.3f}  {one_line(event.what)}"


def _shown(screen: Screen) -> Iterator[str]:
    kind, last = ("heard", "words") if screen.prompts else ("screen", "page")
    yield f"  {kind}{'' if screen.more else f' (the last {last})'}:"
    yield from (f"    | {line}" for line in visible(screen.text).split("\n"))
    if screen.prompts:
        yield f"    prompts {', '.join(screen.prompts)}"
