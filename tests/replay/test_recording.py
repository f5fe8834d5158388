"""Whatever is walked and recorded replays green, at once and with every step compared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.replay.handset import Action, NotPlayed, Received, Seen, Wants
from gateway.replay.recording import Done, Recording, propose, write_flow
from gateway.service.another_day import done_again
from gateway.service.rehearsal import Rehearsal, at_once
from tests.replay.house import flows_of, played, written

WHO = "79220000001"
KEYS = st.sampled_from([*"0123456789", "00", "100", "9220000002", "abc", "<money>"])
ACTIONS = st.one_of(
    st.builds(Action, st.just("dial"), st.sampled_from(["*105#", "*100#", "*105*1*2#", "*999#"])),
    st.builds(Action, st.just("answer"), KEYS),
    st.builds(
        Action, st.just("sms"), st.sampled_from(["00", "B", "?"]), st.sampled_from(["000110"])
    ),
    st.builds(Action, st.just("call"), st.sampled_from(["0505", "+79221110505", "0500"])),
    st.builds(Action, st.just("press"), st.sampled_from([*"12345*90", "77"])),
    st.just(Action("hang_up")),
    st.just(Action("timeout")),
    st.just(Action("move", "26201")),
    st.just(Action("advance", seconds=3600.0)),
)


def walk(rehearsal: Rehearsal, msisdn: str, actions: list[Action]) -> Recording:
    """What a subscriber saw of it; what cannot be done is left out."""
    handset, done = rehearsal.handset(msisdn), []
    for action in actions:
        try:
            done.append(Done(action, at_once(handset.act(action, Wants()))))
        except NotPlayed:
            continue
    return Recording("walk", msisdn, tuple(done))


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(ACTIONS, min_size=1, max_size=12),
    st.sampled_from([WHO, "79220000002", "79220000003", "79220000004", "79220000005"]),
)
def test_a_recorded_walk_replays_green(
    rehearsal: Rehearsal, tmp_path: Path, actions: list[Action], msisdn: str
) -> None:
    recording = walk(rehearsal, msisdn, [Action("dial", "*105#"), *actions])
    file = written(tmp_path, write_flow(recording))
    [flow] = flows_of(file)
    seen = [done.seen for done in recording.steps]
    compared = [any(check.what in ("text", "sms 1 text") for check in s.checks) for s in flow.steps]
    assert compared == [bool(one.text is not None or one.sms) for one in seen]
    [result] = played(rehearsal, file)
    assert result.passed, result.groups
    steps = tuple(done_again(rehearsal, msisdn, recording.steps))
    [result] = played(rehearsal, written(tmp_path, write_flow(replace(recording, steps=steps))))
    assert result.passed, result.groups


@pytest.mark.parametrize(
    ("shown", "proposed"),
    [
        ("Баланс: 250,00 р. до 30.11", "Баланс: <money> до <date>"),
        ("RUB 12.50 at 14:05, 30.11 14:05", "<money> at <time>, <datetime>"),
        ("Логин 9220000001, 79220000001", "Логин <own_number>, <msisdn>"),
        ("19220000001", "19220000001"),
        ("0 Назад 9 Ещё, *105#, 100 минут", "0 Назад 9 Ещё, *105#, 100 минут"),
        ("<money> 5 р.", "<<money> <money>"),
    ],
)
def test_what_is_volatile_is_proposed_as_a_hole(shown: str, proposed: str) -> None:
    assert propose(shown, WHO) == proposed


def test_a_code_that_is_answered_later_is_kept(tmp_path: Path) -> None:
    steps = (
        Done(
            Action("sms", "ПЕРЕВОД 100", "000110"),
            Seen(sms=(Received("000110", "Ответьте: ДА 4821"),)),
        ),
        Done(Action("sms", "ДА 4821", "000110"), Seen(sms=(Received("000110", "Пароль 123456"),))),
    )
    text = write_flow(Recording("code", WHO, steps))
    assert 'text: "Ответьте: ДА <code:digits>"' in text
    assert 'text: "ДА <code>"' in text
    assert 'text: "Пароль <digits>"' in text
    [flow] = flows_of(written(tmp_path, text))
    assert flow.steps[1].action == Action("sms", "ДА <code>", "000110")
