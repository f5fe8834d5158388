"""What a gateway that runs tells of itself at /metrics, and how it changes between two looks.

Rule: rates and percentiles are those of the time between the looks; a counter that went back was
begun anew, as Prometheus takes it. Times are seconds.
"""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import pairwise

from prometheus_client.parser import text_string_to_metric_families

from gateway.service.errors import NO_CONNECTION, Fault

ANSWER_SECONDS_MAX = 2.0
STARTED = "process_start_time_seconds"

Labels = Mapping[str, str]
Samples = Mapping[str, Mapping[frozenset[tuple[str, str]], float]]
"""Name -> labels -> value."""


@dataclass(frozen=True, slots=True)
class Look:
    """All samples at one moment (epoch seconds)."""

    at: float
    samples: Samples = field(default_factory=dict)

    def values(self, name: str, where: Labels) -> dict[frozenset[tuple[str, str]], float]:
        """The samples of that name that have these labels."""
        wanted = where.items()
        return {
            labels: value
            for labels, value in self.samples.get(name, {}).items()
            if wanted <= labels
        }


def look(host: str, port: int) -> Look:
    """Raises Fault where the gateway does not answer."""
    place = f"http {host}:{port}"
    try:
        with urllib.request.urlopen(
            f"http://{host}:{port}/metrics", timeout=ANSWER_SECONDS_MAX
        ) as answer:
            return Look(time.time(), parsed(answer.read().decode()))
    except OSError as fault:
        reason = getattr(fault, "reason", fault)
        words = getattr(reason, "strerror", None) or reason
        raise Fault(f"{place}: {words}; is the gateway up?", NO_CONNECTION) from None
    except (HTTPException, ValueError):
        raise Fault(f"{place}: that is no gateway", NO_CONNECTION) from None


def parsed(text: str) -> Samples:
    """The text form of Prometheus as samples."""
    found: dict[str, dict[frozenset[tuple[str, str]], float]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[frozenset(sample.labels.items())] = sample.value
    return found


@dataclass(frozen=True, slots=True)
class Span:
    """From one look to the next. Samples that differ in other labels are added up."""

    before: Look
    now: Look

    @classmethod
    def since_start(cls, now: Look) -> Span:
        """All of the gateway's life, up to a look."""
        return cls(Look(sum(now.values(STARTED, {}).values())), now)

    @property
    def seconds(self) -> float:
        """How long it is; never 0."""
        return max(self.now.at - self.before.at, 0.001)

    def level(self, name: str, where: Labels) -> float:
        """What stands there now."""
        return sum(self.now.values(name, where).values())

    def rate(self, name: str, where: Labels) -> float:
        """More of it, a second."""
        return sum(self._more(name, where).values()) / self.seconds

    def percentile(self, share: float, histogram: str, where: Labels) -> float | None:
        """What that share (0 to 1) of the observations did not exceed, as `histogram_quantile`
        reckons it: by straight lines between the bounds. None where nothing was observed."""
        counts: dict[float, float] = {}
        for labels, more in self._more(f"{histogram}_bucket", where).items():
            bound = float(dict(labels)["le"])
            counts[bound] = counts.get(bound, 0.0) + more
        buckets = [(0.0, 0.0), *sorted(counts.items())]
        wanted = share * buckets[-1][1]
        if not wanted:
            return None
        for (low, below), (high, up_to) in pairwise(buckets):
            if up_to >= wanted:
                if high == float("inf"):
                    return low
                return low + (high - low) * (wanted - below) / (up_to - below)
        raise AssertionError("the last bucket holds them all")

    def _more(self, name: str, where: Labels) -> dict[frozenset[tuple[str, str]], float]:
        before = self.before.values(name, where)
        return {
            labels: value - then if value >= (then := before.get(labels, 0.0)) else value
            for labels, value in self.now.values(name, where).items()
        }

    def names(self, metric: str, label: str) -> list[str]:
        """The values of a label, in their order."""
        return sorted({dict(labels)[label] for labels in self.now.samples.get(metric, {})})
