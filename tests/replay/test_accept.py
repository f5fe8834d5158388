"""What was seen is written where it was expected; comments and layout stay as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.replay.accept import accept, merged
from gateway.replay.cast import numbered
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
        expect: {text: "Счёт пополнен на <money> Баланс <money>", balance: "100.00"}  # in a row
      - sms: {to: "000110", text: "00"}
        expect: "Пароль: <digits>. Логин - ваш номер <own_number>. Никому не сообщайте"
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_texts_are_rewritten_in_place(rehearsal: Rehearsal, tmp_path: Path, ends: str) -> None:
    file = tmp_path / "a.flow.yaml"
    file.write_bytes(BEFORE.replace("\n", ends).encode())
    for _ in range(4):
        assert accept(played(rehearsal, file)) == (1, [])
    assert all(result.passed for result in played(rehearsal, file))
    assert file.read_bytes().decode() == AFTER.replace("\n", ends)


def test_where_plays_saw_different_texts_nothing_is_written(
    rehearsal: Rehearsal, tmp_path: Path
) -> None:
    text = 'flows:\n  - name: a\n    as: "79220000001"\n    steps:\n'
    text += '      - dial: "*100#"\n        expect: "x"\n'
    file = written(tmp_path, text)
    both = [*played(rehearsal, file), *played(rehearsal, file, numbered(1))]
    told = [f"{file}:6: 2 different texts were seen; none is taken"]
    assert accept(both) == (0, told)
    assert file.read_text("utf-8") == text


def test_a_name_that_is_used_later_is_not_lost(rehearsal: Rehearsal, tmp_path: Path) -> None:
    text = 'flows:\n  - name: a\n    as: "79220000001"\n    steps:\n'
    text += '      - dial: "*100#"\n        expect: "<code:digits>"\n      - answer: "<code>"\n'
    file = written(tmp_path, text)
    told = [f"{file}:6: the text seen cannot stand there; change it by hand"]
    assert accept(played(rehearsal, file)) == (0, told)
    assert file.read_text("utf-8") == text


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
    assert merged(expected, got, "79220000001") == new
