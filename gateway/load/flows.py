"""Flows as load plays them, and who plays them when.

Rule: what SMPP and calls themselves show is checked; charges, balances, silence and the count of
pages are not, for to ask for them is other load. A number plays one flow at a time, so a play waits
for one that is free.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import ceil

from gateway.replay.cast import SUBSCRIBERS_MAX, Play, clock_steps
from gateway.replay.script import Flow, Step

STEP_SECONDS = 1.0
"""What a step of a gateway that is well takes at most, beside what it waits itself."""
_LEFT_OUT = ("charge", "balance", "nothing_more", "pages")


def as_load(flow: Flow) -> Flow:
    """The flow without the checks that are left out. Raises ValueError for one that cannot be
    load, with its file and line."""
    for step in clock_steps(flow):
        raise _no_load(flow, step, "moves the clock")
    for step in flow.steps:
        if step.action.verb == "move":
            raise _no_load(flow, step, "moves a subscriber by the HTTP API")
    return replace(flow, steps=tuple(map(_step, flow.steps)))


def _no_load(flow: Flow, step: Step, why: str) -> ValueError:
    return ValueError(f"{flow.path}:{step.line}: '{flow.name}' {why}: it is no load")


def _step(step: Step) -> Step:
    checks = tuple(each for each in step.checks if each.what.split()[0] not in _LEFT_OUT)
    wants = replace(step.wants, charges=False, balance=False, quiet=False)
    return replace(step, checks=checks, wants=wants)


def numbers_for(flows: Sequence[Flow], per_second: float) -> int:
    """How many numbers are surely enough for the rate: those under way at once where each flow is
    the longest."""
    longest = max(sum(STEP_SECONDS + step.action.seconds for step in flow.steps) for flow in flows)
    return min(SUBSCRIBERS_MAX, ceil(per_second * longest))


class Roster:
    """Numbers in turn, the one free longest first, each with its flows in turn."""

    def __init__(self, plays: Iterable[Play]) -> None:
        queues: dict[str, deque[Play]] = {}
        for play in plays:
            queues.setdefault(play.subscriber.msisdn, deque()).append(play)
        for place, queue in enumerate(queues.values()):
            queue.rotate(-place)  # so that from the first second every flow is played
        self._queues = queues
        self._free = deque(queues)

    @property
    def numbers(self) -> int:
        """How many there are."""
        return len(self._queues)

    def take(self) -> Play | None:
        """The next play, whose number is busy until `free`; None where all are."""
        if not self._free:
            return None
        queue = self._queues[self._free.popleft()]
        play = queue[0]
        queue.rotate(-1)
        return play

    def free(self, play: Play) -> None:
        """Its number may play again."""
        self._free.append(play.subscriber.msisdn)
