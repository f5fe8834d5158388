"""Options that commands share, made from the table of settings."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gateway.service.settings import BY_NAME, SETTINGS

if TYPE_CHECKING:
    from gateway.phone.http_api import HttpApi
    from gateway.service.config import Config
    from gateway.wire.sip.login import Login

F = TypeVar("F", bound=Callable[..., Any])

_OF_CLIENTS = {
    "data": "the gateway's data directory, where its API token is",
    "host": "address the gateway listens on",
    "smpp_port": "its SMPP port",
    "sip_port": "its SIP port",
    "http_port": "its HTTP port",
    "api_token": "its API token; default the one in the data directory",
}

WHERE_DATA_IS = ("data", "database")
WHERE_FILES_ARE = ("menus", "short_codes", "tariffs", "policy")


def settings(*names: str) -> Callable[[F], F]:
    """Add `--config` and one option per setting named (all of them where none is). A command that
    names the host goes to a gateway that listens there, and is helped in a client's words."""
    chosen = [BY_NAME[name] for name in names] or list(SETTINGS)
    words = _OF_CLIENTS if "host" in names else {}

    def add(function: F) -> F:
        for setting in reversed(chosen):
            default = f"  [default: {setting.default}]" if setting.default else ""
            meaning = words.get(setting.name, setting.meaning)
            shape: dict[str, Any] = (
                {"is_flag": True, "flag_value": "true"}
                if setting.switch
                else {"metavar": "VALUE", "type": str}
            )
            function = click.option(
                setting.option,
                setting.parameter,
                default=None,
                help=meaning + ("" if setting.switch else default),
                **shape,
            )(function)
        return click.option(
            "--config",
            "config_file",
            metavar="FILE",
            type=click.Path(path_type=Path),
            help="YAML file of settings",
        )(function)

    return add


class OutFile(click.Path):
    """A file that is written when the work is done; that it can be is known before."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, writable=True, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """click: the file as a Path; the command is wrong use where it cannot be written."""
        file = Path(os.fsdecode(super().convert(value, param, ctx)))
        if not file.parent.is_dir():
            self.fail(f"there is no directory {file.parent}", param, ctx)
        if not file.exists() and not os.access(file.parent, os.W_OK):
            self.fail(f"nothing can be written to {file.parent}", param, ctx)
        return file


def api_of(config_file: Path | None, given: dict[str, str | None]) -> HttpApi:
    """The API of the service that runs with this configuration. Raises Fault."""
    from gateway.phone.http_api import HttpApi

    config = loaded(config_file, given)
    return HttpApi(config.host, config.http_port, token_of(config))


def number_of(text: str, said_by: str = "MSISDN") -> str:
    """A number of a command line, in full. Raises Fault."""
    from gateway.domain.numbers import normalise_msisdn
    from gateway.service.errors import USAGE, Fault

    number = normalise_msisdn(text)
    if number is None:
        raise Fault(f"{said_by}: {text!r} is no MSISDN, as 79220000001", USAGE)
    return number


def token_of(config: Config) -> str:
    """The API token: configured, or made by the service and kept in its data directory. Raises
    Fault."""
    from gateway.service.errors import USAGE, Fault
    from gateway.service.secrets import TOKEN_FILE, read_secret

    if config.api_token:
        return config.api_token.reveal()
    file = config.data / TOKEN_FILE
    if not file.exists():
        hint = "--data of the gateway that runs, --api-token or GATEWAY_API_TOKEN"
        raise Fault(f"{file}: no API token there; give {hint}", USAGE)
    return read_secret(file)


def password_of(config: Config, system_id: str) -> str:
    """The password of a configured SMPP account. Raises Fault."""
    from gateway.service.config import DEMO_ACCOUNT
    from gateway.service.errors import USAGE, Fault

    for account in (*config.smpp_accounts, DEMO_ACCOUNT):
        if account.system_id == system_id:
            return str(account.password.reveal())
    raise Fault(f"--system-id: there is no account {system_id!r} in the configuration", USAGE)


SIP_PASSWORD = "GATEWAY_SIP_PASSWORD"

sip_user = click.option(
    "--sip-user", metavar="NAME", help=f"SIP account, as configured, or {SIP_PASSWORD}"
)
"""Who calls, for a gateway that asks."""


def sip_login_of(config: Config, user: str | None) -> Login | None:
    """A SIP account: its password is the configuration's, or else the environment's; None where
    no user is given. Raises Fault."""
    from gateway.service.errors import USAGE, Fault
    from gateway.wire.sip.login import Login

    if user is None:
        return None
    given = {each.user: each.password.reveal() for each in config.sip_accounts}
    password = given.get(user) or os.environ.get(SIP_PASSWORD)
    if not password:
        raise Fault(f"--sip-user: no password of {user!r}: set {SIP_PASSWORD}", USAGE)
    return Login(user, password)


def loaded(config_file: Path | None, given: dict[str, str | None]) -> Config:
    """The configuration of a command's options. Raises Fault."""
    from gateway.service.config import load_config

    names = {setting.parameter: setting.name for setting in SETTINGS}
    options = {names[key]: value for key, value in given.items() if value is not None}
    return load_config(options, os.environ, config_file)
