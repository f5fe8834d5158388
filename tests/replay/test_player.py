"""Flows played in process: each check can fail, and says what was there instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.replay.cast import Subscriber
from gateway.replay.handset import Action, Lost, Seen, Wants
from gateway.replay.player import play
from gateway.service.rehearsal import Rehearsal, at_once
from tests.replay.house import flows_of, played, written

FLOW = 'flows:\n  - name: "a"\n    as: "79220000001"\n    steps:\n'
BALANCE = '      - dial: "*100#"\n        expect: {text: {contains: "Баланс"}}\n'
ABROAD = '      - move: {zone: EUROPE}\n      - sms: {to: "000100", text: "B"}\n        expect: '


def difference(rehearsal: Rehearsal, folder: Path, steps: str) -> tuple[str, str, str] | None:
    """What was looked at, expected and got, at the first difference."""
    [result] = played(rehearsal, written(folder, FLOW + steps))
    found = result.groups[0].difference
    assert result.groups[0].error == ""
    return None if found is None else (found.check.what, found.expected, found.got)


@pytest.mark.parametrize(
    ("steps", "what", "expected", "got"),
    [
        ('      - dial: "*100#"\n        expect: "x"\n', "text", "x",
         "Баланс: 250,00 р.\nБонусы: 500"),
        ('      - dial: "*100#"\n        expect: {text: {contains: ["Баланс", "кот"]}}\n', "text",
         "кот", "Баланс: 250,00 р.\nБонусы: 500"),
        ('      - dial: "*100#"\n        expect: {text: {regex: "^x"}}\n', "text", "^x",
         "Баланс: 250,00 р.\nБонусы: 500"),
        ('      - dial: "*100#"\n        expect: {ended: false}\n', "ended", "false", "true"),
        ('      - dial: "*105*1#"\n        expect: {pages: 1}\n', "pages", "1", "2"),
        (f'{ABROAD}{{sms: {{from: "000105"}}}}\n', "sms 1 from", "000105", "000100"),
        (f"{ABROAD}{{sms: [{{}}, {{}}]}}\n", "sms 2", "there", "nothing"),
        (f'{ABROAD}{{charge: {{rule: "CH03"}}}}\n', "charge 1 rule", "CH03", "CH04"),
        (f'{ABROAD}{{charge: {{amount: "1.00"}}}}\n', "charge 1 amount", "1.00", "19.00"),
        (f'{ABROAD}{{balance: "+1.00"}}\n', "balance", "1.00", "-19.00"),
        (f"{ABROAD}{{sms: {{}}, nothing_more: true}}\n", "nothing_more", "nothing more",
         "charge CH04 19.00"),
    ],
)  # fmt: skip
def test_a_difference_is_told(
    rehearsal: Rehearsal, tmp_path: Path, steps: str, what: str, expected: str, got: str
) -> None:
    assert difference(rehearsal, tmp_path, steps) == (what, expected, got)


def test_what_is_as_expected_passes_and_is_undone(rehearsal: Rehearsal, tmp_path: Path) -> None:
    steps = '      - dial: "*110*105000000100#"\n        expect: {balance: "+100.00"}\n'
    for _ in range(2):
        assert difference(rehearsal, tmp_path, steps) is None


def test_counting_pages_leaves_the_page_on_show(rehearsal: Rehearsal, tmp_path: Path) -> None:
    steps = '      - dial: "*105*1#"\n        expect: {pages: 2}\n      - answer: "1"\n'
    steps += '        expect: {text: {contains: "Баланс: <money>"}}\n'
    assert difference(rehearsal, tmp_path, steps) is None


def test_a_captured_text_is_used_later(rehearsal: Rehearsal, tmp_path: Path) -> None:
    steps = '      - dial: "*100#"\n        expect: {text: {contains: "<sum:money>"}}\n'
    steps += '      - dial: "*100#"\n        expect: {text: {contains: "Баланс: <sum>"}}\n'
    assert difference(rehearsal, tmp_path, steps) is None


def test_what_cannot_be_done_is_no_difference_but_an_error(
    rehearsal: Rehearsal, tmp_path: Path
) -> None:
    [result] = played(rehearsal, written(tmp_path, f"{FLOW}      - timeout: true\n"))
    [group] = result.groups
    assert (group.verdict, group.error) == ("not played", "nothing waits for an answer")
    assert group.headline == "step 1 (answers nothing in time): nothing waits for an answer"
    assert group.place.endswith(".yaml:5")


def test_every_subscriber_has_his_own_parameters_and_data(
    rehearsal: Rehearsal, tmp_path: Path
) -> None:
    steps = '      - dial: "*110*<card>#"\n        expect: {balance: "<sum>"}\n'
    text = f"{FLOW}{steps}".replace(
        "    steps:", '    parameters: {card: "0", sum: ""}\n    steps:'
    )
    rows = [
        Subscriber("79230000000", {"card": "105000000100", "sum": "100.00"}),
        Subscriber("79230000001", {"card": "105000000100", "sum": "100.00"}),
        Subscriber("79230000002", {"card": "105000000300", "sum": "100.00"}),
    ]
    [result] = played(rehearsal, written(tmp_path, text), rows)
    assert [(group.passed, len(group.played)) for group in result.groups] == [(True, 2), (False, 1)]
    assert result.groups[1].difference is not None
    assert result.groups[1].difference.got == "300.00"


def test_names_are_told_by_their_values(rehearsal: Rehearsal, tmp_path: Path) -> None:
    steps = '      - dial: "*100#"\n        expect: "Счёт <sum> <money> <own_number>"\n'
    text = f"{FLOW}{steps}".replace("    steps:", '    parameters: {sum: "100,00 <b>"}\n    steps:')
    [result] = played(rehearsal, written(tmp_path, text))
    found = result.groups[0].difference
    assert found is not None
    assert found.expected == "Счёт 100,00 <<b> <money> 9220000001"


def test_all_that_differs_in_one_step_is_found(rehearsal: Rehearsal, tmp_path: Path) -> None:
    expect = '{text: {contains: ["кот", "<c:word> пёс", "<c>"]}, sms: [{from: "1", text: "x"}]}'
    steps = f'      - dial: "*100#"\n        expect: {expect}\n      - dial: "*100#"\n'
    [result] = played(rehearsal, written(tmp_path, FLOW + steps))
    [group] = result.groups
    found = [(each.check.what, each.check.expected) for each in group.differences]
    assert found == [("text", "кот"), ("text", "<c:word> пёс"), ("sms 1", "there")]
    assert len(group.played[0].done) == 1


class Gone:
    """A handset whose gateway goes away at the second step."""

    msisdn = "79220000001"

    def __init__(self) -> None:
        self._did = 0

    async def act(self, action: Action, wants: Wants) -> Seen:
        self._did += 1
        if self._did > 1:
            raise Lost("smpp: connection lost")
        return Seen("page", True)

    async def put_down(self) -> None:
        raise Lost("smpp: connection lost")


def test_a_gateway_that_goes_away_leaves_what_was_played(tmp_path: Path) -> None:
    steps = '      - dial: "*100#"\n      - answer: "1"\n      - answer: "2"\n'
    [flow] = flows_of(written(tmp_path, FLOW + steps))
    found = at_once(play(flow, Gone(), {}))
    assert (found.lost, found.error, len(found.done)) == (True, "smpp: connection lost", 2)
    assert not found.passed
