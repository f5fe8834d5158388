"""What was seen is written where it was expected; comments and layout stay as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.replay.accept import accept, merged
from gateway.replay.cast import Subscriber, numbered
from gateway.service.rehearsal import Rehearsal
from tests.replay.house import played, written

BEFORE = """\
# a comment before
flows:
  - name: a  # of the flow
    as: "79220000001"
    steps:
      - dial: "*100#"
        expect: |-   # of the block
          Баланс: <money>
          old

        # and below it
      - dial: "*110*105000000100#"
        expect: {text: 'old "<money>"', balance: "+1.00"}  # in a row
      - sms: {to: "000110", text: "00"}
        expect: "old <digits>"
"""
AFTER = """\
# a comment before
flows:
  - name: a  # of the flow
    as: "79220000001"
    steps:
      - dial: "*100#"
        expect: |-   # of the block
          Баланс: <money>
          Бонусы: 500

        # and below it
      - dial: "*110*105000000100#"
        expect: {text: "Счёт пополнен на <money> Баланс <money>", balance: "+100.00"}  # in a row
      - sms: {to: "000110", text: "00"}
        expect: "Пароль: <digits>. Логин - ваш номер <own_number>. Никому не сообщайте"
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_texts_are_rewritten_in_place(rehearsal: Rehearsal, tmp_path: Path, ends: str) -> None:
    file = tmp_path / "a.flow.yaml"
    file.write_bytes(BEFORE.replace("\n", ends).encode())
    for count in (1, 2, 1):  # in the second step two things differ
        assert accept(played(rehearsal, file)) == (count, [])
    assert all(result.passed for result in played(rehearsal, file))
    assert file.read_bytes().decode() == AFTER.replace("\n", ends)


def test_where_plays_saw_different_texts_nothing_is_written(
    rehearsal: Rehearsal, tmp_path: Path
) -> None:
    text = 'flows:\n  - name: a\n    as: "79220000001"\n    steps:\n'
    text += '      - dial: "*100#"\n        expect: "x"\n'
    file = written(tmp_path, text)
    both = [*played(rehearsal, file), *played(rehearsal, file, numbered(1))]
    told = [f"{file}:6: 2 different things were seen; take --accept-group 1 or 2"]
    assert accept(both) == (0, told)
    assert file.read_text("utf-8") == text
    assert accept(both, {1}) == (1, [])
    assert all(result.passed for result in played(rehearsal, file))


def test_a_name_that_is_used_later_is_not_lost(rehearsal: Rehearsal, tmp_path: Path) -> None:
    text = 'flows:\n  - name: a\n    as: "79220000001"\n    steps:\n'
    text += '      - dial: "*100#"\n        expect: "<code:digits>"\n      - answer: "<code>"\n'
    file = written(tmp_path, text)
    told = [f"{file}:6: what is kept as code is used later; change it by hand"]
    assert accept(played(rehearsal, file)) == (0, told)
    assert file.read_text("utf-8") == text


HEAD = 'flows:\n  - name: a\n    as: "79220000001"\n    steps:\n'
ABROAD = '      - move: {zone: EUROPE}\n      - sms: {to: "000100", text: "B"}\n'
CARD = '      - dial: "*110*105000000100#"\n'
REWRITTEN = [
    # a part that is not there: the line most like it, with its holes
    (CARD, 'text: {contains: "Счёт пополнен на <money>."}',
     'text: {contains: "Счёт пополнен на <money> Баланс <money>"}'),
    ('      - dial: "*100#"\n', 'text: {contains: ["Баланс: 1,00 р.", "Бонусы: 500"]}',
     'text: {contains: ["Баланс: 250,00 р.", "Бонусы: 500"]}'),
    # one value
    ('      - dial: "*105*1#"\n', "pages: 7", "pages: 2"),
    ('      - dial: "*105*1#"\n', "ended: true  # no", "ended: false  # no"),
    (CARD, 'balance: "+1.00"', 'balance: "+100.00"'),
    (ABROAD, 'sms: {from: "1", text: "x"}',
     'sms: {from: "000100", text: "Баланс 231,00 р. Бонусы 500. Тариф «Просто»"}'),
    (ABROAD, 'charge: {rule: "CH03", amount: "1.00"}', 'charge: {rule: "CH04", amount: "19.00"}'),
    # what did not come goes, and with it whatever would be empty
    (ABROAD, 'sms: [{}, {from: "1"}]', "sms: [{}]"),
    (ABROAD, 'charge:\n            - {rule: "CH04"}  # one\n            - rule: "CH05"\n'
     '              amount: "1.00"', 'charge:\n            - {rule: "CH04"}  # one'),
    ('      - dial: "*100#"\n', 'ended: true\n          sms: {from: "1"}', "ended: true"),
    # what came is written where nothing more was to come
    (ABROAD, "sms: {}\n          nothing_more: true",
     'sms: {}\n          charge:\n            - rule: "CH04"\n              amount: "19.00"\n'
     "          nothing_more: true"),
    (ABROAD, 'charge: {rule: "CH04"}\n          nothing_more: true  # that is all',
     'charge: {rule: "CH04"}\n          sms:\n            - from: "000100"\n'
     '              text: "{SMS}"\n          nothing_more: true  # that is all'),
]  # fmt: skip
SMS = "Баланс <money> Бонусы 500. Тариф «Просто»"


