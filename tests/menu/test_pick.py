"""Options made of rows: their keys, what choosing one sets, and an empty list.

The shop's list of charges becomes a menu to pick a charge from.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.port import Answered, Facts, Prompt, Replied
from gateway.menu.compile import PICK_ROWS_MAX
from gateway.menu.engine import MenuSet
from tests.menu.shop import broken_shop, shown
from tests.menu.talk import Talk

_ROWS = """  charges.show:
    kind: info
    text: {ru: "Списания:", en: "Charges:"}
    rows:
      from: charges
      text: {ru: "{at|date} {amount|sum}", en: "{at|date} {amount|sum}"}
      empty: {ru: Списаний нет, en: No charges}
"""
_PICK = """  charges.show:
    kind: menu
    text: {ru: "Списания:", en: "Charges:"}
    pick:
      from: charges
      text: {ru: "{at|date} {amount|sum}", en: "{at|date} {amount|sum}"}
      take: {amount: money}
      go: charges.one
      empty: {ru: Списаний нет, en: No charges}
    options:
      question: {key: "2", text: {ru: Вопрос, en: Question}, go: question}
  charges.one:
    kind: info
    text: {ru: "Списано {amount|sum}", en: "Charged {amount|sum}"}
"""


@pytest.fixture(scope="module")
def menus(tmp_path_factory: pytest.TempPathFactory) -> MenuSet:
    made, problems = broken_shop(tmp_path_factory.mktemp("shop"), {_ROWS: _PICK})
    assert problems == []
    assert made is not None
    return made


def charges(menus: MenuSet, count: int) -> Talk:
    rows = tuple({"at": 86_400 * day, "amount": 100 * day} for day in range(count))
    talk = Talk(menus, core={"account.last_charges": Answered("ok", {"charges": rows})})
    talk.say("7")
    return talk


def test_a_row_is_chosen_by_its_number_and_sets_what_it_holds(menus: MenuSet) -> None:
    talk = charges(menus, 3)
    assert talk.screen == ("Списания:\n1 01.01 0 р.\n2 Вопрос\n3 02.01 1 р.\n4 03.01 2 р.\n0 Назад")
    assert talk.say("4") == "Списано 2 р.\n0 Назад"
    assert talk.cursor.variables["amount"] == 200
    assert talk.say("0").startswith("Списания:")
    assert talk.say("2").startswith("Ваш вопрос:")


def test_without_rows_the_options_stay(menus: MenuSet) -> None:
    talk = charges(menus, 0)
    assert talk.screen == "Списания:\nСписаний нет\n2 Вопрос\n0 Назад"
    assert talk.say("1").startswith("Нет такого пункта")


@given(count=st.integers(0, 200), key=st.integers(0, 200))
def test_every_key_shown_chooses_its_own_row(menus: MenuSet, count: int, key: int) -> None:
    talk = charges(menus, count)
    assert isinstance(talk.output, Prompt)
    screen = talk.output.screen
    keys = [choice.key for choice in screen.choices]
    assert len(set(keys)) == len(keys) == min(count, PICK_ROWS_MAX) + 1
    assert not {"0", "00", "9"} & set(keys)
    assert screen.expect.length_max == max(map(len, keys))
    assert keys == sorted(keys, key=int)
    rows = [key for key in keys if key != "2"]
    if (typed := str(key)) in rows:
        talk.take(Replied(typed))
        assert talk.cursor.variables["amount"] == 100 * rows.index(typed)


MISTAKES = [
    ("from: charges\n", "from: chargs\n", "M304 nothing sets the variable 'chargs'"),
    ("take: {amount: money}", "take: {at: moment}", "M304 nothing sets the variable 'amount'"),
    ("take: {amount: money}", "take: {amount: count}", "M306 the filter sum does not fit"),
    ("go: charges.one", "go: charges.two", "M201 there is no state 'charges.two'"),
    ("go: charges.one\n", "go: packages.buy\n", "M501 'packages.buy' moves money"),
]


@pytest.mark.parametrize(("old", "new", "told"), MISTAKES)
def test_a_mistake_is_told(old: str, new: str, told: str, tmp_path: Path) -> None:
    menus, problems = broken_shop(tmp_path, {_ROWS: _PICK.replace(old, new)})
    assert menus is None
    assert told in shown(problems, tmp_path)


@pytest.mark.parametrize(("level", "keys"), [("account", "12345678"), ("view", "1567")])
def test_what_the_level_does_not_reach_is_hidden_where_the_settings_say_so(
    level: str, keys: str, tmp_path: Path
) -> None:
    edits = {"exit: bye": "exit: bye\n  hide_forbidden: true"}
    menus, _ = broken_shop(tmp_path, edits)
    assert menus is not None
    facts = Facts("ru", "ussd", level, "HOME")
    talk = Talk(menus, facts)
    assert isinstance(talk.output, Prompt)
    shown_keys = "".join(choice.key for choice in talk.output.screen.choices)
    assert shown_keys == keys
    assert talk.say("4").startswith("Номер" if level == "account" else "Нет такого пункта")
