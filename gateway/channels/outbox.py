"""The outbox's dispatcher: an SMS is on offer until its peer took it.

The store holds every SMS until it is acknowledged, so a crash loses none and an acknowledged one
is never sent again. Memory holds each once (`_held`): under way, waiting for its link (bounded:
the rest is read from the store when the link has room), postponed after a temporary refusal, or
answered and not settled in the store yet.
"""

from __future__ import annotations

import heapq
from collections import deque
from typing import TYPE_CHECKING, Any

from twisted.logger import Logger

from gateway.domain.port import Sms
from gateway.turn.unit import Unit

if TYPE_CHECKING:
    from gateway.channels.desk import Desk

log = Logger()

WAITING_MAX = 10_000
"""SMS in memory for one link, and postponed ones in all; beyond that they wait in the store."""
READ_MAX = 1_000
"""SMS read from the store at once, besides those already held."""
RETRY_SECONDS = (5.0, 15.0, 60.0, 300.0)
"""Pauses after a temporary refusal; the last is repeated."""
VALID_SECONDS_MAX = 3 * 86_400.0
"""An SMS not taken by then is given up."""
STORE_TICKS = 10
"""The store is asked again what it could not answer once in so many ticks."""
ANY_LINK = ("", "http")
"""The links of SMS that any network may carry."""


class Outbox:
    """Offers SMS to links; asks the store for what memory does not hold."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._held: dict[str, float] = {}
        self._waiting: dict[str, deque[Sms]] = {}
        self._later: list[tuple[float, str, Sms]] = []
        self._tries: dict[str, int] = {}
        self._unread: set[str] = set()
        self._unsettled: list[tuple[Sms, bool]] = []
        self._ticks = 0

    def __len__(self) -> int:
        return len(self._held)

    @property
    def oldest_seconds(self) -> float:
        """Age of the SMS that was offered first of those held; 0 where there is none."""
        now = self._desk.now()
        return max(0.0, now - next(iter(self._held.values()), now))

    def offer(self, sms: Sms) -> None:
        """Send it now, or keep it until its link can take it."""
        if sms.id not in self._held:
            self._held[sms.id] = sms.at
            self._place(sms)

    def link_up(self, name: str) -> None:
        """A link can carry SMS again: what waits for it goes out, then what the store holds."""
        for other, queue in list(self._waiting.items()):
            if other != name:
                self._waiting[other] = deque()
                for sms in queue:
                    self._place(sms)
        self._unread.add(name)
        self.room(name)

    def room(self, name: str) -> None:
        """The link's window has room again."""
        queue = self._waiting.get(name)
        while queue and len(self._later) < WAITING_MAX:
            if not self._send(name, queue[0]):
                return
            queue.popleft()
        if name in self._unread and not queue:
            self._read(name)

    def tick(self) -> None:
        """Offer again what a temporary refusal postponed; now and then, what the store refused."""
        now, later = self._desk.now(), self._later
        while later and later[0][0] <= now:
            self._place(heapq.heappop(later)[2])
        self._ticks += 1
        if self._ticks % STORE_TICKS:
            return
        unsettled, self._unsettled = self._unsettled, []
        for sms, taken in unsettled:
            self._settle(sms, taken)
        for name in {*self._waiting, *self._unread}:
            self.room(name)

    # --- out ----------------------------------------------------------------------------------

    def _link_name(self, sms: Sms) -> str:
        """Its own link, or one that may speak for the number: best one that is bound."""
        links = self._desk.links
        if sms.link in links and sms.link not in ANY_LINK:
            return sms.link
        serving = [name for name, link in links.items() if link.serves(sms.msisdn)]
        return next((name for name in serving if links[name].is_up), serving[0] if serving else "")

    def _place(self, sms: Sms) -> None:
        name = self._link_name(sms)
        queue = self._waiting.setdefault(name, deque())
        if queue or not self._send(name, sms):
            self._keep(name, sms)

    def _keep(self, name: str, sms: Sms) -> None:
        queue = self._waiting[name]
        if len(queue) < WAITING_MAX:
            queue.append(sms)
        else:
            self._held.pop(sms.id, None)
            self._unread.add(name)

    def _send(self, name: str, sms: Sms) -> bool:
        link = self._desk.links.get(name)
        if link is None:
            return False
        try:
            return link.send(sms, lambda result: self._answered(name, sms, result))
        except ValueError as fault:
            log.error("an SMS cannot be sent", link=name, msisdn=sms.msisdn, reason=str(fault))
            self._settle(sms, False)
            return True

    def _answered(self, name: str, sms: Sms, result: str) -> None:
        """`ok`, `failed`, `retry`, or `lost`: no answer, so it goes out again when it can."""
        now = self._desk.now()
        if result in ("retry", "lost") and now - sms.at > VALID_SECONDS_MAX:
            result = "failed"
        if result == "retry":
            tried = self._tries.get(sms.id, 0)
            self._tries[sms.id] = tried + 1
            pause = RETRY_SECONDS[min(tried, len(RETRY_SECONDS) - 1)]
            heapq.heappush(self._later, (now + pause, sms.id, sms))
        elif result == "lost":
            self._keep(name, sms)
        else:
            if result == "failed":
                log.warn("an SMS was refused for good", link=name, msisdn=sms.msisdn)
            self._settle(sms, result == "ok")
        self.room(name)

    # --- the store ----------------------------------------------------------------------------

    def _settle(self, sms: Sms, taken: bool) -> None:
        """Make the answer durable; until it is, the SMS is held, so that no read repeats it."""
        now = self._desk.now()

        def work(unit: Unit) -> bool:
            return unit.acknowledge(sms.id, now) if taken else unit.fail(sms.id)

        def done(result: Any) -> None:
            if isinstance(result, BaseException):
                log.error("an answered SMS could not be settled yet", error=repr(result))
                self._unsettled.append((sms, taken))
                return
            self._held.pop(sms.id, None)
            self._tries.pop(sms.id, None)

        if not self._desk.try_put(work, done):
            self._unsettled.append((sms, taken))

    def _read(self, name: str) -> None:
        self._unread.discard(name)
        most = READ_MAX + len(self._held)

        def work(unit: Unit) -> list[Sms]:
            return [sms for link in (name, *ANY_LINK) for sms in unit.pending(link, most)]

        def done(result: Any) -> None:
            if isinstance(result, BaseException):
                log.error("the outbox could not be read", error=repr(result))
                self._unread.add(name)
                return
            for sms in result:
                self.offer(sms)
            if len(result) >= most:
                self._unread.add(name)
            self._desk.flush()

        if not self._desk.try_put(work, done):
            self._unread.add(name)
