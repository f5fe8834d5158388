"""The SMPP server: peers bind to us as the network; accounts say who may, how often, how fast.

A wrong password and an unknown system_id are both ESME_RBINDFAIL (v5.0 §4.7.6): a stranger
learns nothing from the difference.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_address, ip_network
from typing import Any

from twisted.internet.interfaces import IAddress, IReactorTime
from twisted.internet.protocol import Factory
from twisted.logger import Logger

from gateway.channels.pump import Pump
from gateway.channels.smpp_link import SmppLink
from gateway.channels.smpp_peer import SmppPeer
from gateway.wire.smpp.commands import name_of as command_name
from gateway.wire.smpp.counts import Counts
from gateway.wire.smpp.events import BindRequested, Bound
from gateway.wire.smpp.inbound import TLV_VERSION
from gateway.wire.smpp.limits import Limits
from gateway.wire.smpp.pdu import Bind
from gateway.wire.smpp.session import Session
from gateway.wire.smpp.status import Status
from gateway.wire.throttle import Throttle

log = Logger()

SYSTEM_ID = "gateway"


@dataclass(frozen=True, slots=True)
class Account:
    """Who may bind, and how much it may do."""

    system_id: str
    password: str = field(repr=False)
    peers_allowed: tuple[str, ...] = ()
    binds_max: int = 16
    window_pdus_max: int = 1000
    throttle: Throttle | None = None


class SmppServer(Factory):
    """Accepts connections; decides about binds; hands bound peers to their account's link."""

    noisy = False

    def __init__(
        self,
        accounts: Mapping[str, Account],
        links: Mapping[str, SmppLink],
        clock: IReactorTime,
        limits: Limits,
        connections_max: int,
        counts: Counts | None = None,
        pdus_logged: bool = False,
    ) -> None:
        self._accounts = accounts
        self._links = links
        self._clock = clock
        self._limits = limits
        self._connections_max = connections_max
        self._counts = counts
        self._pdus_logged = pdus_logged
        self.peers: set[SmppPeer] = set()
        self._draining = False

    def buildProtocol(self, addr: IAddress | None) -> Pump | None:
        """One connection; None (closed at once) beyond `connections_max` or while draining."""
        if self._draining or len(self.peers) >= self._connections_max:
            log.warn("refused a connection", peer=str(addr), connections=len(self.peers))
            return None
        session = Session.server(self._clock.seconds(), self._limits, self._counts)
        host = getattr(addr, "host", "")
        peer = SmppPeer(session, self._clock, self, host, self._pdus_logged)
        self.peers.add(peer)
        return peer.pump

    def drain(self) -> None:
        """Take no connection any more; let every peer finish, unbind and close."""
        self._draining = True
        for peer in tuple(self.peers):
            peer.drain()

    # --- the owner of a connection until it is bound ------------------------------------------

    def bind_requested(self, peer: SmppPeer, event: BindRequested) -> None:
        """Accept or refuse; what came behind the bind is handled as if it had come after."""
        bind, now = event.pdu, self._clock.seconds()
        account = self._accounts.get(bind.system_id)
        refusal = self._refusal(account, bind, peer.address)
        if account is None or refusal:
            log.warn("refused a bind", reason=refusal, **_told(peer, bind))
            peer.handle(peer.session.refuse_bind(now, Status.ESME_RBINDFAIL))
            return
        link = self._links[account.system_id]
        peer.owner = _Bound(self, link)
        limits = replace(
            self._limits,
            window_in_pdus_max=account.window_pdus_max,
            window_out_pdus_max=account.window_pdus_max,
        )
        events = peer.session.accept_bind(now, SYSTEM_ID, limits, account.throttle)
        link.add(peer)
        log.info("bound", **_told(peer, bind))
        peer.handle(events)
        peer.pump.flush()
        link.up(peer)

    def _refusal(self, account: Account | None, bind: Bind, address: str) -> str:
        """Why it may not bind, for our log alone; empty where it may."""
        given = bind.password.encode("utf-8", "replace")
        expected = account.password.encode() if account is not None else b""
        same = hmac.compare_digest(given, expected)
        if account is None:
            return "system_id_unknown"
        if not same:
            return "password_wrong"
        if not _may_come_from(account, address):
            return "address_not_allowed"
        return "binds_max" if self._links[bind.system_id].binds >= account.binds_max else ""

    def bound(self, peer: SmppPeer, event: Bound) -> None:
        """Never: a server is bound to."""
        raise AssertionError("a server session reported its own bind")

    def message(self, peer: SmppPeer, pdu: Any) -> None:
        """Never: the session refuses messages before the bind."""
        raise AssertionError("a message before the bind")

    def closed(self, peer: SmppPeer, reason: str) -> None:
        """The connection is gone."""
        self.peers.discard(peer)


class _Bound:
    """The owner of a bound connection: its link, and the server that counts connections."""

    __slots__ = ("_link", "_server", "message")

    def __init__(self, server: SmppServer, link: SmppLink) -> None:
        self._server = server
        self._link = link
        self.message = link.message

    def bind_requested(self, peer: SmppPeer, event: BindRequested) -> None:
        raise AssertionError("the session answers a second bind itself")

    def bound(self, peer: SmppPeer, event: Bound) -> None:
        raise AssertionError("a server session reported its own bind")

    def closed(self, peer: SmppPeer, reason: str) -> None:
        self._server.closed(peer, reason)
        self._link.remove(peer, reason)


def _told(peer: SmppPeer, bind: Bind) -> dict[str, object]:
    """Who binds, as what, by which version (v3.4 §5.2.4: below 0x34 it is 3.3)."""
    version = bind.interface_version
    return {
        "account": bind.system_id,
        "peer": peer.address,
        "bind": command_name(bind.command).removeprefix("bind_"),
        "version": f"{version >> 4}.{version & 0xF}" if version >= TLV_VERSION else "3.3",
    }


def _may_come_from(account: Account, address: str) -> bool:
    if not account.peers_allowed:
        return True
    try:
        came = ip_address(address)
    except ValueError:
        return False
    return any(came in ip_network(network) for network in account.peers_allowed)
