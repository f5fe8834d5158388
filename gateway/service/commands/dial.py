"""`gateway dial`: the line-mode phone, over the real SMPP port or the HTTP API."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.service.commands.options import loaded, number_of, password_of, settings, token_of
from gateway.service.errors import FAILED, NO_CONNECTION, USAGE, Fault

if TYPE_CHECKING:
    from gateway.phone.line import Link
    from gateway.service.config import Config

DEMO_MSISDN = "79220000001"


@click.command()
@click.argument("code")
@click.argument("answers", nargs=-1, metavar="[ANSWER ...]")
@click.option("--as", "caller", default=DEMO_MSISDN, metavar="MSISDN", help="who dials")
@click.option(
    "--via", type=click.Choice(["smpp", "http"]), default="smpp", help="by which port  [smpp]"
)
@click.option("--system-id", default="harness", metavar="NAME", help="SMPP account  [harness]")
@settings("data", "host", "smpp_port", "http_port", "api_token")
def command(
    code: str,
    answers: tuple[str, ...],
    caller: str,
    via: str,
    system_id: str,
    config_file: Path | None,
    **given: str | None,
) -> None:
    """Dial a code and answer its menus, line by line.

    CODE may leave out its signs: 105 is *105#. Screens go to standard output; answers are the
    ANSWERs given, then lines of standard input. When there are no more, the phone hangs up.

    Exit status: 0 every answer was taken, 1 the dialogue was over before, or refused, 2 wrong
    use, 4 no connection.
    """
    from gateway.phone.line import Mistyped, NoConnection, Refused, converse, dialled

    msisdn = number_of(caller, "--as")
    try:
        whole = dialled(code)
    except Mistyped as fault:
        raise Fault(f"CODE: {fault}", USAGE) from None
    config = loaded(config_file, given)
    try:
        link = _http(config, msisdn) if via == "http" else _smpp(config, system_id, msisdn)
        finished = converse(link, whole, answers, sys.stdin, sys.stdout)
    except NoConnection as fault:
        raise Fault(str(fault), NO_CONNECTION) from None
    except Refused as fault:
        raise Fault(str(fault), FAILED) from None
    if not finished:
        raise Fault("the dialogue was over before every answer was used", FAILED)


def _http(config: Config, msisdn: str) -> Link:
    from gateway.phone.http_link import HttpLink

    return HttpLink(config.host, config.http_port, token_of(config), msisdn)


def _smpp(config: Config, system_id: str, msisdn: str) -> Link:
    from gateway.phone.link import dial_smpp

    password = password_of(config, system_id)
    return dial_smpp(config.host, config.smpp_port, system_id, password, msisdn)
