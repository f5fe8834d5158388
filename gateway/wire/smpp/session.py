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

from dataclasses import replace
from typing import Any, Final

from gateway.wire.smpp import commands
from gateway.wire.smpp.counts import STATUS_SHIFT, Counts
from gateway.wire.smpp.errors import NotBound, WindowFull
from gateway.wire.smpp.fast import build
from gateway.wire.smpp.framing import HEADER_OCTETS
from gateway.wire.smpp.inbound import ERROR_BODY, Inbound
from gateway.wire.smpp.limits import Limits
from gateway.wire.smpp.pdu import Bind, Outbind, Request, Response
from gateway.wire.smpp.states import UNANSWERED, Role
from gateway.wire.smpp.tlv import (
    MESSAGE_PAYLOAD,
    Tlvs,
    build_tlvs,
    first,
)

_RESPONSE_BIT: Final = commands.RESPONSE_BIT
_BODILESS: Final = frozenset((commands.CANCEL_SM_RESP, commands.REPLACE_SM_RESP))
_MESSAGE_ID_OCTETS_MAX: Final = 64
_MESSAGE_ID_OCTETS_V33: Final = 8


class Session(Inbound):
    """One end of one connection. Handle the events a method returns in their order."""

    @classmethod
    def server(
        cls, now: float, limits: Limits | None = None, counts: Counts | None = None
    ) -> Session:
        """The SMSC end of a connection just accepted: waits for a bind."""
        return cls(Role.SMSC, now, limits or Limits(), counts)

    @classmethod
    def client(
        cls,
        bind: Bind | None,
        now: float,
        limits: Limits | None = None,
        counts: Counts | None = None,
    ) -> Session:
        """The ESME end of a connection just made: sends `bind`, or waits for outbind with None."""
        session = cls(Role.ESME, now, limits or Limits(), counts)
        if bind is not None:
            session.bind(bind, now)
        return session

    def bind(self, bind: Bind, now: float) -> None:
        """As ESME: send a bind (after outbind). `Bound` or `BindRefused` follows."""
        assert self.role is Role.ESME, "an SMSC does not bind"
        self._init_deadline = None
        bind.sequence = 0
        self._ask(bind.command, now, build(bind)[HEADER_OCTETS:])

    def outbind(self, system_id: str, password: str) -> None:
        """As SMSC: ask the ESME to bind (v3.4 §4.1.7)."""
        assert self.role is Role.SMSC, "an ESME does not outbind"
        self._sent[commands.OUTBIND] += 1
        self._out.append(build(Outbind(self._next_sequence(), system_id, password)))

    # --- messages out ------------------------------------------------------------------------

    def sends(self, command: int) -> bool:
        """Whether `request` would take this command now, its window aside."""
        return command in self._sendable

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
        answered = command not in UNANSWERED
        waits = answered and len(window.sent) >= limits.window_out_pdus_max
        if waits and len(window.queue) >= limits.queue_out_pdus_max:
            raise WindowFull(f"{limits.queue_out_pdus_max} PDUs wait")
        sequence = pdu.sequence = self._next_sequence()
        frame = build(pdu if self.peer_takes_tlvs else _without_tlvs(pdu))
        self._active = now
        self._sent[command] += 1
        if waits:
            window.queue.append((sequence, frame, command | _RESPONSE_BIT, context))
            return False
        self._out.append(frame)
        if answered:
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
        assert self._unanswered > 0, "answered twice"
        assert len(message_id) <= _MESSAGE_ID_OCTETS_MAX, "message_id too long"
        self._unanswered -= 1
        command = request.command | _RESPONSE_BIT
        if status:
            body = ERROR_BODY.get(command, b"")
        elif command in _BODILESS:
            body = b""
        elif self.peer_takes_tlvs:
            body = message_id.encode("latin-1") + b"\0"
            if tlvs:
                body += build_tlvs(tlvs)
        else:
            body = message_id[-_MESSAGE_ID_OCTETS_V33:].encode("latin-1") + b"\0"
        self._send(command, status, request.sequence, body)
        return True

    def respond_with(self, request: Request, response: Response) -> bool:
        """Answer with a whole response (query_sm_resp, submit_multi_resp); its sequence is set.

        False where nobody is listening. Raises ValueError for a field that does not fit.
        """
        assert response.command == request.command | _RESPONSE_BIT, "not its response"
        if self._over:
            return False
        assert self._unanswered > 0, "answered twice"
        response.sequence = request.sequence
        self._out.append(build(response if self.peer_takes_tlvs else _without_tlvs(response)))
        self._sent[response.status << STATUS_SHIFT | response.command] += 1
        self._unanswered -= 1
        return True


def _without_tlvs(pdu: Any) -> Any:
    """For a peer below v3.4. Raises ValueError for a message that only TLVs carry."""
    if not getattr(pdu, "tlvs", ()):
        return pdu
    if first(pdu.tlvs, MESSAGE_PAYLOAD):
        raise ValueError("the peer is below SMPP 3.4 and takes no message_payload")
    return replace(pdu, tlvs=())
