"""What was measured: HDR histograms of times, counts, failures by kind, and a row a second.

Rule: times are kept in microseconds with three significant digits from 1 us to a minute, so any
percentile of any length of run is exact to 0.1 % and takes the same memory.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from hdrh.histogram import HdrHistogram  # type: ignore[import-untyped]

from gateway.replay.groups import Group
from gateway.replay.player import Played
from gateway.replay.script import Flow

MICROSECONDS = 1_000_000
_LONGEST_MICROSECONDS = 60 * MICROSECONDS
_SIGNIFICANT_DIGITS = 3
ROWS_MAX = 7_200
"""Two hours of rows; of a longer run the rows end there, the sums go on."""
KINDS_MAX = 100
"""Kinds of failures told apart; more are counted together."""
OTHER = ("other failures", "", "")


def duration(seconds: float) -> str:
    """As a person reads it: milliseconds up to a second."""
    milliseconds = seconds * 1000
    return f"{milliseconds:.2f} ms" if milliseconds < 1000 else f"{seconds:.2f} s"


class Times:
    """A histogram of seconds."""

    __slots__ = ("_histogram",)

    def __init__(self) -> None:
        self._histogram = HdrHistogram(1, _LONGEST_MICROSECONDS, _SIGNIFICANT_DIGITS)

    def add(self, seconds: float) -> None:
        """One more; more than a minute counts as a minute."""
        micros = min(_LONGEST_MICROSECONDS, max(1, round(seconds * MICROSECONDS)))
        self._histogram.record_value(micros)

    def join(self, other: Times) -> None:
        """All of another's."""
        if other.count:  # the least of nothing is 0
            self._histogram.add(other._histogram)

    @property
    def count(self) -> int:
        """How many."""
        return int(self._histogram.get_total_count())

    def percentile(self, percent: float) -> float:
        """Seconds that so many percent do not exceed; 0 where there are none."""
        if not self.count:
            return 0.0
        return float(self._histogram.get_value_at_percentile(percent)) / MICROSECONDS

    @property
    def mean(self) -> float:
        """Seconds."""
        return float(self._histogram.get_mean_value()) / MICROSECONDS if self.count else 0.0

    @property
    def least(self) -> float:
        """Seconds."""
        return float(self._histogram.get_min_value()) / MICROSECONDS if self.count else 0.0

    @property
    def most(self) -> float:
        """Seconds."""
        return float(self._histogram.get_max_value()) / MICROSECONDS if self.count else 0.0


@dataclass(frozen=True, slots=True)
class Row:
    """One second of the run."""

    at: float
    """Seconds since it began."""
    wanted: float
    """Plays a second by the schedule."""
    begun: int
    ended: int
    failed: int
    p50: float
    """Of the steps answered in it; seconds."""
    p99: float


@dataclass(slots=True)
class Failures:
    """Plays that failed alike."""

    sample: Played
    count: int = 0


@dataclass(slots=True)
class Measures:
    """Of one run. `begun`, `ended`, `failed` count plays; `dropped` those due and never begun."""

    steps: Times = field(default_factory=Times)
    """From when a step was due or done to what it brought."""
    plays: Times = field(default_factory=Times)
    """From when a play was due to its end."""
    late: Times = field(default_factory=Times)
    """From when a play was due to its begin, where a number was free: our own lateness."""
    busy: Times = field(default_factory=Times)
    """From when a play was begun to its end: how long its number can play nothing else."""
    waited: int = 0
    """Plays that waited for a free number."""
    begun: int = 0
    ended: int = 0
    failed: int = 0
    dropped: int = 0
    by_step: dict[tuple[str, str], Times] = field(default_factory=dict)
    """(flow, step in words) -> its times; of all flows' steps, as they are met."""
    failures: dict[tuple[str, str, str], Failures] = field(default_factory=dict)
    """(flow, what differed, file and line) -> those that failed so."""
    rows: list[Row] = field(default_factory=list)
    _second: Times = field(default_factory=Times)
    _counted: Counter[str] = field(default_factory=Counter)

    def step(self, flow: Flow, number: int, seconds: float) -> None:
        """A flow's step (from 1) was answered."""
        self._second.add(seconds)
        key = (flow.name, f"{number} {flow.steps[number - 1].action}")
        times = self.by_step.get(key)
        if times is None:
            times = self.by_step[key] = Times()
        times.add(seconds)

    def play(self, played: Played, seconds: float, busy_seconds: float) -> None:
        """A play ended, so long after it was due and after it was begun."""
        self.ended += 1
        self.plays.add(seconds)
        self.busy.add(busy_seconds)
        if played.passed:
            return
        self.failed += 1
        group = Group((played,))
        key = (played.flow.name, group.headline, group.place)
        if key not in self.failures and len(self.failures) >= KINDS_MAX:
            key = OTHER
        self.failures.setdefault(key, Failures(played)).count += 1

    def row(self, at: float, wanted: float) -> None:
        """A second is over: its row, its times joined to those of all."""
        second, self._second = self._second, Times()
        self.steps.join(second)
        now = {"begun": self.begun, "ended": self.ended, "failed": self.failed}
        since = {name: count - self._counted[name] for name, count in now.items()}
        self._counted = Counter(now)
        if len(self.rows) < ROWS_MAX:
            p50, p99 = second.percentile(50), second.percentile(99)
            self.rows.append(Row(at, wanted, **since, p50=p50, p99=p99))
