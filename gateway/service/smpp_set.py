"""The SMPP peers as configured: accounts, links, profiles, clients, TLS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from enum import Enum
from typing import Any

from twisted.internet.endpoints import HostnameEndpoint, wrapClientTLS
from twisted.internet.ssl import optionsForClientTLS
from twisted.logger import Logger

from gateway.channels.desk import Desk
from gateway.channels.smpp_client import Login, SmppClient
from gateway.channels.smpp_link import SmppLink, Terms
from gateway.channels.smpp_schedule import Schedule
from gateway.channels.smpp_server import Account, SmppServer
from gateway.channels.smpp_sms import SmsReader, Submitted
from gateway.service.config import Config
from gateway.service.config_file import SmppAccount
from gateway.service.config_file import SmppClient as ClientEntry
from gateway.service.errors import BAD_FILE, Fault
from gateway.service.tls import authority
from gateway.wire.smpp.counts import Counts
from gateway.wire.smpp.limits import Limits
from gateway.wire.smpp.profiles import DEFAULT, PROFILES, Profile
from gateway.wire.smpp.states import Role
from gateway.wire.throttle import Throttle

log = Logger()


def ussd_octets_max_by_link(config: Config) -> Mapping[str, int]:
    """How much of a USSD page each peer carries."""
    accounts = {each.system_id: each.ussd_octets_max for each in config.smpp_accounts}
    return accounts | {each.name: each.ussd_octets_max for each in config.smpp_clients}


def profiles_of(config: Config) -> Mapping[str, Profile]:
    """The built-in rows and the configured ones. Raises Fault naming the row at fault."""
    known = dict(PROFILES)
    for name, changes in config.smpp_profiles.items():
        known[name] = _profile(name, changes)
    return known


def _profile(name: str, changes: Mapping[str, Any]) -> Profile:
    kinds = {field.name: getattr(DEFAULT, field.name) for field in fields(DEFAULT)}
    values: dict[str, Any] = {"name": name}
    for key, value in changes.items():
        if key not in kinds or key == "name":
            known = ", ".join(sorted(set(kinds) - {"name"}))
            raise Fault(f"smpp_profiles.{name}: no field {key!r}; there are {known}", BAD_FILE)
        values[key] = _value(f"smpp_profiles.{name}.{key}", kinds[key], value)
    return replace(DEFAULT, **values)


def _value(where: str, default: Any, value: Any) -> Any:
    if isinstance(default, Enum):
        words = {member.name.lower(): member for member in type(default)}
        if value not in words:
            raise Fault(f"{where}: must be one of {', '.join(words)}, not {value!r}", BAD_FILE)
        return words[value]
    if isinstance(default, frozenset):
        return frozenset(str(value).split())
    if isinstance(default, tuple):
        numbers = str(value).split("/")
        if len(numbers) != len(default) or not all(number.isdigit() for number in numbers):
            raise Fault(f"{where}: must be TON/NPI, as 0/1, not {value!r}", BAD_FILE)
        return tuple(int(number) for number in numbers)
    if type(value) is not type(default):
        raise Fault(f"{where}: must be a {type(default).__name__}, not {value!r}", BAD_FILE)
    return value


class SmppSet:
    """Every SMPP peer of the service."""

    def __init__(
        self,
        config: Config,
        desk: Desk,
        reactor: Any,
        reader: SmsReader,
        chance: Callable[[], float],
    ) -> None:
        self._config = config
        self._desk = desk
        self._reactor = reactor
        self._reader = reader
        self._profiles = profiles_of(config)
        self.counts = Counts()
        self._pdus_logged = config.log == "debug"
        self.links: dict[str, SmppLink] = {}
        self.schedule = Schedule(desk, self.links)
        accounts = {each.system_id: self._account(each) for each in config.smpp_accounts}
        self.server = SmppServer(
            accounts,
            self.links,
            reactor,
            self._limits(1000),
            config.limits.connections_max,
            self.counts,
            self._pdus_logged,
        )
        self.clients = [self._client(each, chance) for each in config.smpp_clients]
        desk.links.update(self.links)
        reader.lost = self._lost

    def _lost(self, link: str, parts: tuple[Submitted, ...]) -> None:
        self.links[link].lost(parts)

    def _limits(self, window_pdus_max: int) -> Limits:
        config = self._config
        return Limits(
            pdu_octets_max=config.limits.pdu_octets_max,
            window_in_pdus_max=window_pdus_max,
            window_out_pdus_max=window_pdus_max,
            session_init_seconds_max=config.smpp_bind_seconds_max,
            enquire_link_seconds=config.smpp_enquire_seconds,
            response_seconds_max=config.smpp_response_seconds_max,
            drain_seconds_max=config.drain_seconds_max,
        )

    def _link(self, name: str, role: Role, profile: str, allowed: tuple[str, ...]) -> SmppLink:
        if profile not in self._profiles:
            known = ", ".join(sorted(self._profiles))
            raise Fault(f"{name}: no profile {profile!r}; there are {known}", BAD_FILE)
        row, terms = self._profiles[profile], Terms(allowed)
        link = SmppLink(name, role, row, self._desk, self._reader, self.schedule, terms)
        self.links[name] = link
        return link

    def _account(self, entry: SmppAccount) -> Account:
        self._link(entry.system_id, Role.SMSC, entry.profile, entry.addresses_allowed)
        return Account(
            system_id=entry.system_id,
            password=entry.password.reveal(),
            peers_allowed=entry.peers_allowed,
            binds_max=entry.binds_max,
            window_pdus_max=entry.window_pdus_max,
            throttle=Throttle(entry.rate_per_second),
        )

    def _client(self, entry: ClientEntry, chance: Callable[[], float]) -> SmppClient:
        if entry.name in self.links:
            raise Fault(f"smpp_clients: {entry.name!r} is an account's name too", BAD_FILE)
        link = self._link(entry.name, Role.ESME, entry.profile, ())
        endpoint: Any = HostnameEndpoint(self._reactor, entry.host, entry.port)
        if entry.tls:
            options = optionsForClientTLS(entry.host, trustRoot=authority(entry.tls_authority))
            endpoint = wrapClientTLS(options, endpoint)
        login = Login(entry.system_id, entry.password.reveal(), entry.system_type, entry.bind)
        limits = self._limits(entry.window_pdus_max)
        shared = (self.counts, self._pdus_logged)
        return SmppClient(endpoint, login, link, self._reactor, limits, chance, *shared)

    def start_clients(self) -> None:
        """Begin to bind to every SMSC configured."""
        if not self.links:
            log.warn("no SMPP peer is configured: give smpp_accounts in --config, or --demo")
        for client in self.clients:
            client.start()

    def drain(self) -> None:
        """Refuse what is new, finish what is under way, unbind, close."""
        for client in self.clients:
            client.stop()
        self.server.drain()

    @property
    def open_connections(self) -> int:
        """Connections not closed yet."""
        return len(self.server.peers) + sum(client.is_up for client in self.clients)
