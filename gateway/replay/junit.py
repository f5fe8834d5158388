"""The JUnit report: a suite a file, a case a flow and subscriber.

Rule: only elements and attributes that every reader of JUnit knows (the schema of Jenkins' xUnit
plug-in); no text can break it, for unprintable characters are shown as escapes.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from xml.etree import ElementTree

from gateway.replay.groups import Group, Result
from gateway.replay.player import Played
from gateway.replay.visible import columns, transcript, visible


def junit(results: Iterable[Result]) -> bytes:
    """The report as an XML document in UTF-8."""
    suites = ElementTree.Element("testsuites")
    for path, of_file in groupby(results, key=lambda result: result.flow.path):
        _suite(suites, path, list(of_file))
    ElementTree.indent(suites)
    document: bytes = ElementTree.tostring(suites, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _suite(suites: ElementTree.Element, path: str, results: list[Result]) -> None:
    plays = [
        (group, each) for result in results for group in result.groups for each in group.played
    ]
    failures = sum(each.difference is not None for _, each in plays)
    errors = sum(bool(each.error) for _, each in plays)
    suite = ElementTree.SubElement(
        suites,
        "testsuite",
        name=visible(path),
        tests=str(len(plays)),
        failures=str(failures),
        errors=str(errors),
        skipped="0",
        time=f"{sum(each.seconds for _, each in plays):.3f}",
    )
    for group, played in plays:
        _case(suite, group, played)


def _case(suite: ElementTree.Element, group: Group, played: Played) -> None:
    flow = played.flow
    case = ElementTree.SubElement(
        suite,
        "testcase",
        classname=visible(flow.path),
        name=visible(f"{flow.name} [{played.msisdn}]"),
        time=f"{played.seconds:.3f}",
    )
    if played.passed:
        return
    kind = "error" if played.difference is None else "failure"
    message = f"{group.place}: {group.headline}"
    wrong = ElementTree.SubElement(case, kind, message=visible(message), type=kind)
    lines = [message]
    if played.difference is not None:
        lines += columns(played.difference.expected, played.difference.got)
    wrong.text = visible("\n".join(lines))
    output = ElementTree.SubElement(case, "system-out")
    output.text = "\n".join(transcript(played.msisdn, played.done))
