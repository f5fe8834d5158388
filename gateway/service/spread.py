"""A histogram for the one thing observed in every turn: a bisection and an addition.

prometheus_client's own takes a lock and walks its buckets, five times as long. This one is
observed on the reactor's thread alone, and told to the registry when it is scraped.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate

from prometheus_client.core import HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector


class Spread(Collector):
    """One histogram with one label, whose values are few and known to us."""

    def __init__(self, name: str, meaning: str, label: str, bounds: tuple[float, ...]) -> None:
        self._name = name
        self._meaning = meaning
        self._label = label
        self._bounds = bounds
        self._counts: dict[str, list[int]] = {}
        self._sums: dict[str, float] = {}

    def observe(self, label: str, value: float) -> None:
        """Count one value in the bucket of the least bound that it does not pass."""
        counts = self._counts.get(label)
        if counts is None:
            counts = self._counts[label] = [0] * (len(self._bounds) + 1)
            self._sums[label] = 0.0
        counts[bisect_left(self._bounds, value)] += 1
        self._sums[label] += value

    def collect(self) -> Iterable[Metric]:
        """The family as prometheus_client writes it: buckets are cumulative."""
        family = HistogramMetricFamily(self._name, self._meaning, labels=[self._label])
        names = [*(str(float(bound)) for bound in self._bounds), "+Inf"]
        for label, counts in self._counts.items():
            buckets = list(zip(names, accumulate(counts), strict=True))
            family.add_metric([label], buckets, self._sums[label])
        yield family
