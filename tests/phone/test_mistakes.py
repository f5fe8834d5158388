"""Mistakes of saved files: in order, told in a banner, and cut so that the caret still points."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gateway.phone import mistakes

SOURCE = (
    '      spend: {key: "2", text: {ru: "Расходы", en: "Spending"}, go: "acct.spendd", level: view}'
)


def mistake(**changes: Any) -> dict[str, Any]:
    return {
        "path": "menus/account.yaml",
        "line": 11,
        "column": SOURCE.index('"acct.spendd"') + 1,
        "width": 13,
        "code": "M201",
        "message": "there is no state 'acct.spendd'",
        "help": "did you mean 'acct.spend'?",
        "source_line": SOURCE,
    } | changes


def test_the_first_mistake_is_a_banner() -> None:
    one = mistake()
    words = (
        "menus/account.yaml:11:68 M201 there is no state 'acct.spendd', did you mean 'acct.spend'?"
    )
    assert mistakes.banner([one]) == words
    assert mistakes.banner([one, one, one]) == f"{words} (+2)"


def test_how_many_there_are() -> None:
    assert mistakes.title([mistake()]) == "1 mistake; the old menus stay"
    assert mistakes.title([mistake(), mistake()]) == "2 mistakes; the old menus stay"
    assert mistakes.title([mistake(severity="warning")]) == "1 warning; menus are live"


def test_they_are_read_as_one_mends_them() -> None:
    places = [("b", 1, 1), ("a", 10, 1), ("a", 9, 5), ("a", 9, 2)]
    mixed = [mistake(path=path, line=line, column=at) for path, line, at in places]
    told = mistakes.in_order(mixed)
    assert [(each["path"], each["line"], each["column"]) for each in told] == sorted(places)


def test_in_a_pane_of_eighty_columns_the_caret_is_under_what_it_means() -> None:
    assert mistakes.lines([mistake(), mistake(line=7, column=1, width=1, help="")], 34) == [
        "menus/account.yaml:11:68 M201 there is no state 'acct.spendd'",
        ' 11 | …"}, go: "acct.spendd", lev…',
        "    |          ^^^^^^^^^^^^^",
        "  = did you mean 'acct.spend'?",
        "",
        "menus/account.yaml:7:1 M201 there is no state 'acct.spendd'",
        ' 7 |       spend: {key: "2", text…',
        "   | ^",
    ]
    assert mistakes.lines([mistake(source_line="", help="")], 34) == [
        "menus/account.yaml:11:68 M201 there is no state 'acct.spendd'"
    ]


def test_a_tab_before_the_caret_keeps_its_width() -> None:
    assert mistakes.window("\tgo: x", 6, 1, 40) == ("    go: x", " " * 8 + "^")


@given(
    st.text(st.characters(exclude_categories=["C", "Z"]), max_size=60),
    st.text("x", min_size=1, max_size=9),
    st.text(st.characters(exclude_categories=["C", "Z"]), max_size=60),
    st.integers(12, 90),
)
def test_carets_point_at_any_width(before: str, meant: str, after: str, width: int) -> None:
    line, carets = mistakes.window(f"{before}{meant}{after}", len(before) + 1, len(meant), width)
    assert max(len(line), len(carets)) <= width
    assert carets.strip("^ ") == ""
    under = [shown for shown, caret in zip(line, carets, strict=False) if caret == "^"]
    assert set(under) <= {"x", mistakes.MORE}
    assert under[0] == "x"
