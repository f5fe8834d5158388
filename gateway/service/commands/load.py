"""`gateway load`: flow files played at a rate on a gateway that runs, and what that measures."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.service.commands.flows import by_sip, read_flows, read_subscribers, target_of
from gateway.service.commands.options import OutFile, loaded, settings
from gateway.service.errors import FAILED, INTERRUPTED, NO_CONNECTION, USAGE, Fault

if TYPE_CHECKING:
    from gateway.load.report import Run
    from gateway.load.thresholds import Threshold
    from gateway.replay.cast import Play

_FILE = click.Path(dir_okay=False, path_type=Path)
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)(s|m|h)?")
_SECONDS = {None: 1, "s": 1, "m": 60, "h": 3600}
DURATION_SECONDS_MAX = 24 * 3600


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATHS")
@click.option(
    "-r",
    "--rate",
    type=click.FloatRange(0.1, 10_000),
    default=10.0,
    metavar="N",
    help="plays begun a second  [10]",
)
@click.option("--for", "duration", default="30s", metavar="TIME", help="as 90s, 5m, 1h  [30s]")
@click.option(
    "--threshold",
    "thresholds",
    multiple=True,
    metavar="TEXT",
    help="as step.p99<50ms, fail<0.1%, rate>45; may be given again",
)
@click.option(
    "--subscribers",
    type=click.IntRange(1, 1_000_000),
    metavar="N",
    help="play by so many numbers  [as many as the rate takes]",
)
@click.option("--csv", "csv_file", type=_FILE, help="play by its rows: msisdn, parameters")
@click.option("--binds", type=click.IntRange(1, 64), default=1, help="SMPP binds  [1]")
@click.option("--smpp", "address", metavar="HOST:PORT", help="of the gateway  [as configured]")
@click.option("--system-id", default="harness", metavar="NAME", help="SMPP account  [harness]")
@by_sip
@click.option("--html", type=OutFile(), help="write a report with plots")
@settings("data", "host", "smpp_port", "sip_port", "http_port", "api_token")
def command(
    paths: tuple[Path, ...],
    rate: float,
    duration: str,
    thresholds: tuple[str, ...],
    subscribers: int | None,
    csv_file: Path | None,
    binds: int,
    address: str | None,
    system_id: str,
    sip: str | None,
    sip_user: str | None,
    html: Path | None,
    config_file: Path | None,
    **given: str | None,
) -> None:
    """Play flow files at a rate, and measure.

    PATHS are *.flow.yaml files and directories of them. So many plays are begun each second,
    however slow the answers are, and a step's time runs from when it was due. A number plays one
    flow at a time: give as many --subscribers as are under way at once; without them, and without
    --csv, a second is allowed for each step. Charges, balances, silence and counts of pages are not
    checked.

    On a terminal + - change the rate by one, * / by ten, p pauses, q ends. Ctrl-C ends it too: what
    was measured is told; a second one drops it.

    A threshold is step, play or late with .p50 … .p99.99, .mean, .min or .max and a unit; or fail,
    drop or wait, a number or a share in %; or rate, plays ended a second. Where none is about drop,
    drop<1% is held: plays that were due and never begun show nothing.

    Exit status: 0 all thresholds hold, 1 one is breached, 2 wrong use, 3 a file is wrong (nothing
    was played), 4 no connection, or lost in the middle: what was measured is told, 130 ended by
    Ctrl-C.
    """
    wanted = _thresholds(thresholds)
    seconds = _duration(duration)
    plays = _plays(paths, subscribers, csv_file, rate)
    config = loaded(config_file, given)
    smpp = address or f"{config.host}:{config.smpp_port}"
    target = target_of(config, smpp, system_id, sip, sip_user)
    from gateway.service.loading import load_here

    run = load_here(target, plays, binds, rate, seconds, wanted)
    _report(run, html)
    _end(run)


def _end(run: Run) -> None:
    """The exit status of a run that did not pass."""
    if run.lost:
        raise Fault(run.lost, NO_CONNECTION)
    if run.interrupted:
        raise SystemExit(INTERRUPTED)
    if not run.passed:
        raise SystemExit(FAILED)


def _plays(
    paths: tuple[Path, ...], subscribers: int | None, csv_file: Path | None, rate: float
) -> list[Play]:
    """Every flow by every row, or by so many numbers; where neither is said, by as many as the
    rate takes."""
    from gateway.load.flows import as_load, numbers_for
    from gateway.replay.cast import cast

    try:
        flows = [as_load(flow) for flow in read_flows(paths)]
    except ValueError as fault:
        raise Fault(str(fault), USAGE) from None
    if csv_file is None:
        subscribers = subscribers or numbers_for(flows, rate)
    return cast(flows, read_subscribers(subscribers, csv_file, flows))


def _thresholds(texts: tuple[str, ...]) -> tuple[Threshold, ...]:
    from gateway.load.thresholds import thresholds_of

    try:
        return thresholds_of(texts)
    except ValueError as fault:
        raise Fault(f"--threshold: {fault}", USAGE) from None


def _duration(text: str) -> float:
    found = _DURATION.fullmatch(text)
    seconds = float(found[1]) * _SECONDS[found[2]] if found else 0.0
    if not 0 < seconds <= DURATION_SECONDS_MAX:
        raise Fault(f"--for: {text!r} is no time up to 24h, as 90s, 5m or 1h", USAGE)
    return seconds


def _report(run: Run, html: Path | None) -> None:
    from gateway.load import page, report

    columns = shutil.get_terminal_size((report.COLUMNS, 0)).columns
    for line in report.told(run, columns):
        click.echo(line)
    if html is None:
        return
    try:
        html.write_text(page.html(run), encoding="utf-8")
    except OSError as fault:
        raise Fault(f"{html}: {fault.strerror}", USAGE) from None
