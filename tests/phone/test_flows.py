"""What F9 writes of what the phone knows of its subscriber."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.phone import flows
from gateway.phone.handset import Phone
from gateway.replay.handset import Action, Seen
from gateway.replay.recording import Done
from tests.replay.house import flows_of

PROFILE = {"language": "ru", "zone": "HOME", "plmn": "25002", "region": "ural", "points": 500}


@pytest.mark.parametrize(
    ("before", "now", "bonus"),
    [
        (PROFILE, PROFILE, "<number>"),
        (PROFILE, PROFILE | {"points": 460}, "<number>"),
        (PROFILE | {"points": 540}, PROFILE, "<number>"),
        ({}, {}, "500"),
    ],
)
def test_money_and_the_points_it_had_are_holes(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    before: dict[str, object],
    now: dict[str, object],
    bonus: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    seen = Seen("Баланс: 250,00 р.\nБонусы: 500")
    done = (Done(Action("dial", "*100#"), seen),)
    phone = Phone("79220000001", now, dialled="*100#", done=done, before=before)
    path, steps = flows.save(phone)
    [flow] = flows_of(path)
    assert steps == len(flow.steps) == 1
    assert flow.steps[0].checks[0].expected == f"Баланс: <money>\nБонусы: {bonus}"
