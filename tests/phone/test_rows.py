"""Rows of a terminal: they fit, lose nothing, and have the tone of their line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.phone import rows
from gateway.phone.rows import WIDTH_MIN, laid

WORDS = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=80)


@given(st.lists(WORDS), st.integers(max_value=120))
def test_rows_fit_and_lose_nothing(lines: list[str], width: int) -> None:
    found = [text for _, text in laid(lines, width)]
    assert all(len(text) <= max(width, WIDTH_MIN) for text in found)
    assert "".join("".join(found).split()) == "".join("".join(lines).split())


def test_what_follows_a_cut_is_set_in_and_has_the_tone_of_its_line() -> None:
    assert laid(["  $ 0.00 CH01: free of charge"], 16, rows.TIMELINE) == [
        ("money", "  $ 0.00 CH01:"),
        ("money", "    free of"),
        ("money", "    charge"),
    ]
    assert laid(["as a handset cuts"], 12, hang=0) == [("plain", "as a handset"), ("plain", "cuts")]


@pytest.mark.parametrize(
    "marks", [rows.PLAIN, rows.TIMELINE, rows.THREADS, rows.CALL, rows.PDUS, rows.MISTAKES]
)
def test_every_line_has_a_tone_that_there_is(marks: rows.Marks) -> None:
    assert {tone for _, tone in marks} <= set(rows.TONES)
    assert marks[-1][0] == "", "whatever a line begins with"
