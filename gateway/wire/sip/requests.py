"""What the peer asks within a dialog: one method a handler, each named in `HANDLERS`.

A handler that refuses raises ProtocolError before it has changed anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from gateway.wire.sip.bodies import ACCEPT, media_type_of, sdp_of
from gateway.wire.sip.errors import Fields, ProtocolError
from gateway.wire.sip.events import (
    Acked,
    Answered,
    Cancelled,
    Ended,
    Info,
    Referred,
    Reinvited,
)
from gateway.wire.sip.grammar import parse_params, unquote_string
from gateway.wire.sip.headers import parse_rack
from gateway.wire.sip.incoming import Incoming
from gateway.wire.sip.message import Headers, Request, Response
from gateway.wire.sip.offer_answer import Offer, read_offer
from gateway.wire.sip.sdp import Sdp
from gateway.wire.sip.session_timer import asked as session_asked
from gateway.wire.sip.usage import Asked, CallState, Usage

_SIPFRAG: Final = re.compile(rb"SIP/2\.0 ([1-6][0-9][0-9])")
_TRANSFER_LOST: Final = 480


class Requests(Usage):
    """The side of a call that the peer drives."""

    def take(self, incoming: Incoming, now: float) -> None:
        """Act on a request within the dialog. Raises ProtocolError with its refusal."""
        self.dialog.take(incoming)
        HANDLERS[incoming.method](self, incoming, now)

    def acked(self, incoming: Incoming, now: float) -> None:
        """ACK of a 2xx of ours (RFC 3261 §13.3.1.4); of another one nothing comes."""
        if self._unacked is None or incoming.cseq.number != self._unacked_number:
            return
        self._unacked.stop()
        self._unacked = None
        first = self.state is CallState.ANSWERED
        self.state = CallState.UP
        if self.hung_up:
            self._say_bye(now)
        elif self._offering and not self._take_answer(incoming.request):
            self._end("bad_answer", now)
        elif first:
            self._tell(Acked(self.tag))

    def cancel(self, now: float) -> None:
        """CANCEL of an INVITE not yet answered (§9.2); the first one takes the call with it."""
        self._fail_invite(487, now)
        if self.state is CallState.INVITED:
            self._tell(Cancelled(self.tag))
            self._finish()

    def _take_answer(self, message: Request | Response) -> bool:
        """Read the answer to our offer; whether it is one."""
        self._offering = False
        try:
            sdp = sdp_of(message)
            if sdp is None:
                return False
            self._tell(Answered(self.tag, read_offer(sdp)))
        except ProtocolError:
            return False
        return True

    # --- offers --------------------------------------------------------------------------------

    def _reinvite(self, incoming: Incoming, now: float) -> None:
        """RFC 3261 §14.2."""
        if self._invite is not None:
            raise ProtocolError(500, headers=self._retry_after())
        if self._own_invite is not None or self._unacked is not None or self._offering:
            raise ProtocolError(491)
        self._invite = self._offer_of(incoming)
        self._tell(Reinvited(self.tag, _offer(incoming.request)))

    def _take_update(self, incoming: Incoming, now: float) -> None:
        """RFC 3311 §5.2; without a body it refreshes the session (RFC 4028 §9)."""
        if not incoming.request.body:
            session = session_asked(incoming.request.headers, self._session_seconds_min)
            self.dialog.retarget(incoming)
            self._respond(incoming, 200, now, session.as_answer() if session else ())
            if session is not None:
                self._session.run(session, now)
            return
        if self._update is not None or (self._invite is not None and not self._settled):
            raise ProtocolError(500, headers=self._retry_after())
        if self._offering:
            raise ProtocolError(491)
        self._update = self._offer_of(incoming)
        self._tell(Reinvited(self.tag, _offer(incoming.request)))

    def _offer_of(self, incoming: Incoming) -> Asked:
        """Begin the transaction of an offer the application will answer."""
        offer = _offer(incoming.request)
        session = session_asked(incoming.request.headers, self._session_seconds_min)
        self.dialog.retarget(incoming)
        transaction = self.transactions.serve(incoming)
        transaction.owner = self
        return Asked(incoming, transaction, offer is not None, session)

    @property
    def _session_seconds_min(self) -> int:
        return self.core.settings.session_seconds_min

    def _retry_after(self) -> Fields:
        """Up to ten seconds (§14.2)."""
        return (("Retry-After", str(self.core.number() % 10)),)

    def _prack(self, incoming: Incoming, now: float) -> None:
        """RFC 3262 §3; an offer in it is refused."""
        rack = parse_rack(incoming.request.headers.get("rack") or "")
        sdp = sdp_of(incoming.request)
        if not self._reliable.acknowledge(rack, now):
            raise ProtocolError(481)
        unasked = sdp is not None and not self._offering
        self._respond(incoming, 488 if unasked else 200, now)
        due = self._offering and (sdp is not None or not self._reliable.pending)
        if due and not self._take_answer(incoming.request):
            self._fail_invite(488, now)
            self._tell(Ended(self.tag, "bad_answer"))
            self._finish()
            return
        self._settled = self._settled or self._described is not None
        if self._held is not None and not self._reliable.pending:
            self._accept(self._held, now)

    def _accept(self, sdp: Sdp, now: float) -> None:
        raise NotImplementedError

    # --- the rest ------------------------------------------------------------------------------

    def _bye(self, incoming: Incoming, now: float) -> None:
        """§15.1.2: what still waits for an answer is told 487."""
        cause, text = reason_of(incoming.request.headers)
        self._respond(incoming, 200, now)
        self._fail_invite(487, now)
        self._tell(Ended(self.tag, "peer", cause, text))
        self._finish()

    def _info(self, incoming: Incoming, now: float) -> None:
        """RFC 6086: packages are refused by name, bodies we do not know by type (§4.2.2)."""
        headers = incoming.request.headers
        if headers.get("info-package") is not None:
            raise ProtocolError(469, headers=(("Recv-Info", ""),))
        kind = media_type_of(headers).name
        known = self.core.settings.info_types
        if incoming.request.body and kind not in known:
            raise ProtocolError(415, headers=(("Accept", ", ".join(sorted(known))),))
        self._respond(incoming, 200, now)
        if incoming.request.body:
            self._tell(Info(self.tag, kind, incoming.request.body))

    def _notify(self, incoming: Incoming, now: float) -> None:
        """How a REFER of ours goes (RFC 3515 §2.4.4)."""
        headers = incoming.request.headers
        package = (headers.get("event") or "").partition(";")[0].strip().lower()
        if package != "refer":
            raise ProtocolError(489, headers=(("Allow-Events", "refer"),))
        if not self._referring:
            raise ProtocolError(481)
        self._respond(incoming, 200, now)
        match = _SIPFRAG.match(incoming.request.body)
        status = int(match[1]) if match else 100
        over = (headers.get("subscription-state") or "").lower().startswith("terminated")
        self._referring = status < 200 and not over
        self._tell(Referred(self.tag, _TRANSFER_LOST if over and status < 200 else status))

    def _options(self, incoming: Incoming, now: float) -> None:
        self._respond(incoming, 200, now, ACCEPT)


def _offer(request: Request) -> Offer | None:
    """The offer in a request, None where it has none. Raises ProtocolError 400, 415, 488."""
    sdp = sdp_of(request)
    return None if sdp is None else read_offer(sdp)


def reason_of(headers: Headers) -> tuple[int | None, str]:
    """The Q.850 cause and its text of a Reason field (RFC 3326), (None, "") where none is given."""
    for value in headers.listed("reason"):
        protocol, _, rest = value.partition(";")
        if protocol.strip().upper() != "Q.850":
            continue
        try:
            params = parse_params(rest)
        except ProtocolError:
            continue
        cause = params.get("cause") or ""
        number = int(cause) if cause.isdecimal() and len(cause) <= 3 else None
        return number, unquote_string(params.get("text") or "")
    return None, ""


HANDLERS: Final[dict[str, Callable[[Requests, Incoming, float], None]]] = {
    "INVITE": Requests._reinvite,
    "UPDATE": Requests._take_update,
    "PRACK": Requests._prack,
    "BYE": Requests._bye,
    "INFO": Requests._info,
    "NOTIFY": Requests._notify,
    "OPTIONS": Requests._options,
}
