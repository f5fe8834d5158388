"""Binds on the real SMPP port: many subscribers behind one or a few, as a network has them.

Rule: a page or SMS belongs to the subscriber it is addressed to, whichever bind brought it.
"""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

from twisted.internet.defer import Deferred, TimeoutError
from twisted.internet.interfaces import IReactorTime
from twisted.internet.protocol import Factory

from gateway.channels.pump import Pump
from gateway.channels.smpp_peer import SmppPeer
from gateway.channels.smpp_sms import SmsReader, Submitted
from gateway.replay.api import UNREACHED, unreached
from gateway.replay.handset import Lost, NotPlayed, Received
from gateway.wire.gsm.segments import Reassembly
from gateway.wire.smpp.coding import decode_text
from gateway.wire.smpp.errors import ProtocolError
from gateway.wire.smpp.limits import Limits
from gateway.wire.smpp.pdu import BindTransceiver, DeliverSm
from gateway.wire.smpp.receipt import is_receipt
from gateway.wire.smpp.session import Session
from gateway.wire.smpp.status import Status, name_of
from gateway.wire.smpp.ussd import Direction, Step, read

CONNECT_SECONDS_MAX = 5.0
BIND_SECONDS_MAX = 10.0
H = TypeVar("H", bound="Behind")


class Behind(Protocol):
    """A handset behind the network: told what comes for it."""

    msisdn: str

    def page(self, text: str, more: bool) -> None: ...
    def sms(self, received: Received) -> None: ...
    def lost(self, fault: Lost) -> None: ...


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
        self._handsets: dict[str, Behind] = {}
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
            except UNREACHED as fault:
                raise unreached(f"smpp {self._address}", fault) from None
            except TimeoutError:
                raise self._lost("no answer in time") from None

    @property
    def is_up(self) -> bool:
        """At least one bind is there."""
        return bool(self._peers)

    def close(self) -> None:
        """Unbind and close every connection."""
        for peer in tuple(self._peers):
            peer.drain()

    def attach(self, handset: H) -> H:
        """Give a handset what comes for its number from now on, in place of the one it had."""
        self._handsets[handset.msisdn] = handset
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
        return Lost.at(f"smpp {self._address}", reason)

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
        """A deliver_sm for one of the handsets: a page, an SMS or a part of one. An SMS for
        somebody else is rejected: another bind of the account may know the number."""
        try:
            peer.session.respond(pdu, self._deliver(pdu))
        except ProtocolError as error:
            peer.session.respond(pdu, error.status)

    def _deliver(self, pdu: Any) -> int:
        if not isinstance(pdu, DeliverSm):
            return Status.ESME_RINVCMDID
        handset = self._handsets.get(pdu.destination_addr)
        operation = read(pdu, Direction.MT)
        if is_receipt(pdu):
            return Status.ESME_ROK
        if handset is None:
            return Status.ESME_ROK if operation else Status.ESME_RX_R_APPN
        if operation is not None:
            text = decode_text(operation.data_coding, operation.octets)
            handset.page(text, operation.step is Step.CONTINUE)
            return Status.ESME_ROK
        source, destination = pdu.source_addr, pdu.destination_addr
        whole = self._reader.read("", source, destination, Submitted(pdu, ""))
        if whole is not None:
            handset.sms(Received(source, whole.text))
        return Status.ESME_ROK
