"""What the application asks of a call. Every command says whether it was in time: False, and
nothing sent, where the call is over or waits for no such thing."""

from __future__ import annotations

from typing import Final

from gateway.wire.sip.errors import Fields, ProtocolError
from gateway.wire.sip.events import Referred, Refused
from gateway.wire.sip.message import Response
from gateway.wire.sip.reliable import OPTION as RELIABLE
from gateway.wire.sip.repeat import Repeater
from gateway.wire.sip.requests import Requests
from gateway.wire.sip.sdp import Sdp
from gateway.wire.sip.session_timer import OPTION as TIMER
from gateway.wire.sip.session_timer import granted
from gateway.wire.sip.usage import GONE, Asked, CallState

_HUNG_UP_EARLY: Final = 480
_PENDING: Final = 491
_RETRIES_MAX: Final = 2
_RETRY_HUNDREDTHS: Final = 200
"""Whoever did not choose the Call-ID tries again within two seconds (RFC 3261 §14.1)."""


class Call(Requests):
    """One call, as `SipUas` drives it."""

    # --- before the answer ---------------------------------------------------------------------

    def progress(self, now: float, sdp: Sdp | None, status: int, headers: Fields) -> bool:
        """A provisional response; reliable where the peer can (RFC 3262 §3)."""
        asked = self._invite
        if self.state is not CallState.INVITED or asked is None or self._held is not None:
            return False
        asking = asked.incoming.request.headers
        reliable = RELIABLE in (*asking.tokens("require"), *asking.tokens("supported"))
        if not reliable and not asked.offered:
            sdp = None  # an offer may not stand in what may be lost (RFC 3262 §5)
        response = self._response(asked.incoming, status, headers=headers, sdp=sdp)
        if not reliable:
            asked.transaction.respond(response, now)
            return True
        if sdp is not None:
            self._described = sdp
            self._offering = not asked.offered
        return self._reliable.send(response, now)

    def answer(self, now: float, sdp: Sdp) -> bool:
        """200 to whatever waits: an UPDATE first, then the INVITE."""
        if self._update is not None:
            asked, self._update = self._update, None
            asked.transaction.respond(self._agree(asked, sdp, now), now)
            return True
        if self._invite is None or self._held is not None:
            return False
        if self._reliable.pending:
            self._held = sdp
        else:
            self._accept(sdp, now)
        return True

    def _agree(self, asked: Asked, sdp: Sdp | None, now: float) -> Response:
        """The 200 to an offer; the session it agrees on begins."""
        self._described = sdp or self._described
        session = asked.session
        if session is None:
            return self._response(asked.incoming, 200, sdp=sdp)
        self._session.run(session, now)
        return self._response(asked.incoming, 200, headers=session.as_answer(), sdp=sdp)

    def _accept(self, sdp: Sdp, now: float) -> None:
        """200 to the INVITE, repeated until its ACK or 64 x T1 (RFC 3261 §13.3.1.4)."""
        asked, self._invite, self._held = self._invite, None, None
        assert asked is not None, "there is an INVITE to accept"
        self._reliable.stop()
        first = self.state is CallState.INVITED
        settled = first and self._settled
        self._offering = not asked.offered and not settled
        response = self._agree(asked, None if settled else sdp, now)
        if first:
            self.state = CallState.ANSWERED
        self._unacked_number = asked.incoming.cseq.number
        self._unacked = Repeater(
            self.core,
            lambda at: asked.transaction.respond(response, at),
            self._no_ack,
            now,
            self.core.settings.t2_seconds,
        )

    def reject(self, now: float, status: int, reason: str, headers: Fields) -> bool:
        """A failure to whatever waits; that of the first INVITE is the end of the call."""
        if self._update is None and self._invite is None:
            return False
        update = self._update is not None
        asked, self._update = (self._update, None) if update else (self._invite, None)
        assert asked is not None, "one of the two waits"
        response = self._response(asked.incoming, status, reason, headers)
        asked.transaction.respond(response, now)
        if update:
            return True
        self._invite = None
        if self.state is CallState.INVITED:
            self._finish()
        return True

    # --- after it ------------------------------------------------------------------------------

    def hang_up(self, now: float, cause: int, text: str) -> bool:
        """BYE, after the ACK of the answer where that is still to come (§15); before it 480."""
        reason = f"Q.850;cause={cause}" + (f';text="{text}"' if text else "")
        self._bye_fields = (("Reason", reason),)
        self.hung_up = True
        if self.state is CallState.INVITED:
            self._fail_invite(_HUNG_UP_EARLY, now, headers=self._bye_fields)
            self._finish()
        elif self.state is CallState.UP:
            self._say_bye(now)
        return True

    def refer(self, now: float, target: str) -> bool:
        """Ask the peer to call somebody else instead (RFC 3515 §2.4.1)."""
        if self.state is not CallState.UP or self._referring:
            return False
        self._referring = True
        self._ask("REFER", now, self._referred, (("Refer-To", f"<{target}>"),))
        return True

    def _referred(self, response: Response, now: float) -> None:
        if response.status < 300:
            return
        self._referring = False
        if response.status in GONE:
            self._lost(now)
        else:
            self._tell(Referred(self.tag, response.status))

    def reinvite(self, now: float, sdp: Sdp) -> bool:
        """Offer anew; one offer at a time, of either side."""
        if not self._may_offer:
            return False
        self._offer(sdp, now, _RETRIES_MAX)
        return True

    @property
    def _may_offer(self) -> bool:
        free = self._invite is None and self._update is None and self._own_invite is None
        return free and self.state is CallState.UP and self._unacked is None

    def _offer(self, sdp: Sdp, now: float, retries: int) -> None:
        session = self._session.session
        headers = session.as_request() if session else ()

        def answered(response: Response, at: float) -> None:
            self._reinvited(response, at, sdp, retries)

        self._offering = True
        extensions = (("Supported", TIMER),)
        self._own_invite = self._ask("INVITE", now, answered, (*headers, *extensions), sdp)

    def _reinvited(self, response: Response, now: float, sdp: Sdp, retries: int) -> None:
        """The peer's response to our re-INVITE (§14.1); a 2xx that comes again is acknowledged."""
        if response.status < 200:
            return
        if response.status < 300:
            self._acknowledge(response)
            if self._own_invite is not None:
                self._own_invite = None
                self._described = sdp
                self._refreshed(response, now)
                if not self._take_answer(response):
                    self._end("bad_answer", now)
            return
        self._own_invite = None
        self._offering = False
        if response.status in GONE:
            self._lost(now)
        elif response.status == _PENDING and retries:
            pause = self.core.number() % _RETRY_HUNDREDTHS / 100
            self.core.timers.start(now + pause, lambda at: self._offer_again(sdp, at, retries - 1))
        else:
            self._tell(Refused(self.tag, response.status))

    def _offer_again(self, sdp: Sdp, now: float, retries: int) -> None:
        if self._may_offer:
            self._offer(sdp, now, retries)
        elif self.state is CallState.UP:
            self._tell(Refused(self.tag, _PENDING))

    # --- the session timer ---------------------------------------------------------------------

    def _refresh(self, now: float) -> None:
        """Our turn (RFC 4028 §7.4): by UPDATE, or by a re-INVITE that changes nothing."""
        session = self._session.session
        assert session is not None, "the timer belongs to a session"
        if self._peer_updates:
            headers = (*session.as_request(), ("Supported", TIMER))
            self._ask("UPDATE", now, self._updated, headers)
        elif self._may_offer and self._described is not None:
            self._offer(self._described, now, 0)

    def _updated(self, response: Response, now: float) -> None:
        if 200 <= response.status < 300:
            self._refreshed(response, now)
        elif response.status in GONE:
            self._lost(now)

    def _refreshed(self, response: Response, now: float) -> None:
        """A new interval begins with a 2xx; one we cannot read leaves the old one running."""
        session = self._session.session
        if session is None:
            return
        try:
            self._session.run(granted(response.headers, session, self._session_seconds_min), now)
        except ProtocolError:
            return
