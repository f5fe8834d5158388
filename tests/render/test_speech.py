"""Numbers, money, dates and digits as they are spoken: every word is checked against num2words,
which was written by others, and the forms of nouns against tables a person can read."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from gateway.render.speech.numerals import NUMBER_MAX
from gateway.render.speech.phrases import PAUSE, phrase, phrase_key
from gateway.render.speech.values import (
    recordings,
    say_date,
    say_digits,
    say_money,
    say_number,
    say_time,
)

AMOUNTS = tuple(
    chain(
        range(130),
        range(190, 1000, 7),
        (1000, 1001, 1002, 1011, 1021, 1022, 1105, 1999, 2000, 2002, 2012, 4444, 5005, 10_000),
        (11_000, 12_012, 21_021, 22_222, 100_000, 101_101, 111_111, 112_113, 200_002, 999_999),
        (1_000_000, 1_001_001, 2_000_000, 2_002_002, 5_000_005, 21_000_000, 111_211_311),
        (1_000_000_000, 2_000_000_001, 5_012_000_111, NUMBER_MAX),
    )
)
"""Roubles: every ending and every group of the rules; some 280 of them."""

FORMS = {"rouble": ("рубль", "рубля", "рублей"), "kopeck": ("копейка", "копейки", "копеек")}
ENDINGS = (
    # last digits: which form, by hand
    *((str(n), 2) for n in (0, 5, 6, 7, 8, 9)),
    ("1", 0),
    *((str(n), 1) for n in (2, 3, 4)),
)


def form(count: int) -> int:
    """By the last digits, read off the table; 11 to 14 have a teen's form."""
    if 10 <= count % 100 <= 20:
        return 2
    return dict(ENDINGS)[str(count % 10)]


def words(text: str) -> list[str]:
    """num2words' text as bare words."""
    return [each for each in re.split(r"[\s,-]+", text) if each != "and"]


def bare(phrases: tuple[str, ...]) -> list[str]:
    """A playlist as bare words."""
    return " ".join(phrases).split()


@pytest.mark.parametrize("count", AMOUNTS)
def test_numbers(count: int) -> None:
    assert bare(say_number(count, "ru")) == words(num2words(count, lang="ru"))
    assert bare(say_number(count, "en")) == words(num2words(count, lang="en"))


@pytest.mark.parametrize("roubles", AMOUNTS)
def test_roubles(roubles: int) -> None:
    spoken = words(num2words(roubles, lang="ru"))
    assert bare(say_money(roubles * 100, "ru")) == [*spoken, FORMS["rouble"][form(roubles)]]


@pytest.mark.parametrize("kopecks", range(1, 100))
def test_kopecks_are_feminine(kopecks: int) -> None:
    feminine = words(num2words(kopecks, lang="ru"))
    feminine[-1] = {"один": "одна", "два": "две"}.get(feminine[-1], feminine[-1])
    spoken = [*feminine, FORMS["kopeck"][form(kopecks)]]
    assert bare(say_money(kopecks, "ru")) == spoken
    assert bare(say_money(-kopecks, "ru")) == ["минус", *spoken]
    assert bare(say_money(30_000 + kopecks, "ru")) == ["триста", "рублей", *spoken]


@pytest.mark.parametrize("roubles", AMOUNTS)
def test_the_genitive(roubles: int) -> None:
    spoken = words(num2words(roubles, lang="ru", case="genitive"))
    noun = "рубля" if roubles % 10 == 1 and roubles % 100 != 11 else "рублей"
    assert bare(say_money(roubles * 100, "ru", genitive=True)) == [*spoken, noun]
    assert say_money(roubles, "en", genitive=True) == say_money(roubles, "en")


def test_the_genitive_of_kopecks() -> None:
    said = (" ".join(say_money(kopecks, "ru", genitive=True)) for kopecks in (1, 2, 11, 10_021))
    assert list(said) == [
        "одной копейки",
        "двух копеек",
        "одиннадцати копеек",
        "ста рублей двадцати одной копейки",
    ]


