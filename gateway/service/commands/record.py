"""`gateway record`: what is done with a phone, line by line, written down as a flow."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.service.commands.flows import by_sip, target_of
from gateway.service.commands.options import WHERE_FILES_ARE, loaded, number_of, settings
from gateway.service.errors import BAD_FILE, FAILED, NO_CONNECTION, USAGE, Fault

if TYPE_CHECKING:
    from gateway.replay.recording import Done
    from gateway.service.config import Config
    from gateway.service.recorder import Recorded

LINE_SIGNS_MAX = 10_000
DEMO_MSISDN = "79220000001"
_NAME = re.compile(r"[^\W\d_][\w-]*")
FLOWS = "flows:\n"
"""The line that a file's flows stand below."""


@click.command()
@click.argument("code", required=False)
@click.argument("answers", nargs=-1, metavar="[ANSWER ...]")
@click.option("--as", "caller", default=DEMO_MSISDN, metavar="MSISDN", help="who dials")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="the flow file")
@click.option("--name", metavar="TEXT", help="of the flow  [the name of the file]")
@click.option("--append", is_flag=True, help="add the flow to a file that is there")
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
    append: bool,
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

    CODE may leave out its signs: 105 is *105#, and a number as 0505 is called. What is done are
    CODE and the ANSWERs, then lines of standard input, one an action: a code, an answer, `sms
    NUMBER TEXT`, `call NUMBER`, keys of the call, `late` (nothing is answered in time), `drop`,
    `end`, `zone NAME`, `lang ru`, `pass SECONDS`; an empty line or their end ends it. A CODE that
    is a word is no code, but the name of the flow and of its file.

    It is then done again in process, a day later and with more money: what comes out otherwise is
    written as a hole (and dates, times and the own number), so that the flow replays green another
    day and by a number that has another balance; prices stay. The lines with holes are told. What
    was typed as a secret stands once, among the parameters. On a terminal the flow is shown before
    it is written.

    Exit status: 0 written, 1 refused, not accepted, or written without what could not be done,
    2 wrong use, 3 a file that nothing can be added to, 4 no connection, or lost in the middle:
    what was done is written.
    """
    msisdn = number_of(caller, "--as")
    file = _file(out, code, append=append, force=force)
    config = loaded(config_file, given)
    lines = [line for line in (code, *answers) if line]
    if code and _NAME.fullmatch(code):
        name, lines = name or code, lines[1:]
    accounts = None if offline else (system_id, sip, sip_user)
    recorded = _recorded(config, accounts, msisdn, _reader(lines))
    if not name:
        name = " ".join(lines) if append and lines else file.name.partition(".")[0]
    _keep(file, _flow(name, msisdn, recorded.steps), append=append, ask=not yes)
    _tell(recorded)


def _file(out: Path | None, code: str | None, *, append: bool, force: bool) -> Path:
    """Where it will be written, known before anything is dialled."""
    from gateway.replay.script import SUFFIX

    file = out or Path(f"{(code or 'recorded').strip('*#').replace('*', '-')}{SUFFIX}")
    if not file.name.endswith(SUFFIX):
        raise Fault(f"--out: {file}: flow files end in {SUFFIX}", USAGE)
    if not file.parent.is_dir():
        raise Fault(f"--out: there is no directory {file.parent}", USAGE)
    if append and file.exists():
        _added(file, _flow("a", DEMO_MSISDN, ()))
    elif file.exists() and not force:
        how = "--append adds to it, --force writes over it, --out names another"
        raise Fault(f"{file} is there: {how}", USAGE)
    return file


def _flow(name: str, msisdn: str, steps: tuple[Done, ...]) -> str:
    from gateway.phone.flows import SCHEMA
    from gateway.replay.recording import Recording, write_flow

    return write_flow(Recording(name, msisdn, steps), SCHEMA)


def _added(file: Path, text: str) -> str:
    """A file with one flow more, as text. Raises Fault where it would not be that."""
    from gateway.menu.source import load, loads

    before = load(file)
    added = f"{before.text.rstrip()}\n\n{text.partition(FLOWS)[2]}"
    after, alone = loads(added, before.path), loads(text)
    flows = before.data.get("flows") if isinstance(before.data, dict) else None
    one_more = isinstance(flows, list) and {**before.data, "flows": [*flows, *alone.data["flows"]]}
    if before.problems or after.data != one_more:
        raise Fault(f"{file}: no flow can be added at its end; --out names another", BAD_FILE)
    return added


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


def _recorded(
    config: Config,
    accounts: tuple[str, str | None, str | None] | None,
    msisdn: str,
    read: Callable[[bool], str],
) -> Recorded:
    """What was done, and seen again another day; in process where there are no accounts."""
    from gateway.service.recorder import compared, record_here, record_there
    from gateway.service.replaying import on_own_reactor

    if accounts is None:
        recorded = record_here(config, msisdn, read, _show)
    else:
        system_id, sip, sip_user = accounts
        host = f"[{config.host}]" if ":" in config.host else config.host
        target = target_of(config, f"{host}:{config.smpp_port}", system_id, sip, sip_user)
        recorded = on_own_reactor(
            lambda reactor: record_there(target, msisdn, read, _show, reactor)
        )
    if not recorded.steps:
        raise Fault("nothing was done that could be written", FAILED)
    try:
        return recorded if accounts is None else compared(config, msisdn, recorded)
    except Fault as fault:
        click.echo(f"not done again, so every sum of money is a hole: {fault}", err=True)
        return recorded


def _tell(recorded: Recorded) -> None:
    """What of it was otherwise than it was meant. Raises Fault."""
    for unknown in recorded.unknown:
        click.echo(f"the gateway does not know {unknown}; it was recorded all the same", err=True)
    if recorded.lost:
        raise Fault(recorded.lost, NO_CONNECTION)
    if recorded.refused and not sys.stdin.isatty():
        raise Fault(f"not done, and not written: {', '.join(recorded.refused)}", FAILED)


def _keep(file: Path, text: str, *, append: bool, ask: bool) -> None:
    """Show what will be written, ask, write it, and tell where its holes are."""
    from gateway.phone.flows import bring_schema
    from gateway.replay.patterns import holes
    from gateway.replay.script import load_flows
    from gateway.replay.visible import counted, visible

    if ask and sys.stdin.isatty():
        click.echo(text)
        if not click.confirm(f"write {file}?", default=True):
            raise Fault("it was not written", FAILED)
    if append and file.exists():
        text = _added(file, text)
    try:
        file.write_text(text, encoding="utf-8")
        bring_schema(file.parent)
    except OSError as fault:
        raise Fault(f"{file}: {fault.strerror}", USAGE) from None
    [*_, flow], _ = load_flows(file)
    click.echo(f"{file}: {counted(len(flow.steps), 'step')}; gateway replay {file}")
    for number, line in enumerate(text.split("\n"), 1):
        if number > flow.line and any(holes(line)):
            click.echo(f"{file}:{number}: {visible(line.strip())}")


def _show(text: str) -> None:
    click.echo(f"{text}\n")
