"""What of a text changes: told by the same another day, or by the kinds of its values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.replay.handset import Action, Received, Seen
from gateway.replay.patterns import literal
from gateway.replay.recording import Done, Recording, write_flow
from gateway.replay.volatile import spoken, tokens

WHO = "79220000001"
NOBODY_KNOWS = None


def expected(
    shown: str, again: str | None, *typed: Action, sms: bool = False, after: Action | None = None
) -> str:
    """The flow that expects what was shown."""
    came = Seen(sms=(Received("0500", shown),)) if sms else Seen(shown)
    other = None if again is None else Seen(sms=(Received("0500", again),)) if sms else Seen(again)
    steps = [
        *(Done(action, Seen()) for action in typed[:-1]),
        Done(typed[-1] if typed else Action("dial", "*100#"), came, other),
        *([Done(after, Seen())] if after else []),
    ]
    return write_flow(Recording("a", WHO, tuple(steps)))


@pytest.mark.parametrize(
    ("shown", "again", "pattern"),
    [
        # what stays is a price, what does not is a balance
        ("Баланс: 250,00 р. за 50 р.", "Баланс: 333,70 р. за 50 р.", "Баланс: <money> за 50 р."),
        ("Balance RUB 250.00", "Balance RUB 333.70", "Balance <money>"),
        ("Бонусы: 500", "Бонусы: 1600", "Бонусы: <number>"),
        ("сгорит 500 б.", "сгорит 600 б.", "сгорит <number> б."),
        ("1 Да 2 Нет *105*1#", "1 Да 2 Нет *105*1#", "1 Да 2 Нет *105*1#"),
        ("sg.ru/d/ga21", "sg.ru/d/ab12", "sg.ru/d/<word>"),
        # moments and the own number are holes even where they stayed
        ("с 30.11 14:05, +79220000001", "с 30.11 14:05, +79220000001", "с <datetime>, +<msisdn>"),
        # lines that are not alike tell nothing
        ("Баланс: 250,00 р.", "Денег нет", "Баланс: <money>"),
        ("Плата 50 р.", NOBODY_KNOWS, "Плата <money>"),
        ("Бонусы: 500", NOBODY_KNOWS, "Бонусы: 500"),
        # a sign that would be read as a hole
        ("<money> 5", "<money> 6", "<<money> <number>"),
        ("<5 р.", "<6 р.", "<5 р."),
    ],
)
def test_what_came_out_otherwise_is_a_hole(shown: str, again: str | None, pattern: str) -> None:
    assert f'expect: "{pattern}"' in expected(shown, again)


def test_lines_are_compared_one_by_one() -> None:
    text = expected("Цена 50 р.\nБаланс 1 р.\nИтого 7 р.", "Цена 50 р.\nБаланс 2 р.\nПусто")
    assert "Цена 50 р.\n          Баланс <money>\n          Итого <money>" in text


TYPED = Action("dial", "*133*100*9220000002#")


@pytest.mark.parametrize(
    ("shown", "again", "pattern"),
    [
        ("перевод 100 р. на 9220000002", NOBODY_KNOWS, "перевод 100 р. на 9220000002"),
        ("на +79220000002, код 1234", NOBODY_KNOWS, "на +79220000002, код <digits>"),
        ("на 79220000002, код 1234", NOBODY_KNOWS, "на 79220000002, код <digits>"),
        ("на 79220000003", NOBODY_KNOWS, "на <digits>"),
        ("пароль 1234, СМС 00 на 000110", "пароль 9876, СМС 00 на 000110",
         "пароль <digits>, СМС 00 на 000110"),
    ],
)  # fmt: skip
def test_what_was_typed_is_no_hole(shown: str, again: str | None, pattern: str) -> None:
    assert f'text: "{pattern}"' in expected(shown, again, TYPED, Action("answer", "1"), sms=True)


def test_kopecks_that_look_like_what_was_typed_were_not() -> None:
    password = Action("sms", "00", "000110")
    text = expected("Баланс: 250,00 р.", NOBODY_KNOWS, password, Action("dial", "*100#"))
    assert 'expect: "Баланс: <money>"' in text


def test_points_that_were_had_are_holes_where_nothing_else_tells() -> None:
    steps = (Done(Action("dial", "*115#"), Seen("У вас 500 баллов, сгорит 40\n5 Назад")),)
    text = write_flow(Recording("a", WHO, steps, frozenset(("500", "5"))))
    assert "У вас <number> баллов, сгорит 40\n          5 Назад" in text


def test_a_code_is_kept_where_it_is_answered_later() -> None:
    text = expected("код 4821", "код 7312", sms=True, after=Action("answer", "4821"))
    assert 'text: "код <code:digits>"' in text
    assert 'answer: "<code>"' in text


@pytest.mark.parametrize(
    ("said", "again", "pattern"),
    [
        ("На счёте двести рублей Ещё - один", "На счёте сто один рубль пять копеек Ещё - один",
         "На счёте<any> Ещё - один"),
        ("Баллов ноль", "Баллов ноль", "Баллов ноль"),
        ("Нажмите <any> один", "Нажмите <any> два", "Нажмите <<any><any>"),
        ("Денег нет", "На счёте сто рублей", None),
    ],
)  # fmt: skip
def test_what_a_call_said_otherwise_is_a_hole(said: str, again: str, pattern: str | None) -> None:
    assert spoken(said, again) == pattern


def test_prompts_that_say_a_value_are_not_expected() -> None:
    said = Seen("сто рублей Баланс - один", prompts=("number/100", "menu/1"))
    same = Seen("двести рублей Баланс - один", prompts=("number/200", "menu/1"))
    call = Action("call", "0505")
    assert "prompts" not in write_flow(Recording("a", WHO, (Done(call, said, same),)))
    assert "prompts" in write_flow(Recording("a", WHO, (Done(call, said, said),)))


@given(st.text(), st.text() | st.none())
def test_the_tokens_joined_are_the_text(text: str, again: str | None) -> None:
    lines = "\n".join(map(literal, text.split("\n")))
    assert "".join(token.text for token in tokens(text, WHO, again)) == lines
