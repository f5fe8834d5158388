"""A run of load composed: the network's binds and calls, the driver, keys, the line that moves,
CPU seconds.

What is played and measured, and how that is told, is `gateway.load`'s.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Sequence
from typing import Any, TextIO

from gateway.load.driver import Driver
from gateway.load.flows import Roster
from gateway.load.report import Cpu, Plan, Run
from gateway.load.thresholds import Threshold
from gateway.replay.api import Api
from gateway.replay.cast import Play
from gateway.replay.handset import Lost, NotPlayed
from gateway.replay.live import LiveHandset
from gateway.service.errors import USAGE, Fault
from gateway.service.keyboard import first_interrupt, listening
from gateway.service.replaying import Target, api_of, caller_of, network_of, on_own_reactor
from gateway.service.scrape import look
from gateway.service.voice_set import raise_file_limit

KEYS = "keys: + - one more or fewer a second, * / ten, p pause, q or Ctrl-C ends"


def load_here(
    target: Target,
    plays: Sequence[Play],
    binds: int,
    per_second: float,
    seconds: float,
    thresholds: tuple[Threshold, ...],
) -> Run:
    """Play at a rate for so many seconds, on this process's reactor. Raises Fault where the
    gateway cannot be reached or goes away."""
    roster = Roster(plays)
    flows = tuple(dict.fromkeys(each.flow.name for each in plays))
    address, moment = f"{target.host}:{target.smpp_port}", time.strftime("%Y-%m-%d %H:%M:%S %z")
    plan = Plan(flows, per_second, seconds, roster.numbers, address, moment)
    raise_file_limit(roster.numbers)
    before = gateway_cpu_seconds(target)
    driver, own = on_own_reactor(
        lambda reactor: _load(target, plays, roster, binds, per_second, seconds, reactor)
    )
    after = gateway_cpu_seconds(target)
    gateway = None if before is None or after is None else after - before
    cpu = Cpu(own, gateway)
    took, ended_early = driver.seconds, (driver.interrupted, driver.lost)
    return Run(plan, driver.measures, took, cpu, thresholds, *ended_early)


async def _load(
    target: Target,
    plays: Sequence[Play],
    roster: Roster,
    binds: int,
    per_second: float,
    seconds: float,
    reactor: Any,
) -> tuple[Driver, float]:
    """The driver that has run, and how many seconds of CPU of ours it took. Raises Lost."""
    network = network_of(target, reactor)
    api = api_of(target, reactor)
    caller = caller_of(target, plays, api, reactor)
    if api is not None:
        await _need(api, max(each.subscriber.msisdn for each in plays))
    await network.open(binds)
    if caller is not None:
        await caller.open()

    def handset(msisdn: str) -> LiveHandset:
        return network.attach(LiveHandset(msisdn, network, None, caller))

    line = Line(sys.stderr)
    driver = Driver(roster, handset, reactor, per_second, seconds, line)
    keys = {
        "+": lambda: driver.change(1),
        "-": lambda: driver.change(-1),
        "*": lambda: driver.change(10),
        "/": lambda: driver.change(-10),
        "p": driver.pause,
        "q": driver.quit,
    }
    began = time.process_time()
    try:
        with listening(reactor, keys) as there_are_keys, first_interrupt(reactor, driver.interrupt):
            if there_are_keys:
                line.say(KEYS)
            await driver.run()
    finally:
        line.end()
        if caller is not None:
            await caller.close()
        network.close()
        if api is not None:
            await api.close()
    return driver, time.process_time() - began


async def _need(api: Api, msisdn: str) -> None:
    """Ask for the last of the numbers that play. Raises Fault where the gateway lacks it; one
    whose API is not there is not asked."""
    try:
        await api.subscriber(msisdn)
    except NotPlayed as fault:
        help_ = "`gateway serve --demo --subscribers N` has N numbers, as --subscribers says here"
        raise Fault(f"{msisdn} cannot play: {fault}; {help_}", USAGE) from None
    except Lost:
        return


def gateway_cpu_seconds(target: Target) -> float | None:
    """CPU the gateway has used since it started, by its /metrics; None where it does not say."""
    try:
        samples = look(target.host, target.http_port).samples
    except Fault:
        return None
    return next(iter(samples.get("process_cpu_seconds_total", {}).values()), None)


class Line:
    """The state of a run, on a terminal anew every second; elsewhere nothing."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._shows = stream.isatty()

    def say(self, text: str) -> None:
        """A line that stays."""
        if self._shows:
            self._stream.write(f"{text}\n")

    def __call__(self, driver: Driver) -> None:
        if not self._shows:
            return
        measures, row = driver.measures, driver.measures.rows[-1]
        paused = " paused" if driver.schedule.paused else ""
        line = (
            f"{driver.seconds:4.0f} s  {driver.schedule.per_second:g}/s{paused}  "
            f"p50 {row.p50 * 1000:.1f} p99 {row.p99 * 1000:.1f} ms  "
            f"{measures.ended} ended, {measures.failed} failed, {driver.under_way} under way, "
            f"{driver.waiting} waiting"
        )
        columns = shutil.get_terminal_size().columns
        self._stream.write(f"\r\x1b[K{line[: columns - 1]}")
        self._stream.flush()

    def end(self) -> None:
        """Give the line back."""
        if self._shows:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
