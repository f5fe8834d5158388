"""The JUnit report: a suite a file, a case a flow and subscriber.

Rule: only elements and attributes that readers of JUnit know (the schema of Jenkins' xUnit
plug-in, and `file` and `line` of a case, which GitLab and pytest's own report have); no text can
break it, for unprintable characters are shown as escapes.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from xml.etree import ElementTree

from gateway.replay.about import About
from gateway.replay.groups import Group, Result
from gateway.replay.player import Played
from gateway.replay.visible import transcript, visible


def junit(results: Iterable[Result], about: About) -> bytes:
    """The report as an XML document in UTF-8."""
    suites = ElementTree.Element("testsuites")
    for path, of_file in groupby(results, key=lambda result: result.flow.path):
        _suite(suites, path, list(of_file), about)
    ElementTree.indent(suites)
    document: bytes = ElementTree.tostring(suites, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _suite(suites: ElementTree.Element, path: str, results: list[Result], about: About) -> None:
    plays = [
        (group, each) for result in results for group in result.groups for each in group.played
    ]
    kinds = [_kind(each) for _, each in plays]
    suite = ElementTree.SubElement(
        suites,
        "testsuite",
        name=visible(path),
        timestamp=about.began,
        tests=str(len(plays)),
        failures=str(kinds.count("failure")),
        errors=str(kinds.count("error")),
        skipped="0",
        time=f"{sum(each.seconds for _, each in plays):.3f}",
    )
    for group, played in plays:
        _case(suite, group, played)


def _kind(played: Played) -> str:
    if played.passed:
        return ""
    return "failure" if played.differences else "error"


def _case(suite: ElementTree.Element, group: Group, played: Played) -> None:
    flow, kind = played.flow, _kind(played)
    case = ElementTree.SubElement(
        suite,
        "testcase",
        classname=visible(flow.path),
        name=visible(f"{flow.name} [{played.msisdn}]"),
        file=visible(flow.path),
        line=str(flow.line),
        time=f"{played.seconds:.3f}",
    )
    if flow.tags:
        properties = ElementTree.SubElement(case, "properties")
        for tag in flow.tags:
            ElementTree.SubElement(properties, "property", name="tag", value=tag)
    if kind:
        own = Group((played,))
        message = f"{own.place}: {own.headline}"
        wrong = ElementTree.SubElement(case, kind, message=visible(message), type=kind)
        wrong.text = "\n".join([visible(message), *own.frame()])
    if played is group.played[0] or kind:
        output = ElementTree.SubElement(case, "system-out")
        output.text = "\n".join(transcript(played.msisdn, played.done))
