"""What the commands that play flow files share: the flows, who plays them, and the gateway played
on. Every mistake is a Fault before anything is played."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.service.commands.options import F, password_of, sip_login_of, sip_user
from gateway.service.errors import BAD_FILE, USAGE, Fault
from gateway.wire.sip.grammar import bare_host

if TYPE_CHECKING:
    from gateway.replay.cast import Subscriber
    from gateway.replay.script import Flow
    from gateway.service.config import Config
    from gateway.service.replaying import Target


def read_flows(paths: tuple[Path, ...]) -> list[Flow]:
    """Every flow of every file, or a Fault with all mistakes of all of them."""
    from gateway.menu.problems import failed, render
    from gateway.replay.script import SUFFIX, flow_files, load_all

    for path in paths:
        if not flow_files([path]):
            raise Fault(f"{path}: there are no *{SUFFIX} files here", USAGE)
    flows, problems = load_all(paths)
    if failed(problems):
        raise Fault(render(problems).rstrip("\n"), BAD_FILE)
    return flows


def read_subscribers(
    count: int | None, csv_file: Path | None, flows: Sequence[Flow] = ()
) -> list[Subscriber]:
    """Those who play: so many of the demo's numbers for load, or a file's rows; none where
    neither is given. A column that none of `flows` looks at is told. Raises Fault."""
    from gateway.menu.problems import suggest
    from gateway.replay.cast import from_csv, numbered

    if count and csv_file:
        raise Fault("--subscribers and --csv: give one of them", USAGE)
    if csv_file is None:
        return numbered(count or 0)
    try:
        subscribers = from_csv(csv_file)
    except OSError as fault:
        raise Fault(f"{csv_file}: {fault.strerror}", BAD_FILE) from None
    except ValueError as fault:
        raise Fault(str(fault), BAD_FILE) from None
    known = {name for flow in flows for name in flow.parameters}
    for column in sorted({*subscribers[0].parameters} - known) if flows else ():
        hint = suggest(column, known, "parameters")
        click.echo(f"{csv_file}:1: no flow has a parameter '{column}': {hint}", err=True)
    return subscribers


def by_sip(function: F) -> F:
    """Add the options that say where calls go, and who calls."""
    where = click.option("--sip", metavar="HOST:PORT", help="for calls  [host of SMPP, sip_port]")
    return where(sip_user(function))


def target_of(
    config: Config, smpp: str, system_id: str, sip: str | None, user: str | None
) -> Target:
    """The gateway that listens for SMPP at `HOST:PORT`, bound to as that account, and for SIP at
    another; its HTTP port and token are the configuration's. Raises Fault."""
    from gateway.service.replaying import Target
    from gateway.service.secrets import TOKEN_FILE, read_secret

    host, port = _address("--smpp", smpp, 2775)
    password = password_of(config, system_id)
    token = config.api_token.reveal()
    if not token and (config.data / TOKEN_FILE).exists():
        token = read_secret(config.data / TOKEN_FILE)
    return Target(
        host,
        port,
        system_id,
        password,
        config.http_port,
        token,
        _address("--sip", sip, 5060) if sip else (host, config.sip_port),
        sip_login_of(config, user),
    )


def _address(option: str, text: str, usual: int) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdigit() or not 0 < int(port) < 65_536:
        raise Fault(f"{option}: {text!r} is no HOST:PORT, as 127.0.0.1:{usual}", USAGE)
    return bare_host(host), int(port)
