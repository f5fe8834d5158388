"""Who may call, and whose number it is: trusted networks, or accounts with a password.

A trusted peer (RFC 3325 §2) is one of the operator's own: what it asserts of the caller and of the
network visited is believed. An account speaks for the numbers it was given, in From. Whoever is
neither learns only that it is not let in. UDP sources can be forged: peers are told apart by
addresses only where the network between sees to that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Final

from gateway.channels.voice_rates import Rates
from gateway.domain.numbers import normalise_msisdn
from gateway.wire.sip.digest import Guard, Refusal
from gateway.wire.sip.errors import Fields
from gateway.wire.sip.events import Invited

REALM: Final = "gateway"
WRONG_PER_MINUTE_MAX: Final = 10
"""Wrong passwords from one address; more are not even looked at."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A trusted part of the network, known by its addresses."""

    name: str
    networks: tuple[str, ...]
    numbers_allowed: tuple[str, ...] = ()
    """First digits of the MSISDNs it may speak for; none listed: any."""


@dataclass(frozen=True, slots=True)
class Account:
    """A caller known by a password: a soft phone, an exchange."""

    user: str
    password: str = field(repr=False)
    numbers_allowed: tuple[str, ...] = ()
    peers_allowed: tuple[str, ...] = ()
    """IP networks it may call from; none listed: any."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose call it is."""

    link: str
    msisdn: str
    """Normalised; empty where it is hidden or none of ours."""
    plmn: str
    """The network visited, where a trusted peer tells it."""


@dataclass(frozen=True, slots=True)
class Denial:
    """The answer to one who is not let in, and its name for metrics."""

    reason: str
    status: int
    headers: Fields = ()


FORBIDDEN: Final = Denial("forbidden", 403)


class Trust:
    """Decides about each INVITE."""

    def __init__(
        self,
        peers: tuple[Peer, ...],
        accounts: tuple[Account, ...],
        secret: bytes,
        ids: Callable[[], str],
    ) -> None:
        """`secret` signs the nonces of challenges; `ids` gives new tokens."""
        self._peers = tuple(
            (peer, tuple(ip_network(network) for network in peer.networks)) for peer in peers
        )
        self._accounts = {account.user: account for account in accounts}
        self._guard = Guard(REALM, secret, self._password, ids)
        self._wrong = Rates(WRONG_PER_MINUTE_MAX)

    @property
    def names(self) -> tuple[str, ...]:
        """The links that calls come by."""
        peers = (peer.name for peer, _ in self._peers)
        return tuple(link_name(name) for name in (*peers, *self._accounts))

    def admit(self, invited: Invited, now: float) -> Caller | Denial:
        """Whose call it is, or the answer that refuses it."""
        host = invited.source[0]
        peer = self._peer(host)
        if peer is not None:
            number = invited.asserted or invited.caller
            return _caller(peer.name, peer.numbers_allowed, number, invited.visited or "")
        if not self._accounts or not self._wrong.has_room(host, now):
            return FORBIDDEN
        user = self._guard.verify(invited.request, now)
        if isinstance(user, Refusal):
            if user.reason == "wrong":
                self._wrong.take(host, now)
            stale = user.reason in ("stale", "replayed")
            return Denial("unauthorized", 401, self._guard.challenge(now, stale=stale))
        account = self._accounts[user]
        if account.peers_allowed and not _within(host, account.peers_allowed):
            return FORBIDDEN
        return _caller(account.user, account.numbers_allowed, invited.caller, "")

    def _password(self, user: str) -> str | None:
        account = self._accounts.get(user)
        return account.password if account is not None else None

    def _peer(self, host: str) -> Peer | None:
        came = ip_address(host)
        for peer, networks in self._peers:
            if any(came in network for network in networks):
                return peer
        return None


def link_name(name: str) -> str:
    """The link of a peer or account; no name of an SMPP link is like it."""
    return f"sip:{name}"


def _caller(name: str, allowed: tuple[str, ...], number: str, plmn: str) -> Caller | Denial:
    msisdn = normalise_msisdn(number) or ""
    if allowed and not msisdn.startswith(allowed):
        return FORBIDDEN
    return Caller(link_name(name), msisdn, plmn)


def _within(host: str, networks: tuple[str, ...]) -> bool:
    came = ip_address(host)
    return any(came in ip_network(network) for network in networks)
