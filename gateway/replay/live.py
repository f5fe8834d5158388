"""Handsets on the real SMPP port: many subscribers behind one bind or a few, as a network has them.

Rule: a page or SMS belongs to the subscriber it is addressed to, whichever bind brought it. What
SMPP cannot carry (where a subscriber is, what he was charged, a clock) goes by the HTTP API.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred, TimeoutError
from twisted.internet.error import ConnectError
from twisted.internet.interfaces import IReactorTime
from twisted.internet.protocol import Factory

from gateway.channels.pump import Pump
from gateway.channels.smpp_peer import SmppPeer
from gateway.channels.smpp_sms import SmsReader, Submitted, sms_pdus
from gateway.domain.numbers import normalise_short_number, service_code
from gateway.domain.port import Sms
from gateway.replay.api import Api, connect_error
from gateway.replay.handset import Action, Lost, NotPlayed, Received, Seen, Verb, Wants
from gateway.wire.gsm.segments import Reassembly
from gateway.wire.smpp.coding import decode_text, encode_text
from gateway.wire.smpp.errors import ProtocolError
from gateway.wire.smpp.limits import Limits
from gateway.wire.smpp.pdu import BindTransceiver, DeliverSm
from gateway.wire.smpp.receipt import is_receipt
from gateway.wire.smpp.session import Session
from gateway.wire.smpp.states import Role
from gateway.wire.smpp.status import Status, name_of
from gateway.wire.smpp.ussd import Direction, Operation, Step, build, read

CONNECT_SECONDS_MAX = 5.0
BIND_SECONDS_MAX = 10.0
QUIET_SECONDS = 0.3
"""How long a handset listens where nothing more may come."""
TIMEOUT_SECONDS = 181.0
"""How far a clock is moved so that no dialogue waits any longer (dialogue_seconds_max)."""
GSM7, UCS2 = 0x0F, 0x48


class _Port(Factory):
    """Makes the peers of one address."""

    noisy = False

    def __init__(self, network: Network) -> None:
        self._network = network

    def buildProtocol(self, addr: Any) -> Pump:
        """Twisted: a connection was made."""
        return self._network.connected().pump


class Network:
    """All binds to one gateway, and the handsets behind them."""

    def __init__(
        self, endpoint: Any, address: str, login: tuple[str, str], clock: IReactorTime
    ) -> None:
        """`endpoint` connects to `address` (`127.0.0.1:2775`, for messages); `login` is system_id
        and password."""
        self.clock = clock
        self._endpoint = endpoint
        self._address = address
        self._login = login
        self._peers: list[SmppPeer] = []
        self._handsets: dict[str, LiveHandset] = {}
        self._reader = SmsReader(clock.seconds, Reassembly(), lambda text: text)
        self._bound: Deferred[None] | None = None
        self._turn = 0
        self._flushing = False
        self._why = ""

    async def open(self, binds: int = 1) -> None:
        """Bind so many times. Raises Lost, with the address tried."""
        for _ in range(binds):
            self._bound = Deferred()
            try:
                connecting: Deferred[Any] = self._endpoint.connect(_Port(self))
                await connecting.addTimeout(CONNECT_SECONDS_MAX, self.clock)
                await self._bound.addTimeout(BIND_SECONDS_MAX, self.clock)
            except ConnectError as fault:
                raise self._lost(connect_error(fault)) from None
            except TimeoutError:
                raise self._lost("no answer in time") from None

    def close(self) -> None:
        """Unbind and close every connection."""
        for peer in tuple(self._peers):
            peer.drain()

    def handset(self, msisdn: str, api: Api | None) -> LiveHandset:
        """The handset of a number, in place of the one it had."""
        handset = self._handsets[msisdn] = LiveHandset(msisdn, self, api)
        return handset

    def send(self, pdu: Any) -> Deferred[None]:
        """Submit by the next bind; fires once it was taken, fails with NotPlayed or Lost."""
        done: Deferred[None] = Deferred()
        if not self._peers:
            done.errback(self._lost(self._why or "not bound"))
            return done
        self._turn += 1
        peer = self._peers[self._turn % len(self._peers)]

        def answered(status: int | None) -> None:
            if status is None:
                done.errback(self._lost(self._why or "no answer"))
            elif status:
                done.errback(NotPlayed(f"refused with {name_of(status)}"))
            else:
                done.callback(None)

        if not peer.send(pdu, answered):
            done.errback(NotPlayed("the queue of the bind is full"))
        self._touch()
        return done

    def _touch(self) -> None:
        """One write for all that one round of the reactor brings."""
        if not self._flushing:
            self._flushing = True
            self.clock.callLater(0, self._flush)

    def _flush(self) -> None:
        self._flushing = False
        for peer in self._peers:
            peer.pump.flush()

    def _lost(self, reason: str) -> Lost:
        return Lost(f"smpp {self._address}: {reason}; is the gateway up?")

    # --- the owner of the connections ---------------------------------------------------------

    def connected(self) -> SmppPeer:
        """A connection was made: its session sends the bind at once."""
        system_id, password = self._login
        bind = BindTransceiver(system_id=system_id, password=password)
        session = Session.client(bind, self.clock.seconds(), Limits())
        return SmppPeer(session, self.clock, self, self._address)

    def bind_requested(self, peer: SmppPeer, event: Any) -> None:
        """Never: an SMSC does not bind to an ESME."""
        raise AssertionError("a client session was asked to bind")

    def bound(self, peer: SmppPeer, _event: Any) -> None:
        """One more bind carries what is sent."""
        self._peers.append(peer)
        if self._bound is not None and not self._bound.called:
            self._bound.callback(None)

    def closed(self, peer: SmppPeer, reason: str) -> None:
        """One fewer; where none is left, nobody waits any longer."""
        self._why = reason.replace("_", " ")
        if peer in self._peers:
            self._peers.remove(peer)
        if self._bound is not None and not self._bound.called:
            self._bound.errback(self._lost(self._why))
        if not self._peers:
            for handset in self._handsets.values():
                handset.lost(self._lost(self._why))

    def message(self, peer: SmppPeer, pdu: Any) -> None:
        """A deliver_sm for one of the handsets: a page, an SMS or a part of one."""
        try:
            peer.session.respond(pdu, self._deliver(pdu))
        except ProtocolError as error:
            peer.session.respond(pdu, error.status)

    def _deliver(self, pdu: Any) -> int:
        if not isinstance(pdu, DeliverSm):
            return Status.ESME_RINVCMDID
        handset = self._handsets.get(pdu.destination_addr)
        operation = read(pdu, Direction.MT)
        if handset is None or is_receipt(pdu):
            return Status.ESME_ROK
        if operation is not None:
            text = decode_text(operation.data_coding, operation.octets)
            handset.page(text, operation.step is Step.CONTINUE)
            return Status.ESME_ROK
        source, destination = pdu.source_addr, pdu.destination_addr
        whole = self._reader.read("", source, destination, Submitted(pdu, ""))
        if whole is not None:
            handset.sms(Received(source, whole.text))
        return Status.ESME_ROK


class LiveHandset:
    """One subscriber behind the binds of a network. A `Handset`."""

    def __init__(self, msisdn: str, network: Network, api: Api | None) -> None:
        self.msisdn = msisdn
        self._network = network
        self._api = api
        self._code = ""
        self._seen = Seen()
        self._wanted: Callable[[Seen], bool] = bool
        self._waiting: Deferred[None] | None = None
        self._gone: Lost | None = None

    async def act(self, action: Action, wants: Wants) -> Seen:
        api, msisdn = self._api, self.msisdn
        if api is None and (wants.charges or wants.balance):
            raise NotPlayed("charges and balances need the HTTP API and its token")
        charges = await api.charges(msisdn) if api and wants.charges else []
        balance = await api.balance(msisdn) if api and wants.balance else 0
        sms, self._seen = self._seen.sms, Seen()
        self._seen = Seen(sms=sms)  # what came since the action before belongs to this one
        await _ACTS[action.verb](self, action)
        await self._until(lambda seen: _enough(seen, wants), wants.within_seconds)
        if wants.quiet:
            await self._until(lambda seen: False, QUIET_SECONDS)
        seen, self._seen = self._seen, Seen()
        after = await api.charges(msisdn) if api and wants.charges else []
        change = await api.balance(msisdn) - balance if api and wants.balance else None
        return Seen(
            seen.text, seen.more, seen.sms, tuple(after[len(charges) :]), balance_change=change
        )

    # --- what comes ---------------------------------------------------------------------------

    def page(self, text: str, more: bool) -> None:
        """A USSD page."""
        self._seen = Seen(text, more, self._seen.sms)
        self._look()

    def sms(self, received: Received) -> None:
        """A whole SMS."""
        seen = self._seen
        self._seen = Seen(seen.text, seen.more, (*seen.sms, received))
        self._look()

    def lost(self, fault: Lost) -> None:
        """No bind is left."""
        self._gone = fault
        if self._waiting is not None and not self._waiting.called:
            self._waiting.errback(fault)

    def _look(self) -> None:
        if self._waiting is not None and not self._waiting.called and self._wanted(self._seen):
            self._waiting.callback(None)

    async def _until(self, wanted: Callable[[Seen], bool], seconds: float) -> None:
        """Wait until what was seen is enough, or the time is over. Raises Lost."""
        if self._gone is not None:
            raise self._gone
        if wanted(self._seen):
            return
        self._wanted, self._waiting = wanted, Deferred()
        waiting = self._waiting
        timer: Any = self._network.clock.callLater(seconds, waiting.callback, None)
        try:
            await waiting
        finally:
            self._waiting = None
            if timer.active():
                timer.cancel()

    # --- actions ------------------------------------------------------------------------------

    async def _dial(self, action: Action) -> None:
        self._code = service_code(action.text).strip("*#")
        await self._say(Step.BEGIN, action.text)

    async def _answer(self, action: Action) -> None:
        await self._say(Step.CONTINUE, action.text)

    async def _end(self, _action: Action) -> None:
        await self._say(Step.ABORT, "")

    async def _say(self, step: Step, text: str) -> None:
        coding, octets = encode_text(text, gsm7=GSM7, ucs2=UCS2)
        operation = Operation(step, self.msisdn, self._code, octets, coding)
        try:
            pdu = build(operation, Direction.MO, Role.ESME)
        except ValueError as fault:
            raise NotPlayed(str(fault)) from None
        await self._network.send(pdu)

    async def _write(self, action: Action) -> None:
        number, now = normalise_short_number(action.to), self._network.clock.seconds()
        for pdu in sms_pdus(Sms(f"{now}", "", number, self.msisdn, action.text, now), Role.ESME):
            pdu.source_addr_ton, pdu.dest_addr_ton = 1, 0
            await self._network.send(pdu)

    async def _wait(self, action: Action) -> None:
        await self._until(lambda seen: False, action.seconds)

    async def _time_out(self, _action: Action) -> None:
        await self._core("a time-out").advance(TIMEOUT_SECONDS)

    async def _advance(self, action: Action) -> None:
        await self._core("the clock").advance(action.seconds)

    async def _move(self, action: Action) -> None:
        await self._core("a move").locate(self.msisdn, action.text, action.to)

    async def _call(self, _action: Action) -> None:
        raise NotPlayed("calls need SIP, and this network speaks SMPP")

    def _core(self, what: str) -> Api:
        if self._api is None:
            raise NotPlayed(f"{what} needs the HTTP API and its token")
        return self._api


def _enough(seen: Seen, wants: Wants) -> bool:
    return len(seen.sms) >= wants.sms and (seen.text is not None or not wants.text)


_ACTS: dict[Verb, Callable[[LiveHandset, Action], Any]] = {
    "dial": LiveHandset._dial,
    "answer": LiveHandset._answer,
    "sms": LiveHandset._write,
    "hang_up": LiveHandset._end,
    "drop": LiveHandset._end,
    "timeout": LiveHandset._time_out,
    "wait": LiveHandset._wait,
    "advance": LiveHandset._advance,
    "move": LiveHandset._move,
    "call": LiveHandset._call,
    "press": LiveHandset._call,
}
