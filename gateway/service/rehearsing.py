"""Flows played in this process, on a clock that stands, and in its children.

Rule: what was played when somebody ends it (Ctrl-C, SIGTERM) is not lost: `Interrupted` has it.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import replace
from typing import Any

from gateway.replay.cast import FIRST_MSISDN, SUBSCRIBERS_MAX, Play
from gateway.replay.coverage import Visited
from gateway.replay.player import Played, play
from gateway.service.config import Config
from gateway.service.keyboard import ENDING
from gateway.service.rehearsal import Rehearsal, at_once

Told = Callable[[Played], None]
CHUNK_PLAYS = 200
"""Plays handed to a child process at once."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C or SIGTERM while flows were played."""

    def __init__(self, played: list[Played]) -> None:
        """`played` are the plays that had ended."""
        super().__init__()
        self.played = played


def numbers_needed(msisdns: Iterable[str]) -> int:
    """How many of the demo's numbers for load must be there, so that these are among them."""
    indexes = (int(each) - FIRST_MSISDN + 1 for each in msisdns)
    return max((index for index in indexes if 0 < index <= SUBSCRIBERS_MAX), default=0)


def rehearse(
    config: Config, plays: Sequence[Play], jobs: int, done: Told, visited: Visited | None = None
) -> list[Played]:
    """Play in process, in `jobs` processes; `visited` learns of all that was gone through.

    Raises Fault for menus that cannot be served, and Interrupted.
    """
    needed = numbers_needed(each.subscriber.msisdn for each in plays)
    found: list[Played] = []
    try:
        if jobs == 1 or len(plays) <= 1:
            playing = _here(config, plays, needed, visited)
        else:
            playing = _in_children(config, plays, needed, visited, jobs)
        with closing(playing):  # where it is left in the middle, its processes end now
            for played in playing:
                done(played)
                found.append(played)
    except KeyboardInterrupt:
        raise Interrupted(found) from None
    return found


def _here(
    config: Config, plays: Sequence[Play], needed: int, visited: Visited | None
) -> Generator[Played, None, None]:
    with Rehearsal(config, needed, visited) as rehearsal:
        lean = Lean()
        yield from (lean(rehearsed(rehearsal, each)) for each in plays)


def _in_children(
    config: Config, plays: Sequence[Play], needed: int, visited: Visited | None, jobs: int
) -> Generator[Played, None, None]:
    chunks = [plays[at : at + CHUNK_PLAYS] for at in range(0, len(plays), CHUNK_PLAYS)]
    arguments = (config, needed, visited is not None)
    with ProcessPoolExecutor(jobs, initializer=_begin, initargs=arguments) as pool:
        try:
            for played, gone in pool.map(_in_a_child, chunks):
                if visited is not None and gone is not None:
                    visited.add(gone)
                yield from played
        finally:
            pool.shutdown(cancel_futures=True)


class Lean:
    """Keeps the steps of the first play of a flow that passed, and of those that did not: a
    million of plays that saw the same fit into memory."""

    def __init__(self) -> None:
        self._kept: set[tuple[str, str]] = set()

    def __call__(self, played: Played) -> Played:
        flow = played.flow.path, played.flow.name
        if played.passed and flow in self._kept:
            return replace(played, done=())
        if played.passed:
            self._kept.add(flow)
        return played


def rehearsed(rehearsal: Rehearsal, one: Play) -> Played:
    """One play on data as new."""
    began = time.perf_counter()
    handset = rehearsal.handset(one.subscriber.msisdn)
    played = at_once(play(one.flow, handset, one.subscriber.parameters))
    return replace(played, seconds=time.perf_counter() - began)


_child: dict[str, Any] = {}
"""A child process's own rehearsal."""


def _begin(config: Config, subscribers: int, watched: bool) -> None:
    for number in ENDING:  # the parent hears of it too, and ends its children
        signal.signal(number, signal.SIG_IGN)
    visited = Visited() if watched else None
    rehearsal = Rehearsal(config, subscribers, visited)
    _child.update(visited=visited, rehearsal=rehearsal, lean=Lean())


def _in_a_child(plays: Sequence[Play]) -> tuple[list[Played], Visited | None]:
    lean, rehearsal = _child["lean"], _child["rehearsal"]
    return [lean(rehearsed(rehearsal, each)) for each in plays], _child["visited"]
