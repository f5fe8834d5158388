"""`gateway phone`: the full-screen phone on a gateway that runs; `--plain` is the line mode."""

from __future__ import annotations

import codecs
import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.service.commands.options import (
    loaded,
    number_of,
    password_of,
    settings,
    sip_login_of,
    sip_user,
    token_of,
)
from gateway.service.errors import FAILED, NO_CONNECTION, USAGE, Fault

if TYPE_CHECKING:
    from gateway.service.config import Config

DEMO_MSISDN = "79220000001"


@click.command()
@click.argument("code", required=False)
@click.option("--plain", is_flag=True, help="line mode, for pipes and screen readers")
@click.option("--as", "caller", default=DEMO_MSISDN, metavar="MSISDN", help="whose phone it is")
@click.option("--system-id", default="harness", metavar="NAME", help="SMPP account  [harness]")
@sip_user
@settings("data", "host", "smpp_port", "sip_port", "http_port", "api_token")
def command(
    code: str | None,
    plain: bool,
    caller: str,
    system_id: str,
    sip_user: str | None,
    config_file: Path | None,
    **given: str | None,
) -> None:
    """Open a phone in the terminal.

    A CODE is dialled at once; it may leave out its signs: 105 is *105#. In line mode a line is a
    code, an answer, `sms NUMBER TEXT`, `call NUMBER`, keys of the call, a word for what is a key
    of the full screen (late, drop, end, redial, lang, zone NAME, save), or empty, which puts the
    phone down.

    Exit status: 0 put down, 1 refused, 2 wrong use, 4 no connection.
    """
    from gateway.phone.line import NoConnection, Refused

    msisdn = number_of(caller, "--as")
    if not plain:
        _need_screen()
    config = loaded(config_file, given)
    login = (system_id, password_of(config, system_id))
    sip_login = sip_login_of(config, sip_user)
    ports = (config.smpp_port, config.sip_port, config.http_port)
    from gateway.phone.start import Gateway, run, run_plain

    gateway = Gateway(config.host, *ports, _token_of(config), login, sip_login)
    try:
        if plain:
            if isinstance(sys.stdin, TextIOWrapper):
                sys.stdin.reconfigure(errors="surrogateescape")  # a line that is no text is told so
            run_plain(gateway, msisdn, code or "", sys.stdin, sys.stdout)
        else:
            run(gateway, msisdn, code or "")
    except NoConnection as fault:
        raise Fault(str(fault), NO_CONNECTION) from None
    except Refused as fault:
        raise Fault(str(fault), FAILED) from None


def _need_screen() -> None:
    """Raises Fault where standard input and output cannot be a full-screen phone."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Fault("a full-screen phone needs a terminal; --plain is for pipes", USAGE)
    if os.environ.get("TERM", "") in ("", "dumb"):
        raise Fault("this terminal (TERM=dumb) has no full screen; use --plain", USAGE)
    if codecs.lookup(sys.stdout.encoding).name != "utf-8":
        raise Fault("this terminal is not UTF-8: set LANG=C.UTF-8, or use --plain", USAGE)


def _token_of(config: Config) -> str:
    """The API token, empty where there is none here: a phone works without, and says so."""
    try:
        return token_of(config)
    except Fault:
        return ""
