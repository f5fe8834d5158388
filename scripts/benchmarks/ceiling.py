"""(a) The protocol ceiling: our SMPP server with a constant answer, to a loop without checks."""

from __future__ import annotations

from time import perf_counter

from scripts.benchmarks.load import pairs, submit_body
from scripts.benchmarks.processes import started
from scripts.benchmarks.report import Figure, ratio

WINDOW = 200
WARM_UP = 20_000
PAIRS = {"ours": 200_000, "bare": 600_000}


def measure(runs: int) -> list[Figure]:
    """Pairs of submit_sm and deliver_sm a second, each with its response."""
    body = submit_body("79220000001", "105", b"1", op=18)
    found: dict[str, list[float]] = {"ours": [], "bare": []}
    for name, values in found.items():
        with started(["-m", "scripts.benchmarks.servers", name]) as server:
            port = server.ports["smpp"]
            pairs(port, body, WARM_UP, WINDOW, perf_counter)
            for _ in range(runs):
                values.append(pairs(port, body, PAIRS[name], WINDOW, perf_counter))
    note = f"window {WINDOW}"
    ours = Figure("a", "our server", "pairs/s", tuple(found["ours"]), note, 60_000)
    bare = Figure("a", "bare loop", "pairs/s", tuple(found["bare"]), f"{note}; headers only")
    return [ours, bare, ratio("a", "ours to bare", ours, bare, None)]
