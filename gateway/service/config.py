"""The configuration: command line over environment over `--config` file over defaults.

A value is read by its row of the settings table wherever it comes from, and remembers where that
was. Paths in a file are relative to the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.accounts.request import TariffChange
from gateway.service.carriers import Tls
from gateway.service.config_file import (
    NAMED_BY,
    ConfigFile,
    SipAccount,
    SipPeer,
    SmppAccount,
    SmppClient,
    given,
    names_given_twice,
)
from gateway.service.errors import USAGE, Fault
from gateway.service.settings import BY_NAME, SETTINGS, Secret, Setting, secret, token
from gateway.service.yaml_file import read_yaml

CONTENT = ("menus", "short_codes", "prompts")
PACKAGE = "package"
"""The source of menus and short codes that come with the package."""
PACKAGED = (Path(__file__).parents[1] / "content", Path(__file__).parents[2])
"""Where the package has menus of its own: inside a wheel, and beside it in the root of a checkout
(an editable installation)."""

PEERS = "peers"
"""All lists of peers are one source: the file."""

DEMO_ACCOUNT = SmppAccount(system_id="harness", password="harness1")
"""May speak for any number."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits whose breach has a named answer."""

    connections_max: int
    calls_max: int
    calls_per_second_max: float
    number_calls_per_minute_max: float
    dialogues_max: int
    queue_max: int
    batch_max: int
    pdu_octets_max: int
    parts_max: int
    body_octets_max: int
    event_streams_max: int
    cdr_octets_max: int


@dataclass(frozen=True, slots=True)
class Config:
    """Everything the service is composed from."""

    data: Path
    database: str
    host: str
    smpp_port: int
    smpp_tls_port: int | None
    smpp_tls_certificate: Path | None
    smpp_tls_key: Path | None
    sip_port: int
    sip_tls_port: int | None
    sip_tls_certificate: Path | None
    sip_tls_key: Path | None
    sip_address: str
    """Empty: the one bound to, or that of the way to the caller."""
    sip_t1_seconds: float
    rtp_ports: tuple[int, int]
    rtp_silent_seconds_max: float
    voice_operator: str
    """Empty: no call is transferred."""
    http_port: int
    api_token: Secret
    """Empty: made at start and kept in the data directory."""
    clock: str
    menus: Path
    short_codes: Path
    prompts: Path
    tariffs: Path | None
    policy: Path | None
    log: str
    utc_offset: int
    """Seconds east of UTC."""
    company_auto_approve: bool
    company_tariff_change: TariffChange
    smtp: tuple[str, int] | None
    smtp_tls: Tls
    smtp_user: str
    smtp_password: Secret
    mail_from: str
    demo: bool
    subscribers: int
    smpp_enquire_seconds: float
    smpp_response_seconds_max: float
    smpp_bind_seconds_max: float
    smpp_replay_seconds: int
    drain_seconds_max: float
    limits: Limits
    smpp_accounts: tuple[SmppAccount, ...]
    smpp_clients: tuple[SmppClient, ...]
    smpp_profiles: Mapping[str, Mapping[str, str | int | bool]]
    sip_peers: tuple[SipPeer, ...]
    sip_accounts: tuple[SipAccount, ...]
    sources: Mapping[str, str]
    """Setting name, or PEERS -> where its value came from."""


def _read(name: str, text: str, said_by: str) -> Any:
    try:
        return BY_NAME[name].read(text)
    except ValueError as fault:
        shown = "" if BY_NAME[name].read in (token, secret) else f", not {text!r}"
        raise Fault(f"{said_by}: {fault}{shown}", USAGE) from None


def _default(setting: Setting) -> tuple[Any, str]:
    """Its value and source. Where neither menus nor short codes stand here, both are those that
    come with the package."""
    value = setting.read(setting.default)
    if setting.name in CONTENT and not _has_content(Path()):
        for place in filter(_has_content, PACKAGED):
            return place / value, PACKAGE
    return value, "default"


def _has_content(place: Path) -> bool:
    return any((place / BY_NAME[name].default).exists() for name in CONTENT)


def _from_file(file: Path) -> tuple[Any, dict[str, Any]]:
    """The validated file and its settings. Raises Fault with every mistake in caret form."""
    model = read_yaml(file, ConfigFile, names_given_twice)
    values = given(model)
    for name, value in values.items():
        if isinstance(value, Path):
            values[name] = file.parent / value
    return model, values


