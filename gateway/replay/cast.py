"""Who plays what: flows by the number they name, by many numbers, or by the rows of a CSV.

Rule: one play is one flow by one subscriber; over a network the plays of one number follow one
another, for a number has one dialogue at a time.
"""

from __future__ import annotations

import csv
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from twisted.internet.defer import CancelledError, Deferred, DeferredList

from gateway.domain.numbers import normalise_msisdn
from gateway.replay.player import Played
from gateway.replay.script import Flow, Step

SUBSCRIBERS_MAX = 1_000_000
FIRST_MSISDN = 79230000000
"""The first of the demo's numbers for load."""
MSISDN_SHOWN_MAX = 20
"""Characters of one that is none."""
MISTAKES_MAX = 20
"""Told of one CSV."""
AT_ONCE_MAX = 200
"""Plays under way at once over a network."""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who plays, and the values of his names."""

    msisdn: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Play:
    """One flow by one subscriber."""

    flow: Flow
    subscriber: Subscriber


def numbered(count: int) -> list[Subscriber]:
    """So many of the demo's numbers for load."""
    assert count <= SUBSCRIBERS_MAX, "the option holds it"
    return [Subscriber(str(FIRST_MSISDN + index)) for index in range(count)]


def from_csv(file: Path) -> list[Subscriber]:
    """The rows of a CSV: the column `msisdn`, every other one a parameter; columns are parted by
    commas, or by semicolons as spreadsheets of some countries write them. Raises ValueError with
    a line for each mistake, `file:line: what`, and OSError."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{file}:1: it is not UTF-8; save it as UTF-8") from None
    head = text.partition("\n")[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    rows = csv.DictReader(StringIO(text, newline=""), strict=True, delimiter=delimiter)
    try:
        columns = [name.strip() for name in rows.fieldnames or ()]
        rows.fieldnames = columns
        if "msisdn" not in columns:
            raise ValueError(f"{file}:1: the first line names the columns, one of them msisdn")
        if len(set(columns)) < len(columns) or "" in columns:
            raise ValueError(f"{file}:1: each column has a name of its own")
        return _subscribers(file, [(rows.line_num, row) for row in rows])
    except csv.Error as fault:
        raise ValueError(f"{file}:{rows.line_num}: {fault}") from None


def _subscribers(file: Path, rows: Iterable[tuple[int, dict[str, Any]]]) -> list[Subscriber]:
    found: dict[tuple[str, ...], int] = {}
    subscribers: list[Subscriber] = []
    wrong: list[str] = []
    for line, row in rows:
        number = row.pop("msisdn") or ""
        msisdn = normalise_msisdn(number)
        if None in row or None in row.values():
            wrong.append(f"{file}:{line}: more or fewer cells than columns")
        elif msisdn is None:
            shown = number[:MSISDN_SHOWN_MAX]
            wrong.append(f"{file}:{line}: {shown!r} is no MSISDN, as 79220000001")
        elif (first := found.setdefault((msisdn, *row.values()), line)) != line:
            wrong.append(f"{file}:{line}: the same row as in line {first}")
        else:
            subscribers.append(Subscriber(msisdn, row))
    if not subscribers and not wrong:
        wrong.append(f"{file}:2: there are no rows")
    if wrong:
        more = [f"… and {len(wrong) - MISTAKES_MAX} more"] if len(wrong) > MISTAKES_MAX else []
        raise ValueError("\n".join([*wrong[:MISTAKES_MAX], *more]))
    return subscribers


def cast(flows: Iterable[Flow], subscribers: Sequence[Subscriber]) -> list[Play]:
    """Every flow by every subscriber; by its own number where there are none, or where it can be
    played by no other."""
    return [
        Play(flow, subscriber)
        for flow in flows
        for subscriber in ((not flow.as_only and subscribers) or (Subscriber(flow.msisdn),))
    ]


async def side_by_side(
    plays: Sequence[Play],
    perform: Callable[[Play], Awaitable[Played]],
    done: Callable[[Played], None],
    goes_on: Callable[[], bool] = lambda: True,
) -> list[Played]:
    """All plays, at most `AT_ONCE_MAX` at once; the result is in their order. Those of one number
    follow one another, and those that move the clock, which is everybody's, come alone and last.
    `done` hears of each. When this is cancelled, or `goes_on` no longer holds, no more are begun,
    and the result is those that ended. Raises what the first to fail raises."""
    alone = [place for place, play in enumerate(plays) if clock_steps(play.flow)]
    queues: dict[str, list[int]] = {}
    for place in sorted(set(range(len(plays))) - set(alone)):
        queues.setdefault(plays[place].subscriber.msisdn, []).append(place)
    waiting = list(reversed(queues.values()))
    played: dict[int, Played] = {}

    async def take(places: list[int]) -> None:
        for place in places:
            if goes_on():
                played[place] = result = await perform(plays[place])
                done(result)

    async def work() -> None:
        while waiting:
            await take(waiting.pop())

    with suppress(CancelledError):
        await _all([Deferred.fromCoroutine(work()) for _ in range(min(AT_ONCE_MAX, len(waiting)))])
        await take(alone)
    return [played[place] for place in sorted(played)]


def clock_steps(flow: Flow) -> list[Step]:
    """Those of its steps that move the clock, which is everybody's; a time-out in a call is none:
    the caller is silent as long as it takes."""
    return [
        step
        for step, in_call in _calls(flow)
        if step.action.verb == "advance" or (step.action.verb == "timeout" and not in_call)
    ]


def api_steps(flow: Flow) -> list[Step]:
    """Those of its steps that nobody can play on a gateway that runs without its HTTP API."""
    moves = clock_steps(flow)
    return [
        step
        for step, in_call in _calls(flow)
        if step in moves
        or step.action.verb in ("move", "language")
        or step.wants.charges
        or step.wants.balance
        or (in_call and step.wants.words)
    ]


def wait_seconds(flow: Flow) -> float:
    """How long it waits in real time on a gateway that runs."""
    return sum(step.action.seconds for step in flow.steps if step.action.verb == "wait")


def _calls(flow: Flow) -> Iterator[tuple[Step, bool]]:
    """Each step, and whether it is one of a call."""
    in_call = False
    for step in flow.steps:
        verb = step.action.verb
        if verb == "call":
            in_call = True
        yield step, in_call and verb not in ("dial", "answer")
        if verb in ("hang_up", "drop"):
            in_call = False


async def _all(workers: list[Deferred[None]]) -> None:
    results: Any = await DeferredList(workers, consumeErrors=True)
    for succeeded, failure in results:
        if not succeeded:
            failure.raiseException()
