"""One SMPP connection: its session, its pump, and the link it speaks for once it is bound."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from gateway.channels.pump import Pump
from gateway.channels.smpp_heads import Overheard
from gateway.wire.smpp.commands import name_of as command_name
from gateway.wire.smpp.errors import CannotSend
from gateway.wire.smpp.events import (
    Answered,
    BindRefused,
    BindRequested,
    Bound,
    Closed,
    Lost,
    PduRefused,
)
from gateway.wire.smpp.pdu import DeliverSm, Request, SubmitSm
from gateway.wire.smpp.session import Session
from gateway.wire.smpp.states import Role
from gateway.wire.smpp.status import name_of as status_name
from gateway.wire.throttle import Throttle

log = Logger()

_CARRIERS = {Role.SMSC: DeliverSm.command, Role.ESME: SubmitSm.command}
"""What each role sends messages by."""
REFUSALS_LOGGED_MAX = 50
REFUSALS_LOGGED_PER_SECOND_MAX = 5
"""Of one connection: so many at once, then so many a second."""


class Answer(Protocol):
    """The context of a request of ours: told once how it ended."""

    def __call__(self, status: int | None) -> None:
        """The peer's command_status, or None where no answer will come."""
        ...


class Owner(Protocol):
    """Who decides about a connection: the server (binds), the client (its own bind), the link."""

    def bind_requested(self, peer: SmppPeer, event: BindRequested) -> None: ...
    def bound(self, peer: SmppPeer, event: Bound) -> None: ...
    def message(self, peer: SmppPeer, pdu: Any) -> None: ...
    def closed(self, peer: SmppPeer, reason: str) -> None: ...


class SmppPeer:
    """One connection. `owner` changes from the server to the account's link at the bind."""

    def __init__(
        self,
        session: Session,
        clock: IReactorTime,
        owner: Owner,
        address: str,
        pdus_logged: bool = False,
    ) -> None:
        self.session = session
        self.owner = owner
        self.address = address
        machine = Overheard(session, address) if pdus_logged else session
        self.pump = Pump(machine, clock, self.handle, self._lost)
        self._clock = clock
        self._carrier = _CARRIERS[session.role]
        self._refusals = Throttle(REFUSALS_LOGGED_PER_SECOND_MAX, REFUSALS_LOGGED_MAX)
        self._closed = False

    @property
    def receives(self) -> bool:
        """Whether this bind takes deliver_sm (or, of an SMSC, submit_sm) from us."""
        return self.session.sends(self._carrier)

    def handle(self, events: list[Any]) -> None:
        """Hand each event on; a request of the peer's is its own event."""
        for event in events:
            kind = type(event)
            if kind is Answered:
                if event.context is not None:
                    event.context(event.status)
            elif kind in _HANDLERS:
                _HANDLERS[kind](self, event)
            else:
                self.owner.message(self, event)

    def has_room(self, pdus: int) -> bool:
        """Whether so many more requests would leave at once: what can wait elsewhere should not
        fill the queue that USSD pages need."""
        session = self.session
        under_way = session.window_pdus + session.queue_pdus
        return not under_way or under_way + pdus <= session.limits.window_out_pdus_max

    def send(self, pdu: Request, context: Answer | None) -> bool:
        """Send a request of ours; False where its queue is full or the bind cannot carry it.
        Raises ValueError for one that cannot be written."""
        try:
            self.session.request(pdu, context, self._clock.seconds())
        except CannotSend:
            return False
        return True

    def drain(self) -> None:
        """Refuse new messages, answer what is under way, unbind, close."""
        self.handle(self.session.drain(self._clock.seconds()))
        self.pump.flush()

    # --- events -------------------------------------------------------------------------------

    def _bind_requested(self, event: BindRequested) -> None:
        self.owner.bind_requested(self, event)

    def _bound(self, event: Bound) -> None:
        self.owner.bound(self, event)

    def _bind_refused(self, event: BindRefused) -> None:
        log.warn("our bind was refused", peer=self.address, status=status_name(event.status))

    def _lost_request(self, event: Lost) -> None:
        if event.context is not None:
            event.context(None)

    def _refused(self, event: PduRefused) -> None:
        if not self._refusals.take(self._clock.seconds()):
            return  # a flood is counted, not written down
        log.info(
            "refused a PDU",
            peer=self.address,
            command=command_name(event.command),
            sequence=event.sequence,
            status=status_name(event.status),
            detail=event.detail,
        )

    def _close(self, event: Closed) -> None:
        if self._closed:
            return
        self._closed = True
        self.pump.flush()
        self.pump.close()
        self.owner.closed(self, event.reason)

    def _lost(self, reason: str) -> None:
        if reason and not self._closed:
            log.info("a connection broke", peer=self.address, reason=reason)
        self.handle(self.session.connection_lost())


_HANDLERS: dict[type, Callable[[SmppPeer, Any], None]] = {
    BindRequested: SmppPeer._bind_requested,
    Bound: SmppPeer._bound,
    BindRefused: SmppPeer._bind_refused,
    Lost: SmppPeer._lost_request,
    PduRefused: SmppPeer._refused,
    Closed: SmppPeer._close,
}
