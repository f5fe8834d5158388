"""The shape of the `--config` file: the rows of the settings table, and the lists of peers."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, create_model

from gateway.menu.marks import Source
from gateway.menu.problems import Problem
from gateway.service.settings import SETTINGS, Reader, Secret


def _network(text: str) -> str:
    ip_network(text)  # raises ValueError with words of its own
    return text


def _secret(value: object) -> Secret:
    if not isinstance(value, str) or not value.isascii():
        raise ValueError("must be a text of ASCII characters (quote it)")
    if len(value) > 8:
        raise ValueError("must have at most 8 characters (SMPP 3.4 §5.2.2)")
    return Secret(value)


def _sip_secret(value: object) -> Secret:
    if not isinstance(value, str) or not 0 < len(value) <= 128:
        raise ValueError("must be a text of 1 to 128 characters (quote it)")
    return Secret(value)


def _prefix(text: str) -> str:
    if not text.isdigit():
        raise ValueError("must be the first digits of numbers, as 7922")
    return text


SystemId = Annotated[str, Field(min_length=1, max_length=15, pattern=r"^[ -{}~]+$")]
"""SMPP 3.4 §5.2.1: a C-octet string of at most 16 octets. `|` parts the keys of dialogues."""
Password = Annotated[Any, BeforeValidator(_secret)]
SipName = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.+-]+$")]
Network = Annotated[str, AfterValidator(_network)]
Prefix = Annotated[str, AfterValidator(_prefix)]
ProfileValue = str | int | bool


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class SmppAccount(_Strict):
    """A peer that binds to us."""

    system_id: SystemId
    password: Password
    kind: Literal["network"] = "network"
    """It speaks for subscribers: what it submits is mobile-originated."""
    addresses_allowed: tuple[Prefix, ...] = ()
    """First digits of the MSISDNs it may speak for; none listed: any."""
    peers_allowed: tuple[Network, ...] = ()
    """IP networks it may bind from; none listed: any."""
    binds_max: int = Field(default=16, ge=1, le=1000)
    window_pdus_max: int = Field(default=1000, ge=1, le=100_000)
    rate_per_second: int = Field(default=100_000, ge=1, le=10_000_000)
    """submit_sm and data_sm accepted; more is answered ESME_RTHROTTLED."""
    profile: str = "default"
    ussd_octets_max: int = Field(default=160, ge=40, le=160)
    """Of a page after encoding; a network that wraps it in short-form BER carries 112."""


class SmppClient(_Strict):
    """An SMSC we bind to."""

    name: Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[a-z0-9_-]+$")]
    host: str = Field(min_length=1, max_length=253)
    port: int = Field(default=2775, ge=1, le=65535)
    system_id: SystemId
    password: Password
    system_type: str = Field(default="", max_length=12)
    bind: Literal["transceiver", "transmitter", "receiver"] = "transceiver"
    tls: bool = False
    tls_authority: Path | None = None
    """PEM of the authority its certificate is checked against; the system's where none."""
    window_pdus_max: int = Field(default=100, ge=1, le=100_000)
    profile: str = "default"
    ussd_octets_max: int = Field(default=160, ge=40, le=160)
    """Of a page after encoding; a network that wraps it in short-form BER carries 112."""


class SipPeer(_Strict):
    """A trusted part of the network: what it asserts of a caller is believed (RFC 3325)."""

    name: SipName
    networks: tuple[Network, ...] = Field(min_length=1)
    """IP networks it calls from."""
    numbers_allowed: tuple[Prefix, ...] = ()
    """First digits of the MSISDNs it may speak for; none listed: any."""


class SipAccount(_Strict):
    """A caller with a password: a soft phone, an exchange (RFC 7616)."""

    user: SipName
    password: Annotated[Any, BeforeValidator(_sip_secret)]
    numbers_allowed: tuple[Prefix, ...] = ()
    """First digits of the MSISDNs it may call as; none listed: any."""
    peers_allowed: tuple[Network, ...] = ()
    """IP networks it may call from; none listed: any."""


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, str)):
        return str(value)
    raise ValueError("must be a single value")


def _scalar(read: Reader) -> Any:
    return Annotated[Any, BeforeValidator(lambda value: read(_text(value)))]


def _settings_model(name: str, section: str, base: type[BaseModel], **more: Any) -> type[BaseModel]:
    """A model with one optional field per setting of a section (`""`: the top level)."""
    fields: dict[str, Any] = {
        setting.name.rpartition(".")[2]: (
            _scalar(setting.read),
            Field(default=None, description=setting.meaning),
        )
        for setting in SETTINGS
        if setting.name.rpartition(".")[0] == section
    }
    return create_model(name, __base__=base, **fields, **more)


class _Peers(_Strict):
    smpp_accounts: tuple[SmppAccount, ...] = ()
    smpp_clients: tuple[SmppClient, ...] = ()
    smpp_profiles: dict[str, dict[str, ProfileValue]] = Field(default_factory=dict)
    """Dialects beside the built-in ones: name -> changed fields of the default row."""
    sip_peers: tuple[SipPeer, ...] = ()
    sip_accounts: tuple[SipAccount, ...] = ()


NAMED_BY: Mapping[str, str] = {
    "smpp_accounts": "system_id",
    "smpp_clients": "name",
    "sip_peers": "name",
    "sip_accounts": "user",
}
"""The lists of peers, and which field of theirs is a name."""
_UNLIKE = (("smpp_accounts",), ("smpp_clients",), ("sip_peers", "sip_accounts"))
"""In which lists together a name stands once."""

_Limits = _settings_model("LimitsFile", "limits", _Strict)
ConfigFile: type[BaseModel] = _settings_model("ConfigFile", "", _Peers, limits=(_Limits, None))


def names_given_twice(source: Source, model: BaseModel) -> list[Problem]:
    """The peers of a file with the name of one above them."""
    problems = []
    for sections in _UNLIKE:
        first: dict[str, int] = {}
        for section in sections:
            key = NAMED_BY[section]
            for at, peer in enumerate(getattr(model, section)):
                name, where = getattr(peer, key), (section, at, key)
                if name in first:
                    message = f"the {key} '{name}' stands twice (first on line {first[name]})"
                    problems.append(source.problem("M102", where, message, "name one otherwise"))
                else:
                    first[name] = source.marks[where].key.line + 1
    return problems


def given(model: BaseModel) -> dict[str, Any]:
    """What a file said of the settings: `{"smpp_port": 2775, "limits.queue_max": 10}`."""
    found: dict[str, Any] = {}
    for name in model.model_fields_set - set(_Peers.model_fields):
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            found |= {f"{name}.{key}": getattr(value, key) for key in value.model_fields_set}
        else:
            found[name] = value
    return found
