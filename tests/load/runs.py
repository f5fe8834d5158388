"""Flows, plays and measures for the tests of load."""

from __future__ import annotations

from pathlib import Path

from gateway.load.measures import Measures
from gateway.load.report import Cpu, Plan, Run
from gateway.load.thresholds import threshold
from gateway.replay.cast import Play, Subscriber
from gateway.replay.player import Played
from gateway.replay.script import Flow, load_flows

FLOWS = """\
flows:
  - name: balance
    as: "79220000001"
    steps:
      - dial: "*100#"
        expect: {text: {contains: "Баланс"}, balance: "0.00", charge: {rule: "CH01"}}
  - name: menu
    as: "79220000001"
    steps:
      - dial: "*105#"
        expect: {text: {contains: "Мой счёт"}, pages: 1}
      - answer: "1"
        expect: {text: {contains: "Баланс"}, nothing_more: true}
      - hang_up: true
"""


def written(folder: Path, text: str = FLOWS) -> Path:
    """A flow file in a folder."""
    file = folder / "load.flow.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def flows(folder: Path, text: str = FLOWS) -> tuple[Flow, ...]:
    """The flows of such a file, without mistakes."""
    found, problems = load_flows(written(folder, text))
    assert not problems
    return found


def plays_of(flow: Flow, numbers: int) -> list[Play]:
    """The flow by so many numbers."""
    return [Play(flow, Subscriber(str(79230000000 + index))) for index in range(numbers)]


def run_of(
    flow: Flow,
    milliseconds: list[float],
    *thresholds: str,
    failed: tuple[str, ...] = (),
    late: float = 0.0,
    cpu: Cpu | None = None,
    seconds: float = 10.0,
) -> Run:
    """A run whose plays took so long, one a step; those of `failed` failed with these errors."""
    measures = Measures()
    for each in milliseconds:
        measures.begun += 1
        measures.late.add(late)
        measures.step(flow, 1, each / 1000)
        measures.play(Played(flow, "79230000000", ()), each / 1000, each / 1000)
    for error in failed:
        measures.begun += 1
        measures.play(Played(flow, "79230000000", (), error=error), 0.001, 0.001)
    measures.row(seconds, 10.0)
    held = tuple(map(threshold, thresholds))
    plan = Plan((flow.name,), 10.0, seconds, 5, "127.0.0.1:2775", "2026-06-01 12:00:00 +0500")
    return Run(plan, measures, seconds, cpu or Cpu(1.0, 2.0), held)
