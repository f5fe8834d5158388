"""The life of a session, whatever it carries: state, sequence numbers, timers, and its end.

Timers (v5.0 §2.7): session_init until bound; enquire_link after silence; a response timer on each
request of ours; inactivity, which unbinds. Anything heard since an enquire_link was sent proves
the peer alive, so a busy peer that answers late is not dropped. `session.py` adds the messages.
"""

from __future__ import annotations

from typing import Any, Final

from gateway.wire.smpp import commands, states
from gateway.wire.smpp.counts import Counts
from gateway.wire.smpp.events import Closed
from gateway.wire.smpp.framing import HEADER, HEADER_OCTETS, Framer
from gateway.wire.smpp.limits import Limits
from gateway.wire.smpp.states import BOUND, Role, State
from gateway.wire.smpp.status import Status
from gateway.wire.smpp.window import Window

Events = list[Any]

SEQUENCE_MAX: Final = 0x7FFFFFFF
DRAIN_POLL_SECONDS: Final = 0.05

_DRAINING: Final = {Role.SMSC: Status.ESME_RSYSERR, Role.ESME: Status.ESME_RX_T_APPN}
_UNANSWERED_REASONS: Final = {
    **dict.fromkeys(commands.BINDS, "bind_timeout"),
    commands.ENQUIRE_LINK: "enquire_link_timeout",
    commands.UNBIND: "unbind_timeout",
}


