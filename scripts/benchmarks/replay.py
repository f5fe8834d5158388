"""(h) Flow files replayed: steps a second in process on one core; 500 numbers over real SMPP."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from gateway.replay.cast import Play, cast, numbered
from gateway.replay.script import load_flows
from gateway.service.config import load_config
from gateway.service.rehearsal import Rehearsal
from gateway.service.rehearsing import rehearsed
from scripts.benchmarks.gateways import gateway
from scripts.benchmarks.processes import ROOT, Server
from scripts.benchmarks.report import Figure

SUBSCRIBERS = 500
STEPS = ("1", "1", "0", "0", "2", "0", "4", "0", "7")
STEPS_TARGET = 3_000
SECONDS_TARGET = 10


def measure(runs: int) -> list[Figure]:
    """Ten steps with a text compared at each, by five hundred numbers."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "ten.flow.yaml"
        file.write_text(_flow(), encoding="utf-8")
        flows, problems = load_flows(file)
        assert not problems, problems
        plays = cast(flows, numbered(SUBSCRIBERS))
        with Rehearsal(load_config({}, {}, None), SUBSCRIBERS) as rehearsal:
            rates = tuple(_rehearse(rehearsal, plays) for _ in range(runs))
        with gateway(SUBSCRIBERS) as server:
            seconds = tuple(_replay(server, file) for _ in range(runs))
    what = f"{SUBSCRIBERS} numbers x {len(STEPS) + 1} steps"
    return [
        Figure("h", f"{what} in process", "steps/s", rates, "one core", STEPS_TARGET),
        Figure("h", f"{what} over SMPP", "s", seconds, "whole command", SECONDS_TARGET, less=True),
    ]


def _flow() -> str:
    steps = [f'      - {{answer: "{key}", expect: {{text: {{regex: "0 |1 "}}}}}}' for key in STEPS]
    head = 'flows:\n  - name: ten\n    as: "79220000001"\n    steps:\n      - dial: "*105#"\n'
    return head + "\n".join(steps) + "\n"


def _rehearse(rehearsal: Rehearsal, plays: list[Play]) -> float:
    began = time.perf_counter()
    played = [rehearsed(rehearsal, play) for play in plays]
    seconds = time.perf_counter() - began
    assert all(one.passed for one in played), "it differs"
    return sum(len(one.done) for one in played) / seconds


def _replay(server: Server, file: Path) -> float:
    address = f"127.0.0.1:{server.ports['smpp']}"
    options = ["--subscribers", str(SUBSCRIBERS), "--smpp", address]
    began = time.perf_counter()
    command = [sys.executable, "-m", "gateway", "replay", str(file), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return time.perf_counter() - began
