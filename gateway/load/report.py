"""A run as it is told: thresholds first, then failures, then what was measured, as k6 has it.

Rule: a number is told with what it says about itself: whose CPU it took, and whether the load tool
rather than the gateway was what held it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil

from gateway.load.measures import Measures, Times, duration
from gateway.load.thresholds import Threshold
from gateway.replay.visible import one_line

PERCENTILES = (50.0, 90.0, 95.0, 99.0, 99.9)
CPU_SHARE_MAX = 0.9
"""Of one core: above it the load tool has no time left to be on time."""
LATE_SECONDS_MAX = 0.05
"""Of the 99th percentile: later than that, plays are begun too late by us."""
_INDENT = "  "
COLUMNS = 120
"""Of a report that goes to no terminal."""


@dataclass(frozen=True, slots=True)
class Cpu:
    """Seconds of CPU that a run took."""

    own: float
    gateway: float | None
    """None where it does not say (/metrics, process_cpu_seconds_total)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What was to be played: plays begun a second, for so many seconds, by so many numbers."""

    flows: tuple[str, ...]
    per_second: float
    seconds: float
    numbers: int
    target: str = ""
    """`127.0.0.1:2775`."""
    moment: str = ""
    """When it began, for a reader who was not there."""

    def told(self) -> Iterator[str]:
        """A line each."""
        by = f"{self.numbers} number{'s' * (self.numbers != 1)}"
        where = f" on {self.target}" if self.target else ""
        when = f", {self.moment}" if self.moment else ""
        yield f"{self.per_second:g}/s for {self.seconds:g} s by {by}{where}{when}"
        yield from (one_line(f"flow {flow}") for flow in self.flows)


@dataclass(frozen=True, slots=True)
class Run:
    """What was measured in so many seconds."""

    plan: Plan
    measures: Measures
    seconds: float
    cpu: Cpu
    thresholds: tuple[Threshold, ...] = ()
    interrupted: bool = False
    """It was ended before its time."""
    lost: str = ""
    """How it was told that the gateway went away, which ended it."""

    @property
    def passed(self) -> bool:
        """Every threshold holds."""
        return all(each.judge(self.measures, self.seconds)[1] for each in self.thresholds)

    @property
    def remarks(self) -> list[str]:
        """What held the run back other than the gateway."""
        measures, found = self.measures, list[str]()
        if self.lost:
            found.append(f"the gateway went away after {self.seconds:.1f} s")
        if self.interrupted:
            found.append(f"interrupted after {self.seconds:.1f} s")
        share = self.cpu.own / self.seconds if self.seconds else 0.0
        late = measures.late.percentile(99)
        if share >= CPU_SHARE_MAX or late > LATE_SECONDS_MAX:
            found.append(
                f"the load tool, not the gateway, is the bottleneck: its CPU is at {share:.0%} "
                f"of a core, and plays begin up to {duration(late)} late (p99)"
            )
        if measures.waited:
            found.append(f"{measures.waited} plays waited for a free number: {self._too_few()}")
        if measures.dropped:
            found.append(f"{measures.dropped} plays were due and never begun")
        return found

    def _too_few(self) -> str:
        """How many numbers the rate takes: what begins a second, by how long each is busy with it
        (Little's law)."""
        fastest = max((row.wanted for row in self.measures.rows), default=self.plan.per_second)
        busy = self.measures.busy.percentile(99)
        needed = max(self.plan.numbers + 1, ceil(fastest * busy))
        few = f"{self.plan.numbers} are too few, one is busy for {duration(busy)} (p99)"
        return f"{few}, so {fastest:g}/s take {needed} or more (--subscribers)"


def told(run: Run, columns: int = COLUMNS) -> Iterator[str]:
    """The report for a terminal of that width, or a log, a line each."""
    yield from _section("thresholds", verdicts(run))
    yield from (f"! {remark}" for remark in run.remarks)
    yield from [""] * bool(run.remarks)
    yield from _section("failures", failures(run.measures))
    yield from _section("plays", plays(run))
    yield from _section("times", _aligned(times_table(run.measures), columns))
    yield from _section("steps", _aligned(steps_table(run.measures), columns))


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    listed = list(lines)
    if listed:
        yield title
        yield from (f"{_INDENT}{line}" for line in listed)
        yield ""


def verdicts(run: Run) -> Iterator[str]:
    """A line for each threshold, those that hold and those that do not."""
    for each in run.thresholds:
        value, holds = each.judge(run.measures, run.seconds)
        yield f"{'✓' if holds else '✗'} {each.text}  {each.shown(value)}"


def failures(measures: Measures) -> Iterator[str]:
    """A line for each kind, the most frequent first."""
    by_count = sorted(measures.failures.items(), key=lambda item: -item[1].count)
    for (flow, headline, place), found in by_count:
        got = found.sample.difference
        shown = f": {one_line(got.got)}" if got is not None else ""
        yield one_line(f"{found.count:6}  {flow}  {headline}{shown}  {place}")


def plays(run: Run) -> Iterator[str]:
    """Counts, rates and CPU."""
    measures, cpu = run.measures, run.cpu
    steps = measures.steps.count
    failed = 100 * measures.failed / max(1, measures.ended)
    rate = measures.ended / run.seconds if run.seconds else 0.0
    yield f"{measures.ended} ended in {run.seconds:.1f} s, {rate:.1f}/s"
    yield f"{measures.failed} failed ({failed:.2f} %), {measures.dropped} dropped"
    if steps:
        own = f"{cpu.own / steps * 1e6:.0f} us"
        unknown = "unknown (its --http-port tells it)"
        gateway = unknown if cpu.gateway is None else f"{cpu.gateway / steps * 1e6:.0f} us"
        yield f"{steps} steps; CPU per step: gateway {gateway}, load tool {own}"


Table = list[tuple[str, ...]]


def times_table(measures: Measures) -> Table:
    """Of steps, plays and lateness; the first row is the heads."""
    named = (("step", measures.steps), ("play", measures.plays), ("late", measures.late))
    return [_HEADS, *((name, *_row(times)) for name, times in named if times.count)]


def steps_table(measures: Measures) -> Table:
    """Of each step of each flow, in the order of the flows."""
    by_flow = sorted(measures.by_step.items(), key=lambda item: (item[0][0], _number(item[0][1])))
    rows = [(one_line(f"{flow}: {words}"), *_row(times)) for (flow, words), times in by_flow]
    return [_HEADS, *rows] if rows else []


_HEADS = ("", "count", "min", "mean", *(f"p{each:g}" for each in PERCENTILES), "max")
_NARROW = ("", "count", "mean", "p50", "p95", "p99", "max")
"""Those that a narrow terminal has room for."""


def _number(words: str) -> int:
    return int(words.partition(" ")[0])


def _row(times: Times) -> tuple[str, ...]:
    percentiles = (times.percentile(each) for each in PERCENTILES)
    measured = (times.least, times.mean, *percentiles, times.most)
    return (str(times.count), *map(duration, measured))


def _aligned(table: Table, columns: int) -> Iterator[str]:
    """In a narrow terminal fewer numbers, and under names that leave no room for them."""
    if not table:
        return
    if _width(table) > columns:
        kept = [at for at, head in enumerate(table[0]) if head in _NARROW]
        table = [tuple(row[at] for at in kept) for row in table]
    below = _width(table) > columns
    first, *widths = _widths(table)
    for name, *cells in table:
        if below and name:
            yield name
        rest = (cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
        yield "  ".join(("" if below else name.ljust(first), *rest))


def _widths(table: Table) -> list[int]:
    return [max(map(len, cells)) for cells in zip(*table, strict=True)]


def _width(table: Table) -> int:
    return len(_INDENT) + sum(_widths(table)) + 2 * (len(table[0]) - 1)
