"""A drop is the same in process as on the wires: SMPP has one release, a call falls silent."""

from __future__ import annotations

import pytest

from gateway.replay.handset import Action, Wants
from gateway.service.rehearsal import Rehearsal, at_once


@pytest.mark.parametrize(
    ("opening", "verb", "result"),
    [
        (Action("dial", "*105#"), "drop", "user_released"),
        (Action("dial", "*105#"), "hang_up", "user_released"),
        (Action("call", "0505"), "drop", "network_released"),
        (Action("call", "0505"), "hang_up", "user_released"),
    ],
)
def test_how_what_was_open_ends(rehearsal: Rehearsal, opening: Action, verb, result: str) -> None:
    handset, results = rehearsal.handset("79220000001"), []
    handset.desk.observers.append(
        lambda _arrival, outcome, _seconds: results.extend(one.result for one in outcome.ended)
    )
    at_once(handset.act(opening, Wants()))
    at_once(handset.act(Action(verb), Wants()))
    assert results == [result]
