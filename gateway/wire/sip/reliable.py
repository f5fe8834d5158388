"""Provisional responses that are repeated until PRACK comes (RFC 3262)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from gateway.wire.sip.core import Core
from gateway.wire.sip.headers import CSeq, RAck
from gateway.wire.sip.message import Headers, Response
from gateway.wire.sip.repeat import Repeater
from gateway.wire.sip.transactions import ServerTransaction

OPTION: Final = "100rel"
_WAITING_MAX: Final = 16


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
        self._sent: Repeater | None = None
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
        if self._sent is None or rack != RAck(self._rseq, self._cseq):
            return False
        self._sent.stop()
        self._sent = None
        if self._waiting:
            self._begin(self._waiting.popleft(), now)
        return True

    def stop(self) -> None:
        """A final response was sent, or the call is over."""
        if self._sent is not None:
            self._sent.stop()
        self._sent = None
        self._waiting.clear()

    def _begin(self, response: Response, now: float) -> None:
        self._rseq += 1
        fields = (*response.headers, ("Require", OPTION), ("RSeq", str(self._rseq)))
        numbered = replace(response, headers=Headers(fields))
        self._sent = Repeater(
            self._core, lambda at: self._invite.respond(numbered, at), self._failed, now
        )
