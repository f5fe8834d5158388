"""(b) USSD steps a second, every change durable; how long one takes; which ring it costs."""

from __future__ import annotations

from scripts.benchmarks.dialogues import Crowd, percentile
from scripts.benchmarks.gateways import gateway
from scripts.benchmarks.load import Connection
from scripts.benchmarks.processes import Server
from scripts.benchmarks.profile import shares
from scripts.benchmarks.report import Figure

CONCURRENT = (1, 50, 1_000)
SECONDS = 3.0
WARM_UP_SECONDS = 1.0
STEPS_TARGET = 10_000
P99_TARGET_MS = 50
PROFILED = 50
PROFILED_SECONDS = 8.0


def measure(runs: int) -> list[Figure]:
    """Steps, p50 and p99 at each number of dialogues; CPU time of a step by ring at 50."""
    figures: list[Figure] = []
    with gateway(max(CONCURRENT)) as server:
        for count in CONCURRENT:
            connection = Connection(server.ports["smpp"])
            crowd = Crowd(connection, count)
            crowd.walk(WARM_UP_SECONDS)
            rates, middles, tails, costs = [], [], [], []
            for _ in range(runs):
                spent = server.cpu_seconds()
                rates.append(crowd.walk(SECONDS))
                costs.append((server.cpu_seconds() - spent) / len(crowd.latencies) * 1e6)
                middles.append(percentile(crowd.latencies, 0.5) * 1000)
                tails.append(percentile(crowd.latencies, 0.99) * 1000)
            connection.close()
            figures += _figures(count, rates, middles, tails, costs)
        figures += cpu_by_ring(server)
    return figures


def _figures(
    count: int,
    rates: list[float],
    middles: list[float],
    tails: list[float],
    costs: list[float],
) -> list[Figure]:
    name = f"{count} dialogue{'s' if count > 1 else ''}"
    rate = STEPS_TARGET if count > 1 else None
    tail = P99_TARGET_MS if count == 50 else None
    return [
        Figure("b", f"{name}: steps", "steps/s", tuple(rates), target=rate),
        Figure("b", f"{name}: p50", "ms", tuple(middles)),
        Figure("b", f"{name}: p99", "ms", tuple(tails), target=tail, less=True),
        Figure("b", f"{name}: CPU of a step", "us", tuple(costs)),
    ]


def cpu_by_ring(server: Server) -> list[Figure]:
    """Microseconds of CPU a step by ring: the process' own clock, shared out by samples."""
    crowd = Crowd(Connection(server.ports["smpp"]), PROFILED)
    crowd.walk(WARM_UP_SECONDS)
    spent = server.cpu_seconds()
    crowd.walk(SECONDS)
    step = (server.cpu_seconds() - spent) / len(crowd.latencies) * 1e6
    found = shares(server, PROFILED_SECONDS, crowd.walk)
    note = f"of a step at {PROFILED} dialogues"
    return [
        Figure("b", f"CPU: {ring}", "us", (share * step,), note)
        for ring, share in sorted(found.items(), key=lambda item: -item[1])
    ]
