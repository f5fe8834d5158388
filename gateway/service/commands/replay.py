"""`gateway replay`: flow files played, compared, told once for each difference, and reported."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.service.commands.flows import by_sip, read_flows, read_subscribers, target_of
from gateway.service.commands.options import WHERE_FILES_ARE, OutFile, loaded, settings
from gateway.service.errors import FAILED, INTERRUPTED, NO_CONNECTION, USAGE, Fault

if TYPE_CHECKING:
    from gateway.replay.about import About
    from gateway.replay.cast import Play
    from gateway.replay.coverage import Visited
    from gateway.replay.groups import Result
    from gateway.replay.script import Flow
    from gateway.service.config import Config
    from gateway.service.replaying import Target

ROUNDS_MAX = 1_000
"""Times a flow in process is played anew after a text was accepted, to find the next one."""
STEPS_TOLD_MAX = 5
WAIT_SECONDS_TOLD_MIN = 10.0


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
@click.option(
    "--csv",
    "csv_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="play by its rows: msisdn, parameters",
)
@click.option("--jobs", type=click.IntRange(1, 64), default=1, help="processes, or binds  [1]")
@click.option("--smpp", "address", metavar="HOST:PORT", help="over SMPP to a gateway that runs")
@click.option("--system-id", default="harness", metavar="NAME", help="SMPP account  [harness]")
@by_sip
@click.option("--junit", type=OutFile(), help="write a JUnit report")
@click.option("--html", type=OutFile(), help="write a report to read")
@click.option("--json", type=OutFile(), help="write a report for programs")
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
@click.option("--coverage", is_flag=True, help="tell how much of the menus was reached")
@click.option(
    "--coverage-out", type=OutFile(), metavar="FILE", help="write all that was not, file:line"
)
@click.option("--coverage-graph", type=OutFile(), metavar="SVG", help="draw it")
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
    coverage_out: Path | None,
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
    played), 4 no connection, 130 ended by Ctrl-C (what was played is told).
    """
    config = loaded(config_file, given)
    from gateway.replay.cast import cast
    from gateway.service import coverage_reports, replay_reports

    flows = read_flows(paths)
    plays = cast(flows, read_subscribers(subscribers, csv_file, flows))
    target = target_of(config, address, system_id, sip, sip_user) if address else None
    visited = _visited(target, coverage, coverage_out, coverage_graph)
    _look_ahead(flows, target)
    stage = _Stage(config, target, jobs, visited)
    results = stage.play(plays)
    if (accept or accept_groups) and not stage.is_cut:
        results = _accepted(results, plays, stage, accept_groups)
    about = stage.about(plays, results)
    coverage_reports.tell(config, visited, coverage, coverage_out, coverage_graph)
    replay_reports.show(results, about)
    replay_reports.Reports(junit, html, json, transcripts).write(results, about)
    _end(results, stage, may_accept=not (accept or accept_groups))


class _Stage:
    """Where plays are played: in process, or on a gateway that runs."""

    def __init__(
        self, config: Config, target: Target | None, jobs: int, visited: Visited | None
    ) -> None:
        self.config = config
        self.target = target
        self.visited = visited
        self.was_interrupted = False
        self.lost = ""
        """Why the gateway went away."""
        self._jobs = jobs
        self._began, self._since = datetime.now(UTC).astimezone(), time.monotonic()

    @property
    def is_cut(self) -> bool:
        """Not all was played."""
        return self.was_interrupted or bool(self.lost)

    def play(self, plays: Sequence[Play]) -> list[Result]:
        """Those that ended, with a progress bar on a terminal."""
        from gateway.replay.groups import grouped
        from gateway.service.keyboard import as_interrupt
        from gateway.service.progress import Progress
        from gateway.service.rehearsing import Interrupted, rehearse
        from gateway.service.replaying import perform_here

        progress = Progress(len(plays))
        try:
            with as_interrupt():
                if self.target is not None:
                    played = perform_here(self.target, plays, self._jobs, progress, self.visited)
                else:
                    played = rehearse(self.config, plays, self._jobs, progress, self.visited)
        except Interrupted as ended:
            self.was_interrupted, played = True, ended.played
        finally:
            progress.end()
        self.lost = next((each.error for each in played if each.lost), "")
        return grouped(played)

    def about(self, plays: Sequence[Play], results: list[Result]) -> About:
        """What reports say of it."""
        from gateway.replay.about import About

        target, facts = self.target, {"menus": str(self.config.menus)}
        return About(
            self._began.isoformat(timespec="seconds"),
            time.monotonic() - self._since,
            f"on {target.host}:{target.smpp_port} over SMPP" if target else "in process",
            len(plays) - sum(result.plays for result in results),
            {} if target else facts,
        )


def _look_ahead(flows: Sequence[Flow], target: Target | None) -> None:
    """Say what will not be as it is in process, before anything is played. Raises Fault where
    something cannot be played without the HTTP API."""
    from gateway.replay.cast import api_steps, wait_seconds

    if target is None:
        return
    if not target.token:
        where = [
            f"{flow.path}:{step.line}: '{step.action}' needs the gateway's HTTP API: --api-token"
            for flow in flows
            for step in api_steps(flow)
        ]
        if where:
            more = len(where) - STEPS_TOLD_MAX
            told = [*where[:STEPS_TOLD_MAX], *([f"… and {more} more"] if more > 0 else [])]
            raise Fault("\n".join(told), USAGE)
    seconds, flow = max((wait_seconds(each), each.name) for each in flows)
    if seconds >= WAIT_SECONDS_TOLD_MIN:
        click.echo(f"waits are in real time: '{flow}' alone takes {seconds:.0f} s", err=True)


def _end(results: list[Result], stage: _Stage, *, may_accept: bool) -> None:
    """Leave with the status of what was seen."""
    if stage.was_interrupted:
        raise SystemExit(INTERRUPTED)
    if stage.lost:
        raise Fault(stage.lost, NO_CONNECTION)
    if all(result.passed for result in results):
        return
    if may_accept and any(result.accepts for result in results):
        click.echo("what was seen is right? --accept, or --accept-group N, writes it there")
    raise SystemExit(FAILED)


def _visited(target: Target | None, *wanted: object) -> Visited | None:
    """Where what is reached is gathered; None where nobody wants it. Raises Fault."""
    from gateway.replay.coverage import Visited

    if not any(wanted):
        return None
    if target is not None and not target.token:
        raise Fault("coverage of a gateway that runs needs its HTTP API: --api-token", USAGE)
    return Visited()


def _accepted(
    results: list[Result], plays: Sequence[Play], stage: _Stage, groups: tuple[int, ...]
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
        if not written or stage.target is not None:
            break
        flows = {(flow.path, flow.name): flow for flow in read_flows(files)}
        again = [Play(flows[one.flow.path, one.flow.name], one.subscriber) for one in plays]
        results = stage.play(again)
        if groups or stage.is_cut:
            break
    for line in (*changes_of(before), *told, f"{total} accepted"):
        click.echo(line)
    return results
