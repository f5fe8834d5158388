"""Octets to whom they concern: connections, transactions, calls, or an answer at once.

Whatever needs no application is answered here or in the call: OPTIONS, CANCEL, BYE,
retransmissions, and everything that is to be refused. A request that belongs to no call and begins
none leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gateway.wire.sip.answers import build_response, stateless_tag
from gateway.wire.sip.bodies import ACCEPT, sdp_of
from gateway.wire.sip.call import Call
from gateway.wire.sip.core import UDP, Core, LocalAddress
from gateway.wire.sip.counts import Counts
from gateway.wire.sip.dialog import Dialog
from gateway.wire.sip.errors import Fields, ProtocolError
from gateway.wire.sip.events import Address, Disconnect, Event, Invited, Outgoing
from gateway.wire.sip.framing import Framer
from gateway.wire.sip.headers import hop_address, parse_via
from gateway.wire.sip.incoming import (
    ALLOW,
    ALLOWED,
    SUPPORTED,
    Incoming,
    default_port,
    read_request,
    received_from,
)
from gateway.wire.sip.message import Headers, Request, parse_message
from gateway.wire.sip.network import asserted_user, visited_plmn
from gateway.wire.sip.offer_answer import read_offer
from gateway.wire.sip.sdp import CONTENT_TYPE
from gateway.wire.sip.session_timer import asked as session_asked
from gateway.wire.sip.settings import Settings
from gateway.wire.sip.transactions import Transactions
from gateway.wire.sip.uri import parse_uri
from gateway.wire.sip.usage import Asked

_PONG: Final = b"\r\n"
_SDP_RANGES: Final = frozenset((CONTENT_TYPE, "application/*", "*/*"))


class Server:
    """The side of a `SipUas` that the network drives."""

    def __init__(self, settings: Settings, ids: Callable[[], str], local: LocalAddress) -> None:
        """`ids` gives new tokens of letters and digits, 64 bits or more; `local`, for a transport
        and a peer's address, the address by which that peer reaches us."""
        self._core = Core(settings, ids, local)
        self._transactions = Transactions(self._core)
        self._calls: dict[str, Call] = {}

    # --- the face of a wire machine --------------------------------------------------------------

    def receive(self, data: bytes, source: Address, transport: str, now: float) -> list[Event]:
        """Take a datagram, or what a connection brought."""
        if transport == UDP:
            self._take(data, source, transport, now)
        else:
            self._stream(data, source, transport, now)
        return self._events()

    def disconnected(self, source: Address, transport: str) -> None:
        """A connection is gone; its calls go on, and are reached at their Contact."""
        self._core.connections.pop((source, transport), None)

    def data_to_send(self) -> list[Outgoing]:
        """What waits to leave, in its order; asked for after every call of any method."""
        out, self._core.out = self._core.out, []
        return out

    def next_timer(self) -> float | None:
        """When `timer_fired` is to be called next."""
        return self._core.timers.next()

    def timer_fired(self, now: float) -> list[Event]:
        """Do what is due."""
        self._core.timers.fire(now)
        return self._events()

    def _events(self) -> list[Event]:
        events, self._core.events = self._core.events, []
        return events

    @property
    def calls(self) -> int:
        """Calls at this moment."""
        return len(self._calls)

    @property
    def transactions(self) -> int:
        """Transactions at this moment."""
        return len(self._transactions)

    @property
    def counts(self) -> Counts:
        """Totals since the start."""
        return self._core.counts

    # --- octets to requests --------------------------------------------------------------------

    def _stream(self, data: bytes, source: Address, transport: str, now: float) -> None:
        settings, connections = self._core.settings, self._core.connections
        framer = connections.get((source, transport))
        if framer is None:
            if len(connections) >= settings.connections_max:
                self._core.tell(Disconnect(source, transport))
                return
            framer = Framer(settings.head_octets_max, settings.body_octets_max)
            connections[source, transport] = framer
        broken = framer.broken
        for message in framer.feed(data):
            self._take(message, source, transport, now)
        if framer.pinged:
            self._core.out.append(Outgoing(_PONG, source, transport))
        if framer.broken and not broken:
            self._core.tell(Disconnect(source, transport))

    def _take(self, data: bytes, source: Address, transport: str, now: float) -> None:
        """One whole message."""
        message = parse_message(data, self._core.settings.body_octets_max)
        if isinstance(message, Request) and message.headers.get("via") is not None:
            self._request(received_from(message, source), source, transport, now)
        elif message is None or isinstance(message, Request):
            self.counts.garbage += bool(data.strip(_PONG))  # line ends keep a binding alive
        elif not self._transactions.answered(message, now):
            self.counts.garbage += 1

    def _request(self, request: Request, source: Address, transport: str, now: float) -> None:
        self.counts.requests[request.method if request.method in ALLOWED else "other"] += 1
        try:
            incoming = read_request(request, source, transport, self._core.settings)
            self._dispatch(incoming, now)
        except ProtocolError as error:
            if request.method != "ACK":
                fields = error.headers
                self._answer(request, source, transport, error.status, error.reason, fields)

    def _answer(
        self,
        request: Request,
        source: Address,
        transport: str,
        status: int,
        reason: str = "",
        headers: Fields = (),
        tag: str = "",
    ) -> None:
        """Answer without keeping anything (RFC 3261 §8.2.7)."""
        destination = source
        if transport == UDP:
            try:
                via = parse_via(request.headers.get("via") or "")
                destination = hop_address(via, source[0], default_port(transport))
            except ProtocolError:
                destination = source
        headers = (*headers, ("Server", self._core.settings.user_agent))
        tag = tag or stateless_tag(request)
        response = build_response(request, status, tag, reason, headers)
        self._core.send(response, destination, transport)

    # --- requests to calls ---------------------------------------------------------------------

    def _dispatch(self, incoming: Incoming, now: float) -> None:
        """Give a request to whom it concerns (RFC 3261 §8.2, §12.2.2, §17.2.3)."""
        method = incoming.method
        transaction = self._transactions.find(incoming)
        if method == "CANCEL":
            self._cancel(incoming, now)
        elif method == "ACK":
            if transaction is not None:
                transaction.repeated(incoming, now)
            if (call := self._dialog_of(incoming)) is not None:
                call.acked(incoming, now)
        elif transaction is not None:
            self.counts.retransmissions += 1
            transaction.repeated(incoming, now)
        elif incoming.to.tag:
            self._within(incoming, now)
        elif method == "OPTIONS":
            fields = (*ALLOW, *ACCEPT, *SUPPORTED)
            self._answer(incoming.request, incoming.source, incoming.transport, 200, "", fields)
        elif method == "INVITE":
            self._invite(incoming, now)
        else:
            raise ProtocolError(481)

    def _dialog_of(self, incoming: Incoming) -> Call | None:
        call = self._calls.get(incoming.to.tag)
        return call if call is not None and call.dialog.is_of(incoming) else None

    def _within(self, incoming: Incoming, now: float) -> None:
        call = self._dialog_of(incoming)
        if call is None:
            raise ProtocolError(481)
        # an end is always taken: it makes room, and stops what is paid for
        if self._transactions.full and incoming.method != "BYE":
            raise self._overload()
        call.take(incoming, now)

    def _cancel(self, incoming: Incoming, now: float) -> None:
        """§9.2: 200 to the CANCEL under the tag of the INVITE, then 487 to that."""
        transaction = self._transactions.find(incoming)
        if transaction is None or transaction.owner is None:
            raise ProtocolError(481)
        call: Call = transaction.owner
        source, transport = incoming.source, incoming.transport
        self._answer(incoming.request, source, transport, 200, tag=call.tag)
        if transaction.unanswered:
            call.cancel(now)

    def _overload(self) -> ProtocolError:
        retry_after = str(self._core.settings.retry_after_seconds)
        return ProtocolError(503, headers=(("Retry-After", retry_after),))

    def _invite(self, incoming: Incoming, now: float) -> None:
        """A new call (§13.3.1); nothing is kept of one that is refused here."""
        if self._transactions.is_merged(incoming):
            raise ProtocolError(482)
        if self._transactions.full or len(self._calls) >= self._core.settings.calls_max:
            raise self._overload()
        request = incoming.request
        _check_accept(request.headers)
        sdp = sdp_of(request)
        offer = None if sdp is None else read_offer(sdp)
        session = session_asked(request.headers, self._core.settings.session_seconds_min)
        dialog = Dialog(self._core, incoming, self._core.ids())
        invited = Invited(
            dialog.tag,
            request,
            incoming.source,
            incoming.transport,
            incoming.uri.number,
            parse_uri(incoming.origin.uri).number,
            asserted_user(request.headers),
            visited_plmn(request.headers),
            offer,
        )
        transaction = self._transactions.serve(incoming)
        asked = Asked(incoming, transaction, offer is not None, session)
        call = Call(self._core, self._transactions, dialog, asked, self._forget)
        transaction.owner = self._calls[dialog.tag] = call
        transaction.respond(build_response(request, 100, dialog.tag), now)
        self._core.tell(invited)

    def _forget(self, tag: str) -> None:
        self._calls.pop(tag, None)


def _check_accept(headers: Headers) -> None:
    """Raises ProtocolError(406) where the peer takes no session description (§20.1)."""
    accepted = {item.partition(";")[0].strip() for item in headers.tokens("accept")}
    if accepted and not accepted & _SDP_RANGES:
        raise ProtocolError(406)
