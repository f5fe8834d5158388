"""One SMPP session, sans-IO, for either role: octets in, events out; time is an argument.

    session = Session.server(now)                  session = Session.client(bind, now)
    for event in session.receive(data, now): ...   the same
    transport.write(b"".join(session.data_to_send()))      one write per read

Valid requests of the peer's are events as they are (`events.py`); each must be answered once, in
any order, with `respond` (alert_notification and outbind excepted). Faulty ones the session
answers itself with the status the standard names and goes on; only a stream that cannot be framed
ends it. Where the standard leaves a choice:

- A request in a wrong state is refused before its body is read.
- sequence_number 0 or above 0x7FFFFFFF in a request is taken and echoed.
- enquire_link and unbind with a body: ESME_RINVCMDLEN on their own response.
- More than `window_in_pdus_max` unanswered is ESME_RMSGQFUL, over the rate is ESME_RTHROTTLED.
- While draining, new messages get ESME_RSYSERR (SMSC) or ESME_RX_T_APPN (ESME): peers take both
  as temporary. Requests of ours may still leave until the drain is over.
- A refused bind leaves the session open for another until the session_init timer ends.
- An unsolicited response, or one of the wrong kind, is ignored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from gateway.wire.smpp import codec, commands, states
from gateway.wire.smpp.checks import CHECKS
from gateway.wire.smpp.errors import NotBound, ProtocolError, WindowFull
from gateway.wire.smpp.events import Answered, BindRefused, BindRequested, Bound, Closed, PduRefused
from gateway.wire.smpp.framing import HEADER, HEADER_OCTETS, Framer
from gateway.wire.smpp.limits import Limits, Throttle
from gateway.wire.smpp.pdu import (
    Bind,
    BindResp,
    EnquireLink,
    Outbind,
    Request,
    Response,
    Unbind,
)
from gateway.wire.smpp.states import BOUND, BOUND_BY, Role, State
from gateway.wire.smpp.status import Status
from gateway.wire.smpp.tlv import SC_INTERFACE_VERSION, Tlvs, build_tlvs, first
from gateway.wire.smpp.window import Window

TLV_VERSION: Final = 0x34
"""The first interface_version whose peers understand TLVs (v3.4 §3.4)."""
SC_VERSIONS: Final = (0x50, 0x34)
SEQUENCE_MAX: Final = 0x7FFFFFFF
DRAIN_POLL_SECONDS: Final = 0.05

_RESPONSE_BIT: Final = commands.RESPONSE_BIT
_DRAINING: Final = {Role.SMSC: Status.ESME_RSYSERR, Role.ESME: Status.ESME_RX_T_APPN}
_METERED: Final = frozenset((commands.SUBMIT_SM, commands.SUBMIT_MULTI, commands.DATA_SM))
# A refusal has no body (v3.4 §4.4.2), but deliver_sm_resp always has its unused message_id.
_ERROR_BODY: Final = {commands.DELIVER_SM_RESP: b"\0"}

Events = list[Any]


class Session:
    """One end of one connection. Methods that return events must have them handled in order."""

    def __init__(self, role: Role, now: float, limits: Limits) -> None:
        self.role = role
        self.limits = limits
        self.peer_version = TLV_VERSION
        self._peer_takes_tlvs = True
        self._framer = Framer(limits.pdu_octets_max)
        self._window = Window(limits)
        self._out: list[bytes] = []
        self._sequence = 0
        self._unanswered = 0
        self._throttle: Throttle | None = None
        self._bind: Bind | None = None
        self._parked: list[bytes] = []
        self._asked: dict[int, tuple[int, float]] = {}
        self._init_deadline: float | None = now + limits.session_init_seconds_max
        self._drain_deadline: float | None = None
        self._heard = now
        self._active = now
        self._over = False
        self._enter(State.OPEN)

    @classmethod
    def server(cls, now: float, limits: Limits | None = None) -> Session:
        """The SMSC end of a connection just accepted: waits for a bind."""
        return cls(Role.SMSC, now, limits or Limits())

    @classmethod
    def client(cls, bind: Bind | None, now: float, limits: Limits | None = None) -> Session:
        """The ESME end of a connection just made: sends `bind`, or waits for outbind with None."""
        session = cls(Role.ESME, now, limits or Limits())
        if bind is not None:
            session.bind(bind, now)
        return session

    # --- the face of a wire machine ----------------------------------------------------------

    def receive(self, data: bytes, now: float) -> Events:
        """Take octets; return events. Never raises for anything a peer sends."""
        raise NotImplementedError

    def data_to_send(self) -> list[bytes]:
        """PDUs to write, in order; they are handed over once."""
        out, self._out = self._out, []
        return out

    def next_timer(self) -> float | None:
        """When `timer_fired` wants to be called; calling it early does nothing."""
        raise NotImplementedError

    def timer_fired(self, now: float) -> Events:
        """Let time pass: enquire_link, timeouts, the end of a drain."""
        raise NotImplementedError

    # --- binding -----------------------------------------------------------------------------

    def accept_bind(
        self,
        now: float,
        system_id: str = "",
        limits: Limits | None = None,
        throttle: Throttle | None = None,
    ) -> Events:
        """Accept the bind of `BindRequested`; returns the events of what came after it.

        `system_id` is our own name; `limits` and `throttle` are those of the account.
        """
        raise NotImplementedError

    def refuse_bind(self, now: float, status: int = Status.ESME_RBINDFAIL) -> Events:
        """Refuse it; the session stays open for another bind until session_init ends."""
        raise NotImplementedError

    def bind(self, bind: Bind, now: float) -> None:
        """As ESME: send a bind (after outbind, or a refusal)."""
        raise NotImplementedError

    def outbind(self, system_id: str, password: str) -> None:
        """As SMSC: ask the ESME to bind (v3.4 §4.1.7)."""
        raise NotImplementedError

    # --- messages ----------------------------------------------------------------------------

    def request(self, pdu: Request, context: Any, now: float) -> bool:
        """Send a request; `Answered(context, …)` or `Lost(context, …)` follows, exactly one.

        Gives `pdu` its sequence_number. True: it is on its way; False: it waits for the window.
        Raises WindowFull (queue full), NotBound (not in this state), ValueError (does not fit).
        """
        raise NotImplementedError

    def respond(
        self, request: Request, status: int = 0, message_id: str = "", tlvs: Tlvs = ()
    ) -> bool:
        """Answer a request of the peer's with its own response; False where nobody is listening.

        A peer below v3.4 gets the last 8 characters of `message_id` and no TLVs (v3.4 §3.4).
        """
        raise NotImplementedError

    def respond_with(self, request: Request, response: Response) -> bool:
        """Answer with a whole response (query_sm_resp, submit_multi_resp); its sequence is set."""
        raise NotImplementedError

    # --- the end -----------------------------------------------------------------------------

    def unbind(self, now: float) -> Events:
        """Send unbind; `Closed("unbound")` follows its response."""
        raise NotImplementedError

    def drain(self, now: float) -> Events:
        """Refuse new messages, wait until nothing is unanswered either way, unbind, close."""
        raise NotImplementedError

    def close(self, reason: str = "closed") -> Events:
        """End at once: what is under way is `Lost`, then `Closed`."""
        raise NotImplementedError

    def connection_lost(self) -> Events:
        """The transport went away: `Lost` for what is under way, then `Closed`, once."""
        return self.close("connection_lost")