@pytest.mark.parametrize(
    ("kopecks", "ru", "en"),
    [
        (0, "ноль рублей", "zero roubles"),
        (1, "одна копейка", "one kopeck"),
        (-1, "минус одна копейка", "minus one kopeck"),
        (50, "пятьдесят копеек", "fifty kopecks"),
        (100, "один рубль", "one rouble"),
        (102, "один рубль две копейки", "one rouble two kopecks"),
        (1100, "одиннадцать рублей", "eleven roubles"),
        (2200, "двадцать два рубля", "twenty two roubles"),
        (12_345, "сто двадцать три рубля сорок пять копеек",
         "one hundred twenty three roubles forty five kopecks"),
        (-25_050, "минус двести пятьдесят рублей пятьдесят копеек",
         "minus two hundred fifty roubles fifty kopecks"),
        (200_200, "две тысячи два рубля", "two thousand two roubles"),
        (2_100_000, "двадцать одна тысяча рублей", "twenty one thousand roubles"),
        (200_000_000, "два миллиона рублей", "two million roubles"),
    ],
)  # fmt: skip
def test_money(kopecks: int, ru: str, en: str) -> None:
    assert " ".join(say_money(kopecks, "ru")) == ru
    assert " ".join(say_money(kopecks, "en")) == en


def test_a_number_beyond_the_words_is_read_by_its_digits() -> None:
    assert say_number(-(NUMBER_MAX + 1), "en") == ("minus", "one", *["zero"] * 12)


@given(st.integers(-NUMBER_MAX, NUMBER_MAX), st.sampled_from(["ru", "en"]))
def test_every_number_is_made_of_words_that_are_recorded(number, language) -> None:
    recorded = {text for _, text in recordings(language)}
    genitive = say_money(number, language, genitive=True)
    for said in (say_number(number, language), say_money(number, language), genitive):
        assert recorded.issuperset(said)


@pytest.mark.parametrize("day", range(1, 32))
def test_dates(day: int) -> None:
    at = datetime(2026, 10, day, tzinfo=UTC).timestamp()
    ordinal = num2words(day, lang="ru", to="ordinal", case="genitive", gender="m")
    assert bare(say_date(at, "ru", 0)) == [*words(ordinal), "октября"]
    assert bare(say_date(at, "en", 0)) == ["October", *words(num2words(day, to="ordinal"))]


@pytest.mark.parametrize(
    ("clock", "ru", "en"),
    [
        ("00:00", "ноль часов", "twelve a.m."),
        ("01:01", "один час одна минута", "one oh one a.m."),
        ("09:30", "девять часов тридцать минут", "nine thirty a.m."),
        ("12:00", "двенадцать часов", "twelve p.m."),
        ("14:05", "четырнадцать часов пять минут", "two oh five p.m."),
        ("22:22", "двадцать два часа двадцать две минуты", "ten twenty two p.m."),
    ],
)
def test_times(clock: str, ru: str, en: str) -> None:
    hour, minute = map(int, clock.split(":"))
    at = datetime(2026, 11, 30, hour, minute, tzinfo=UTC).timestamp()
    assert " ".join(say_time(at, "ru", 0)) == ru
    assert " ".join(say_time(at, "en", 0)) == en


def test_a_date_is_the_operators() -> None:
    at = datetime(2026, 11, 29, 20, 30, tzinfo=UTC).timestamp()
    assert say_date(at, "ru", 5 * 3600) == ("тридцатого", "ноября")
    assert " ".join(say_time(at, "ru", 5 * 3600)) == "один час тридцать минут"


@pytest.mark.parametrize(
    ("digits", "spoken"),
    [
        ("9", "nine"),
        ("0505", "zero five zero five"),
        ("9220000001", "nine two two , zero zero zero , zero zero , zero one"),
        ("123456", "one two three four , five six"),
        ("****0042", "ending in zero zero four two"),
        ("7922***0001", "ending in zero zero zero one"),
    ],
)
def test_digits(digits: str, spoken: str) -> None:
    assert " ".join(say_digits(digits, "en")) == spoken


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (". Бонусных баллов: ", "Бонусных баллов"),
        ("Готово.", "Готово."),
        (" - ", ""),
        (".", ""),
        ("«Всё  просто»,\n да", "Всё просто», да"),
        ("*105#", "*105#"),
    ],
)
def test_phrases(text: str, said: str) -> None:
    assert phrase(text) == said


def test_marks_and_case_do_not_lose_a_recording() -> None:
    assert phrase_key("Счёт и платежи - один.") == phrase_key("счет и платежи, один")
    assert phrase_key("нажмите два") != phrase_key("нажмите три")
    assert phrase_key(PAUSE) == ""


@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_two_recordings_say_different_words_under_one_id(language) -> None:
    ids = [id_ for id_, _ in recordings(language)]
    assert len(ids) == len(set(ids))
