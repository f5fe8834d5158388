"""The outbox's dispatcher: an SMS is on offer until its peer took it.

The store holds every SMS until it is acknowledged, so a crash loses none and an acknowledged one
is never sent again. In memory there is only what is on its way (`_sending`) and what waits for its
link (`_waiting`, bounded: the rest is read from the store when the link has room).
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from twisted.logger import Logger

from gateway.domain.port import Sms
from gateway.turn.unit import Unit

if TYPE_CHECKING:
    from gateway.channels.desk import Desk

log = Logger()

WAITING_MAX = 10_000
"""SMS in memory for one link; beyond that they wait in the store alone."""
READ_MAX = 1_000
"""SMS read from the store at once."""
RETRY_SECONDS = (5.0, 15.0, 60.0, 300.0)
"""Pauses after a temporary refusal; the last is repeated."""


class Outbox:
    """Offers SMS to links; asks the store for what memory does not hold."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._sending: set[str] = set()
        self._waiting: dict[str, deque[Sms]] = {}
        self._retries: dict[str, int] = {}
        self._later: list[tuple[float, Sms]] = []
        self._unread: set[str] = set()

    def __len__(self) -> int:
        waiting = sum(len(queue) for queue in self._waiting.values())
        return len(self._sending) + waiting + len(self._later)

    def offer(self, sms: Sms) -> None:
        """Send it now, or keep it until its link can take it."""
        if sms.id in self._sending:
            return
        name = self._link_name(sms)
        queue = self._waiting.get(name)
        if queue or not self._send(name, sms):
            self._keep(name, sms)

    def link_up(self, name: str) -> None:
        """A link can carry SMS again: what the store holds for it goes out."""
        self._unread.add(name)
        self._read(name)

    def room(self, name: str) -> None:
        """The link's window has room again."""
        queue = self._waiting.get(name)
        while queue:
            if not self._send(name, queue[0]):
                return
            queue.popleft()
        if name in self._unread and not queue and not self._sending:
            self._read(name)

    def tick(self) -> None:
        """Offer again what a temporary refusal postponed."""
        now = self._desk.now()
        due = [sms for at, sms in self._later if at <= now]
        if due:
            self._later = [entry for entry in self._later if entry[0] > now]
            for sms in due:
                self.offer(sms)
        for name in tuple(self._waiting):
            self.room(name)

    # --- within -------------------------------------------------------------------------------

    def _link_name(self, sms: Sms) -> str:
        """An SMS without a link of its own leaves by any that is up."""
        if sms.link in self._desk.links and sms.link != "http":
            return sms.link
        return next((name for name in self._desk.links if name != "http"), "")

    def _send(self, name: str, sms: Sms) -> bool:
        link = self._desk.links.get(name)
        if link is None:
            return False
        if not link.send(sms, lambda result: self._answered(name, sms, result)):
            return False
        self._sending.add(sms.id)
        self._desk.dirty(name, link)
        return True

    def _keep(self, name: str, sms: Sms) -> None:
        queue = self._waiting.setdefault(name, deque())
        if len(queue) < WAITING_MAX:
            queue.append(sms)
        else:
            self._unread.add(name)

    def _answered(self, name: str, sms: Sms, result: str) -> None:
        if result != "retry":
            self._settle(sms, result == "ok")
        else:
            self._sending.discard(sms.id)
            tried = self._retries.get(sms.id, 0)
            self._retries[sms.id] = tried + 1
            pause = RETRY_SECONDS[min(tried, len(RETRY_SECONDS) - 1)]
            self._later.append((self._desk.now() + pause, sms))
        self.room(name)

    def _settle(self, sms: Sms, taken: bool) -> None:
        now = self._desk.now()

        def work(unit: Unit) -> bool:
            return unit.acknowledge(sms.id, now) if taken else unit.fail(sms.id)

        def done(result: Any) -> None:
            # kept in `_sending` until the acknowledgement is durable, so that no read repeats it
            self._sending.discard(sms.id)
            self._retries.pop(sms.id, None)
            if isinstance(result, BaseException):
                log.error("an acknowledged SMS could not be settled", error=repr(result))

        try:
            self._desk.put(work, done)
        except Exception:
            self._later.append((now + 1.0, sms))
            self._sending.discard(sms.id)

    def _read(self, name: str) -> None:
        self._unread.discard(name)

        def work(unit: Unit) -> list[Sms]:
            return unit.pending(limit=READ_MAX)

        def done(result: Any) -> None:
            if isinstance(result, BaseException):
                log.error("the outbox could not be read", error=repr(result))
                return
            known = {sms.id for queue in self._waiting.values() for sms in queue}
            known.update(sms.id for _, sms in self._later)
            for sms in result:
                if sms.id not in known:
                    self.offer(sms)
            if len(result) == READ_MAX:
                self._unread.add(name)
            self._desk.flush()

        self._desk.put(work, done)
