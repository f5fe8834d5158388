"""Reports: one difference is told once, and no text that was shown can break any of them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.replay.about import About
from gateway.replay.groups import Result, grouped, told
from gateway.replay.handset import Action, Charged, Received, Seen, Wants
from gateway.replay.junit import junit
from gateway.replay.pages import html
from gateway.replay.player import Difference, Played
from gateway.replay.recording import Done
from gateway.replay.script import Check, Flow, Step
from gateway.replay.summary import summary
from gateway.replay.visible import visible

ABOUT = About("2026-06-01T13:00:00+05:00", 1.0, "in process")
CHECK = Check("text", "equal", "", ("flows", 0, "steps", 0, "expect"), 12)
HTML_OCTETS_MAX = 200_000
VOID = ("meta", "br")

# the schema of Jenkins' xUnit plug-in, as far as we use it: element -> (attributes, children)
JUNIT = {
    "testsuites": (set(), {"testsuite"}),
    "testsuite": (
        {"name", "timestamp", "tests", "failures", "errors", "skipped", "time"},
        {"testcase"},
    ),
    "testcase": (
        {"name", "classname", "file", "line", "time"},
        {"properties", "failure", "error", "system-out"},
    ),
    "properties": (set(), {"property"}),
    "property": ({"name", "value"}, set()),
    "failure": ({"message", "type"}, set()),
    "error": ({"message", "type"}, set()),
    "system-out": (set(), set()),
}


def flow(name: str = "balance", path: str = "flows/a.flow.yaml") -> Flow:
    action = Action("dial", "*105#")
    return Flow(name, path, 3, "79220000001", (Step(action, (CHECK,), Wants(), 5),))


def one(number: int, got: str | None = None, expected: str = "a\nb", shown: str = "b") -> Played:
    """A play that passed, or that got something else."""
    seen = Seen(shown, True, (Received("000105", shown),), (Charged("CH01", 0, shown),))
    differences = () if got is None else (Difference(1, CHECK, expected, got),)
    done = (Done(Action("dial", "*105#"), seen),)
    return Played(flow(), str(79230000000 + number), done, differences, steps=1)


def results(*plays: Played) -> list[Result]:
    return grouped(plays)


def strict_junit(document: bytes) -> ElementTree.Element:
    """The document, held to the schema."""
    root = ElementTree.fromstring(document)
    assert root.tag == "testsuites"
    for node in root.iter():
        attributes, children = JUNIT[node.tag]
        assert set(node.attrib) == attributes, node.tag
        assert {child.tag for child in node} <= children, node.tag
    for suite in root:
        cases = list(suite)
        for kind in ("failure", "error"):
            count = sum(case.find(kind) is not None for case in cases)
            assert int(suite.attrib[f"{kind}s"]) == count
        assert int(suite.attrib["tests"]) == len(cases)
        assert float(suite.attrib["time"]) >= 0
    return root


class Page(HTMLParser):
    """Every element is closed, nothing is fetched, and no text became an element."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("script", "link", "img", "iframe", "object")
        assert not {"src", "onclick"} & {name for name, _ in attrs}
        assert all((value or "").startswith("#") for name, value in attrs if name == "href")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def page_of(document: str) -> Page:
    page = Page()
    page.feed(document)
    page.close()
    assert page.open == []
    return page


def test_equal_differences_are_told_once_side_by_side() -> None:
    plays = [one(n, "a\nc" if n % 10 == 7 else None) for n in range(500)]
    assert list(told(results(*plays), 0.4)) == [
        "replayed 'balance' for 500 subscribers",
        "  same      450",
        "  differ     50  at step 1 (dials *105#): text, for 79230000007, 79230000017, … (48 more)",
        "    flows/a.flow.yaml:12, group 1",
        "       expected    got",
        "       a           a",
        "    !  b           c",
        "",
        "1 flow, 50 of 500 plays differ; 500 steps in 0.4 s",
    ]


def test_what_passed_everywhere_is_one_line() -> None:
    assert list(told(results(one(1)), 0)) == ["1 flow, 1 play passed; 1 step in 0.0 s"]


NASTY = "\x1b[31m\x00\x0b]]>&amp;<script>alert(1)</script>\ud800\u2028\ufffe\r\n\x85"


@pytest.mark.parametrize("text", [NASTY, "", "a" * 5_000])
def test_no_text_breaks_a_report(text: str) -> None:
    found = results(one(1, text, text, text), one(2, None, shown=text))
    root = strict_junit(junit(found, ABOUT))
    assert len(list(root.iter("testcase"))) == 2
    page = page_of(html(found, ABOUT))
    assert all(each.isprintable() or each == "\n" for each in "".join(page.texts))
    document = json.loads(summary(found, ABOUT))
    assert document["flows"][0]["plays"] == 2
    lines = "\n".join(told(found, 1.0))
    assert all(each.isprintable() or each == "\n" for each in lines)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_nor_does_any_other(text: str) -> None:
    found = results(one(1, text, text, text))
    strict_junit(junit(found, ABOUT))
    page_of(html(found, ABOUT))
    assert all(each.isprintable() or each == "\n" for each in visible(text))


