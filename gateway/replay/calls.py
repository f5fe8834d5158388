"""The telephone of a handset in process: a call as the voice channel would hold it, on its clock.

Rule: nothing is played, so what is said is there at once, but it lasts: a caller who presses
nothing is silent from the end of it on. The minutes of a paid call are extended before they are
over, as the channel does, and money that runs out ends it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any, Literal, Protocol

from gateway.channels.desk import Desk, call_dialogue, nothing
from gateway.channels.voice_talk import gather_of
from gateway.domain import port
from gateway.domain.calls import Announcement, Refused, Verify
from gateway.domain.port import (
    Arrival,
    Opened,
    QuotaSpent,
    Released,
    Replied,
    TimedOut,
    ToCall,
    Verified,
)
from gateway.replay.handset import NotPlayed
from gateway.turn.call import connected, extend
from gateway.wire.rtp.collector import Collector, Entered, Event

EXTEND_BEFORE_SECONDS = 10
PAUSE = ","
"""A short silence in a playlist; nobody expects it."""

Verifies = Callable[[str, str, str], bool]
"""Whether a digest (first) is that of a password (second) of a number (third)."""
Recorded = Callable[[str, str], tuple[str, float]]
"""The recording of a phrase (second) in a language (first): its id, and its length in seconds."""


class Owner(Protocol):
    """The handset whose telephone it is."""

    msisdn: str
    desk: Desk
    now: float

    def settle(self) -> None:
        """Run all turns that wait."""
        ...

    def read(self, work: Callable[[Any], Any]) -> Any:
        """Something of the account core's."""
        ...


@dataclass(slots=True)
class _Line:
    """A call under way."""

    trace: str
    number: str
    answered_at: float | None = None
    quota_seconds: int = 0
    """How much is paid for, where it is not free."""
    minute_at: float = inf
    """When the next minute is to be reserved, or where it cannot be, what is paid for is over."""
    unpaid: bool = False
    """The next minute cannot be reserved."""
    silent_at: float = inf
    """When a caller has pressed nothing in time."""


@dataclass(slots=True)
class Heard:
    """What a call said since it was last asked."""

    phrases: list[str] = field(default_factory=list)
    prompts: list[str] = field(default_factory=list)
    more: bool = False
    """Something may be pressed."""
    asks_secret: bool = False
    """The keys must be written nowhere."""


class Telephone:
    """One call at a time. The desk's `Calls`."""

    def __init__(self, owner: Owner, link: str, verifies: Verifies, recorded: Recorded) -> None:
        self._owner = owner
        self._link = link
        self._verifies = verifies
        self._recorded = recorded
        self._line: _Line | None = None
        self._collector = Collector()
        self.heard = Heard()

    @property
    def is_busy(self) -> bool:
        """A call is under way."""
        return self._line is not None

    def call(self, number: str) -> None:
        """Call it. Raises NotPlayed while a call is under way."""
        if self._line is not None:
            raise NotPlayed("a call is under way")
        self._line, self._collector = _Line(self._owner.desk.ids.next(), number), Collector()
        self._submit(self._line, Opened(number), self._line.trace)

    def press(self, keys: str) -> None:
        """Press keys, and no more until an entry is over by itself. Raises NotPlayed where there
        is no call."""
        if self._line is None:
            raise NotPlayed("no call is under way")
        events: list[Event] = []
        for key in keys:
            events = self._collector.press(key, self._owner.now)
            self._take(events)
            self._owner.settle()
        due = self._collector.next_timer()
        if due is not None and not any(isinstance(each, Entered) for each in events):
            self._take(self._collector.timer_fired(due))

    def silence(self) -> None:
        """Press nothing in time."""
        if self._line is not None and self._line.silent_at < inf:
            self.talk(self._line.silent_at)

    def hang_up(self, reason: Literal["user", "network"]) -> None:
        """The caller, or the network, ends it."""
        line, self._line = self._line, None
        if line is not None:
            seconds = self._owner.now - (line.answered_at or self._owner.now)
            self._submit(line, Released(reason, seconds))

    def talk(self, until: float) -> None:
        """Stay on the line until a moment, epoch seconds, and press nothing; the clock stands
        where it goes."""
        owner = self._owner
        while (line := self._line) is not None:
            at = min(line.silent_at, line.minute_at)
            if at > until:
                break
            owner.now = max(owner.now, at)
            if at == line.silent_at:
                line.silent_at = inf
                self._submit(line, TimedOut())
            else:
                self._end_minute(line)
            owner.settle()
        owner.now = max(owner.now, until)

    def _end_minute(self, line: _Line) -> None:
        assert line.answered_at is not None, "minutes are paid from the answer on"
        if line.unpaid:
            line.minute_at = inf
            self._submit(line, QuotaSpent())
            return
        paid = line.quota_seconds
        line.quota_seconds = self._extended(line, round(self._owner.now - line.answered_at))
        line.unpaid = line.quota_seconds == paid
        before = 0 if line.unpaid else EXTEND_BEFORE_SECONDS
        line.minute_at = line.answered_at + line.quota_seconds - before

    def _extended(self, line: _Line, heard_seconds: int) -> int:
        now = self._owner.now
        return int(self._owner.read(lambda unit: extend(unit, line.trace, heard_seconds, now)))

    # --- what a call is told ------------------------------------------------------------------

    def tell(self, delivery: ToCall) -> bool:
        """Hear it; False where the call is over."""
        line = self._line
        if line is None:
            return False
        if isinstance(delivery, Refused):
            self.heard.phrases.append(f"not answered: {delivery.reason}")
            self._line = None
        elif isinstance(delivery, Verify):
            right = (each for each in delivery.digests if self._is_right(each, delivery))
            self._submit(line, Verified(next(right, ""), delivery.attempts_left))
        else:
            self._hear(delivery, line)
        return True

    def _hear(self, said: Announcement, line: _Line) -> None:
        owner, heard = self._owner, self.heard
        if line.answered_at is None:
            line.answered_at = owner.now
        if said.quota_seconds is not None:
            now = owner.now
            line.quota_seconds = owner.read(lambda unit: connected(unit, line.trace, now))
            line.minute_at = now + line.quota_seconds - EXTEND_BEFORE_SECONDS
        seconds = 0.0
        for phrase in (*said.early, *said.phrases):
            if phrase != PAUSE:
                prompt, lasts = self._recorded(said.language, phrase)
                heard.phrases.append(phrase)
                heard.prompts.append(prompt)
                seconds += lasts
        heard.more = said.gather is not None
        heard.asks_secret = said.gather is not None and said.gather.secret
        if said.gather is None:
            self.hang_up("network")
            return
        line.silent_at = owner.now + seconds + said.gather.first_key_seconds
        collector = self._collector
        self._take(collector.start(gather_of(said.gather), owner.now))
        self._take(collector.prompt_ended(owner.now))

    def _take(self, events: Sequence[Event]) -> None:
        for event in events:
            if isinstance(event, Entered) and self._line is not None:
                self._submit(self._line, Replied(event.keys))

    def _is_right(self, digest: str, verify: Verify) -> bool:
        return self._verifies(digest, verify.password, verify.msisdn)

    def _submit(self, line: _Line, event: port.Event, trace: str = "") -> None:
        msisdn = self._owner.msisdn
        dialogue = call_dialogue(self._link, msisdn, line.trace)
        arrival = Arrival("voice", self._link, msisdn, line.number, dialogue, event, trace=trace)
        self._owner.desk.submit(arrival, nothing)
