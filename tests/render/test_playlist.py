"""Screens as playlists: what a call hears of a menu, an answer and a mistake."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gateway.domain.port import Choice, Expect, Say, Screen
from gateway.menu.text import FILTERS
from gateway.render.ivr import playlist, speak

MENU = Screen(
    "acct",
    "ru",
    "",
    choices=(
        Choice("balance", "1", "Баланс", speech=("Баланс",)),
        Choice("fee", "2", "Плата", speech=("Плата: ", Say("sum", 200), ".")),
        Choice("more", "12", "Ещё", speech=("Ещё",)),
    ),
    speech=("Мой счёт",),
)
BACK = Choice("back", "0", "Назад")


def heard(screen: Screen) -> str:
    """The phrases with a bar between them."""
    return " | ".join(playlist(screen, 0))


def test_an_option_is_said_before_its_key() -> None:
    assert heard(MENU) == (
        "Мой счёт | Баланс | нажмите | один | Плата | два | рубля | нажмите | два"
        " | Ещё | нажмите | двенадцать"
    )


def test_the_notice_comes_first_and_the_way_back_last() -> None:
    screen = replace(MENU, choices=MENU.choices[:1], back=BACK, notice="Такого пункта нет.")
    assert heard(screen) == (
        "Такого пункта нет. | Мой счёт | Баланс | нажмите | один | Назад - звёздочка."
    )


def test_a_text_that_names_the_keys_is_left_as_it_is() -> None:
    silent = tuple(replace(each, speech=()) for each in MENU.choices)
    screen = replace(MENU, choices=silent, speech=("Баланс - один. Назад - звёздочка.",), back=BACK)
    assert heard(screen) == "Баланс - один. Назад - звёздочка."


def test_a_question_is_answered_before_one_goes_back() -> None:
    ask = Screen("sum", "en", "", speech=("Enter the amount.",), back=BACK, expect=Expect("amount"))
    assert heard(ask) == "Enter the amount."
    assert heard(replace(ask, expect=Expect("choice"))).endswith("| To go back, press star.")


def test_latin_letters_are_for_the_eye() -> None:
    assert heard(replace(MENU, language="ru-Latn")) == heard(MENU)


@pytest.mark.parametrize(
    ("speech", "spoken"),
    [
        ((Say("", 21), " ", "минута"), "двадцать | одна | минута"),
        ((Say("", 2), " ", "минуты"), "две | минуты"),
        ((Say("", 1), " сообщение"), "одно | сообщение"),
        ((Say("", 1), " ", "день"), "один | день"),
        ((Say("", 1), Say("", 2), " минуты"), "один | две | минуты"),
        ((Say("", "0042"),), "ноль | ноль | четыре | два"),
        ((Say("", "Всё просто"), "."), "Всё просто"),
        (("Номер ", Say("msisdn", "79220000001")),
         "Номер | девять | два | два | , | ноль | ноль | ноль | , | ноль | ноль | , | ноль | один"),
    ],
)  # fmt: skip
def test_values(speech, spoken) -> None:
    assert " | ".join(speak(speech, "ru", 0)) == spoken


@pytest.mark.parametrize("name", [name for name, row in FILTERS.items() if not row.words])
def test_every_filter_is_spoken(name: str) -> None:
    at = int(datetime(2026, 11, 30, 14, 5, tzinfo=UTC).timestamp())
    assert speak((Say(name, at),), "en", 0)
