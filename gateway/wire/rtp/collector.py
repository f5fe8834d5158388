"""What a prompt waits for, and the keys collected for it, with what is typed ahead.

One collector a call. A prompt `start`s it with a `Gather`; it answers, in its time, with one
`Entered` or `NoInput`, and then keeps the keys pressed until the next `start`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Final, Literal

KEYS_MAX: Final = 32

By = Literal["length", "terminator", "timeout", "instant"]
"""What ended an entry."""


@dataclass(frozen=True, slots=True)
class Gather:
    """The keys a prompt waits for."""

    keys_max: int = 1
    """With so many the entry is whole: nothing more is waited for. That there are too few is for
    the menu to say."""
    terminator: str = "#"
    """Ends an entry of several keys; empty: none does."""
    instant: frozenset[str] = frozenset("*")
    """Keys that are an answer of their own when they are the first."""
    first_key_seconds: float = 7.0
    """From the end of the prompt."""
    inter_key_seconds: float = 3.0
    barge_in: bool = True
    """A key stops the prompt; else the keys pressed during it are read at its end."""
    type_ahead: bool = True
    """Keys pressed before the prompt, or during one that cannot be stopped, count."""

    def __post_init__(self) -> None:
        assert self.keys_max > 0, "a prompt without keys gathers nothing"


@dataclass(frozen=True, slots=True)
class BargedIn:
    """A key interrupts the prompt: stop it."""


@dataclass(frozen=True, slots=True)
class Entered:
    """The keys, without a terminator; none at all where it was the first. Not in its repr: they
    may be a password."""

    keys: str = field(repr=False)
    by: By


@dataclass(frozen=True, slots=True)
class NoInput:
    """No key was pressed in time."""


Event = BargedIn | Entered | NoInput


class Collector:
    """Time is an argument: call `timer_fired` at `next_timer`."""

    __slots__ = ("_ahead", "_deadline", "_gather", "_keys", "_keys_max", "_prompting")

    def __init__(self, keys_max: int = KEYS_MAX) -> None:
        """`keys_max` bounds what is typed ahead; further keys are dropped."""
        self._keys_max = keys_max
        self._ahead: deque[str] = deque()
        self._gather: Gather | None = None
        self._keys = ""
        self._prompting = False
        self._deadline: float | None = None

    def start(self, gather: Gather, now: float) -> list[Event]:
        """A prompt begins that waits for `gather`; what was typed ahead may answer it at once."""
        self._gather, self._keys, self._prompting = gather, "", True
        self._deadline = None
        if not gather.type_ahead:
            self.flush()
        return self._read(now)

    def prompt_ended(self, now: float) -> list[Event]:
        """The prompt was played to its end: from now on the first key is waited for."""
        if self._gather is None or not self._prompting:
            return []
        self._prompting = False
        if not self._keys:
            self._deadline = now + self._gather.first_key_seconds
        if not self._gather.type_ahead:
            self.flush()
        return self._read(now)

    def press(self, key: str, now: float) -> list[Event]:
        """A key was pressed."""
        if len(self._ahead) < self._keys_max:
            self._ahead.append(key)
        return self._read(now)

    def cancel(self) -> None:
        """Nothing is waited for any more; keys are kept for the next prompt."""
        self._gather, self._keys, self._prompting, self._deadline = None, "", False, None

    def flush(self) -> None:
        """Forget what was typed ahead."""
        self._ahead.clear()

    def next_timer(self) -> float | None:
        """When `timer_fired` is due, or None."""
        return self._deadline

    def timer_fired(self, now: float) -> list[Event]:
        """The first key did not come, or the entry goes on no more: what there is, is it."""
        if self._deadline is None or now < self._deadline:
            return []
        return [self._entered("timeout") if self._keys else self._done(NoInput())]

    def _read(self, now: float) -> list[Event]:
        """Take keys from those pressed, as far as the prompt and its entry go."""
        events: list[Event] = []
        while self._ahead and (gather := self._gather) is not None:
            if self._prompting:
                if not gather.barge_in:
                    break
                self._prompting = False
                events.append(BargedIn())
            entered = self._take(gather, self._ahead.popleft())
            if entered is not None:
                events.append(entered)
            else:
                self._deadline = now + gather.inter_key_seconds
        return events

    def _take(self, gather: Gather, key: str) -> Event | None:
        several = gather.keys_max > 1
        if several and key == gather.terminator:
            return self._entered("terminator")
        first = not self._keys
        self._keys += key
        if len(self._keys) == gather.keys_max:
            return self._entered("length")
        return self._entered("instant") if first and key in gather.instant else None

    def _entered(self, by: By) -> Event:
        return self._done(Entered(self._keys, by))

    def _done(self, event: Event) -> Event:
        self.cancel()
        return event
