"""`gateway replay`: flow files played, compared, told once for each difference, and reported."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.service.commands.flows import by_sip, read_flows, read_subscribers, target_of
from gateway.service.commands.options import WHERE_FILES_ARE, loaded, settings
from gateway.service.errors import FAILED, USAGE, Fault

if TYPE_CHECKING:
    from gateway.replay.cast import Play
    from gateway.replay.coverage import Visited
    from gateway.replay.groups import Result
    from gateway.replay.player import Played
    from gateway.service.config import Config
    from gateway.service.replaying import Target

    Perform = Callable[[Sequence[Play]], list[Played]]

ROUNDS_MAX = 1_000
"""Times a flow in process is played anew after a text was accepted, to find the next one."""
_FILE = click.Path(dir_okay=False, path_type=Path)


def _print_schema(ctx: click.Context, _parameter: click.Parameter, asked: bool) -> None:
    if asked:
        from json import dumps

        from gateway.replay.model import schema

        click.echo(dumps(schema(), ensure_ascii=False, indent=2))
        ctx.exit()


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATHS"
)
@click.option(
    "--subscribers", type=click.IntRange(1, 1_000_000), metavar="N", help="play by so many numbers"
)
@click.option("--csv", "csv_file", type=_FILE, help="play by its rows: msisdn, parameters")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, help="processes, or binds  [1]")
@click.option("--smpp", "address", metavar="HOST:PORT", help="over SMPP to a gateway that runs")
@click.option("--system-id", default="harness", metavar="NAME", help="SMPP account  [harness]")
@by_sip
@click.option("--junit", type=_FILE, help="write a JUnit report")
@click.option("--html", type=_FILE, help="write a report to read")
@click.option("--json", type=_FILE, help="write a report for programs")
@click.option("--accept", is_flag=True, help="write what was seen into the flow files")
@click.option(
    "--accept-group",
    "accept_groups",
    type=click.IntRange(1),
    multiple=True,
    metavar="N",
    help="only of this group; repeatable",
)
@click.option(
    "--transcripts",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="write conversations as texts",
)
@click.option("--coverage", is_flag=True, help="tell what of the menus was not reached")
@click.option("--coverage-graph", type=_FILE, metavar="SVG", help="draw it")
@click.option(
    "--schema",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_schema,
    help="print the JSON Schema of a flow file",
)
@settings("data", *WHERE_FILES_ARE, "prompts", "http_port", "api_token")
def command(
    paths: tuple[Path, ...],
    subscribers: int | None,
    csv_file: Path | None,
    jobs: int,
    address: str | None,
    system_id: str,
    sip: str | None,
    sip_user: str | None,
    junit: Path | None,
    html: Path | None,
    json: Path | None,
    accept: bool,
    accept_groups: tuple[int, ...],
    transcripts: Path | None,
    coverage: bool,
    coverage_graph: Path | None,
    config_file: Path | None,
    **given: str | None,
) -> None:
    """Play flow files and compare what is seen with what they expect.

    PATHS are *.flow.yaml files and directories of them. In process, each flow begins on the demo
    data as new, under a clock that stands; with --smpp they are played on a gateway that runs,
    calls over SIP and RTP, and its HTTP API tells charges and the words of calls and moves clock
    and subscribers.

    Exit status: 0 all as expected, 1 differences, 2 wrong use, 3 a file is wrong (nothing was
    played), 4 no connection.
    """
    config = loaded(config_file, given)
    from gateway.replay.cast import cast

    flows = read_flows(paths)
    plays = cast(flows, read_subscribers(subscribers, csv_file, flows))
    target = target_of(config, address, system_id, sip, sip_user) if address else None
    visited = _visited(target) if coverage or coverage_graph else None
    began = time.monotonic()
    results = _judged(_performing(config, target, jobs, visited)(plays))
    if accept or accept_groups:
        perform = _performing(config, target, jobs, visited)
        results = _accepted(results, plays, perform, target is not None, accept_groups)
    seconds = time.monotonic() - began
    _report(results, seconds, junit, html, json)
    if transcripts is not None:
        _write_transcripts(results, transcripts)
    if visited is not None:
        _tell_coverage(config, visited, coverage, coverage_graph)
    _end(results, may_accept=not (accept or accept_groups))


def _end(results: list[Result], *, may_accept: bool) -> None:
    """Leave with the status of what was seen."""
    if all(result.passed for result in results):
        return
    if may_accept and any(result.accepts for result in results):
        click.echo("what was seen is right? --accept, or --accept-group N, writes it there")
    raise SystemExit(FAILED)


def _visited(target: Target | None) -> Visited:
    from gateway.replay.coverage import Visited

    if target is not None and not target.token:
        raise Fault("coverage of a gateway that runs needs its HTTP API: --api-token", USAGE)

    return Visited()


def _performing(
    config: Config, target: Target | None, jobs: int, visited: Visited | None
) -> Perform:
    """How plays become played, with a progress bar on a terminal."""
    from gateway.service.progress import Progress
    from gateway.service.replaying import perform_here, rehearse

    def perform(plays: Sequence[Play]) -> list[Played]:
        progress = Progress(len(plays))
        try:
            if target is not None:
                return perform_here(target, plays, jobs, progress, visited)
            return rehearse(config, plays, jobs, progress, visited)
        finally:
            progress.end()

    return perform


def _judged(played: list[Played]) -> list[Result]:
    from gateway.replay.groups import grouped

    return grouped(played)


def _accepted(
    results: list[Result],
    plays: Sequence[Play],
    perform: Perform,
    is_live: bool,
    groups: tuple[int, ...],
) -> list[Result]:
    """Accept, and in process play again until there is no more to accept: a difference hides those
    behind it. A gateway that runs has changed by what was played, so there it is done once; so are
    numbered groups, for others have those numbers then."""
    from gateway.replay.accept import accept, changes_of
    from gateway.replay.cast import Play

    files = tuple(dict.fromkeys(Path(play.flow.path) for play in plays))
    before = {file: file.read_text(encoding="utf-8") for file in files}
    total, told = 0, list[str]()
    for _ in range(ROUNDS_MAX):
        written, told = accept(results, groups)
        total += written
        if not written or is_live:
            break
        flows = {(flow.path, flow.name): flow for flow in read_flows(files)}
        again = [Play(flows[one.flow.path, one.flow.name], one.subscriber) for one in plays]
        results = _judged(perform(again))
        if groups:
            break
    for line in (*changes_of(before), *told, f"{total} accepted"):
        click.echo(line)
    return results


def _report(
    results: list[Result], seconds: float, junit: Path | None, html: Path | None, json: Path | None
) -> None:
    from gateway.replay import groups, pages, summary
    from gateway.replay import junit as xml
    from gateway.replay.about import About

    for line in groups.told(results, seconds):
        click.echo(line)
    about = About("", seconds, "in process")
    if junit is not None:
        _write(junit, xml.junit(results, about))
    if html is not None:
        _write(html, pages.html(results, about).encode())
    if json is not None:
        _write(json, summary.summary(results, about).encode())


def _write(file: Path, octets: bytes) -> None:
    try:
        file.write_bytes(octets)
    except OSError as fault:
        raise Fault(f"{file}: {fault.strerror}", USAGE) from None


def _write_transcripts(results: list[Result], folder: Path) -> None:
    from gateway.replay.transcripts import write_transcripts

    try:
        written, left_out = write_transcripts(results, folder)
    except OSError as fault:
        raise Fault(f"--transcripts: {fault.filename}: {fault.strerror}", USAGE) from None
    more = f"; {left_out} more differ" if left_out else ""
    click.echo(f"{folder}: {written} transcripts{more}")


def _tell_coverage(config: Config, visited: Visited, told: bool, drawn: Path | None) -> None:
    """Say what was reached, and draw it."""
    from gateway.menu.graph import svg
    from gateway.menu.loader import menu_files
    from gateway.replay import coverage
    from gateway.replay.places import places_of
    from gateway.service.content import need_content
    from gateway.service.rehearsal import recordings

    menus = need_content(config.menus, config.short_codes).menus
    places, recorded = places_of(menu_files(config.menus)), set(recordings(config.prompts).values())
    rows = coverage.coverage(menus.compiled, visited, places, recorded)
    for line in coverage.told(rows) if told else ():
        click.echo(line)
    if drawn is not None:
        _write(drawn, svg(menus, reached=visited.nodes).encode())
