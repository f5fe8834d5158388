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

from gateway.wire.smpp import commands
from gateway.wire.smpp.checks import CHECKS
from gateway.wire.smpp.errors import NotBound, ProtocolError, WindowFull
from gateway.wire.smpp.events import Answered, BindRefused, BindRequested, Bound, PduRefused
from gateway.wire.smpp.fast import PARSERS, build
from gateway.wire.smpp.framing import HEADER, HEADER_OCTETS
from gateway.wire.smpp.limits import Limits, Throttle
from gateway.wire.smpp.link import Events, Link
from gateway.wire.smpp.pdu import Bind, BindResp, Outbind, Request, Response
from gateway.wire.smpp.states import BOUND_BY, UNANSWERED, Role, State
from gateway.wire.smpp.status import Status
from gateway.wire.smpp.tlv import (
    MESSAGE_PAYLOAD,
    SC_INTERFACE_VERSION,
    Tlvs,
    build_tlvs,
    first,
    integer,
)

TLV_VERSION: Final = 0x34
"""The first interface_version whose peers understand TLVs (v3.4 §3.4)."""
SC_VERSION_MAX: Final = 0x50

_RESPONSE_BIT: Final = commands.RESPONSE_BIT
# What does not wait for the decision about a bind.
_BEFORE_BINDING: Final = commands.BINDS | {commands.ENQUIRE_LINK}
_METERED: Final = frozenset((commands.SUBMIT_SM, commands.SUBMIT_MULTI, commands.DATA_SM))
# A refusal has no body (v3.4 §4.4.2), but deliver_sm_resp always has its unused message_id.
_ERROR_BODY: Final = {commands.DELIVER_SM_RESP: b"\0"}
_MESSAGE_ID_OCTETS_MAX: Final = 64
_MESSAGE_ID_OCTETS_V33: Final = 8


