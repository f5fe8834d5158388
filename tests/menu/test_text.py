"""Texts: fields, filters, plurals, money and dates in each language, Latin letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.port import LANGUAGES
from gateway.domain.values import Value
from gateway.menu.text import Environment, Text, TextError, fields
from gateway.menu.text.latin import latin

LABELS = {"zone": {"HOME": {"ru": "Дом", "en": "Home"}}, "on": {"true": {"ru": "да", "en": "yes"}}}
EKB = Environment(5 * 3600, LABELS)
NOON = 1_795_600_000
"""2026-11-25T09:46:40Z."""

FILTERED: list[tuple[str, Value, str, str]] = [
    # field, value, in Russian, in English
    ("{x|money}", 123450, "1234,50 р.", "RUB 1234.50"),
    ("{x|money}", -5, "-0,05 р.", "RUB -0.05"),
    ("{x|money}", 0, "0,00 р.", "RUB 0.00"),
    ("{x|sum}", 5000, "50 р.", "RUB 50"),
    ("{x|sum}", 5050, "50,50 р.", "RUB 50.50"),
    ("{x|decimal}", 80000, "800,00", "800.00"),
    ("{x|decimal}", -3450, "-34,50", "-34.50"),
    ("{x|bare}", 80000, "800", "800"),
    ("{x|bare}", -3450, "-34,50", "-34.50"),
    ("{x|date}", NOON, "25.11", "25.11"),
    ("{x|datetime}", NOON, "25.11 14:46", "25.11 14:46"),
    ("{x|time}", NOON, "14:46", "14:46"),
    ("{x|msisdn}", "79220000001", "9220000001", "9220000001"),
    ("{x|label:zone}", "HOME", "Дом", "Home"),
    ("{x|label:zone}", "MARS", "MARS", "MARS"),
    ("{x|label:on}", True, "да", "yes"),
    ("{x}", 42, "42", "42"),
    ("{x}", "«Просто»", "«Просто»", "«Просто»"),
    ("{x}", None, "", ""),
    ("{{x}}", 1, "{x}", "{x}"),
    ("{{{x}}}", 1, "{1}", "{1}"),
]


@pytest.mark.parametrize(("field", "value", "ru", "en"), FILTERED)
def test_filters(field: str, value: Value, ru: str, en: str) -> None:
    text = Text(f"а {field} б", f"a {field} b", EKB)
    assert text.render("ru", {"x": value}) == f"а {ru} б"
    assert text.render("en", {"x": value}) == f"a {en} b"


@pytest.mark.parametrize(
    ("count", "ru", "en"),
    [
        (0, "дней", "days"),
        (1, "день", "day"),
        (2, "дня", "days"),
        (4, "дня", "days"),
        (5, "дней", "days"),
        (11, "дней", "days"),
        (12, "дней", "days"),
        (14, "дней", "days"),
        (21, "день", "days"),
        (22, "дня", "days"),
        (111, "дней", "days"),
        (1001, "день", "days"),
        (-1, "день", "day"),
    ],
)
def test_plurals(count: int, ru: str, en: str) -> None:
    text = Text("{n} {n|plural:день,дня,дней}", "{n} {n|plural:day,days}", EKB)
    assert text.render("ru", {"n": count}) == f"{count} {ru}"
    assert text.render("en", {"n": count}) == f"{count} {en}"


def test_latin_letters_are_made_of_the_finished_text() -> None:
    text = Text("Щёлк: {x|money}, ещё {n|plural:день,дня,дней}", "", EKB)
    assert text.render("ru-Latn", {"x": 100, "n": 2}) == "Schelk: 1,00 r., esche dnya"
    assert latin("Съёмка «Юг» — №5") == 'Semka "Yug" - N5'
    assert latin("Мой счёт") == "Moy schet"


@given(st.text(alphabet=st.characters(min_codepoint=0x410, max_codepoint=0x451)))
def test_no_russian_letter_is_left(text: str) -> None:
    assert latin(text.replace("ѐ", "")).isascii()


def test_a_text_without_fields_is_ready() -> None:
    text = Text("Меню", "Menu", EKB)
    assert text.constant
    assert [text.render(language, {}) for language in LANGUAGES] == ["Меню", "Menu", "Menyu"]
    assert text.names == ()


def test_names_and_fields() -> None:
    assert Text("{b} {a|money}", "{a|money}", EKB).names == ("a", "b")
    assert [field.written for field in fields("{a} x {b|plural:c,d}")] == ["{a}", "{b|plural:c,d}"]


@pytest.mark.parametrize("text", ["{", "a {x", "}", "{}", "{a b}", "{{x}", "{|money}"])
def test_braces_that_do_not_fit(text: str) -> None:
    with pytest.raises(TextError):
        list(fields(text))


@pytest.mark.parametrize(
    "text", ["{x|mony}", "{x|money:1}", "{x|label}", "{x|label:none}", "{x|plural:a,b,c,d}"]
)
def test_filters_that_do_not_fit(text: str) -> None:
    with pytest.raises(ValueError, match=r"filter|labels|plural"):
        Text(text, "", EKB)


def test_a_variable_that_is_not_set_leaves_its_place_empty() -> None:
    assert Text("а {x|money} б", "", EKB).render("ru", {}) == "а  б"