def test_the_junit_report_says_where_and_what() -> None:
    case = next(strict_junit(junit(results(one(1, "a\nc")), ABOUT)).iter("testcase"))
    failure = case.find("failure")
    assert failure is not None
    assert failure.attrib["message"] == "flows/a.flow.yaml:12: step 1 (dials *105#): text"
    assert "!  b           c" in (failure.text or "")
    assert "79230000001 dials *105#" in (case.findtext("system-out") or "")


def test_the_html_report_is_one_small_file_whatever_was_played() -> None:
    long = "\n".join(f"{n} {'x' * 150}" for n in range(200))
    plays = [one(n, f"{n} {long}", shown=long) for n in range(300)]
    document = html(results(*plays), ABOUT)
    assert len(document.encode()) < HTML_OCTETS_MAX
    page_of(document)
    assert "step 1 (dials *105#): text" in document
    assert re.search(r"[0-9]+ more groups \([0-9]+ plays\)", document)
    many = [Played(flow(f"flow {n}"), "79230000000", one(1, shown=long).done) for n in range(2_000)]
    document = html(results(*many), ABOUT)
    assert len(document.encode()) < HTML_OCTETS_MAX
    assert " more flows, 0 of them differ" in "".join(page_of(document).texts)


def test_what_is_ones_own_is_nobodys_difference() -> None:
    got = "Пароль: {}. Ваш номер {}, счёт {},00 р."
    plays = [one(n, got.format(4_000 + n, 9_230_000_000 + n, n)) for n in range(500)]
    [result] = results(*plays)
    assert [len(group.played) for group in result.groups] == [500]
    assert "Пароль: 4000. Ваш номер 9230000000" in "\n".join(told([result], 1.0))


def test_an_error_is_told_once_and_is_no_difference() -> None:
    refused = [
        replace(one(n), error=f"GET /v1/subscribers/{79230000000 + n} answered 404")
        for n in range(5)
    ]
    [result] = results(*refused, one(9, "a\nc"), one(10))
    assert [(group.verdict, len(group.played)) for group in result.groups] == [
        ("same", 1), ("not played", 5), ("differ", 1),
    ]  # fmt: skip
    lines = list(told([result], 1.0, unfinished=2))
    assert "    flows/a.flow.yaml:5, group 1" in lines
    assert (
        lines[-1] == "1 flow, 1 of 9 plays differ, 5 not played, 2 not finished; 7 steps in 1.0 s"
    )


def test_all_that_differs_in_a_step_is_told() -> None:
    charge = replace(CHECK, what="charge 1 rule", line=14)
    both = (*one(1, "a\nc").differences, Difference(1, charge, "CH01", "CH02"))
    [result] = results(replace(one(1), differences=both))
    assert list(told([result], 0.0))[1:-2] == [
        "  differ      1  at step 1 (dials *105#): text, charge 1 rule, for 79230000001",
        "    flows/a.flow.yaml:12, group 1",
        "       expected    got",
        "       a           a",
        "    !  b           c",
        "",
        "    flows/a.flow.yaml:14: charge 1 rule",
        "    expected CH01, got CH02",
    ]


def test_the_html_report_says_when_and_where_and_lists_every_flow() -> None:
    about = About("2026-06-01T13:00:00+05:00", 2.5, "smpp 127.0.0.1:2775", 3, {"menus": "a1b2"})
    other = replace(one(1), flow=flow("other"))
    text = " ".join(page_of(html(results(other, one(1, "a\nc")), about)).texts)
    for said in (about.began, "2.5 s", about.where, "a1b2", "1 of 2 flows differ"):
        assert said in text
    assert text.index("differs") < text.index("passed")


def test_a_case_of_junit_says_where_its_flow_is_and_its_tags() -> None:
    tagged = replace(one(1), flow=replace(flow(), tags=("smoke",)))
    root = strict_junit(junit(results(tagged), ABOUT))
    case = next(root.iter("testcase"))
    assert (case.attrib["file"], case.attrib["line"]) == ("flows/a.flow.yaml", "3")
    assert [each.attrib for each in case.iter("property")] == [{"name": "tag", "value": "smoke"}]
    assert root[0].attrib["timestamp"] == ABOUT.began
    assert "dials *105#" in (case.findtext("system-out") or "")
