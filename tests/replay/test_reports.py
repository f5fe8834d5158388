"""Reports: one difference is told once, and no text that was shown can break any of them."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.replay.groups import Result, grouped, told
from gateway.replay.handset import Action, Charged, Received, Seen, Wants
from gateway.replay.junit import junit
from gateway.replay.pages import html
from gateway.replay.player import Difference, Played
from gateway.replay.recording import Done
from gateway.replay.script import Check, Flow, Step
from gateway.replay.summary import summary
from gateway.replay.visible import columns, visible

CHECK = Check("text", "equal", "", ("flows", 0, "steps", 0, "expect"), 12)
HTML_OCTETS_MAX = 200_000
VOID = ("meta", "br")

# the schema of Jenkins' xUnit plug-in, as far as we use it: element -> (attributes, children)
JUNIT = {
    "testsuites": (set(), {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "skipped", "time"},
        {"testcase"},
    ),
    "testcase": ({"name", "classname", "time"}, {"failure", "error", "system-out"}),
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
    difference = None if got is None else Difference(1, CHECK, expected, got)
    done = (Done(Action("dial", "*105#"), seen),)
    return Played(flow(), str(79230000000 + number), done, difference, steps=1)


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
        assert not {"src", "href", "onclick"} & {name for name, _ in attrs}
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
        "  differ     50  at step 1 (dials *105#): text: 79230000007, 79230000017, … (48 more)",
        "    flows/a.flow.yaml:12, group 1",
        "     expected    got",
        "     a           a",
        "  !  b           c",
        "",
        "1 flows, 50 of 500 plays differ; 500 steps in 0.4 s",
    ]


def test_a_line_with_holes_that_fits_is_no_difference() -> None:
    assert columns("Баланс <money>\nx", "Баланс 5 р.\ny") == [
        "   expected          got",
        "   Баланс <money>    Баланс 5 р.",
        "!  x                 y",
    ]


def test_what_passed_everywhere_is_one_line() -> None:
    assert list(told(results(one(1)), 0)) == ["1 flows, 1 plays passed; 1 steps in 0.0 s"]


NASTY = "\x1b[31m\x00\x0b]]>&amp;<script>alert(1)</script>\ud800\u2028\ufffe\r\n\x85"


@pytest.mark.parametrize("text", [NASTY, "", "a" * 5_000])
def test_no_text_breaks_a_report(text: str) -> None:
    found = results(one(1, text, text, text), one(2, None, shown=text))
    root = strict_junit(junit(found))
    assert len(list(root.iter("testcase"))) == 2
    page = page_of(html(found))
    assert all(each.isprintable() or each == "\n" for each in "".join(page.texts))
    document = json.loads(summary(found, 1.0))
    assert document["flows"][0]["plays"] == 2
    lines = "\n".join(told(found, 1.0))
    assert all(each.isprintable() or each == "\n" for each in lines)


@given(st.text(max_size=60))
def test_nor_does_any_other(text: str) -> None:
    found = results(one(1, text, text, text))
    strict_junit(junit(found))
    page_of(html(found))
    assert all(each.isprintable() or each == "\n" for each in visible(text))


def test_the_junit_report_says_where_and_what() -> None:
    case = next(strict_junit(junit(results(one(1, "a\nc")))).iter("testcase"))
    failure = case.find("failure")
    assert failure is not None
    assert failure.attrib["message"] == "flows/a.flow.yaml:12: step 1 (dials *105#): text"
    assert "!  b           c" in (failure.text or "")
    assert "79230000001 dials *105#" in (case.findtext("system-out") or "")


def test_the_html_report_is_one_small_file_whatever_was_played() -> None:
    long = "\n".join(f"{n} {'x' * 150}" for n in range(200))
    plays = [one(n, f"{n} {long}", shown=long) for n in range(300)]
    document = html(results(*plays))
    assert len(document.encode()) < HTML_OCTETS_MAX
    page_of(document)
    many = [Played(flow(f"flow {n}"), "79230000000", one(1, shown=long).done) for n in range(2_000)]
    document = html(results(*many))
    assert len(document.encode()) < HTML_OCTETS_MAX
    assert "more flows are left out" in "".join(page_of(document).texts)
