"""`gateway record`: what is done with a phone, line by line, written down as a flow."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.service.commands.flows import by_sip, target_of
from gateway.service.commands.options import WHERE_FILES_ARE, loaded, number_of, settings
from gateway.service.errors import FAILED, USAGE, Fault

if TYPE_CHECKING:
    from gateway.replay.recording import Done
    from gateway.service.config import Config

LINE_SIGNS_MAX = 10_000
DEMO_MSISDN = "79220000001"


@click.command()
@click.argument("code", required=False)
@click.argument("answers", nargs=-1, metavar="[ANSWER ...]")
@click.option("--as", "caller", default=DEMO_MSISDN, metavar="MSISDN", help="who dials")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="the flow file")
@click.option("--name", metavar="TEXT", help="of the flow  [the name of the file]")
@click.option("--force", is_flag=True, help="write over a file that is there")
@click.option("--yes", is_flag=True, help="write without asking")
@click.option("--offline", is_flag=True, help="in process, on the demo data as new")
@click.option("--system-id", default="harness", metavar="NAME", help="SMPP account  [harness]")
@by_sip
@settings(
    "data", *WHERE_FILES_ARE, "prompts", "host", "smpp_port", "sip_port", "http_port", "api_token"
)
def command(
    code: str | None,
    answers: tuple[str, ...],
    caller: str,
    out: Path | None,
    name: str | None,
    force: bool,
    yes: bool,
    offline: bool,
    system_id: str,
    sip: str | None,
    sip_user: str | None,
    config_file: Path | None,
    **given: str | None,
) -> None:
    """Dial, answer, write and call, and keep it as a flow.

    CODE may leave out its signs: 105 is *105#. What is done are CODE and the ANSWERs, then lines
    of standard input, one an action: a code, an answer, `sms NUMBER TEXT`, `call NUMBER`, keys of
    the call, `late` (nothing is answered in time), `drop`, `end`, `zone NAME`, `lang ru`, `pass
    SECONDS`; an empty line or their end ends it. Money, dates, times, the own number and codes
    are written as holes, so that the flow replays green another day and for another number; what
    was typed as a secret stands once, among the parameters. On a terminal the flow is shown before
    it is written.

    Exit status: 0 written, 1 refused, or not accepted, 2 wrong use, 4 no connection.
    """
    msisdn = number_of(caller, "--as")
    file = _file(out, code, force)
    config = loaded(config_file, given)
    read = _reader([*([code] if code else []), *answers])
    if offline:
        from gateway.service.recorder import record_here

        steps = record_here(config, msisdn, read, _show)
    else:
        steps = _over_the_network(config, (system_id, sip, sip_user), msisdn, read)
    if not steps:
        raise Fault("nothing was done that could be written", FAILED)
    _keep(file, name or file.name.partition(".")[0], msisdn, steps, ask=not yes)


def _file(out: Path | None, code: str | None, force: bool) -> Path:
    """Where it will be written, known before anything is dialled."""
    from gateway.replay.script import SUFFIX

    file = out or Path(f"{(code or 'recorded').strip('*#').replace('*', '-')}{SUFFIX}")
    if not file.name.endswith(SUFFIX):
        raise Fault(f"--out: {file}: flow files end in {SUFFIX}", USAGE)
    if not file.parent.is_dir():
        raise Fault(f"--out: there is no directory {file.parent}", USAGE)
    if file.exists() and not force:
        raise Fault(f"{file} is there: --force writes over it, --out names another", USAGE)
    return file


def _reader(given: list[str]) -> Callable[[bool], str]:
    """The lines given, then what is typed; at a terminal it is asked for. Where more than a code
    was given and nobody sits there, that is all."""
    first = iter(given)
    asks = sys.stdin.isatty()
    goes_on = asks or len(given) < 2

    def read(waits: bool) -> str:
        line = next(first, None)
        if line is not None or not goes_on:
            return line or ""
        if asks:
            click.echo("> " if waits else "dial> ", nl=False)
        return str(sys.stdin.readline(LINE_SIGNS_MAX)).strip()

    return read


def _over_the_network(
    config: Config,
    accounts: tuple[str, str | None, str | None],
    msisdn: str,
    read: Callable[[bool], str],
) -> list[Done]:
    from gateway.service.recorder import record_there
    from gateway.service.replaying import on_own_reactor

    system_id, sip, sip_user = accounts
    host = f"[{config.host}]" if ":" in config.host else config.host
    target = target_of(config, f"{host}:{config.smpp_port}", system_id, sip, sip_user)
    return on_own_reactor(lambda reactor: record_there(target, msisdn, read, _show, reactor))


def _keep(file: Path, name: str, msisdn: str, steps: list[Done], *, ask: bool) -> None:
    """Show what will be written, ask, and write it."""
    from gateway.phone.flows import SCHEMA
    from gateway.replay.recording import Recording, write_flow
    from gateway.replay.script import load_flows

    schema = SCHEMA if (file.parent / SCHEMA).exists() else ""
    text = write_flow(Recording(name, msisdn, tuple(steps)), schema)
    if ask and sys.stdin.isatty():
        click.echo(text)
        if not click.confirm(f"write {file}?", default=True):
            raise Fault("it was not written", FAILED)
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise Fault(f"{file}: {fault.strerror}", USAGE) from None
    [flow], _ = load_flows(file)
    click.echo(f"{file}: {len(flow.steps)} steps; gateway replay {file}")


def _show(text: str) -> None:
    click.echo(f"{text}\n")
