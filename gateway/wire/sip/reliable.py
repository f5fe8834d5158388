"""Provisional responses that are repeated until PRACK comes (RFC 3262)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from gateway.wire.sip.core import Core
from gateway.wire.sip.headers import CSeq, RAck
from gateway.wire.sip.message import Headers, Response
from gateway.wire.sip.timers import Timer
from gateway.wire.sip.transactions import ServerTransaction

OPTION: Final = "100rel"
_WAITING_MAX: Final = 16


@dataclass(slots=True)
class _Sent:
    """The one that waits for its PRACK."""

    rseq: int
    response: Response
    interval: float
    until: float
    timer: Timer | None = None


class Reliable:
    """The reliable provisional responses to one INVITE: one under way, others behind it (§3)."""

    def __init__(
        self, core: Core, invite: ServerTransaction, cseq: CSeq, failed: Callable[[float], None]
    ) -> None:
        """`failed` is called where no PRACK came in 64 x T1."""
        self._core = core
        self._invite = invite
        self._cseq = cseq
        self._failed = failed
        self._waiting: deque[Response] = deque()
        self._sent: _Sent | None = None
        self._rseq = core.number() >> 1  # room to count

    @property
    def pending(self) -> bool:
        """Whether a PRACK is still to come."""
        return self._sent is not None

    def send(self, response: Response, now: float) -> bool:
        """Send a provisional response, after those that wait; False where too many do."""
        if self._sent is None:
            self._begin(response, now)
        elif len(self._waiting) < _WAITING_MAX:
            self._waiting.append(response)
        else:
            return False
        return True

    def acknowledge(self, rack: RAck, now: float) -> bool:
        """A PRACK came: whether it is of the response under way."""
        sent = self._sent
        if sent is None or rack != RAck(sent.rseq, self._cseq):
            return False
        self._core.timers.stop(sent.timer)
        self._sent = None
        if self._waiting:
            self._begin(self._waiting.popleft(), now)
        return True

    def stop(self) -> None:
        """A final response was sent, or the call is over."""
        if self._sent is not None:
            self._core.timers.stop(self._sent.timer)
        self._sent = None
        self._waiting.clear()

    def _begin(self, response: Response, now: float) -> None:
        self._rseq += 1
        settings = self._core.settings
        fields = (*response.headers, ("Require", OPTION), ("RSeq", str(self._rseq)))
        response = replace(response, headers=Headers(fields))
        until = now + settings.timeout_seconds
        self._sent = _Sent(self._rseq, response, settings.t1_seconds, until)
        self._repeat(now)

    def _repeat(self, now: float) -> None:
        """Send it, and again after twice the pause."""
        sent = self._sent
        assert sent is not None, "the timer is stopped with it"
        if now >= sent.until:
            self.stop()
            self._failed(now)
            return
        self._invite.respond(sent.response, now)
        at = min(now + sent.interval, sent.until)
        sent.interval *= 2
        sent.timer = self._core.timers.start(at, self._repeat)
