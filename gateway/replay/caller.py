"""The calls of all handsets of a network: one UDP socket for their SIP, one each for RTP.

Rule: a datagram belongs to the call whose Call-ID it bears, an event of the gateway to the last
call of the number it names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from twisted.internet.defer import Deferred, TimeoutError
from twisted.internet.error import CannotListenError, DNSLookupError
from twisted.internet.protocol import DatagramProtocol

from gateway.channels.media_ticker import Ticker
from gateway.replay.api import Api, unreached
from gateway.replay.handset import Lost, NotPlayed
from gateway.replay.line import Ear, Line
from gateway.replay.waiting import Waiting
from gateway.wire.sip.grammar import is_ip
from gateway.wire.sip.login import Login
from gateway.wire.sip.message import parse_message
from gateway.wire.sip.offer_answer import Local
from gateway.wire.sip.outgoing import OutgoingCall, options
from gateway.wire.sip.unanswered import T1_SECONDS

OPEN_SECONDS_MAX: Final = 5.0
CLOSE_SECONDS_MAX: Final = 2.0
FRAMES_CATCH_UP_MAX: Final = 2
"""Sent at once where the process was late; longer holes are left as holes."""


class Caller(DatagramProtocol):
    """The protocol of the SIP socket."""

    transport: Any

    def __init__(
        self,
        reactor: Any,
        address: tuple[str, int],
        ids: Callable[[], str],
        chance: Callable[[], float],
        login: Login | None = None,
        api: Api | None = None,
    ) -> None:
        """`address` is the gateway's SIP, `ids` gives tokens, `chance` draws from [0, 1), `login`
        answers a gateway that asks who calls; without `api` nothing is known of what is said."""
        self.api = api
        self._reactor = reactor
        self._address = address
        self._ids = ids
        self._chance = chance
        self._login = login
        self._ticker = Ticker(reactor, FRAMES_CATCH_UP_MAX, _late)
        self._lines: dict[str, Line] = {}
        self._by_msisdn: dict[str, tuple[str, Line]] = {}
        self._probe = ""
        self._there: Deferred[None] | None = None
        self._closing = Waiting(reactor)

    async def open(self) -> None:
        """See that the gateway is there, and listen to its events. Raises Lost, with the address
        tried."""
        own = await self.bind()
        self._there = Deferred()
        self._probe, asked = options(own, self._address[0], self._ids)
        self._ask(asked, T1_SECONDS)
        try:
            await self._there.addTimeout(OPEN_SECONDS_MAX, self._reactor)
        except TimeoutError:
            raise self._lost("no answer in time") from None
        if self.api is not None:
            await self.api.follow(self.happened, self._gone)

    async def bind(self) -> tuple[str, int]:
        """Open the SIP socket; our host and port. Raises Lost where the host has no address."""
        host, port = self._address
        try:
            numeric = host if is_ip(host) else await self._reactor.resolve(host)
        except DNSLookupError as fault:
            raise unreached("sip {}:{}".format(*self._address), fault) from None
        interface = "::" if ":" in numeric else ""
        self._reactor.listenUDP(0, self, interface=interface, maxPacketSize=65_535)
        self.transport.connect(numeric, port)
        own = self.transport.getHost()
        return own.host, own.port

    def _ask(self, data: bytes, again_seconds: float) -> None:
        """Send until it is answered (RFC 3261 §17.1.2.2)."""
        if self._there is not None and not self._there.called:
            self._send(data)
            self._reactor.callLater(again_seconds, self._ask, data, 2 * again_seconds)

    def call(self, msisdn: str, number: str, ear: Ear) -> Line:
        """Begin a call; `ear` hears how it goes. Raises Lost, and NotPlayed where no port is
        left."""
        if self.transport is None:
            raise self._lost("Connection refused")
        own = self.transport.getHost()
        line = Line(self._reactor, self._ticker, self._send, self._number, ear)
        try:
            rtp = self._reactor.listenUDP(0, line, interface=own.host)
        except CannotListenError as fault:
            raise NotPlayed(f"there is no port for the sound of a call: {fault}") from None
        local = Local(own.host, rtp.getHost().port, self._number(31))
        peer, ids = self._address[0], self._ids
        call = OutgoingCall(msisdn, number, local, own.port, peer, ids, self._login)
        before = self._by_msisdn.get(msisdn)
        if before is not None:
            self._lines.pop(before[0], None)
        self._by_msisdn[msisdn] = call.call_id, line
        self._lines[call.call_id] = line
        line.begin(call)
        return line

    def drop(self, msisdn: str) -> None:
        """The network loses the last call of a number: nobody sends or answers any more."""
        call_id, line = self._by_msisdn[msisdn]
        self._lines.pop(call_id, None)
        line.fall_silent()

    async def close(self) -> None:
        """Hang up what is up, and close. Raises nothing."""
        up = [line for line in self._lines.values() if line.up]
        for line in up:
            line.ear = _Nobody(self._closing)
            line.hang_up()
        await self._closing.until(lambda: not any(line.up for line in up), CLOSE_SECONDS_MAX)
        for line in up:
            line.fall_silent()
        if self.transport is not None:
            self.transport.stopListening()

    def _send(self, data: bytes) -> None:
        if self.transport is not None:
            self.transport.write(data)

    def _number(self, bits: int) -> int:
        return int(self._chance() * (1 << bits))

    def _lost(self, reason: str) -> Lost:
        host, port = self._address
        return Lost.at(f"sip {host}:{port}", reason)

    def _gone(self, fault: Lost) -> None:
        for _, line in self._by_msisdn.values():
            line.ear.lost(fault)

    def happened(self, turn: Mapping[str, Any]) -> None:
        """A turn of a call was told by `/v1/events`."""
        found = self._by_msisdn.get(turn["msisdn"])
        if found is not None:
            found[1].told(turn)

    def datagramReceived(self, datagram: bytes, addr: Any) -> None:
        """Twisted: SIP came."""
        message = parse_message(datagram)
        call_id = "" if message is None else message.headers.get("call-id") or ""
        if call_id == self._probe and self._there is not None and not self._there.called:
            self._there.callback(None)
        elif message is not None and call_id in self._lines:
            self._lines[call_id].take(message)

    def connectionRefused(self) -> None:
        """Twisted: nobody listens at the gateway's port."""
        if self._there is not None and not self._there.called:
            self._there.errback(self._lost("Connection refused"))
        for line in tuple(self._lines.values()):
            line.unreachable()

    def stopProtocol(self) -> None:
        """Twisted: the socket is closed, by us, or because epoll told of an ICMP error alone."""
        self.connectionRefused()


def _late(_seconds: float) -> None:
    """That frames were late shows in what is measured."""


class _Nobody:
    """Holds the telephone while everything is closed."""

    def __init__(self, closing: Waiting) -> None:
        self._closing = closing

    def changed(self) -> None:
        self._closing.look()

    def lost(self, fault: Lost) -> None:
        self._closing.look()
