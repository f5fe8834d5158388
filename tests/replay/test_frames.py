"""A difference is seen: what is alike but for a sign, what did not come, what is too wide."""

from __future__ import annotations

import pytest

from gateway.replay.frames import columns, frame, place
from gateway.replay.player import ABSENT, Difference
from gateway.replay.script import THERE, Check, Flow, How

FLOW = Flow("a", "a.flow.yaml", 1, "79220000001", ())


def difference(what: str, how: How, expected: str, got: str | None) -> Difference:
    check = Check(what, how, expected, (), 10)
    return Difference(1, check, expected, ABSENT if got is None else got, got is not None)


@pytest.mark.parametrize(
    ("expected", "got", "lines"),
    [
        ("Баланс <money>\nx", "Баланс 5 р.\ny", [
            "   expected          got",
            "   Баланс <money>    Баланс 5 р.",
            "!  x                 y",
        ]),
        ("abc", "abd", [
            "   expected    got",
            "!  abc         abd",
            "     ^           ^",
        ]),
        ("<money> ab", "5 р. ac", [
            "   expected      got",
            "!  <money> ab    5 р. ac",
            "            ^          ^",
        ]),
        ("B\u0430\n1", "Ba\n1 ", [
            "   expected    got",
            "!  Bа          Ba",
            "    ^           ^  "
            "U+0061 LATIN SMALL LETTER A, expected U+0430 CYRILLIC SMALL LETTER A",
            "!  1           1·",
            "    ^           ^",
        ]),
        ("a\nb", "a", [
            "   expected    got",
            "   a           a",
            "!  b",
        ]),
        ("x" * 60, "x" * 59 + "y", [
            "-  expected",
            "+  got",
            "-  " + "x" * 60,
            "+  " + "x" * 59 + "y",
            "   " + " " * 59 + "^",
        ]),
        ("same\n" + "x" * 90 + "\nold", "same\n" + "x" * 90, [
            "-  expected",
            "+  got",
            "   same",
            "   " + "x" * 90,
            "-  old",
        ]),
    ],
)  # fmt: skip
def test_where_two_texts_part_is_seen(expected: str, got: str, lines: list[str]) -> None:
    assert columns(expected, got) == lines


@pytest.mark.parametrize(
    ("what", "how", "expected", "got", "lines"),
    [
        ("text", "contains", "кот", "a\nb", ['lacks "кот"', "|  a", "|  b"]),
        ("text", "regex", "^x", "a\nb", ["no match of /^x/", "|  a", "|  b"]),
        ("text", "equal", "a\nb", None, ["nothing came; expected:", "-  a", "-  b"]),
        ("sms 2", "is", THERE, None, ["none came"]),
        ("pages", "is", "1", "2", ["expected 1, got 2"]),
        ("charge 1 rule", "equal", "CH01", "CH02", ["expected CH01, got CH02"]),
        ("ended", "is", "true", "false",
         ["an answer is waited for; it was to be the last page"]),
        ("ended", "is", "false", "true",
         ["the page is the last one; an answer was to be waited for"]),
    ],
)  # fmt: skip
def test_what_differs_is_told_as_it_was_asked(
    what: str, how: How, expected: str, got: str | None, lines: list[str]
) -> None:
    assert frame(difference(what, how, expected, got)) == lines


@pytest.mark.parametrize(
    ("is_block", "got", "line"),
    [
        (True, "a\nb\nx", 12),
        (True, "x\nb\nc", 10),
        (True, "a\nb\nc\nd", 12),
        (False, "a\nb\nx", 10),
    ],
)
def test_the_place_is_the_line_that_differs(is_block: bool, got: str, line: int) -> None:
    check = Check("text", "equal", "a\nb\nc", (), 10, is_block)
    assert place(FLOW, Difference(1, check, "a\nb\nc", got)) == f"a.flow.yaml:{line}"
