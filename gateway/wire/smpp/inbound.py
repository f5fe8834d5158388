"""What a peer sends: each PDU judged by state, size and content, answered here where it is faulty.

`session.py` states the choices made where the standard leaves one, and holds what we send.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gateway.wire.smpp import commands
from gateway.wire.smpp.checks import CHECKS
from gateway.wire.smpp.counts import STATUS_SHIFT, Counts
from gateway.wire.smpp.errors import ProtocolError
from gateway.wire.smpp.events import Answered, BindRefused, BindRequested, Bound, PduRefused
from gateway.wire.smpp.fast import PARSERS
from gateway.wire.smpp.framing import HEADER, HEADER_OCTETS
from gateway.wire.smpp.limits import Limits
from gateway.wire.smpp.link import Events, Link
from gateway.wire.smpp.pdu import Bind, BindResp, Response
from gateway.wire.smpp.states import BOUND_BY, UNANSWERED, Role, State
from gateway.wire.smpp.status import Status
from gateway.wire.smpp.tlv import (
    SC_INTERFACE_VERSION,
    Tlvs,
    build_tlvs,
    integer,
)
from gateway.wire.throttle import Throttle

TLV_VERSION: Final = 0x34
"""The first interface_version whose peers understand TLVs (v3.4 §3.4)."""
SC_VERSION_MAX: Final = 0x50

_RESPONSE_BIT: Final = commands.RESPONSE_BIT
# What does not wait for the decision about a bind.
_BEFORE_BINDING: Final = commands.BINDS | {commands.ENQUIRE_LINK}
_METERED: Final = frozenset((commands.SUBMIT_SM, commands.SUBMIT_MULTI, commands.DATA_SM))
# A refusal has no body (v3.4 §4.4.2), but deliver_sm_resp always has its unused message_id.
ERROR_BODY: Final = {commands.DELIVER_SM_RESP: b"\0"}


class Inbound(Link):
    """A link that reads."""

    def __init__(
        self, role: Role, now: float, limits: Limits, counts: Counts | None = None
    ) -> None:
        super().__init__(role, now, limits, counts)
        self.peer_takes_tlvs = True
        self._checks = CHECKS[role]
        self._throttle: Throttle | None = None
        self._binding: Bind | None = None
        self._parked: list[bytes] = []

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
        self._received[status << STATUS_SHIFT | command] += 1
        if command & _RESPONSE_BIT:
            self._take_response(frame, command, status, sequence, now, events)
            return
        if self._binding is not None and command not in _BEFORE_BINDING:
            self._park(frame, command, sequence, events)
            return
        verdict = self._verdicts.get(command, Status.ESME_RINVCMDID)
        if verdict:
            if self._state is not State.CLOSED:
                fault = ProtocolError(verdict, self._state.value)
                self._refuse(command, sequence, fault, events)
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
        self._send(answer, fault.status, sequence, ERROR_BODY.get(answer, b""))
        events.append(PduRefused(command, sequence, fault.status, fault.detail))

    def _send(self, command: int, status: int, sequence: int, body: bytes = b"") -> None:
        self._sent[status << STATUS_SHIFT | command] += 1
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


_CONTROLS: Final[dict[int, Callable[[Inbound, bytes, int, int, float, Events], None]]] = {
    commands.ENQUIRE_LINK: Inbound._take_enquire_link,
    commands.UNBIND: Inbound._take_unbind,
    **dict.fromkeys(commands.BINDS, Inbound._take_bind),
}