class Session(Link):
    """One end of one connection. Handle the events a method returns in their order."""

    def __init__(self, role: Role, now: float, limits: Limits) -> None:
        super().__init__(role, now, limits)
        self.peer_takes_tlvs = True
        self._checks = CHECKS[role]
        self._throttle: Throttle | None = None
        self._binding: Bind | None = None
        self._parked: list[bytes] = []

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

    # --- octets in ---------------------------------------------------------------------------

    def receive(self, data: bytes, now: float) -> Events:
        """Take octets; return events. Never raises for anything a peer sends."""
        events: Events = []
        if self._state is State.CLOSED:
            return events
        self._heard = now
        for frame in self._framer.feed(data):
            self._take(frame, now, events)
        broken = self._framer.broken
        if broken is not None and not self._over:
            self._refuse(commands.GENERIC_NACK, 0, broken, events)
            events += self._finish("unusable_stream", status=broken.status)
        return events

    def _take(self, frame: bytes, now: float, events: Events) -> None:
        _, command, status, sequence = HEADER.unpack_from(frame)
        if command & _RESPONSE_BIT:
            self._take_response(frame, command, status, sequence, now, events)
            return
        if self._binding is not None and command not in _BEFORE_BINDING:
            self._park(frame, command, sequence, events)
            return
        verdict = self._verdicts.get(command, Status.ESME_RINVCMDID)
        if verdict:
            self._refuse(command, sequence, ProtocolError(verdict, self._state.value), events)
            return
        control = _CONTROLS.get(command)
        if control is not None:
            control(self, frame, command, sequence, now, events)
        else:
            self._take_message(frame, command, sequence, now, events)

    def _take_message(
        self, frame: bytes, command: int, sequence: int, now: float, events: Events
    ) -> None:
        try:
            if self._unanswered >= self.limits.window_in_pdus_max:
                raise ProtocolError(Status.ESME_RMSGQFUL, "window full")
            throttle = self._throttle
            if throttle is not None and command in _METERED and not throttle.take(now):
                raise ProtocolError(Status.ESME_RTHROTTLED, "over the rate")
            pdu = PARSERS[command](frame, 0, sequence)
            check = self._checks.get(command)
            if check is not None:
                check(pdu)
        except ProtocolError as fault:
            self._refuse(command, sequence, fault, events)
            return
        self._active = now
        if command not in UNANSWERED:
            self._unanswered += 1
        events.append(pdu)

    def _refuse(self, command: int, sequence: int, fault: ProtocolError, events: Events) -> None:
        """Answer with the matching response, or generic_nack where there is none (§2.8.2)."""
        answer = command | _RESPONSE_BIT
        if command not in self._verdicts or command in UNANSWERED:
            answer = commands.GENERIC_NACK
        self._send(answer, fault.status, sequence, _ERROR_BODY.get(answer, b""))
        events.append(PduRefused(command, sequence, fault.status, fault.detail))

    def _send(self, command: int, status: int, sequence: int, body: bytes = b"") -> None:
        self._out.append(HEADER.pack(HEADER_OCTETS + len(body), command, status, sequence) + body)

    # --- requests about the session ----------------------------------------------------------

    def _take_enquire_link(
        self, frame: bytes, command: int, sequence: int, now: float, events: Events
    ) -> None:
        if len(frame) != HEADER_OCTETS:
            fault = ProtocolError(Status.ESME_RINVCMDLEN, "enquire_link with a body")
            self._refuse(command, sequence, fault, events)
            return
        self._send(commands.ENQUIRE_LINK_RESP, 0, sequence)

    def _take_unbind(
        self, frame: bytes, command: int, sequence: int, now: float, events: Events
    ) -> None:
        if len(frame) != HEADER_OCTETS:
            fault = ProtocolError(Status.ESME_RINVCMDLEN, "unbind with a body")
            self._refuse(command, sequence, fault, events)
            return
        self._send(commands.UNBIND_RESP, 0, sequence)
        events += self._finish("unbound", State.UNBOUND)

    def _take_bind(
        self, frame: bytes, command: int, sequence: int, now: float, events: Events
    ) -> None:
        try:
            pdu = PARSERS[command](frame, 0, sequence)
        except ProtocolError as fault:
            self._refuse(command, sequence, fault, events)
            return
        assert isinstance(pdu, Bind)
        self._binding = pdu
        self._enter(State.BINDING)
        events.append(BindRequested(pdu))

    def _park(self, frame: bytes, command: int, sequence: int, events: Events) -> None:
        if len(self._parked) < self.limits.parked_pdus_max:
            self._parked.append(frame)
            return
        fault = ProtocolError(Status.ESME_RINVBNDSTS, "the bind is being decided")
        self._refuse(command, sequence, fault, events)

    def accept_bind(
        self,
        now: float,
        system_id: str = "",
        limits: Limits | None = None,
        throttle: Throttle | None = None,
    ) -> Events:
        """Accept the bind of `BindRequested`; returns the events of what came after it.

        `system_id` is our own name; `limits` and `throttle` are those of the account. Where the
        peer has gone meanwhile nothing happens.
        """
        bind = self._binding
        if self._state is not State.BINDING or bind is None:
            return []
        self.peer_takes_tlvs = bind.interface_version >= TLV_VERSION
        self._throttle = throttle
        if limits is not None:
            self._limit(limits)
        version = min(max(bind.interface_version, TLV_VERSION), SC_VERSION_MAX)
        tlvs: Tlvs = ((SC_INTERFACE_VERSION, bytes((version,))),) if self.peer_takes_tlvs else ()
        body = system_id.encode("latin-1") + b"\0" + build_tlvs(tlvs)
        self._send(bind.command | _RESPONSE_BIT, 0, bind.sequence, body)
        self._init_deadline = None
        self._active = now
        return self._decided(BOUND_BY[bind.command], now)

    def refuse_bind(self, now: float, status: int = Status.ESME_RBINDFAIL) -> Events:
        """Refuse it; the session stays open for another bind until session_init ends."""
        bind = self._binding
        if self._state is not State.BINDING or bind is None:
            return []
        self._send(bind.command | _RESPONSE_BIT, status, bind.sequence)
        return self._decided(State.OPEN, now)

    def _decided(self, state: State, now: float) -> Events:
        self._binding = None
        self._enter(state)
        events: Events = []
        parked, self._parked = self._parked, []
        for frame in parked:
            self._take(frame, now, events)
        return events

    def bind(self, bind: Bind, now: float) -> None:
        """As ESME: send a bind (after outbind). `Bound` or `BindRefused` follows."""
        assert self.role is Role.ESME, "an SMSC does not bind"
        self._init_deadline = None
        bind.sequence = 0
        self._ask(bind.command, now, build(bind)[HEADER_OCTETS:])

    def outbind(self, system_id: str, password: str) -> None:
        """As SMSC: ask the ESME to bind (v3.4 §4.1.7)."""
        assert self.role is Role.SMSC, "an ESME does not outbind"
        self._out.append(build(Outbind(self._next_sequence(), system_id, password)))

    # --- responses in ------------------------------------------------------------------------

    def _take_response(
        self, frame: bytes, command: int, status: int, sequence: int, now: float, events: Events
    ) -> None:
        window = self._window
        entry = window.sent.get(sequence)
        if entry is not None:
            if command == entry[0] or command == commands.GENERIC_NACK:
                del window.sent[sequence]
                pdu = self._read_response(frame, command, status, sequence, events)
                events.append(Answered(entry[1], status, pdu))
                if window.queue:
                    window.refill(self._out, now)
            return
        asked, _ = self._asked.get(sequence, (0, 0.0))
        if asked and command in (asked | _RESPONSE_BIT, commands.GENERIC_NACK):
            del self._asked[sequence]
            if asked == commands.UNBIND:
                events += self._finish("unbound", State.UNBOUND)
            elif asked in BOUND_BY:
                pdu = self._read_response(frame, command, status, sequence, events)
                self._bind_answered(asked, status, pdu, now, events)

    def _read_response(
        self, frame: bytes, command: int, status: int, sequence: int, events: Events
    ) -> Response | None:
        try:
            return PARSERS[command](frame, status, sequence)  # type: ignore[return-value]
        except ProtocolError as fault:
            events.append(PduRefused(command, sequence, fault.status, fault.detail))
            return None

    def _bind_answered(
        self, command: int, status: int, pdu: Response | None, now: float, events: Events
    ) -> None:
        if status or not isinstance(pdu, BindResp):
            events.append(BindRefused(status or Status.ESME_RBINDFAIL))
            events += self._finish("bind_refused")
            return
        version = integer(pdu.tlvs, SC_INTERFACE_VERSION)
        self.peer_takes_tlvs = (
            self.limits.tlvs_without_version if version is None else version >= TLV_VERSION
        )
        self._active = now
        self._enter(BOUND_BY[command])
        events.append(Bound(self._state, pdu))

    # --- messages out ------------------------------------------------------------------------

    @property
    def message_id_octets_max(self) -> int:
        """What a message_id may measure for this peer (v3.4 §3.4)."""
        return _MESSAGE_ID_OCTETS_MAX if self.peer_takes_tlvs else _MESSAGE_ID_OCTETS_V33

    def request(self, pdu: Request, context: Any, now: float) -> bool:
        """Send a request; `Answered(context, …)` or `Lost(context, …)` follows, exactly one.

        Gives `pdu` its sequence_number. True: it is on its way; False: it waits for the window.
        An alert_notification is sent and nothing follows. A peer below v3.4 gets no TLVs.
        Raises WindowFull (queue full), NotBound (not in this state), ValueError (does not fit).
        """
        command = pdu.command
        if command not in self._sendable:
            raise NotBound(f"{commands.name_of(command)} while {self._state.value}")
        window, limits = self._window, self.limits
        waits = len(window.sent) >= limits.window_out_pdus_max
        if waits and len(window.queue) >= limits.queue_out_pdus_max:
            raise WindowFull(f"{limits.queue_out_pdus_max} PDUs wait")
        sequence = pdu.sequence = self._next_sequence()
        frame = build(pdu if self.peer_takes_tlvs else _without_tlvs(pdu))
        self._active = now
        if waits:
            window.queue.append((sequence, frame, command | _RESPONSE_BIT, context))
            return False
        self._out.append(frame)
        if command not in UNANSWERED:
            window.sent[sequence] = (command | _RESPONSE_BIT, context, now)
        return True

    def respond(
        self, request: Request, status: int = 0, message_id: str = "", tlvs: Tlvs = ()
    ) -> bool:
        """Answer a request of the peer's with its own response; False where nobody is listening.

        For submit_sm, deliver_sm, data_sm; for cancel_sm, replace_sm (no message_id); and for any
        request with a status that is not 0. A peer below v3.4 gets the last 8 characters of
        `message_id` and no TLVs (v3.4 §3.4).
        """
        if self._over:
            return False
        self._unanswered -= 1
        command = request.command | _RESPONSE_BIT
        if status:
            body = _ERROR_BODY.get(command, b"")
        elif command in _BODILESS:
            body = b""
        elif self.peer_takes_tlvs:
            body = message_id.encode("latin-1") + b"\0"
            if tlvs:
                body += build_tlvs(tlvs)
        else:
            body = message_id[-_MESSAGE_ID_OCTETS_V33:].encode("latin-1") + b"\0"
        self._out.append(
            HEADER.pack(HEADER_OCTETS + len(body), command, status, request.sequence) + body
        )
        return True

    def respond_with(self, request: Request, response: Response) -> bool:
        """Answer with a whole response (query_sm_resp, submit_multi_resp); its sequence is set.

        False where nobody is listening. Raises ValueError for a field that does not fit.
        """
        assert response.command == request.command | _RESPONSE_BIT, "not its response"
        if self._over:
            return False
        response.sequence = request.sequence
        self._out.append(build(response if self.peer_takes_tlvs else _without_tlvs(response)))
        self._unanswered -= 1
        return True


_BODILESS: Final = frozenset((commands.CANCEL_SM_RESP, commands.REPLACE_SM_RESP))
_CONTROLS: Final[dict[int, Callable[[Session, bytes, int, int, float, Events], None]]] = {
    commands.ENQUIRE_LINK: Session._take_enquire_link,
    commands.UNBIND: Session._take_unbind,
    **dict.fromkeys(commands.BINDS, Session._take_bind),
}


def _without_tlvs(pdu: Any) -> Any:
    """For a peer below v3.4. Raises ValueError for a message that only TLVs carry."""
    if not getattr(pdu, "tlvs", ()):
        return pdu
    if first(pdu.tlvs, MESSAGE_PAYLOAD):
        raise ValueError("the peer is below SMPP 3.4 and takes no message_payload")
    return replace(pdu, tlvs=())
