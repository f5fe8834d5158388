"""What a call is at any moment, and what both its sides do with it: answer, ask, end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from gateway.wire.sip.answers import body_fields, build_response
from gateway.wire.sip.core import Core
from gateway.wire.sip.dialog import Dialog
from gateway.wire.sip.errors import Fields
from gateway.wire.sip.events import Ended, Event
from gateway.wire.sip.incoming import ALLOW, SUPPORTED, Incoming
from gateway.wire.sip.message import Response
from gateway.wire.sip.reliable import Reliable
from gateway.wire.sip.repeat import Repeater
from gateway.wire.sip.sdp import Sdp
from gateway.wire.sip.session_timer import Session, SessionTimer
from gateway.wire.sip.transactions import (
    ClientTransaction,
    OnResponse,
    ServerTransaction,
    Transactions,
)

GONE: Final = frozenset((408, 481))
"""Responses after which there is no dialog any more (RFC 3261 §12.2.1.2)."""


class CallState(Enum):
    """The life of a call, in this order."""

    INVITED = "invited"
    ANSWERED = "answered, not acknowledged"
    UP = "up"
    OVER = "over"


@dataclass(slots=True)
class Asked:
    """A request of the peer's that the application answers."""

    incoming: Incoming
    transaction: ServerTransaction
    offered: bool
    """It carried an offer, so that what we answer with is an answer."""
    session: Session | None


class Usage:
    """One call: its dialog, its first INVITE, and what is under way in either direction."""

    def __init__(
        self,
        core: Core,
        transactions: Transactions,
        dialog: Dialog,
        asked: Asked,
        over: Callable[[str], None],
    ) -> None:
        """`over` is called with our tag once nothing of the dialog is left."""
        self.core = core
        self.transactions = transactions
        self.dialog = dialog
        self.state = CallState.INVITED
        self.hung_up = False
        """The application has hung up: it is told nothing more."""
        self._over = over
        self._invite: Asked | None = asked
        self._update: Asked | None = None
        self._unacked: Repeater | None = None
        self._unacked_number = 0
        self._reliable = Reliable(core, asked.transaction, asked.incoming.cseq, self._no_prack)
        self._held: Sdp | None = None
        """The answer that waits for a PRACK."""
        self._settled = False
        """Offer and answer of the first INVITE are through before its final response."""
        self._offering = False
        """An offer of ours waits for its answer."""
        self._described: Sdp | None = None
        """Our last description, for refreshes."""
        self._own_invite: ClientTransaction | None = None
        self._referring = False
        self._bye_fields: Fields = ()
        self._session = SessionTimer(core, self._refresh, self._expired)
        headers = asked.incoming.request.headers
        self._peer_updates = "update" in headers.tokens("allow")

    @property
    def tag(self) -> str:
        return self.dialog.tag

    def _tell(self, event: Event) -> None:
        if not self.hung_up:
            self.core.tell(event)

    # --- answering -----------------------------------------------------------------------------

    def _response(
        self,
        incoming: Incoming,
        status: int,
        reason: str = "",
        headers: Fields = (),
        sdp: Sdp | None = None,
    ) -> Response:
        server = ("Server", self.core.settings.user_agent)
        if 100 < status < 300:
            headers = (*self.dialog.contact, *ALLOW, *SUPPORTED, *headers)
        return build_response(incoming.request, status, self.tag, reason, (*headers, server), sdp)

    def _respond(self, incoming: Incoming, status: int, now: float, headers: Fields = ()) -> None:
        """Answer a request of the dialog in a transaction of its own."""
        transaction = self.transactions.serve(incoming)
        transaction.respond(self._response(incoming, status, headers=headers), now)

    # --- asking --------------------------------------------------------------------------------

    def _ask(
        self,
        method: str,
        now: float,
        on_response: OnResponse,
        headers: Fields = (),
        sdp: Sdp | None = None,
    ) -> ClientTransaction:
        """Send a request of ours; where nobody answers it the peer is gone."""
        body = b"" if sdp is None else bytes(sdp)
        request, path = self.dialog.request(method, (*headers, *body_fields(body)), body)
        return self.transactions.ask(request, path, on_response, self._lost, now)

    def _acknowledge(self, response: Response) -> None:
        """ACK a 2xx to an INVITE of ours (RFC 3261 §13.2.2.4): sent once for each that comes."""
        cseq = response.headers.get("cseq") or ""
        number = int(cseq.split()[0])
        request, path = self.dialog.request("ACK", body_fields(b""), number=number)
        self.core.send(request, *path)

    def _refresh(self, now: float) -> None:
        raise NotImplementedError

    # --- ending --------------------------------------------------------------------------------

    def _lost(self, now: float) -> None:
        self._end("peer_gone", now)

    def _expired(self, now: float) -> None:
        self._end("session_expired", now)

    def _no_ack(self, now: float) -> None:
        self._end("no_ack", now)

    def _no_prack(self, now: float) -> None:
        """RFC 3262 §3: the INVITE fails with a 5xx."""
        self._fail_invite(504, now)
        self._tell(Ended(self.tag, "no_prack"))
        self._finish()

    def _fail_invite(self, status: int, now: float, reason: str = "", headers: Fields = ()) -> None:
        """Give what waits for a final answer its failure."""
        for asked in (self._update, self._invite):
            if asked is not None and asked.transaction.unanswered:
                response = self._response(asked.incoming, status, reason, headers)
                asked.transaction.respond(response, now)
        self._update = self._invite = None

    def _end(self, by: str, now: float) -> None:
        """End a call that has been answered, from this side."""
        if self.state is CallState.OVER:
            return
        self._tell(Ended(self.tag, by))
        self._say_bye(now)

    def _say_bye(self, now: float) -> None:
        """BYE, whatever comes of it: the dialog is over once it is sent (RFC 3261 §15.1.1)."""
        self._fail_invite(487, now)
        self._finish()
        request, path = self.dialog.request("BYE", (*self._bye_fields, *body_fields(b"")))
        self.transactions.ask(request, path, _nothing, _nobody, now)

    def _finish(self) -> None:
        """Nothing of the dialog is left."""
        self.state = CallState.OVER
        self._session.stop()
        self._reliable.stop()
        if self._unacked is not None:
            self._unacked.stop()
        if self._own_invite is not None:
            self._own_invite.abandon()
        self._over(self.tag)


def _nothing(response: Response, now: float) -> None:
    """A BYE was answered: it changes nothing."""


def _nobody(now: float) -> None:
    """A BYE was not answered: it changes nothing."""
