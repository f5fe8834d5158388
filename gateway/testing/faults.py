"""Faults that a test scripts: what becomes of the PDUs between the gateway and its peers.

Rule: a fault is a condition and an effect, and any may hold at once: a PDU's fate is what all of
them that meet it make of it. Counting is by each fault for itself, so scripts are exact.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partialmethod

from gateway.wire.smpp import commands
from gateway.wire.smpp.status import Status
from gateway.wire.throttle import Throttle

NUMBERS = {name: number for number, name in commands.NAMES.items()}
"""`submit_sm` -> its command_id."""


@dataclass(slots=True)
class Fate:
    """What becomes of one PDU; nothing said: it passes as it came."""

    delay_seconds: float = 0.0
    copies: int = 1
    status: int | None = None
    """A request is answered with it and goes no further; a response carries it in place of its
    own status and body."""
    overtaken: bool = False
    """The next PDU of its kind passes first."""


Effect = Callable[[Fate, float], None]
"""Changes the fate of a PDU that passes at a time (monotonic seconds)."""


@dataclass(slots=True)
class Fault:
    """One scripted fault. `hits` counts the PDUs it befell; `end` lifts it."""

    effect: Effect
    command: int | None = None
    """None: PDUs of every kind."""
    bind: str = ""
    """The system_id of the connections it is for; empty: all."""
    msisdn: str = ""
    """The subscriber whose PDUs it is for; empty: all."""
    every: int = 1
    """Of the PDUs it is for, each n-th is befallen."""
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

    def befalls(self, command: int, bind: str, msisdn: str) -> bool:
        """Whether a PDU that passes is one of those it befalls, and count it."""
        if self._over or (self.command is not None and command != self.command):
            return False
        if (self.bind and bind != self.bind) or (self.msisdn and msisdn != self.msisdn):
            return False
        self._met += 1
        counted = self._met - self.after
        spent = self.times is not None and self.hits >= self.times
        if counted <= 0 or counted % self.every or spent:
            return False
        self.hits += 1
        return True


class Faults:
    """The faults of one gateway. A method for each message of SMPP adds one:

    faults.submit_sm(status="ESME_RTHROTTLED", every=10)
    faults.deliver_sm(delay=0.5, msisdn="79220000001")

    `status` (a name or number), `delay` (seconds), `drop`, `duplicate`, `reorder` (the next one
    overtakes) and `throttle` (more a second are answered ESME_RTHROTTLED) may be given together.
    """

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def pdu(
        self,
        command: str,
        *,
        status: str | int | None = None,
        delay: float = 0.0,
        drop: bool = False,
        duplicate: bool = False,
        reorder: bool = False,
        throttle: float | None = None,
        bind: str = "",
        msisdn: str = "",
        every: int = 1,
        after: int = 0,
        times: int | None = None,
    ) -> Fault:
        """A fault of the messages of one command (`submit_sm_resp`). Raises ValueError for a
        command or status that SMPP has not, and for a fault without an effect."""
        if command not in NUMBERS:
            raise ValueError(f"SMPP has no {command!r}; it has {', '.join(sorted(NUMBERS))}")
        effects = [
            effect
            for wanted, effect in (
                (status is not None, _answer(0 if status is None else _number(status))),
                (delay, _delay(delay)),
                (drop, _drop),
                (duplicate, _duplicate),
                (reorder, _overtake),
                (throttle, _throttle(throttle or 1.0)),
            )
            if wanted
        ]
        if not effects or every < 1:
            raise ValueError("a fault has an effect, and every is 1 or more")
        made = Fault(_all(effects), NUMBERS[command], bind, msisdn, every, after, times)
        return self._add(made)

    submit_sm = partialmethod(pdu, "submit_sm")
    submit_sm_resp = partialmethod(pdu, "submit_sm_resp")
    deliver_sm = partialmethod(pdu, "deliver_sm")
    deliver_sm_resp = partialmethod(pdu, "deliver_sm_resp")
    data_sm = partialmethod(pdu, "data_sm")
    enquire_link = partialmethod(pdu, "enquire_link")
    enquire_link_resp = partialmethod(pdu, "enquire_link_resp")

    def half_open(self, bind: str = "") -> Fault:
        """The connections stay and carry nothing any more, either way, as where a host died."""
        return self._add(Fault(_drop, bind=bind))

    def clear(self) -> None:
        """Lift every fault."""
        for fault in self._faults:
            fault.end()
        self._faults.clear()

    def fate(self, command: int, bind: str, msisdn: str, now: float) -> Fate:
        """What becomes of a PDU that passes now (monotonic seconds)."""
        fate = Fate()
        for fault in self._faults:
            if fault.befalls(command, bind, msisdn):
                fault.effect(fate, now)
        return fate

    def _add(self, fault: Fault) -> Fault:
        self._faults.append(fault)
        return fault


def _number(status: str | int) -> int:
    if isinstance(status, int):
        return status
    if status not in Status.__members__:
        raise ValueError(f"SMPP has no status {status!r}")
    return int(Status[status])


def _all(effects: list[Effect]) -> Effect:
    def befall(fate: Fate, now: float) -> None:
        for effect in effects:
            effect(fate, now)

    return befall


def _answer(status: int) -> Effect:
    def befall(fate: Fate, _now: float) -> None:
        fate.status = status

    return befall


def _delay(seconds: float) -> Effect:
    def befall(fate: Fate, _now: float) -> None:
        fate.delay_seconds += seconds

    return befall


def _throttle(per_second: float) -> Effect:
    bucket = Throttle(per_second)

    def befall(fate: Fate, now: float) -> None:
        if not bucket.take(now):
            fate.status = Status.ESME_RTHROTTLED

    return befall


def _drop(fate: Fate, _now: float) -> None:
    fate.copies = 0


def _duplicate(fate: Fate, _now: float) -> None:
    fate.copies += 1


def _overtake(fate: Fate, _now: float) -> None:
    fate.overtaken = True
