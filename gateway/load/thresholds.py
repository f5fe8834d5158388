"""Thresholds as they are written: `step.p99<50ms`, `fail<0.1%`, `rate>45`.

Rule: a threshold says what must hold. Metrics of time need a statistic and a unit; counts are
shares of the plays that were due, in percent, or numbers.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from gateway.load.measures import Measures, Times, duration
from gateway.menu.problems import suggest

_WRITTEN: Final = re.compile(
    r"(?P<metric>[a-z]+)(?:\.(?P<statistic>[a-z]+[0-9.]*))?\s*(?P<sign><=|>=|<|>)\s*"
    r"(?P<number>[0-9]+(?:\.[0-9]+)?)\s*(?P<unit>us|ms|s|%|/s)?"
)
_PERCENTILE: Final = re.compile(r"p(?P<percent>[0-9]{1,2}(?:\.[0-9]+)?|100)")
_SIGNS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_TIMES: Final[Mapping[str, Callable[[Measures], Times]]] = {
    "step": lambda measures: measures.steps,
    "play": lambda measures: measures.plays,
    "late": lambda measures: measures.late,
}
_STATISTICS: Final[Mapping[str, Callable[[Times], float]]] = {
    "mean": lambda times: times.mean,
    "min": lambda times: times.least,
    "max": lambda times: times.most,
}
_COUNTS: Final[Mapping[str, Callable[[Measures], int]]] = {
    "fail": lambda measures: measures.failed,
    "drop": lambda measures: measures.dropped,
    "wait": lambda measures: measures.waited,
}
_SECONDS: Final = {"us": 1e-6, "ms": 1e-3, "s": 1.0}


@dataclass(frozen=True, slots=True)
class Threshold:
    """What must hold; `measure` gives a number in the unit of `limit`, from measures and the
    run's seconds."""

    text: str
    metric: str
    measure: Callable[[Measures, float], float]
    sign: str
    limit: float
    unit: str

    def judge(self, measures: Measures, seconds: float) -> tuple[float, bool]:
        """What was measured, in its unit, and whether it holds. No play at all breaches every
        threshold: nothing was shown."""
        value = self.measure(measures, seconds)
        return value, bool(measures.ended) and _SIGNS[self.sign](value, self.limit)

    def shown(self, value: float) -> str:
        """A value of it as a person reads it."""
        scale = _SECONDS.get(self.unit)
        return f"{value:.4g} {self.unit}".rstrip() if scale is None else duration(value * scale)


DROPS_HELD: Final = "drop<1%"
"""Held where nothing is said of drops: a run that begins no play measures nothing."""


def thresholds_of(texts: Iterable[str]) -> tuple[Threshold, ...]:
    """Those that are written, and DROPS_HELD. Raises ValueError with what is wrong."""
    found = tuple(map(threshold, texts))
    says = any(each.metric == "drop" for each in found)
    return found if says else (*found, threshold(DROPS_HELD))


def threshold(text: str) -> Threshold:
    """Read one. Raises ValueError with what is wrong."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no threshold, as step.p99<50ms, fail<0.1% or rate>45")
    metric, statistic, unit = found["metric"], found["statistic"], found["unit"] or ""
    if metric in _TIMES:
        measure = _time(text, metric, statistic, unit)
    elif metric in _COUNTS and statistic is None and unit in ("", "%"):
        measure = _count(_COUNTS[metric], unit)
    elif metric == "rate" and statistic is None and unit in ("", "/s"):
        measure = _rate
    else:
        known = (*_TIMES, *_COUNTS, "rate")
        usual = "times have a statistic, counts none"
        help_ = usual if metric in known else suggest(metric, known, "metrics")
        raise ValueError(f"{text!r}: {help_}")
    return Threshold(text.strip(), metric, measure, found["sign"], float(found["number"]), unit)


def _time(text: str, metric: str, statistic: str | None, unit: str) -> _Measure:
    if unit not in _SECONDS:
        raise ValueError(f"{text!r}: a time needs a unit: us, ms or s")
    percentile = _PERCENTILE.fullmatch(statistic or "")
    times, scale = _TIMES[metric], _SECONDS[unit]
    if percentile is not None:
        percent = float(percentile["percent"])
        return lambda measures, _seconds: times(measures).percentile(percent) / scale
    if statistic is None or statistic not in _STATISTICS:
        raise ValueError(f"{text!r}: a time has p50, p99, p99.9 …, mean, min or max")
    read = _STATISTICS[statistic]
    return lambda measures, _seconds: read(times(measures)) / scale


def _count(count: Callable[[Measures], int], unit: str) -> _Measure:
    def measure(measures: Measures, _seconds: float) -> float:
        due = measures.begun + measures.dropped
        return count(measures) if not unit else 100 * count(measures) / max(1, due)

    return measure


def _rate(measures: Measures, seconds: float) -> float:
    return measures.ended / seconds if seconds else 0.0


_Measure = Callable[[Measures, float], float]
