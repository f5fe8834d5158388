"""Plays that are ended before their time: what was played is told, nothing more is begun."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock, deferLater

from gateway.replay.cast import Play, api_steps, cast, numbered, side_by_side, wait_seconds
from gateway.replay.player import Played
from gateway.service.keyboard import as_interrupt
from gateway.service.rehearsing import Interrupted, rehearse
from tests.replay.house import config, flows_of, written

FLOW = 'flows:\n  - name: "a"\n    as: "79220000001"\n    steps:\n      - dial: "*100#"\n'


def plays_of(folder: Path, count: int) -> list[Play]:
    return cast(flows_of(written(folder, FLOW)), numbered(count))


@pytest.mark.parametrize("jobs", [1, 2])
def test_plays_in_process_end_with_what_was_played(tmp_path: Path, jobs: int) -> None:
    heard: list[Played] = []

    def third(played: Played) -> None:
        heard.append(played)
        if len(heard) == 3:
            os.kill(os.getpid(), signal.SIGTERM)

    with as_interrupt(), pytest.raises(Interrupted) as ended:
        rehearse(config(), plays_of(tmp_path, 1_000), jobs, third)
    assert ended.value.played == heard[: len(ended.value.played)]
    assert 2 <= len(ended.value.played) <= 3


def test_cancelled_plays_side_by_side_give_those_that_ended(tmp_path: Path) -> None:
    clock, plays = Clock(), plays_of(tmp_path, 4)

    async def one(each: Play) -> Played:
        await deferLater(clock, float(each.subscriber.msisdn[-1]) + 1)
        return Played(each.flow, each.subscriber.msisdn, ())

    playing = Deferred.fromCoroutine(side_by_side(plays, one, lambda _: None))
    clock.advance(2.5)
    playing.cancel()
    results: list[list[Played]] = []
    playing.addCallback(results.append)
    assert [each.msisdn for each in results[0]] == ["79230000000", "79230000001"]


def test_no_more_plays_are_begun_where_it_does_not_go_on(tmp_path: Path) -> None:
    begun: list[Played] = []

    async def one(each: Play) -> Played:
        begun.append(Played(each.flow, each.subscriber.msisdn, (), lost=True, error="gone"))
        return begun[-1]

    playing = side_by_side(plays_of(tmp_path, 9), one, lambda _: None, lambda: len(begun) < 2)
    results: list[list[Played]] = []
    Deferred.fromCoroutine(playing).addCallback(results.append)
    assert results == [begun]
    assert len(begun) == 2


@pytest.mark.parametrize(
    ("step", "needs"),
    [
        ('{dial: "*100#", expect: {text: {contains: "x"}}}', False),
        ('{dial: "*100#", expect: {balance: "1.00"}}', True),
        ('{dial: "*100#", expect: {charge: {rule: "CH01"}}}', True),
        ("{timeout: true}", True),
        ("{advance: 5}", True),
        ("{language: en}", True),
        ("{move: {zone: EUROPE}}", True),
        ('{call: "0505"}', False),
        ('{call: "0505", expect: {prompts: ["a"]}}', True),
    ],
)
def test_what_needs_the_api_is_known_before(tmp_path: Path, step: str, needs: bool) -> None:
    [flow] = flows_of(written(tmp_path, f"{FLOW}      - {step}\n"))
    assert [each.action for each in api_steps(flow)] == [flow.steps[1].action] * needs


def test_waits_are_known_before(tmp_path: Path) -> None:
    [flow] = flows_of(written(tmp_path, f"{FLOW}      - wait: 90\n      - wait: 40\n"))
    assert wait_seconds(flow) == 130
    assert wait_seconds(replace(flow, steps=flow.steps[:2])) == 90
