"""Files as they are read: scalars, marks, and what never stops the reading."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from gateway.menu import source as source_module
from gateway.menu.marks import Span
from gateway.menu.source import load, loads, render, suggest, validate

SCALARS: list[tuple[str, Any]] = [
    ("30", 30),
    ("-5", -5),
    ("1.5", 1.5),
    ("true", True),
    ("False", False),
    ("null", None),
    ("~", None),
    ("", None),
    ("text", "text"),
    ('"012"', "012"),
    ("'*100#'", "*100#"),
    ('"on"', "on"),
    ("err.service", "err.service"),
]
TRAPS = ["on", "yes", "No", "off", "012", "+79220000001", "1_000", "1:30", "2026-01-01", "0x1F"]
SIGNS = ["*100#", "*105*1*2#", "&anchor", "@name", "`code`", "%d"]


@pytest.mark.parametrize(("written", "value"), SCALARS)
def test_scalars(written: str, value: Any) -> None:
    source = loads(f"a: {written}\n")
    assert (source.data, source.problems) == ({"a": value}, [])


@pytest.mark.parametrize("written", TRAPS)
def test_what_another_reader_takes_for_something_else_is_a_text_that_wants_quotes(
    written: str,
) -> None:
    source = loads(f"a: {written}\n")
    assert source.data == {"a": written}
    (problem,) = source.problems
    assert (problem.code, problem.column, problem.width) == ("M105", 4, len(written))
    assert problem.help == f'put it in quotes: "{written}"'


@pytest.mark.parametrize("written", SIGNS)
@pytest.mark.parametrize("frame", ["a: {}\n", "a: [1, {}]\nb: 2\n", "a: {{x: {}, y: 1}}\n"])
def test_a_sign_of_yaml_is_stepped_over(written: str, frame: str) -> None:
    if written == "&anchor":
        pytest.skip("an anchor alone reads as an empty value")
    source = loads(frame.format(written) + "on: off\n")
    assert [problem.code for problem in source.problems] == ["M105", "M105"]
    assert source.problems[0].help == f'put it in quotes: "{written}"'
    assert source.data is not None


def test_keys_are_words_as_they_are_written() -> None:
    source = loads('on: 1\nyes: 2\n1: 3\n"": 4\n')
    assert source.data == {"on": 1, "yes": 2, "1": 3, "": 4}
    assert source.problems == []
    (problem,) = loads("000110: x\n").problems
    assert problem.help == 'put it in quotes: "000110"'


def test_marks() -> None:
    source = loads('a:\n  - x: "Ы"\n  - [1, 22]\n')
    assert source.marks[("a", 0, "x")].key == Span(1, 4, 1, 5)
    assert source.marks[("a", 0, "x")].value == Span(1, 7, 1, 10)
    assert source.marks[("a", 1, 1)].value == Span(2, 8, 2, 10)
    assert source.at(("a", 1, 1)) == 22


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: 'b\n", "M100"),
        ("a: b\n---\nc: d\n", "M100"),
        ("a:\n\tb: c\n", "M100"),
        ("a: b\x01\n", "M100"),
        ("a: !x b\n", "M106"),
        ("? [a]\n: b\n", "M106"),
        ("[" * 2000, "M100"),
        ("- " * 2000, "M100"),
        ("{a: " * 60 + "1" + "}" * 60, "M106"),
        ("a: &x [1]\nb: [*x, *x]\n", "M106"),
    ],
)
def test_what_is_no_menu_is_one_problem_with_its_place(text: str, told: str) -> None:
    source = loads(text)
    assert {problem.code for problem in source.problems} == {told}
    assert render(source.problems)


def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "latin.yaml").write_bytes(b"a: \xe9\n")
    (tmp_path / "long.yaml").write_text("a: " + "b" * 100)
    monkeypatch.setattr(source_module, "FILE_OCTETS_MAX", 50)
    for name, words in [
        ("none.yaml", "cannot be read"),
        ("latin.yaml", "is not UTF-8"),
        ("long.yaml", "more than 50 octets"),
    ]:
        source = load(tmp_path / name, name)
        assert source.data is None
        (problem,) = source.problems
        assert (problem.path, problem.line, problem.column) == (name, 1, 1)
        assert words in problem.message


def test_a_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbfa: 1\r\nb: on\r\n")
    source = load(tmp_path / "a.yaml", "a.yaml")
    assert source.data == {"a": 1, "b": "on"}
    assert render(source.problems).splitlines()[2:] == [
        "2 | b: on",
        '  |    ^^ put it in quotes: "on"',
    ]


@given(st.text(alphabet="ab:*&#-[]{}\"'!|>%@` \n\t0,?", max_size=60))
def test_no_text_raises(text: str) -> None:
    source = loads(text)
    assert isinstance(render(source.problems), str)
    for problem in source.problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.width >= 1


def test_no_damage_to_a_good_file_raises() -> None:
    text = (Path(__file__).parent / "data" / "shop" / "main.yaml").read_text("utf-8")
    chance = random.Random(7)
    for _ in range(300):
        at = chance.randrange(len(text))
        damaged = text[:at] + chance.choice("\"'{}[]:#*\n\t") + text[at + chance.randrange(3) :]
        render(loads(damaged).problems)


class Inner(BaseModel):
    """A shape of somebody else's."""

    model_config = ConfigDict(extra="forbid")
    port: int
    kind: str = "a"


class Outer(BaseModel):
    """Another."""

    peers: list[Inner]


def test_any_model_is_validated_at_its_marks() -> None:
    source = loads("peers:\n  - {port: 1}\n  - {prt: 2}\n", "x.yaml")
    model, problems = validate(source, Outer)
    assert model is None
    assert [(each.code, each.line, each.column) for each in problems] == [
        ("M103", 3, 5),
        ("M101", 3, 6),
    ]
    assert problems[1].help == "did you mean 'port'?"
    model, problems = validate(loads("peers: [{port: 1}]"), Outer)
    assert (model, problems) == (Outer(peers=[Inner(port=1)]), [])


def test_suggestions() -> None:
    assert suggest("bundels", ["main", "bundles"], "states") == "did you mean 'bundles'?"
    assert suggest("x", ["main", "bye"], "states") == "states are: bye, main"
    assert suggest("x", [], "states") == "there are no states"