def load_config(
    options: Mapping[str, str], environ: Mapping[str, str], file: Path | None = None
) -> Config:
    """Put the sources together. `options` is setting name -> text of the command line.

    Raises Fault: one clear line for the command line and environment, caret form for the file.
    """
    named = file or (Path(environ["GATEWAY_CONFIG"]) if environ.get("GATEWAY_CONFIG") else None)
    values: dict[str, Any] = {}
    sources = {PEERS: f"file {named}"}
    model, in_file = _from_file(named) if named else (None, {})
    for setting in SETTINGS:
        name = setting.name
        # unknown GATEWAY_ variables are left alone: orchestrators set some of their own
        if name in options:
            values[name] = _read(name, options[name], setting.option)
            sources[name] = f"command line {setting.option}"
        elif environ.get(setting.environment):
            values[name] = _read(name, environ[setting.environment], setting.environment)
            sources[name] = f"environment {setting.environment}"
        elif name in in_file:
            values[name], sources[name] = in_file[name], f"file {named}"
        elif setting.default or setting.name != "database":
            values[name], sources[name] = _default(setting)
    if "database" not in values:
        values["database"] = f"sqlite:///{values['data'] / 'gateway.db'}"
        sources["database"] = "default"
    return _assemble(values, sources, model)


def _assemble(values: dict[str, Any], sources: dict[str, str], model: Any) -> Config:
    limits = {n.partition(".")[2]: values.pop(n) for n in list(values) if n.startswith("limits.")}
    accounts: tuple[SmppAccount, ...] = model.smpp_accounts if model else ()
    clients: tuple[SmppClient, ...] = model.smpp_clients if model else ()
    if values["demo"] and all(a.system_id != DEMO_ACCOUNT.system_id for a in accounts):
        accounts = (*accounts, DEMO_ACCOUNT)
    peers: tuple[SipPeer, ...] = model.sip_peers if model else ()
    callers: tuple[SipAccount, ...] = model.sip_accounts if model else ()
    for protocol in ("smpp", "sip"):
        certificate, key = f"{protocol}_tls_certificate", f"{protocol}_tls_key"
        if bool(values[certificate]) != bool(values[key]):
            raise Fault(f"{certificate} and {key}: give both or neither", USAGE)
    return Config(
        **values,
        limits=Limits(**limits),
        smpp_accounts=accounts,
        smpp_clients=clients,
        smpp_profiles=model.smpp_profiles if model else {},
        sip_peers=peers,
        sip_accounts=callers,
        sources=sources,
    )


def describe(config: Config) -> list[tuple[str, str, str]]:
    """`(name, value, source)` of every setting and peer; secrets as `***`."""
    rows = [(setting.name, _shown(config, setting.name)) for setting in SETTINGS]
    lines = [(name, shown, config.sources[name]) for name, shown in rows]
    for section, key in NAMED_BY.items():
        for peer in getattr(config, section):
            source = "demo" if peer is DEMO_ACCOUNT else config.sources[PEERS]
            said = {name: getattr(peer, name) for name in type(peer).model_fields}
            name = said.pop(key)
            changed = {each: said[each] for each in said if each in peer.model_fields_set}
            lines.append((f"{section}.{name}", _listed(changed), source))
    for name, row in config.smpp_profiles.items():
        lines.append((f"smpp_profiles.{name}", _listed(row), config.sources[PEERS]))
    return lines


def _listed(values: Mapping[str, Any]) -> str:
    """What a file says of a peer: `port 2775, bind receiver`."""
    return ", ".join(
        f"{name} {' '.join(value) if isinstance(value, tuple) else value}"
        for name, value in values.items()
    )


def _shown(config: Config, name: str) -> str:
    holder, _, key = name.rpartition(".")
    value = getattr(config.limits if holder else config, key)
    if name == "rtp_ports":
        return f"{value[0]}-{value[1]}"
    if name == "smtp" and value:
        return f"{value[0]}:{value[1]}"
    if name == "utc_offset":
        minutes = abs(value) // 60
        return f"{'-' if value < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
    if name == "database":
        return _without_password(value)
    if name.endswith("_tls_port") and value is None:
        return "off"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Secret):
        return "***" if value else ""
    return "" if value is None else str(value)


def _without_password(url: str) -> str:
    scheme, _, rest = url.partition("://")
    login, at, place = rest.rpartition("@")
    user, colon, _ = login.partition(":")
    return f"{scheme}://{user}{':***' if colon else ''}{at}{place}"
