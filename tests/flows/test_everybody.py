"""A thousand subscribers go through all conversations at once, in any order; then two months pass.

The steps of the flow files are dealt out and mixed by a seed, which a failing run prints:
`GATEWAY_SEED=… pytest tests/flows/test_everybody.py` plays it again. What is said is not looked at
here; that no turn or job fails, and that the books are right to the kopeck and the point, is.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from random import Random, SystemRandom
from typing import Any

import pytest
from sqlalchemy import func, select

from gateway.accounts.book import OPENING, Leg, Transfer
from gateway.accounts.demo import load_demo
from gateway.channels.desk import Failed
from gateway.domain.port import Arrival
from gateway.store.connection import UnitConnection
from gateway.store.engine import open_database
from gateway.store.schema.core import txn
from gateway.store.verify import verify
from gateway.turn.dated import do_due
from gateway.turn.outcome import Outcome
from tests.accounts.fakes import NOW, FakeHasher
from tests.flows.play import Player
from tests.flows.script import Flow, Step, read_flows
from tests.flows.stores import SqliteStore

HERE = Path(__file__).parent
SUBSCRIBERS = 1_000
FIRST = 79230000000
DAYS_AFTER = 62
DAY_SECONDS = 86_400.0
KINDS_LEAST = 8
"""Kinds of transfers: fewer would say that hardly anybody got through."""
NUMBER = re.compile(r"9220000\d{3}")


class Passer(Player):
    """One of many, whose number others may act as too: what it sees is not held against it."""

    def _observe(self, arrival: Arrival, outcome: Outcome | Failed, _seconds: float) -> None:
        if isinstance(outcome, Failed):
            self.lines.append(f"  ! {arrival.msisdn}: {outcome.error!r}")
        elif outcome.deadline is None:
            self._waits.pop(arrival.dialogue, None)
        else:
            self._waits[arrival.dialogue] = outcome.deadline

    def take(self, step: Step) -> None:
        if step.kind != "timeout" or self._waits:
            super().take(step)


def flows() -> list[Flow]:
    return [flow for path in sorted(HERE.glob("*.yaml")) for flow in read_flows(path)]


def crowd(file: Path, chance: Random) -> Path:
    """A database of the demo data and a thousand numbers, each with some money and points."""
    database = open_database(f"sqlite:///{file}")
    connection = UnitConnection(database)
    book = connection.begin().book
    load_demo(book, FakeHasher(), NOW, subscribers_extra=SUBSCRIBERS)
    for index in range(SUBSCRIBERS):
        subscriber = book.subscriber(str(FIRST + index))
        assert subscriber is not None
        money, points = chance.randrange(0, 300_000), chance.randrange(0, 600)
        legs = (Leg(OPENING, -money), Leg(subscriber.account, money))
        if points:
            legs += (Leg(OPENING, -points, "PTS"), Leg(subscriber.account, points, "PTS"))
        book.transfer(Transfer(f"crowd:{index}", "opening", NOW, legs))
    connection.commit()
    connection.drop()
    database.close()
    return file


def recast(flow: Flow, msisdn: str, chance: Random) -> Flow:
    """The same conversation held by somebody else, who writes and pays to others."""
    cast = {flow.msisdn[1:]: msisdn[1:]}

    def played_by(found: re.Match[str]) -> str:
        return cast.setdefault(found[0], str(FIRST + chance.randrange(SUBSCRIBERS))[1:])

    def in_value(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: in_value(one) for name, one in value.items()}
        return NUMBER.sub(played_by, str(value)) if isinstance(value, str | int) else value

    steps = tuple(
        step if step.kind in ("advance", "again") else Step(step.kind, in_value(step.value))
        for step in flow.steps
    )
    return replace(flow, msisdn=msisdn, steps=steps)


@pytest.mark.slow
def test_the_books_are_right_after_everything(tmp_path: Path) -> None:
    seed = int(os.environ.get("GATEWAY_SEED") or SystemRandom().randrange(10**9))
    print(f"GATEWAY_SEED={seed}")
    chance, told = Random(seed), flows()
    file = tmp_path / "crowd.db"
    store = SqliteStore(crowd(tmp_path / "template.db", chance), file)
    parts = [(str(FIRST + index), chance.choice(told)) for index in range(SUBSCRIBERS)]
    parts += [(flow.msisdn, flow) for flow in chance.sample(told, len(told))]
    players = [
        (Passer(store, epoch), recast(flow, msisdn, chance) if msisdn >= str(FIRST) else flow)
        for epoch, (msisdn, flow) in enumerate(parts, 1)
    ]
    now = _mix(players, chance)
    now = _pass(store, now)
    store.close()
    failed = [line for player, _ in players for line in player.lines if line.startswith("  !")]
    assert failed == []
    database = open_database(f"sqlite:///{file}")
    try:
        with database.reading() as connection:
            kinds = connection.execute(select(txn.c.kind, func.count()).group_by(txn.c.kind)).all()
        assert len(kinds) >= KINDS_LEAST, kinds
        assert [str(finding) for finding in verify(database)] == []
    finally:
        database.close()


def _mix(players: list[tuple[Player, Flow]], chance: Random) -> float:
    """Everybody's next step, somebody's at a time. The moment it is then."""
    waiting = [(player, flow, iter(flow.steps)) for player, flow in players]
    for player, flow, _ in waiting:
        player.act_as(flow.msisdn)
    now = NOW
    while waiting:
        place = chance.randrange(len(waiting))
        player, _, steps = waiting[place]
        step = next(steps, None)
        if step is None:
            waiting[place] = waiting[-1]
            waiting.pop()
            continue
        player.now = now
        player.take(step)
        now = player.now
    return now


def _pass(store: SqliteStore, now: float) -> float:
    """The days after: everything that was to happen on a date happens."""
    player = Passer(store, 100_000)
    for _ in range(DAYS_AFTER):
        now += DAY_SECONDS
        while done := store.run(
            lambda unit, now=now: do_due(now, unit, player.world, player.desk.ids.next, 200)
        ):
            assert not isinstance(done, Exception), done
            assert [one for one in done if one.error] == []
    return now
