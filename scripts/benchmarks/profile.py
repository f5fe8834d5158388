"""Which ring the CPU time of a running gateway goes to, as py-spy sees it from outside.

A sampler inside the process would see threads only where they give up the interpreter's lock.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from scripts.benchmarks.processes import Server

SAMPLES_PER_SECOND = 200
OUTSIDE = "twisted"
_FRAME = re.compile(r"\((?:.*/)?(gateway|twisted)/(\w+)[^;]*\)")


def ring_of(stack: str) -> str:
    """`...;commit (gateway/store/connection.py:59)` -> `store`: the innermost frame of ours, or
    of Twisted's, which stands for the reactor, its reads and its writes."""
    for frame in reversed(stack.split(";")):
        found = _FRAME.search(frame)
        if found:
            return found[2] if found[1] == "gateway" else OUTSIDE
    return "python"


def shares(server: Server, seconds: float, load: Callable[[float], object]) -> dict[str, float]:
    """Share of CPU time by ring while `load` runs; empty where py-spy may not look, as where
    the kernel lets only root and parents trace a process."""
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw"
        spy = subprocess.Popen(
            [
                Path(sys.executable).parent / "py-spy",
                *("record", "--format", "raw", "--output", raw),
                *("--rate", str(SAMPLES_PER_SECOND), "--duration", str(int(seconds))),
                *("--pid", str(server.pid)),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        load(seconds + 1)
        spy.wait(60)
        if not raw.is_file():
            return {}
        samples: Counter[str] = Counter()
        for line in raw.read_text().splitlines():
            stack, _, count = line.rpartition(" ")
            samples[ring_of(stack)] += int(count)
    total = sum(samples.values())
    return {ring: count / total for ring, count in samples.items()}
