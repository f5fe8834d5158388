"""Calls taken turn by turn on one book, without a channel: what a test of calls speaks with."""

from __future__ import annotations

from itertools import count
from typing import TypeVar

from gateway.accounts.book import Charge
from gateway.accounts.demo import load_demo
from gateway.accounts.memory import MemoryBook
from gateway.channels.desk import call_dialogue
from gateway.domain.calls import Announcement, Gather, Refused, Verify
from gateway.domain.port import Arrival, Event, Opened, Replied, Verified
from gateway.turn.dated import do_due
from gateway.turn.outcome import Outcome
from gateway.turn.turn import take_turn
from tests.accounts.fakes import NOW, FakeHasher
from tests.turn.house import world
from tests.turn.memory_unit import MemoryUnit

Told = TypeVar("Told", Announcement, Refused, Verify)


class Phones:
    """Calls on one book, by their ids."""

    def __init__(self) -> None:
        self.hasher = FakeHasher()
        self.world = world(self.hasher)
        self.book = MemoryBook()
        self.unit = MemoryUnit(self.book)
        self.now = NOW
        self.to: dict[str, tuple[str, str, str]] = {}
        load_demo(self.book, self.hasher, NOW)

    def call(self, id: str, msisdn: str, number: str, plmn: str = "") -> Outcome:
        """An INVITE."""
        self.to[id] = (msisdn, number, plmn)
        return self.event(id, Opened(number))

    def event(self, id: str, event: Event) -> Outcome:
        """Whatever happens to a call."""
        msisdn, number, plmn = self.to[id]
        arrival = Arrival(
            "voice",
            "sip",
            msisdn,
            number,
            call_dialogue("sip", msisdn, id),
            event,
            plmn=plmn,
            trace=id,
        )
        return take_turn(arrival, self.now, self.unit, self.world)

    def press(self, id: str, *keys: str) -> Outcome:
        """Entries, one after the other."""
        return [self.event(id, Replied(each)) for each in keys][-1]

    def stored(self, id: str) -> str:
        """The session as it stands in the store."""
        return self.unit.load_session(call_dialogue("sip", self.to[id][0], id)) or ""

    def available(self, msisdn: str) -> int:
        """Kopecks that are neither spent nor set aside."""
        found = self.book.subscriber(msisdn)
        assert found is not None
        return found.available

    def settle(self) -> list[Charge]:
        """Carry out what is due, and the newest rows first."""
        ids = count()
        do_due(self.now, self.unit, self.world, lambda: f"j{next(ids)}", 100)
        return list(self.book.charges("79220000002", 10))

    def prove(self, id: str, password: str) -> Outcome:
        """The password of the cabinet, typed and compared."""
        asked = only(self.press(id, password), Verify)
        right = (d for d in asked.digests if self.hasher.verify(d, asked.password, asked.msisdn))
        return self.event(id, Verified(next(right, ""), asked.attempts_left))


def heard(outcome: Outcome) -> Announcement:
    """The one announcement of a turn."""
    [found] = [each for each in outcome.deliveries if isinstance(each, Announcement)]
    return found


def gather(outcome: Outcome) -> Gather:
    """What it collects."""
    found = heard(outcome).gather
    assert found is not None
    return found


def only(outcome: Outcome, kind: type[Told]) -> Told:
    """The one delivery of a kind."""
    [found] = [each for each in outcome.deliveries if isinstance(each, kind)]
    return found
