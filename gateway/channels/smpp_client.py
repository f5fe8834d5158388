"""The SMPP client: we are the ESME, bind to somebody's SMSC, and keep the bind up.

A lost connection or a refused bind is tried again after a pause that doubles up to a limit, with
some chance in it so that many clients do not come back at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from twisted.internet.interfaces import IAddress, IReactorTime, IStreamClientEndpoint
from twisted.internet.protocol import Factory
from twisted.logger import Logger

from gateway.channels.pump import Pump
from gateway.channels.smpp_link import SmppLink
from gateway.channels.smpp_peer import SmppPeer
from gateway.wire.smpp.counts import Counts
from gateway.wire.smpp.events import BindRequested, Bound
from gateway.wire.smpp.limits import Limits
from gateway.wire.smpp.pdu import Bind, BindReceiver, BindTransceiver, BindTransmitter
from gateway.wire.smpp.session import Session

log = Logger()

PAUSE_SECONDS_FIRST = 0.5
PAUSE_SECONDS_MAX = 60.0

BINDS: dict[str, type[Bind]] = {
    "transceiver": BindTransceiver,
    "receiver": BindReceiver,
    "transmitter": BindTransmitter,
}


@dataclass(frozen=True, slots=True)
class Login:
    """How we bind."""

    system_id: str
    password: str = field(repr=False)
    system_type: str = ""
    bind: str = "transceiver"


class SmppClient(Factory):
    """Keeps one bind up until stopped."""

    noisy = False

    def __init__(
        self,
        endpoint: IStreamClientEndpoint,
        login: Login,
        link: SmppLink,
        clock: IReactorTime,
        limits: Limits,
        chance: Callable[[], float],
        counts: Counts,
        pdus_logged: bool = False,
    ) -> None:
        """`chance` gives numbers from 0 to 1, to spread reconnections."""
        self.endpoint = endpoint
        """Where to connect, whenever that is next."""
        self._login = login
        self._link = link
        self._clock = clock
        self._limits = limits
        self._chance = chance
        self._counts = counts
        self._pdus_logged = pdus_logged
        self._pause = PAUSE_SECONDS_FIRST
        self._peer: SmppPeer | None = None
        self._timer: Any = None
        self._attempt: Any = None
        self._stopped = False

    @property
    def is_up(self) -> bool:
        """Whether a connection is open."""
        return self._peer is not None

    def start(self) -> None:
        """Connect and bind; come back whenever that ends."""
        self._timer = None
        self._attempt = self.endpoint.connect(self)
        self._attempt.addCallbacks(self._connected, self._not_connected)

    def stop(self) -> None:
        """Drain, unbind, close, and do not come back."""
        self._stopped = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._attempt is not None:
            self._attempt.cancel()
        if self._peer is not None:
            self._peer.drain()

    def buildProtocol(self, addr: IAddress | None) -> Pump:
        """A connection was made: its session sends the bind at once."""
        login = self._login
        bind = BINDS[login.bind](
            system_id=login.system_id, password=login.password, system_type=login.system_type
        )
        session = Session.client(bind, self._clock.seconds(), self._limits, self._counts)
        host = getattr(addr, "host", "")
        self._peer = SmppPeer(session, self._clock, self, host, self._pdus_logged)
        return self._peer.pump

    # --- the owner of the connection ----------------------------------------------------------

    def bind_requested(self, peer: SmppPeer, event: BindRequested) -> None:
        """Never: an SMSC does not bind to an ESME."""
        raise AssertionError("a client session was asked to bind")

    def bound(self, peer: SmppPeer, event: Bound) -> None:
        """Up: the next loss begins with the shortest pause again."""
        self._pause = PAUSE_SECONDS_FIRST
        self._link.add(peer)
        log.info("bound", account=self._link.name, peer=peer.address, bind=self._login.bind)
        self._link.up(peer)

    def message(self, peer: SmppPeer, pdu: Any) -> None:
        """What the SMSC delivers is the link's business."""
        self._link.message(peer, pdu)

    def closed(self, peer: SmppPeer, reason: str) -> None:
        """Down, whoever wanted it; come back unless stopped."""
        self._peer = None
        self._link.remove(peer, reason)
        self._again(reason)

    # --- coming back --------------------------------------------------------------------------

    def _connected(self, _pump: Any) -> None:
        self._attempt = None

    def _not_connected(self, failure: Any) -> None:
        self._attempt = None
        self._again(failure.getErrorMessage())

    def _again(self, reason: str) -> None:
        if self._stopped:
            return
        seconds = self._pause * (0.5 + self._chance() / 2)
        self._pause = min(self._pause * 2, PAUSE_SECONDS_MAX)
        log.warn(
            "not bound; trying again",
            link=self._link.name,
            reason=reason,
            seconds=round(seconds, 1),
        )
        self._timer = self._clock.callLater(seconds, self.start)