@pytest.mark.parametrize(
    ("steps", "before", "after", "in_a_row"),
    [
        (*each, in_a_row)
        for each in REWRITTEN
        for in_a_row in (False, True)
        if not (in_a_row and ("\n" in each[1] or "#" in each[1]))
    ],
)
def test_whatever_an_expectation_holds_is_rewritten(
    rehearsal: Rehearsal, tmp_path: Path, steps: str, before: str, after: str, in_a_row: bool
) -> None:
    form = "        expect: {{{}}}  # here\n" if in_a_row else "        expect:\n          {}\n"
    file = written(tmp_path, HEAD + steps + form.format(before))
    results = played(rehearsal, file)
    while accept(results) != (0, []):
        results = played(rehearsal, file)
    assert [group.difference for result in results for group in result.groups] == [None]
    assert file.read_text("utf-8") == HEAD + steps + form.format(after.replace("{SMS}", SMS))


@pytest.mark.parametrize(
    ("expect", "why"),
    [
        ("text: {regex: '^x'}", "a regular expression is not rewritten"),
        ('text: {contains: "кот и пёс"}', "nothing shown is near 'кот и пёс'"),
        ('text: {contains: "x\\ny\\nz"}', "nothing shown is near 'x\\ny\\nz'"),
    ],
)
def test_what_only_a_person_can_know_is_told(
    rehearsal: Rehearsal, tmp_path: Path, expect: str, why: str
) -> None:
    file = written(tmp_path, f'{HEAD}      - dial: "*100#"\n        expect: {{{expect}}}\n')
    told = [f"{file}:6: {why}; change it by hand"]
    assert accept(played(rehearsal, file)) == (0, told)


@pytest.mark.parametrize(
    ("expected", "got", "new"),
    [
        ("a\nb", "a\nc", "a\nc"),
        ("a <money>\nb", "a 5 р.\nc 6 р.", "a <money>\nc <money>"),
        ("x", "<money>", "<<money>"),
        ("x\n<date>\ny", "y", "y"),
    ],
)
def test_lines_that_fit_keep_their_holes(expected: str, got: str, new: str) -> None:
    assert merged(expected, got, "79220000001", {}) == new


@pytest.mark.parametrize(
    ("expect", "accepted"),
    [
        ("'old'   # keep me", r'"Баланс: 250,00 р.\nБонусы: 500"   # keep me'),
        ("{text: 'old'}  # keep me", r'{text: "Баланс: 250,00 р.\nБонусы: 500"}  # keep me'),
        ("|- # keep me\n          old", "|- # keep me\n          Баланс: 250,00 р.\n"
         "          Бонусы: 500"),
    ],
)  # fmt: skip
def test_a_comment_behind_a_text_stays_one(
    rehearsal: Rehearsal, tmp_path: Path, expect: str, accepted: str
) -> None:
    file = written(tmp_path, f'{HEAD}      - dial: "*100#"\n        expect: {expect}\n')
    assert accept(played(rehearsal, file)) == (1, [])
    text = f'{HEAD}      - dial: "*100#"\n        expect: {accepted}\n'
    assert file.read_text("utf-8") == text
    assert [each.name for each in tmp_path.iterdir()] == [file.name]


def test_plays_that_saw_other_money_agree_on_holes(rehearsal: Rehearsal, tmp_path: Path) -> None:
    steps = '      - dial: "*110*<card>#"\n        expect: {text: "Баланс 1,00 р."}\n'
    file = written(
        tmp_path, HEAD.replace("    steps:", "    parameters: {card: ''}\n    steps:") + steps
    )
    rows = [
        Subscriber(str(79230000000 + at), {"card": card})
        for at, card in enumerate(("105000000100", "105000000300"))
    ]
    assert accept(played(rehearsal, file, rows)) == (1, [])
    assert 'text: "Счёт пополнен на <money> Баланс <money>"' in file.read_text("utf-8")
    assert all(result.passed for result in played(rehearsal, file, rows))
