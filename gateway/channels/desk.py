"""The desk: arrivals in, deliveries out; the one place where a channel meets a turn.

A channel submits an `Arrival` and is told its `Outcome` after the commit; then the outcome's
deliveries go to their links. Whatever ends here is told to the observers: metrics, CDRs, logs and
live events are folds over (arrival, outcome, seconds).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from twisted.logger import Logger

from gateway.channels.context import LOG_CONTEXT, NO_TURN
from gateway.channels.deadlines import Deadlines
from gateway.channels.ids import Ids
from gateway.channels.links import Calls, Link, Work
from gateway.channels.outbox import Outbox
from gateway.domain.port import (
    Arrival,
    Channel,
    Delivery,
    Opened,
    Page,
    Released,
    Replied,
    Sms,
    TimedOut,
    ToCall,
)
from gateway.turn.outcome import Outcome
from gateway.turn.turn import take_turn
from gateway.turn.unit import Busy, Unit
from gateway.turn.world import World

log = Logger()

DUE_MAX = 500
"""Dialogues timed out in one tick; the rest follow in the next."""
DIALOGUES_MAX = 200_000
"""Dialogues open at once; one more is refused as busy."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A turn that failed: a bug or a store that could not commit. Nothing of it stays."""

    error: BaseException


_CHANNELS: Mapping[str, Channel] = {"sms": "sms", "call": "voice"}
"""How a dialogue's rest begins -> its channel; any other is a USSD dialogue."""

Observer = Callable[[Arrival, "Outcome | Failed", float], None]