class Link:
    """State and time; knows no message."""

    def __init__(self, role: Role, now: float, limits: Limits, counts: Counts | None) -> None:
        self.role = role
        counts = counts or Counts()
        self._received, self._sent = counts.received, counts.sent
        self.limits = limits
        self._framer = Framer(limits.pdu_octets_max)
        self._window = Window(limits)
        self._out: list[bytes] = []
        self._sequence = 0
        self._unanswered = 0
        # Requests of ours about the session itself: sequence_number -> (command_id, sent at).
        self._asked: dict[int, tuple[int, float]] = {}
        self._init_deadline: float | None = now + limits.session_init_seconds_max
        self._drain_deadline: float | None = None
        self._leaving = False
        self._over = False
        self._heard = now
        self._active = now
        self._enter(State.OPEN)

    # --- state -------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        return self._state

    @property
    def unanswered_pdus(self) -> int:
        """Requests of the peer's that wait for `respond`."""
        return self._unanswered

    @property
    def window_pdus(self) -> int:
        """Requests of ours that wait for the peer."""
        return len(self._window.sent)

    @property
    def queue_pdus(self) -> int:
        """Requests of ours that wait for room in the window."""
        return len(self._window.queue)

    def _enter(self, state: State) -> None:
        self._state = state
        self._sendable = states.sendable(self.role, state)
        self._verdicts = states.verdicts(self.role, state)
        if self._leaving:
            status = int(_DRAINING[self.role])
            self._verdicts = {
                command: status if verdict == 0 and command in states.MESSAGES else verdict
                for command, verdict in self._verdicts.items()
            }

    def _limit(self, limits: Limits) -> None:
        self.limits = limits
        self._window.resize(limits)

    def _next_sequence(self) -> int:
        """1..0x7FFFFFFF, then 1 again (v5.0 §4.7.24)."""
        self._sequence = self._sequence % SEQUENCE_MAX + 1
        return self._sequence

    def _ask(self, command: int, now: float, body: bytes = b"") -> None:
        """Send a request about the session itself and remember to expect its response."""
        sequence = self._next_sequence()
        self._sent[command] += 1
        self._out.append(HEADER.pack(HEADER_OCTETS + len(body), command, 0, sequence) + body)
        self._asked[sequence] = (command, now)

    def _is_asking(self, command: int) -> bool:
        return any(asked == command for asked, _ in self._asked.values())

    # --- the face of a wire machine ----------------------------------------------------------

    def data_to_send(self) -> list[bytes]:
        """PDUs to write, in order; they are handed over once."""
        out, self._out = self._out, []
        return out

    def next_timer(self) -> float | None:
        """When `timer_fired` wants to be called; calling it early does nothing."""
        if self._over:
            return None
        limits = self.limits
        due = [at + limits.response_seconds_max for _, at in self._asked.values()]
        if self._init_deadline is not None:
            due.append(self._init_deadline)
        oldest = self._window.deadline()
        if oldest is not None:
            due.append(oldest)
        if self._state in BOUND:
            if self._drain_deadline is not None:
                due.append(min(self._drain_deadline, self._drain_poll))
            if not self._is_asking(commands.ENQUIRE_LINK):
                due.append(self._heard + limits.enquire_link_seconds)
            if limits.inactivity_seconds_max is not None and not self._leaving:
                due.append(self._active + limits.inactivity_seconds_max)
        return min(due, default=None)

    def timer_fired(self, now: float) -> Events:
        """Let time pass: enquire_link, timeouts, the end of a drain. Returns events."""
        if self._over:
            return []
        if self._init_deadline is not None and now >= self._init_deadline:
            return self._finish("session_init_timeout")
        for sequence, (command, at) in list(self._asked.items()):
            if now >= at + self.limits.response_seconds_max:
                del self._asked[sequence]
                if command != commands.ENQUIRE_LINK or self._heard <= at:
                    return self._finish(_UNANSWERED_REASONS[command])
        events: Events = list(self._window.expire(now))
        self._window.refill(self._out, now)
        if self._state in BOUND:
            events += self._bound_timers(now)
        return events

    def _bound_timers(self, now: float) -> Events:
        limits = self.limits
        if self._drain_deadline is not None:
            if now >= self._drain_deadline:
                return self._finish("drain_timeout")
            self._drain_poll = now + DRAIN_POLL_SECONDS
            if not self._unanswered and not len(self._window):
                self.unbind(now)
        inactive = limits.inactivity_seconds_max
        if inactive is not None and not self._leaving and now >= self._active + inactive:
            return self.unbind(now)
        silent = now >= self._heard + limits.enquire_link_seconds
        if silent and not self._is_asking(commands.ENQUIRE_LINK):
            self._ask(commands.ENQUIRE_LINK, now)
        return []

    # --- the end -----------------------------------------------------------------------------

    def unbind(self, now: float) -> Events:
        """Send unbind; `Closed("unbound")` follows its response. Unbound already: close."""
        if self._state not in BOUND:
            return self.close()
        if not self._is_asking(commands.UNBIND):
            self._leave()
            self._sendable = frozenset()
            self._ask(commands.UNBIND, now)
        return []

    def drain(self, now: float) -> Events:
        """Refuse new messages, wait until nothing is unanswered either way, unbind, close.

        Requests of ours may still be made meanwhile. A session that is not bound closes at once;
        `drain_seconds_max` ends the wait.
        """
        if self._state not in BOUND:
            return self.close()
        if self._drain_deadline is None:
            self._leave()
            self._drain_deadline = now + self.limits.drain_seconds_max
            self._drain_poll = now + DRAIN_POLL_SECONDS
        return []

    def close(self, reason: str = "closed") -> Events:
        """End at once: what is under way is `Lost`, then `Closed`; nothing after the first."""
        return self._finish(reason)

    def connection_lost(self) -> Events:
        """The transport went away: `Lost` for what is under way, then `Closed`, if not yet over."""
        events = self._finish("connection_lost")
        self._enter(State.CLOSED)
        return events

    def _leave(self) -> None:
        self._leaving = True
        self._enter(self._state)

    def _finish(self, reason: str, state: State = State.CLOSED, status: int = 0) -> Events:
        if self._over:
            return []
        self._over = True
        self._init_deadline = None
        self._asked.clear()
        self._enter(state)
        return [*self._window.abandon(reason), Closed(reason, status)]
