"""Metrics: the table of what is measured, and the few calls by which the rings tell it.

Names follow prometheus.io: prefix `gateway_`, base units, `_total` on counters only. No label
comes from a subscriber; children are bound once, so that a count costs a dictionary look-up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

from gateway.service.spread import Spread

disable_created_metrics()  # type: ignore[no-untyped-call]

_STEP_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
_SHORT_SECONDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5)
_LATE_SECONDS = (0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 3600, 6 * 3600, 86_400)
_BATCH_TURNS = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000)
CHILDREN_MAX = 1000
"""Label sets of one metric; more are counted under `other` (a peer chooses its statuses)."""


def _counts(registry: CollectorRegistry, name: str, meaning: str, *labels: str) -> Counter:
    return Counter(f"gateway_{name}", meaning, labels, registry=registry)


def _level(registry: CollectorRegistry, name: str, meaning: str, *labels: str) -> Gauge:
    return Gauge(f"gateway_{name}", meaning, labels, registry=registry)


def _spread(
    registry: CollectorRegistry, name: str, meaning: str, buckets: tuple[float, ...], *labels: str
) -> Histogram:
    return Histogram(f"gateway_{name}", meaning, labels, buckets=buckets, registry=registry)


class _Children:
    """The children of one metric, each made once and never more than `CHILDREN_MAX`."""

    __slots__ = ("_known", "_metric")

    def __init__(self, metric: Counter | Gauge | Histogram) -> None:
        self._metric = metric
        self._known: dict[tuple[str, ...], Any] = {}

    def __call__(self, *labels: str) -> Any:
        child = self._known.get(labels)
        if child is None:
            if len(self._known) >= CHILDREN_MAX:
                labels = ("other",) * len(labels)
            child = self._known[labels] = self._metric.labels(*labels)
        return child


class Metrics:
    """One registry and its facade. Cheap to call; never raises for an unseen label."""

    def __init__(self, version: str) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._dialogues = _counts(
            registry, "dialogues", "Dialogues ended, by result.", "channel", "result"
        )
        self._open = _level(registry, "dialogues_open", "Dialogues under way.", "channel")
        steps = Spread(
            "gateway_step_duration_seconds",
            "From a PDU read to its answer written, commit included.",
            "channel",
            _STEP_SECONDS,
        )
        registry.register(steps)
        self.step: Callable[[str, float], None] = steps.observe
        """`step(channel, seconds)`."""
        self._pdus = _counts(registry, "smpp_pdus", "SMPP PDUs.", "direction", "command", "status")
        self._binds = _level(registry, "smpp_binds", "SMPP sessions bound.", "role", "account")
        self._window = _level(
            registry, "smpp_window_used", "Requests without a response yet.", "role", "account"
        )
        self._charges = _counts(
            registry, "charges", "Charges and refusals to charge.", "rule", "result"
        )
        self._reloads = _counts(registry, "menu_reloads", "Reloads of the menus.", "result")
        self._rerecorded = _counts(
            registry, "prompt_reloads", "Reloads of the recorded prompts.", "result"
        )
        self._outbox = _level(registry, "sms_outbox_size", "SMS waiting to be acknowledged.")
        self._oldest = _level(
            registry, "sms_outbox_oldest_seconds", "Age of the SMS that waits longest."
        )
        self._jobs = _counts(
            registry, "jobs", "Jobs tried, by what became of them.", "kind", "result"
        )
        self._letters = _counts(registry, "letters", "Letters tried.", "result")
        self._lateness = _spread(
            registry, "job_lateness_seconds", "From a job's moment to its end.", _LATE_SECONDS
        )
        self._prompts = _counts(
            registry, "prompts_missing", "Marker tones heard for a recording.", "language"
        )
        self._lag = _level(registry, "reactor_lag_seconds", "How late the last tick ran.")
        _level(registry, "build_info", "The version.", "version").labels(version).set(1)
        self._measure_store()
        self._bind_children()

    def _measure_store(self) -> None:
        self._batch = _spread(
            self.registry, "store_batch_size", "Turns in one commit.", _BATCH_TURNS
        )
        self._queue_wait = _spread(
            self.registry,
            "store_queue_wait_seconds",
            "Wait of a turn for the store.",
            _SHORT_SECONDS,
        )
        self._commit = _spread(
            self.registry, "store_commit_seconds", "Duration of a commit.", _SHORT_SECONDS
        )

    def _bind_children(self) -> None:
        self._dialogue_child = _Children(self._dialogues)
        self._open_child = _Children(self._open)
        self._pdu_child = _Children(self._pdus)
        self._charge_child = _Children(self._charges)
        self.reactor_lag: Callable[[float], None] = self._lag.set

    def dialogue_opened(self, channel: str) -> None:
        self._open_child(channel).inc()

    def dialogue_ended(self, channel: str, result: str) -> None:
        """`result` is the CDR's word."""
        self._open_child(channel).dec()
        self._dialogue_child(channel, result).inc()

    def dialogues_open(self, channel: str, count: int) -> None:
        """Set outright, after a start that found stored dialogues."""
        self._open_child(channel).set(count)

    def pdu(self, direction: str, command: str, status: str, count: int = 1) -> None:
        """`direction` is `in` or `out`; the names are those of SMPP (`submit_sm`, `ESME_ROK`)."""
        self._pdu_child(direction, command, status).inc(count)

    def binds(self, role: str, account: str, count: int) -> None:
        """`role` is `server` or `client`; the account's name is configuration."""
        self._binds.labels(role, account).set(count)

    def window_used(self, role: str, account: str, pdus: int) -> None:
        self._window.labels(role, account).set(pdus)

    def charge(self, rule: str, result: str) -> None:
        """`result` is `charged`, `free` or `refused`."""
        self._charge_child(rule, result).inc()

    def outbox(self, size: int, oldest_seconds: float) -> None:
        """SMS held, and the age of the oldest; 0 where there is none."""
        self._outbox.set(size)
        self._oldest.set(oldest_seconds)

    def watch_queue(self, waiting: Callable[[], int], turns_max: int) -> None:
        """What waits for the store is read at each scrape."""
        queue = _level(self.registry, "store_queue_turns", "Turns waiting for the store.")
        queue.set_function(waiting)
        most = _level(self.registry, "store_queue_turns_max", "Turns that may wait for the store.")
        most.set(turns_max)

    def job(self, kind: str, result: str, late_seconds: float) -> None:
        """`result` is `done`, `put_off` or `given_up`."""
        self._jobs.labels(kind, result).inc()
        self._lateness.observe(late_seconds)

    def letter(self, result: str) -> None:
        """`result` is `sent`, `put_off` or `given_up`."""
        self._letters.labels(result).inc()

    def prompt_missing(self, language: str) -> None:
        """A call heard the marker tone in place of a phrase."""
        self._prompts.labels(language).inc()

    def store_committed(self, turns: int, waited_seconds: float, commit_seconds: float) -> None:
        """A batch of the store: its turns, what the oldest waited, what its commits took."""
        self._batch.observe(turns)
        self._queue_wait.observe(waited_seconds)
        self._commit.observe(commit_seconds)

    def menu_reload(self, result: str) -> None:
        """`result` is `ok` or `refused`."""
        self._reloads.labels(result).inc()

    def prompt_reload(self, result: str) -> None:
        """`result` is `ok` or `refused`."""
        self._rerecorded.labels(result).inc()