class Desk:
    """Arrivals in, deliveries out. Lives on the reactor's thread."""

    def __init__(
        self,
        world: World,
        work: Work,
        now: Callable[[], float],
        monotonic: Callable[[], float],
        ids: Ids,
        dialogues_max: int = DIALOGUES_MAX,
    ) -> None:
        self.world = world
        self.now = now
        self.ids = ids
        self.links: dict[str, Link] = {}
        self.calls: dict[str, Calls] = {}
        self.observers: list[Observer] = []
        self.deadlines = Deadlines()
        self._work = work
        self._monotonic = monotonic
        self._dirty: dict[str, Link] = {}
        self._dialogues_max = dialogues_max
        self.outbox = Outbox(self)
        self.in_flight = 0

    # --- in -----------------------------------------------------------------------------------

    def submit(
        self,
        arrival: Arrival,
        done: Callable[[Outcome | Failed], None],
        first: Callable[[Unit], bool] | None = None,
    ) -> None:
        """Take a turn for `arrival`; `done` is called after its commit, before its deliveries
        leave. Raises Busy, having taken nothing, where the queue or the house is full. Where
        `first`, in the same transaction, says False the turn is as one repeated."""
        now, began, world = self.now(), self._monotonic(), self.world
        event = type(arrival.event)
        if event is Opened and len(self.deadlines) >= self._dialogues_max:
            raise Busy(f"{self._dialogues_max} dialogues are open")

        def work(unit: Unit) -> Outcome:
            if first is not None and not first(unit):
                return Outcome(trace=arrival.trace, repeated=True)
            return take_turn(arrival, now, unit, world)

        def finished(result: Any) -> None:
            self.in_flight -= 1
            self._finished(arrival, result, self._monotonic() - began, done)

        self.put(work, finished)
        self.in_flight += 1
        if event is Replied:  # it answered in time, however long its turn waits
            self.deadlines.drop(arrival.dialogue)

    def put(self, work: Callable[[Any], Any], done: Callable[[Any], None]) -> None:
        """Any other work for the writer (an administrator's change). Raises Busy."""
        self._work.submit(work, done)

    def try_put(self, work: Callable[[Any], Any], done: Callable[[Any], None]) -> bool:
        """The same; False, and nothing taken, instead of Busy."""
        try:
            self.put(work, done)
        except Busy:
            return False
        return True

    # --- out ----------------------------------------------------------------------------------

    def batch(self, results: list[tuple[Callable[[Any], None], Any]]) -> None:
        """A committed batch, on the reactor's thread: tell everyone, then write once a link."""
        for done, result in results:
            try:
                done(result)
            except Exception:
                log.failure("a turn's answer could not be delivered")
                LOG_CONTEXT.set(NO_TURN)
        self.flush()

    def flush(self) -> None:
        """Write what the links have gathered."""
        dirty, self._dirty = self._dirty, {}
        for link in dirty.values():
            link.flush()

    def dirty(self, name: str, link: Link) -> None:
        """The link has something to write at the end of this batch."""
        self._dirty[name] = link

    def _finished(
        self,
        arrival: Arrival,
        result: Any,
        seconds: float,
        done: Callable[[Outcome | Failed], None],
    ) -> None:
        failed = isinstance(result, BaseException)
        LOG_CONTEXT.set(
            {
                "dialogue": (arrival.trace or arrival.dialogue) if failed else result.trace,
                "channel": arrival.channel,
                "msisdn": arrival.msisdn,
            }
        )
        if failed:
            result = Failed(result)
            self._report(arrival, result)
        done(result)
        if isinstance(result, Failed):
            self._apologise(arrival)
        else:
            self._wait(arrival, result)
            for delivery in result.deliveries:
                self.deliver(delivery)
        for observer in self.observers:
            observer(arrival, result, seconds)
        LOG_CONTEXT.set(NO_TURN)

    def deliver(self, delivery: Delivery) -> None:
        """Hand one delivery to its link; an SMS waits in the outbox where it cannot leave."""
        if isinstance(delivery, Sms):
            self.outbox.offer(delivery)
            return
        if not isinstance(delivery, Page):
            self._tell(delivery)
            return
        link = self.links.get(delivery.link)
        if link is None or not link.show(delivery):
            log.warn("a USSD page had no bind to leave by", link=delivery.link)
            return
        self._dirty[delivery.link] = link

    def _tell(self, delivery: ToCall) -> None:
        calls = self.calls.get(delivery.link)
        if calls is None or not calls.tell(delivery):
            log.info("a call was over before it was told what to do", link=delivery.link)

    def _wait(self, arrival: Arrival, outcome: Outcome) -> None:
        if outcome.repeated:  # a repeated message changed nothing of the conversation it is in
            return
        if outcome.deadline is None:
            self.deadlines.drop(arrival.dialogue)
        else:
            self.deadlines.set(arrival.dialogue, outcome.deadline)

    def _apologise(self, arrival: Arrival) -> None:
        """`Service unavailable`: the handset is told, and the dialogue is over."""
        self.deadlines.drop(arrival.dialogue)
        if arrival.channel != "ussd" or type(arrival.event) is Released:
            return
        text = self.world.menus.current.text("err.service", "ru", {})
        self.deliver(
            Page(arrival.link, arrival.dialogue, arrival.msisdn, arrival.address, text, False)
        )
        self.release(replace(arrival, event=Released("link")))

    def _report(self, arrival: Arrival, failed: Failed) -> None:
        """What replays the failure, without the subscriber's words (they may hold a secret)."""
        log.error(
            "turn failed",
            error=repr(failed.error),
            traceback=_traceback(failed.error),
            link=arrival.link,
            address=arrival.address,
            occasion=type(arrival.event).__name__,
        )

    # --- time ---------------------------------------------------------------------------------

    def restore(self, sessions: list[tuple[str, float]]) -> dict[str, int]:
        """Dialogues that an earlier run of the service left waiting: their time goes on. How
        many, by channel."""
        found: dict[str, int] = {}
        for dialogue, deadline in sessions:
            channel, link, msisdn = _parties(dialogue)
            self.deadlines.set(dialogue, deadline)
            found[channel] = found.get(channel, 0) + 1
            if channel == "voice":  # it died with its process, and is settled at once
                self.release(Arrival(channel, link, msisdn, "", dialogue, Released("link")))
        return found

    def tick(self) -> None:
        """Time out what is due; called a few times a second and after the clock is advanced."""
        for dialogue in self.deadlines.due(self.now(), DUE_MAX):
            channel, link, msisdn = _parties(dialogue)
            arrival = Arrival(channel, link, msisdn, "", dialogue, TimedOut())
            try:
                self.submit(arrival, nothing)
            except Busy:
                self.deadlines.set(dialogue, self.now() + 1.0)
        self.outbox.tick()

    def release(self, arrival: Arrival) -> None:
        """Take a `Released` nobody waits for."""
        try:
            self.submit(arrival, nothing)
        except Busy:
            log.warn("the queue is full; a dialogue that is over times out by itself")


def _parties(dialogue: str) -> tuple[Channel, str, str]:
    """Channel, link and MSISDN of a dialogue, as its key tells them: `link|MSISDN|rest`."""
    link, msisdn, rest = dialogue.split("|", 2)
    return _CHANNELS.get(rest.partition(":")[0], "ussd"), link, msisdn


def sms_dialogue(link: str, msisdn: str, number: str) -> str:
    """The key of an SMS conversation: it holds between a subscriber and a short number."""
    return f"{link}|{msisdn}|sms:{number}"


def call_dialogue(link: str, msisdn: str, id: str) -> str:
    """The key of a call; `id` is unique among those of the link."""
    return f"{link}|{msisdn}|call:{id}"


def opened_or_replied(fresh: bool, text: str) -> Opened | Replied:
    """The event of a text that either begins a dialogue or answers one."""
    return Opened(text) if fresh else Replied(text)


def nothing(_: object) -> None:
    """For arrivals nobody waits for."""


def _traceback(error: BaseException) -> str:
    import traceback

    return "".join(traceback.format_exception(error))
