"""Expected texts with holes: what fits, what is kept, and that any text can be said literally."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.menu.source import loads
from gateway.replay.patterns import fill, literal, match
from gateway.replay.yaml_text import quoted, yaml_text

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@pytest.mark.parametrize(
    ("expected", "shown", "kept"),
    [
        ("Баланс", "Баланс", {}),
        ("Баланс", "Баланс.", None),
        ("Баланс: <money>", "Баланс: 1234,50 р.", {}),
        ("Баланс: <money>", "Баланс: -5 р.", {}),
        ("Balance: <money>", "Balance: RUB 12.50", {}),
        ("Balance: <money>", "Balance: 12.50", None),
        ("до <date>", "до 30.11", {}),
        ("<datetime>|<time>", "30.11 14:05|14:05", {}),
        ("<time>", "1:30", None),
        ("Код <code:digits>.", "Код 4821.", {"code": "4821"}),
        ("a<any>z", "a\nb\nz", {}),
        ("a<line>z", "a\nz", None),
        ("<own_number>", "9220000001", {}),
        ("<own_number>", "9220000002", None),
        ("1 << 2", "1 < 2", {}),
        ("1 < 2 <3>", "1 < 2 <3>", {}),
        (".*", "anything", None),
    ],
)
def test_a_text_fits_or_does_not(expected: str, shown: str, kept: dict[str, str] | None) -> None:
    assert match(expected, shown, {"own_number": "9220000001"}) == kept


def test_a_part_is_found_anywhere() -> None:
    assert match("код <c:digits>", "Ваш код 12, не код", {}, part=True) == {"c": "12"}
    assert match("кот", "Ваш код", {}, part=True) is None


def test_an_input_takes_what_was_kept() -> None:
    assert fill("*110*<card>#<<", {"card": "12"}) == "*110*12#<"


@given(TEXTS)
def test_every_text_can_be_said_literally(text: str) -> None:
    assert match(literal(text), text, {}) == {}
    assert fill(literal(text), {}) == text


@given(st.lists(st.sampled_from(["<", "<<", "money", ">", "a:digits", "\n"]), max_size=8))
def test_and_those_made_of_the_signs(parts: list[str]) -> None:
    text = "".join(parts)
    assert match(literal(text), text, {}) == {}


@given(TEXTS, st.integers(2, 12))
def test_yaml_gives_back_the_text(text: str, indent: int) -> None:
    for written in (yaml_text(text, indent), quoted(text)):
        source = loads(f"{' ' * (indent - 2)}key: {written}\n")
        assert source.problems == []
        assert source.data == {"key": text}
