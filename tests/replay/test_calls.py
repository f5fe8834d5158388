"""Calls in a flow: money that runs out, a password that is proved, and keys without a call."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.service.rehearsal import Rehearsal
from tests.replay.house import played, written

HEAD = 'flows:\n  - name: "a"\n    as: "79220000004"\n    steps:\n'
PAID = '      - call: "+79221110505"\n        expect: {ended: false}\n'


def test_money_that_runs_out_ends_a_call(rehearsal: Rehearsal, tmp_path: Path) -> None:
    """300.00 are five minutes at 59.00; the sixth is not there."""
    steps = PAID
    for key in ("1", "*") * 7:
        steps += f'      - wait: 20\n      - press: "{key}"\n'
    steps += '      - wait: 19\n        expect: {balance: "0.00"}\n'
    steps += '      - wait: 5\n        expect: {ended: true, balance: "-295.00"}\n'
    [result] = played(rehearsal, written(tmp_path, HEAD + steps))
    assert result.passed, (result.groups[0].difference, result.groups[0].error)


def test_a_caller_who_does_nothing_is_not_kept(rehearsal: Rehearsal, tmp_path: Path) -> None:
    """He is told so twice, hears good-bye the third time, and pays for no more."""
    steps = f"{PAID}      - wait: 40\n        expect: {{ended: false}}\n"
    steps += '      - wait: 250\n        expect: {ended: true, balance: "-118.00"}\n'
    [result] = played(rehearsal, written(tmp_path, HEAD + steps))
    assert result.passed, (result.groups[0].difference, result.groups[0].error)


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ('      - press: "1"\n', "no call is under way"),
        (
            '      - call: "+79221110505"\n      - call: "+79221110505"\n',
            "a call is under way",
        ),
    ],
)
def test_what_a_telephone_cannot_do_is_told(
    rehearsal: Rehearsal, tmp_path: Path, steps: str, says: str
) -> None:
    [result] = played(rehearsal, written(tmp_path, HEAD + steps))
    assert says in result.groups[0].error
