"""What becomes of one message, and what a fault is: a condition and an effect.

Rule: effects only say what is to become of a message; the wires carry that out. Time is given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from gateway.testing.pcap import Address
from gateway.wire.throttle import Throttle

_SPREAD: Final = 0.618033988749895
"""The golden ratio: its multiples spread evenly over [0, 1), however many there are."""


@dataclass(frozen=True, slots=True)
class Message:
    """What passes, as the conditions of faults ask for it."""

    kind: str
    """A command of SMPP (`submit_sm`), a method of SIP (`INVITE`, `INVITE response`), `audio`,
    `telephone-event` or `rtcp`."""
    by: Literal["gateway", "peer"]
    peer: Address
    msisdn: str = ""
    bind: str = ""


@dataclass(slots=True)
class Fate:
    """What becomes of one message; nothing said: it passes as it came."""

    delay_seconds: float = 0.0
    copies: int = 1
    status: int | None = None
    """A request is answered with it and goes no further; a response carries it in place of its
    own status and body."""
    overtaken: bool = False
    """The next message of its kind passes first."""


Effect = Callable[[Fate, float], None]
"""Changes the fate of a message that passes at a time (monotonic seconds)."""


@dataclass(slots=True)
class Fault:
    """One scripted fault. `hits` counts the messages it befell; `end` lifts it."""

    effect: Effect
    kinds: frozenset[str] = frozenset()
    """Empty: messages of every kind."""
    bind: str = ""
    """The system_id of the connections it is for; empty: all."""
    peer: str = ""
    """The host, or host and port, it is for; empty: all."""
    by: str = ""
    """The sender it is for; empty: both."""
    msisdn: str = ""
    """The subscriber whose messages it is for; empty: all."""
    every: int = 1
    """Of the messages it is for, each n-th is befallen."""
    after: int = 0
    """The first so many pass."""
    times: int | None = None
    """Befalls no more than so many; None: without end."""
    hits: int = 0
    _met: int = field(default=0, repr=False)
    _over: bool = field(default=False, repr=False)

    def end(self) -> None:
        """Lift it: nothing more befalls anybody."""
        self._over = True

    def befalls(self, message: Message) -> bool:
        """Whether a message that passes is one of those it befalls, and count it."""
        if self._over or not self._is_for(message):
            return False
        self._met += 1
        counted = self._met - self.after
        spent = self.times is not None and self.hits >= self.times
        if counted <= 0 or counted % self.every or spent:
            return False
        self.hits += 1
        return True

    def _is_for(self, message: Message) -> bool:
        host, port = message.peer
        return (
            (not self.kinds or message.kind in self.kinds)
            and self.bind in ("", message.bind)
            and self.by in ("", message.by)
            and self.msisdn in ("", message.msisdn)
            and self.peer in ("", host, f"{host}:{port}")
        )


def together(effects: list[Effect]) -> Effect:
    """All of them."""

    def befall(fate: Fate, now: float) -> None:
        for effect in effects:
            effect(fate, now)

    return befall


def answer(status: int) -> Effect:
    """A status in place of what would be answered."""

    def befall(fate: Fate, _now: float) -> None:
        fate.status = status

    return befall


def delay(seconds: float) -> Effect:
    """Later by so much."""

    def befall(fate: Fate, _now: float) -> None:
        fate.delay_seconds += seconds

    return befall


def jitter(seconds_max: float) -> Effect:
    """Later by up to so much, spread evenly."""
    met = 0

    def befall(fate: Fate, _now: float) -> None:
        nonlocal met
        met += 1
        fate.delay_seconds += seconds_max * (met * _SPREAD % 1)

    return befall


def throttle(per_second: float, status: int) -> Effect:
    """A status for what is over a rate."""
    bucket = Throttle(per_second)

    def befall(fate: Fate, now: float) -> None:
        if not bucket.take(now):
            fate.status = status

    return befall


def drop(fate: Fate, _now: float) -> None:
    """It is lost."""
    fate.copies = 0


def duplicate(fate: Fate, _now: float) -> None:
    """It comes once more."""
    fate.copies += 1


def overtake(fate: Fate, _now: float) -> None:
    """The next of its kind comes first."""
    fate.overtaken = True
